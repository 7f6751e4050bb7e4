"""A table that is dropped on a page without a box for files: it opens on Your data. The browser's half is assets/drop.js."""

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from embeddings_core.folders import ASSETS
from embeddings_core.limits import TABLE_BYTES
from pages._ui import own_tables, state
from pages._ui.history import go_to

TURN = "dropped-turn"


def tables() -> None:
    """Take what is dropped anywhere on the page to Your data, which opens it or says what it is."""
    turn = state.kept(TURN, int)
    with st.container(key="dropped", gap=None):
        files = st.file_uploader(
            "A table, dropped anywhere", accept_multiple_files=True, key=f"dropped-files-{turn}",
            label_visibility="collapsed", max_upload_size=TABLE_BYTES // 2**20,
        )  # fmt: skip
        _drop()(key="drop")
    if files:
        state.put(TURN, turn + 1)
        own_tables.take(files)
        go_to(own_tables.PAGE)


@cache
def _drop() -> Callable[..., Any]:
    return st.components.v2.component("embedding_drop", js=(ASSETS / "drop.js").read_text("utf-8"))
