"""The search by meaning among very many rows: through an index, which is made once; until it is there, row by row."""

from functools import partial

import streamlit as st

from embeddings_core.durations import time_left
from embeddings_core.spaces.vectors import FloatArray, IntArray
from embeddings_core.tables.embedding import TableSpace
from embeddings_core.tables.index_jobs import Indexing, indexings, needs_index
from embeddings_core.tables.opened import open_tables
from embeddings_core.tables.questions import by_meaning
from embeddings_core.tables.table import Table
from pages._ui import panels
from pages._ui.data.work import is_here, visitor_here

OPENING = 0.3  # seconds
UNTIL_THEN = "until then a search by meaning looks at every row"


def have_index(table: Table, space: TableSpace) -> None:
    """Let the index of a space be made where a search needs one, and say how far it is."""
    if not needs_index(space):
        return
    found = open_tables().work(table).found
    key = f"{table.source} {space.basis!r}"
    if (problem := found.get(f"index {key}")) is not None:  # told once more, not tried at every click
        panels.sentence(str(problem), key="no-index")
        return
    visitor = visitor_here()
    job = indexings().of(key, lambda: Indexing(space, key), visitor=visitor, here=partial(is_here, visitor))
    if not job.total:  # what was made before is opened in a moment
        job.wait(OPENING)
    if not job.over:
        _watch(job)
    elif job.problem is not None and not job.stopping:
        found[f"index {key}"] = job.problem


@st.fragment(run_every=1.0)
def _watch(job: Indexing) -> None:
    if job.over:
        st.rerun()
    visitor = visitor_here()
    job.watch(visitor, here=partial(is_here, visitor))
    told = f"The search gets an index; {UNTIL_THEN}."
    if job.ahead:
        told = f"The search gets an index after the map; {UNTIL_THEN}."
    with st.container(key="indexing"):
        st.progress(min(job.done / max(job.total, 1), 1.0), f"{told} {time_left(job.seconds_left)}")


def nearest_rows(space: TableSpace, asked: str, *, k: int) -> tuple[IntArray, FloatArray]:
    """Return the rows nearest to a text, with cosines; where every row is looked at on the disk, the page says how far that is."""
    place = st.empty()

    def show(done: int, total: int) -> None:
        place.progress(min(done / max(total, 1), 1.0), f"{done:,} of {total:,} rows are looked at …")

    found = by_meaning(space, asked, k=k, progress=show)
    place.empty()
    return found
