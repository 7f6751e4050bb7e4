"""The search by a picture: dropped beside the search, or that of a row, where the map is made by a model of pictures and texts."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from embeddings_core.limits import FILE_BYTES
from embeddings_core.spaces.texts import clean_label
from embeddings_core.spaces.vectors import FloatArray
from embeddings_core.tables.embedding import Basis, TableSpace
from embeddings_core.tables.embedding_jobs import look_at
from embeddings_core.tables.filters import Mask
from embeddings_core.tables.questions import by_vector
from embeddings_core.tables.table import Table, texts_at
from pages._ui import controls, panels, state

PICTURE = "search-picture"
TURN = "search-picture-turn"
WIDTH = 44  # pixels of the picture that is searched by


@dataclass(frozen=True, eq=False)
class AskedPicture:
    """A picture whose like are looked for in the table of this `source`: its vector (d,), a small copy, and its name."""

    source: str
    basis: Basis
    vector: FloatArray
    small: str
    told: str


def asked_picture(table: Table, space: TableSpace) -> AskedPicture | None:
    """Return the picture that is searched by in this space."""
    found = state.held(PICTURE)
    fits = isinstance(found, AskedPicture) and (found.source, found.basis) == (table.source, space.basis)
    return found if fits else None  # type: ignore[return-value]


def ask(table: Table, space: TableSpace) -> None:
    """Offer to drop a picture, where the space knows pictures."""
    if space.basis.kind != "picture":
        return
    turn = state.kept(TURN, int)
    with st.popover("Picture", key=f"picture-box-{turn}", width="content"):
        st.caption("Rows with a picture like it are found. It is looked at here and not kept.")
        dropped = st.file_uploader(
            "A picture to search by", key=f"{PICTURE}-{turn}", label_visibility="collapsed",
            max_upload_size=FILE_BYTES // 2**20,
        )  # fmt: skip
        if dropped is None:
            return
        content = dropped.read(FILE_BYTES + 1)
        controls.free(dropped)
        with st.spinner("Looking at the picture …", show_time=True):
            seen, problem = look_at(content, space.basis.model)
        if seen is None:
            panels.sentence(problem, key="no-picture")
            return
    name = clean_label(str(dropped.name), unnamed="picture")
    state.put(PICTURE, AskedPicture(table.source, space.basis, *seen, name))
    state.put(TURN, turn + 1)
    st.rerun()


def like_row(table: Table, space: TableSpace, row: int) -> None:
    """Search by the picture of a row."""
    own = np.flatnonzero(space.rows == row)
    if len(own):
        small = texts_at(table, space.basis.column, [row])[0]
        vector = np.array(space.vectors[own][0], dtype=np.float32)
        state.put(
            PICTURE, AskedPicture(table.source, space.basis, vector, small, f"the picture of row {row + 1:,}")
        )
        state.put("look-data", "Selection")


def like_it(table: Table, space: TableSpace, asked: AskedPicture, *, most: int) -> Mask:
    """Return the rows (n,) whose pictures are nearest to it: so many at most, of few rows a fifth."""
    mask = np.zeros(len(table), dtype=bool)
    k = min(most, max(len(space.rows) // 5, 3))
    mask[by_vector(space, asked.vector, k=k)[0]] = True
    return mask


def chip(asked: AskedPicture) -> None:
    """Show the picture that is searched by; a click takes it away."""
    st.image(asked.small, width=WIDTH, alt=asked.told[:60])
    st.button(
        f"{panels.plain_label(asked.told[:60])}  ×", key="chip-picture", on_click=state.put, args=(PICTURE, None),
        help="Search by this picture no more",
    )  # fmt: skip
