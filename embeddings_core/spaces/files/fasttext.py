"""Facebook's fastText files: words, and the subwords that give unseen words a vector.

Models of words are read by gensim, classifiers and quantised files (.ftz), which it cannot read, by us. The
header is walked through before anything reads the numbers.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.files.fasttext_layout import DAMAGED, Layout, Walk, read_layout
from embeddings_core.spaces.files.quantised import Quantised, read_quantised
from embeddings_core.spaces.files.source import Source, Words, capped
from embeddings_core.spaces.files.text import quiet_gensim
from embeddings_core.spaces.vectors import FloatArray

IN_MEMORY_BYTES = 2**30  # a larger matrix is read from the mapped file, row by row
SENTENCE_END = "</s>"  # a mark and no word: it has no letter groups


@dataclass(frozen=True, eq=False)
class Subwords:
    """Vectors of letter groups (Bojanowski et al. 2017): `vectors` (buckets, d), mapped from the file or quantised.

    A group's bucket is its hash among `buckets`; `pruned` maps the buckets that were kept to rows, None where
    all were.
    """

    vectors: FloatArray | Quantised
    shortest: int
    longest: int
    buckets: int
    pruned: Mapping[int, int] | None = None

    def rows(self, word: str) -> list[int]:
        """Return the rows of a word's letter groups, `shortest` to `longest` letters of <word>."""
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
