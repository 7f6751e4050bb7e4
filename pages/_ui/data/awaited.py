"""What takes long on its way to the page: what is being done, how long it still takes, and a button that ends it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from embeddings_core.durations import time_left
from embeddings_core.errors import EmbeddingsError, JobError
from embeddings_core.tables.table_jobs import TableJob, table_jobs
from pages._ui import panels, state
from pages._ui.data.work import is_here, visitor_here

PATIENCE = 1.5  # seconds in which most work is done: nothing moves on the page for it
STOPPED = "awaited-stopped"  # what this visitor does not want to wait for
FAILED = "awaited-failed"  # what could not be done, and why
R = TypeVar("R")


@dataclass(frozen=True)
class Awaited:
    """A kind of work that a visitor waits for: its name in keys, what is said where it was stopped, and a button to begin again.

    `left` is called when the visitor stops it.
    """

    kind: str
    stopped: str
    again: str
    left: Callable[[], object] = lambda: None


def awaited(key: str, make: Callable[[], TableJob[R]], *, what: Awaited | None) -> R | None:
    """Return what the job of this key brings, one for all who wait for it.

    None while it runs, with how far it is on the page, and where the visitor has stopped it or it has failed, with a button that
    begins again, as `what` says; without it nothing of that is drawn.
    """
    problem = _problems().get(key)
    if problem is not None or key in _stopped():
        if not isinstance(problem, EmbeddingsError | None):
            _begin_again(key)
            raise problem
        if what is not None:
            panels.sentence(str(problem or what.stopped), key=f"stopped-{what.kind}")
            st.button(what.again, key=f"again-{what.kind}", on_click=_begin_again, args=(key,))
        return None
    visitor = visitor_here()
    job = table_jobs().of(key, make, visitor=visitor, here=partial(is_here, visitor))
    job.wait(max(job.begun + PATIENCE - time.monotonic(), 0.0))  # once: later runs find it under way
    if not job.over:
        if what is not None:
            _watch(job, key, what)
        return None
    if job.problem is None:
        return job.outcome()
    _failed(job, key)
    return awaited(key, make, what=what)


def _stopped() -> frozenset[str]:
    return state.kept(STOPPED, frozenset[str])


def _problems() -> dict[str, BaseException]:
    return state.kept(FAILED, dict[str, BaseException])


def _failed(job: TableJob[Any], key: str) -> None:
    """Note what went wrong: tried at once again it would go wrong again, without end."""
    problem = job.problem
    if problem is not None and not job.stopping:
        if isinstance(problem, EmbeddingsError):  # its words alone: its trace would hold the vectors
            problem = JobError(str(problem))
        state.put(FAILED, {**_problems(), key: problem})


def _begin_again(key: str) -> None:
    state.put(STOPPED, _stopped() - {key})
    state.put(FAILED, {other: why for other, why in _problems().items() if other != key})


@st.fragment(run_every=0.7)
def _watch(job: TableJob[Any], key: str, what: Awaited) -> None:
    if job.over or key in _stopped():
        _failed(job, key)
        st.rerun()
    visitor = visitor_here()
    job.watch(visitor, here=partial(is_here, visitor))
    with st.container(key=f"awaited-{what.kind}", horizontal=True, vertical_alignment="center", gap="small"):
        st.progress(min(job.done / max(job.total, 1), 1.0), f"{job.told()} {time_left(job.seconds_left)}")
        st.button(
            "Stop", on_click=_stop, args=(job, key, what), disabled=job.stopping, key=f"stop-{what.kind}"
        )


def _stop(job: TableJob[Any], key: str, what: Awaited) -> None:
    """Leave the page as it is; the work ends unless others wait for it."""
    what.left()
    state.put(STOPPED, _stopped() | {key})
    job.stop(visitor_here())
