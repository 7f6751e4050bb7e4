"""Two spaces over the same items: how alike they are, and which neighbours an item keeps, loses and gains."""

from dataclasses import dataclass

import numpy as np

from embeddings_core.embedding_set import EmbeddingSet
from embeddings_core.errors import BadInputError
from embeddings_core.maps.neighbour_table import Space, coordinates, neighbour_table
from embeddings_core.vectors import FloatArray, IntArray, frozen


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
    unrelated spaces would share. `procrustes` is what is left after turning and resizing one onto the
    other, 0 (the same shape) to 1 (unrelated). `first` and `second` (n, k) are the neighbours, nearest
    first.
    """

    items: tuple[str, ...]
    k: int
    shared: FloatArray
    jaccard: FloatArray
    same_nearest: int
    chance: float
    procrustes: float
    first: IntArray
    second: IntArray

    def __post_init__(self) -> None:
        object.__setattr__(self, "shared", frozen(self.shared))
        object.__setattr__(self, "jaccard", frozen(self.jaccard))

    @property
    def score(self) -> float:
        """Mean share of common neighbours, 0 to 1."""
        return float(self.shared.mean()) if len(self.shared) else 1.0

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
    first: EmbeddingSet, second: EmbeddingSet, *, k: int = 10, metric: Space = "cosine"
) -> Comparison:
    """Compare two spaces over the same items; they may have different numbers of dimensions.

    k is at most n/2 and at least 1, as in `trust`. Raises BadInputError where the items differ.
    """
    if first.items != second.items:
        raise BadInputError("Two spaces can be compared when they hold the same items in the same order.")
    n = len(first)
    k = min(max(k, 1), max(1, n // 2), max(n - 1, 0))
    a, b = coordinates(first.vectors, metric=metric), coordinates(second.vectors, metric=metric)
    before, after = neighbour_table(a, k)[0], neighbour_table(b, k)[0]
    common = (before[:, :, None] == after[:, None, :]).any(axis=2).sum(axis=1)
    whole = max(k, 1)
    return Comparison(
        first.items,
        k,
        shared=(common / whole if k else np.ones(n)).astype(np.float32),
        jaccard=(common / (2 * whole - common) if k else np.ones(n)).astype(np.float32),
        same_nearest=int((before[:, 0] == after[:, 0]).sum()) if k else n,
        chance=k / (n - 1) if n > 1 else 1.0,
        procrustes=procrustes_distance(a, b),
        first=before,
        second=after,
    )


def procrustes_distance(first: FloatArray, second: FloatArray) -> float:
    """Return 1 − (sum of singular values)² of two centred, unit-size point sets (n, d) and (n, e); 0 to 1.

    The squared distance left after the best shift, turn and resizing (Gower 1975), equal to scipy's
    `procrustes` disparity. One point, or points all in one place, compare as the same only with their like.
    """
    a, b = first.astype(np.float64), second.astype(np.float64)
    a, b = a - a.mean(axis=0), b - b.mean(axis=0)
    sizes = float(np.linalg.norm(a)), float(np.linalg.norm(b))
    if min(sizes) < 1e-9:
        return 0.0 if max(sizes) < 1e-9 else 1.0
    # the singular values of aᵀb, from the smaller of two tables
    if len(a) < min(a.shape[1], b.shape[1]):
        (left_a, values_a, _), (left_b, values_b, _) = (np.linalg.svd(x, full_matrices=False) for x in (a, b))
        table = (values_a[:, None] * (left_a.T @ left_b)) * values_b[None, :]
    else:
        table = a.T @ b
    values = np.linalg.svd(table / (sizes[0] * sizes[1]), compute_uv=False)
    return float(np.clip(1.0 - values.sum() ** 2, 0.0, 1.0))
