"""Vectors of fewer bits and fewer numbers: their bytes, and which of the true nearest neighbours are still found."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.analysis.truncation import (
    TruncationFilm,
    apart,
    film_in_steps,
    kept_shares,
    nearest_rows,
)
from embeddings_core.errors import BadInputError
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray, frozen, unit

BITS = {32: "float32", 8: "int8", 1: "binary"}
STEPS = 255  # of an 8-bit number


@dataclass(frozen=True)
class Format:
    """How a vector is kept: its first `dimensions` numbers, `bits` each (32, 8 or 1)."""

    bits: int
    dimensions: int

    @property
    def bytes(self) -> int:
        """Bytes of one vector.

        >>> Format(1, 384).bytes, Format(32, 384).bytes
        (48, 1536)
        """
        return -(-self.bits * self.dimensions // 8)

    @property
    def title(self) -> str:
        """What it is called: "int8, 384 numbers"."""
        return f"{BITS[self.bits]}, {self.dimensions} numbers"


def formats(dimensions: int) -> tuple[Format, ...]:
    """Return the ways to keep vectors of so many dimensions that are compared: fewer bits first, then fewer numbers."""
    return (
        *(Format(bits, dimensions) for bits in BITS),
        *(Format(32, d) for d in (256, 64, 8) if d < dimensions),
    )


def decoded(vectors: FloatArray, form: Format, *, ranges: FloatArray | None = None) -> FloatArray:
    """Keep vectors (n, d) of length 1 in a format, and return what is read back, length 1 again, (n, dimensions).

    int8 spreads 256 values over the range that each number has in the whole space, `ranges` (2, d): lowest and highest;
    what lies beyond is cut. Binary keeps the sign: the cosine of signs is 1 − 2 × (bits that differ) / dimensions.
    """
    kept = np.asarray(vectors, dtype=np.float32)[:, : form.dimensions]
    if form.bits == 8:
        low, high = (kept.min(axis=0), kept.max(axis=0)) if ranges is None else ranges[:, : form.dimensions]
        step = np.maximum((high - low) / STEPS, 1e-12)
        kept = (
            np.clip(np.round((kept - low) / step), 0, STEPS).astype(np.uint8).astype(np.float32) * step + low
        )
    elif form.bits == 1:
        kept = np.where(kept > 0, np.float32(1), np.float32(-1))
    elif form.bits != 32:
        raise BadInputError(f"Numbers of {form.bits} bits are not compared here; choose 32, 8 or 1.")
    return unit(kept)


def in_hundred(share: float) -> str:
    """Write a share so that it only claims all where it is all.

    >>> in_hundred(1.0), in_hundred(0.9967), in_hundred(0.714)
    ('100', '99.7', '71')
    """
    if share >= 1:
        return "100"
    return f"{min(100 * share, 99.9):.1f}" if share >= 0.99 else f"{100 * share:.0f}"


@dataclass(frozen=True, eq=False)
class Compression:
    """Items and their true neighbours in a space, and what is left of those in each format.

    `truth` (n, k) are rows of the space, nearest first; `found` (formats, n, k) the same in each format; `recall`
    (formats, n) is the share of the true ones among them. `by_directions` is the mean recall of the best `shortest`
    directions (PCA), beside that of the first `shortest` numbers.
    """

    items: tuple[str, ...]
    space: EmbeddingSet
    formats: tuple[Format, ...]
    truth: IntArray
    found: IntArray
    recall: FloatArray
    shortest: int
    by_directions: float

    @property
    def shares(self) -> tuple[float, ...]:
        """Mean recall of each format."""
        return tuple(float(row.mean()) for row in self.recall)

    def missing(self, form: int, row: int) -> tuple[str, ...]:
        """Return the true neighbours of an item that a format does not find, nearest first."""
        there = set(self.found[form, row].tolist())
        return tuple(self.space.items[other] for other in self.truth[row].tolist() if other not in there)

    @property
    def sentence(self) -> str:
        """What fewer bits and fewer numbers cost, in one sentence of measured shares."""
        share = {form: in_hundred(value) for form, value in zip(self.formats, self.shares, strict=True)}
        d, k = self.formats[0].dimensions, self.truth.shape[1]
        told = (
            f"Of the true {k} nearest, 8 bits a number keep {share[Format(8, d)]} in 100 in a quarter of the bytes, one bit "
            f"{share[Format(1, d)]} in a thirty-second."
        )
        short = Format(32, self.shortest)
        if short not in share:
            return told
        best = in_hundred(self.by_directions)
        cut = f"Cut to its first {self.shortest} numbers it keeps {share[short]}"
        if self.by_directions <= self.shares[self.formats.index(short)]:
            return f"{told} {cut}; the {self.shortest} main directions (PCA) keep no more ({best})."
        return f"{told} {cut}, the {self.shortest} main directions (PCA) {best}: this model was not trained to be cut."


def compression(
    words: EmbeddingSet, space: EmbeddingSet, *, k: int = 10, kinds: Sequence[Format] = ()
) -> Compression:
    """Look for the k nearest of each word among a space, in each format; words that are in the space are not their own.

    Neighbours are searched by cosine, the true ones in all float32 numbers; ties keep the order of the space. Raises
    BadInputError without words, or where the space holds fewer than k + 2.
    """
    if not len(words) or len(space) < k + 2:
        raise BadInputError(f"At least one word and a space of {k + 2} are needed.")
    kinds = tuple(kinds) or formats(space.dimensions)
    asked, whole = unit(words.vectors), unit(space.vectors)
    ranges = np.stack([whole.min(axis=0), whole.max(axis=0)])
    own = [space.find(item) for item in words.items]

    def nearest(left: FloatArray, right: FloatArray) -> IntArray:
        scores = left @ right.T
        for row, same in enumerate(own):
            if same is not None:
                scores[row, same] = -np.inf
        return np.argsort(-scores, axis=1, kind="stable")[:, :k].astype(np.int64)

    truth = nearest(asked, whole)
    found = np.stack(
        [nearest(*(decoded(each, form, ranges=ranges) for each in (asked, whole))) for form in kinds]
    )
    shortest = 64 if space.dimensions > 64 else space.dimensions
    middle = whole.mean(axis=0)
    axes = np.linalg.eigh((whole - middle).T.astype(np.float64) @ (whole - middle))[1][:, ::-1][:, :shortest]
    turned = nearest(*(unit(((each - middle) @ axes).astype(np.float32)) for each in (asked, whole)))
    return Compression(
        words.items, space, kinds, truth, found,
        frozen(np.stack([kept_shares(truth, each) for each in found])), shortest, float(kept_shares(truth, turned).mean()),
    )  # fmt: skip


def compression_film(words: EmbeddingSet, space: EmbeddingSet, *, k: int = 5) -> TruncationFilm:
    """Map a few words as each format keeps them: one recorded frame a format, the flat map that keeps its distances best.

    Raises BadInputError below 3 words.
    """
    n = len(words)
    if n < 3:
        raise BadInputError(f"At least 3 words are needed to have neighbours, this has {n}.")
    kinds, k = formats(space.dimensions), min(k, n - 2)
    asked, whole = unit(words.vectors), unit(space.vectors)
    ranges = np.stack([whole.min(axis=0), whole.max(axis=0)])
    lengths = [apart(decoded(asked, form, ranges=ranges).astype(np.float64)) for form in kinds]
    centred = (asked - asked.mean(axis=0)).astype(np.float64)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    return film_in_steps(
        lengths,
        nearest_rows(apart(asked.astype(np.float64)), k),
        names=[f"{form.title}: {form.bytes:,} bytes a word" for form in kinds],
        dimensions=[form.dimensions for form in kinds],
        start=(left * sizes)[:, :2],
    )


@dataclass(frozen=True)
class Cut:
    """What is left of every item's k nearest where vectors of so many numbers are cut to their first ones."""

    whole: int
    dimensions: int
    share: float


def cut(space: EmbeddingSet, dimensions: int, *, k: int = 10) -> Cut:
    """Cut the vectors of a space to their first numbers, and count which of the k nearest of each item are still found.

    Raises BadInputError below k + 2 items.
    """
    found = compression(space, space, k=k, kinds=(Format(32, dimensions),))
    return Cut(space.dimensions, dimensions, found.shares[0])
