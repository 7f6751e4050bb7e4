"""A map while people add and remove items: the old points stay, new ones are transformed into it."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np

from embeddings_core.maps.out_of_sample import place
from embeddings_core.maps.projection import Projection
from embeddings_core.spaces.embedding_set import EmbeddingSet


@dataclass(frozen=True, eq=False)
class MapView:
    """What is on screen: the shown items, their vectors, and where they are.

    `projection` has one point an item shown. `settled` is true where the map was computed from exactly these items
    (then it carries its film), false where some were placed into, or taken out of, an older map.
    """

    embeddings: EmbeddingSet
    projection: Projection
    settled: bool
    id: str

    @property
    def items(self) -> tuple[str, ...]:
        """The items on the map, row by row."""
        return self.embeddings.items


def rotate_widest_across(projection: Projection) -> Projection:
    """Rotate a 2-D map so that its widest extent lies across the picture; a 3-D one is left as it is.

    The orientation of a map means nothing, but pages are wider than high. One rotation for all frames.
    """
    if projection.dimensions != 2 or len(projection.final) < 2:
        return projection
    centred = projection.final.astype(np.float64) - projection.final.mean(axis=0, dtype=np.float64)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    if len(axes) < 2:
        return projection
    axes *= np.sign(np.diag(axes) + (np.diag(axes) == 0))[:, None]  # the smaller of the two half turns
    return replace(projection, frames=(projection.frames @ axes.T.astype(np.float32)))


def view_map(
    shown: EmbeddingSet, *, fitted: EmbeddingSet, projection: Projection, recipe: str = ""
) -> MapView:
    """Show items on the map that was fitted to (partly) other items, without moving a point of it.

    `projection` belongs to `fitted`; `recipe` names how it was made and becomes part of the view's id.
    """
    digest = hashlib.sha256("\x1f".join((recipe, *fitted.items, "\x1e", *shown.items)).encode()).hexdigest()[
        :16
    ]
    if shown.items == fitted.items:
        return MapView(shown, projection, True, digest)
    rows = {item: row for row, item in enumerate(fitted.items)}
    new = [row for row, item in enumerate(shown.items) if item not in rows]
    positions = np.zeros((len(shown), projection.dimensions), dtype=np.float32)
    for row, item in enumerate(shown.items):
        if item in rows:
            positions[row] = projection.final[rows[item]]
    if new:
        positions[new] = place(projection, fitted, shown.take(new))
    still = Projection(
        frames=positions[None],
        frame_names=(
            f"{len(new)} placed among {len(shown) - len(new)} that stayed" if new else "the others stayed",
        ),
        method=projection.method,
        kind="still",
        explained=projection.explained,
        note=projection.note,
        settings=projection.settings,
    )
    return MapView(shown, still, False, digest)
