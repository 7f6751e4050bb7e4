"""Back undoes the last step and Forward redoes it: what the browser does for it, and how a run knows of it.

The browser's half is assets/history.js. What widgets hold then is taken from the address: `state.default`, `controls.first`.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

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
        _history()(key="history", data={"visit": visit})


@cache
def _history() -> Callable[..., Any]:
    return st.components.v2.component("embedding_history", js=(ASSETS / "history.js").read_text("utf-8"))
