"""Hubs: items that are among the nearest of very many others, and what subtracting the mean vector does to them.

In many dimensions some points are near to nearly everything (Radovanović, Nanopoulos and Ivanović 2010, Hubs in Space);
centring takes away what all vectors share (Suzuki et al. 2013, Centering Similarity Measures to Reduce Hubs).
"""

from dataclasses import dataclass

import numpy as np

from embeddings_core.analysis.neighbours import top
from embeddings_core.errors import BadInputError
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray, unit

CHUNK = 1_000  # rows scored at a time: 5,000 × 5,000 numbers would be 100 MB


@dataclass(frozen=True, eq=False)
class Hubs:
    """How often each item is among the k nearest of the others, as the vectors are and after centring: (n,) counts each."""

    items: tuple[str, ...]
    k: int
    before: IntArray
    after: IntArray

    def skewness(self) -> tuple[float, float]:
        """Return how lopsided the counts are, before and after: 0 where every item is as often a neighbour as not."""
        return _skewness(self.before), _skewness(self.after)

    def largest(self, count: int = 20) -> IntArray:
        """Return the rows of the strongest hubs, the strongest first."""
        return np.argsort(-self.before, kind="stable")[:count]

    @property
    def sentence(self) -> str:
        """Who is everybody's neighbour, and whether centring helps, in one sentence of counts."""
        row = int(self.before.argmax())
        n, alone = len(self.items), int((self.before == 0).sum())
        told = (
            f"{self.items[row]} is among the {self.k} nearest of {self.before[row]:,} of {n:,} words, where {self.k} would be its "
            f"share; {alone:,} words are nobody's neighbour."
        )
        before, after = self.skewness()
        most, left = int(self.after.max()), int((self.after == 0).sum())
        if after < before and most < self.before[row]:
            return (
                f"{told} With the mean vector subtracted the strongest hub has {most:,}, {left:,} are nobody's, and the counts "
                f"are less lopsided: their skewness (0 is balanced) falls from {before:.1f} to {after:.1f}."
            )
        return (
            f"{told} Subtracting the mean vector does not help here: the strongest hub has {most:,} then, {left:,} are nobody's, "
            f"and the skewness of the counts (0 is balanced) goes from {before:.1f} to {after:.1f}."
        )


def hubs(space: EmbeddingSet, *, k: int = 10) -> Hubs:
    """Count how often each item is among the k nearest of the others, by cosine, before and after centring.

    k is at most n − 1. Raises BadInputError below 3 items.
    """
    n = len(space)
    if n < 3:
        raise BadInputError(f"Hubs need at least 3 items, this has {n}.")
    k = min(k, n - 1)
    units = unit(space.vectors)
    return Hubs(space.items, k, occurrences(units, k), occurrences(unit(units - units.mean(axis=0)), k))


def occurrences(units: FloatArray, k: int) -> IntArray:
    """Count in how many lists of k nearest others each row (n, d) of length 1 stands: (n,)."""
    counts = np.zeros(len(units), dtype=np.int64)
    for start in range(0, len(units), CHUNK):
        scores = units[start : start + CHUNK] @ units.T
        for place, row in enumerate(scores):
            row[start + place] = -np.inf
            counts[top(row, k)] += 1
    return counts


def _skewness(counts: IntArray) -> float:
    away = counts - counts.mean()
    spread = float(np.sqrt((away**2).mean()))
    return float((away**3).mean()) / spread**3 if spread > 0 else 0.0
