"""The map of a table: one that is kept, or one that is drawn now for all who look at this content."""

import hashlib
from dataclasses import dataclass

from embeddings_core.limits import LIVE_ROWS, REPRESENTATIVES
from embeddings_core.maps.methods import Method
from embeddings_core.spaces.vectors import IntArray
from embeddings_core.tables import kept_maps
from embeddings_core.tables.embedding import TableSpace, part_of
from embeddings_core.tables.map_jobs import Drawing
from embeddings_core.tables.opened import DrawnMap, given_places, open_tables
from embeddings_core.tables.table import Table
from pages._ui import state
from pages._ui.data.awaited import Awaited, awaited
from pages._ui.data.work import metric_of

MAP = Awaited("map", "Stopped: this map was not drawn.", "Draw it")
LAST = "map-shown"  # the map that was shown last, with its table


@dataclass(frozen=True)
class MapChoice:
    """How the map is drawn; `wanted` is the method that follows once the engine is warm."""

    method: Method
    dimensions: int
    seed: int
    wanted: Method = "umap"


def map_of(
    table: Table, space: TableSpace, choice: MapChoice, *, alone: IntArray | None = None
) -> DrawnMap | None:
    """Return the map of a space, or of some rows `alone`, drawn in the worker for all who look at this content.

    None while it is drawn, with how far it is on the page, and where the visitor has stopped it.
    """
    work = open_tables().work(table)
    key = f"{table.source} {space.basis!r} {choice.method} {choice.dimensions} {choice.seed}"
    if alone is not None:
        key += f" {hashlib.blake2b(alone.tobytes(), digest_size=12).hexdigest()}"
        space = part_of(space, alone)
    if (known := work.maps.get(key)) is not None:
        return known
    if space.basis.kind != "places" and (before := kept_maps.recall(key)) is not None:
        return work.keep(key, before)
    if space.basis.kind == "places":
        return work.keep(key, DrawnMap(space.rows, given_places(space), None, key))

    def begin() -> Drawing:
        return Drawing(
            space, work, key, method=choice.method, dimensions=choice.dimensions, seed=choice.seed,
            metric=metric_of(space), representatives=REPRESENTATIVES if len(space.rows) > LIVE_ROWS else 0,
        )  # fmt: skip

    return awaited(key, begin, what=MAP)


def shown_before(table: Table) -> DrawnMap | None:
    """Return the map of this table that the visitor saw last, while another one is drawn; None where it is gone."""
    source, id = state.kept(LAST, lambda: ("", ""))
    return open_tables().work(table).maps.get(id) if source == table.source else None


def shown(table: Table, drawn: DrawnMap) -> None:
    """Note that this map is what the visitor sees."""
    state.put(LAST, (table.source, drawn.id))
