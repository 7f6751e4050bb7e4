"""The visitor's own talk as a file: saved, opened again, and as a page that plays offline."""

import io
from collections.abc import Sequence
from typing import Any

import streamlit as st

from embeddings_core.limits import TALK_BYTES
from embeddings_core.pictures.collection import samples
from embeddings_core.pictures.uploads import read_uploads
from embeddings_core.talks.html import talk_html
from embeddings_core.talks.own_talk import OwnTalk
from embeddings_core.talks.talk_file import is_talk, left_out, open_talk, shown_in, write_talk
from pages._ui import draft, dropped, own_pictures, own_tables, own_talk, shell, state
from pages._ui.history import go_to
from pages._ui.present.stage import OWN, WHICH, typeface

TURN, TOLD = "talk-file-turn", "talk-file-told"
NAMED = 6  # sentences shown about one file


def offline(talk: OwnTalk) -> str:
    """Return the talk as one HTML page that plays without a network."""
    return talk_html(talk.title, tuple(scene.played for scene in talk.scenes), font=typeface())


def save_and_open(talk: OwnTalk) -> None:
    """Offer the talk as a file to go on with later, here or on another computer, and as one that plays offline."""
    own = shown_in(talk, own_pictures.own().files.values())
    told()  # above, where the open panel does not hide it
    with st.container(key="talk-files", horizontal=True, gap="small"):
        st.download_button(
            "Save to edit later",
            data=lambda: write_talk(talk, uploads=own),
            file_name="talk.json",
            mime="application/json",
            on_click=own_talk.saved,
            key="own-talk-json",
            help="One file (JSON) with every scene in it: open it here another day, or give it to somebody.",
        )
        st.download_button(
            "Download the talk",
            data=lambda: offline(talk),  # made when pressed, where the visit cannot be asked any more
            file_name="talk.html",
            mime="text/html",
            on_click="ignore",
            key="own-talk-html",
            help="One file (HTML) that plays in any browser, without this program and without a network.",
        )
        with st.popover("Open a talk"):
            open_file()
            open_draft()
    own_talk.keep_draft(seen=True)
    if note := left_out(talk, own):
        shell.message(note, kind="note")


def open_file() -> None:
    """Ask for a saved talk; its good scenes take the place of the present talk, which Undo brings back."""
    turn = state.kept(TURN, int)  # a new turn is a new, empty uploader
    file = st.file_uploader(
        "Open a saved talk",
        type=["json", *own_tables.NEVER_TALKS],
        key=f"talk-file-{turn}",
        max_upload_size=TALK_BYTES // 2**20,
    )
    if file is not None:
        _take([file])


def take_dropped() -> None:
    """Open what was dropped anywhere on the page as if it had been chosen."""
    dropped.box()
    if files := dropped.here():
        state.put(WHICH, OWN)  # what is to be said of a file stands there
        _take(files)


def _take(files: Sequence[Any]) -> None:
    """Open a talk, or go to the table where that is what the files are."""
    state.put(TURN, state.kept(TURN, int) + 1)
    if len(files) > 1 or not str(files[0].name).lower().endswith(".json"):
        own_tables.take(files)
        go_to(own_tables.PAGE)
    content = files[0].getvalue()
    if not is_talk(content):
        if own_tables.take(files):
            go_to(own_tables.PAGE)
        state.put(own_tables.PROBLEM, "")  # it is neither, and is told so as a talk
    opened(content)
    st.rerun()


def opened(content: bytes) -> bool:
    """Open a talk in place of the present one and note what had to be left out; tell whether nothing had."""
    found = open_talk(content)
    problems = found.problems
    if found.talk.scenes:
        own_talk.replace_all(found.talk, "opening a talk")
        problems += pictures(found.uploads)
    state.put(TOLD, problems)
    return not problems


def offer_draft() -> None:
    """Offer what this browser still has of earlier visits to one who has no talk yet."""
    if not own_talk.talk().scenes:
        open_draft(resume=st.query_params.get(WHICH, OWN) == OWN and not own_talk.past())


def open_draft(*, resume: bool = False) -> None:
    """Let the browser offer its drafts, and open the one that is asked for as if it were a file."""
    content = draft.offer(lambda: state.put(WHICH, OWN), resume=resume)
    if content is None:
        return
    if opened(content):
        draft.opened(content)
    st.rerun()


def told() -> None:
    """Say what had to be left out of the file that was opened last."""
    lines: tuple[str, ...] = state.kept(TOLD, tuple)
    if lines:
        rest = (f"… and {len(lines) - NAMED} more.",) if len(lines) > NAMED else ()
        shell.message("\n".join(lines[:NAMED] + rest))


def pictures(found: tuple[tuple[str, bytes], ...]) -> tuple[str, ...]:
    """Put the pictures that travelled in a file among the visitor's own; return what is to be said about them."""
    held = {file.content for file in own_pictures.own().files.values()}
    found = tuple((name, content) for name, content in found if content not in held)
    if not found:
        return ()
    taken = [file.name for file in samples().values()]
    before = list(own_pictures.own().files.values())
    batch = read_uploads(((name, io.BytesIO(content)) for name, content in found), before=before, taken=taken)
    own_pictures.own().keep(batch.files)
    return batch.problems
