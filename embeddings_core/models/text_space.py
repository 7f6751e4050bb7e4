"""Spaces of texts: what a text model makes of whole sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from embeddings_core.models.embed import embed
from embeddings_core.models.model_space import ModelSpace
from embeddings_core.models.registry import find_model, list_models, load_encoder
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.spaces.corpus import news_sentences
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.space import Reference, Role, Space, pairs_among
from embeddings_core.spaces.vectors import Metric
from embeddings_core.spaces.vocabulary import load_vocabulary

SENTENCE_PAIRS = "random sentence pairs"
SEARCH_PAIRS = "random pairs of a query and a sentence"
SEARCH: tuple[Role, Role] = ("query", "passage")
COMMON, PAIRED = (
    5_000,
    200,
)  # of the most frequent words every 25th is compared with the others; a second to encode


class TextSpace(Space, Protocol):
    """A space that reads texts, and gives away the encoder that does: parts of a sentence can be read with it."""

    def encoder(self) -> Encoder:
        """Return what turns texts into vectors: (n texts) → (n, d)."""
        ...

    def search_reference(self, metric: Metric = "cosine", /) -> Reference | None:
        """Return what the similarity of a query with a passage is compared with; None where it reads the two alike."""
        ...


@dataclass(frozen=True)
class TextModel(ModelSpace):
    """The space of a text model, by its id."""

    busy: ClassVar[str] = "Reading the sentences"

    @property
    def about(self) -> str:
        """See `Space.about`."""
        return f"{self.title} reads each text as a whole."

    def encoder(self) -> Encoder:
        """See `TextSpace.encoder`."""
        return load_encoder(self.model)

    def vectors(self, items: Sequence[str], /, *, role: Role = "passage") -> EmbeddingSet:
        """See `Space.vectors`; with the prompt that the authors of the model give this role."""
        return embed(items, self.encoder(), model=self.model, role=role)

    def reference(self, metric: Metric = "cosine", /) -> Reference:
        """See `Space.reference`; pairs of news sentences, which have nothing to do with each other."""
        vectors = self.vectors(news_sentences(), role="symmetric").vectors
        return pairs_among(vectors, metric, pairs=SENTENCE_PAIRS, noun="sentence")

    def search_reference(self, metric: Metric = "cosine", /) -> Reference | None:
        """See `TextSpace.search_reference`; news sentences as queries and as passages."""
        prompt = find_model(self.model).prompt
        if prompt.of("query") == prompt.of("passage") == prompt.of("symmetric"):
            return None
        queries, passages = (self.vectors(news_sentences(), role=role).vectors for role in SEARCH)
        return pairs_among(queries, metric, others=passages, pairs=SEARCH_PAIRS, noun="sentence")


@dataclass(frozen=True)
class ReadWords(TextModel):
    """The words of a text model: each read as a text of its own, in any language that the model knows."""

    busy: ClassVar[str] = "Reading the words"

    @property
    def about(self) -> str:
        """See `Space.about`."""
        return f"{self.title} reads each word as a text of its own."

    def vectors(self, items: Sequence[str], /, *, role: Role = "symmetric") -> EmbeddingSet:
        """See `Space.vectors`; words are compared with each other, whatever the role."""
        return embed(items, self.encoder(), model=self.model, role="symmetric")

    def reference(self, metric: Metric = "cosine", /) -> Reference:
        """See `Space.reference`; pairs of common English words: they lie closer than sentences do."""
        words = load_vocabulary().items[: COMMON : COMMON // PAIRED]
        return pairs_among(self.vectors(words).vectors, metric)


def word_readers() -> tuple[ModelSpec, ...]:
    """Return the rows of text models that read single words of many languages, on this computer or not."""
    return tuple(spec for spec in list_models("text") if spec.extra == "multilingual")
