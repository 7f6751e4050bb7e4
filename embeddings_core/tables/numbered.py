"""Columns that hold one number of a vector each: dim_0, dim_1 and so on, as our own CSV of vectors has them, and many programs'."""

import re
from typing import TYPE_CHECKING

import numpy as np

from embeddings_core.limits import DIMENSIONS
from embeddings_core.tables.typed import HOLE, Told, vector_array

if TYPE_CHECKING:
    import pyarrow as pa

NAME = re.compile(r"(dim|emb|embedding|embeddings|vec|vector)[ _.-]?(\d{1,5})", re.IGNORECASE)
VECTOR = "vector"
GATHERED = 'The {:,} columns "{}" to "{}" are the numbers of one vector a row.'


def gathered(rows: "pa.Table", told: Told) -> "pa.Table":
    """Make one column of vectors of such columns where they stand side by side, counted from 0 or 1; else leave all as it is.

    A row in which a number is missing has no vector, and is told.
    """
    import pyarrow as pa

    names = rows.column_names
    start = next((place for place, name in enumerate(names) if NAME.fullmatch(name)), None)
    if start is None:
        return rows
    stop = start
    while stop < len(names) and _follows(names[start], names[stop], stop - start):
        stop += 1
    kinds = [rows.schema.field(place).type for place in range(start, stop)]
    if not 2 <= stop - start <= DIMENSIONS or not all(map(pa.types.is_floating, kinds)) or VECTOR in names:
        return rows
    with np.errstate(over="ignore"):
        numbers = [rows.column(place).to_numpy(zero_copy_only=False) for place in range(start, stop)]
        table = np.stack(numbers, axis=1, dtype=np.float32, casting="unsafe")
    good = np.asarray(np.isfinite(table).all(axis=1))
    told.notes.append(GATHERED.format(stop - start, names[start], names[stop - 1]))
    told.cells(np.flatnonzero(~good), VECTOR, HOLE)
    rest = rows.select([*names[:start], *names[stop:]])
    return rest.append_column(VECTOR, vector_array(np.nan_to_num(table), good))


def _follows(first: str, name: str, place: int) -> bool:
    """Tell whether a name is the one that stands so many places after the first."""
    ours, theirs = NAME.fullmatch(first), NAME.fullmatch(name)
    if ours is None or theirs is None or int(ours[2]) > 1:
        return False
    same = first[: ours.start(2)] == name[: theirs.start(2)]
    return same and int(theirs[2]) == int(ours[2]) + place
