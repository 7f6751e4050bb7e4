"""Averaged word vectors as a space of texts: the mean of a text's words, whatever their order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from embeddings_core.models.catalogue_words import CatalogueWords, glove_words
from embeddings_core.models.embed import embed
from embeddings_core.models.registry import find_model
from embeddings_core.models.spec import ModelSpec
from embeddings_core.models.text_space import SENTENCE_PAIRS, TextModel, TextSpace
from embeddings_core.models.words import AVERAGED, AveragedWords
from embeddings_core.spaces.corpus import news_sentences
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.space import Coverage, Reference, Role, Space, pairs_among
from embeddings_core.spaces.vectors import Metric

ENOUGH = 40  # sentences of the news of which a space knows a word; below, pairs of words are compared
WORD_PAIRS = "random pairs of its words"
NO_WORDS = EmbeddingSet((), np.zeros((0, 0), dtype=np.float32))


@dataclass(frozen=True)
class AveragedWordVectors:
    """The mean of a text's words in a space of words; `model` is the id of the catalogue's row where it is one."""

    of: Space
    model: str = ""

    busy: ClassVar[str] = "Reading the sentences"
    min_dist: ClassVar[float | None] = None

    @property
    def key(self) -> str:
        """See `Space.key`."""
        return repr(("AveragedWordVectors", self.of.key, self.model))

    @property
    def title(self) -> str:
        """See `Space.title`."""
        return find_model(self.model).title if self.model else f"Mean of {self.of.title}"

    @property
    def about(self) -> str:
        """See `Space.about`."""
        return f"The mean of a text's words in {self.of.title}; their order does not count."

    def encoder(self) -> AveragedWords:
        """See `TextSpace.encoder`; a text of unknown words becomes zeros."""
        words = self.of.words()
        return AveragedWords(NO_WORDS if words is None else words, blank=True)

    def vectors(self, items: Sequence[str], /, *, role: Role = "passage") -> EmbeddingSet:
        """See `Space.vectors`."""
        return embed(items, self.encoder(), model=self.model or self.title, role=role)

    def coverage(self, items: Sequence[str], /) -> Coverage:
        """See `Space.coverage`; a text is missing where no word of it has a vector."""
        mean = self.encoder()
        known = mean.readable(items)
        there = set(known)
        missing = tuple(item for item in items if item not in there)
        return Coverage(known, missing=missing, skipped=mean.left_out(items))

    def words(self) -> EmbeddingSet | None:
        """See `Space.words`."""
        return self.of.words()

    def reference(self, metric: Metric = "cosine", /) -> Reference:
        """See `Space.reference`; pairs of news sentences, or of its words where it knows few of the news."""
        mean = self.encoder()
        known = mean.readable(news_sentences())
        if len(known) >= ENOUGH:
            return pairs_among(embed(known, mean).vectors, metric, pairs=SENTENCE_PAIRS, noun="sentence")
        return pairs_among(mean.words.space.vectors, metric, pairs=WORD_PAIRS)

    def search_reference(self, metric: Metric = "cosine", /) -> None:
        """See `TextSpace.search_reference`; a mean of word vectors knows no roles."""
        return None

    def notes(self) -> tuple[str, ...]:
        """See `Space.notes`."""
        return self.of.notes()


AVERAGED_BUNDLED_WORDS = AveragedWordVectors(
    CatalogueWords("mean-of-words", "Mean of word vectors"), "mean-of-words"
)
AVERAGED_GLOVE = AveragedWordVectors(
    CatalogueWords("mean-of-glove-50", "Mean of GloVe, 50 dimensions"), "mean-of-glove-50"
)


def usual_mean() -> AveragedWordVectors:
    """Return the mean of GloVe's word vectors, or of the bundled words' where its package is not installed."""
    return AVERAGED_BUNDLED_WORDS if glove_words() is None else AVERAGED_GLOVE


def mean_name(space: Space) -> str:
    """Return what the mean of these word vectors is called beside other ways to compare texts."""
    return "mean of GloVe word vectors" if space.key == AVERAGED_GLOVE.key else "mean of word vectors"


def text_space(spec: ModelSpec) -> TextSpace:
    """Return the space of a row of text models."""
    if spec.family != AVERAGED:
        return TextModel(spec.id)
    return AveragedWordVectors(CatalogueWords(spec.id, spec.title), spec.id)
