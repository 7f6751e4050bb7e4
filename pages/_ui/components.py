"""The small parts of a page that Streamlit has no widget for: a list and its own script."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

ASSETS = Path(__file__).resolve().parents[2] / "assets"


def list_component(name: str, asset: str, *, label: str = "") -> Callable[..., Any]:
    """Register a list that assets/`asset`.js fills and assets/`asset`.css dresses; `label` names it to those who hear it."""
    return st.components.v2.component(
        name,
        html=f"<ol aria-label='{label}'></ol>" if label else "<ol></ol>",
        css=(ASSETS / f"{asset}.css").read_text("utf-8"),
        js=(ASSETS / f"{asset}.js").read_text("utf-8"),
    )
