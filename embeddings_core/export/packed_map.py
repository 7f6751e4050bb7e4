"""A map of a table with all that its reader asks for: cells, colours, neighbours in the original space; packed for a browser.

One gzip stream: four bytes with the length of a header, the header as JSON, then flat arrays, each on a multiple of eight bytes
(assets/stage/map_data.js reads it). A file holds it as base64, a notebook sends it as it is.
"""

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.limits import EXPLORED_CHARACTERS, EXPLORED_PICTURES_BYTES, EXPLORED_ROWS
from embeddings_core.maps.knn_graph import APPROXIMATE, coordinates, neighbour_graph
from embeddings_core.maps.methods import Method
from embeddings_core.maps.projection import Projection
from embeddings_core.models.registry import model_title
from embeddings_core.scenes.payload import scene_payload
from embeddings_core.scenes.tables import Look, table_scene
from embeddings_core.spaces.vectors import FloatArray, IntArray
from embeddings_core.tables.embedding import (
    NAMING,
    Basis,
    TableSpace,
    bases,
    embed_texts,
    filled_texts,
    given_space,
    row_names,
)
from embeddings_core.tables.from_path import chosen_columns
from embeddings_core.tables.groups import named_by_table, table_groups
from embeddings_core.tables.opened import DrawnMap, draw, given_places
from embeddings_core.tables.table import Column, Table, numbers_of, texts_of

NEAR = 8  # neighbours of every row that travel with the map
FEW = 8  # rows; fewer have too few neighbours for a graph, and PCA draws them
FILM_NUMBERS = 500_000  # coordinates of a film that travels with the map; of a longer one only its end does
SHORT_NAMES = 24  # letters of a name on average: longer ones stand under the pointer only
CUTS = (10_000, 4_000, 2_000, 1_000, 500, 250, 100)  # characters of a cell, where all together are too many
FOUND = "group (found)"
OWN = "own vectors"


@dataclass(frozen=True, eq=False)
class PackedMap:
    """A map for a browser: `content` is what it unpacks, `rows` (m,) are the rows of the table that are drawn.

    `notes` say what was left out, and why.
    """

    title: str
    content: bytes
    rows: IntArray
    notes: tuple[str, ...]


def packed_map(
    table: Table,
    *,
    text: str = "",
    label: str = "",
    model: str = "minilm",
    method: Method = "umap",
    vectors: FloatArray | None = None,
    most: int = EXPLORED_ROWS,
    progress: Callable[[int, int], object] | None = None,
) -> PackedMap:
    """Embed the rows of a table, draw their map, find their neighbours, and pack all of it.

    `text` names the column that is embedded (by default what the table is best at: places, vectors, the longest text,
    numbers), `label` the one that colours at first; `vectors` (n, d) are used in place of a model's. Of more than `most`
    rows an even sample is drawn, and `notes` say so; rows that are not drawn are not embedded. `progress` gets (done, total)
    while texts are embedded. Raises BadInputError where there is no such column, or nothing to draw.
    """
    table = chosen_columns(table, text=text, label=label)
    space, told = _space(table, text=text, model=model, vectors=vectors, most=most, progress=progress)
    metric = "euclidean" if space.basis.kind in ("numbers", "places") else "cosine"
    if not len(space.rows):
        raise BadInputError("No row of this table can be drawn: cells are empty where a map needs them.")
    projection, trust = (
        (given_places(space), None)
        if space.basis.kind == "places"
        else draw(space.vectors[:], method=method if len(space.rows) >= FEW else "pca", metric=metric)
    )
    header, arrays, left_out = cells_of(table, space.rows)
    notes = (*table.notes, *told, *space.notes, *left_out)
    groups = _groups(table, space, metric)
    if groups:
        header["columns"].append(groups)
    names = row_names(table, space.basis)
    drawn = [len(name) for name in names.at(space.rows)]
    named = bool(sum(drawn)) and sum(drawn) / len(drawn) <= SHORT_NAMES
    near, cosines = _neighbours(space, metric)
    scene = scene_payload(
        table_scene(
            table,
            space,
            DrawnMap(space.rows, _short(projection), trust, "map"),
            Look(names, colour_title=label, named=named),
        ),
        compact=False,
    )
    plain = scene["scene"] | {"items": [], "keys": None}
    plain["metadata"] = [*plain["metadata"], *(["Note", note] for note in notes)]
    arrays |= {"rows": space.rows.astype(np.int32), "frames": scene["frames"], "near": near}
    if cosines is not None:
        arrays["cosines"] = cosines
    header |= {
        "title": table.title,
        "told": _told(space, (*told, *space.notes, *left_out)),
        "scene": plain,
        "naming": _place(header["columns"], _naming(table, space.basis)),
        "named": named,
        "colour": _first_colour(table, header["columns"], label),
        "nearness": _nearness(space, metric),
    }
    return PackedMap(table.title, packed(header, arrays), space.rows, notes)


def _space(
    table: Table,
    *,
    text: str,
    model: str,
    vectors: FloatArray | None,
    most: int,
    progress: Callable[[int, int], object] | None,
) -> tuple[TableSpace, tuple[str, ...]]:
    """Return the space of the rows that are drawn, and what to say of the others."""
    if vectors is not None:
        given = np.asarray(vectors, dtype=np.float32)
        if given.ndim != 2 or len(given) != len(table) or not np.isfinite(given).all():
            raise BadInputError(
                f"Own vectors are one row of finite numbers for each of the {len(table):,} rows of the table."
            )
        rows, told = _even(np.arange(len(table)), most)
        return TableSpace(rows, given[rows], Basis("vector", OWN)), told
    found = bases(table, model)
    if not found:
        raise BadInputError("No column of this table can make a map: it needs text, vectors or numbers.")
    basis = Basis("text", text, model) if text else found[0]
    if basis.kind != "text":
        space = given_space(table, basis)
        rows, told = _even(np.arange(len(space.rows)), most)
        return TableSpace(space.rows[rows], space.vectors[rows], basis, space.notes), told
    rows, texts, notes = filled_texts(table, basis.column)
    if not texts:
        raise BadInputError(f'The column "{basis.column[:60]}" has no text; name another.')
    places, told = _even(np.arange(len(rows)), most)
    chosen = [texts[place] for place in places.tolist()]
    return TableSpace(rows[places], embed_texts(chosen, basis.model, progress=progress), basis, notes), told


def _even(rows: IntArray, most: int) -> tuple[IntArray, tuple[str, ...]]:
    """Return these rows, or an even sample of them without chance, and the sentence that says so."""
    n = len(rows)
    if n <= most:
        return rows, ()
    some = rows[np.unique(np.linspace(0, n - 1, most).round().astype(np.int64))]
    return some, (
        f"{n:,} rows are more than one map shows: {len(some):,} of them are drawn, an even sample.",
    )


def _short(projection: Projection) -> Projection:
    """Return the film of a map, or its end alone where the film is long."""
    if projection.frames.size <= FILM_NUMBERS or len(projection.frames) == 1:
        return projection
    return replace(
        projection, frames=projection.final[None], frame_names=projection.frame_names[-1:], kind="still"
    )


def _neighbours(space: TableSpace, metric: str) -> tuple[np.ndarray, np.ndarray | None]:
    """Return the nearest others of every row, flat, as places among the rows that are drawn, and their cosines in 255ths."""
    k = min(NEAR, len(space.rows) - 1)
    if k < 1:
        return np.zeros(0, np.uint16), None
    points = coordinates(space.vectors[:], metric="cosine" if metric == "cosine" else "euclidean")
    near, distances = neighbour_graph(points, k)
    kind = "uint16" if len(points) <= 2**16 else "int32"
    flat = near.reshape(-1).astype(kind)
    if metric != "cosine":
        return flat, None
    cosines = 1.0 - distances.astype(np.float64) ** 2 / 2.0
    return flat, np.clip(np.rint(255 * cosines), 0, 255).astype(np.uint8).reshape(-1)


def _groups(table: Table, space: TableSpace, metric: str) -> dict[str, Any] | None:
    """Return groups that are found in the vectors, as a column."""
    if len(space.rows) < FEW or space.basis.kind == "places":
        return None
    texts: Sequence[str] = ()
    if column := _naming(table, space.basis):
        every = texts_of(table, column)
        texts = [every[row] for row in space.rows.tolist()]
    found = table_groups(space.vectors[:], texts=texts, metric=metric)
    if not texts:
        found = named_by_table(found, table, space.rows)
    cells = [found.names[label] for label in found.labels.tolist()]
    return {"name": FOUND, "kind": "text", "scale": "categories", "cells": cells}


def cells_of(table: Table, rows: IntArray) -> tuple[dict[str, Any], dict[str, np.ndarray], tuple[str, ...]]:
    """Return the columns with the cells of these rows, texts in the header, numbers as arrays; and what was left out."""
    texts = {
        column.name: [cells[row] for row in rows.tolist()]
        for column in table.columns
        if column.kind in ("text", "picture")
        for cells in [texts_of(table, column.name)]
    }
    cut = _cut([texts[column.name] for column in table.columns if column.kind == "text"])
    notes = []
    if cut:
        notes.append(f"Cells are cut at {cut:,} characters: all together they are too many for one map.")
    columns: list[dict[str, Any]] = []
    arrays: dict[str, np.ndarray] = {}
    for column in table.columns:
        at = len(columns)
        shown: dict[str, Any] = {"name": column.name, "kind": column.kind, "scale": ""}
        if column.kind == "vector":
            continue  # a thousand numbers a row say nothing to a reader
        if column.kind in ("number", "date"):
            arrays[f"numbers {at}"] = numbers_of(table, column.name)[rows].astype(np.float64)
            shown["scale"] = "categories" if column.role == "label" else "ramp"
        else:
            cells = texts[column.name]
            if column.kind == "picture" and sum(map(len, cells)) > EXPLORED_PICTURES_BYTES:
                notes.append(
                    f'The pictures of "{column.name[:60]}" are too many for one map and are left out.'
                )
                continue
            if column.kind == "text" and cut:
                cells = [cell if len(cell) <= cut else cell[: cut - 1] + "…" for cell in cells]
            values = list(dict.fromkeys(cells))
            if len(values) <= min(len(cells) // 2, 2**16):
                place = {value: code for code, value in enumerate(values)}
                arrays[f"codes {at}"] = np.array([place[cell] for cell in cells], dtype=np.uint16)
                shown["values"] = values
            else:
                shown["cells"] = cells
            if column.kind == "text" and _repeats(column, len(values), len(cells)):
                shown["scale"] = "categories"
        columns.append(shown)
    return {"columns": columns}, arrays, tuple(notes)


def _repeats(column: Column, different: int, n: int) -> bool:
    return column.role == "label" or (different < n if column.role != "text" else different <= n // 2)


def _cut(columns: Sequence[Sequence[str]]) -> int:
    """Return how many characters a cell may keep, so that all together are not too many; 0 for all."""
    lengths = np.array([len(cell) for cells in columns for cell in cells], dtype=np.int64)
    if lengths.sum() <= EXPLORED_CHARACTERS:
        return 0
    return next((most for most in CUTS if np.minimum(lengths, most).sum() <= EXPLORED_CHARACTERS), CUTS[-1])


def _naming(table: Table, basis: Basis) -> str:
    """Return the column that names rows; "" where none does."""
    if basis.kind == "text":
        return basis.column
    named = [column.name for role in NAMING for column in table.of_role(role) if column.kind == "text"]
    return named[0] if named else ""


def _place(columns: Sequence[dict[str, Any]], name: str) -> int:
    return next((at for at, column in enumerate(columns) if column["name"] == name), -1)


def _first_colour(table: Table, columns: Sequence[dict[str, Any]], label: str) -> int:
    """Return the column that colours at first: the one asked for, a label, or the groups that were found."""
    named = [label, table.label(), FOUND]
    for name in named:
        at = _place(columns, name)
        if at >= 0 and columns[at]["scale"]:
            return at
    return -1


def _told(space: TableSpace, notes: Sequence[str]) -> str:
    """Say in a line what is shown."""
    n = len(space.rows)
    basis = space.basis
    what = OWN if basis.column == OWN else basis.title
    if basis.model:
        what = f'"{basis.column}" read by {model_title(basis.model)}'
    rows = "1 row" if n == 1 else f"{n:,} rows"
    return " · ".join([rows, what, *notes])


def _nearness(space: TableSpace, metric: str) -> str:
    """Say how neighbours were found."""
    d = space.vectors.shape[1]
    if space.basis.kind == "places":
        return "By distance on the map: the table brings no vectors."
    said = (
        f"By {'cosine' if metric == 'cosine' else 'straight-line distance'} in all {d:,} numbers, "
        "not on the picture."
    )
    many = len(space.rows) >= APPROXIMATE
    return said + (" Among so many rows one or two may be missing." if many else "")


def packed(header: dict[str, Any], arrays: dict[str, np.ndarray]) -> bytes:
    """Pack a header and arrays as one gzip stream, the same for the same input."""
    listed: list[dict[str, Any]] = []
    parts: list[bytes] = []
    offset = 0
    for name, array in arrays.items():
        content = np.ascontiguousarray(array).tobytes()
        listed.append({"name": name, "dtype": str(array.dtype), "offset": offset, "length": array.size})
        parts += [content, bytes(-len(content) % 8)]
        offset += len(content) + len(parts[-1])
    text = json.dumps(header | {"arrays": listed}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    head = text.encode("utf-8", "replace")
    begin = len(head).to_bytes(4, "little") + head
    return gzip.compress(b"".join([begin, bytes(-len(begin) % 8), *parts]), compresslevel=6, mtime=0)
