"""From a file to a table: which reader reads it, and what belongs together where two files come."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import numpy as np

from embeddings_core.errors import BadInputError, requires
from embeddings_core.limits import TABLE_BYTES, TABLE_ROWS
from embeddings_core.spaces.files.metadata import CONFIGURATION, HEAD, is_metadata, separator_of
from embeddings_core.spaces.files.opener import open_vectors
from embeddings_core.spaces.texts import clean_label
from embeddings_core.tables.columnar import read_arrays, read_parquet, read_tensors
from embeddings_core.tables.delimited import decoded, read_delimited
from embeddings_core.tables.foreign import refuse_what_is_no_table
from embeddings_core.tables.numbered import gathered
from embeddings_core.tables.packed import is_picture, shaped, tables_in, tile_size, with_sprite
from embeddings_core.tables.records import read_json
from embeddings_core.tables.roles import described
from embeddings_core.tables.table import Table
from embeddings_core.tables.typed import Told, typed, vector_array
from embeddings_core.tables.workbook import read_workbook

if TYPE_CHECKING:
    import pyarrow as pa

ENDINGS = (
    "csv",
    "tsv",
    "tab",
    "txt",
    "json",
    "jsonl",
    "ndjson",
    "parquet",
    "xlsx",
    "xlsm",
    "ods",
    "xls",
    "npy",
    "npz",
    "bytes",
    "vec",
    "safetensors",
    "zip",
    "png",
    "jpg",
    "jpeg",
    "webp",
)
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".ods", ".xls")
VECTOR = "vector"  # the column that a bare table of numbers becomes
SHAPELESS = (
    "Bare numbers do not say how many rows they make: drop their metadata.tsv or projector_config.json together with them, "
    "or write rows and columns into the name of the file (vectors_150x4.bytes)."
)
File = tuple[str, bytes]


def read_table(
    source: str | Path | bytes,
    *,
    beside: str | Path | bytes | None = None,
    name: str = "",
    limit: int = TABLE_ROWS,
) -> Table:
    """Read a table: CSV, TSV, JSON, JSON lines, Parquet, a workbook, NumPy's files, or the Embedding Projector's.

    `source` is a path, or the content of a file together with its `name`; `beside` is a second file whose rows belong to
    the same items, such as the metadata of a table of vectors. At most `limit` rows. What could not be used is told in
    `notes`, by line or row. Raises BadInputError for what is no table, empty, damaged, or beyond a limit.
    """
    files = [_file(source, name)]
    if beside is not None:
        files.append(_file(beside, "metadata.tsv"))
    return read_files(files, limit=limit, most=None if isinstance(source, str | Path) else TABLE_BYTES)


def _file(source: str | Path | bytes, name: str) -> File:
    if isinstance(source, bytes):
        return name or "table.csv", source
    path = Path(source)
    try:
        before = path.stat()
        content = path.read_bytes()
        after = path.stat()
    except OSError as error:
        raise BadInputError(f"Cannot read {path.name}: {error.strerror}.") from None
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(
        content
    ) != after.st_size:
        raise BadInputError(f"{path.name} changed while it was read; open it again once it is whole.")
    return path.name, content


def read_files(files: Sequence[File], *, limit: int = TABLE_ROWS, most: int | None = TABLE_BYTES) -> Table:
    """Read one file, or two whose rows belong together, as (name, content) each; see `read_table`."""
    requires("pandas", "pyarrow")
    if not files:
        raise BadInputError("There is no file; choose one.")
    files, sprite, tile = _with_pictures(files)
    if len(files) > 2:
        raise BadInputError(
            f"{len(files)} files; a table is one file, or one of vectors and one that describes its rows."
        )
    digest = hashlib.sha256()
    for _, content in files:
        if most is not None and len(content) > most:
            raise BadInputError(
                f"The file has {len(content) / 2**20:,.0f} MB; the limit is {most // 2**20}. "
                "Take fewer rows or columns, save it as Parquet, or open it from the command line."
            )
        digest.update(content)
    table = _one(*files[0], limit) if len(files) == 1 else _pair(files[0], files[1], limit)
    if sprite:
        digest.update(sprite)
        table = with_sprite(table, sprite, tile=tile)
    return replace(table, source=digest.hexdigest()[:32])


def _with_pictures(files: Sequence[File]) -> tuple[list[File], bytes, tuple[int, int] | None]:
    """Take apart what belongs together: unpacked tables, the sprite of their pictures, and the size of its tiles."""
    tables = [
        file for file in files if not is_picture(file[0]) and PurePosixPath(file[0]).name != CONFIGURATION
    ]
    pictures = [content for name, content in files if is_picture(name)]
    told = [content for name, content in files if PurePosixPath(name).name == CONFIGURATION]
    if not tables and pictures:
        raise BadInputError(
            "A picture alone is no table; drop it on Images, or here with the vectors that it belongs to."
        )
    if len(pictures) > 1:
        raise BadInputError(
            f"{len(pictures)} pictures; a table takes one sprite that holds them all, or a ZIP of them."
        )
    if len(tables) == 1 and tables[0][0].lower().endswith(".zip"):
        if not tables_in(tables[0][1]):
            raise BadInputError(
                "The archive holds no table; pack one, or open an archive of pictures in the app."
            )
        others = [file for file in files if file is not tables[0]]
        return _with_pictures([*tables_in(tables[0][1], beside=True), *others])
    tables = [
        (shaped(*file, told) if file[0].lower().endswith(".bytes") else None) or file for file in tables
    ]
    return tables, pictures[0] if pictures else b"", next(map(tile_size, told), None)


def _one(name: str, content: bytes, limit: int, header: bool | None = None, *, delimiter: str = "") -> Table:
    told = Told()
    rows = gathered(_rows(name, content, told, limit, header, delimiter), told)
    title = clean_label(PurePosixPath(name).name, unnamed="table")
    return Table(title, described(rows), rows, "", tuple(told.notes))


def _pair(first: File, second: File, limit: int) -> Table:
    """Read two files whose rows belong together: of the one that describes the other, a header is what makes them as long."""
    raw = [file for file in (first, second) if file[0].lower().endswith(".bytes")]
    if len(raw) == 1:
        described_by = second if raw[0] is first else first
        words = open_vectors(raw[0][1], name=raw[0][0], metadata=described_by[1])
        rows = _with_vectors(None, np.asarray(words.vectors))
        vectors = Table(raw[0][0], described(rows), rows, "", tuple(words.notes))
        return _together(_as_long(described_by, len(vectors), limit), vectors)
    tables = [_one(*file, limit, delimiter=_between(file)) for file in (first, second)]
    if len(tables[0]) != len(tables[1]):
        place = 0 if tables[1].of_role("vector") else 1
        tables[place] = _as_long((first, second)[place], len(tables[1 - place]), limit)
    return _together(*tables)


def _as_long(file: File, rows: int, limit: int) -> Table:
    """Read a file with or without a header, whichever gives so many rows."""
    table = _one(*file, limit, delimiter=_between(file))
    if len(table) == rows or not file[0].lower().endswith((".tsv", ".csv", ".txt", ".tab")):
        return table
    return _one(*file, limit, header=len(table) > rows, delimiter=_between(file))


def _between(file: File) -> str:
    """Return what separates the columns of a .tsv that names another's rows, as names hold commas; "" where it is to be guessed."""
    name, content = file
    if not name.lower().endswith(".tsv") or not is_metadata(name, content[:HEAD]):
        return ""
    return separator_of(decoded(content)[0].replace("\r\n", "\n").split("\n")) or "\t"


def _rows(
    name: str, content: bytes, told: Told, limit: int, header: bool | None = None, delimiter: str = ""
) -> "pa.Table":
    import pyarrow as pa

    if not content:
        raise BadInputError("This file is empty; choose one with a header and a row or more.")
    ending = PurePosixPath(name.lower()).suffix
    if content.startswith(b"PAR1"):
        return read_parquet(content, told, limit=limit)
    if content.startswith(b"\x93NUMPY") or ending == ".npz":
        return read_arrays(content, told)
    if ending == ".safetensors":
        return read_tensors(content, told)
    if ending not in (".bytes", ".bin"):  # numbers may begin with any bytes
        refuse_what_is_no_table(content)
    if ending in WORKBOOKS or content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return read_workbook(content, told, limit=limit)
    if ending in (".json", ".jsonl", ".ndjson"):
        return read_json(content, told, limit=limit)
    if ending == ".bytes":
        raise BadInputError(SHAPELESS)
    if ending in (".vec", ".bin"):
        return _word_vectors(name, content, told)
    delimiter = delimiter or ("\t" if ending == ".tab" else "")
    cells = read_delimited(content, delimiter=delimiter, header=header, limit=limit)
    told.notes.extend(cells.notes)
    if (vectors := _bare_numbers(cells.names, cells.columns)) is not None:
        return pa.table({VECTOR: vector_array(vectors)})
    columns = [
        typed(each, column, told, comma=cells.decimal_comma)
        for each, column in zip(cells.names, cells.columns, strict=True)
    ]
    return pa.table(columns, names=cells.names)


def _bare_numbers(names: list[str], columns: list[list[str | None]]) -> np.ndarray | None:
    """Return the table of numbers that a file without a header holds, as the Projector writes its tensors; else None."""
    if len(names) < 3 or names[0] != "column 1":
        return None
    try:
        table = np.array(columns, dtype=np.float32).T
    except (ValueError, TypeError):
        return None
    return table if np.isfinite(table).all() else None


def _word_vectors(name: str, content: bytes, told: Told) -> "pa.Table":
    words = open_vectors(content, name=name)
    told.notes.extend(words.notes)
    return _with_vectors(list(words.items), np.asarray(words.vectors))


def _with_vectors(items: list[str] | None, vectors: np.ndarray) -> "pa.Table":
    import pyarrow as pa

    named = {} if items is None else {"item": pa.array(items, pa.string())}
    return pa.table({**named, VECTOR: vector_array(vectors)})


def _together(first: Table, second: Table) -> Table:
    """Join two tables whose rows belong to the same items, vectors last."""
    import pyarrow as pa

    if len(first) != len(second):
        raise BadInputError(
            f'"{first.title}" has {len(first):,} rows and "{second.title}" {len(second):,}; both must have the same.'
        )
    tables = sorted((first, second), key=lambda table: bool(table.of_role("vector")))
    taken = set(tables[0].names)
    columns, rows = list(tables[0].columns), tables[0].rows
    for column in tables[1].columns:
        name = column.name if column.name not in taken else f"{column.name} (2)"
        columns.append(replace(column, name=name))
        rows = rows.append_column(
            pa.field(name, tables[1].rows.column(column.name).type), tables[1].rows.column(column.name)
        )
    return Table(tables[0].title, tuple(columns), rows, "", (*first.notes, *second.notes))
