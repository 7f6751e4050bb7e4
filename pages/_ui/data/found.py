"""What is found in a table, once for all who look at its content: its groups, the dense regions of its map, and what is odd."""

from embeddings_core.limits import LIVE_ROWS
from embeddings_core.tables.embedding import TableSpace
from embeddings_core.tables.health import Finding
from embeddings_core.tables.opened import DrawnMap, open_tables
from embeddings_core.tables.questions import Categories
from embeddings_core.tables.searches import dense_search, group_search, health_search
from embeddings_core.tables.table import Table
from pages._ui.data.awaited import Awaited, awaited
from pages._ui.data.work import metric_of

GROUPS = Awaited("groups", "Stopped: the map is shown without groups.", "Find groups")
DENSE = Awaited("dense", "Stopped: the map is shown without dense regions.", "Find dense regions")
HEALTH = Awaited("health", "Stopped: not all was looked at.", "Look again")


def group_key(space: TableSpace) -> str:
    """Return under which key the groups found in a space are kept."""
    return f"groups {space.basis!r}"


def found_before(table: Table, space: TableSpace, drawn: DrawnMap, *, dense: bool) -> bool:
    """Tell whether the groups of a space, or the dense regions of a map, are known already."""
    return (f"dense {drawn.id}" if dense else group_key(space)) in open_tables().work(table).found


def groups_of(table: Table, space: TableSpace, *, what: Awaited | None = GROUPS) -> Categories | None:
    """Return groups found in the vectors of a table as colours, at two levels; rows without a vector belong to none.

    None while they are looked for, with how far that is on the page as `what` says, and where the visitor has stopped it.
    """
    work, key = open_tables().work(table), group_key(space)
    if (known := work.found.get(key)) is not None:
        return known  # type: ignore[return-value]
    large = len(space.rows) > LIVE_ROWS
    return awaited(
        f"{table.source} {key}",
        lambda: group_search(table, space, work=work, key=key, metric=metric_of(space), large=large),
        what=what,
    )


def dense_regions_of(table: Table, space: TableSpace, drawn: DrawnMap) -> Categories | None:
    """Return the dense regions of a map as colours, at two levels; rows between them, or without a place, belong to none.

    None while they are looked for, and where the visitor has stopped it.
    """
    work, key = open_tables().work(table), f"dense {drawn.id}"
    if (known := work.found.get(key)) is not None:
        return known  # type: ignore[return-value]
    return awaited(
        f"{table.source} {key}",
        lambda: dense_search(table, space, drawn, work=work, key=key),
        what=DENSE,
    )


def health_of(
    table: Table, space: TableSpace, label: str, *, what: Awaited = HEALTH
) -> tuple[Finding, ...] | None:
    """Return what is odd about a table; None while it is looked for, and where the visitor has stopped it."""
    work, key = open_tables().work(table), f"health {space.basis!r} {label}"
    if (known := work.found.get(key)) is not None:
        return known  # type: ignore[return-value]
    large = len(space.rows) > LIVE_ROWS
    return awaited(
        f"{table.source} {key}",
        lambda: health_search(table, space, label, work=work, key=key, metric=metric_of(space), large=large),
        what=what,
    )
