"""Tables that are in memory already: a frame of pandas or polars, an Arrow table, or whatever offers its columns to Arrow."""

from pathlib import Path
from typing import TYPE_CHECKING

from embeddings_core.errors import BadInputError, requires
from embeddings_core.tables.columnar import from_arrow
from embeddings_core.tables.header import check_columns
from embeddings_core.tables.reading import read_table
from embeddings_core.tables.roles import described
from embeddings_core.tables.table import Table
from embeddings_core.tables.typed import Told

if TYPE_CHECKING:
    import pyarrow as pa


def table_of(source: object, *, title: str = "table") -> Table:
    """Return the table that `source` holds: a frame of pandas or polars, an Arrow table, a table of ours, or the path of a file.

    Row i of the table is row i of the frame, whatever its index; indexes are left out. Raises BadInputError for anything else,
    and for a frame without rows or columns.
    """
    if isinstance(source, Table):
        return source
    if isinstance(source, str | Path):
        return read_table(source)
    requires("pandas", "pyarrow")
    told = Told()
    rows = _arrow(source)
    if not rows.num_columns or not rows.num_rows:
        raise BadInputError("This frame has no rows or no columns; give one with a row or more.")
    check_columns(rows.num_columns)
    rows = from_arrow(rows, told)
    return Table(title, described(rows), rows, "", tuple(told.notes))


def _arrow(source: object) -> "pa.Table":
    import pandas as pd
    import pyarrow as pa

    if isinstance(source, pa.Table):
        return source
    if isinstance(source, pd.DataFrame):
        columns = [_cells(source.iloc[:, place]) for place in range(source.shape[1])]
        return pa.Table.from_arrays(columns, names=[str(name) for name in source.columns])
    if hasattr(source, "__arrow_c_stream__"):
        try:
            return pa.table(source)
        except (pa.ArrowException, TypeError, ValueError) as error:
            raise BadInputError(
                "The columns of this frame can not be read; turn it into a pandas frame first."
            ) from error
    raise BadInputError(
        f"A table is a frame of pandas or polars, an Arrow table, or the path of a file, not {type(source).__name__}."
    )


def _cells(column: "object") -> "pa.Array":
    """Return a column of pandas as Arrow's; where its cells are of several kinds, as text."""
    import pandas as pd
    import pyarrow as pa

    assert isinstance(column, pd.Series)
    try:
        return pa.Array.from_pandas(column)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        missing = column.isna()
        return pa.array(
            [None if hole else str(cell) for cell, hole in zip(column, missing, strict=True)], pa.string()
        )
