"""Who is nearest, in the original space: exact search by one matrix product."""

from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike

from embeddings_core import limits
from embeddings_core.errors import BadInputError
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray, Metric, frozen, similarity, unit

SAFE = (limits.SMALLEST_VALUE, limits.LARGEST_VALUE)
HIGHEST = 8e37  # a score beyond this would overflow in the next sum
LARGE = 2**24  # numbers; of a larger set no second copy of length 1 is made
BLOCK = 256  # scores of which only the largest is looked at first
EXACT = 64  # how many of the nearest get their distance by the long formula

Query = str | int | ArrayLike  # an item, its row, or a vector (d,)


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The nearest items of one query, nearest first.

    `rows` (k,) index the searched set, `items` and `scores` (k,) follow the same order; the query's own row
    is absent (told by row, so a duplicate of it stays).
    """

    query: str
    rows: IntArray
    items: tuple[str, ...]
    scores: FloatArray
    metric: Metric

    def __post_init__(self) -> None:
        object.__setattr__(self, "scores", frozen(self.scores))
        if not len(self.rows) == len(self.items) == len(self.scores):
            raise BadInputError("Neighbours need one row, one item and one score each.")
        if np.any(np.diff(self.scores) > 0):
            raise BadInputError("Neighbours must come nearest first.")


@dataclass(eq=False)
class _Prepared:
    """What is computed once for a set: rows of length 1, squared lengths, their scale.

    `scale` is 1 but for values near the ends of float32, where squares would over- or underflow.
    """

    units: FloatArray | None = None
    lengths: FloatArray | None = None
    scaled: FloatArray | None = None
    squares: FloatArray | None = None
    scale: float = 1.0


_prepared: "WeakKeyDictionary[EmbeddingSet, _Prepared]" = WeakKeyDictionary()


def _prepare(space: EmbeddingSet) -> _Prepared:
    ready = _prepared.get(space)
    if ready is None:
        ready = _prepared[space] = _Prepared()
    return ready


def _units(space: EmbeddingSet) -> FloatArray:
    ready = _prepare(space)
    if ready.units is None:
        with np.errstate(over="ignore"):
            lengths = np.einsum("ij,ij->i", space.vectors, space.vectors)
        already = bool(
            np.all(np.abs(lengths - 1.0) < 1e-6)
        )  # most models give rows of length 1: no second copy
        ready.units = space.vectors if already else frozen(unit(space.vectors))
    units: FloatArray = ready.units
    return units


def _large_cosines(space: EmbeddingSet, direction: FloatArray) -> FloatArray:
    """Score a large set by its lengths, kept with it: 200,000 × 300 numbers of length 1 would be 240 MB more."""
    ready = _prepare(space)
    if ready.lengths is None:
        lengths = _lengths(space.vectors)
        ready.lengths = np.where(lengths > 0, lengths, np.float32(1.0))  # a row of zeros scores 0
    products = space.vectors @ direction
    products /= ready.lengths
    return np.asarray(products, dtype=np.float32)


def _lengths(vectors: FloatArray) -> FloatArray:
    with np.errstate(over="ignore", under="ignore"):
        squares = np.einsum("ij,ij->i", vectors, vectors)
        lengths: FloatArray = np.sqrt(squares)
    doubtful = np.flatnonzero(
        (squares < SAFE[0]) | (squares > SAFE[1])
    )  # where float32 loses digits in the squares
    if len(doubtful):
        lengths[doubtful] = np.linalg.norm(vectors[doubtful].astype(np.float64), axis=1)
    return lengths


def _scaled(space: EmbeddingSet) -> tuple[FloatArray, FloatArray, float]:
    """Return vectors in a safe range, their squared lengths, and what they were divided by."""
    ready = _prepare(space)
    if ready.scaled is None or ready.squares is None:
        largest = float(np.abs(space.vectors).max(initial=0.0))
        safe = largest == 0.0 or SAFE[0] < largest < SAFE[1]
        ready.scale = 1.0 if safe else largest
        ready.scaled = space.vectors if safe else frozen(space.vectors / np.float32(largest))
        ready.squares = frozen(np.einsum("ij,ij->i", ready.scaled, ready.scaled))
    return ready.scaled, ready.squares, ready.scale


def scores_of(space: EmbeddingSet, query: ArrayLike, *, metric: Metric = "cosine") -> FloatArray:
    """Score one vector (d,) against every row of a set; larger is nearer: (n,).

    What the set needs for it (rows of length 1, squared lengths) is computed once and kept with the set.
    """
    vector = np.asarray(query, dtype=np.float32)
    if vector.ndim != 1 or len(vector) != space.dimensions or not np.isfinite(vector).all():
        raise BadInputError(
            f"The query must be one vector of {space.dimensions} finite numbers; "
            f"this has the shape {vector.shape}."
        )
    if metric == "cosine":
        if space.vectors.size > LARGE:
            return _large_cosines(space, unit(vector))
        return np.asarray(_units(space) @ unit(vector), dtype=np.float32)
    if metric == "euclidean":
        vectors, lengths, scale = _scaled(space)
        vector = vector / np.float32(scale)
        squares = lengths + vector @ vector - 2.0 * (vectors @ vector)
        near = top(-squares, EXACT)  # the short formula loses digits where two vectors nearly agree
        squares[near] = np.square(vectors[near] - vector).sum(axis=1)
        distances = np.sqrt(np.maximum(squares, 0.0)).astype(np.float64) * scale
        return np.asarray(-np.minimum(distances, HIGHEST), dtype=np.float32)
    if metric == "dot":
        vectors, _, scale = _scaled(space)
        if scale == 1.0:
            return np.asarray(vectors @ vector, dtype=np.float32)
        products = (vectors @ (vector / np.float32(scale))).astype(np.float64) * scale**2
        return np.asarray(np.clip(products, -HIGHEST, HIGHEST), dtype=np.float32)
    raise BadInputError(f'There is no metric "{metric}"; choose cosine, dot or euclidean.')


def row_or_none(space: EmbeddingSet, item: str) -> int | None:
    """Return the row of an item, as it is written or else in lower case; None where there is none."""
    row = space.find(item)
    return space.find(item.strip().lower()) if row is None else row


def find_row(space: EmbeddingSet, item: str) -> int:
    """Return the row of an item, as it is written or else in lower case.

    Raises BadInputError where there is none; for the bundled word space the message offers near spellings.
    """
    row = row_or_none(space, item)
    if row is not None:
        return row
    from embeddings_core.analysis.spelling import suggest
    from embeddings_core.spaces.vocabulary import load_vocabulary

    near = suggest(item) if space is load_vocabulary() else ()
    hint = f" Did you mean {', '.join(near)}?" if near else ""
    raise BadInputError(f'"{item[:80]}" is not among these {len(space):,} items.{hint}')


def query_vector(space: EmbeddingSet, query: Query) -> tuple[str, FloatArray, int]:
    """Return name, vector (d,) and row (−1 for a free vector) of an item, a row number or a vector."""
    if isinstance(query, str):
        row = find_row(space, query)
    elif isinstance(query, int | np.integer) and not isinstance(query, bool):
        row = int(query)
        if not 0 <= row < len(space):
            raise BadInputError(f"There is no row {row}; this set has rows 0 to {len(space) - 1}.")
    else:
        return "vector", np.asarray(query, dtype=np.float32), -1
    return space.items[row], space.vectors[row], row


def nearest(
    space: EmbeddingSet,
    query: Query,
    *,
    k: int = 10,
    metric: Metric = "cosine",
    exclude: Sequence[int] = (),
    name: str = "",
) -> Neighbours:
    """Find the k items nearest to an item, a row or a vector, exactly; ties keep the order of the set.

    The query's own row and the rows of `exclude` are left out; `name` says what a free vector is. Fewer than
    k where the set is small. Raises BadInputError for an unknown item, a row outside the set, or a vector of
    the wrong size.
    """
    called, vector, own = query_vector(space, query)
    scores = scores_of(space, vector, metric=metric)
    out = [row for row in (own, *exclude) if row >= 0]
    if out:
        scores[out] = -np.inf
    rows = top(scores, k)
    items = tuple(space.items[row] for row in rows)
    return Neighbours(name or called, rows, items, scores[rows], metric)


def top(scores: FloatArray, k: int) -> IntArray:
    """Return the rows of the k largest scores (n,), largest first; −inf never counts."""
    n = len(scores)
    many = n // BLOCK
    if 0 < 2 * k <= many:
        # a block is every many-th score; k blocks hold their maximum: the k-th largest of these is at most the k-th largest score
        blocks = scores[: many * BLOCK].reshape(BLOCK, many)
        seen = blocks.max(axis=0)
        least = np.partition(seen, many - k)[many - k]
        columns = np.flatnonzero(seen >= least)
        row, column = np.nonzero(blocks[:, columns] >= least)
        rest = np.flatnonzero(scores[many * BLOCK :] >= least) + many * BLOCK
        rows = np.concatenate([np.sort(row * many + columns[column]), rest])
    elif 0 < k < n:
        rows = np.flatnonzero(scores >= np.partition(scores, n - k)[n - k])
    else:
        rows = np.arange(n if k > 0 else 0)
    rows = rows[scores[rows] > -np.inf]
    return np.asarray(rows[np.argsort(-scores[rows], kind="stable")[:k]], dtype=np.int64)


def similarity_matrix(space: EmbeddingSet, *, metric: Metric = "cosine") -> FloatArray:
    """Score every item against every other: (n, n), symmetric; meant for the few items of a heat map."""
    if metric == "cosine":
        return np.asarray(np.clip(_units(space) @ _units(space).T, -1.0, 1.0), dtype=np.float32)
    return similarity(space.vectors, space.vectors, metric=metric)


def overlap(left: Neighbours, right: Neighbours) -> float:
    """Return the share (0–1) of neighbours that two rankings have in common (Jaccard's index)."""
    a, b = set(left.items), set(right.items)
    return len(a & b) / max(len(a | b), 1)
