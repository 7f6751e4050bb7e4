"""Notes above a map: one line of them, the others one click away, so that the map stays where it is."""

from collections.abc import Callable, Sequence

import streamlit as st

from embeddings_core.models.registry import load_encoder
from embeddings_core.models.unread import unread
from pages._ui.wording import short

LINE = 110  # letters that fit a line


def one_line(texts: Sequence[str], *, key: str, first: Callable[[], object] | None = None) -> None:
    """Say the first of some notes in one line, or let `first` draw the line; all that is not whole there is in a popover."""
    if not texts and first is None:
        return
    with st.container(
        key=f"note-line-{key}",
        horizontal=True,
        vertical_alignment="center",
        gap="small",
        border=first is None,
    ):
        said = 0
        if first is not None:
            first()
        else:
            st.text(short(texts[0], characters=LINE))
            said = int(len(texts[0]) <= LINE)
        if rest := texts[said:]:
            with st.popover(
                f"{len(rest)} more {'note' if len(rest) == 1 else 'notes'}" if said or first else "All of it"
            ):
                for text in rest:
                    st.text(text)


def not_read(items: tuple[str, ...], model: str) -> tuple[str, ...]:
    """Say what a model does not read of the items, one sentence a kind."""
    return unread(items, load_encoder(model)).sentences()
