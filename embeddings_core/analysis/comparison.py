"""Two spaces over the same items: how alike they are, and which neighbours an item keeps, loses and gains."""

from dataclasses import dataclass

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.maps.knn_graph import MapMetric, coordinates, knn_graph
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray, frozen


@dataclass(frozen=True)
class Change:
    """How the neighbourhood of one item differs between two spaces; items nearest first."""

    row: int
    item: str
    kept: tuple[str, ...]
    lost: tuple[str, ...]
    gained: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two spaces over the same n items.

    `shared` (n,) is the share of the k nearest neighbours that both spaces name, `jaccard` (n,) the shared
    ones over all named; `same_nearest` the number of items with the same nearest neighbour; `chance` what
    unrelated spaces would share. `first` and `second` (n, k) are the neighbours, nearest first.
    """

    items: tuple[str, ...]
    k: int
    shared: FloatArray
    jaccard: FloatArray
    same_nearest: int
    chance: float
    first: IntArray
    second: IntArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "shared", frozen(self.shared))
        object.__setattr__(self, "jaccard", frozen(self.jaccard))

    @property
    def score(self) -> float:
        """Mean share of common neighbours, 0 to 1."""
        return float(self.shared.mean()) if len(self.shared) else 1.0

    @property
    def verdict(self) -> str:
        """Say so where the two share no more than unrelated spaces would; "" where they share more."""
        by_chance = round(100 * self.score) <= round(100 * self.chance)  # as both numbers are printed
        return " That is no more than by chance." if by_chance else ""

    def change(self, row: int) -> Change:
        """Return what one item keeps, loses and gains from the first space to the second."""
        before, after = self.first[row].tolist(), self.second[row].tolist()
        return Change(
            row,
            self.items[row],
            kept=tuple(self.items[other] for other in before if other in after),
            lost=tuple(self.items[other] for other in before if other not in after),
            gained=tuple(self.items[other] for other in after if other not in before),
        )

    def biggest_changes(self, count: int = 5) -> tuple[Change, ...]:
        """Return the items that share the fewest neighbours, the most changed first."""
        order = np.argsort(self.shared, kind="stable")[:count]
        changes = (self.change(int(row)) for row in order)
        return tuple(change for change in changes if change.lost or change.gained)


def compare(
    first: EmbeddingSet, second: EmbeddingSet, *, k: int = 10, metric: MapMetric = "cosine"
) -> Comparison:
    """Compare two spaces over the same items; they may have different numbers of dimensions.

    k is at most n/2 and at least 1, as in `trust`. Raises BadInputError where the items differ.
    """
    if first.items != second.items:
        raise BadInputError("Two spaces can be compared when they hold the same items in the same order.")
    n = len(first)
    k = min(max(k, 1), max(1, n // 2), max(n - 1, 0))
    a, b = coordinates(first.vectors, metric=metric), coordinates(second.vectors, metric=metric)
    before, after = knn_graph(a, k)[0], knn_graph(b, k)[0]
    common = (before[:, :, None] == after[:, None, :]).any(axis=2).sum(axis=1)
    whole = max(k, 1)
    return Comparison(
        first.items,
        k,
        shared=(common / whole if k else np.ones(n)).astype(np.float32),
        jaccard=(common / (2 * whole - common) if k else np.ones(n)).astype(np.float32),
        same_nearest=int((before[:, 0] == after[:, 0]).sum()) if k else n,
        chance=k / (n - 1) if n > 1 else 1.0,
        first=before,
        second=after,
    )
