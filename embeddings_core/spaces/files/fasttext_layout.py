"""Where things are in a fastText file, found before anything believes it.

A damaged header would keep the usual library busy for ever; here every number must fit the file.
"""

import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.files.source import check_dimensions

MAGIC = struct.pack("<i", 793712314)
LONGEST_WORD = 2**16  # bytes
CLASSIFIER = 3  # how the file names a model that was trained on labels
DAMAGED = "The fastText file is damaged or was cut off; fetch it again."


@dataclass(frozen=True, eq=False)
class Layout:
    """All that is needed to find a subword's vector again: sizes, and `offset`, the bytes before the numbers.

    The numbers are a matrix of (words + buckets, dimensions) float32, or its `quantised` form.
    """

    dimensions: int
    words: int
    buckets: int
    shortest: int
    longest: int
    offset: int
    quantised: bool = False


@dataclass(frozen=True, eq=False)
class Walk:
    """What stands before the numbers: the words, where the numbers are, and what is special about the file.

    `broken` counts words that are not UTF-8, `labels` the answers of a classifier; `pruned` maps the letter
    groups that were kept to their rows, None where all were.
    """

    items: list[str]
    layout: Layout
    broken: int
    labels: int
    pruned: Mapping[int, int] | None


def looks_like_fasttext(head: bytes) -> bool:
    """Tell a fastText model, also the older layout that has no mark, by its first numbers."""
    if head[:4] == MAGIC:
        return True
    if len(head) < 56 or b"\0" not in head[:4]:
        return False
    dimensions, window, epochs, _, negatives, _, loss, model, *_ = struct.unpack("<12i", head[:48])
    plausible = 1 <= dimensions <= 10_000 and 1 <= window <= 1_000 and 1 <= epochs <= 100_000
    return plausible and 0 <= negatives <= 10_000 and loss in (1, 2, 3) and model in (1, 2, 3)


def read_layout(path: Path) -> Walk:
    """Walk through the header and the words; raise BadInputError wherever a number does not fit the file."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return _walk(content, len(content))
    except (struct.error, ValueError, IndexError) as error:
        raise BadInputError(DAMAGED) from error


def _walk(view: mmap.mmap, size: int) -> Walk:
    place = 0

    def take(form: str) -> tuple[Any, ...]:
        nonlocal place
        values = struct.unpack_from("<" + form, view, place)
        place += struct.calcsize("<" + form)
        return values

    marked, version = view[:4] == MAGIC, 12
    if marked:
        _, version = take("2i")
        if version not in (11, 12):
            raise BadInputError(f"This is version {version} of the fastText format; 11 and 12 can be read.")
    dimensions, *_, model, buckets, shortest, longest, _ = take("12i")
    take("d")
    check_dimensions(dimensions)
    if model == CLASSIFIER and version == 11:
        longest = 0  # such classifiers knew no letter groups
    entries, words, labels, _ = take("3iq")
    kept = take("q")[0] if marked else -1
    if labels and model != CLASSIFIER:
        raise BadInputError(DAMAGED)
    if min(words, labels, buckets, shortest, longest) < 0 or max(shortest, longest) > LONGEST_WORD:
        raise BadInputError(DAMAGED)
    if words + labels != entries or entries * 10 > size or (kept > 0 and not buckets):
        raise BadInputError(DAMAGED)
    items, broken = [], 0
    for number in range(entries):
        end = view.find(b"\0", place, place + LONGEST_WORD)
        if end < 0 or view[end + 9] != (number >= words):  # words come first, then labels
            raise BadInputError(DAMAGED)
        if number < words:
            word = view[place:end]
            try:
                items.append(word.decode())
            except UnicodeDecodeError:
                items.append(word.decode(errors="backslashreplace"))  # as the library does
                broken += 1
        place = end + 10  # its zero, its count, its kind
    pruned = None
    if kept >= 0:
        pairs = np.frombuffer(view, dtype="<i4", count=2 * kept, offset=place).reshape(kept, 2).copy()
        place += pairs.nbytes
        if kept and (pairs.min() < 0 or pairs[:, 1].max() >= kept):
            raise BadInputError(DAMAGED)
        pruned = {int(group): int(row) for group, row in pairs}
    quantised = bool(marked and take("?")[0])
    layout = Layout(dimensions, words, buckets, shortest, longest, place, quantised)
    if not quantised:
        rows, columns = take("2q")
        layout = Layout(dimensions, words, buckets, shortest, longest, place)
        if rows != words + buckets or columns != dimensions or place + 4 * rows * columns > size:
            raise BadInputError(DAMAGED)
    return Walk(items, layout, broken, labels, pruned)
