"""Tables that know their types: Parquet, and NumPy's files of numbers."""

import base64
import io
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings_core.damage import DAMAGE
from embeddings_core.errors import BadInputError, requires
from embeddings_core.limits import CELL_CHARACTERS, DIMENSIONS, TABLE_ROWS, TABLE_UNPACKED_BYTES
from embeddings_core.spaces.files.arrays import OBJECTS
from embeddings_core.tables.arrow_numbers import dense, filled
from embeddings_core.tables.header import check_columns, unlike_names
from embeddings_core.tables.records import column_of
from embeddings_core.tables.tensors import tensors
from embeddings_core.tables.typed import EXACT, HOLE, KEPT_AS_TEXT, Told, shortened, typed, vector_array
from embeddings_core.tables.workbook import check_packed

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

BATCH = 4_096  # rows unpacked at a time, so that a small file that becomes huge is stopped early
PAGES = 2**20  # bytes of a column that are unpacked at a time
FIRST_MOMENT, LAST_MOMENT = (
    int(np.datetime64(day, "ms").astype(np.int64)) for day in ("0001-01-01", "9999-12-31T23:59:59.999")
)
BEYOND = "are dates outside the years 1 to 9999", "is a date outside the years 1 to 9999"
DAMAGED = "This Parquet file is damaged or was cut off; save it again."
TOO_LARGE = f"This file unpacks to more than {TABLE_UNPACKED_BYTES // 2**20} MB, which is the limit; leave columns or rows out."
IMAGES = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif", b"RIFF": "webp"}


def read_parquet(content: bytes, told: Told, *, limit: int = TABLE_ROWS) -> "pa.Table":
    """Read Parquet batch by batch; what unpacks beyond the limit is stopped on the way.

    Raises BadInputError for a damaged file, one without rows, or one beyond a limit.
    """
    requires("pyarrow")
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        schema = pq.read_schema(pa.BufferReader(content))
        texts = [
            each.name for each in schema if pa.types.is_string(each.type) or pa.types.is_binary(each.type)
        ]
        file = pq.ParquetFile(  # a text that repeats is held once, and no column is in memory packed as well
            pa.BufferReader(content), read_dictionary=texts, buffer_size=PAGES
        )
        described = file.metadata
        groups = [described.row_group(group) for group in range(described.num_row_groups)]
        check_columns(max(len(schema), described.num_columns // 4))  # a column of lists counts as several
        if sum(group.total_byte_size for group in groups) > TABLE_UNPACKED_BYTES:
            raise BadInputError(TOO_LARGE)
        rows = _unpacked_rows(file, limit, gathered=True) or _unpacked_rows(file, limit, gathered=False)
    except (pa.ArrowException, *DAMAGE) as error:
        raise BadInputError(DAMAGED) from error
    if not rows:
        raise BadInputError("This table has columns but no row; choose one with a row or more.")
    if described.num_rows > limit:
        told.notes.append(
            f"The table has {described.num_rows:,} rows, the limit is {limit:,}; the first {limit:,} are used."
        )
    return from_arrow(rows, told)


def _unpacked_rows(file: "pq.ParquetFile", limit: int, *, gathered: bool) -> "pa.Table | None":
    """Unpack the first rows, at most `limit`, a batch at a time; None where there is no row.

    Columns of vectors are `gathered` as they come; None where one of these holds something else as well.
    Raises BadInputError for what unpacks beyond the limit.
    """
    import pyarrow as pa

    schema, most = file.schema_arrow, min(file.metadata.num_rows, limit)
    vectors = {
        place: _Gathered(most) for place, each in enumerate(schema) if gathered and _holds_lists(each.type)
    }
    others = [place for place in range(len(schema)) if place not in vectors]
    batches, size, rows = [], 0, 0
    for batch in file.iter_batches(batch_size=BATCH):
        size += sum(_unpacked(column) for column in batch.columns)
        if size > TABLE_UNPACKED_BYTES:
            raise BadInputError(TOO_LARGE)
        part = batch.slice(0, most - rows)
        if not all(each.take(part.column(place)) for place, each in vectors.items()):
            return None
        batches.append(part.select(others))
        rows += part.num_rows
        if rows >= most:
            break
    if not rows:
        return None
    rest = pa.Table.from_batches(batches)
    found = {place: each.array(rows) for place, each in vectors.items()}
    found |= {place: rest.column(at) for at, place in enumerate(others)}
    return pa.table([found[place] for place in range(len(schema))], names=schema.names)


class _Gathered:
    """Vectors of one length without a hole, gathered from batches into one array of `n` rows: they are in memory only once."""

    def __init__(self, n: int) -> None:
        self._n, self._done = n, 0
        self._table = np.zeros((0, 0), dtype=np.float32)

    def take(self, cells: "pa.Array") -> bool:
        """Take what comes next; False where not all of it are such vectors."""
        import pyarrow as pa

        if cells.null_count or not len(cells):
            return False
        lengths: set[int] = (
            {cells.type.list_size} if pa.types.is_fixed_size_list(cells.type) else {*_lengths(cells)}
        )
        values = cells.flatten()
        if len(lengths) > 1 or values.null_count or not self._fits(size := lengths.pop()):
            return False
        end = self._done + len(cells)
        with np.errstate(over="ignore", invalid="ignore"):
            self._table[self._done : end] = dense(values).reshape(len(cells), size)
        good = np.isfinite(self._table[self._done : end]).all()
        self._done = end
        return bool(good)

    def _fits(self, size: int) -> bool:
        if not self._done and 0 < size <= DIMENSIONS and 4 * self._n * size <= TABLE_UNPACKED_BYTES:
            self._table = np.empty((self._n, size), dtype=np.float32)
        return self._table.shape[1] == size

    def array(self, rows: int) -> "pa.Array":
        """Return the first rows as a column."""
        return vector_array(self._table[:rows])


def _holds_lists(kind: "pa.DataType") -> bool:
    """Tell whether cells of this type are lists of numbers."""
    import pyarrow as pa

    lists = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    return bool(lists and (pa.types.is_floating(kind.value_type) or pa.types.is_integer(kind.value_type)))


def _lengths(cells: "pa.Array") -> list[int]:
    """Return the lengths of lists."""
    found: list[int] = np.diff(dense(cells.offsets)).tolist()
    return found


def _unpacked(cells: "pa.Array") -> int:
    """Return the bytes that cells take when every one stands for itself."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_dictionary(cells.type):
        return int(cells.nbytes)
    lengths = pc.binary_length(cells.dictionary)
    return int(pc.sum(lengths.take(cells.indices)).as_py() or 0)


def from_arrow(rows: "pa.Table", told: Told) -> "pa.Table":
    """Turn the columns of any Arrow table into ours: text, float64, timestamps, lists of float32."""
    import pyarrow as pa

    names = unlike_names([str(name) for name in rows.column_names], told.notes)
    columns = [_column(name, rows.column(place), told) for place, name in enumerate(names)]
    return pa.table(columns, names=names)


def _column(name: str, cells: "pa.ChunkedArray", told: Told) -> "pa.Array":
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = cells.type
    if pa.types.is_dictionary(kind):
        cells = cells.cast(kind.value_type)
        kind = cells.type
    if pa.types.is_boolean(kind):
        return cells.cast(pa.string())
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        numbers = pc.cast(cells, pa.float64(), safe=False)
        if pa.types.is_integer(kind):
            large = pc.fill_null(pc.greater(pc.abs(numbers), EXACT), False)
            pairs = zip(numbers.filter(large).to_pylist(), cells.filter(large).to_pylist(), strict=True)
            if any(int(number) != whole for number, whole in pairs):
                told.notes.append(KEPT_AS_TEXT.format(name[:60]))
                return cells.cast(pa.string())
        return pc.if_else(pc.is_finite(numbers), numbers, pa.NA).combine_chunks()
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        plain = cells.cast(pa.timestamp("ms", kind.tz), safe=False) if pa.types.is_timestamp(kind) else cells
        return _in_calendar(name, plain.cast(pa.timestamp("ms"), safe=False), told)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        cells = _decoded(name, cells, told)
        head = [value for value in cells.slice(0, 200).to_pylist() if value]
        if head and head[0][:1] == "[":
            return typed(name, cells.to_pylist(), told)
        whole = _as_it_is(cells)
        return shortened(name, cells.to_pylist(), told) if whole is None else whole
    if _holds_lists(kind):
        return _lists(name, cells.chunk(0) if cells.num_chunks == 1 else cells.combine_chunks(), told)
    values = cells.to_pylist()
    pictures = [_picture(value) for value in values]
    if any(pictures):
        return pa.array(pictures, pa.string())
    return column_of(name, [str(value) if isinstance(value, bytes) else value for value in values], told)


def _in_calendar(name: str, cells: "pa.ChunkedArray", told: Told) -> "pa.ChunkedArray":
    """Return moments (ms) without those that no calendar here can write, which are told."""
    import pyarrow as pa

    moments = cells.cast(pa.int64()).to_numpy(zero_copy_only=False)
    with np.errstate(invalid="ignore"):  # an empty cell is NaN
        beyond = (moments < FIRST_MOMENT) | (moments > LAST_MOMENT)
    if not beyond.any():
        return cells
    told.cells(np.flatnonzero(beyond), name, BEYOND)
    return pa.chunked_array([pa.array(np.where(beyond, None, cells.to_numpy()), pa.timestamp("ms"))])


def _as_it_is(cells: "pa.ChunkedArray") -> "pa.Array | None":
    """Return cells of text where `shortened` would change none of them; None where it would."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        longest = pc.max(pc.utf8_length(cells)).as_py() or 0
        return cells.cast(pa.string()).combine_chunks() if longest <= CELL_CHARACTERS else None
    except pa.ArrowException:
        return None


NO_UTF8 = (
    "are no text in UTF-8: a sign stands for what cannot be read",
    "is no text in UTF-8: a sign stands for what cannot be read",
)


def _decoded(name: str, cells: "pa.ChunkedArray", told: Told) -> "pa.ChunkedArray":
    """Return texts as they are; what is called text and is not UTF-8 has a sign in place of what cannot be read, and is told."""
    import pyarrow as pa

    try:
        cells.validate(full=True)
    except pa.ArrowInvalid:
        values = cells.cast(pa.large_binary()).to_pylist()
        texts = [None if value is None else value.decode("utf-8", "replace") for value in values]
        unread = [
            text is not None and text.encode() != value for text, value in zip(texts, values, strict=True)
        ]
        told.cells(np.flatnonzero(unread), name, NO_UTF8)
        return pa.chunked_array([pa.array(texts, pa.string())])
    return cells


def _lists(name: str, cells: "pa.Array", told: Told) -> "pa.Array":
    """Return lists of numbers as `typed.listed` does, all at once: those of the most frequent length, the others counted."""
    import pyarrow as pa
    import pyarrow.compute as pc

    valid = filled(cells)
    if pa.types.is_fixed_size_list(cells.type):
        lengths = np.full(len(cells), cells.type.list_size, dtype=np.int64)
        starts = (np.arange(len(cells)) + cells.offset) * cells.type.list_size
    else:
        ends = dense(cells.offsets).astype(np.int64)
        starts, lengths = ends[:-1], np.diff(ends)
    counts = Counter(lengths[valid].tolist())
    size = min(counts.most_common(1)[0][0], DIMENSIONS) if counts else 1
    fits = valid & (lengths == size)
    with np.errstate(over="ignore", invalid="ignore"):
        numbers = cells.values
        if numbers.null_count:
            numbers = pc.fill_null(pc.cast(numbers, pa.float64(), safe=False), np.nan)
        flat = dense(numbers).astype(np.float32, copy=False)
    if fits.all() and len(cells):  # one after the other, as they lie
        table = flat[starts[0] : starts[0] + len(cells) * size].reshape(len(cells), size)
    else:
        table = np.zeros((len(cells), size), dtype=np.float32)
        table[fits] = flat[starts[fits][:, None] + np.arange(size)]
    good = fits & np.isfinite(table).all(axis=1)
    if not good.all():
        table = np.where(good[:, None], table, np.float32(0))
    wrong = f"are no vectors of {size:,} numbers", f"is no vector of {size:,} numbers"
    told.cells(np.flatnonzero(valid & ~fits), name, wrong)
    told.cells(np.flatnonzero(fits & ~good), name, HOLE)
    return vector_array(table, good)


def _picture(value: object) -> str | None:
    """Return bytes of a picture, alone or as data sets pack them, as a data: URL."""
    if isinstance(value, dict):
        value = value.get("bytes")
    if not isinstance(value, bytes):
        return None
    ending = next((name for mark, name in IMAGES.items() if value.startswith(mark)), "")
    return f"data:image/{ending};base64,{base64.b64encode(value).decode()}" if ending else None


def read_arrays(content: bytes, told: Told) -> "pa.Table":
    """Read .npy or .npz: tables of numbers become columns of vectors, lists become columns; nothing in them is run."""
    return _of_arrays(
        {"vector": _array(content)} if content.startswith(b"\x93NUMPY") else _archive(content), told
    )


def read_tensors(content: bytes, told: Told) -> "pa.Table":
    """Read .safetensors as `read_arrays` does .npz: tables of numbers become columns of vectors."""
    return _of_arrays(tensors(content), told)


def _of_arrays(arrays: dict[str, np.ndarray], told: Told) -> "pa.Table":
    import pyarrow as pa

    lengths = [len(array) for array in arrays.values() if array.ndim in (1, 2)]
    if not lengths:
        raise BadInputError("This file holds no table of numbers with one row an item.")
    n = max(set(lengths), key=lambda length: (lengths.count(length), length))
    columns: dict[str, Any] = {}
    for name, array in arrays.items():
        if len(array.shape) not in (1, 2) or len(array) != n:
            told.notes.append(f'"{name[:60]}" has another length than the others and is left out.')
        elif array.ndim == 2 and array.dtype.kind in "fiub":
            if not 1 <= array.shape[1] <= DIMENSIONS:
                raise BadInputError(f"Vectors of {array.shape[1]:,} numbers; the limit is {DIMENSIONS:,}.")
            numbers = array.astype(np.float32)
            good = np.asarray(np.isfinite(numbers).all(axis=1))
            told.cells(np.flatnonzero(~good), name, HOLE)
            columns[name] = vector_array(np.nan_to_num(numbers), good)
        elif array.ndim == 1:
            columns[name] = column_of(
                name, [str(each) for each in array] if array.dtype.kind == "U" else array.tolist(), told
            )
        else:
            told.notes.append(f'"{name[:60]}" holds no real numbers and is left out.')
    if not n:
        raise BadInputError("This file holds no rows.")
    if not columns:
        raise BadInputError(
            "This file holds no real numbers (it may hold complex ones, or text); save float32."
        )
    return pa.table(columns)


def _array(content: bytes) -> np.ndarray:
    try:
        found: np.ndarray = np.load(io.BytesIO(content), allow_pickle=False)
    except DAMAGE as error:
        raise BadInputError(
            OBJECTS if "pickle" in str(error).lower() or "Object" in str(error) else DAMAGED_NUMBERS
        ) from error
    return found


DAMAGED_NUMBERS = "The file of numbers is damaged or was cut off; save it again."


def _archive(content: bytes) -> dict[str, np.ndarray]:
    check_packed(content)
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files if archive[name].ndim}
    except DAMAGE as error:
        raise BadInputError(
            OBJECTS if "pickle" in str(error).lower() or "Object" in str(error) else DAMAGED_NUMBERS
        ) from error
