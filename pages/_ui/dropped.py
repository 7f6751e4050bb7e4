"""Files that are dropped anywhere on a page, beside its own boxes: `box` takes them, `here` hands them to the page.

The browser's half is assets/drop.js. Without it the browser would leave the page and show the file.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from embeddings_core.folders import ASSETS
from embeddings_core.limits import TABLE_BYTES
from embeddings_core.spaces.texts import clean_label
from pages._ui import shell, state

TURN = "dropped-turn"
FILES = "dropped-files-here"
NAMED = 3  # files that are refused by name
REFUSED = {
    "large": f"Larger than {TABLE_BYTES // 2**20} MB, the most that can be uploaded: {{}}. Take fewer rows or columns, save it as "
    "Parquet, or open it from the command line.",
    "folders": "A folder: {}. Pack it as a ZIP and drop that.",
}


def box() -> None:
    """Hold what was dropped for the page that is drawn now, and say what can not be taken. Every page has it, near its top."""
    turn = state.kept(TURN, int)
    with st.container(key="dropped", gap=None):
        files = st.file_uploader(
            "A file, dropped anywhere", accept_multiple_files=True, key=f"dropped-files-{turn}",
            label_visibility="collapsed", max_upload_size=TABLE_BYTES // 2**20,
        )  # fmt: skip
        refused = _drop()(key="drop", data={"most": TABLE_BYTES}, on_refused_change=lambda: None).refused
    if files:
        state.put(TURN, turn + 1)
    state.put(FILES, tuple(files))
    for problem in _told(refused):
        shell.message(problem)


def here() -> tuple[Any, ...]:
    """Return the files that were dropped on this page, once."""
    files: tuple[Any, ...] = state.kept(FILES, tuple)
    state.put(FILES, ())
    return files


def _told(refused: object) -> list[str]:
    """Say what the browser did not send: nobody sees the box in which Streamlit would say it."""
    if not isinstance(refused, dict):
        return []
    told = []
    for kind, said in REFUSED.items():
        names = [clean_label(str(name), unnamed="a file") for name in refused.get(kind) or ()]
        if names:
            told.append(said.format(", ".join(names[:NAMED])))
    return told


@cache
def _drop() -> Callable[..., Any]:
    return st.components.v2.component("embedding_drop", js=(ASSETS / "drop.js").read_text("utf-8"))
