"""A table embedded into a LanceDB table: by this computer, or by the workers of a Ray cluster; a second start goes on.

The source is Parquet, a file or a folder of them, on a path or an address that pyarrow's file systems accept (s3://, gs://,
hdfs://). It is cut into parts of 1,024 rows within its row groups, always the same ones. Only one process writes, and a part is
written whole or not at all; which rows are there says what is left. So a worker that dies costs its part, which another one
reads again, and a start after a kill embeds what is missing.
"""

import hashlib
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from embeddings_core.damage import DAMAGE
from embeddings_core.errors import BadInputError, requires
from embeddings_core.models.registry import find_model, load_encoder
from embeddings_core.models.spec import Encoder
from embeddings_core.spaces.texts import clean

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

Engine = Literal["local", "ray"]
PART = 1_024  # rows that are read, embedded and written together
BY_BITS = 8  # numbers of a vector are a multiple of this where its index holds a bit of each
INDEXED = 10_000  # rows; a search through fewer needs no index
ROW, VECTOR = "row_number", "vector"  # columns that the written table has besides those of the source


@dataclass(frozen=True)
class Part:
    """Rows of one row group of a Parquet file: `count` from its row `start` on; `first` is their number in the whole source."""

    path: str
    group: int
    start: int
    count: int
    first: int


@dataclass(frozen=True)
class Written:
    """What a start did: `rows` now stand in the table, `fresh` of them were embedded by it, `empty` ones had no text."""

    rows: int
    fresh: int
    empty: int


def embed_file(
    source: str,
    out: str,
    *,
    text: str,
    model: str = "minilm",
    engine: Engine = "local",
    workers: int = 2,
    encoder: Callable[[], Encoder] | None = None,
    progress: Callable[[int, int], object] | None = None,
    indexing: Callable[[float], object] | None = None,
) -> Written:
    """Embed a column of Parquet into the LanceDB table `out` (NAME.lance), going on where an earlier start stopped.

    `encoder` makes what takes the place of the model, in each worker; `progress` gets (done, total) in rows. At the end the index
    is made that searches by meaning go through, where it is not there yet; `indexing` gets the seconds it has taken, once a second.
    Raises BadInputError where the source has no such column, the table holds vectors of another model or column, or the disk has
    no room.
    """
    requires("pyarrow", "lancedb")
    import pyarrow as pa

    if find_model(model).modality == "image":
        raise BadInputError("This model looks at pictures; choose one that reads texts.")
    parts = parts_of(source, text=text)
    with _alone(out):
        total = sum(part.count for part in parts)
        held = _Held(out, {"text": text, "model": model, "rows": str(total)})
        there = held.row_numbers()
        left = [part for part in parts if not _inside(there, part)]
        read, fresh = total - sum(part.count for part in left), 0
        empty = read - len(there)
        if progress is not None:
            progress(read, total)
        make = encoder or _Model(model)
        results = _by_ray(left, text, make, workers) if engine == "ray" else _here(left, text, make)
        for count, rows in results:
            try:
                held.add(rows)
            except (OSError, RuntimeError, pa.ArrowException) as error:
                raise BadInputError(
                    f"Cannot write {out}: {_first_line(error)} What was written stays; start again to go on."
                ) from error
            read, fresh, empty = read + count, fresh + rows.num_rows, empty + count - rows.num_rows
            if progress is not None:
                progress(read, total)
        if not len(there) + fresh:
            raise BadInputError(f'The column "{text[:60]}" has no text; name another.')
        if fresh or not held.finished:
            try:
                held.finish(fresh=bool(fresh), indexing=indexing)
            except (OSError, RuntimeError, pa.ArrowException) as error:
                raise BadInputError(
                    f"Cannot finish {out}: {_first_line(error)} All rows are written, but searches are slow; start again to go on."
                ) from error
        return Written(len(there) + fresh, fresh, empty)


@contextmanager
def _alone(out: str) -> Iterator[None]:
    """Write a table of this computer alone; raise BadInputError where another process is writing it.

    Two would embed the same rows twice. The lock ends with the process that holds it. At an address nobody can be asked: of two
    processes that create a LanceDB table at once both may succeed, the later in place of the first (0.40), so no table can tell.
    """
    with ExitStack() as held:
        if sys.platform != "win32" and "://" not in out:
            import fcntl

            name = hashlib.sha256(str(Path(out).resolve()).encode()).hexdigest()[:24]
            with suppress(OSError):  # no folder for locks: done without
                place = Path(tempfile.gettempdir()) / f"embeddings-visualizer-{name}.lock"
                lock = held.enter_context(place.open("a"))
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    raise BadInputError(
                        f"Another process is writing {out}; start again when it has ended."
                    ) from None
        yield


def parts_of(source: str, *, text: str) -> list[Part]:
    """Return the parts of a Parquet file or folder; raise BadInputError where it can not be read or has no such column."""
    import pyarrow as pa
    from pyarrow import fs

    try:
        system, path = _system(source)
        found = system.get_file_info(path)
        paths = [path]
        if found.type == fs.FileType.Directory:
            inside = system.get_file_info(fs.FileSelector(path, recursive=True))
            paths = sorted(each.path for each in inside if each.path.endswith(".parquet"))
        parts: list[Part] = []
        first = 0
        prefix = source[: len(source) - len(path)] if source.endswith(path) and "://" in source else ""
        for each in paths:
            with _open(prefix + each) as file:
                if text not in file.schema_arrow.names:
                    known = ", ".join(f'"{name[:40]}"' for name in file.schema_arrow.names[:12])
                    raise BadInputError(f'{source} has no column "{text[:60]}"; it has {known}.')
                for group in range(file.num_row_groups):
                    rows = file.metadata.row_group(group).num_rows
                    for start in range(0, rows, PART):
                        count = min(PART, rows - start)
                        parts.append(Part(prefix + each, group, start, count, first + start))
                    first += rows
    except (OSError, pa.ArrowException) as error:
        raise BadInputError(f"Cannot read {source} as Parquet: {_first_line(error)}") from error
    if not parts:
        raise BadInputError(f"There is no row in {source}; choose a Parquet file, or a folder of them.")
    return parts


def _first_line(error: Exception) -> str:
    told = str(error).partition("\n")[0]
    told = re.sub(
        r",? *\S*/(?:registry|site-packages)/\S*", "", told
    )  # where in a library's own source it was noticed
    return told[:200].rstrip(". ") + "."


def _system(source: str) -> tuple[Any, str]:
    from pyarrow import fs

    if "://" in source:
        system, path = fs.FileSystem.from_uri(source)
        return system, path
    return fs.LocalFileSystem(), source


def _open(path: str) -> "pq.ParquetFile":
    import pyarrow.parquet as pq

    system, inside = _system(path)
    return pq.ParquetFile(system.open_input_file(inside))


def _inside(there: np.ndarray, part: Part) -> bool:
    """Tell whether a row of this part is among the sorted row numbers: then all of them are, as they were written together."""
    at = int(np.searchsorted(there, part.first))
    return at < len(there) and int(there[at]) < part.first + part.count


@dataclass(frozen=True)
class _Model:
    """Loads a model of the catalogue in whichever process calls it."""

    id: str

    def __call__(self) -> Encoder:
        return load_encoder(self.id)


class _Reader:
    """Reads and embeds parts; holds its model and the row group that it read last."""

    def __init__(self, text: str, make: Callable[[], Encoder]) -> None:
        self._text, self._encoder = text, make()
        self._group: tuple[tuple[str, int], pa.Table] | None = None

    def read(self, part: Part) -> "pa.Table":
        """Return the rows of a part that have a text, with their number and their vector."""
        import pyarrow as pa

        key = part.path, part.group
        if self._group is None or self._group[0] != key:
            with _open(part.path) as file:
                self._group = key, file.read_row_group(part.group)
        rows = self._group[1].slice(part.start, part.count)
        rows = rows.select([name for name in rows.column_names if name not in (ROW, VECTOR)])
        texts = [clean(str(cell)) if cell is not None else "" for cell in rows.column(self._text).to_pylist()]
        filled = [at for at, cell in enumerate(texts) if cell]
        if not filled:
            return rows.slice(0, 0)
        prompted = getattr(self._encoder, "prompted", None)
        read = [texts[at] for at in filled]
        vectors = np.asarray(self._encoder(prompted(read, "passage") if prompted else read), dtype=np.float32)
        if vectors.ndim != 2 or len(vectors) != len(read) or not np.isfinite(vectors).all():
            raise BadInputError("The model gave no vector for some texts; choose another model.")
        column = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])
        numbers = pa.array(np.array(filled, dtype=np.int64) + part.first)
        return rows.take(filled).append_column(ROW, numbers).append_column(VECTOR, column)


def _here(parts: Iterable[Part], text: str, make: Callable[[], Encoder]) -> Iterator[tuple[int, "pa.Table"]]:
    reader: _Reader | None = None
    for part in parts:
        reader = reader or _Reader(text, make)
        yield part.count, reader.read(part)


class _RayReader(_Reader):
    """What Ray calls with a part as a batch of one row."""

    def __call__(self, batch: dict[str, np.ndarray]) -> dict[str, Any]:
        """Return the rows as one message, as Ray would unite the columns of different parts otherwise."""
        import pyarrow as pa

        path, (group, start, count, first) = (
            str(batch["path"][0]),
            (int(batch[name][0]) for name in ("group", "start", "count", "first")),
        )
        part = Part(path, group, start, count, first)
        rows, sink = self.read(part), pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, rows.schema) as out:
            out.write_table(rows)
        return {"count": [part.count], "rows": [sink.getvalue().to_pybytes()]}


def _by_ray(
    parts: list[Part], text: str, make: Callable[[], Encoder], workers: int
) -> Iterator[tuple[int, "pa.Table"]]:
    """Embed parts in workers of Ray: those of the cluster that RAY_ADDRESS names, else of one on this computer."""
    requires("ray")
    import pyarrow as pa
    import ray

    if not parts:
        return
    if not ray.is_initialized():
        ray.init(log_to_driver=False, configure_logging=False)
    rows = ray.data.from_items([asdict(part) for part in parts], override_num_blocks=min(len(parts), 10_000))
    done = rows.map_batches(
        _RayReader, fn_constructor_args=(text, make), batch_size=1, batch_format="numpy",
        compute=ray.data.ActorPoolStrategy(size=min(workers, len(parts))), num_cpus=1,
    )  # fmt: skip
    for each in done.iter_rows():
        with pa.ipc.open_stream(each["rows"]) as stream:
            yield int(each["count"]), stream.read_all()


def _never_written(out: str) -> bool:
    """Tell whether a folder of this computer holds no version of a table: what a kill or a full disk leaves of the first part."""
    return "://" not in out and Path(out).is_dir() and not any((Path(out) / "_versions").glob("*.manifest"))


class _Held:
    """The table that is written, with what it was made of."""

    def __init__(self, out: str, provenance: dict[str, str]) -> None:
        import lancedb

        if not out.endswith(".lance"):
            raise BadInputError(f'Cannot write "{out}"; give it a name that ends in .lance.')
        folder, _, name = out.rpartition("/")
        self._out, self._name, self._provenance = out, PurePosixPath(name).stem, provenance
        try:
            self._store = lancedb.connect(folder or ".")
            there = self._name in self._store.list_tables(limit=1_000_000).tables and not _never_written(out)
            self._table = self._store.open_table(self._name) if there else None
        except (OSError, RuntimeError, ValueError) as error:
            raise BadInputError(f"Cannot open {out}: {_first_line(error)}") from error
        if self._table is not None:
            before = {
                key.decode(): value.decode() for key, value in (self._table.schema.metadata or {}).items()
            }
            for what, title in (
                ("model", "the model"),
                ("text", "the column"),
                ("rows", "a source whose number of rows is"),
            ):
                if before.get(what, provenance[what]) != provenance[what]:
                    raise BadInputError(
                        f"{out} holds vectors of {title} {before[what]}, and {provenance[what]} is asked for; name another file."
                    )

    def row_numbers(self) -> np.ndarray:
        """Return the numbers of the rows that are there, sorted."""
        if self._table is None:
            return np.zeros(0, dtype=np.int64)
        try:
            found = self._table.search().select([ROW]).limit(self._table.count_rows()).to_arrow()
        except DAMAGE as error:
            raise BadInputError(
                f"{self._out} is damaged: {_first_line(error)} Name another file, or delete it and start again."
            ) from error
        return np.sort(np.asarray(found.column(ROW), dtype=np.int64))

    def add(self, rows: "pa.Table") -> None:
        """Write a part."""
        if not rows.num_rows:
            return
        if self._table is None:
            mode = "overwrite" if _never_written(self._out) else "create"
            self._table = self._store.create_table(
                self._name, rows.replace_schema_metadata(self._provenance), mode=mode
            )
        else:
            self._table.add(rows)

    @property
    def finished(self) -> bool:
        """Whether it has the indices that it needs; not where a start was killed while they were built."""
        if self._table is None or self._table.count_rows() < INDEXED:
            return True
        return {VECTOR, ROW} <= {name for index in self._table.list_indices() for name in index.columns}

    def finish(self, *, fresh: bool, indexing: Callable[[float], object] | None) -> None:
        """Unite the parts, and build the indices that make searches and look-ups quick, where they are not there yet."""
        if self._table is None:
            return
        from lancedb.index import BTree, HnswSq, IvfRq

        if fresh:
            self._table.optimize()
        if self._table.count_rows() < INDEXED:
            return
        begun = time.monotonic()
        few = self._table.schema.field(VECTOR).type.list_size % BY_BITS  # it takes whole bytes of bits
        search = HnswSq(distance_type="cosine") if few else IvfRq(distance_type="cosine")
        there = {column for index in self._table.list_indices() for column in index.columns}
        for column, kind in ((VECTOR, search), (ROW, BTree())):
            if column in there:
                continue
            job = self._table.create_index_async(column, config=kind)
            while job.status() == "running":
                with suppress(TimeoutError):
                    job.wait(timedelta(seconds=1))
                if indexing is not None:
                    indexing(time.monotonic() - begun)
            job.wait()
