"""Approximate neighbours of all rows at once: near groups compared by products of matrices, then neighbours of neighbours.

Nearest-neighbour descent (Dong, Charikar & Li 2011) begun from groups instead of chance. Both its parts look at vectors that
lie side by side in memory, which a search row by row through an index does not.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np

from embeddings_core.errors import requires
from embeddings_core.spaces.vectors import FloatArray, IntArray

GROUP = 160  # rows of a group on average
NEAR_GROUPS = 10  # that each group is compared with
STEPS = 3  # of k-means: groups need not be good ones
LARGEST = 640  # rows of a group; where very many are nearly equal, they are divided as they come
ROUNDS = 6  # of descent; less would do, but the last ones cost little
REVERSE = 20  # rows that have a row as their neighbour, looked at from it
TOLD = 16  # groups, after which it says how far it is
LEARNED = 32  # rows a group from which the centres are found


def neighbour_descent(
    points: FloatArray, k: int, *, seed: int = 0, progress: Callable[[int, int], object] | None = None
) -> tuple[IntArray, FloatArray]:
    """Find nearly all of the k nearest others of every row of (n, d), nearest first: rows and distances, (n, k).

    A place that stayed empty (only among very few rows) holds −1 and an infinite distance. `progress` gets (done, total) in groups
    and rounds; what it raises ends the search.
    """
    points = np.ascontiguousarray(points, dtype=np.float32)
    order, ends, centres = _divided(*_groups(points, seed=seed))
    near, squares = _within_groups(points[order], ends, centres, k, progress)
    rows, distances = _descend()(points[order], near, squares, REVERSE, ROUNDS)
    if progress is not None:
        progress(1, 1)
    found = np.empty((len(points), k), dtype=np.int64)
    away = np.empty((len(points), k), dtype=np.float32)
    found[order] = np.where(rows >= 0, order[rows], -1)
    away[order] = np.sqrt(distances)
    return found, away


class NearGroups:
    """Points (m, d) divided into groups, among which the nearest of many other points are found by products of matrices."""

    def __init__(self, points: FloatArray, *, seed: int = 0) -> None:
        points = np.ascontiguousarray(points, dtype=np.float32)
        order, ends, centres = _divided(*_groups(points, seed=seed))
        self._order, self._centres = order, centres
        self._points = points[order]
        self._lengths = np.einsum("ij,ij->i", self._points, self._points)
        half = 0.5 * np.einsum("ij,ij->i", centres, centres)
        self._near = [
            np.concatenate([np.arange(ends[other], ends[other + 1]) for other in others])
            for others in np.argsort(half - centres @ centres.T, axis=1)[:, :NEAR_GROUPS]
        ]

    def nearest(self, queries: FloatArray, k: int, *, threads: int = 1) -> tuple[IntArray, FloatArray]:
        """Find nearly all of the k nearest points of each query (n, d), nearest first: rows and distances, (n, k)."""
        label = nearest_centres(queries, self._centres)
        order = np.argsort(label, kind="stable")
        ends = np.searchsorted(label[order], np.arange(len(self._centres) + 1))
        found = np.empty((len(queries), k), dtype=np.int64)
        squares = np.empty((len(queries), k), dtype=np.float32)

        def look(group: int) -> None:
            own, columns = order[ends[group] : ends[group + 1]], self._near[group]
            if not len(own):
                return
            if len(columns) < k:
                columns = np.arange(len(self._points))
            part = queries[own]
            table = part @ self._points[columns].T
            table *= -2.0
            table += self._lengths[columns]
            best = np.argpartition(table, k - 1, axis=1)[:, :k]
            near = np.take_along_axis(table, best, axis=1)
            rank = np.argsort(near, axis=1, kind="stable")
            found[own] = self._order[columns[np.take_along_axis(best, rank, axis=1)]]
            away = np.take_along_axis(near, rank, axis=1) + np.einsum("ij,ij->i", part, part)[:, None]
            squares[own] = np.maximum(away, 0.0)

        if threads > 1:
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(look, range(len(self._centres))))
        else:
            for group in range(len(self._centres)):
                look(group)
        return found, np.sqrt(squares)


def _groups(points: FloatArray, *, seed: int) -> tuple[IntArray, IntArray, FloatArray]:
    """Divide the rows into groups: their order (n,), where each group ends (groups + 1,), and the centres."""
    n, count = len(points), max(2, len(points) // GROUP)
    rng = np.random.default_rng(seed)
    sample = points[np.sort(rng.permutation(n)[: count * LEARNED])]
    centres = sample[rng.permutation(len(sample))[:count]].copy()
    for _ in range(STEPS):
        centres = moved_centres(sample, centres)
    label = nearest_centres(points, centres)
    order = np.argsort(label, kind="stable")
    return order, np.searchsorted(label[order], np.arange(count + 1)), centres


def moved_centres(points: FloatArray, centres: FloatArray) -> FloatArray:
    """Take one step of k-means: return the mean of the points (n, d) nearest to each centre (c, d)."""
    label = nearest_centres(points, centres)
    order = np.argsort(label, kind="stable")
    starts = np.searchsorted(label[order], np.arange(len(centres)))
    sizes = np.diff(np.append(starts, len(points)))
    held = np.flatnonzero(sizes)  # an empty group keeps its centre
    sums = np.add.reduceat(points[order], starts[held], axis=0)
    moved = centres.copy()
    moved[held] = sums / sizes[held, None]
    return moved


def _divided(order: IntArray, ends: IntArray, centres: FloatArray) -> tuple[IntArray, IntArray, FloatArray]:
    """Divide groups that are too large: parts of one lie side by side and share its centre."""
    sizes = np.diff(ends)
    parts = np.maximum(1, -(-sizes // LARGEST))
    starts = [np.linspace(ends[at], ends[at + 1], parts[at] + 1)[:-1] for at in range(len(sizes))]
    divided = np.append(np.concatenate(starts).round().astype(np.int64), ends[-1])
    return order, divided, np.repeat(centres, parts, axis=0)


def nearest_centres(points: FloatArray, centres: FloatArray) -> IntArray:
    """Return the nearest of the centres (c, d) for each of (n, d)."""
    half = 0.5 * np.einsum("ij,ij->i", centres, centres)
    label = np.empty(len(points), dtype=np.int64)
    for start in range(0, len(points), 4096):
        part = slice(start, start + 4096)
        label[part] = (points[part] @ centres.T - half).argmax(axis=1)
    return label


def _within_groups(
    points: FloatArray,
    ends: IntArray,
    centres: FloatArray,
    k: int,
    progress: Callable[[int, int], object] | None,
) -> tuple[IntArray, FloatArray]:
    """Find the k nearest among the near groups, in no order; points (n, d) lie group after group."""
    n = len(points)
    near, squares = np.full((n, k), -1, dtype=np.int64), np.full((n, k), np.inf, dtype=np.float32)
    lengths = np.einsum("ij,ij->i", points, points)
    half = 0.5 * np.einsum("ij,ij->i", centres, centres)
    for group in range(len(centres)):
        if progress is not None and group % TOLD == 0:
            progress(group, 2 * len(centres))  # the descent takes about as long
        own = np.arange(ends[group], ends[group + 1])
        if not len(own):
            continue
        closeness = centres @ centres[group] - half
        closeness[group] = np.inf
        others = np.argsort(-closeness)[:NEAR_GROUPS]
        columns = np.concatenate([np.arange(ends[other], ends[other + 1]) for other in others])
        table = points[own] @ points[columns].T
        table *= -2.0
        table += lengths[columns]
        table[np.arange(len(own)), np.arange(len(own))] = np.inf  # its own group stands first
        count = min(k, len(columns) - 1)
        if count < 1:
            continue
        best = np.argpartition(table, count - 1, axis=1)[:, :count]
        near[own, :count] = columns[best]
        squares[own, :count] = np.maximum(np.take_along_axis(table, best, axis=1) + lengths[own, None], 0.0)
    return near, squares


def _improve(
    points: np.ndarray, near: np.ndarray, squares: np.ndarray, reverse: int, rounds: int
) -> tuple[np.ndarray, np.ndarray]:
    """Look, for each row, at the neighbours of its neighbours, and keep the k nearest of all, nearest first."""
    # the rows that it comes from are as they were at the beginning of a round, so no round runs ahead of itself
    n, k = near.shape
    d = points.shape[1]
    for row in range(n):  # in order, with exact distances
        for at in range(k):
            other = near[row, at]
            if other < 0:
                squares[row, at] = np.inf
                continue
            total = np.float32(0.0)
            for axis in range(d):
                apart = points[row, axis] - points[other, axis]
                total += apart * apart
            place = at
            while place > 0 and squares[row, place - 1] > total:
                squares[row, place], near[row, place] = squares[row, place - 1], near[row, place - 1]
                place -= 1
            squares[row, place], near[row, place] = total, other
    fresh = np.ones((n, k), dtype=np.bool_)
    seen = np.full(n, -1, dtype=np.int64)
    width = k + reverse
    around = np.empty((n, width), dtype=np.int64)  # neighbours of a row, and rows whose neighbour it is
    recent = np.empty((n, width), dtype=np.bool_)
    filled = np.empty(n, dtype=np.int64)
    for _ in range(rounds):
        filled[:] = 0
        for row in range(n):
            for at in range(k):
                if near[row, at] >= 0:
                    around[row, filled[row]], recent[row, filled[row]] = near[row, at], fresh[row, at]
                    filled[row] += 1
        for at in range(k):  # the nearest first
            for row in range(n):
                other = near[row, at]
                if other >= 0 and filled[other] < width:
                    around[other, filled[other]], recent[other, filled[other]] = row, fresh[row, at]
                    filled[other] += 1
        fresh[:] = False
        changed = 0
        for row in range(n):
            seen[row] = row
            for at in range(k):
                if near[row, at] >= 0:
                    seen[near[row, at]] = row
            for first in range(filled[row]):
                between, new = around[row, first], recent[row, first]
                for second in range(filled[between]):
                    if not new and not recent[between, second]:
                        continue
                    other = around[between, second]
                    if seen[other] == row:
                        continue
                    seen[other] = row
                    total = np.float32(0.0)
                    for axis in range(d):
                        apart = points[row, axis] - points[other, axis]
                        total += apart * apart
                    if total < squares[row, k - 1]:
                        place = k - 1
                        while place > 0 and squares[row, place - 1] > total:
                            squares[row, place] = squares[row, place - 1]
                            near[row, place] = near[row, place - 1]
                            fresh[row, place] = fresh[row, place - 1]
                            place -= 1
                        squares[row, place], near[row, place], fresh[row, place] = total, other, True
                        changed += 1
        seen[:] = -1
        if changed * 200 < n * k:
            break
    return near, squares


@cache
def _descend() -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    """Return the compiled descent."""
    requires("numba")
    import numba

    return numba.njit(cache=True, fastmath={"reassoc", "contract"}, nogil=True)(_improve)  # type: ignore[no-any-return]
