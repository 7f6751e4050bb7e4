"""Questions to the rows of a table: search by letters and by meaning, columns as colours, and what a selection has of its own."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from embeddings_core.analysis.closeness import FOUND
from embeddings_core.analysis.neighbours import top
from embeddings_core.models.registry import load_encoder
from embeddings_core.spaces.segmentation import is_long, words_in
from embeddings_core.spaces.texts import clean
from embeddings_core.spaces.vectors import FloatArray, IntArray, nearest_scores, percentile, unit
from embeddings_core.tables.embedding import TableSpace
from embeddings_core.tables.filters import Mask, holds
from embeddings_core.tables.table import MOST_CATEGORIES, Table, coded, numbers_of, remembered, texts_at

OTHER = "other"
LOG_SCALE = 1_000  # times the low end that the high end is, from which a ramp is logarithmic
Progress = Callable[[int, int], object]
SAME_LENGTH = 1e-4  # of a squared length: rounding reaches a tenth of it
AROUND = 30  # neighbours of a row that are looked for at once among very many, whoever asks for fewer
FEWEST_JUDGED = 20  # rows whose own neighbours say what is close
SAMPLE_WORDS = 20_000  # rows whose words are counted; more say the same


@dataclass(frozen=True, eq=False)
class Categories:
    """A column as colours: `names` with the number of rows each, and the group of every row; −1 where a cell is empty.

    `finer` are the groups that these fall into, where they were found at two levels.
    """

    names: tuple[str, ...]
    counts: tuple[int, ...]
    groups: IntArray
    finer: "Categories | None" = None


@dataclass(frozen=True)
class StandOut:
    """A word that stands out in a selection: how often it is there, and its c-TF-IDF."""

    word: str
    count: int
    score: float


def holding(table: Table, text: str, *, columns: Sequence[str] = ()) -> Mask:
    """Return which rows (n,) hold this text in one of the columns (by default all of text), capitals aside.

    Between slashes it is a regular expression (RE2, which no pattern can hold up): /colou?r/. Raises BadInputError where
    that is none.
    """
    names = columns or [column.name for column in table.columns if column.kind == "text"]
    pattern = pattern_in(text)
    return holds(table, pattern or text, names, pattern=bool(pattern))


def pattern_in(text: str) -> str:
    """Return the regular expression that stands between slashes; "" where a text is none."""
    return text[1:-1] if len(text) > 2 and text.startswith("/") and text.endswith("/") else ""


def by_meaning(
    space: TableSpace, text: str, *, k: int = 10, progress: Progress | None = None
) -> tuple[IntArray, FloatArray]:
    """Return the k rows of the table nearest to a text by the space's model, best first, with their cosines.

    Nothing where the space was not made by a model. `progress` gets (done, total) in rows where all are read from the disk.
    """
    text = clean(text)
    if not space.basis.model or not text or not len(space.rows):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    found, scores = _nearest(space, unit(_read(text, space.basis.model)), k, progress)
    return space.rows[found], scores


def by_vector(space: TableSpace, vector: FloatArray, *, k: int = 10) -> tuple[IntArray, FloatArray]:
    """Return the k rows of the table nearest to a vector (d,), such as that of a picture, best first, with their cosines."""
    found, scores = _nearest(space, unit(vector), k)
    return space.rows[found], scores


def _nearest(
    space: TableSpace, query: FloatArray, k: int, progress: Progress | None = None
) -> tuple[IntArray, FloatArray]:
    """Return the k vectors of a space nearest to one of length 1 (d,), best first, with their cosines."""
    if space.search is not None:
        return space.search(query, k)
    if not isinstance(space.vectors, np.ndarray):
        return space.vectors.nearest(query, k, progress=progress)
    scores = units(space) @ query
    found = top(scores, k)
    return found, scores[found]


@lru_cache(maxsize=64)
def _read(text: str, model: str) -> FloatArray:
    encoder = load_encoder(model)
    prompted = getattr(encoder, "prompted", None)
    vector: FloatArray = np.asarray(
        encoder(prompted([text], "query") if prompted else [text]), dtype=np.float32
    )[0]
    return vector


def nothing_close_in(space: TableSpace, scores: FloatArray, asked: str) -> str:
    """Say that no row is close to what was asked, where its nearest (`scores`, best first) is farther than rows' own neighbours.

    Of 300 news 24 questions were tried: the nearest to those about the news was nearer than 3 to 38 of 100 rows have their own,
    the nearest to nonsense and to lasagne nearer than none.
    """
    if not len(scores) or not isinstance(space.vectors, np.ndarray) or len(space.rows) < FEWEST_JUDGED:
        return ""
    known: FloatArray | None = getattr(space, "_own_nearest", None)
    if known is None:
        known = nearest_scores(units(space))
        object.__setattr__(space, "_own_nearest", known)
    share = percentile(scores[:1], known)[0]
    if share >= FOUND:
        return ""
    return (
        f'Nothing here is close to "{asked}": {min(round(100 - share), 99)} of 100 rows have a nearer neighbour than its nearest '
        "row. These are what is least far away."
    )


def units(space: TableSpace) -> FloatArray:
    """Return the vectors of a space with length 1; computed once and kept with it, unless they have it already."""
    found: FloatArray | None = getattr(space, "_units", None)
    if found is None:
        assert isinstance(space.vectors, np.ndarray)
        lengths = np.einsum("ij,ij->i", space.vectors, space.vectors)
        found = space.vectors if np.abs(lengths - 1).max(initial=0.0) < SAME_LENGTH else unit(space.vectors)
        object.__setattr__(space, "_units", found)
    return found


def near(space: TableSpace, row: int, *, k: int = 10) -> tuple[IntArray, FloatArray]:
    """Return the k rows nearest to a row of the table, best first, in the original space, with their scores.

    By cosine; where the vectors are numbers with units or places, by straight-line distance (negative). Nothing for a row
    without a vector.
    """
    own = np.flatnonzero(space.rows == row)
    if not len(own):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    if space.search is not None or not isinstance(space.vectors, np.ndarray):
        rows, scores = _around(space, int(own[0]), max(k, AROUND) + 1)
        others = rows != own[0]
        return space.rows[rows[others][:k]], scores[others][:k]
    if space.basis.kind in ("numbers", "places"):
        scores = -np.linalg.norm(space.vectors - space.vectors[own[0]], axis=1)
    else:
        scores = units(space) @ units(space)[own[0]]
    scores = np.array(scores, dtype=np.float32)
    scores[own[0]] = -np.inf
    found = top(scores, k)
    return space.rows[found], scores[found]


def _around(space: TableSpace, own: int, k: int) -> tuple[IntArray, FloatArray]:
    """Return the vectors nearest to one of a space, itself among them; the last one asked for is remembered."""
    known: tuple[tuple[int, int], tuple[IntArray, FloatArray]] | None = getattr(space, "_last", None)
    if known is None or known[0] != (own, k):
        known = (own, k), _nearest(space, unit(space.vectors[np.array([own])][0]), k)
        object.__setattr__(space, "_last", known)
    return known[1]


def categories(table: Table, name: str) -> Categories:
    """Return a column as the twenty most frequent of its values, and "other"; ties by their names."""
    return remembered(table, ("categories", name), lambda: _categories(table, name))


def _categories(table: Table, name: str) -> Categories:
    texts, codes = coded(table, name)
    counts = dict(zip(texts, np.bincount(codes[codes >= 0], minlength=len(texts)).tolist(), strict=True))
    ordered = sorted(counts, key=lambda text: (-counts[text], text))
    shown = ordered[:MOST_CATEGORIES]
    if len(ordered) == MOST_CATEGORIES + 1:  # "other" with one value would only hide its name
        shown = ordered
    place = {text: number for number, text in enumerate(shown)}
    rest = len(ordered) > len(shown)
    groups = np.array([*(place.get(text, len(shown)) for text in texts), -1], dtype=np.int64)[codes]
    names, numbers = list(shown), [counts[text] for text in shown]
    if all(text.lstrip("-").isdigit() for text in shown) and not rest:  # digits, stars: in their own order
        order = sorted(range(len(shown)), key=lambda at: int(shown[at]))
        renamed = np.array([order.index(at) for at in range(len(shown))], dtype=np.int64)
        groups = np.where(groups >= 0, renamed[np.maximum(groups, 0)], -1)
        names, numbers = [names[at] for at in order], [numbers[at] for at in order]
    if rest:
        names.append(OTHER)
        numbers.append(int((groups == len(shown)).sum()))
    return Categories(tuple(names), tuple(numbers), groups)


@dataclass(frozen=True, eq=False)
class Ramp:
    """A column as places (n,) from 0 to 1, NaN where a cell is empty, between its ends `low` and `high`."""

    places: FloatArray
    low: float
    high: float
    logarithmic: bool = False


def ramp(table: Table, name: str) -> Ramp:
    """Return a column of numbers or dates (in seconds since 1970) as places on a ramp.

    Ends are the 1st and 99th percentile, so that one outlier does not take all the colour; where numbers are positive
    and span three powers of ten, the ramp is logarithmic.
    """
    return remembered(table, ("ramp", name), lambda: _ramp(table, name))


def _ramp(table: Table, name: str) -> Ramp:
    numbers = numbers_of(table, name)
    real = numbers[np.isfinite(numbers)]
    if not len(real):
        return Ramp(np.full(len(numbers), np.nan, dtype=np.float32), 0.0, 0.0)
    low, high = (
        (float(each) for each in np.percentile(real, [1, 99]))
        if len(real) > 100
        else (float(real.min()), float(real.max()))
    )
    scaled = numbers
    ends = low, high
    logarithmic = table.column(name).kind != "date" and bool(real.min() > 0) and high >= LOG_SCALE * low
    if logarithmic:
        scaled, low, high = np.log10(numbers), float(np.log10(low)), float(np.log10(high))
    width = high - low
    places = np.full(len(numbers), 0.5) if width <= 0 else (scaled - low) / width
    shown = np.where(np.isfinite(numbers), np.clip(places, 0, 1), np.nan).astype(np.float32)
    return Ramp(shown, *ends, logarithmic)


def stand_out(texts: Sequence[str], chosen: Mask, *, count: int = 8) -> tuple[StandOut, ...]:
    """Return the words that stand out in the chosen texts against all others (class-based TF-IDF, Grootendorst 2022).

    A word's share of the words in the selection, times log(1 + average words of a class / its words in all). Words of
    a single text, and of less than three letters (two where no blanks part words), are left out.
    """
    if not chosen.any() or chosen.all() or not len(texts):
        return ()
    rows = sampled_words(chosen)
    own: Counter[str] = Counter()
    documents: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for row in rows.tolist():
        words = [word.casefold() for word in words_in(texts[row]) if is_long(word, 3)]
        every.update(words)
        if chosen[row]:
            own.update(words)
            documents.update(set(words))
    total, whole = sum(own.values()), sum(every.values())
    if not total:
        return ()
    average = whole / 2  # two classes: chosen and not
    least = 1 if int(chosen.sum()) <= 2 else 2
    expected = total / whole
    found = [
        StandOut(word, number, number / total * float(np.log1p(average / every[word])))
        for word, number in own.items()
        if documents[word] >= least and number > expected * every[word]
    ]
    return tuple(
        sorted(found, key=lambda each: (-each.score * _lift(each, every, expected), each.word))[:count]
    )


def sampled_words(chosen: Mask) -> IntArray:
    """Return the rows whose words are counted: all, or as many of the chosen as of the others, at random."""
    if len(chosen) <= SAMPLE_WORDS:
        return np.arange(len(chosen), dtype=np.int64)
    rng = np.random.default_rng(0)
    parts = (np.flatnonzero(chosen), np.flatnonzero(~chosen))
    return np.concatenate([rng.permutation(part)[: SAMPLE_WORDS // 2] for part in parts])


def stand_out_in(table: Table, name: str, chosen: Mask, *, count: int = 8) -> tuple[StandOut, ...]:
    """Return the words of a column that stand out in the chosen rows (n,); only the texts that are counted are read."""
    if not chosen.any() or chosen.all():
        return ()
    rows = sampled_words(chosen)
    return stand_out(texts_at(table, name, rows), chosen[rows], count=count)


def _lift(found: StandOut, every: Counter[str], expected: float) -> float:
    """Return how much more of the word is in the selection than by chance: "the" is frequent in it, and everywhere."""
    return found.count / (every[found.word] * expected) - 1.0
