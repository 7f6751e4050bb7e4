"""Short addresses: what a long address says is kept on the server under an id, for a said time.

Programs that people send addresses with cut them, many at 2,000 characters. The id is made of what is kept, so the same picture
has the same short address; who has it can open it, as who has the long one can.
"""

import hashlib
import re
import time
from pathlib import Path

import streamlit as st
from streamlit.runtime.state import get_session_state

from embeddings_core.folders import cache_folder
from embeddings_core.limits import ADDRESS_CHARACTERS, KEPT_ADDRESS_BYTES, KEPT_ADDRESS_DAYS, KEPT_ADDRESSES
from pages._ui import state

KEPT = "kept"  # in the address: the id
GONE = (
    "This short address is no longer kept (that is so {days} days after it was last opened), so you see the page as it begins. Ask "
    "for the link again."
)


def short(query: str) -> str:
    """Return the id of what an address says, kept from now on; "" where the address is short enough, or far too long."""
    if not ADDRESS_CHARACTERS < len(query) <= KEPT_ADDRESS_BYTES:
        return ""
    name = hashlib.blake2b(query.encode(), digest_size=9).hexdigest()
    file = _folder() / name
    file.write_text(query, "utf-8")
    _clear()
    return name


def too_long(query: str) -> bool:
    """Tell whether an address says more than is kept."""
    return len(query) > KEPT_ADDRESS_BYTES


def typed(query: str) -> str:
    """Return the longest text of an address: the list that somebody typed."""
    return max((value for _, value in state.pairs(query)), key=len, default="")


def find(name: str) -> str | None:
    """Return what was kept under an id; None where there is nothing (any more). It is kept on from now."""
    file = _folder() / name
    if not re.fullmatch(r"[0-9a-f]{18}", name) or not file.is_file():
        return None
    if time.time() - file.stat().st_mtime > KEPT_ADDRESS_DAYS * 86_400:
        file.unlink(missing_ok=True)
        return None
    file.touch()
    return file.read_text("utf-8")


def reopen() -> str:
    """Let the page begin with what its short address stands for; return what is to be said where that is gone."""
    name = st.query_params.get(KEPT)
    if name is None:
        return ""
    query = find(name)
    if query is None:
        return GONE.format(days=KEPT_ADDRESS_DAYS)
    values: dict[str, list[str]] = {}
    for key, value in state.pairs(query):
        values.setdefault(key, []).append(value)
    st.query_params.from_dict(values)
    with get_session_state().query_params() as held:
        held.set_initial_query_params(query)
    return ""


def _folder() -> Path:
    folder = cache_folder() / "addresses"
    folder.mkdir(exist_ok=True)
    return folder


def _clear() -> None:
    """Let the addresses that were opened longest ago go where there are too many."""
    files = sorted(_folder().iterdir(), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[KEPT_ADDRESSES:]:
        file.unlink(missing_ok=True)
