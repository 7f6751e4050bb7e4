"""A table as somebody brings it: rows that stay where they are, and columns that know what they are good for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeVar

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.vectors import FloatArray, IntArray

if TYPE_CHECKING:
    import pyarrow as pa

Role = Literal["text", "label", "number", "date", "vector", "picture", "x", "y", "id", "other"]
ROLES: tuple[Role, ...] = ("text", "label", "number", "date", "vector", "picture", "x", "y", "id", "other")
IN_NUMBERS: frozenset[Role] = frozenset({"number", "x", "y"})
NO_LABEL = "(empty)"
MOST_CATEGORIES = 20  # colours of a legend; the others share "other"
MOST_CODED = 10_000  # different cells that are remembered; a column of texts would be held twice
T = TypeVar("T")


@dataclass(frozen=True)
class Column:
    """One column: what it is used as, and how many of its cells are `filled` and `distinct`.

    `kind` is what its cells hold: text, numbers, dates, vectors (of so many `dimensions`) or pictures.
    """

    name: str
    role: Role
    kind: Literal["text", "number", "date", "vector", "picture"]
    filled: int
    distinct: int
    dimensions: int = 0

    @property
    def possible(self) -> tuple[Role, ...]:
        """The roles that its cells allow."""
        if self.kind == "number":
            return ("number", "label", "x", "y", "id", "other")
        if self.kind == "date":
            return ("date", "label", "other")
        if self.kind == "text":
            return ("text", "label", "id", "other")
        return (self.kind, "other")


@dataclass(frozen=True, eq=False)
class Table:
    """Rows (an Arrow table) with their columns; `source` is the digest of what was read, `notes` what was found on the way.

    Cells are text, float64, timestamps, or lists of float32 of one length; an empty cell is null. Rows of a LanceDB table stay
    there (`lance_rows.LanceRows` has what is used here of an Arrow table). `known` holds what was counted of columns, for all
    who look at this content: use `remembered`.
    Raises BadInputError where columns and rows do not fit together.
    """

    title: str
    columns: tuple[Column, ...]
    rows: "pa.Table"
    source: str
    notes: tuple[str, ...] = ()
    known: dict[tuple[str, ...], object] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if [column.name for column in self.columns] != list(self.rows.column_names):
            raise BadInputError("Each column of a table needs a description with its name.")
        for column in self.columns:
            if column.role not in column.possible:
                raise BadInputError(
                    f'The column "{column.name[:60]}" holds {PLURAL[column.kind]} and can not be used as {column.role}; '
                    f"choose {' or '.join(column.possible)}."
                )

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """Return a column by its name; raise BadInputError, which names the columns there are."""
        found = next((column for column in self.columns if column.name == name), None)
        if found is None:
            known = ", ".join(f'"{each[:40]}"' for each in self.names[:12])
            raise BadInputError(f'This table has no column "{name[:60]}"; it has {known}.')
        return found

    def label(self, *, but: str = "") -> str:
        """Return the column of labels to colour by: the first that a legend has room for, else the first; "" without any."""
        labels = [column for column in self.of_role("label") if column.name != but]
        few = (column for column in labels if 1 < column.distinct <= MOST_CATEGORIES)
        found = next(few, labels[0] if labels else None)
        return found.name if found else ""

    def of_role(self, *roles: Role) -> tuple[Column, ...]:
        """Return the columns with one of these roles, in their order."""
        return tuple(column for column in self.columns if column.role in roles)


PLURAL = {
    "text": "text", "number": "numbers", "date": "dates", "vector": "vectors", "picture": "pictures",
}  # fmt: skip


def with_roles(table: Table, roles: dict[str, Role]) -> Table:
    """Return the table with some roles changed by name; a second "x" takes the place of the first, as does a second "y"."""
    changed = []
    for column in table.columns:
        role = roles.get(column.name, column.role)
        if role in ("x", "y") and role in roles.values() and column.name not in roles:
            role = "number"
        changed.append(replace(column, role=role))
    return replace(table, columns=tuple(changed))


def texts_of(table: Table, name: str) -> list[str]:
    """Return the cells of a column as text, "" where one is empty; whole numbers without a point, dates as ISO 8601."""
    kind = table.column(name).kind
    return cell_texts(table.rows.column(name), kind)


def texts_at(table: Table, name: str, rows: Sequence[int] | IntArray) -> list[str]:
    """Return the cells of a column in some rows as text, in the order of the rows; the others are not read."""
    at, kind = np.asarray(rows, dtype=np.int64), table.column(name).kind
    return cell_texts(table.rows.select([name]).take(at).column(0), kind) if len(at) else []


def stretches(table: Table, names: Sequence[str]) -> "Iterator[pa.Table]":
    """Yield some columns of all rows, from the first to the last; of rows on disk a stretch at a time."""
    rows = table.rows.select(list(names))
    yield from rows.stretches() if hasattr(rows, "stretches") else [rows]


def cell_texts(cells: "pa.ChunkedArray", kind: str) -> list[str]:
    """Return cells of a kind as text, see `texts_of`."""
    if kind == "number":
        return ["" if value is None else number_text(value) for value in cells.to_pylist()]
    if kind == "date":
        return ["" if value is None else date_text(value) for value in cells.to_pylist()]
    if kind == "vector":
        return [
            "" if value is None else " ".join(f"{number:.6g}" for number in value)
            for value in cells.to_pylist()
        ]
    return ["" if value is None else str(value) for value in cells.to_pylist()]


def number_text(value: float) -> str:
    """Write a number as people do: 3 and not 3.0."""
    return str(int(value)) if float(value).is_integer() and abs(value) <= 2**53 else f"{value:.10g}"


def date_text(value: object) -> str:
    """Write a moment; without its time where that is midnight."""
    return str(value).removesuffix(" 00:00:00")


def remembered(table: Table, key: tuple[str, ...], make: Callable[[], T]) -> T:
    """Return what `make` counts of a table's columns, counted once for all who look at this content."""
    if key not in table.known:
        table.known[key] = make()
    return table.known[key]  # type: ignore[return-value]


def coded(table: Table, name: str) -> tuple[tuple[str, ...], IntArray]:
    """Return the different cells of a column as text, and for every row (n,) the number of its own; −1 where it is empty."""
    key = ("coded", name)
    if key in table.known:
        return table.known[key]  # type: ignore[return-value]
    found = _coded(table, name)
    return remembered(table, key, lambda: found) if len(found[0]) <= MOST_CODED else found


def _coded(table: Table, name: str) -> tuple[tuple[str, ...], IntArray]:
    kind = table.column(name).kind
    place: dict[str, int] = {"": -1}
    parts = []
    for rows in stretches(table, [name]):
        cells = rows.column(0).combine_chunks()
        if kind == "vector":
            own, at = cell_texts(cells, kind), np.arange(len(cells))
        else:
            encoded = cells.dictionary_encode()
            own = cell_texts(encoded.dictionary, kind)
            at = np.asarray(encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)
        renamed = [-1 if text == "" else place.setdefault(text, len(place) - 1) for text in own]
        parts.append(np.array([*renamed, -1], dtype=np.int32)[at])
    return tuple(place)[1:], np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)


def numbers_of(table: Table, name: str) -> FloatArray:
    """Return the numbers of a column (n,), dates as seconds since 1970; NaN where a cell is empty."""
    kind = table.column(name).kind
    cells = table.rows.column(name)
    if kind == "date":
        values = cells.to_numpy(zero_copy_only=False).astype("datetime64[ms]")
        seconds = values.astype(np.float64) / 1000.0
        seconds[np.isnat(values)] = np.nan
        return np.asarray(seconds)
    if kind != "number":
        raise BadInputError(f'The column "{name[:60]}" holds no numbers.')
    return np.asarray(cells.to_numpy(zero_copy_only=False), dtype=np.float64)


def vectors_of(table: Table, name: str) -> tuple[np.ndarray, FloatArray]:
    """Return the vectors of a column: the rows that have one (m,), and the vectors (m, d) float32."""
    column = table.column(name)
    if column.kind != "vector":
        raise BadInputError(f'The column "{name[:60]}" holds no vectors.')
    cells = table.rows.column(name).combine_chunks()
    filled = np.flatnonzero(np.asarray(cells.is_valid()))
    # where none is empty they are seen where they lie; else `drop_null` copies
    flat = np.asarray((cells.drop_null() if cells.null_count else cells).flatten(), dtype=np.float32)
    return filled, flat.reshape(len(filled), column.dimensions)
