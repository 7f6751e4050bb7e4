"""The bundled words as a space; a word or phrase that is not among them is read by the model that made them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from embeddings_core.models.embed import embed_words
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.space import Coverage, Reference, Role, pairs_among
from embeddings_core.spaces.texts import clean
from embeddings_core.spaces.vectors import Metric
from embeddings_core.spaces.vocabulary import (
    load_vocabulary,
    spelled,
    vocabulary_rows,
    word_reference,
)


@dataclass(frozen=True)
class BundledWords:
    """About 21,000 English words as MiniLM places them, ready at once; the model is loaded for other words only."""

    key: ClassVar[str] = "bundled words"
    title: ClassVar[str] = "MiniLM, the bundled words"
    about: ClassVar[str] = "all-MiniLM-L6-v2 reads each word as a sentence of its own."
    busy: ClassVar[str] = "Reading the words"
    min_dist: ClassVar[float | None] = None

    def vectors(self, items: Sequence[str], /, *, role: Role = "passage") -> EmbeddingSet:
        """See `Space.vectors`; every item has one."""
        return embed_words(items).words

    def coverage(self, items: Sequence[str], /) -> Coverage:
        """See `Space.coverage`; what is not among the bundled words is guessed."""
        rows = vocabulary_rows()
        return Coverage(
            tuple(items), guessed=tuple(item for item in items if spelled(clean(item)) not in rows)
        )

    def words(self) -> EmbeddingSet:
        """See `Space.words`."""
        return load_vocabulary()

    def reference(self, metric: Metric = "cosine", /) -> Reference:
        """See `Space.reference`."""
        if metric == "cosine":
            return word_reference()
        return pairs_among(load_vocabulary().vectors, metric)

    def notes(self) -> tuple[str, ...]:
        """See `Space.notes`; there is nothing to warn of."""
        return ()


BUNDLED_WORDS = BundledWords()
