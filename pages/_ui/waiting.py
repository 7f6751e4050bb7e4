"""While something warms up: say so, and come back by itself."""

import streamlit as st

from embeddings_core import jobs
from pages._ui.recipe import Recipe


def for_engine(recipe: Recipe) -> None:
    """Tell that the map shown is PCA because the wanted method is still being made ready; redraw when it is."""
    if recipe.method != "pca" and not jobs.is_warm():
        _watch()


@st.fragment(run_every=1.0)
def _watch() -> None:
    if jobs.is_warm():
        st.rerun()
    with st.container(key="note-warming"):
        st.text(
            "The map engine is warming up (about 10 seconds after the first start). Until then you see PCA; the film follows."
        )
