"""UMAP's optimiser for maps of many points: the same sampling of the same graph, with its forces read from a table.

McInnes, Healy & Melville 2018. umap-learn's own loop takes the power of a distance for every force, and looks at every edge
in every epoch; that is most of the time of a map of more than some thousand points. Here the force of each squared distance
stands in a table that follows the bits of a float32 (its exponent and seven bits after it, so within half a percent).
"""

from collections.abc import Callable
from functools import cache

import numpy as np

from embeddings_core.errors import requires
from embeddings_core.spaces.vectors import FloatArray

SHIFT = 16  # bits of a float32 that the table leaves out: 7 of its mantissa stay
TOLD = 50  # times that a run says how far it is
LOWEST, HIGHEST = 2.0**-24, 2.0**20  # squared distances; nearer or farther ones have the force of these


def bits(value: float) -> int:
    """Return the upper bits of a float32 as a number: they rise with it.

    >>> bits(2.0) - bits(1.0)
    128
    """
    return int(np.array([value], dtype=np.float32).view(np.int32)[0] >> SHIFT)


def forces(a: float, b: float) -> tuple[FloatArray, FloatArray]:
    """Return what a difference of two places is multiplied by, for each step of the squared distance: pull and push."""
    steps = np.arange(bits(LOWEST), bits(HIGHEST) + 1, dtype=np.int32)
    squared = ((steps << SHIFT) + (1 << (SHIFT - 1))).view(np.float32).astype(np.float64)
    grown = a * squared**b + 1.0
    pull = -2.0 * a * b * squared ** (b - 1.0) / grown
    push = 2.0 * b / ((0.001 + squared) * grown)
    return pull.astype(np.float32), push.astype(np.float32)


def descend(
    start: FloatArray,
    *,
    edges: tuple[np.ndarray, np.ndarray, np.ndarray],
    curve: tuple[float, float],
    epochs: int,
    kept: tuple[int, ...],
    seed: int = 0,
    progress: Callable[[int, int], object] | None = None,
) -> FloatArray:
    """Run the optimiser from a layout (n, 2 or 3) and return the states at the `kept` epochs, (kept, n, 2 or 3).

    `edges` are (heads, tails, weights) of UMAP's graph, heads in rising order; `curve` its a and b.
    The rate falls evenly from 1 to 0. `progress` gets (done, total) in epochs; what it raises ends the run.
    """
    heads, tails, weights = edges
    strong = weights >= weights.max() / epochs  # the others would not be sampled once
    every = (weights.max() / weights[strong]).astype(np.float32)
    pull, push = forces(*curve)
    places = np.ascontiguousarray(start, dtype=np.float32).copy()
    states = np.empty((len(kept), *places.shape), dtype=np.float32)
    due, stored, chance = every.copy(), np.int64(0), np.uint64((seed * 2 + 0x9E3779B97F4A7C15) % 2**64 | 1)
    ends = np.array(kept, dtype=np.int64)
    step = epochs if progress is None else max(1, epochs // TOLD)
    for first in range(0, max(epochs, 1), max(step, 1)):
        last = min(first + step, epochs)
        stored, chance = _compiled()(
            places,
            np.ascontiguousarray(heads[strong], dtype=np.int32),
            np.ascontiguousarray(tails[strong], dtype=np.int32),
            every,
            due,
            pull,
            push,
            np.int64(bits(LOWEST)),
            np.int64(first),
            np.int64(last),
            np.int64(epochs),
            ends,
            states,
            np.int64(stored),
            np.uint64(chance),
        )
        if progress is not None:
            progress(last, epochs)
    return states


def _run(
    places: np.ndarray,
    heads: np.ndarray,
    tails: np.ndarray,
    every: np.ndarray,
    due: np.ndarray,
    pull: np.ndarray,
    push: np.ndarray,
    lowest: int,
    first: int,
    ends: int,
    epochs: int,
    kept: np.ndarray,
    states: np.ndarray,
    store: int,
    state: np.uint64,
) -> tuple[int, np.uint64]:
    """Run the epochs from `first` to `ends` of all `epochs`; returns how many states are stored, and where chance stands."""
    n, dimensions = places.shape
    count = heads.shape[0]
    squared = np.zeros(1, dtype=np.float32)
    as_bits = squared.view(np.int32)
    last = pull.shape[0] - 1
    limit = np.float32(4.0)
    own = np.zeros(3, dtype=np.float32)
    while store < kept.shape[0] and kept[store] == 0:
        states[store] = places
        store += 1
    for epoch in range(first, ends):
        rate = np.float32(1.0) - np.float32(epoch) / np.float32(epochs)
        for edge in range(count):
            if due[edge] > epoch:
                continue
            due[edge] += every[edge]
            head, tail = heads[edge], tails[edge]
            squared[0] = 0.0
            for axis in range(dimensions):
                own[axis] = places[head, axis]
                apart = own[axis] - places[tail, axis]
                squared[0] += apart * apart
            if squared[0] > 0.0:
                force = pull[min(max((as_bits[0] >> 16) - lowest, 0), last)]
                for axis in range(dimensions):
                    step = min(max(force * (own[axis] - places[tail, axis]), -limit), limit) * rate
                    own[axis] += step
                    places[tail, axis] -= step
            for _ in range(5):  # points that it is pushed from, as many as by umap-learn's default
                state ^= state << np.uint64(13)
                state ^= state >> np.uint64(7)
                state ^= state << np.uint64(17)
                other = np.int64(((state >> np.uint64(32)) * np.uint64(n)) >> np.uint64(32))
                squared[0] = 0.0
                for axis in range(dimensions):
                    apart = own[axis] - places[other, axis]
                    squared[0] += apart * apart
                if squared[0] > 0.0:
                    force = push[min(max((as_bits[0] >> 16) - lowest, 0), last)]
                    for axis in range(dimensions):
                        own[axis] += min(max(force * (own[axis] - places[other, axis]), -limit), limit) * rate
            for axis in range(dimensions):
                places[head, axis] = own[axis]
        while store < kept.shape[0] and kept[store] == epoch + 1:
            states[store] = places
            store += 1
    return store, state


@cache
def _compiled() -> Callable[..., tuple[np.int64, np.uint64]]:
    requires("numba")
    import numba

    return numba.njit(cache=True, fastmath=True, nogil=True)(_run)  # type: ignore[no-any-return]
