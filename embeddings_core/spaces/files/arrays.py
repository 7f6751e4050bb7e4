"""Plain tables of numbers: .npy, .npz, and bare numbers whose names tell their shape."""

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from itertools import product
from typing import IO, Any

import numpy as np

from embeddings_core.damage import DAMAGE
from embeddings_core.errors import BadInputError
from embeddings_core.limits import DIMENSIONS, LARGEST_VALUE, UNPACKED_BYTES
from embeddings_core.spaces.files.metadata import Metadata, named
from embeddings_core.spaces.files.source import Source, Words, capped, check_dimensions

OBJECTS = "This file holds program objects, not numbers, and can run code; save it as float32 numbers."
DAMAGED = "The file of numbers is damaged or was cut off; save it again."
VECTORS_FIRST = ("vectors", "embeddings", "embedding", "tensors", "arr_0")
ITEMS_FIRST = ("items", "words", "labels", "names", "texts")


def read_npy(source: Source, *, limit: int, names: Metadata | None) -> Words:
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
    except DAMAGE as error:
        raise BadInputError(DAMAGED) from error
    return _table(table, names, limit=limit, layout="npy")


def read_npz(source: Source, *, limit: int, names: Metadata | None) -> Words:
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
        except DAMAGE as error:
            raise BadInputError(DAMAGED) from error
    tables = {name: array for name, array in arrays.items() if array.ndim == 2 and array.dtype.kind in "fiub"}
    texts = {name: array for name, array in arrays.items() if array.ndim == 1 and array.dtype.kind == "U"}
    if not tables:
        raise BadInputError("The archive holds no table of numbers with one row an item.")
    table = tables[_first(tables, VECTORS_FIRST)]
    fitting = {name: array for name, array in texts.items() if len(array) == len(table)}
    if names is None and fitting:
        words = [str(text) for text in fitting[_first(fitting, ITEMS_FIRST)]]
        found = _table(table, None, limit=limit, layout="npz")
        return replace(found, items=tuple(words[:limit]), notes=found.notes[:-1])
    return _table(table, names, limit=limit, layout="npz")


def read_raw(source: Source, *, limit: int, names: Metadata) -> Words | None:
    """Read bare numbers without a shape, as the Embedding Projector's tensors.bytes: their names tell how many rows.

    32-bit numbers, or 64-bit ones where 32 make no sense; None where neither do.
    """
    with source.unpacked() as file:
        content = file.read(UNPACKED_BYTES + 1)
    for count, kind in product(names.possible_rows, ("<f4", "<f8")):
        size = np.dtype(kind).itemsize
        if len(content) % (size * count) or len(content) > UNPACKED_BYTES:
            continue
        table = np.frombuffer(content, dtype=kind).reshape(count, -1)
        if not 1 <= table.shape[1] <= DIMENSIONS or not np.isfinite(table).all():
            continue
        if np.abs(table).max(initial=0.0) < LARGEST_VALUE:
            shape = (
                f"Bare numbers of {8 * size} bits: {count:,} names make {count:,} rows of {table.shape[1]:,}."
            )
            return _table(table, names, limit=limit, layout="numbers", notes=(shape,))
    return None


def _npy_header(file: IO[bytes]) -> tuple[tuple[int, ...], Any, int]:
    """Return shape, kind and the size of the whole file, without reading the numbers."""
    reader = np.lib.format
    try:
        version = reader.read_magic(file)
        header = reader.read_array_header_1_0 if version == (1, 0) else reader.read_array_header_2_0
        shape, _, kind = header(file)
    except DAMAGE as error:
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


def _table(
    table: Any, names: Metadata | None, *, limit: int, layout: str, notes: Sequence[str] = ()
) -> Words:
    _check_table(table.shape, table.dtype)
    kept = min(len(table), limit)
    with np.errstate(over="ignore", invalid="ignore"):
        vectors = np.asarray(table[:kept], dtype=np.float32)
    told = [*notes, *([capped(limit, len(table))] if len(table) > limit else [])]
    return named(Words((), vectors, layout, tuple(told)), names, rows=len(table))


def _first(arrays: dict[str, Any], preferred: Sequence[str]) -> str:
    return next((name for name in preferred if name in arrays), next(iter(arrays)))
