"""Scenes of own tables: rows as points, coloured by a column, with what is chosen before the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.limits import LIVE_ROWS
from embeddings_core.maps.methods import title_of
from embeddings_core.maps.timeline import in_one_frame
from embeddings_core.models.registry import model_title
from embeddings_core.scenes.metadata import map_metadata, metadata
from embeddings_core.scenes.scene import Link, Motion, Pictures, Points, Scene
from embeddings_core.spaces.vectors import FloatArray, IntArray
from embeddings_core.tables.embedding import RowNames, TableSpace
from embeddings_core.tables.filters import Mask
from embeddings_core.tables.opened import GIVEN, DrawnMap
from embeddings_core.tables.questions import Categories
from embeddings_core.tables.table import Table

ASIDE, CHOSEN = 0.45, 1.25  # sizes of points that are not chosen, and of those that are, where there are both
SMALLEST, LARGEST = 0.5, 2.0  # sizes by a column
MOST_PICTURES = 2_000  # beyond, the page would carry megabytes of them
OWN_NUMBERS = "none: the table's own numbers"
TEXT = 60  # characters of a row's name


@dataclass(frozen=True, eq=False)
class Look:
    """How rows are shown: all arrays have an entry a row of the table.

    `categories` or `ramp` (0 to 1, NaN for none) colour them, `sizes` (the same) make them larger, `colour_title` says
    what the colours are. `chosen` rows stand before the others, `picked` is the row that is looked at, `near` (k,) its
    neighbours, `trails` (m,) rows whose way is drawn. Rows that are not `named` show their names under the pointer only.
    """

    names: Sequence[str]
    categories: Categories | None = None
    ramp: FloatArray | None = None
    colour_title: str = ""
    chosen: Mask | None = None
    picked: int | None = None
    near: IntArray | None = None
    named: bool = True
    pictures: Sequence[str] | None = None
    trails: IntArray | None = None
    sizes: FloatArray | None = None


def short_name(text: str, row: int) -> str:
    """Return what a row is called on the map: its text, cut; its number where it has none."""
    flat = " ".join(text.split())
    return (flat if len(flat) <= TEXT else flat[: TEXT - 1] + "…") or f"row {row + 1}"


def table_scene(table: Table, space: TableSpace, drawn: DrawnMap, look: Look) -> Scene:
    """Show a map of the rows of a table."""
    rows, projection = drawn.rows, drawn.projection
    called = (
        look.names.at(rows)
        if isinstance(look.names, RowNames)
        else [look.names[row] for row in rows.tolist()]
    )
    place = {int(row): at for at, row in enumerate(rows.tolist())}
    chosen = None if look.chosen is None or look.chosen[rows].all() else look.chosen[rows]
    groups, finer, values, sizes = None, None, None, None
    names: tuple[str, ...] = ()
    finer_names: tuple[str, ...] = ()
    if look.categories is not None:
        groups = look.categories.groups[rows]
        if chosen is not None:
            groups = np.where(chosen, groups, -1)
        if look.categories.finer is not None:
            finer_names = look.categories.finer.names
            finer = look.categories.finer.groups[rows]
            finer = finer if chosen is None else np.where(chosen, finer, -1)
        names = tuple(
            f"{name} · {count:,}"
            for name, count in zip(look.categories.names, look.categories.counts, strict=True)
        )
    elif look.ramp is not None:
        values = np.nan_to_num(look.ramp[rows], nan=0.0)
    elif chosen is not None:
        groups, names = np.where(chosen, 0, -1), ("chosen",)
    if look.sizes is not None:
        spread = (
            SMALLEST + (LARGEST - SMALLEST) * np.nan_to_num(look.sizes[rows], nan=0.0) ** 0.5
        )  # the area tells, not the width
        sizes = np.asarray(spread if chosen is None else np.where(chosen, spread, ASIDE), dtype=np.float32)
    elif chosen is not None:
        sizes = np.where(chosen, CHOSEN if chosen.sum() <= len(rows) // 3 else 1.0, ASIDE).astype(np.float32)
    picked = None if look.picked is None else place.get(look.picked)
    near = [place[row] for row in (() if look.near is None else look.near.tolist()) if row in place]
    links = (
        ()
        if picked is None
        else tuple(Link(picked, other, "neighbour", rank) for rank, other in enumerate(near))
    )
    if look.named:
        priority = np.linspace(0.4, 0.0, len(rows), dtype=np.float32)
        if chosen is not None:
            priority = priority + chosen.astype(np.float32) * 0.5
    else:
        priority = np.full(len(rows), -1.0, dtype=np.float32)
    images = None
    if look.pictures is not None and len(rows) <= MOST_PICTURES:
        images = tuple(
            look.pictures[row] if look.pictures[row].startswith("data:image/") else ""
            for row in rows.tolist()
        )
    noun = "row" if len(rows) == 1 else "rows"
    sampled = "" if len(rows) == len(drawn.all_rows) else f" of {len(drawn.all_rows):,}, an even sample"
    asked_among = "" if not drawn.sampled else f" among {min(LIVE_ROWS, len(drawn.all_rows)):,}"
    return Scene(
        id=drawn.id,
        points=Points(
            tuple(short_name(name, row) for name, row in zip(called, rows.tolist(), strict=True)),
            keys=tuple(f"row {row}" for row in rows.tolist()),
            groups=groups,
            group_names=names,
            finer=finer,
            finer_names=finer_names,
            values=values,
            values_title=look.colour_title if values is not None else "",
            sizes=sizes,
            priority=priority,
            selected=picked,
            highlighted=tuple(near),
        ),
        motion=Motion(
            in_one_frame(projection.frames) if projection.kind == "recorded" else projection.frames,
            projection.frame_names,
            kind=projection.kind,
            trails=tuple(place[row] for row in (() if look.trails is None else look.trails.tolist()) if row in place),
            seconds=6.0 if len(projection.frames) > 2 else 3.0,
        ),
        map_id=drawn.id,
        title="as given" if projection.method == GIVEN else title_of(projection.method),
        alt=f"Map of {len(rows):,} {noun}{sampled} of {table.title}, coloured by {look.colour_title or 'nothing'}.",
        links=links,
        pictures=Pictures(images),
        metadata=metadata(
            map_metadata(
                projection, items=(), model=model_title(space.basis.model) if space.basis.model else OWN_NUMBERS,
                dimensions=space.vectors.shape[1],
                metric="cosine" if space.basis.kind in ("text", "vector") else "euclidean",
            ),
            Items=f"{len(rows):,} {noun}{sampled}",
            Groups=f"the column {look.colour_title}" if look.categories is not None else "",
            Trust="" if drawn.trust is None else f"{drawn.trust:.2f}: of each row's 10 nearest in truth, "
            f"{round(100 * drawn.trust)} in 100 are among its 10 nearest in this picture (1,000 rows asked{asked_among})",
            **({"Axes": "those of the table", "Picture": "the places that the table gives"} if projection.method == GIVEN else {}),
        ),
    )  # fmt: skip
