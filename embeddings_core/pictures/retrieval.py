"""Every picture against every text in one space: who finds whom."""

from dataclasses import dataclass

import numpy as np

from embeddings_core.errors import requires
from embeddings_core.spaces.vectors import FloatArray, IntArray, frozen, similarity


@dataclass(frozen=True, eq=False)
class Retrieval:
    """Every picture against every text: `scores` (pictures, texts), cosines.

    `texts_of` (pictures, texts) ranks the texts of each picture, best first; `images_of` (texts, pictures)
    the other way round.
    """

    scores: FloatArray
    texts_of: np.ndarray
    images_of: np.ndarray


def retrieve(images: FloatArray, texts: FloatArray) -> Retrieval:
    """Compare all pictures (n, d) with all texts (m, d) by cosine, and rank both ways."""
    scores = similarity(images, texts)
    return Retrieval(
        scores=frozen(scores),
        texts_of=np.argsort(-scores, axis=1, kind="stable"),
        images_of=np.argsort(-scores.T, axis=1, kind="stable"),
    )


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
    requires("scipy")
    from scipy.optimize import linear_sum_assignment

    if not scores.size:
        return np.arange(len(scores), dtype=np.int64)
    rows, columns = linear_sum_assignment(scores, maximize=True)
    place = np.full(len(scores), scores.shape[1], dtype=np.int64)
    place[rows] = columns
    return np.asarray(np.argsort(place, kind="stable"), dtype=np.int64)


def changed_best(before: FloatArray, after: FloatArray) -> int:
    """Count the rows of two score tables (n, m) whose best column differs."""
    return int((before.argmax(axis=1) != after.argmax(axis=1)).sum()) if before.size else 0
