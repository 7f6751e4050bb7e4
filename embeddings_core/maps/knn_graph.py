"""The k-nearest-neighbour graph of all items, which every map and every trust score starts from: exact while items are few."""

from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.vectors import FloatArray, IntArray, nearly_unit, unit

MapMetric = Literal["cosine", "euclidean"]

_BLOCK_NUMBERS = 2**24  # 64 MB of float32 at a time, whatever the number of items
MANY = 5_000  # rows; beyond, nothing looks at all pairs
APPROXIMATE = 6_000  # rows; below, an exact search is as fast
SPARE = (
    8  # neighbours that the approximate search follows beyond those asked for: 2 or 3 more of 100 are found
)
SAME = 2e-3  # rounding reaches half of it, different words lie a hundred times further apart


def coordinates(vectors: FloatArray, *, metric: MapMetric = "cosine") -> FloatArray:
    """Return vectors whose Euclidean distances rank like the metric; (n, d) in and out.

    "cosine" scales every row to length 1; "euclidean" divides all rows by the one largest value, which
    changes no ranking but keeps 1e38 and 1e-40 computable. Raises BadInputError for another metric.
    """
    if metric == "cosine":
        return unit(vectors) if len(vectors) < MANY else nearly_unit(vectors)
    if metric == "euclidean":
        array = np.asarray(vectors, dtype=np.float64)
        largest = float(np.max(np.abs(array), initial=0.0))
        return (array / largest if largest > 0 else array).astype(np.float32)
    raise BadInputError(f'A map needs the metric cosine or euclidean, not "{metric}".')


def squared_distances(points: FloatArray) -> Iterator[tuple[slice, FloatArray]]:
    """Yield blocks of rows of the (n, n) table of squared Euclidean distances, as (rows, block)."""
    n = len(points)
    # distances near zero are differences of large numbers: centring keeps those small
    points = points - points.mean(axis=0, dtype=np.float64).astype(np.float32) if n else points
    lengths = np.einsum("ij,ij->i", points, points)
    size = max(1, _BLOCK_NUMBERS // max(n, 1))
    for start in range(0, n, size):
        rows = slice(start, min(start + size, n))
        block = points[rows] @ points.T
        block *= -2.0
        block += lengths[None, :]
        block += lengths[rows, None]
        np.maximum(block, 0.0, out=block)
        yield rows, block


def knn_graph(points: FloatArray, k: int) -> tuple[IntArray, FloatArray]:
    """Find the k nearest others of every row by brute force, nearest first, ties by row number.

    Takes (n, d) and k below n; returns rows and Euclidean distances, both (n, k). No row is its own
    neighbour.
    """
    n = len(points)
    k = max(0, min(k, n - 1))
    found = np.empty((n, k), dtype=np.int64)
    distances = np.empty((n, k), dtype=np.float32)
    if not k:
        return found, distances
    for rows, block in squared_distances(points):
        own = np.arange(rows.start, rows.stop)
        block[own - rows.start, own] = np.inf
        near = np.argpartition(block, k - 1, axis=1)[:, :k]
        near.sort(axis=1)  # so that the stable sort below breaks ties by row number
        value = np.take_along_axis(block, near, axis=1)
        order = np.argsort(value, axis=1, kind="stable")
        found[rows] = np.take_along_axis(near, order, axis=1)
        distances[rows] = np.sqrt(np.take_along_axis(value, order, axis=1))
    return found, distances


def neighbour_graph(
    points: FloatArray,
    k: int,
    *,
    spare: int = SPARE,
    progress: Callable[[int, int], object] | None = None,
) -> tuple[IntArray, FloatArray]:
    """Find the k nearest others of every row: exactly below 6,000 rows, else nearly all of them by descent.

    `neighbour_descent` finds 97 of 100 true neighbours of 20,000 words, without `spare` ones 94 (of 50,000 with near copies
    91 and 85), in a seventh of the time of an exact search of 50,000 rows. Takes and returns what `knn_graph` does;
    distances are exact. `progress(done, total)` is called while a search by descent runs.
    """
    n = len(points)
    if n < APPROXIMATE or k < 1:
        return knn_graph(points, k)
    from embeddings_core.maps.neighbour_descent import neighbour_descent

    k = min(k, n - 1)
    found, distances = neighbour_descent(points, min(k + spare, n - 1), progress=progress)
    found, distances = found[:, :k], distances[:, :k]
    holes = np.flatnonzero((found < 0).any(axis=1))
    if len(holes):
        near, exact = nearest_rows(points[holes], points, k=k + 1)
        for place, row in enumerate(holes.tolist()):
            others = near[place] != row
            found[row], distances[row] = near[place][others][:k], exact[place][others][:k]
    return found, distances


def nearest_rows(queries: FloatArray, points: FloatArray, *, k: int) -> tuple[IntArray, FloatArray]:
    """Find the k nearest points of every query; (m, d) and (n, d) → rows and distances (m, k)."""
    m, k = len(queries), min(k, len(points))
    found = np.empty((m, k), dtype=np.int64)
    distances = np.empty((m, k), dtype=np.float32)
    lengths = np.einsum("ij,ij->i", points, points)
    size = max(1, _BLOCK_NUMBERS // max(len(points), 1))
    for start in range(0, m, size):
        rows = slice(start, min(start + size, m))
        scores = lengths[None, :] - 2.0 * (queries[rows] @ points.T)
        near = np.sort(np.argpartition(scores, k - 1, axis=1)[:, :k], axis=1)
        # the exact differences of the few: a distance of zero must come out as zero
        value = np.linalg.norm(points[near] - queries[rows, None, :], axis=2)
        order = np.argsort(value, axis=1, kind="stable")
        found[rows] = np.take_along_axis(near, order, axis=1)
        distances[rows] = np.take_along_axis(value, order, axis=1)
    return found, distances


def representatives(points: FloatArray, *, tolerance: float = SAME) -> IntArray:
    """Say for every row which earlier row holds the same vector, itself where there is none; (n, d) → (n,).

    "Cat" and "cat" have one vector in many models; drawn apart they would show a difference that is not
    there. With a tolerance of 0 only exact copies count.
    """
    n = len(points)
    representative = np.arange(n, dtype=np.int64)
    first: dict[bytes, int] = {}
    for row in _perhaps_alike(
        points
    ).tolist():  # exact copies first: a thousand of them must not fill the table below
        representative[row] = first.setdefault((points[row] + np.float32(0)).tobytes(), row)
    if tolerance <= 0.0:
        return representative
    kept = np.flatnonzero(representative == np.arange(n))
    near = np.arange(len(kept), dtype=np.int64)
    for rows, block in squared_distances(points[kept]):
        own = np.arange(rows.start, rows.stop)
        block[own - rows.start, own] = 0.0  # rounding may have left more
        near[rows] = np.argmax(
            block <= tolerance**2, axis=1
        )  # the first row within reach, at the latest itself
    while True:  # follow chains to their first row
        further = near[near]
        if np.array_equal(further, near):
            break
        near = further
    renamed = np.arange(n, dtype=np.int64)
    renamed[kept] = kept[near]
    return np.asarray(renamed[representative], dtype=np.int64)


def _perhaps_alike(points: FloatArray) -> IntArray:
    """Return the rows, in order, whose check sum another row has as well: only those can be exact copies of one another."""
    n, d = points.shape
    factors = np.random.default_rng(0).integers(1, 2**32, d, dtype=np.uint32) | np.uint32(1)
    sums = np.empty(n, dtype=np.uint32)
    size = max(1, 2**16 // max(d, 1))
    for start in range(0, n, size):
        part = np.ascontiguousarray(points[start : start + size], dtype=np.float32) + np.float32(
            0
        )  # one kind of zero
        sums[start : start + size] = np.einsum("ij,j->i", part.view(np.uint32), factors)
    _, place, counts = np.unique(sums, return_inverse=True, return_counts=True)
    return np.flatnonzero(counts[place] > 1)
