"""Plain tables of numbers: .npy, .npz, and the tensors.tsv of the TensorFlow Embedding Projector."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.limits import UNPACKED_BYTES, VECTOR_LINE_BYTES
from embeddings_core.spaces.files.source import Source, Words, capped, check_dimensions
from embeddings_core.spaces.vectors import FloatArray

OBJECTS = "This file holds program objects, not numbers, and can run code; save it as float32 numbers."
DAMAGED = "The file of numbers is damaged or was cut off; save it again."
VECTORS_FIRST = ("vectors", "embeddings", "embedding", "tensors", "arr_0")
ITEMS_FIRST = ("items", "words", "labels", "names", "texts")


def read_npy(source: Source, *, limit: int, names: Sequence[str] | None) -> Words:
    """Read one array of (items, dimensions) numbers; the header is checked before anything is read."""
    with source.open() as file:
        shape, kind, size = _npy_header(file)
    _check_table(shape, kind)
    if not source.packed and size > source.size:
        raise BadInputError(DAMAGED)
    if size > UNPACKED_BYTES and (source.packed or not source.path):
        raise BadInputError(
            f"The file unpacks to more than {UNPACKED_BYTES // 2**20} MB, which is the limit."
        )
    try:
        if source.path and not source.packed:
            table = np.load(source.path, mmap_mode="r", allow_pickle=False)
        else:
            with source.open() as file:
                table = np.load(BytesIO(file.read(size + 1)), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise BadInputError(DAMAGED) from error
    return _table(table, names, limit=limit, layout="npy")


def read_npz(source: Source, *, limit: int, names: Sequence[str] | None) -> Words:
    """Read the table of numbers, and the names where there are some, from an archive of arrays."""
    with source.open() as file:
        try:
            with zipfile.ZipFile(file) as archive:
                if sum(member.file_size for member in archive.infolist()) > UNPACKED_BYTES:
                    raise BadInputError(
                        f"The file unpacks to more than {UNPACKED_BYTES // 2**20} MB, the limit."
                    )
                arrays = {}
                for member in archive.infolist():
                    if not member.filename.endswith(".npy"):
                        continue
                    with archive.open(member) as part:
                        _, kind, size = _npy_header(part)
                    if kind.hasobject:
                        raise BadInputError(OBJECTS)
                    if size > member.file_size:
                        raise BadInputError(DAMAGED)
                    content = BytesIO(archive.read(member))
                    arrays[member.filename.removesuffix(".npy")] = np.load(content, allow_pickle=False)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError) as error:
            raise BadInputError(DAMAGED) from error
    tables = {name: array for name, array in arrays.items() if array.ndim == 2 and array.dtype.kind in "fiub"}
    texts = {name: array for name, array in arrays.items() if array.ndim == 1 and array.dtype.kind == "U"}
    if not tables:
        raise BadInputError("The archive holds no table of numbers with one row an item.")
    table = tables[_first(tables, VECTORS_FIRST)]
    fitting = {name: array for name, array in texts.items() if len(array) == len(table)}
    if names is None and fitting:
        names = [str(text) for text in fitting[_first(fitting, ITEMS_FIRST)]]
    return _table(table, names, limit=limit, layout="npz")


def read_tensors(source: Source, *, limit: int, names: Sequence[str] | None) -> Words:
    """Read rows of numbers between tabs, as the TensorFlow Embedding Projector does."""
    rows: list[FloatArray] = []
    with source.open() as file:
        number = 0
        while (line := file.readline(VECTOR_LINE_BYTES)) and len(rows) <= limit:
            number += 1
            if not line.strip():
                continue
            if len(line) == VECTOR_LINE_BYTES:
                raise BadInputError(f"Line {number:,} is longer than 1 MB; this is not a table of vectors.")
            try:
                row = np.array(line.split(), dtype=np.float32)
            except ValueError as error:
                raise BadInputError(f"Line {number:,} holds something that is not a number.") from error
            if rows and len(row) != len(rows[0]):
                raise BadInputError(f"Line {number:,} has {len(row):,} numbers, expected {len(rows[0]):,}.")
            rows.append(row)
    return _table(np.stack(rows), names, limit=limit, layout="tensors")


def read_metadata(source: Source) -> list[str]:
    """Read the names of a Projector's rows: one column has no title line, several have one; the first is the
    name."""
    with source.open() as file:
        text = file.read(UNPACKED_BYTES).decode("utf-8-sig", errors="replace")
    # not splitlines: names hold other characters that it takes for line ends
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    if "\t" in lines[0]:
        lines = lines[1:]
    return [line.split("\t")[0] or "(empty)" for line in lines]


def _npy_header(file: IO[bytes]) -> tuple[tuple[int, ...], Any, int]:
    """Return shape, kind and the size of the whole file, without reading the numbers."""
    from tokenize import TokenError

    reader = np.lib.format
    try:
        version = reader.read_magic(file)
        header = reader.read_array_header_1_0 if version == (1, 0) else reader.read_array_header_2_0
        shape, _, kind = header(file)
    except (ValueError, EOFError, SyntaxError, TokenError, TypeError, UnicodeDecodeError) as error:
        raise BadInputError(DAMAGED) from error
    if any(length < 0 for length in shape):
        raise BadInputError(DAMAGED)
    count = 1
    for length in shape:
        count *= length
    return shape, kind, file.tell() + count * kind.itemsize


def _check_table(shape: tuple[int, ...], kind: Any) -> None:
    if kind.hasobject:
        raise BadInputError(OBJECTS)
    if kind.kind not in "fiub":
        raise BadInputError("The file must hold plain numbers; it holds text, dates or complex numbers.")
    if len(shape) != 2 or not shape[0]:
        size = " × ".join(f"{length:,}" for length in shape) or "a single number"
        raise BadInputError(f"Vectors must be a table of items × dimensions; this has the shape {size}.")
    check_dimensions(shape[1])


def _table(table: Any, names: Sequence[str] | None, *, limit: int, layout: str) -> Words:
    _check_table(table.shape, table.dtype)
    notes = [capped(limit, len(table))] if len(table) > limit else []
    if names is not None and len(names) != len(table) and not (len(table) > limit <= len(names)):
        raise BadInputError(f"There are {len(names):,} names for {len(table):,} vectors; give one for each.")
    kept = min(len(table), limit)
    if names is None:
        notes.append("The file holds no names; the rows are numbered.")
        names = [f"row {number}" for number in range(1, kept + 1)]
    with np.errstate(over="ignore", invalid="ignore"):
        vectors = np.asarray(table[:kept], dtype=np.float32)
    return Words(tuple(names[:kept]), vectors, layout, tuple(notes))


def _first(arrays: dict[str, Any], preferred: Sequence[str]) -> str:
    return next((name for name in preferred if name in arrays), next(iter(arrays)))


def sibling_metadata(path: Path) -> Path | None:
    """Return the metadata.tsv beside a tensors.tsv, as the Projector exports the pair."""
    beside = path.with_name(path.name.replace("tensors", "metadata"))
    return beside if "tensors" in path.name and beside != path and beside.is_file() else None
