"""How far two kinds of things, pictures and texts, keep to themselves in one space."""

from dataclasses import dataclass

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.vectors import FloatArray, IntArray, frozen, similarity, unit


@dataclass(frozen=True, eq=False)
class PairScores:
    """Cosines of all pairs: of two pictures, of two texts, and of a picture with a text; each flat."""

    images: FloatArray
    texts: FloatArray
    across: FloatArray


def pair_scores(images: FloatArray, texts: FloatArray) -> PairScores:
    """Score every pair of pictures (n, d) and texts (m, d) by cosine: n(n - 1)/2, m(m - 1)/2 and n × m of them.

    >>> pair_scores(np.eye(2, 2), np.eye(1, 2)).across.tolist()
    [1.0, 0.0]
    """
    within = [similarity(rows, rows)[np.triu_indices(len(rows), 1)] for rows in (images, texts)]
    return PairScores(frozen(within[0]), frozen(within[1]), frozen(similarity(images, texts).ravel()))


def same_kind(images: FloatArray, texts: FloatArray) -> float:
    """Return the share (0–1) of pictures and texts whose nearest other item is of their own kind.

    Two clouds that do not mix have 1. Raises BadInputError for fewer than 2 items in all.
    """
    n, everything = len(images), np.concatenate([unit(images), unit(texts)])
    if len(everything) < 2:
        raise BadInputError("Nearest items need at least 2 items.")
    scores = everything @ everything.T
    np.fill_diagonal(scores, -np.inf)
    nearest = scores.argmax(axis=1)
    return float(((nearest < n) == (np.arange(len(everything)) < n)).mean())


def dealt_apart(images: FloatArray, texts: FloatArray, *, deals: int = 200, seed: int = 0) -> float:
    """Return how far apart the centres would be if pictures and texts were dealt at random into two piles.

    The mean of `deals` shuffles, in the same unit as the distance of `modality_gap`: what a gap is compared
    with. Raises BadInputError without at least 1 picture and 1 text.
    """
    if not len(images) or not len(texts):
        raise BadInputError("The gap needs at least 1 picture and 1 text.")
    everything = np.concatenate([unit(images), unit(texts)]).astype(np.float64)
    rng = np.random.default_rng(seed)
    total, n = everything.sum(axis=0), len(images)
    distances = []
    for _ in range(deals):
        pile = everything[rng.permutation(len(everything))[:n]].sum(axis=0)
        distances.append(np.linalg.norm(pile / n - (total - pile) / len(texts)))
    return float(np.mean(distances))


def changed_best(before: FloatArray, after: FloatArray) -> int:
    """Count the rows of two score tables (n, m) whose best column differs."""
    return int((before.argmax(axis=1) != after.argmax(axis=1)).sum()) if before.size else 0


def mutual(scores: FloatArray) -> tuple[tuple[int, int], ...]:
    """Return the pairs (row, column) of a score table (n, m) that choose each other, row by row.

    >>> mutual(np.array([[0.9, 0.1], [0.8, 0.2]], dtype=np.float32))
    ((0, 0),)
    """
    if not scores.size:
        return ()
    best = scores.argmax(axis=0)
    return tuple((row, int(col)) for row, col in enumerate(scores.argmax(axis=1)) if best[col] == row)


def diagonal(scores: FloatArray) -> IntArray:
    """Order the rows of a score table (n, m) so that rows and columns that fit each other meet on the diagonal.

    Each row gets one column of its own where there are enough (Kuhn 1955); rows without one come last.
    """
    from scipy.optimize import linear_sum_assignment

    if not scores.size:
        return np.arange(len(scores), dtype=np.int64)
    rows, columns = linear_sum_assignment(scores, maximize=True)
    place = np.full(len(scores), scores.shape[1], dtype=np.int64)
    place[rows] = columns
    return np.asarray(np.argsort(place, kind="stable"), dtype=np.int64)
