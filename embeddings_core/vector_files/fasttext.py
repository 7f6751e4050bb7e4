"""Facebook's fastText binary: words, and the subwords that give unseen words a vector.

The header is walked through before the library reads the file: a damaged one would keep it busy for ever.
"""

import mmap
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.vector_files.source import Source, Words, capped, check_dimensions
from embeddings_core.vector_files.text import quiet_gensim
from embeddings_core.vectors import FloatArray

MAGIC = struct.pack("<i", 793712314)
LONGEST_WORD = 2**16  # bytes
IN_MEMORY_BYTES = 2**30  # a larger matrix is read from the mapped file, row by row
DAMAGED = "The fastText file is damaged or was cut off; fetch it again."


@dataclass(frozen=True, eq=False)
class Layout:
    """Where things are in a fastText file: all that is needed to find a subword's vector again."""

    dimensions: int
    words: int
    buckets: int
    shortest: int
    longest: int
    offset: int  # bytes before the matrix of (words + buckets, dimensions) float32


@dataclass(frozen=True, eq=False)
class Subwords:
    """Vectors of letter groups (Bojanowski et al. 2017): `vectors` (buckets, d), mapped from the file."""

    vectors: FloatArray
    shortest: int
    longest: int

    def rows(self, word: str) -> list[int]:
        """Return the rows of a word's letter groups, `shortest` to `longest` letters of <word>."""
        from gensim.models.fasttext import ft_ngram_hashes

        if not len(self.vectors) or self.longest < 1:
            return []
        return [int(row) for row in ft_ngram_hashes(word, self.shortest, self.longest, len(self.vectors))]

    def vector(self, word: str) -> FloatArray | None:
        """Return the mean of a word's letter groups, (d,); None where it has none."""
        rows = self.rows(word)
        return self.vectors[rows].mean(axis=0, dtype=np.float32) if rows else None


def looks_like_fasttext(head: bytes) -> bool:
    """Tell a fastText model, also the older layout that has no mark, by its first numbers."""
    if head[:4] == MAGIC:
        return True
    if len(head) < 56 or b"\0" not in head[:4]:
        return False
    dimensions, window, epochs, _, negatives, _, loss, model, *_ = struct.unpack("<12i", head[:48])
    plausible = 1 <= dimensions <= 10_000 and 1 <= window <= 1_000 and 1 <= epochs <= 100_000
    return plausible and 0 <= negatives <= 10_000 and loss in (1, 2, 3) and model in (1, 2, 3)


def read_fasttext(source: Source, *, limit: int, in_memory: int = IN_MEMORY_BYTES) -> Words:
    """Read a fastText model with its subwords.

    Raises BadInputError for damaged files, for classifiers, and for models with shortened numbers.
    """
    with source.on_disk() as place:
        items, layout, broken = read_layout(place)
        vectors_bytes = 4 * (layout.words + layout.buckets) * layout.dimensions
        kept = items[:limit]
        if vectors_bytes <= in_memory and len(set(items)) == len(items):
            vectors = _by_gensim(place)[: len(kept)]
        else:
            vectors = _row_by_row(place, layout, kept)
        # a packed or uploaded file is gone when this returns: its subwords must be in memory
        subwords = open_subwords(place, layout, mapped=place == source.path)
    notes = [capped(limit, len(items))] if len(items) > limit else []
    if broken:
        notes.append(f"{broken:,} words hold letters that are not UTF-8; they show as \\x and a number.")
    bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(bad):
        raise BadInputError(f"{len(bad):,} words of the fastText file have missing or infinite numbers.")
    if not len(kept):
        raise BadInputError("The fastText file holds no words.")
    return Words(tuple(kept), vectors, "fastText", tuple(notes), (subwords, layout))


def open_subwords(path: Path, layout: Layout, *, mapped: bool) -> Subwords:
    """Map the rows of letter groups of a fastText file, or read them into memory."""
    shape = (layout.words + layout.buckets, layout.dimensions)
    matrix: Any = np.memmap(path, dtype="<f4", mode="r", offset=layout.offset, shape=shape)
    rows = matrix[layout.words :]
    return Subwords(rows if mapped else np.array(rows), layout.shortest, layout.longest)


def read_layout(path: Path) -> tuple[list[str], Layout, int]:
    """Walk through the header and the words: words, where the numbers are, how many words are not UTF-8.

    Raises BadInputError wherever a number does not fit the file.
    """
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return _walk(content, len(content))
    except (struct.error, ValueError, IndexError) as error:
        raise BadInputError(DAMAGED) from error


def _walk(view: mmap.mmap, size: int) -> tuple[list[str], Layout, int]:
    place = 0

    def take(form: str) -> tuple[Any, ...]:
        nonlocal place
        values = struct.unpack_from("<" + form, view, place)
        place += struct.calcsize("<" + form)
        return values

    marked = view[:4] == MAGIC
    if marked:
        _, version = take("2i")
        if version not in (11, 12):
            raise BadInputError(f"This is version {version} of the fastText format; 11 and 12 can be read.")
    dimensions, _, *_, buckets, shortest, longest, _ = take("12i")
    take("d")
    check_dimensions(dimensions)
    entries, words, labels, _ = take("3iq")
    pruned = take("q")[0] if marked else -1
    if labels:
        raise BadInputError("This fastText file is a classifier with labels; open one with word vectors.")
    if not 0 <= words == entries or buckets < 0 or entries * 10 > size:
        raise BadInputError(DAMAGED)
    items, broken = [], 0
    for _ in range(entries):
        end = view.find(b"\0", place, place + LONGEST_WORD)
        if end < 0:
            raise BadInputError(DAMAGED)
        word = view[place:end]
        try:
            items.append(word.decode())
        except UnicodeDecodeError:
            items.append(word.decode(errors="backslashreplace"))  # as the library does
            broken += 1
        place = end + 10  # its zero, its count, its kind
    place += 8 * max(pruned, 0)
    if marked and take("?")[0]:
        raise BadInputError(
            "This fastText file holds shortened numbers (it was quantised); "
            "open the full .bin or .vec of the same model."
        )
    rows, columns = take("2q")
    if rows != words + buckets or columns != dimensions or place + 4 * rows * columns > size:
        raise BadInputError(DAMAGED)
    return items, Layout(dimensions, words, buckets, shortest, longest, place), broken


def _by_gensim(path: Path) -> FloatArray:
    from gensim.models.fasttext import load_facebook_vectors

    quiet_gensim()
    try:
        read = load_facebook_vectors(str(path))
    except (AssertionError, ValueError, struct.error, NotImplementedError, MemoryError) as error:
        raise BadInputError(DAMAGED) from error
    return np.asarray(read.vectors, dtype=np.float32)


def _row_by_row(path: Path, layout: Layout, items: Sequence[str]) -> FloatArray:
    """Compose word vectors as the library does, without the whole matrix in memory: mean of word and letter
    groups."""
    shape = (layout.words + layout.buckets, layout.dimensions)
    matrix = np.memmap(path, dtype="<f4", mode="r", offset=layout.offset, shape=shape)
    subwords = Subwords(matrix[layout.words :], layout.shortest, layout.longest)
    vectors = np.empty((len(items), layout.dimensions), dtype=np.float32)
    for row, item in enumerate(items):
        rows = subwords.rows(item)
        vectors[row] = (matrix[row] + subwords.vectors[rows].sum(axis=0)) / (len(rows) + 1)
    return vectors
