"""The small parts of a page that Streamlit has no widget for: HTML with its own script, a popover filled when opened."""

from collections.abc import Callable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from embeddings_core.folders import ASSETS
from pages._ui import state


def filled_when_opened(
    kind: Callable[..., PopoverContainer | ExpanderContainer], label: str, *, key: str
) -> tuple[DeltaGenerator, bool]:
    """Draw a popover or an expander (`kind`), and tell whether to fill it: not before it was opened for the first time.

    From then on it stays filled, so that what was chosen in it stays chosen.
    """
    box = kind(label, key=key, on_change="rerun")
    opened = f"{key}-opened"
    if box.open:
        state.put(opened, True)
    return box, bool(state.held(opened))


def component(name: str, asset: str, *, html: str = "<ol></ol>", isolated: bool = True) -> Callable[..., Any]:
    """Register what assets/`asset`.js fills and assets/`asset`.css dresses; not `isolated`, the page's own style does."""
    return st.components.v2.component(
        name,
        html=html,
        css=(ASSETS / f"{asset}.css").read_text("utf-8") if isolated else None,
        js=(ASSETS / f"{asset}.js").read_text("utf-8"),
        isolate_styles=isolated,
    )
