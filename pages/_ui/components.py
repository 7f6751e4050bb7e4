"""The small parts of a page that Streamlit has no widget for: a piece of HTML and its own script."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from embeddings_core.folders import ASSETS


def component(name: str, asset: str, *, html: str = "<ol></ol>", isolated: bool = True) -> Callable[..., Any]:
    """Register what assets/`asset`.js fills and assets/`asset`.css dresses; not `isolated`, the page's own style does."""
    return st.components.v2.component(
        name,
        html=html,
        css=(ASSETS / f"{asset}.css").read_text("utf-8") if isolated else None,
        js=(ASSETS / f"{asset}.js").read_text("utf-8"),
        isolate_styles=isolated,
    )
