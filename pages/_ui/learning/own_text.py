"""The visitor's own text and its earlier versions: the visit holds them, the address names the one on screen, so Back undoes."""

from hashlib import blake2b

import streamlit as st

from embeddings_core.limits import TRAINING_CHARACTERS
from pages._ui import shell, state

OWN, PASTED = "owntext", "owntext-pasted"  # the box for a text, and what stood in it last
NAMED, STEPS, KEPT = (
    "mytext",
    "owntext-steps",
    8,
)  # in the address; the versions of this visit by name; how many of them


def ask() -> str:
    """Ask for a text; return it. After Back or Forward it is the one that the address names."""
    versions: dict[str, str] = state.kept(STEPS, dict)
    named = st.query_params.get(NAMED, "")
    if state.returning(NAMED):
        state.returned(NAMED)
        if not named or named in versions:
            state.put(PASTED, versions.get(named, ""))
    state.default(OWN, state.held(PASTED) or "")  # a page that is left forgets its boxes
    text = str(
        st.text_area(
            "Your text", key=OWN, height=90, max_chars=TRAINING_CHARACTERS, label_visibility="collapsed",
            placeholder="Paste some paragraphs: a story, lyrics, a chapter. The longer, the better it learns.",
        ) or ""
    )  # fmt: skip
    state.put(PASTED, text)
    if text:
        name = blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()
        state.put(
            STEPS,
            dict([*((key, held) for key, held in versions.items() if key != name), (name, text)][-KEPT:]),
        )
        if named != name:
            st.query_params[NAMED] = name
    elif named in versions:  # it was emptied here
        st.query_params.pop(NAMED, None)
    return text


def tell_need() -> None:
    """Say so where the address was made with a text that is not here."""
    if st.query_params.get(NAMED) and not state.text(PASTED):
        shell.message(
            "This address was made with a text of somebody's own, which is not here: paste it to see the picture.",
            kind="note",
        )


def not_asked() -> None:
    """Let the address name no text where another one is learnt from."""
    st.query_params.pop(NAMED, None)
