"""Scenes of own tables: rows as points, coloured by a column, with what is chosen before the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.limits import LARGE_MAP, LARGE_MAP_NAMES, LIVE_ROWS
from embeddings_core.maps.methods import title_of
from embeddings_core.models.registry import model_title
from embeddings_core.scenes.labels import in_one_line
from embeddings_core.scenes.large import LargeScene, PackedNames
from embeddings_core.scenes.metadata import map_metadata, metadata
from embeddings_core.scenes.scene import Link, Metadata, Motion, Pictures, Points, Scene
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


def short_names(texts: Sequence[str], rows: IntArray) -> list[str]:
    """Return what rows are called, see `short_name`: a thousand at once where nothing about their texts is to change."""
    names: list[str] = []
    for start in range(0, len(texts), 1_000):
        part = texts[start : start + 1_000]
        if in_one_line(part, length=TEXT):
            names += part
        else:
            names += map(short_name, part, rows[start : start + 1_000].tolist())
    return names


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
    groups, names, values = _colours(look, rows, chosen)
    finer, sizes = None, None
    finer_names: tuple[str, ...] = ()
    if look.categories is not None and look.categories.finer is not None:
        finer_names = look.categories.finer.names
        finer = look.categories.finer.groups[rows]
        finer = finer if chosen is None else np.where(chosen, finer, -1)
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
    return Scene(
        id=drawn.id,
        points=Points(
            tuple(short_names(called, rows)),
            keys=tuple(f"row {row}" for row in rows.tolist()),
            groups=groups,
            group_names=names,
            finer=finer,
            finer_names=finer_names,
            values=None if values is None else np.nan_to_num(values, nan=0.0),
            values_title=look.colour_title if values is not None else "",
            sizes=sizes,
            priority=priority,
            selected=picked,
            highlighted=tuple(near),
        ),
        motion=Motion(
            projection.frames,
            projection.frame_names,
            kind=projection.kind,
            trails=tuple(place[row] for row in (() if look.trails is None else look.trails.tolist()) if row in place),
            seconds=6.0 if len(projection.frames) > 2 else 3.0,
        ),
        map_id=drawn.id,
        title=_title(drawn),
        alt=_alt(table, drawn, look, len(rows)),
        links=links,
        pictures=Pictures(images),
        metadata=_metadata(space, drawn, look, len(rows)),
    )  # fmt: skip


def is_large(drawn: DrawnMap, look: Look) -> bool:
    """Whether the stage draws all rows of a map by itself, without names on it: very many on a plane, without pictures."""
    return len(drawn.all_rows) > LARGE_MAP and drawn.projection.dimensions == 2 and look.pictures is None


def large_table_scene(table: Table, space: TableSpace, drawn: DrawnMap, look: Look) -> LargeScene:
    """Show a map of very many rows: all that have a place, in the order of `drawn.all_rows`."""
    rows, projection = drawn.all_rows, drawn.projection
    chosen = None if look.chosen is None or look.chosen[rows].all() else look.chosen[rows]
    groups, names, values = _colours(look, rows, chosen)
    if values is not None and chosen is not None:
        values = np.where(chosen, values, np.nan)
    asked = [] if look.picked is None else [look.picked, *([] if look.near is None else look.near.tolist())]
    places = np.searchsorted(rows, asked)
    found = [
        int(at) for row, at in zip(asked, places.tolist(), strict=True) if at < len(rows) and rows[at] == row
    ]
    picked = found[0] if asked and found and rows[found[0]] == asked[0] else None
    called = None
    if len(rows) <= LARGE_MAP_NAMES:
        key = look.names.column if isinstance(look.names, RowNames) else None
        called = drawn.names.get(key)
        if called is None:
            texts = (
                look.names.at(rows) if isinstance(look.names, RowNames) else [look.names[row] for row in rows]
            )
            called = drawn.names[key] = PackedNames(short_names(texts, rows))
    return LargeScene(
        drawn.id,
        projection.frames if drawn.states is None else drawn.states,
        frame_names=projection.frame_names if drawn.states is None else drawn.state_names,
        kind=projection.kind,
        groups=groups,
        group_names=names,
        values=values,
        values_title=look.colour_title if values is not None else "",
        names=called,
        selected=picked,
        links=()
        if picked is None
        else tuple(Link(picked, other, "neighbour", rank) for rank, other in enumerate(found[1:])),
        map_id=drawn.id,
        title=_title(drawn),
        alt=_alt(table, drawn, look, len(rows)),
        metadata=_metadata(space, drawn, look, len(rows)),
    )


def _colours(
    look: Look, rows: IntArray, chosen: Mask | None
) -> tuple[IntArray | None, tuple[str, ...], FloatArray | None]:
    """Return the groups of some rows with their names, or their places on a ramp; rows that are not chosen have no group."""
    if look.categories is not None:
        groups = look.categories.groups[rows]
        counted = zip(look.categories.names, look.categories.counts, strict=True)
        names = tuple(f"{name} · {count:,}" for name, count in counted)
        return groups if chosen is None else np.where(chosen, groups, -1), names, None
    if look.ramp is not None:
        return None, (), look.ramp[rows]
    return (None, (), None) if chosen is None else (np.where(chosen, 0, -1), ("chosen",), None)


def _title(drawn: DrawnMap) -> str:
    return "as given" if drawn.projection.method == GIVEN else title_of(drawn.projection.method)


def _of_rows(drawn: DrawnMap, count: int) -> str:
    """Say of how many rows a picture is."""
    noun = "row" if count == 1 else "rows"
    every = len(drawn.all_rows)
    return f"{count:,} {noun}" + ("" if count == every else f" of {every:,}, an even sample")


def _alt(table: Table, drawn: DrawnMap, look: Look, count: int) -> str:
    return f"Map of {_of_rows(drawn, count)} of {table.title}, coloured by {look.colour_title or 'nothing'}."


def _metadata(space: TableSpace, drawn: DrawnMap, look: Look, count: int) -> Metadata:
    given = drawn.projection.method == GIVEN
    among = f" among {min(LIVE_ROWS, len(drawn.all_rows)):,}" if drawn.sampled else ""
    return metadata(
        map_metadata(
            drawn.projection, items=(), model=model_title(space.basis.model) if space.basis.model else OWN_NUMBERS,
            dimensions=space.vectors.shape[1],
            metric="euclidean" if space.basis.kind in ("numbers", "places") else "cosine",
        ),
        Items=_of_rows(drawn, count),
        Groups=f"the column {look.colour_title}" if look.categories is not None else "",
        Trust="" if drawn.trust is None else f"{drawn.trust:.2f}: of each row's 10 nearest in truth, "
        f"{round(100 * drawn.trust)} in 100 are among its 10 nearest in this picture (1,000 rows asked{among})",
        **({"Axes": "those of the table", "Picture": "the places that the table gives"} if given else {}),
    )  # fmt: skip
