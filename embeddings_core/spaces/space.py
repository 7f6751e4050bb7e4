"""What has vectors for items: the words of a vocabulary, the texts that a model reads, the pictures that it looks at.

A kind of space is one frozen class in one file, in the room whose parts it needs: bundled words, text models and averaged
word vectors in `models`, files of word vectors here, trainings in `training`, pictures in `pictures`. Pages and caches
know this protocol only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np

from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, Metric, random_pair_scores, scores_of_nearest

# what a text is to a search, or that it is compared with its like; some models read these differently
Role = Literal["query", "passage", "symmetric"]
WORD_PAIRS = "random word pairs"


@dataclass(frozen=True)
class Coverage:
    """Which items a space has a vector for.

    `items` have one, `missing` have none. `guessed` are out of vocabulary and get a vector from a model by their
    spelling. `skipped` are words inside the items that count for nothing, because they have no vector. `taken` pairs an
    item with the word it is taken as, where the space writes it otherwise: New York, New_York.
    """

    items: tuple[str, ...]
    missing: tuple[str, ...] = ()
    guessed: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    taken: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Reference:
    """The reference distributions of a space: sorted `scores` (pairs,) of random pairs, and what was paired.

    `nearest` (items,) are the sorted scores of items with their own nearest neighbour, in the whole space or in a bundled
    sample: what the score of a nearest neighbour is compared with; `nearest_five` (items,) are the sorted means of their scores
    with their five nearest, none where they were not asked for. `noun` is what such a neighbour is; `whose` is what has
    it, where that is something else (a picture's nearest caption). A neighbour is very close, close or loose from the `levels`
    on: of 100 items, so many have their own nearest farther away. A few sample pictures, most of them without their like, say
    less than 21,358 words: theirs are higher.
    """

    scores: FloatArray
    pairs: str = WORD_PAIRS
    nearest: FloatArray = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    noun: str = "word"
    whose: str = ""
    nearest_five: FloatArray = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    levels: tuple[float, float, float] = (60.0, 15.0, 3.0)


class Space(Protocol):
    """What has vectors for items. The same content has the same `key`, whatever else differs."""

    @property
    def key(self) -> str:
        """Names the content, and the owner where it is private: part of every key under which a result is remembered."""
        ...

    @property
    def title(self) -> str:
        """What people call it."""
        ...

    @property
    def about(self) -> str:
        """How it comes to a vector, in one sentence."""
        ...

    @property
    def busy(self) -> str:
        """What it is doing while its vectors are made: "Reading the words"."""
        ...

    @property
    def min_dist(self) -> float | None:
        """UMAP's smallest distance where one fit is made, unless another is asked for; None is UMAP's usual one."""
        ...

    def vectors(self, items: Sequence[str], /, *, role: Role = "passage") -> EmbeddingSet:
        """Embed or look up: the items that have a vector, in their order, with their vectors (n, d)."""
        ...

    def coverage(self, items: Sequence[str], /) -> Coverage:
        """Say which items have a vector here."""
        ...

    def words(self) -> EmbeddingSet | None:
        """Return all of its words; None where it has no vocabulary."""
        ...

    def reference(self, metric: Metric = "cosine", /) -> Reference:
        """Return what one similarity is compared with."""
        ...

    def notes(self) -> tuple[str, ...]:
        """Say what there is to know about it: its size, what was cut, repaired or left out."""
        ...


def pairs_among(
    vectors: FloatArray,
    metric: Metric,
    *,
    others: FloatArray | None = None,
    pairs: str = WORD_PAIRS,
    noun: str = "word",
) -> Reference:
    """Score random pairs of rows (n, d), and rows with their nearest; a single zero where there is no pair.

    `others` (n, d) are the same items read in another role, from which the second of each pair is taken.
    """
    if len(vectors) < 2:
        return Reference(np.zeros(1, dtype=np.float32), pairs, noun=noun)
    near = scores_of_nearest(vectors, others=others, k=5, metric=metric)
    return Reference(
        random_pair_scores(vectors, others=others, metric=metric),
        pairs,
        np.sort(near[:, 0]),
        noun,
        nearest_five=np.sort(near.mean(axis=1)),
    )
