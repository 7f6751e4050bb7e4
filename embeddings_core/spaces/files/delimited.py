"""Tables of names and numbers with commas, semicolons or tabs between: what spreadsheets and this application write."""

import csv
import io
from collections.abc import Iterator
from typing import IO

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.files.form import MISSING, Columns, Form, is_number
from embeddings_core.spaces.files.source import Source, Words, capped, check_dimensions
from embeddings_core.spaces.files.text import unquoted, usable
from embeddings_core.spaces.texts import without_guard
from embeddings_core.spaces.vectors import FloatArray

OUR_TITLES = (
    "item",
    "dim_0",
)  # of the tables that this application writes; a sign of theirs guards against formulas


def read_delimited(source: Source, *, form: Form, limit: int, unique: bool = True) -> Words:
    """Read a table: one row an item, columns as `form` says; quotation marks are read as spreadsheets write them.

    Raises BadInputError that names the line where a row has other columns or holds no number; an empty cell is a
    missing number. With `unique` the words are `usable`; without it every row stays, for another file to name it. Rows
    without names have no items.
    """
    columns = form.columns
    assert columns is not None
    check_dimensions(form.dimensions)
    names: list[str] = []
    groups: list[str] = []
    tables: list[FloatArray] = []
    notes, more, ours = list(form.notes), False, False
    with source.open() as file:
        titles = form.titled
        for number, row in _rows(file, form.separator, above=form.above):
            if titles:
                ours, titles = tuple(row[:2]) == OUR_TITLES, False
                continue
            if len(row) != columns.count:
                raise BadInputError(f"Line {number:,} has {len(row):,} columns, expected {columns.count:,}.")
            if len(tables) == limit:
                more = True
                break
            tables.append(_numbers(row, columns, number=number, comma=form.comma))
            names.append("" if columns.name is None else row[columns.name])
            groups.append("" if columns.group is None else row[columns.group].strip() or "(empty)")
    if not tables:
        raise BadInputError("The file holds no vectors.")
    if more:
        notes.append(capped(limit))
    vectors = np.stack(tables)
    kept_groups = None if columns.group is None else tuple(groups)
    if columns.name is None:
        return Words((), vectors, "table", tuple(notes), groups=kept_groups, more=more)
    plain = map(without_guard, names) if ours else unquoted(names, notes)
    items = tuple(name or "(empty)" for name in plain)
    found = Words(items, vectors, "table", tuple(notes), groups=kept_groups, more=more)
    return usable(found) if unique else found


def _rows(file: IO[bytes], separator: str, *, above: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Give each row that is not empty with the number of its first line; lines of comments `above` are left out."""
    passed = 0
    while above and (line := file.readline()):
        passed += 1
        above -= bool(line.strip())
    text = io.TextIOWrapper(file, "utf-8", "replace", newline="")
    reader = csv.reader(text, delimiter=separator)
    before = 0
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield passed + before + 1, row
            before = reader.line_num
    except csv.Error as error:
        raise BadInputError(
            f"Line {passed + before + 1:,} has a cell of over {csv.field_size_limit():,} letters; a quotation mark may be missing."
        ) from error
    finally:
        text.detach()


def _numbers(row: list[str], columns: Columns, *, number: int, comma: bool) -> FloatArray:
    cells = [row[column].strip() for column in columns.vector]
    values = []
    for cell in cells:
        if not is_number(cell.encode(), comma=comma):
            if cell.encode().lower() not in MISSING:
                raise BadInputError(
                    f"Line {number:,} holds something that is not a number; repair or remove it."
                )
            cell = "nan"
        values.append(float(cell.replace(",", ".") if comma else cell))
    with np.errstate(over="ignore"):
        return np.array(values).astype(np.float32)
