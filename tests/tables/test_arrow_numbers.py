"""Numbers between Arrow and NumPy: the same as by Arrow's own conversion, and without pandas."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from embeddings_core.tables.arrow_numbers import dense, filled, float_column


@pytest.mark.parametrize(
    "kind", [pa.int8(), pa.uint16(), pa.int64(), pa.uint64(), pa.float16(), pa.float32(), pa.float64()]
)
def test_numbers_are_those_that_arrow_gives(kind: pa.DataType) -> None:
    cells = pa.array(np.arange(7)).cast(kind)
    for part in (
        cells,
        cells.slice(2, 4),
        cells.slice(0, 0),
        pa.chunked_array([cells, cells.slice(3)]),
        pa.chunked_array([], kind),
    ):
        given = part.to_numpy(zero_copy_only=False) if isinstance(part, pa.Array) else part.to_numpy()
        assert dense(part).dtype == given.dtype
        np.testing.assert_array_equal(dense(part), given)


def test_empty_cells_are_told_apart_and_numbers_come_back() -> None:
    assert filled(pa.chunked_array([pa.array([1.0, None]), pa.array([2.0])])).tolist() == [True, False, True]
    assert filled(pa.array(["a"])).tolist() == [True]
    numbers = np.random.default_rng(0).normal(size=9)[::2].astype(np.float32)
    assert float_column(numbers).to_pylist() == numbers.tolist()


def test_a_table_of_vectors_is_read_without_pandas(tmp_path: Path) -> None:
    vectors = pa.FixedSizeListArray.from_arrays(pa.array(np.arange(40, dtype=np.float32)), 4)
    columns = {
        "text": [f"row {row}" for row in range(10)],
        "price": [1.5 * row for row in range(10)],
        "vector": vectors,
    }
    pq.write_table(pa.table(columns), tmp_path / "table.parquet")
    program = (
        "import sys; from embeddings_core.tables.reading import read_table; "
        f"table = read_table({str(tmp_path / 'table.parquet')!r}); print(len(table), 'pandas' in sys.modules)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout.split() == ["10", "False"]
