"""The rows of a LanceDB table, which stay on the disk: read when asked for, and searched through its index.

`LanceRows` has what the package uses of an Arrow table, `LanceVectors` what it uses of an array of vectors. Both name a path
and a version, so they travel to the worker, and rows that are added meanwhile change nothing. A row is known by its place in
that version.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings_core.damage import DAMAGE
from embeddings_core.errors import BadInputError, requires
from embeddings_core.spaces.vectors import FloatArray, IntArray
from embeddings_core.tables.columnar import from_arrow
from embeddings_core.tables.roles import described
from embeddings_core.tables.table import Column, Table, with_roles
from embeddings_core.tables.typed import Told

if TYPE_CHECKING:
    import pyarrow as pa

ENDING = ".lance"
STRETCH = 65_536  # rows that are read together
LOOKED_AT = 10_000  # rows from which columns are described
PROBES, REFINED, WIDTH = (
    20,
    10,
    200,
)  # parts of the index that a search looks into, candidates a result, and its list in a part


@lru_cache(maxsize=16)
def _opened(path: str, version: int) -> Any:
    """Open a table at a version; 0 is the newest."""
    requires("lancedb", "pyarrow")
    import lancedb

    place = Path(path)
    with _reading(path):
        table = lancedb.connect(str(place.parent)).open_table(place.stem)
        if version:
            table.checkout(version)
    return table


@contextmanager
def _reading(path: str) -> Iterator[None]:
    """Say in a sentence that a table is damaged or gone; what LanceDB says of it names paths."""
    try:
        yield
    except Exception as error:
        if isinstance(error, DAMAGE) or type(error).__name__ == "RustPanic":
            raise BadInputError(
                f"{Path(path).name} is no LanceDB table, or is damaged; write it again."
            ) from error
        raise


class LanceRows:
    """Some columns of all rows of a LanceDB table; what of an Arrow table is used here, with cells as `Table` has them."""

    nbytes = 0  # nothing is held

    def __init__(self, path: str, version: int, columns: Sequence[str]) -> None:
        self.path, self.version, self.column_names = path, version, list(columns)

    def __reduce__(self) -> tuple[object, ...]:
        return LanceRows, (self.path, self.version, self.column_names)

    @cached_property
    def num_rows(self) -> int:
        """How many rows there are."""
        return int(_opened(self.path, self.version).count_rows())

    @cached_property
    def provenance(self) -> dict[str, str]:
        """What the table was made of, as `space_file` writes it: the "model" of its vectors and the column of "text" it read."""
        told = _opened(self.path, self.version).schema.metadata or {}
        return {key.decode(): value.decode() for key, value in told.items()}

    def vectors(self, column: str) -> "LanceVectors":
        """Return the vectors of a column, which stay on the disk, too."""
        return LanceVectors(self.path, self.version, column)

    def select(self, names: Sequence[str]) -> "LanceRows":
        """Return some of the columns."""
        return LanceRows(self.path, self.version, names)

    def drop_columns(self, names: Sequence[str]) -> "LanceRows":
        """Return the other columns."""
        return self.select([name for name in self.column_names if name not in names])

    def stretches(self) -> Iterator["pa.Table"]:
        """Yield all rows, a stretch at a time, in their order."""
        import pyarrow as pa

        table = _opened(self.path, self.version)
        with _reading(self.path):
            for batch in table.search().select(self.column_names).limit(None).to_batches(STRETCH):
                yield self._as_ours(pa.Table.from_batches([batch]))

    def take(self, rows: Sequence[int] | IntArray) -> "pa.Table":
        """Read rows by their places, in the order asked for."""
        wanted = np.asarray(rows, dtype=np.int64)
        places, back = np.unique(wanted, return_inverse=True)
        if not len(places):
            return self.slice(0, 0)
        found = _taken(self.path, self.version, self.column_names, places)
        return self._as_ours(found.take(back))

    def slice(self, start: int, count: int | None = None) -> "pa.Table":
        """Read rows from a place on."""
        count = max(self.num_rows - start, 0) if count is None else count
        query = _opened(self.path, self.version).search().select(self.column_names)
        with _reading(self.path):
            found = query.limit(max(count, 1)).offset(start).to_arrow()
        return self._as_ours(found.slice(0, count))

    def filter(self, chosen: Sequence[bool]) -> "pa.Table":
        """Read the chosen rows."""
        return self.take(np.flatnonzero(np.asarray(chosen, dtype=bool)))

    def column(self, name: str) -> "pa.ChunkedArray":
        """Read a column of all rows."""
        import pyarrow as pa

        return pa.concat_tables(self.select([name]).stretches()).column(0)

    def _as_ours(self, rows: "pa.Table") -> "pa.Table":
        import pyarrow as pa

        rows = rows.select(self.column_names)
        names = [each.name for each in rows.schema if not pa.types.is_string(each.type)]
        if not names:
            return rows  # texts are texts
        ours = from_arrow(rows.select(names), Told())
        columns = [ours.column(name) if name in names else rows.column(name) for name in self.column_names]
        return pa.table(columns, names=self.column_names)


def _taken(path: str, version: int, columns: Sequence[str], places: IntArray) -> "pa.Table":
    """Read rows by their places, in rising order; one that is not there is an error of the caller."""
    query = _opened(path, version).take_offsets(places.tolist()).select(list(columns))
    with _reading(path):
        found = query.to_arrow()
    if found.num_rows != len(places):
        raise BadInputError("This table changed while it was read; open it again.")
    return found


class LanceVectors:
    """The vectors (n, d) of a LanceDB table, or of some of its `rows`: read by their places, and searched through its index."""

    nbytes = 0

    def __init__(self, path: str, version: int, column: str, rows: IntArray | None = None) -> None:
        self.path, self.version, self.column, self._rows = path, version, column, rows

    def __reduce__(self) -> tuple[object, ...]:
        return LanceVectors, (self.path, self.version, self.column, self._rows)

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Rows and dimensions."""
        table = _opened(self.path, self.version)
        n = int(table.count_rows()) if self._rows is None else len(self._rows)
        return n, int(table.schema.field(self.column).type.list_size)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: IntArray | slice, /) -> FloatArray:
        if isinstance(rows, slice):
            start, stop, _ = rows.indices(len(self))
            if self._rows is None:
                query = _opened(self.path, self.version).search().select([self.column])
                with _reading(self.path):
                    found = query.limit(max(stop - start, 1)).offset(start).to_arrow()
                return self._numbers(found)[: stop - start]
            rows = np.arange(start, stop)
        at = np.flatnonzero(rows) if np.asarray(rows).dtype == bool else np.asarray(rows, dtype=np.int64)
        places, back = np.unique(at if self._rows is None else self._rows[at], return_inverse=True)
        if not len(places):
            return np.zeros((0, self.shape[1]), dtype=np.float32)
        return self._numbers(_taken(self.path, self.version, [self.column], places))[back]

    def stretches(self) -> Iterator[FloatArray]:
        """Yield all vectors in their order, many rows at a time, read once from the first to the last."""
        if self._rows is not None:
            for start in range(0, len(self), STRETCH):
                yield self[start : start + STRETCH]
            return
        import pyarrow as pa

        held: list[pa.RecordBatch] = []
        query = _opened(self.path, self.version).search().select([self.column]).limit(None)
        with _reading(self.path):
            for batch in query.to_batches(STRETCH):
                held.append(batch)
                if sum(each.num_rows for each in held) >= STRETCH:
                    yield self._numbers(pa.Table.from_batches(held))
                    held = []
        if held:
            yield self._numbers(pa.Table.from_batches(held))

    def only(self, rows: IntArray) -> "LanceVectors":
        """Return those of some rows."""
        own = np.asarray(rows, dtype=np.int64)
        return LanceVectors(
            self.path, self.version, self.column, own if self._rows is None else self._rows[own]
        )

    def _numbers(self, rows: "pa.Table") -> FloatArray:
        cells = rows.column(self.column).combine_chunks()
        values = np.asarray(cells.values.to_numpy(zero_copy_only=False), dtype=np.float32)
        width = cells.type.list_size
        found = values[cells.offset * width : (cells.offset + len(cells)) * width].reshape(len(cells), width)
        if cells.null_count:  # a row without a vector has no direction
            found = np.where(np.asarray(cells.is_valid())[:, None], found, np.float32(0))
        return np.nan_to_num(found)

    @cached_property
    def _row_ids(self) -> tuple[np.ndarray, IntArray]:
        """Return LanceDB's own numbers of the rows, rising, and the place of each: eight bytes a row, for all who search."""
        query = _opened(self.path, self.version).search().select([]).with_row_id(True).limit(None)
        with _reading(self.path):
            ids = np.asarray(query.to_arrow().column("_rowid"), dtype=np.uint64)
        order = np.argsort(ids, kind="stable").astype(np.int64)
        return ids[order], order

    @property
    def whole(self) -> bool:
        """Whether these are the vectors of all rows."""
        return self._rows is None

    @cached_property
    def indexed(self) -> bool:
        """Tell whether an index by cosine is there of nearly all rows; without one a search looks at every row."""
        table = _opened(self.path, self.version)
        try:
            with _reading(self.path):
                for index in table.list_indices():
                    if list(index.columns) == [self.column]:
                        known = table.index_stats(index.name)
                        if known is not None and known.distance_type == "cosine":
                            return int(known.num_unindexed_rows) <= STRETCH
        except BadInputError:
            pass  # a damaged one
        return False

    def nearest(
        self, query: FloatArray, k: int, *, progress: Callable[[int, int], object] | None = None
    ) -> tuple[IntArray, FloatArray]:
        """Return the k nearest rows to a vector (d,), best first, with their cosines: by the index, exact at the end.

        `progress` gets (done, total) in rows where there is no index.
        """
        wanted = np.asarray(query, dtype=np.float32)
        if not np.any(wanted):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        if (
            self._rows is not None or not self.indexed
        ):  # looked through a stretch at a time: LanceDB would hold gigabytes
            return _best_of(self, wanted, k, progress)
        try:
            return self._by_index(wanted, k)
        except BadInputError:  # an index that is damaged is done without; damaged rows are told
            return _best_of(self, wanted, k, progress)

    def _by_index(self, wanted: FloatArray, k: int) -> tuple[IntArray, FloatArray]:
        table = _opened(self.path, self.version)
        search = table.search(wanted, vector_column_name=self.column).distance_type("cosine").limit(k)
        search = search.nprobes(PROBES).refine_factor(REFINED).ef(max(WIDTH, k * REFINED))
        with _reading(self.path):
            found = search.select(["_distance"]).with_row_id(True).to_arrow()
        ids, places = self._row_ids
        at = np.searchsorted(ids, np.asarray(found.column("_rowid"), dtype=np.uint64))
        scores = 1.0 - np.asarray(found.column("_distance"), dtype=np.float32)
        return places[at], scores


def _best_of(
    vectors: LanceVectors, query: FloatArray, k: int, progress: Callable[[int, int], object] | None
) -> tuple[IntArray, FloatArray]:
    parts, done = [], 0
    for part in vectors.stretches():
        lengths = np.sqrt(np.einsum("ij,ij->i", part, part))
        parts.append(part @ query / np.maximum(lengths, 1e-12))
        done += len(part)
        if progress is not None:
            progress(done, len(vectors))
    scores = np.concatenate(parts)
    scores /= max(float(np.linalg.norm(query)), 1e-12)
    best = np.argsort(-scores, kind="stable")[:k]
    return best.astype(np.int64), scores[best]


def open_lance(path: str | Path) -> Table:
    """Open a LanceDB table (a folder NAME.lance): its columns are described from a sample, its rows stay where they are.

    Raises MissingExtraError without lancedb, BadInputError for what is no such table or holds no row.
    """
    requires("lancedb", "pyarrow", "pandas")
    place = Path(path).resolve()
    handle = _opened(str(place), 0)
    version, names = int(handle.version), list(handle.schema.names)
    _opened.cache_clear()  # the newest is another one the next time
    rows = LanceRows(str(place), version, names)
    if not rows.num_rows:
        raise BadInputError(f"{place.name} holds no row; choose one with a row or more.")
    n = rows.num_rows
    looked = np.unique(np.linspace(0, n - 1, min(LOOKED_AT, n)).round().astype(np.int64))
    schema = handle.schema
    vectors = {
        name: Column(name, "vector", "vector", n, n, int(schema.field(name).type.list_size))
        for name in names
        if is_vector(schema.field(name).type)
    }
    others = [name for name in names if name not in vectors]
    found = {each.name: each for each in described(rows.select(others).take(looked))} if others else {}
    columns = tuple(
        vectors.get(name) or replace(found[name], filled=round(found[name].filled * n / len(looked)))
        for name in names
    )
    notes = [f"{n:,} rows of {place.name} stay on the disk and are read when asked for."]
    if len(looked) < n:
        notes.append(f"Columns are described from {len(looked):,} of them.")
    changed = max(file.stat().st_mtime_ns for file in (place / "_versions").iterdir())
    source = hashlib.sha256(f"{place} {version} {changed}".encode()).hexdigest()[:32]
    table = Table(place.stem, columns, rows, source, tuple(notes))
    text = rows.provenance.get("text", "")
    return with_roles(table, {text: "text"}) if text in found and found[text].kind == "text" else table


def is_vector(kind: "pa.DataType") -> bool:
    """Tell whether the cells of a column are lists of numbers, all of one length."""
    import pyarrow as pa

    return bool(
        pa.types.is_fixed_size_list(kind) and pa.types.is_floating(kind.value_type) and kind.list_size > 1
    )
