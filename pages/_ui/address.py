"""Widgets whose usual value depends on what is on screen: the address says what they hold, always.

Streamlit's own binding leaves out of the address what equals a widget's default. Where the default depends on the
items (the best number of groups, the first word), such an address rebuilds another picture once the items have
changed. So these widgets are not bound: each begins with `first` and is followed by `tell`.
"""

from collections.abc import Callable, Container
from contextlib import suppress
from typing import TypeVar, cast

import streamlit as st

from pages._ui import state

V = TypeVar("V")
FORMER_VALUES = {  # (parameter, former value) → what it is called now; links and talks of before keep working
    ("look", "Two eyes"): "Two models",
    ("onehot", "Dimension diet"): "Fewer dimensions",
    ("view", "Layer elevator"): "Layer by layer",
}


def accept_former_values() -> None:
    """Let an address that names a choice as it was called before open what it is called now."""
    for (key, former), now in FORMER_VALUES.items():
        if st.query_params.get(key) == former:
            state.put(key, now)


def wanted(key: str) -> str:
    """Return the text a widget holds, or what the address says of it; nothing where neither says anything or both are past."""
    if state.begins_anew(key):
        return ""
    return state.text(key) or str(st.query_params.get(key, ""))


def first(key: str, usual: V, *, allowed: Container[V], read: Callable[[str], V]) -> V:
    """Return the value a widget begins with: the one in force or in the address, where allowed, else the usual one.

    `read` makes a value of what stands in the address; a ValueError means that it is none.
    """
    held = state.held(key)
    if state.begins_anew(key):
        state.begun(key)
        st.query_params.pop(key, None)
        if held is not None:
            state.put(key, usual)
        return usual
    if held is not None and held in allowed:
        return cast("V", held)
    value = usual
    if key in st.query_params:
        with suppress(ValueError):
            value = read(st.query_params[key])
    if value not in allowed:
        value = usual
    if held is not None:
        state.put(key, value)
    return value


def tell(key: str, value: object) -> None:
    """Write into the address what a widget holds."""
    if st.query_params.get(key) != str(value):
        st.query_params[key] = str(value)
