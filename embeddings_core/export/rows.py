"""Rows of a table as files: harmless in spreadsheets, exact in Parquet, JSON lines and NumPy."""

import codecs
import io
import json
from typing import TYPE_CHECKING

import numpy as np

from embeddings_core.export.tables import csv_table, for_spreadsheets, projector_files
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray

if TYPE_CHECKING:
    import pyarrow as pa


def rows_csv(rows: "pa.Table", *, mark: bool = True) -> bytes:
    """Write rows as CSV; a cell that a spreadsheet would run is guarded, vectors are lists in brackets.

    Line breaks inside a cell become blanks. With `mark` a byte order mark comes first, which spreadsheets need and some programs
    take for a letter.
    """
    columns = [column.to_pylist() for column in rows.columns]
    cells = [[_cell(value) for value in column] for column in columns]
    marked = for_spreadsheets(
        csv_table([str(name) for name in rows.column_names], list(zip(*cells, strict=True)))
    )
    return marked if mark else marked.removeprefix(codecs.BOM_UTF8)


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


def rows_jsonl(rows: "pa.Table") -> bytes:
    """Write rows as JSON lines: one object a row, an empty cell is null, dates as ISO 8601, vectors as lists."""

    def plain(value: object) -> object:
        if value is None or isinstance(value, str | bool):
            return value
        if isinstance(value, float):
            return (
                (int(value) if value.is_integer() and abs(value) < 1e15 else value)
                if np.isfinite(value)
                else None
            )
        return [float(f"{number:.9g}") for number in value] if isinstance(value, list) else str(value)

    lines = [
        json.dumps({name: plain(value) for name, value in row.items()}, ensure_ascii=False, allow_nan=False)
        for row in rows.to_pylist()
    ]
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def vectors_npy(vectors: FloatArray) -> bytes:
    """Write vectors (n, d) as NumPy's file of float32."""
    out = io.BytesIO()
    np.save(out, np.ascontiguousarray(vectors, dtype=np.float32), allow_pickle=False)
    return out.getvalue()


def rows_projector(
    names: list[str], vectors: FloatArray, *, labels: list[str] | None = None, model: str = ""
) -> bytes:
    """Pack vectors (n, d), with the names and labels of their rows, for the Embedding Projector; harmless in spreadsheets, too."""
    items = tuple(name or f"row {row + 1}" for row, name in enumerate(names))
    groups = None if labels is None else tuple(labels)
    return projector_files(EmbeddingSet(items, vectors, model or "table", groups))
