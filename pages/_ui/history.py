"""Back undoes the last step and Forward redoes it: what the browser does for it, and how a run knows of it.

The browser's half is assets/history.js. What widgets hold then is taken from the address: `state.default`, `controls.first`.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.state import get_session_state

from embeddings_core.folders import ASSETS


def came_back() -> bool:
    """Tell whether this run is a step through the browser's history: then the address says what every widget holds."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def steps(visit: str | None) -> None:
    """Let each step of the visitor be one entry of the browser's history.

    `visit` is the token that the browser keeps for its next visit: "" lets go of it, None leaves it.
    """
    with st.container(key="stage-loader-history", gap=None):
        _history()(key="history", data={"visit": visit}, on_theme_change=lambda: None)


@cache
def _history() -> Callable[..., Any]:
    return st.components.v2.component("embedding_history", js=(ASSETS / "history.js").read_text("utf-8"))


def go_to(page: str, **query: str) -> None:
    """Lead to another page; what this one's address says stays behind, also where widgets hold it: Streamlit would refuse."""
    with get_session_state().query_params() as held:
        for name in list(st.query_params):
            if (binding := held.get_binding_for_param(name)) is not None:
                held.unbind_widget(binding.widget_id)
    st.switch_page(page, query_params=query)
