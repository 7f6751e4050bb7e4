"""What the page of own tables computes: a space, a map of it, and what is kept of both."""

from functools import partial

import numpy as np
import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from embeddings_core import jobs
from embeddings_core.limits import (
    CLUSTERING_SECONDS,
    LARGE_MAP_SECONDS,
    LIVE_ROWS,
    PROJECTION_SECONDS,
)
from embeddings_core.maps.knn_graph import MapMetric
from embeddings_core.maps.large_map import representative_rows
from embeddings_core.spaces.vectors import IntArray
from embeddings_core.tables import large_tables
from embeddings_core.tables.embedding import (
    Basis,
    TableSpace,
    embed_texts,
    filled_pictures,
    filled_texts,
    given_space,
    missing_texts,
    not_kept,
    words_column,
)
from embeddings_core.tables.embedding_jobs import Embedding, embeddings
from embeddings_core.tables.groups import (
    FITTED,
    FoundTableGroups,
    as_categories,
    dense_groups,
    named_by_table,
    table_groups,
)
from embeddings_core.tables.health import Finding, findings
from embeddings_core.tables.opened import DrawnMap, open_tables
from embeddings_core.tables.questions import Categories
from embeddings_core.tables.table import Table, texts_at
from pages._ui import panels, state

UNDER_WAY = "embedding-under-way"
LEFT = "embedding-left"  # what this visitor no longer waits for, while others do
FREELY = 2_000  # texts that are read without being asked for: a minute or two
PER_SECOND = 40.0  # short texts that a bundled model reads, carefully


def space_of(table: Table, basis: Basis) -> TableSpace | None:
    """Return the vectors of a table; None while they are not there, with how far they are on the page."""
    work = open_tables().work(table)
    if (known := work.spaces.get(basis)) is not None:
        return known
    if not basis.model or basis.kind == "vector":
        work.spaces[basis] = given_space(table, basis)
        return work.spaces[basis]
    noun = "picture" if basis.kind == "picture" else "text"
    filled = filled_pictures if noun == "picture" else filled_texts
    rows, texts, notes = filled(table, basis.column)
    if not texts:
        panels.sentence(f"This column has no {noun}; choose another one to make the map of.", key="no-text")
        return None
    under_way: tuple[tuple[str, Basis], Embedding] | None = state.kept(UNDER_WAY, lambda: None)
    left = missing_texts(texts, basis.model)
    if not left:  # nothing is to be read, so nobody's worker is waited for
        work.spaces[basis] = TableSpace(rows, embed_texts(texts, basis.model), basis, notes)
        return work.spaces[basis]
    key = (table.source, basis)
    if state.held(LEFT) == key:
        _stopped(f"Stopped for you; another visitor waited for the same {noun}s, so they were read on.", key)
        return None
    if under_way is None or under_way[0] != key:
        if under_way is not None:
            under_way[1].stop(visitor_here())
        if left > FREELY and state.held("asked-to-read") != key:
            _offer(left, key, noun)
            return None
        visitor = visitor_here()
        here = partial(is_here, visitor)
        job = embeddings().reading(key, texts, model=basis.model, visitor=visitor, here=here)
        under_way = (key, job)
        state.put(UNDER_WAY, under_way)
    job = under_way[1]
    if not job.over:
        _watch(job, key)
        return None
    state.put(UNDER_WAY, None)
    if job.problem is not None:
        state.put("asked-to-read", None)
        _stopped(str(job.problem), key)
        return None
    assert job.result is not None
    work.spaces[basis] = TableSpace(rows, job.result, basis, (*notes, *not_kept(texts, basis.model)))
    return work.spaces[basis]


def _offer(left: int, key: tuple[str, Basis], noun: str) -> None:
    panels.sentence(
        f"{left:,} {noun}s are to be read by the model: {_time(left)} on this computer. They are kept, so a second time takes "
        "seconds, and a stopped reading goes on where it was.",
        key="offer",
    )
    st.button(
        f"Read {left:,} {noun}s",
        key="read-texts",
        on_click=state.put,
        args=("asked-to-read", key),
        type="primary",
    )


def _stopped(told: str, key: tuple[str, Basis]) -> None:
    panels.sentence(told, key="stopped")
    st.button("Go on", key="read-on", on_click=_go_on, args=(key,))


def _go_on(key: tuple[str, Basis]) -> None:
    state.put("asked-to-read", key)
    state.put(LEFT, None)


def _stop(job: Embedding, key: tuple[str, Basis]) -> None:
    if not job.stop(visitor_here()):
        state.put(LEFT, key)
        state.put(UNDER_WAY, None)


def visitor_here() -> str:
    """Return the id of this visit."""
    context = get_script_run_ctx()
    return context.session_id if context is not None else ""


def is_here(visitor: str) -> bool:
    """Tell whether a visitor's page is open, whatever it shows; asked from any thread."""
    return not Runtime.exists() or Runtime.instance().is_active_session(visitor)


def _time(texts: int) -> str:
    minutes = texts / PER_SECOND / 60
    if minutes < 1.5:
        return "about a minute"
    return f"about {minutes:.0f} minutes" if minutes < 90 else f"about {minutes / 60:.0f} hours"


@st.fragment(run_every=0.7)
def _watch(job: Embedding, key: tuple[str, Basis]) -> None:
    if job.over or state.held(LEFT) == key:
        st.rerun()
    visitor = visitor_here()
    job.watch(visitor, here=partial(is_here, visitor))
    st.progress(job.done / max(job.total, 1), progress_text(job))
    st.button("Stop", on_click=_stop, args=(job, key), disabled=job.stopping, key="stop-reading")


def progress_text(job: Embedding) -> str:
    """Say where a reading is: in line behind others, opening its model, or at its texts."""
    others = "another visitor" if job.ahead == 1 else f"{job.ahead} other visitors"
    if job.stopping:
        return "Stopping …"
    if job.ahead and not job.opened:
        return f"Waiting for {job.noun} of {others}: yours are number {job.ahead + 1} in the line, {job.wait_told} …"
    if not job.opened:
        return f"{job.model} is being opened …"
    told = f"{job.model} {'looks at' if job.noun == 'pictures' else 'reads'} the {job.noun}: {job.done:,} of {job.total:,}"
    return f"{told}, in turns with {others}" if job.ahead else told


def metric_of(space: TableSpace) -> MapMetric:
    """Return how near is measured: straight lines between numbers with units or places, else the cosine."""
    return "euclidean" if space.basis.kind in ("numbers", "places") else "cosine"


def group_key(space: TableSpace) -> str:
    """Return under which key the groups found in a space are kept."""
    return f"groups {space.basis!r}"


def found_before(table: Table, space: TableSpace, drawn: DrawnMap, *, dense: bool) -> bool:
    """Tell whether the groups of a space, or the dense regions of a map, are known already."""
    return (f"dense {drawn.id}" if dense else group_key(space)) in open_tables().work(table).found


def groups_of(table: Table, space: TableSpace) -> Categories:
    """Return groups found in the vectors of a table as colours, at two levels; rows without a vector belong to none."""
    work = open_tables().work(table)
    key = group_key(space)
    if key not in work.found:
        if len(space.rows) > LIVE_ROWS:
            work.found[key] = _large_groups(table, space)
            return work.found[key]  # type: ignore[return-value]
        with st.spinner("Finding groups …", show_time=True):
            found = jobs.within(CLUSTERING_SECONDS * 2).run(
                table_groups,
                space.vectors[:],
                texts=_texts(table, space, space.rows),
                metric=metric_of(space),
            )
        found = _by_columns(found, table, space, space.rows)
        work.found[key] = as_categories(found, space.rows, n=len(table))
    known: Categories = work.found[key]  # type: ignore[assignment]
    return known


def dense_regions_of(table: Table, space: TableSpace, drawn: DrawnMap) -> Categories:
    """Return the dense regions of a map as colours, at two levels; rows between them, or without a place, belong to none."""
    work = open_tables().work(table)
    key = f"dense {drawn.id}"
    if key not in work.found:
        with st.spinner("Finding dense regions …", show_time=True):
            found = jobs.within(CLUSTERING_SECONDS * 2).run(
                dense_groups, drawn.projection.final, texts=_texts(table, space, drawn.rows)
            )
        if len(drawn.all_rows) > len(
            drawn.rows
        ):  # placed rows belong to the region of the nearest that was fitted
            found = found.at(drawn.nearest_point)
        found = _by_columns(found, table, space, drawn.all_rows)
        work.found[key] = as_categories(found, drawn.all_rows, n=len(table))
    known: Categories = work.found[key]  # type: ignore[assignment]
    return known


def _texts(table: Table, space: TableSpace, rows: IntArray) -> list[str]:
    """Return the texts that say what some rows (m,) are about; nothing where the table has none."""
    column = words_column(table, space.basis)
    return texts_at(table, column, rows) if column else []


def _large_groups(table: Table, space: TableSpace) -> Categories:
    """Find groups of very many rows from representatives; the others join the nearest."""
    sample = representative_rows(len(space.rows), count=FITTED)
    texts = _texts(table, space, space.rows[sample])
    with (
        st.spinner("Finding groups …", show_time=True),
        large_tables.where_the_worker_reads(space.vectors) as source,
    ):
        found = (
            large_tables.large_lane()
            .within(LARGE_MAP_SECONDS)
            .run(large_tables.group_large, source, sample=sample, texts=texts, metric=metric_of(space))
        )
    return as_categories(_by_columns(found, table, space, space.rows), space.rows, n=len(table))


def _by_columns(found: FoundTableGroups, table: Table, space: TableSpace, rows: IntArray) -> FoundTableGroups:
    """Name groups of some rows (m,) by columns of numbers where no text of the table names them."""
    return found if words_column(table, space.basis) else named_by_table(found, table, rows)


def health_of(table: Table, space: TableSpace, label: str) -> tuple[Finding, ...]:
    """Return what is odd about a table, looked for in the worker once."""
    work = open_tables().work(table)
    key = f"health {space.basis!r} {label}"
    if key not in work.found:
        n = len(space.rows)
        some = representative_rows(n) if n > LIVE_ROWS else np.arange(n)  # of very many rows a sample
        rows = space.rows[some]
        texts = texts_at(table, space.basis.column, rows) if space.basis.kind == "text" else []
        labels = texts_at(table, label, rows) if label else []
        with st.spinner("Looking at all rows …", show_time=True):
            vectors = space.vectors[some] if n > LIVE_ROWS else space.vectors[:]
            work.found[key] = jobs.within(PROJECTION_SECONDS * 3, heavy=True).run(
                findings, vectors, rows=rows, texts=texts, labels=labels, metric=metric_of(space)
            )
    found: tuple[Finding, ...] = work.found[key]  # type: ignore[assignment]
    return found
