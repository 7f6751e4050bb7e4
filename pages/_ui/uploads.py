"""Where pictures come in: dropped files, ZIP archives, a folder, the camera, or the sample set."""

from collections.abc import Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embeddings_core.limits import FILE_BYTES, IMAGES, IMAGES_KEPT_HOURS
from embeddings_core.pictures.collection import SETS, samples
from embeddings_core.pictures.picture_space import Pictures, gather
from embeddings_core.pictures.uploads import read_uploads
from pages._ui import controls, dropped, from_table, own_pictures, own_tables, shell, state
from pages._ui.history import go_to

INVITATION = "Drop pictures or a ZIP here"
NOTHING: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())  # no problems, no notes
CAMERA_WIDTH = 440  # pixels: with its button it is whole on a small screen
A_SET, MINE = 4, "only mine"  # so many pictures of one's own, dropped at once, are a set of their own
ASKING = ("images", "joint")  # the prefixes of the pages that ask for pictures
NAMED = 4  # problems and notes shown at once


def pictures(key: str, *, notes: DeltaGenerator, first: str = "a mix", beside_text: bool = False) -> Pictures:
    """Ask for pictures; return the chosen sample set and everything this visitor has added so far.

    `key` is the page's own prefix for its widgets; `first` is the title of the sample set at the start
    (`collection.SETS`); `beside_text` leaves the row to a text box, so that all of it is in the menu. What is to be said
    of files stands in `notes`. Uploads belong to the visit: they stay through reruns and are the same on every page.
    They are read in the worker process; bad files are named, one sentence each, and the others go
    through. After reading, the uploader is emptied, so that the original bytes are freed.
    """
    own_pictures.step_back()
    turn = state.kept(f"{key}-turn", int)  # a new turn is a new, empty uploader
    titles = sorted(SETS, key=lambda title: title != first)
    with st.container(
        key=f"uploads-{key}", horizontal=True, vertical_alignment="center", gap="small", wrap=False
    ):
        row = st.container(key=f"drop-{key}") if not beside_text else None
        menu = st.popover(
            "Pictures", key=f"{key}-other-ways-{turn}"
        )  # a new one is closed: something flies in
        with row or menu:
            chosen = st.file_uploader(
                INVITATION, accept_multiple_files=True, key=f"{key}-files-{turn}",
                label_visibility="visible" if beside_text else "collapsed", max_upload_size=FILE_BYTES // 2**20,
            )  # fmt: skip
        if alone := state.text(f"{key}-set-next"):
            state.put(f"{key}-set-next", "")
            if own_pictures.own().files:
                state.put(f"{key}-set", alone)
        with menu:
            which = st.segmented_control(
                "Sample set", titles, default=first, required=True, key=f"{key}-set", bind="query-params",
                on_change=state.refit,
            )  # fmt: skip
            folder = st.file_uploader(
                "A folder of pictures: its folders become groups", accept_multiple_files="directory",
                key=f"{key}-folder-{turn}", width=CAMERA_WIDTH,
            )  # fmt: skip
            if key == "images":
                from_table.offer("Images")
            snapshot = st.camera_input("Take a picture", key=f"{key}-camera-{turn}", width=CAMERA_WIDTH)
    with notes:
        _told(key)
        own_pictures.keep()
        _tell_need()
    found = gather(own_pictures.own(), str(which))
    files = [*chosen, *dropped.here()]
    if own_tables.lead(files):
        state.put(f"{key}-turn", turn + 1)
        go_to(own_tables.PAGE)
    if arrived := [*files, *folder, *([snapshot] if snapshot else [])]:
        with notes:
            _read(key, arrived)
        state.put(f"{key}-turn", turn + 1)
        st.rerun()
    return found


def _tell_need() -> None:
    """Let the address say that it needs own pictures, and say so where it does and there are none."""
    own_pictures.say_need()
    count, _ = own_pictures.needed()
    if count and not own_pictures.own().files:
        what = "a picture" if count == 1 else f"{count} pictures"
        shell.message(
            f"This address was made with {what} of somebody's own. They are not here (they come back in one browser, for "
            f"{IMAGES_KEPT_HOURS} hours), so you see the sample set; drop them in again to have the whole picture.",
            kind="note",
        )


def _read(key: str, arrived: Sequence[Any]) -> None:
    """Read what arrived, keep it in the visit, and remember what to tell about it."""
    bar = st.progress(0.0, f"Reading {len(arrived)} {'file' if len(arrived) == 1 else 'files'} …")
    before = own_pictures.own().files
    had_none = not before
    taken = [file.name for file in samples().values()]

    def streams() -> Any:
        for upload in arrived:
            yield _name(upload.name), upload
            controls.free(upload)

    batch = read_uploads(
        streams(), before=list(before.values()), taken=taken,
        progress=lambda done: bar.progress(done / len(arrived), f"{done} of {len(arrived)} files read"),
    )  # fmt: skip
    news = [file.name for file in batch.files if file.digest not in before]
    own_pictures.own().keep(batch.files)
    own_pictures.keep()
    state.put(f"{key}-news", tuple(news))
    if had_none and len(news) >= A_SET:
        state.put_all({f"{page}-set-next": MINE for page in ASKING})
    state.put(f"{key}-told", (batch.problems, batch.notes))


def _name(name: str) -> str:
    return "camera.jpg" if name.startswith(("camera_input", "camera-input")) else name


def _told(key: str) -> None:
    """Say what became of the last upload, until the next one or until it is dismissed."""
    problems, notes = state.kept(f"{key}-told", lambda: NOTHING)
    lines = [*problems, *notes]
    if not lines:
        return
    rest = [f"… and {len(lines) - NAMED} more."] if len(lines) > NAMED else []
    kind = "problem" if problems else "note"
    with st.container(key=f"{kind}-told-{key}", horizontal=True, vertical_alignment="center", gap="small"):
        st.text("\n".join(lines[:NAMED] + rest))
        st.button(
            "Dismiss",
            key=f"{key}-dismiss",
            type="tertiary",
            on_click=state.put,
            args=(f"{key}-told", NOTHING),
        )


def newest(key: str) -> str:
    """Return the name of the first picture of the last upload, once; "" where there is none."""
    news: tuple[str, ...] = state.kept(f"{key}-news", tuple)
    state.put(f"{key}-news", ())
    return str(news[0]) if news else ""


def manage(key: str) -> None:
    """Say how many pictures are the visitor's own, and offer to take them away."""
    own = own_pictures.own().files
    if own:
        text = f"{len(own)} of {IMAGES} pictures of your own: {own_pictures.KEPT}."
        with st.container(key=f"note-own-{key}", horizontal=True, vertical_alignment="center", gap="small"):
            st.text(text)
            st.button("Forget them", key=f"{key}-away", on_click=own_pictures.forget, type="tertiary")
