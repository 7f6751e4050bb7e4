"""Why two rows of a table are near: words without which they are less alike, columns in which they differ least."""

from functools import lru_cache

import numpy as np

from embeddings_core.analysis.sentences import WhySimilar, why_similar
from embeddings_core.models.registry import load_encoder
from embeddings_core.tables.embedding import TableSpace, number_columns
from embeddings_core.tables.table import Table

WORDS = 30  # of each text: each is one more text for the model


@lru_cache(maxsize=64)
def words_that_matter(first: str, second: str, model: str) -> WhySimilar:
    """Leave out one word at a time of either text, of which the first 30 words are read, and see how the cosine changes.

    Raises BadInputError for an empty text.
    """
    one, other = (" ".join(text.split()[:WORDS]) for text in (first, second))
    return why_similar(one, other, load_encoder(model))


def columns_that_matter(
    table: Table, space: TableSpace, first: int, second: int
) -> tuple[tuple[str, float], ...]:
    """Return by how many standard deviations two rows differ in each column of numbers, the smallest difference first.

    Nothing where a row has no vector, or the space is not made of the columns of numbers.
    """
    places = [np.flatnonzero(space.rows == row) for row in (first, second)]
    if space.basis.kind != "numbers" or not all(len(place) for place in places):
        return ()
    first_one, second_one = (space.vectors[place][0] for place in places)
    differences = np.abs(first_one - second_one)
    order = np.argsort(differences, kind="stable")
    names = number_columns(table)
    return tuple((names[at], float(differences[at])) for at in order.tolist())
