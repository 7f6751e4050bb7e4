"""What holds for every table, whatever it was saved as: its columns have different names, and it has rows, not too many."""

from collections.abc import Sequence
from typing import TypeVar

from embeddings_core.errors import BadInputError
from embeddings_core.limits import TABLE_COLUMNS

R = TypeVar("R")


def checked_rows(names: Sequence[str], rows: Sequence[R], *, limit: int, notes: list[str]) -> Sequence[R]:
    """Return the rows below a header, at most `limit`, which is noted; raise BadInputError without any, or for too many columns."""
    if not rows:
        raise BadInputError(f"This table has a header ({len(names)} columns) but no row below it; add rows.")
    check_columns(len(names))
    return first_rows(rows, limit=limit, notes=notes)


def check_columns(count: int) -> None:
    """Refuse more columns than anybody finds one among."""
    if count > TABLE_COLUMNS:
        raise BadInputError(
            f"This table has {count:,} columns; the limit is {TABLE_COLUMNS:,}. Leave some out."
        )


def first_rows(rows: Sequence[R], *, limit: int, notes: list[str]) -> Sequence[R]:
    """Return at most `limit` rows, and note where there are more."""
    if len(rows) <= limit:
        return rows
    notes.append(f"The table has more than {limit:,} rows, which is the limit; the first {limit:,} are used.")
    return rows[:limit]


def unlike_names(names: list[str], notes: list[str]) -> list[str]:
    """Give every column a name that no other has; columns without one are called by their place."""
    taken: set[str] = set()
    found = []
    doubles: list[str] = []
    for place, name in enumerate(names):
        base = " ".join(name.split())[:200] or f"column {place + 1}"
        unique, number = base, 2
        while unique in taken:
            unique, number = f"{base} ({number})", number + 1
        if unique != base:
            doubles.append(base)
        taken.add(unique)
        found.append(unique)
    if doubles:
        named = ", ".join(f'"{name[:40]}"' for name in dict.fromkeys(doubles[:3]))
        notes.append(f"Several columns are called {named}; later ones got a number.")
    return found
