"""A table as somebody brings it: rows that stay where they are, and columns that know what they are good for."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.vectors import FloatArray

if TYPE_CHECKING:
    import pyarrow as pa

Role = Literal["text", "label", "number", "date", "vector", "picture", "x", "y", "id", "other"]
ROLES: tuple[Role, ...] = ("text", "label", "number", "date", "vector", "picture", "x", "y", "id", "other")
IN_NUMBERS: frozenset[Role] = frozenset({"number", "x", "y"})
NO_LABEL = "(empty)"


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

    Cells are text, float64, timestamps, or lists of float32 of one length; an empty cell is null.
    Raises BadInputError where columns and rows do not fit together.
    """

    title: str
    columns: tuple[Column, ...]
    rows: "pa.Table"
    source: str
    notes: tuple[str, ...] = ()

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
    cells = table.rows.column(name)
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
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else f"{value:.10g}"


def date_text(value: object) -> str:
    """Write a moment; without its time where that is midnight."""
    return str(value).removesuffix(" 00:00:00")


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
    flat = np.asarray(cells.drop_null().flatten(), dtype=np.float32)
    return filled, flat.reshape(len(filled), column.dimensions)
