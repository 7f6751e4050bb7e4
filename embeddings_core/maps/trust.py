"""How far a map can be trusted: which true neighbours are still neighbours in the picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings_core.errors import BadInputError
from embeddings_core.maps.knn_graph import MapMetric, coordinates, knn_graph, nearest_rows
from embeddings_core.maps.projection import Projection
from embeddings_core.maps.small_maps import preserved_share
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray, frozen

ASKED, K = 1_000, 10  # rows of a large map whose neighbours are compared, and how many of them


@dataclass(frozen=True)
class TrueNeighbours:
    """What became of the neighbours of one item (`row`): `preserved` on the map, or `missing` there.

    `false` neighbours only look near. All are rows, nearest first.
    """

    row: int
    preserved: tuple[int, ...]
    missing: tuple[int, ...]
    false: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Trust:
    """What a map of n items preserves of the true space.

    `score` is the share of the k true nearest neighbours that are near on the map too, `preserved` (n,) the same
    for each item; `chance` is what a random map would score. `true` and `drawn` (n, k) are the neighbours in both
    spaces, nearest first; `near` (n, k) tells which of the true ones are preserved. `k` is the number in use.
    """

    score: float
    preserved: FloatArray
    k: int
    chance: float
    true: IntArray
    drawn: IntArray
    near: NDArray[np.bool_]

    def __post_init__(self) -> None:
        object.__setattr__(self, "preserved", frozen(self.preserved))

    def of(self, row: int) -> TrueNeighbours:
        """Return what became of the neighbourhood of one item."""
        true, near = self.true[row], self.near[row]
        false = (int(other) for other in self.drawn[row] if other not in true)
        return TrueNeighbours(row, tuple(map(int, true[near])), tuple(map(int, true[~near])), tuple(false))


def trust(
    embeddings: EmbeddingSet,
    projection: Projection | FloatArray,
    *,
    k: int = 10,
    metric: MapMetric = "cosine",
) -> Trust:
    """Measure what a map of n items, or positions (n, 2 or 3), preserves of their true neighbourhoods.

    k is at most n/2 (and at least 1): among few items a k near n would score 100 % on every map; with one
    or two items any map is right. A true neighbour is preserved if it lies within the distance of the k-th
    nearest on the map. Raises BadInputError where the numbers of items differ or k is below 1.
    """
    drawn_map = projection.final if isinstance(projection, Projection) else projection
    n = len(embeddings)
    if len(drawn_map) != n:
        raise BadInputError(
            f"The map shows {len(drawn_map)} items, but {n} came with it; they must be the same."
        )
    if k < 1:
        raise BadInputError(f"Trust looks at 1 neighbour or more, not {k}.")
    k = min(k, max(1, n // 2), max(n - 1, 0))
    points = coordinates(embeddings.vectors, metric=metric)
    flat = coordinates(np.asarray(drawn_map, dtype=np.float32), metric="euclidean")
    true, drawn = knn_graph(points, k)[0], knn_graph(flat, k)[0]
    if not k:
        alone = np.ones(n, dtype=np.float32)
        return Trust(1.0, alone, 0, 1.0, true, drawn, np.ones((n, 0), dtype=np.bool_))
    away = np.linalg.norm(flat[true] - flat[:, None, :], axis=2)
    reach = np.linalg.norm(flat[drawn] - flat[:, None, :], axis=2).max(axis=1, keepdims=True)
    near = away <= reach * (1 + 1e-5)  # a tie counts as near
    preserved = near.mean(axis=1).astype(np.float32)
    return Trust(float(preserved.mean()), preserved, k, k / (n - 1), true, drawn, near)


def nearest_kept(embeddings: EmbeddingSet, projection: Projection) -> int:
    """Count the items of a small map whose nearest neighbour by cosine is nearest on the map, too; ties count."""
    points = coordinates(embeddings.vectors, metric="cosine")
    share = preserved_share(points, np.asarray(projection.final, dtype=np.float32)[None], k=1)
    return round(float(share[0]) * len(embeddings))


def sampled_trust(points: FloatArray, positions: FloatArray, *, k: int = K, seed: int = 0) -> float | None:
    """Return the share (0–1) of the k true nearest neighbours that are among the k nearest on the map, for up to 1,000 rows.

    Takes points (n, d) whose straight-line distance counts, and positions (n, 2 or 3). None for fewer than 3 points.
    """
    n = len(points)
    if n < 3:
        return None
    k = min(k, max(1, n // 2), n - 1)
    asked = np.sort(np.random.default_rng(seed).permutation(n)[:ASKED])
    true = nearest_rows(points[asked], points, k=k + 1)[0]
    drawn = nearest_rows(positions[asked], positions, k=k + 1)[0]
    kept = 0
    for row, near, shown in zip(asked.tolist(), true.tolist(), drawn.tolist(), strict=True):
        others = [[other for other in found if other != row][:k] for found in (near, shown)]
        kept += len(set(others[0]) & set(others[1]))
    return kept / (k * len(asked))
