"""While something warms up: say so, and come back by itself."""

import streamlit as st

from embeddings_core import jobs
from embeddings_core.maps.request import MapOptions


def for_engine(options: MapOptions, *, key: str = "map") -> None:
    """Tell that the picture `key` is PCA because the wanted method is still being made ready; redraw when it is."""
    # Its place stands in either case: what is below would be drawn anew when it goes, and lose what is being typed.
    with st.container(key=f"warming-{key}"):
        if options.method != "pca" and not jobs.is_warm():
            _watch(
                "The map engine is warming up (about 10 seconds after a start). Until then you see PCA; the film follows."
            )


def engine_ready(what: str) -> bool:
    """Tell whether heavy work can begin at once; where not, say that it follows, and redraw the page then."""
    if jobs.is_warm():
        return True
    _watch(f"{what} follow as soon as the engine is warm (about 10 seconds after a start).")
    return False


@st.fragment(run_every=1.0)
def _watch(text: str) -> None:
    engine = jobs.state()
    if engine.stage == "ready":
        st.rerun()
    failed = f"The map engine does not start: {engine.why} It is tried again by itself; maps by PCA go on."
    with st.container(key=f"note-warming-{abs(hash(text))}"):
        st.text(failed if engine.stage == "failed" else text)
