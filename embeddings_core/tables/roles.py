"""What each column is probably good for: guessed from its kind, its name and its cells; people change it."""

import re
from typing import TYPE_CHECKING

import numpy as np

from embeddings_core.tables.arrow_numbers import dense
from embeddings_core.tables.table import Column, Role

if TYPE_CHECKING:
    import pyarrow as pa

LABELS = 60  # different values of a column that colours
FEW_NUMBERS = 12  # different whole numbers that may be labels: stars, digits, classes
SHORT = 40  # characters of a label on average
PICTURE = ("data:image/",)
CALLED_LABEL = re.compile(
    r"label|class|categor|target|genre|topic|group|cluster|species|stars|rating|sentiment|type|kind|status|country|language|gender|"
    r"digit",
    re.I,
)  # fmt: skip
CALLED_TEXT = re.compile(
    r"text|review|sentence|body|content|comment|abstract|description|message|document|question|title", re.I
)
CALLED_ID = re.compile(r"(?:^|[_\W])(?:id|uuid|guid|key|index|idx|no|nr)$|^unnamed", re.I)
PLACE = re.compile(
    r"^(?:(?:umap|tsne|t-sne|pca|projection|coord|embedding|map)?[ _-]?(x|y)|(?:umap|tsne|pca)[ _-]?([12]))$",
    re.I,
)


def described(rows: "pa.Table") -> tuple[Column, ...]:
    """Describe every column of an Arrow table of typed columns."""
    columns = [_column(name, rows.column(name)) for name in rows.column_names]
    places = [_axis(column.name) if column.kind == "number" else "" for column in columns]
    if places.count("x") == 1 and places.count("y") == 1:
        columns = [
            _as(column, "x" if place == "x" else "y") if place else column
            for column, place in zip(columns, places, strict=True)
        ]
    if not any(column.role == "text" for column in columns):  # a list of words has no long text
        spare = [column for column in columns if column.kind == "text" and column.filled]
        if any(column.role == "id" for column in spare) or any(column.kind != "text" for column in columns):
            spare = [
                column for column in spare if column.role == "id"
            ]  # there are numbers or names to draw; labels colour
        if spare:

            def suits(column: Column) -> tuple[object, ...]:
                return CALLED_TEXT.search(column.name) is not None, likely_words(rows.column(column.name))

            words = max(spare, key=suits)
            columns[columns.index(words)] = _as(words, "text")
    return tuple(columns)


def _as(column: Column, role: Role) -> Column:
    from dataclasses import replace

    return replace(column, role=role)


def _axis(name: str) -> str:
    match = PLACE.match(name.strip())
    if not match:
        return ""
    return (match[1] or {"1": "x", "2": "y"}[match[2]]).lower()


def _column(name: str, cells: "pa.ChunkedArray") -> Column:
    import pyarrow as pa
    import pyarrow.compute as pc

    n, filled = len(cells), len(cells) - cells.null_count
    if pa.types.is_fixed_size_list(cells.type):
        return Column(name, "vector", "vector", filled, filled, int(cells.type.list_size))
    distinct = int(pc.count_distinct(cells).as_py())
    if pa.types.is_timestamp(cells.type):
        return Column(name, "date", "date", filled, distinct)
    if pa.types.is_floating(cells.type):
        values = dense(cells.drop_null())
        whole = bool(len(values)) and bool((values == np.round(values)).all())
        role: Role = "number"
        if (
            whole
            and distinct <= FEW_NUMBERS
            and (CALLED_LABEL.search(name) or set(values) <= {0.0, 1.0})
            and n > distinct
        ):
            role = "label"
        elif whole and distinct == filled == n > 1 and (CALLED_ID.search(name) or _counts(values)):
            role = "id"
        return Column(name, role, "number", filled, distinct)
    head = [str(cell) for cell in cells.drop_null().slice(0, 400).to_pylist()]
    if head and sum(cell.startswith(PICTURE) for cell in head) >= 0.9 * len(head):
        return Column(name, "picture", "picture", filled, distinct)
    return Column(name, _text_role(name, head, filled, distinct), "text", filled, distinct)


def likely_words(cells: "pa.ChunkedArray") -> tuple[bool, bool, float]:
    """Rank columns of different short cells: names and words before codes and numbers of tickets."""
    head = [str(cell).strip() for cell in cells.drop_null().slice(0, 400).to_pylist()]
    letters = sum(sum(map(str.isalpha, cell)) for cell in head) / max(1, sum(map(len, head)))
    read = [cell for cell in head if not cell.isupper() or " " in cell]  # AD, JFK and EUR are codes
    return letters > 0.7, 2 * len(read) > len(head), round(letters, 1)


def _counts(values: np.ndarray) -> bool:
    """Tell whether these are 0, 1, 2 … or 1, 2, 3 …: row numbers that somebody exported."""
    return len(values) > 20 and bool((np.diff(values) == 1).all())


def _text_role(name: str, head: list[str], filled: int, distinct: int) -> Role:
    if not head:
        return "other"
    length = float(np.mean([len(cell) for cell in head]))
    spaces = float(np.mean([" " in cell.strip() for cell in head]))
    repeated = distinct <= max(1, filled // 3) or (
        distinct <= LABELS and distinct < filled and CALLED_LABEL.search(name) is not None
    )
    if repeated and distinct <= LABELS and length <= SHORT and not (CALLED_TEXT.search(name) and length > 15):
        return "label"
    if spaces >= 0.5 or length > SHORT or CALLED_TEXT.search(name):
        return "text"
    if repeated and length <= SHORT:
        return "label"  # many labels, but labels: countries, authors
    return "id"
