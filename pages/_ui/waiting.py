"""While something warms up: say so, and come back by itself."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.scriptrunner import get_script_run_ctx

from embeddings_core import jobs
from embeddings_core.jobs import Caller
from embeddings_core.maps.request import MapOptions

SECONDS = "10 seconds after a start, a minute after the first one"


def for_engine(options: MapOptions, *, key: str = "map") -> None:
    """Tell that the picture `key` is PCA because the wanted method is still being made ready; redraw when it is."""
    # Its place stands in either case: what is below would be drawn anew when it goes, and lose what is being typed.
    with st.container(key=f"warming-{key}"):
        if options.method != "pca" and not jobs.is_warm():
            _watch(f"The map engine is warming up ({SECONDS}). Until then you see PCA; the film follows.")


def engine_ready(what: str) -> bool:
    """Tell whether heavy work can begin at once; where not, say that it follows, and redraw the page then."""
    if jobs.is_warm():
        return True
    _watch(f"{what} follow as soon as the engine is warm ({SECONDS}).")
    return False


@st.fragment(run_every=1.0)
def _watch(text: str) -> None:
    engine = jobs.state()
    if engine.stage == "ready":
        st.rerun()
    failed = f"The map engine does not start: {engine.why} It is tried again by itself; maps by PCA go on."
    with st.container(key=f"note-warming-{abs(hash(text))}"):
        st.text(failed if engine.stage == "failed" else text)


def visit_here() -> Caller | None:
    """Return the visit whose page the present thread draws, for `jobs.introduce`; None in any other thread."""
    context = get_script_run_ctx(suppress_warning=True)
    return None if context is None else Caller(context.session_id, in_line)


@contextmanager
def in_line() -> Iterator[Callable[[int, float], object]]:
    """Yield what tells a visitor how many computations come before theirs, and how long that may take.

    It is called twice a second: each time the page looks whether its visitor has typed anew or left, and then ends here,
    so that nobody has more than one computation of a page waiting.
    """
    said = ExitStack()
    place: DeltaGenerator | None = None

    def ahead(number: int, seconds: float) -> None:
        nonlocal place
        if place is None:
            place = st.empty()
            said.callback(place.empty)
        place.caption(jobs.place_told(number, seconds))

    with said:
        yield ahead
