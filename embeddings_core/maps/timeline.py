"""Motion as arrays: states of the same items aligned, smoothed, and thinned to keyframes."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.vectors import FloatArray

KEYFRAME_TIMES = (
    0.0,
    0.01,
    0.025,
    0.05,
    0.1,
    0.2,
    0.4,
    0.7,
    1.0,
)  # half of all motion is in the first quarter
FEWER_KEYFRAME_TIMES = (0.0, 0.05, 0.2, 0.5, 1.0)
MOST_TORTUOUS = 2.8  # path length ÷ net displacement; from 3 on a viewer sees noise and no course
REACH = 1.2  # how far a frame may extend beyond the last one
WINDOW = 0.075  # ± 15 of 200 epochs: calms the noise of a stochastic optimiser, keeps its course


def flat_to_deep(positions: ArrayLike) -> FloatArray:
    """Give 2-D positions a third coordinate of zero; (…, 2) becomes (…, 3), 3-D passes through."""
    array = np.asarray(positions, dtype=np.float32)
    if array.shape[-1] == 3:
        return array
    return np.concatenate([array, np.zeros((*array.shape[:-1], 1), dtype=np.float32)], axis=-1)


def align(moving: ArrayLike, still: ArrayLike, *, scale: bool = True) -> FloatArray:
    """Turn, mirror and shift `moving` onto `still`, and (with `scale`) give it the same size.

    Takes (n, 2 or 3) twice, rows are the same items; a 2-D side is laid into the plane z = 0 where the
    other is 3-D. Returns `moving` in the frame of `still`; all distances within it change by one factor.
    The rotation is the orthogonal Procrustes solution (Schönemann 1966); the size is matched by root mean
    square radius, because the least-squares factor shrinks a map that fits badly. Raises BadInputError
    where the numbers of items differ.
    """
    a, b = np.asarray(moving, dtype=np.float64), np.asarray(still, dtype=np.float64)
    if a.ndim != 2 or b.ndim != 2 or len(a) != len(b):
        raise BadInputError(
            f"Two maps can be aligned when they show the same items; these have {len(a)} and {len(b)}."
        )
    if a.shape[1] != b.shape[1]:
        a, b = flat_to_deep(a).astype(np.float64), flat_to_deep(b).astype(np.float64)
    if not len(a):
        return a.astype(np.float32)
    middle_a, middle_b = a.mean(axis=0), b.mean(axis=0)
    a, b = a - middle_a, b - middle_b
    left, _, right = np.linalg.svd(a.T @ b)
    factor = 1.0
    if scale:
        own, wanted = float((a**2).sum()), float((b**2).sum())
        factor = float(np.sqrt(wanted / own)) if own > 0 and wanted > 0 else 1.0
    return np.asarray(factor * (a @ (left @ right)) + middle_b, dtype=np.float32)


def align_states(states: Sequence[ArrayLike], *, anchor: int = -1, scale: bool = True) -> FloatArray:
    """Align every state to its neighbour in time, outwards from the anchor, which stays as it is.

    Takes arrays (n, 2 or 3), mixed dimensions become 3-D; returns (states, n, 2 or 3).
    """
    if not states:
        raise BadInputError("A film needs at least one state.")
    arrays = [np.asarray(state, dtype=np.float32) for state in states]
    if len({array.shape[-1] for array in arrays}) > 1:
        arrays = [flat_to_deep(array) for array in arrays]
    middle = anchor % len(arrays)
    for index in range(middle + 1, len(arrays)):
        arrays[index] = align(arrays[index], arrays[index - 1], scale=scale)
    for index in range(middle - 1, -1, -1):
        arrays[index] = align(arrays[index], arrays[index + 1], scale=scale)
    return np.stack(arrays)


def same_size(states: FloatArray) -> FloatArray:
    """Centre every state and give it the size (root mean square radius) of the last; (F, n, 2 or 3).

    t-SNE starts a million times smaller than it ends: unscaled, its film would be an explosion from
    one pixel. The last state keeps its numbers.
    """
    last = states[-1].astype(np.float64)
    middle = last.mean(axis=0)
    size = float(np.sqrt(((last - middle) ** 2).sum(axis=-1).mean()))
    result = np.empty_like(states)
    for index, state in enumerate(states[:-1].astype(np.float64)):
        state = state - state.mean(axis=0)
        own = float(np.sqrt((state**2).sum(axis=-1).mean()))
        result[index] = state * (size / own if own > 0 else 1.0) + middle
    result[-1] = states[-1]
    return result


def in_one_frame(states: FloatArray) -> FloatArray:
    """Turn, shift and resize every state onto the last one, which stays: (F, n, 2 or 3).

    Where a map lies, how it is turned and how large it is mean nothing; left in, a map of few items drifts out of
    its picture while it forms. A state with a far outlier, and those before it, are made smaller still, until they
    reach no further than a fifth beyond the last one: the picture is as large as the map at rest, not as a moment on
    the way, and a film only ever grows.
    """
    frames = same_size(align_states(list(states), scale=False))
    if frames.shape[1] < 2:
        return frames
    middle = frames[-1].mean(axis=0)
    reach = np.abs(frames - middle).max(axis=1)  # (F, 2 or 3)
    allowed = np.maximum(REACH * reach[-1], 0.25 * reach[-1].max())  # a map may end as a line
    beyond = (reach / np.maximum(allowed, 1e-12)).max(axis=1)
    factors = np.minimum.accumulate(1 / np.maximum(beyond, 1.0)[::-1])[::-1]
    frames[:-1] = (frames[:-1] - middle) * factors[:-1, None, None] + middle
    return np.asarray(frames, dtype=np.float32)


def averaged_states(states: ArrayLike, keys: Sequence[int], *, half_width: int = 0) -> FloatArray:
    """Pick the keyframes, each averaged over a window that does not reach past the neighbouring keys.

    Takes (F, n, 2 or 3) and rising indices; returns (keys, n, 2 or 3). Raw at the first and last index.
    """
    array = np.asarray(states, dtype=np.float32)
    picked = np.empty((len(keys), *array.shape[1:]), dtype=np.float32)
    gaps = np.diff(np.asarray(keys, dtype=np.int64))
    for index, key in enumerate(keys):
        width = min(half_width, key, len(array) - 1 - key, *gaps[max(index - 1, 0) : index + 1].tolist())
        picked[index] = array[key] if width <= 0 else array[key - width : key + width + 1].mean(axis=0)
    return picked


def keyframe_steps(length: int, *, times: Sequence[float] = KEYFRAME_TIMES) -> tuple[int, ...]:
    """Spread the key times over a run of `length` steps, dense early.

    >>> keyframe_steps(200)
    (0, 2, 5, 10, 20, 40, 80, 140, 200)
    """
    return tuple(sorted({round(time * length) for time in times}))


def keyframes(states: FloatArray) -> tuple[tuple[int, ...], FloatArray]:
    """Choose the keyframes of a recorded run: nine averaged ones, fewer and wider windows where the run is noisy.

    Takes all states (F, n, 2 or 3); returns the indices and the frames (keys, n, 2 or 3). The first and the
    last are the raw ones. A stochastic optimiser shakes a point 10 to 40 times further than it moves it.
    """
    length = len(states) - 1
    for times in (KEYFRAME_TIMES, FEWER_KEYFRAME_TIMES, (0.0, 0.3, 1.0), (0.0, 1.0)):
        keys = keyframe_steps(length, times=times)
        for width in (WINDOW, 2 * WINDOW, 4 * WINDOW):
            frames = averaged_states(states, keys, half_width=round(width * length))
            if max(tortuosity(frames), tortuosity(in_one_frame(frames))) <= MOST_TORTUOUS:
                return keys, frames
    return keys, frames


def tortuosity(frames: ArrayLike) -> float:
    """Return the median over items of path length ÷ net displacement; 1 is a straight path.

    Takes (F, n, 2 or 3). Items that end where they started are left out; 1.0 where nothing moves.
    """
    array = np.asarray(frames, dtype=np.float64)
    path = np.linalg.norm(np.diff(array, axis=0), axis=-1).sum(axis=0)
    net = np.linalg.norm(array[-1] - array[0], axis=-1)
    moved = net > 1e-9 * max(float(net.max(initial=0.0)), 1e-30)
    return float(np.median(path[moved] / net[moved])) if moved.any() else 1.0
