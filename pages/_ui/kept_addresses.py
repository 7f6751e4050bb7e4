"""Short addresses: what a long address says, or one long part of it, is kept on the server under an id, for a said time.

Programs that people send addresses with cut them, many at 2,000 characters. The id is made of what is kept, so the same picture
has the same short address; who has it can open it, as who has the long one can.
"""

import hashlib
import re
import time
from contextlib import suppress
from pathlib import Path

import streamlit as st
from streamlit.runtime.state import get_session_state

from embeddings_core.folders import cache_folder, written_whole
from embeddings_core.limits import (
    ADDRESS_CHARACTERS,
    ADDRESSES_BYTES,
    KEPT_ADDRESS_BYTES,
    KEPT_ADDRESS_DAYS,
    KEPT_ADDRESSES,
)
from pages._ui import state

KEPT = "kept"  # in the address: the id
GONE = (
    "This short address is no longer kept (that is so {days} days after it was last opened), so you see the page as it begins. Ask "
    "for the link again."
)


def short(query: str) -> str:
    """Return the id of what an address says, kept from now on.

    "" where the address is short enough, or far too long, or where it cannot be kept: a full or read-only disk is no error.
    """
    return keep(query) if ADDRESS_CHARACTERS < len(query) <= KEPT_ADDRESS_BYTES else ""


def keep(query: str) -> str:
    """Keep a text on the server, for `find`; return its id, "" where that can not be."""
    name = _name(query)
    try:
        with written_whole(_folder() / name) as unready:
            unready.write_text(query, "utf-8")
    except OSError:
        return ""
    _clear()
    return name


def _name(query: str) -> str:
    return hashlib.blake2b(query.encode(), digest_size=9).hexdigest()


def too_long(query: str) -> bool:
    """Tell whether an address says more than is kept."""
    return len(query) > KEPT_ADDRESS_BYTES


def typed(query: str) -> str:
    """Return the longest text of an address: the list that somebody typed."""
    return max((value for _, value in state.pairs(query)), key=len, default="")


def find(name: str) -> str | None:
    """Return what was kept under an id; None where there is nothing (any more). It is kept on from now."""
    file = _folder() / name
    if not re.fullmatch(r"[0-9a-f]{18}", name):
        return None
    try:
        if time.time() - file.stat().st_mtime > KEPT_ADDRESS_DAYS * 86_400:
            file.unlink(missing_ok=True)
            return None
        query = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    if _name(query) != name:  # cut short on the disk: half a list is another picture
        return None
    with suppress(OSError):
        file.touch()
    return query


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
    return cache_folder() / "addresses"


def _clear() -> None:
    """Let the addresses that were opened longest ago go where there are too many, or too many bytes of them."""
    found: list[tuple[float, int, Path]] = []
    with suppress(OSError):
        for file in _folder().iterdir():
            with suppress(OSError):  # another server of this machine has just let it go
                found.append((file.stat().st_mtime, file.stat().st_size, file))
    size = 0
    for count, (_, own, file) in enumerate(sorted(found, reverse=True)):
        size += own
        if count >= KEPT_ADDRESSES or size > ADDRESSES_BYTES:
            with suppress(OSError):
                file.unlink(missing_ok=True)
