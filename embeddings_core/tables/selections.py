"""Selections that a visitor keeps: named rows, as colours, and what tells two of them apart."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.spaces.vectors import IntArray
from embeddings_core.tables.filters import Mask
from embeddings_core.tables.questions import Categories, StandOut, stand_out


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


@dataclass(frozen=True)
class Comparison:
    """How many rows are in both of two selections, and in one of them alone, with the words that stand out in those."""

    both: int
    first: int
    second: int
    first_words: tuple[StandOut, ...] = ()
    second_words: tuple[StandOut, ...] = ()


def compared(first: Mask, second: Mask, texts: Sequence[str] = ()) -> Comparison:
    """Compare two selections (n,) of the same rows; words are those of the rows that only one of them has."""
    apart = first ^ second
    words: list[tuple[StandOut, ...]] = [(), ()]
    if len(texts):
        rows = np.flatnonzero(apart)
        own = [texts[row] for row in rows.tolist()]
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
