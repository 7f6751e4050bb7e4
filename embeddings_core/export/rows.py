"""Rows of a table as files: harmless in spreadsheets, exact in Parquet."""

import io
from typing import TYPE_CHECKING

from embeddings_core.export.tables import csv_table, for_spreadsheets

if TYPE_CHECKING:
    import pyarrow as pa


def rows_csv(rows: "pa.Table") -> bytes:
    """Write rows as CSV with a byte order mark; a cell that a spreadsheet would run is guarded, vectors are lists in brackets.

    Line breaks inside a cell become blanks.
    """
    columns = [column.to_pylist() for column in rows.columns]
    cells = [[_cell(value) for value in column] for column in columns]
    return for_spreadsheets(
        csv_table([str(name) for name in rows.column_names], list(zip(*cells, strict=True)))
    )


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, list):
        return "[" + ", ".join(f"{number:.9g}" for number in value) + "]"
    return value if isinstance(value, str) else str(value).removesuffix(" 00:00:00")


def rows_parquet(rows: "pa.Table") -> bytes:
    """Write rows as Parquet: text, numbers, dates and vectors as they are."""
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(rows, out, compression="zstd")
    return out.getvalue()
