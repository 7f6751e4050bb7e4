"""Array types, and what can be said about pairs of vectors."""

from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings_core.errors import BadInputError

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
CHUNK = 20_000  # rows
_IN_CACHE = 2**15  # numbers of float64 that a core works on without waiting for memory
Metric = Literal["cosine", "dot", "euclidean"]


def frozen(values: ArrayLike) -> FloatArray:
    """Return values as a read-only, contiguous float32 array; copies only where it must.

    A table that is mapped from the disk stays there, whichever way round it lies.
    """
    mapped = isinstance(values, np.memmap) and values.dtype == np.float32 and values.flags.forc
    array = np.asarray(values) if mapped else np.ascontiguousarray(values, dtype=np.float32)
    if array.flags.writeable:
        array = array.view()
        array.flags.writeable = False
    return array


def unit(vectors: ArrayLike) -> FloatArray:
    """Scale rows to length 1; rows of zeros stay zeros.

    Takes (n, d) or (d,), returns the same shape. Lengths are taken in float64, after dividing by the largest
    value, so that 1e38 and 1e-40 survive.
    """
    given = np.asarray(vectors)
    if given.ndim == 2 and given.size > 2 * _IN_CACHE:  # in parts: three times faster than all at once
        scaled = np.empty(given.shape, dtype=np.float32)
        rows = max(1, _IN_CACHE // given.shape[1])
        room = np.empty((rows, given.shape[1]), dtype=np.float64)
        for start in range(0, len(given), rows):
            part = room[: len(given) - start]
            part[...] = given[start : start + rows]
            scaled[start : start + rows] = _scaled(part)
        return scaled
    return _scaled(np.array(given, dtype=np.float64)).astype(np.float32)


def _scaled(array: np.ndarray) -> np.ndarray:
    """Scale rows of float64 to length 1, in their place."""
    largest = np.maximum(
        np.max(array, axis=-1, keepdims=True, initial=0.0),
        -np.min(array, axis=-1, keepdims=True, initial=0.0),
    )
    array /= np.where(largest > 0, largest, 1.0)
    length = np.linalg.norm(array, axis=-1, keepdims=True)
    array /= np.where(length > 0, length, 1.0)
    return array


def nearly_unit(vectors: FloatArray) -> FloatArray:
    """Scale rows to length 1 in float32 throughout: for many rows, in a third of the time, right to six digits.

    Takes and returns what `unit` does, and is `unit` where a length is zero or lies outside what float32 can square.
    """
    squares = np.einsum("ij,ij->i", vectors, vectors)
    if not len(squares) or not (squares.min() > 1e-20 and squares.max() < 1e20):
        return unit(vectors)
    return np.asarray(vectors / np.sqrt(squares)[:, None], dtype=np.float32)


def similarity(queries: ArrayLike, vectors: ArrayLike, *, metric: Metric = "cosine") -> FloatArray:
    """Score every query against every vector; larger is always nearer.

    Takes (q, d) and (n, d), returns (q, n): the cosine in [-1, 1], the dot product, or the *negative*
    Euclidean distance. Raises BadInputError for an unknown metric.
    """
    if metric == "cosine":
        return np.asarray(unit(queries) @ unit(vectors).T, dtype=np.float32)
    left, right = np.asarray(queries, dtype=np.float32), np.asarray(vectors, dtype=np.float32)
    if metric == "dot":
        return np.asarray(left @ right.T, dtype=np.float32)
    if metric == "euclidean":
        squares = (left**2).sum(1)[:, None] + (right**2).sum(1)[None, :] - 2.0 * (left @ right.T)
        return np.asarray(-np.sqrt(np.maximum(squares, 0.0)), dtype=np.float32)
    raise BadInputError(f'There is no metric "{metric}"; choose cosine, dot or euclidean.')


def random_pair_scores(
    vectors: FloatArray,
    *,
    others: FloatArray | None = None,
    pairs: int = 20_000,
    metric: Metric = "cosine",
    seed: int = 0,
) -> FloatArray:
    """Score random pairs of different rows, sorted: the reference distribution that one similarity is compared with.

    Takes (n, d) with n of 2 or more, returns (pairs,). The second of a pair is a row of `others` (n, d) where these are
    given: the same items, read in another role.
    """
    n = len(vectors)
    if n < 2:
        raise BadInputError("A comparison with random pairs needs at least 2 items.")
    times = None
    if n * n <= pairs:  # few rows: each pair comes many times and is scored once
        left, right, times = _few_pairs(n, pairs, seed)
    else:
        left, right = _random_pairs(n, pairs, seed)
    second = vectors if others is None else others
    if metric == "cosine" and n <= len(left):  # each row is scaled once, not once a pair
        scaled = unit(vectors)
        a, b = scaled[left], (scaled if others is None else unit(others))[right]
    elif metric == "cosine":
        a, b = unit(vectors[left]), unit(second[right])
    else:
        a, b = vectors[left], second[right]
    scores = -np.linalg.norm(a - b, axis=1) if metric == "euclidean" else np.einsum("ij,ij->i", a, b)
    if times is not None:
        scores = np.repeat(scores, times)
    return np.sort(scores.astype(np.float32))


def _random_pairs(n: int, pairs: int, seed: int) -> tuple[IntArray, IntArray]:
    rng = np.random.default_rng(seed)
    left = rng.integers(0, n, pairs)
    return left, (left + rng.integers(1, n, pairs)) % n  # never the row itself


@lru_cache(maxsize=64)
def _few_pairs(n: int, pairs: int, seed: int) -> tuple[IntArray, IntArray, IntArray]:
    """Return the different pairs among random ones, at most n², and how often each comes: the same for all sets of n."""
    left, right = _random_pairs(n, pairs, seed)
    each, times = np.unique(left * n + right, return_counts=True)
    return *np.divmod(each, n), times


def nearest_scores(
    vectors: FloatArray,
    *,
    others: FloatArray | None = None,
    sample: int = 256,
    metric: Metric = "cosine",
    seed: int = 0,
) -> FloatArray:
    """Score the nearest neighbour of sampled rows among all rows, sorted: what a nearest neighbour's score is compared with.

    Takes (n, d) with n of 2 or more, returns (at most sample,); the rest as `scores_of_nearest`.

    >>> nearest_scores(np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)).tolist()
    [0.0, 1.0, 1.0]
    """
    found = scores_of_nearest(vectors, others=others, k=1, sample=sample, metric=metric, seed=seed)
    return np.sort(found[:, 0])


def scores_of_nearest(
    vectors: FloatArray,
    *,
    others: FloatArray | None = None,
    k: int,
    sample: int = 256,
    metric: Metric = "cosine",
    seed: int = 0,
) -> FloatArray:
    """Score the k nearest of sampled rows among all rows: (at most sample, at most k), a row's nearest first.

    A row of its own is told by its place, so that doubles count. Neighbours are looked for among `others` (n, d) where these are
    given: the same items, read in another role.
    """
    n = len(vectors)
    if n < 2:
        raise BadInputError("A nearest neighbour needs at least 2 items.")
    rows = np.sort(np.random.default_rng(seed).choice(n, min(sample, n), replace=False))
    k = min(k, n - 1)
    best = np.full((len(rows), k), -np.inf, dtype=np.float32)
    for start in range(0, n, CHUNK):  # a copy of all rows at length 1 would be hundreds of megabytes
        among = (vectors if others is None else others)[start : start + CHUNK]
        part = similarity(vectors[rows], among, metric=metric)
        inside = (rows >= start) & (rows < start + CHUNK)
        part[np.flatnonzero(inside), rows[inside] - start] = -np.inf
        joined = np.concatenate([best, part], axis=1)
        best = np.partition(joined, joined.shape[1] - k, axis=1)[:, -k:]
    return np.sort(best, axis=1)[:, ::-1]


def percentile(scores: ArrayLike, reference: FloatArray) -> FloatArray:
    """Return the share of random pairs (0–100) that each score is nearer than.

    >>> percentile([0.5], np.array([0.1, 0.2, 0.6, 0.9], dtype=np.float32)).tolist()
    [50.0]
    """
    rank = np.searchsorted(reference, np.asarray(scores, dtype=np.float32), side="left")
    return np.asarray(100.0 * rank / max(len(reference), 1), dtype=np.float32)
