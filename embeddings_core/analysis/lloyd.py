"""Lloyd's steps for many items: in float32, block by block, with the centres' sums taken while a block is in the cache."""

from dataclasses import dataclass

import numpy as np

from embeddings_core.spaces.vectors import FloatArray, IntArray

BLOCK = 1024  # rows: with 384 dimensions 1.5 MB
MOST_STEPS = 300
TOLERANCE = 1e-4  # of the mean variance of a dimension: where the centres move less, the steps end, as in scikit-learn


@dataclass(frozen=True, eq=False)
class Run:
    """The labels (n,), centres (k, d) and sums of squared distances of every step from one start."""

    labels: list[IntArray]
    centres: list[np.ndarray]
    inertias: list[float]


def best_of_starts(points: FloatArray, *, k: int, seeds: range) -> Run:
    """Run from a k-means++ start (Arthur & Vassilvitskii 2007) for each seed and return the run that ends tightest.

    Takes points (n, d). Each draw of a start looks at several candidates and takes the one that leaves least, as scikit-learn
    does (Grunau et al. 2023 call it greedy).
    """
    points = np.ascontiguousarray(points, dtype=np.float32)
    squares = np.einsum("ij,ij->i", points, points)
    allowed = TOLERANCE * float(points.var(axis=0, dtype=np.float64).mean())
    runs = (_run(points, squares, _start(points, squares, k=k, seed=seed), allowed) for seed in seeds)
    return min(runs, key=lambda run: run.inertias[-1])


def _start(points: FloatArray, squares: FloatArray, *, k: int, seed: int) -> FloatArray:
    rng = np.random.default_rng(seed)
    candidates = 2 + int(np.log(k))
    rows = [int(rng.integers(len(points)))]
    left = np.maximum(squares + squares[rows[0]] - 2.0 * (points @ points[rows[0]]), 0.0)
    for _ in range(1, k):
        chances = np.cumsum(left, dtype=np.float64)
        drawn = np.searchsorted(chances, rng.random(candidates) * chances[-1], side="right")
        drawn = np.minimum(drawn, len(points) - 1)
        away = (-2.0 * points[drawn]) @ points.T
        away += squares
        away += squares[drawn][:, None]
        np.clip(away, 0.0, left, out=away)
        best = int(away.sum(axis=1, dtype=np.float64).argmin())
        rows.append(int(drawn[best]))
        left = away[best].copy()
    return points[rows]


def _run(points: FloatArray, squares: FloatArray, start: FloatArray, allowed: float) -> Run:
    total = float(squares.sum(dtype=np.float64))
    run = Run([], [], [])
    centres = start.astype(np.float64)
    for _ in range(MOST_STEPS + 1):
        labels, sums, counts, close = _assign(points, centres.astype(np.float32))
        same = bool(run.labels) and np.array_equal(labels, run.labels[-1])
        run.labels.append(labels)
        run.centres.append(centres)
        run.inertias.append(total - 2.0 * close)
        if same or (len(run.centres) > 1 and ((centres - run.centres[-2]) ** 2).sum() <= allowed):
            break
        moved = sums / np.maximum(counts, 1)[:, None]
        for group in np.flatnonzero(counts == 0):  # an empty group restarts at an item far from its centre
            away = ((points - moved[labels].astype(np.float32)) ** 2).sum(axis=1)
            moved[group] = points[int(np.argsort(-away, kind="stable")[group])]
        centres = moved
    return run


def _assign(points: FloatArray, centres: FloatArray) -> tuple[IntArray, np.ndarray, np.ndarray, float]:
    """Return the nearest centre of each row, the sums (k, d) and counts (k,) of the groups, and the sum of p·c − c²/2."""
    n, k = len(points), len(centres)
    half = 0.5 * np.einsum("ij,ij->i", centres, centres)
    labels, sums, close = np.empty(n, dtype=np.int64), np.zeros((k, points.shape[1])), 0.0
    member = np.zeros((BLOCK, k), dtype=np.float32)
    across = np.ascontiguousarray(centres.T)
    for begin in range(0, n, BLOCK):
        block = points[begin : begin + BLOCK]
        scores = block @ across
        scores -= half
        own = scores.argmax(axis=1)
        index = np.arange(len(block))
        labels[begin : begin + BLOCK] = own
        close += float(scores[index, own].sum(dtype=np.float64))
        member[:] = 0.0
        member[index, own] = 1.0
        sums += member[: len(block)].T @ block
    return labels, sums, np.bincount(labels, minlength=k), close
