"""Shortened vectors of fastText's .ftz files: product quantisation (Jégou et al. 2011, Joulin et al. 2016).

A vector is cut into parts of a few numbers; of each part only the number of the nearest of 256 centroids is
kept, one byte. Its length may be kept apart, as one more byte.
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.files.fasttext_layout import DAMAGED
from embeddings_core.spaces.vectors import FloatArray

CENTROIDS = 256


@dataclass(frozen=True, eq=False)
class Quantised:
    """Vectors that are put together when they are asked for: `rows[[3, 5]]` is (2, d) float32.

    `codes` (rows, parts) choose a centroid for each part; `tables` hold (256, numbers of the part) each;
    `lengths` (rows,) or None multiply them.
    """

    codes: np.ndarray
    tables: tuple[FloatArray, ...]
    lengths: FloatArray | None

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, rows: Any) -> FloatArray:
        chosen = self.codes[rows]
        parts = [table[chosen[..., part]] for part, table in enumerate(self.tables)]
        vectors = np.concatenate(parts, axis=-1)
        return vectors if self.lengths is None else vectors * self.lengths[rows, None]

    def after(self, start: int) -> "Quantised":
        """Return the rows from `start` on, without a copy."""
        lengths = None if self.lengths is None else self.lengths[start:]
        return Quantised(self.codes[start:], self.tables, lengths)


def read_quantised(path: Path, *, offset: int, rows: int, dimensions: int) -> Quantised:
    """Read a quantised matrix of (rows, dimensions) at a place in a file; raise BadInputError where it does not fit.

    Layout: whether lengths are kept apart (1 byte), rows, dimensions (int64), bytes of codes (int32), the codes,
    the centroids; then a code for each length, and the lengths to choose from.
    """
    content = np.memmap(path, dtype=np.uint8, mode="r")
    place = offset

    def take(form: str) -> tuple[Any, ...]:
        nonlocal place
        size = struct.calcsize("<" + form)
        place += size
        return struct.unpack("<" + form, content[place - size : place].tobytes())

    def numbers(count: int, kind: str) -> np.ndarray:
        nonlocal place
        size = count * np.dtype(kind).itemsize
        if count < 0 or place + size > len(content):
            raise BadInputError(DAMAGED)
        place += size
        return content[place - size : place].view(kind).copy()

    def tables(width: int) -> tuple[FloatArray, ...]:
        d, parts, wide, last = take("4i")
        if d != width or parts < 1 or wide < 1 or not 1 <= last <= wide or (parts - 1) * wide + last != d:
            raise BadInputError(DAMAGED)
        flat = numbers(d * CENTROIDS, "<f4")
        cut = (parts - 1) * wide * CENTROIDS
        whole = flat[:cut].reshape(parts - 1, CENTROIDS, wide)
        return (*whole, flat[cut:].reshape(CENTROIDS, last))

    try:
        (apart,) = take("?")
        n, d, size = take("2qi")
        if n != rows or d != dimensions or size < 0 or (rows and size % rows):
            raise BadInputError(DAMAGED)
        codes = numbers(size, "u1")
        found = tables(dimensions)
        if size != rows * len(found):
            raise BadInputError(DAMAGED)
        lengths = None
        if apart:
            chosen = numbers(rows, "u1")
            (table,) = tables(1)
            lengths = np.ascontiguousarray(table[:, 0])[chosen]
    except (struct.error, ValueError) as error:
        raise BadInputError(DAMAGED) from error
    return Quantised(codes.reshape(rows, len(found)), found, lengths)
