"""The map of a table on its way to the page: what is being done, how long it still takes, and a button that ends it."""

import hashlib
from dataclasses import dataclass
from functools import partial

import streamlit as st

from embeddings_core.durations import time_left
from embeddings_core.limits import LIVE_ROWS, REPRESENTATIVES
from embeddings_core.maps.methods import Method
from embeddings_core.spaces.vectors import IntArray
from embeddings_core.tables import kept_maps
from embeddings_core.tables.embedding import TableSpace, part_of
from embeddings_core.tables.map_jobs import Drawing, drawings
from embeddings_core.tables.opened import DrawnMap, given_places, open_tables
from embeddings_core.tables.table import Table
from pages._ui import panels, state
from pages._ui.data.work import is_here, metric_of, visitor_here

PATIENCE = 1.5  # seconds in which most maps are there: nothing moves on the page for them
STOPPED = "map-stopped"  # the map that this visitor does not want to wait for
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
    if state.held(STOPPED) == key:
        panels.sentence("Stopped: this map was not drawn.", key="map-stopped")
        st.button("Draw it", key="draw-map", on_click=state.put, args=(STOPPED, None))
        return None
    visitor = visitor_here()

    def begin() -> Drawing:
        return Drawing(
            space, work, key, method=choice.method, dimensions=choice.dimensions, seed=choice.seed,
            metric=metric_of(space), representatives=REPRESENTATIVES if len(space.rows) > LIVE_ROWS else 0,
        )  # fmt: skip

    job = drawings().of(key, begin, visitor=visitor, here=partial(is_here, visitor))
    job.wait(PATIENCE)
    if job.over:
        return job.outcome()
    _watch(job, key)
    return None


def shown_before(table: Table) -> DrawnMap | None:
    """Return the map of this table that the visitor saw last, while another one is drawn; None where it is gone."""
    source, id = state.kept(LAST, lambda: ("", ""))
    return open_tables().work(table).maps.get(id) if source == table.source else None


def shown(table: Table, drawn: DrawnMap) -> None:
    """Note that this map is what the visitor sees."""
    state.put(LAST, (table.source, drawn.id))


@st.fragment(run_every=0.7)
def _watch(job: Drawing, key: str) -> None:
    if job.over or state.held(STOPPED) == key:
        st.rerun()
    visitor = visitor_here()
    job.watch(visitor, here=partial(is_here, visitor))
    with st.container(key="drawing-map", horizontal=True, vertical_alignment="center", gap="small"):
        st.progress(min(job.done / max(job.total, 1), 1.0), f"{job.told()} {time_left(job.seconds_left)}")
        st.button("Stop", on_click=_stop, args=(job, key), disabled=job.stopping, key="stop-drawing")


def _stop(job: Drawing, key: str) -> None:
    """Leave the map as it was; the fit ends unless others wait for it."""
    state.put(STOPPED, key)
    job.stop(visitor_here())
