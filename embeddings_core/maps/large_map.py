"""Maps of more rows than one fit can take: a fit on representatives, with all other rows placed among them.

Representatives are drawn at random, one from every equal stretch of rows, so they are as dense as the rows are, and the film is
theirs. Every other row is placed out of sample: where most of its nearest representatives agree to be
(`out_of_sample.weights_where_neighbours_agree`); so it has a place in their film, too. Vectors are read block by block, from
wherever they lie, and never copied.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from embeddings_core.limits import LIVE_ROWS, REPRESENTATIVES
from embeddings_core.maps.knn_graph import MapMetric, coordinates
from embeddings_core.maps.map_view import rotate_widest_across
from embeddings_core.maps.neighbour_descent import NearGroups
from embeddings_core.maps.out_of_sample import linear_transform, weights_where_neighbours_agree
from embeddings_core.maps.projection import Projection, project
from embeddings_core.maps.timeline import in_one_frame
from embeddings_core.maps.trust import sampled_trust
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray

BLOCK = 65_536  # rows that are read and placed together
NEAREST = 15  # representatives that a row is placed among: as many as UMAP looks at
FEW = 300_000  # rows that have a state in the middle of the film, too
Progress = Callable[[int, int], object]


class Vectors(Protocol):
    """A table of vectors (n, d), in memory, mapped from a file, or read from a store; rows come by their numbers."""

    @property
    def shape(self) -> tuple[int, ...]: ...  # noqa: D102
    def __getitem__(self, rows: IntArray | slice, /) -> np.ndarray: ...


@dataclass(frozen=True, eq=False)
class LargeMap:
    """A map of n rows: `rows` (m,) are the representatives, `projection` is their map, `frames` (states, n, 2 or 3) hold all rows.

    These are some states of the same film, the first and the last (the map) among them, called `frame_names`.

    `trust` is that of a sample of all rows: see `sampled_trust`.
    """

    rows: IntArray
    projection: Projection
    frames: FloatArray
    frame_names: tuple[str, ...]
    trust: float | None


def representative_rows(n: int, *, count: int = REPRESENTATIVES, seed: int = 0) -> IntArray:
    """Draw `count` of n rows at random, one from every equal stretch of them, in rising order; all where there are not more.

    >>> representative_rows(10, count=5).tolist()
    [1, 2, 4, 6, 9]
    """
    if n <= count:
        return np.arange(n, dtype=np.int64)
    ends = np.linspace(0, n, count + 1).round().astype(np.int64)
    return np.random.default_rng(seed).integers(ends[:-1], ends[1:])


def blocks(vectors: Vectors, size: int = BLOCK) -> Iterator[tuple[slice, FloatArray]]:
    """Yield stretches of rows as (rows, vectors), in float32."""
    n = vectors.shape[0]
    if hasattr(vectors, "stretches"):  # it knows best how it is read
        start = 0
        for block in vectors.stretches():
            yield slice(start, start + len(block)), block
            start += len(block)
        return
    for start in range(0, n, size):
        part = slice(start, min(start + size, n))
        yield part, np.ascontiguousarray(vectors[part], dtype=np.float32)


def large_map(
    vectors: Vectors,
    *,
    method: str = "umap",
    dimensions: int = 2,
    seed: int = 0,
    metric: MapMetric = "cosine",
    count: int = REPRESENTATIVES,
    sample: int = LIVE_ROWS,
    progress: Progress | None = None,
) -> LargeMap:
    """Draw a map of n vectors (n, d) that need not fit into memory: `count` representatives are fitted, the others placed.

    `progress` gets (done, total) in rows; the fit counts as `count` of them. Trust is asked of 1,000 rows among `sample`.
    """
    n = vectors.shape[0]
    chosen = representative_rows(n, count=count, seed=seed)
    total = n + len(chosen)
    own = np.ascontiguousarray(vectors[chosen], dtype=np.float32)

    def told(done: int, whole: int) -> None:
        if progress is not None:
            progress(round(len(chosen) * done / max(whole, 1)), total)

    projection = project(
        EmbeddingSet(tuple(map(str, chosen.tolist())), own),
        method=method, dimensions=dimensions, seed=seed, metric=metric, progress=told,
    )  # fmt: skip
    projection = rotate_widest_across(projection)
    if projection.kind == "recorded":
        projection = replace(projection, frames=in_one_frame(projection.frames))
    count_of_states = len(projection.frames)
    states = sorted({0, count_of_states - 1, *((count_of_states // 2,) if n <= FEW else ())})
    points = coordinates(own, metric=metric)
    scale = _scale(own, points) if metric == "euclidean" else 1.0
    place = _Placing(points, projection, projection.frames[states])
    asked = representative_rows(n, count=sample, seed=seed + 1)
    held = np.empty((len(asked), own.shape[1]), dtype=np.float32)
    frames = np.empty((len(states), n, dimensions), dtype=np.float32)
    for part, block in blocks(vectors):
        scaled = coordinates(block) if metric == "cosine" else block * np.float32(scale)
        frames[:, part] = place(scaled)
        low, high = np.searchsorted(asked, (part.start, part.stop))
        held[low:high] = scaled[asked[low:high] - part.start]
        if progress is not None:
            progress(len(chosen) + part.stop, total)
    frames[:, chosen] = projection.frames[states]
    trust = sampled_trust(held, frames[-1, asked])
    note = f"{len(chosen):,} rows drawn at random are fitted, the other {n - len(chosen):,} are placed among them."
    projection = replace(projection, note=" ".join(filter(None, [note, projection.note])))
    return LargeMap(
        chosen, projection, frames, tuple(projection.frame_names[state] for state in states), trust
    )


def _scale(given: FloatArray, points: FloatArray) -> float:
    """Return what turned the vectors of the representatives into their coordinates: one factor for all."""
    largest = np.unravel_index(int(np.abs(given).argmax()), given.shape)
    return float(points[largest] / given[largest]) if given[largest] else 1.0


class _Placing:
    """The out-of-sample transform of a map and other `states` of its film, (states, m, 2 or 3), for block after block of rows."""

    def __init__(self, points: FloatArray, projection: Projection, states: FloatArray) -> None:
        count, m, dimensions = states.shape
        self._shape, self._final = (count, dimensions), projection.final
        self._states = np.ascontiguousarray(states.transpose(1, 0, 2).reshape(m, count * dimensions))
        self._linear = linear_transform(points, projection.final) if projection.method == "pca" else None
        self._groups = NearGroups(points) if self._linear is None else None
        self._threads = max(1, min(2, os.cpu_count() or 1))

    def __call__(self, points: FloatArray) -> FloatArray:
        """Return the places (states, n, 2 or 3) of n rows (n, d)."""
        count, dimensions = self._shape
        if self._linear is not None:
            places = self._linear(points)
        else:
            assert self._groups is not None
            rows, distances = self._groups.nearest(points, NEAREST, threads=self._threads)
            weights = weights_where_neighbours_agree(rows, distances, self._final)
            places = np.einsum("mk,mkc->mc", weights, self._states[rows])
        return places.reshape(len(points), count, dimensions).transpose(1, 0, 2)
