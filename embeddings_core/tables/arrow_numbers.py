"""Numbers between Arrow and NumPy, where they lie: Arrow's own conversions import pandas, 0.4 s of a file opened first."""

from typing import TYPE_CHECKING, Union

import numpy as np

from embeddings_core.spaces.vectors import FloatArray

if TYPE_CHECKING:
    import pyarrow as pa

Cells = Union["pa.Array", "pa.ChunkedArray"]


def dense(cells: Cells) -> np.ndarray:
    """Return the numbers of a column without an empty cell, (n,), as they are: read them only."""
    import pyarrow as pa

    whole = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
    return np.from_dlpack(whole)


def filled(cells: Cells) -> np.ndarray:
    """Tell which cells (n,) hold something."""
    import pyarrow as pa

    if not cells.null_count:
        return np.ones(len(cells), dtype=bool)
    return dense(cells.is_valid().cast(pa.uint8())).astype(bool)


def float_column(numbers: FloatArray) -> "pa.Array":
    """Return numbers (n,) float32 as an Arrow column, none of them empty, without a copy."""
    import pyarrow as pa

    own = np.ascontiguousarray(numbers, dtype=np.float32)
    return pa.Array.from_buffers(pa.float32(), len(own), [None, pa.py_buffer(own)])
