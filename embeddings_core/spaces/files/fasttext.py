"""Facebook's fastText files: words, and the subwords that give unseen words a vector.

Models of words are read by gensim, classifiers and quantised files (.ftz), which it cannot read, by us. The
header is walked through before anything reads the numbers: a damaged one would keep the library busy for ever,
so here every number must fit the file.

Quantised files use product quantisation (Jégou et al. 2011, Joulin et al. 2016): a vector is cut into parts of a
few numbers, and of each part only the number of the nearest of 256 centroids is kept, one byte. Its length may be
kept apart, as one more byte.
"""

import mmap
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError, requires
from embeddings_core.spaces.files.source import Source, Words, capped, check_dimensions
from embeddings_core.spaces.files.text import quiet_gensim
from embeddings_core.spaces.vectors import FloatArray

MAGIC = struct.pack("<i", 793712314)
LONGEST_WORD = 2**16  # bytes
CLASSIFIER = 3  # how the file names a model that was trained on labels
DAMAGED = "The fastText file is damaged or was cut off; fetch it again."
CENTROIDS = 256
IN_MEMORY_BYTES = 2**30  # a larger matrix is read from the mapped file, row by row
SENTENCE_END = "</s>"  # a mark and no word: it has no letter groups


@dataclass(frozen=True, eq=False)
class Subwords:
    """Vectors of letter groups (Bojanowski et al. 2017): `vectors` (buckets, d), mapped from the file or quantised.

    A group's bucket is its hash among `buckets`; `pruned` maps the buckets that were kept to rows, None where
    all were.
    """

    vectors: "FloatArray | Quantised"
    shortest: int
    longest: int
    buckets: int
    pruned: Mapping[int, int] | None = None

    def rows(self, word: str) -> list[int]:
        """Return the rows of a word's letter groups, `shortest` to `longest` letters of <word>."""
        requires("gensim")
        from gensim.models.fasttext import ft_ngram_hashes

        if not len(self.vectors) or self.longest < 1:
            return []
        found = [int(row) for row in ft_ngram_hashes(word, self.shortest, self.longest, self.buckets)]
        if self.pruned is None:
            return found
        return [self.pruned[row] for row in found if row in self.pruned]

    def vector(self, word: str) -> FloatArray | None:
        """Return the mean of a word's letter groups, (d,); None where it has none."""
        rows = self.rows(word)
        return self.vectors[rows].mean(axis=0, dtype=np.float32) if rows else None


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


def read_fasttext(source: Source, *, limit: int, in_memory: int = IN_MEMORY_BYTES) -> Words:
    """Read a fastText model with its subwords, a classifier's word vectors, a quantised file.

    Raises BadInputError for damaged files.
    """
    with source.on_disk() as place:
        walk = read_layout(place)
        layout, kept = walk.layout, walk.items[:limit]
        ours = layout.quantised or walk.labels > 0
        small = 4 * (layout.words + layout.buckets) * layout.dimensions <= in_memory
        matrix = open_matrix(place, walk)
        subwords = _subwords(matrix, walk)
        if not ours and small and len(set(walk.items)) == len(walk.items):
            vectors = _by_gensim(place)[: len(kept)]
        else:
            vectors = _row_by_row(matrix, subwords, kept, layout.dimensions, marks=not ours)
        if place != source.path and not layout.quantised:
            # a packed or uploaded file is gone when this returns: its subwords must be in memory
            subwords = Subwords(np.array(subwords.vectors), layout.shortest, layout.longest, layout.buckets)
    bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(bad):
        raise BadInputError(f"{len(bad):,} words of the fastText file have missing or infinite numbers.")
    if not len(kept):
        raise BadInputError("The fastText file holds no words.")
    name = "fastText, quantised" if layout.quantised else "fastText"
    again = None if layout.quantised else layout  # a quantised one has nothing that could be mapped
    return Words(tuple(kept), vectors, name, tuple(_notes(walk, limit)), (subwords, again))


def _notes(walk: Walk, limit: int) -> list[str]:
    notes = [capped(limit, len(walk.items))] if len(walk.items) > limit else []
    if walk.broken:
        notes.append(f"{walk.broken:,} words hold letters that are not UTF-8; they show as \\x and a number.")
    if walk.labels:
        notes.append(
            f"A classifier with {walk.labels:,} labels; its word vectors tell the labels apart, which is less than meaning."
        )
    if walk.layout.quantised:
        notes.append("Its numbers are shortened to a few bytes a word (quantised): near, not exact.")
    return notes


def open_matrix(path: Path, walk: Walk) -> "FloatArray | Quantised":
    """Map the rows of words and letter groups of a fastText file, or read its quantised ones."""
    layout = walk.layout
    if layout.quantised:
        rows = layout.words + (layout.buckets if walk.pruned is None else len(walk.pruned))
        return read_quantised(path, offset=layout.offset, rows=rows, dimensions=layout.dimensions)
    return _mapped(path, layout)


def _mapped(path: Path, layout: Layout) -> FloatArray:
    shape = (layout.words + layout.buckets, layout.dimensions)
    matrix: Any = np.memmap(path, dtype="<f4", mode="r", offset=layout.offset, shape=shape)
    return matrix  # type: ignore[no-any-return]


def _subwords(matrix: "FloatArray | Quantised", walk: Walk) -> Subwords:
    layout = walk.layout
    rows = matrix.after(layout.words) if isinstance(matrix, Quantised) else matrix[layout.words :]
    return Subwords(rows, layout.shortest, layout.longest, layout.buckets, walk.pruned)


def open_subwords(path: Path, layout: Layout) -> Subwords:
    """Map the rows of letter groups of a fastText file whose layout is known."""
    rows = _mapped(path, layout)[layout.words :]
    return Subwords(rows, layout.shortest, layout.longest, layout.buckets)


def _by_gensim(path: Path) -> FloatArray:
    requires("gensim")
    from gensim.models.fasttext import load_facebook_vectors

    quiet_gensim()
    try:
        read = load_facebook_vectors(str(path))
    except (AssertionError, ValueError, struct.error, NotImplementedError, MemoryError) as error:
        raise BadInputError(DAMAGED) from error
    return np.asarray(read.vectors, dtype=np.float32)


def _row_by_row(
    matrix: "FloatArray | Quantised",
    subwords: Subwords,
    items: Sequence[str],
    dimensions: int,
    *,
    marks: bool,
) -> FloatArray:
    """Compose word vectors without the whole matrix in memory: the mean of a word's own row and its letter groups.

    `marks` gives the sentence's end mark letter groups too, as gensim does and the program itself does not.
    """
    vectors = np.empty((len(items), dimensions), dtype=np.float32)
    for row, item in enumerate(items):
        rows = subwords.rows(item) if marks or item != SENTENCE_END else []
        groups = subwords.vectors[rows].sum(axis=0) if rows else np.float32(0)
        vectors[row] = (matrix[[row]][0] + groups) / (len(rows) + 1)
    return vectors


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
