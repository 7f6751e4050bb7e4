"""The vectors of a table: those that it brings, or those that a model makes of its texts or pictures, with how far that is."""

from functools import partial

import streamlit as st
from streamlit.runtime import Runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from embeddings_core.maps.knn_graph import MapMetric
from embeddings_core.tables.embedding import (
    Basis,
    TableSpace,
    embed_texts,
    filled_pictures,
    filled_texts,
    given_space,
    missing_texts,
    not_kept,
)
from embeddings_core.tables.embedding_jobs import Embedding, embeddings
from embeddings_core.tables.opened import open_tables
from embeddings_core.tables.table import Table
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
