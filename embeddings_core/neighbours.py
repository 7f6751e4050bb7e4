"""Who is nearest, in the original space: exact search by one matrix product."""

from dataclasses import dataclass

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.vectors import FloatArray, IntArray, Metric, frozen


@dataclass(frozen=True, eq=False)
class Neighbours:
    """The nearest items of one query, nearest first.

    `rows` (k,) index the searched set, `items` and `scores` (k,) follow the same order; the query's own row is
    absent (told by row, so a duplicate of it stays).
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
