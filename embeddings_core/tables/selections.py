"""Selections that a visitor keeps: named rows, as colours, what tells two of them apart, and the mean of one."""

import base64
import binascii
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.analysis.neighbours import top
from embeddings_core.maps.large_map import representative_rows
from embeddings_core.spaces.vectors import FloatArray, IntArray, unit
from embeddings_core.tables.embedding import TableSpace
from embeddings_core.tables.filters import Mask, day_of
from embeddings_core.tables.lance_rows import LanceVectors
from embeddings_core.tables.questions import Categories, StandOut, sampled_words, stand_out, units
from embeddings_core.tables.table import Table, coded, number_text, numbers_of

CONTRASTS = 5  # columns that are told
LEAST_CONTRAST = 0.2  # of a standard deviation: below, a difference is small (Cohen 1988)
ASKED, LOOKED_AT = 2_000, 500  # rows on the disk whose mean is taken, and that are looked at round it
VALUES = 50  # of a column of labels that are looked at
ROWS_CHARACTERS = (
    4_000  # of an address that tell rows: all chosen ones of 24,000 rows, of more where they lie in stretches
)
BITS = "b"  # before rows that an address tells as one bit each


@dataclass(frozen=True, eq=False)
class KeptSelection:
    """Rows of a table (m,) under a name; `told` says how they were chosen."""

    name: str
    rows: IntArray
    told: str = ""

    def mask(self, n: int) -> Mask:
        """Return which of the n rows of the table are in it."""
        mask = np.zeros(n, dtype=bool)
        mask[self.rows[self.rows < n]] = True
        return mask


def rows_in_address(rows: IntArray, n: int, *, most: int = ROWS_CHARACTERS) -> str:
    """Write which of n rows (m,), rising, as an address holds them; "" for none, and where that takes more than `most` characters.

    As stretches, counted from 1 as on screen, or as one bit a row, whatever is shorter.

    >>> rows_in_address(np.array([0, 1, 2, 8]), 10)
    '1-3,9'
    """
    if not len(rows):
        return ""
    ends = np.flatnonzero(np.diff(rows, append=n + 1) != 1)
    starts = np.concatenate([[0], ends[:-1] + 1])
    written = ""
    if len(ends) <= most // 2:
        pairs = zip(rows[starts].tolist(), rows[ends].tolist(), strict=True)
        written = ",".join(f"{low + 1}" if low == high else f"{low + 1}-{high + 1}" for low, high in pairs)
    mask = np.zeros(n, dtype=bool)
    mask[rows] = True
    packed = zlib.compress(np.packbits(mask).tobytes(), 9)
    bits = BITS + base64.urlsafe_b64encode(packed).decode().rstrip("=")
    shorter = bits if not written or len(bits) < len(written) else written
    return shorter if len(shorter) <= most else ""


def rows_from_address(written: str, n: int, *, most: int = ROWS_CHARACTERS) -> IntArray | None:
    """Read which of n rows an address tells, rising; None where it does not fit, for anybody can write an address."""
    if len(written) > most:
        return None
    mask = np.zeros(n, dtype=bool)
    if written.startswith(BITS):
        size = (n + 7) // 8
        try:
            packed = base64.b64decode(written[1:] + "=" * (-len(written[1:]) % 4), b"-_", validate=True)
            told = zlib.decompressobj().decompress(
                packed, size + 1
            )  # never more than that, whatever it claims
        except (binascii.Error, ValueError, zlib.error):
            return None
        if len(told) != size:
            return None
        mask = np.unpackbits(np.frombuffer(told, dtype=np.uint8), count=n).astype(bool)
    else:
        for part in written.split(","):
            ends = part.split("-")
            if len(ends) > 2 or not all(end.isascii() and end.isdigit() and len(end) < 10 for end in ends):
                return None
            low, high = int(ends[0]), int(ends[-1])
            if not 0 < low <= high <= n:
                return None
            mask[low - 1 : high] = True
    return np.flatnonzero(mask) if mask.any() else None


@dataclass(frozen=True)
class Comparison:
    """How many rows are in both of two selections, and in one of them alone, with the words that stand out in those."""

    both: int
    first: int
    second: int
    first_words: tuple[StandOut, ...] = ()
    second_words: tuple[StandOut, ...] = ()


def compared(
    first: Mask, second: Mask, texts: Sequence[str] | Callable[[IntArray], Sequence[str]] = ()
) -> Comparison:
    """Compare two selections (n,) of the same rows; words are those of the rows that only one of them has.

    `texts` are those of all rows, or what gives those of some; of very many rows as many of the one as of the other are read.
    """
    apart = first ^ second
    words: list[tuple[StandOut, ...]] = [(), ()]
    if callable(texts) or len(texts):
        rows = np.flatnonzero(apart)
        rows = rows[sampled_words(first[rows])]
        own = texts(rows) if callable(texts) else [texts[row] for row in rows.tolist()]
        words = [stand_out(own, chosen[rows], count=6) for chosen in (first, second)]
    return Comparison(
        int((first & second).sum()),
        int((first & ~second).sum()),
        int((second & ~first).sum()),
        words[0],
        words[1],
    )


def as_colours(selections: Sequence[KeptSelection], n: int) -> Categories:
    """Return selections as colours of n rows; a row of several has that of the last, one of none has none."""
    groups = np.full(n, -1, dtype=np.int64)
    for place, each in enumerate(selections):
        groups[each.mask(n)] = place
    counts = tuple(int(each.mask(n).sum()) for each in selections)
    return Categories(tuple(each.name for each in selections), counts, groups)


@dataclass(frozen=True, eq=False)
class SelectionMean:
    """The mean `vector` (d,) of a selection; rows of the table nearest to it, in the selection and outside, with their scores.

    Scores are cosines, or negative distances where `metric` is Euclidean. `alike` and `by_chance` tell how close the rows of
    the selection, and all rows, are: the mean cosine of two of them, or how far they lie from their mean (root mean square).
    """

    vector: FloatArray
    inside: IntArray
    inside_scores: FloatArray
    outside: IntArray
    outside_scores: FloatArray
    alike: float
    by_chance: float
    metric: str

    @property
    def told(self) -> str:
        """How close the rows are, in a sentence."""
        if len(self.inside) < 2:
            return ""
        if self.metric == "cosine":
            return f"Two of these rows have a cosine of {self.alike:.2f} on average, any two rows {self.by_chance:.2f}."
        return f"These rows lie {self.alike:.2f} from their mean, all rows {self.by_chance:.2f} from theirs."


def mean_of(space: TableSpace, chosen: Mask, *, k: int = 3) -> SelectionMean | None:
    """Return the mean of the chosen rows of a table, and the k rows nearest to it on either side; None where none has a vector.

    By cosine it is the mean of vectors of length 1, so that none counts more for its length.
    """
    inside = chosen[space.rows]
    if not inside.any():
        return None
    metric = "euclidean" if space.basis.kind in ("numbers", "places") else "cosine"
    if not isinstance(space.vectors, np.ndarray):
        return _mean_on_disk(space.rows, space.vectors, inside, k=k)
    points = units(space) if metric == "cosine" else space.vectors
    vector = np.asarray(points[inside].mean(axis=0, dtype=np.float64), dtype=np.float32)
    if metric == "cosine":
        scores = points @ unit(vector)
        alike, by_chance = _mean_cosine(points[inside]), _mean_cosine(points)
    else:
        scores = -np.linalg.norm(points - vector, axis=1)
        everywhere = points - points.mean(axis=0)
        alike, by_chance = (
            float(np.sqrt((part**2).sum(axis=1).mean())) for part in (points[inside] - vector, everywhere)
        )
    sides = []
    for side in (inside, ~inside):
        own = np.flatnonzero(side)
        best = own[top(scores[own], k)]
        sides.append((space.rows[best], np.asarray(scores[best], dtype=np.float32)))
    return SelectionMean(vector, *sides[0], *sides[1], alike, by_chance, metric)


def _mean_on_disk(rows: IntArray, vectors: LanceVectors, inside: Mask, *, k: int) -> SelectionMean:
    """Do the same of vectors that stay on the disk: the mean is that of a sample, and its nearest are found by their index."""
    own, every = (
        unit(vectors[places[representative_rows(len(places), count=ASKED)]])
        for places in (np.flatnonzero(inside), np.arange(len(rows)))
    )
    vector = np.asarray(own.mean(axis=0, dtype=np.float64), dtype=np.float32)
    found, scores = vectors.nearest(vector, LOOKED_AT)
    sides = []
    for side in (True, False):
        best = np.flatnonzero(inside[found] == side)[:k]
        sides.append((rows[found[best]], np.asarray(scores[best], dtype=np.float32)))
    return SelectionMean(vector, *sides[0], *sides[1], _mean_cosine(own), _mean_cosine(every), "cosine")


def _mean_cosine(points: FloatArray) -> float:
    """Return the mean cosine of two different ones of m vectors of length 1 (m, d), by the length of their sum."""
    m = len(points)
    total = points.sum(axis=0, dtype=np.float64)
    return float((total @ total - m) / (m * (m - 1))) if m > 1 else 1.0


@dataclass(frozen=True)
class Contrast:
    """A column in which a selection differs from all rows: what is said of both, and by how many standard deviations."""

    column: str
    own: str
    all: str
    size: float


def contrasts(table: Table, chosen: Mask, *, count: int = CONTRASTS) -> tuple[Contrast, ...]:
    """Return the columns in which the chosen rows differ most from all rows, the largest difference first.

    Of numbers and dates by their mean, of labels by the share of one value; each in standard deviations of all rows.
    """
    if not chosen.any() or chosen.all():
        return ()
    found = [each for column in table.columns if (each := _contrast(table, column.name, chosen)) is not None]
    return tuple(sorted(found, key=lambda each: -abs(each.size))[:count])


def _contrast(table: Table, name: str, chosen: Mask) -> Contrast | None:
    column = table.column(name)
    if column.role in ("number", "x", "y", "date") and column.kind != "text":
        numbers = numbers_of(table, name)
        real = np.isfinite(numbers)
        own = numbers[real & chosen]
        spread = float(numbers[real].std()) if real.any() else 0.0
        if not len(own) or not spread > 0:
            return None
        means = float(own.mean()), float(numbers[real].mean())
        written = [
            day_of(mean) if column.kind == "date" else number_text(float(f"{mean:.4g}")) for mean in means
        ]
        size = (means[0] - means[1]) / spread
        return Contrast(name, written[0], written[1], size) if abs(size) >= LEAST_CONTRAST else None
    if column.role != "label" or not column.distinct > 1:
        return None
    values, codes = coded(table, name)
    values, groups = ("", *values), codes + 1
    everywhere = np.bincount(groups, minlength=len(values)) / len(groups)
    own_shares = np.bincount(groups[chosen], minlength=len(values)) / int(chosen.sum())
    often = np.argsort(-everywhere, kind="stable")[:VALUES]
    sizes = (own_shares - everywhere)[often] / np.sqrt(np.maximum(everywhere * (1 - everywhere), 1e-12))[
        often
    ]
    best = int(np.argmax(np.where([bool(values[at]) for at in often], sizes, -np.inf)))
    if sizes[best] < LEAST_CONTRAST:
        return None
    at = often[best]
    shares = [f"{round(100 * float(share[at]))} in 100" for share in (own_shares, everywhere)]
    return Contrast(f"{name}: {values[at]}", shares[0], shares[1], float(sizes[best]))
