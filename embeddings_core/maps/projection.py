"""A map of an embedding space: items as points in 2-D or 3-D, and how they got there."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.maps.knn_graph import (
    MANY,
    SAME,
    MapMetric,
    coordinates,
    representatives,
    squared_distances,
)
from embeddings_core.maps.methods import CIRCLE
from embeddings_core.maps.optimisers import run_tsne, run_umap, start_layout
from embeddings_core.maps.pca import principal_components
from embeddings_core.maps.settings import MapSettings, settings
from embeddings_core.maps.small_maps import best_run
from embeddings_core.maps.timeline import keyframes, same_size
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray, frozen

Kind = Literal["recorded", "morph", "still"]
EQUAL = 1e-3  # share by which squared distances may differ and still be equal


@dataclass(frozen=True, eq=False)
class Projection:
    """Positions of the same items at one or more moments.

    `frames` is (frames, items, 2 or 3); `kind` says how the motion came about: "recorded" from a real
    optimiser, training run or network; "morph" interpolated between two real states; "still" for one frame.
    `settings` are the exact parameters of the fit as (name, value), empty where none are known.
    """

    frames: FloatArray
    frame_names: tuple[str, ...]
    method: str
    kind: Kind
    explained: tuple[float, ...] | None = None
    trust: float | None = None
    note: str = ""
    settings: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "frames", frozen(self.frames))
        object.__setattr__(self, "frame_names", tuple(self.frame_names))
        if self.frames.ndim != 3 or self.frames.shape[2] not in (2, 3):
            raise BadInputError("A projection holds frames × items × (2 or 3) coordinates.")
        if len(self.frames) != len(self.frame_names) or not len(self.frames):
            raise BadInputError("A projection needs one name for each of its frames, and at least one frame.")

    @property
    def final(self) -> FloatArray:
        """The last frame, (items, 2 or 3): the map itself."""
        final: FloatArray = self.frames[-1]
        return final

    @property
    def dimensions(self) -> int:
        """2 or 3."""
        return int(self.frames.shape[2])

    @property
    def shows_nearness(self) -> bool:
        """Whether near points mean near items; not where all items are equally far apart."""
        return self.method != CIRCLE


def project(
    embeddings: EmbeddingSet,
    *,
    method: str = "umap",
    dimensions: int = 2,
    seed: int = 0,
    balance: float = 0.5,
    neighbours: int | None = None,
    min_dist: float | None = None,
    room: float | None = None,
    perplexity: float | None = None,
    epochs: int | None = None,
    metric: MapMetric = "cosine",
    start: FloatArray | None = None,
    progress: Callable[[int, int], object] | None = None,
) -> Projection:
    """Draw a map of n items by PCA, UMAP or t-SNE; for the last two with the film of how it came about.

    `balance` runs from 0 (keep small groups) to 1 (keep the whole picture); `maps.settings.settings` tells
    the exact parameters, any of which can be given here instead. UMAP and t-SNE start from the PCA layout;
    their keyframes are states of the real run, averaged over a window except the first and the last. Items
    with the same vector share one place; where fewer than dimensions + 2 different vectors are left, PCA
    draws them, as it does where t-SNE would draw so few items on a line (in 3-D on a plane). More vectors that are all
    equally far apart cannot be drawn so: they stand on a circle (in 3-D on a sphere). `start` (n, 2 or 3) is another
    layout to begin from. `progress(done, total)` is called while it runs. Raises BadInputError for too few items or a bad
    parameter.
    """
    n = len(embeddings)
    if not n:
        raise BadInputError("A map needs at least 1 item; add one.")
    choose = partial(
        settings,
        method,
        balance=balance,
        dimensions=dimensions,
        seed=seed,
        neighbours=neighbours,
        min_dist=min_dist,
        room=room,
        perplexity=perplexity,
        epochs=epochs,
    )
    chosen = choose(n)
    points = coordinates(embeddings.vectors, metric=metric)
    representative = representatives(
        # of many items only exact copies: a table of all pairs would take longer than the map
        points,
        tolerance=SAME if metric == "cosine" and method != "pca" and n < MANY else 0.0,
    )
    kept, row_of = np.unique(representative, return_inverse=True)
    if len(kept) >= dimensions + 2 and _equally_far(points[kept]):
        return _circle(dimensions, row_of, len(kept))
    if method == "pca" or len(kept) < dimensions + 2:
        return _still(points, chosen, representative)
    if start is not None and np.shape(start) != (n, dimensions):
        raise BadInputError(f"A start for this map must have {n} places of {dimensions} numbers.")
    begin = None if start is None else np.asarray(start, dtype=np.float32)[kept]
    projection = _run(points[kept], choose(len(kept)), begin, progress)
    if method == "tsne" and _is_flat(projection.final):
        few = f"t-SNE draws these {len(kept)} on a {'line' if dimensions == 2 else 'plane'}, which shows less; drawn by PCA."
        still = _still(points, chosen, representative)
        return replace(still, note=f"{few} {_note(points, representative)}".strip())
    note = " ".join(filter(None, [projection.note, _note(points, representative)]))
    return replace(projection, frames=projection.frames[:, row_of], note=note)


def pca(embeddings: EmbeddingSet, *, dimensions: int = 2, metric: MapMetric = "cosine") -> Projection:
    """Draw the flat view with the widest spread (Pearson 1901); one still frame, `explained` variance shares.

    Takes n items of 1 or more; missing axes are zero. Deterministic, each axis points where its largest
    weight is positive. Raises BadInputError without items.
    """
    return project(embeddings, method="pca", dimensions=dimensions, metric=metric)


def umap(embeddings: EmbeddingSet, *, dimensions: int = 2, seed: int = 0, balance: float = 0.5) -> Projection:
    """Draw a map by UMAP (McInnes, Healy & Melville 2018) with its recorded epochs; see `project`."""
    return project(embeddings, method="umap", dimensions=dimensions, seed=seed, balance=balance)


def tsne(embeddings: EmbeddingSet, *, dimensions: int = 2, seed: int = 0, balance: float = 0.5) -> Projection:
    """Draw a map by t-SNE (van der Maaten & Hinton 2008) with its recorded iterations; see `project`."""
    return project(embeddings, method="tsne", dimensions=dimensions, seed=seed, balance=balance)


def _run(
    points: FloatArray,
    chosen: MapSettings,
    begin: FloatArray | None,
    progress: Callable[[int, int], object] | None,
) -> Projection:
    layout = principal_components(points, chosen.dimensions)[0] if begin is None else begin
    start = start_layout(layout, stretch=chosen.method == "umap", seed=chosen.seed)
    total = chosen.epochs or 1
    rows = chosen.rows()
    if chosen.best_of:
        best = best_run(points, start, chosen)
        word, states, moments = "UMAP epoch", best.states, best.epochs
        rows = best.rows()
    elif chosen.method == "umap":
        word, (states, moments) = "UMAP epoch", run_umap(points, start, chosen, progress=progress)
    else:
        word, (states, moments) = "t-SNE iteration", run_tsne(points, start, chosen, progress=progress)
        states = same_size(states)
    if progress is not None:
        progress(total, total)
    keys, frames = keyframes(states)
    names = [
        "PCA layout" if begin is None else "the layout given",
        *(f"{word} {moments[key]} of {total}" for key in keys[1:]),
    ]
    return Projection(frames, tuple(names), chosen.method, "recorded", note=chosen.note, settings=rows)


def _still(points: FloatArray, chosen: MapSettings, representative: IntArray) -> Projection:
    positions, explained = principal_components(points, chosen.dimensions)
    positions = positions[representative]  # equal vectors at equal places, to the last bit
    note = _note(points, representative)
    if chosen.method != "pca" and "nothing to map" not in note:
        note = f"Only {len(np.unique(representative))} different vectors; drawn by PCA. {note}".strip()
    return Projection(positions[None], ("PCA layout",), "pca", "still", explained=explained, note=note)


def _equally_far(points: FloatArray) -> bool:
    """Tell whether all pairs of n different points (n, d) are equally far apart, up to the rounding of float32."""

    def same(distances: FloatArray) -> bool:
        return bool(np.ptp(distances) <= EQUAL * distances.max())

    for some in (points[:100], points):  # where a few differ so much, all do
        if not same(((some[1:] - some[0]) ** 2).sum(axis=1)):
            return False
    if len(points) >= MANY:  # so many equally far points have no place in fewer dimensions than items
        return bool(len(points) <= points.shape[1] + 1)
    blocks = [block for _, block in squared_distances(points)]
    return same(np.concatenate(blocks)[~np.eye(len(points), dtype=bool)])


def _circle(dimensions: int, row_of: IntArray, different: int) -> Projection:
    """Set items (n,) with so many different vectors on a circle, in 3-D evenly on a sphere (a Fibonacci lattice)."""
    step = np.arange(different, dtype=np.float64)
    if dimensions == 2:
        turn = 2 * np.pi * step / different
        places = np.column_stack([np.cos(turn), np.sin(turn)])
    else:
        height, turn = 1 - (2 * step + 1) / different, step * (np.pi * (3 - 5**0.5))
        ring = np.sqrt(1 - height**2)
        places = np.column_stack([ring * np.cos(turn), ring * np.sin(turn), height])
    ring_name = "circle" if dimensions == 2 else "sphere"
    note = f"All {different} are equally far apart; there is nothing to map. They stand on a {ring_name}."
    if len(row_of) > different:
        note += f" {_shared(len(row_of) - different)}"
    return Projection(places[row_of][None], ("all equally far apart",), CIRCLE, "still", note=note)


def _is_flat(positions: FloatArray) -> bool:
    """Tell whether a map (n, 2) lies on a line, or one (n, 3) on a plane."""
    spread = np.linalg.svd(positions - positions.mean(axis=0), compute_uv=False)
    return bool(spread[-1] < 0.01 * spread[0])


def _shared(count: int) -> str:
    if count == 1:
        return "One item has the same vector as another and shares its place."
    return f"{count} items have the same vector as another and share its place."


def _note(points: FloatArray, representative: IntArray) -> str:
    n, different = len(representative), len(np.unique(representative))
    empty = int((~points[points[:, 0] == 0].any(axis=1)).sum()) if points.size else 0
    if n > 1 and different == 1:
        return f"All {n} vectors are the same; there is nothing to map, they are drawn as one point."
    notes = []
    if empty:
        notes.append(f"{empty} of {n} vectors hold only zeros; they have no direction and share one place.")
    if n - different > max(empty - 1, 0):
        notes.append(_shared(n - different))
    return " ".join(notes)
