"""What can be taken away from a page with a stage: one place for all of them."""

from collections.abc import Callable

import streamlit as st

from embeddings_core.export.tables import for_spreadsheets, projector_files, vectors_csv, vectors_npz
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.talks.own_talk import first_caption
from pages._ui import own_talk, state, take_away
from pages._ui.components import filled_when_opened
from pages._ui.stage import film_download

WIDTH = 640  # a panel that keeps its width does not jump while one chooses
REBUILT = "The address of this page rebuilds this picture."


def share(
    scene: Scene,
    *,
    key: str,
    note: str = REBUILT,
    vectors: Callable[[], EmbeddingSet] | None = None,
) -> None:
    """Offer the picture on the stage: its film, and the vectors behind it where there are any.

    `vectors` is asked for when somebody presses the button. Nothing is offered where the stage is empty.
    """
    if not scene.points.items:
        return
    with st.container(horizontal=True, width="content", vertical_alignment="center", gap="medium"):
        own_talk.add_button(scene, key=key, vectors=vectors)
        popover, opened = filled_when_opened(st.popover, "Share", key=f"{key}-share")
    if not opened:
        return
    with popover, st.container(width=WIDTH):
        st.caption(f"{note} Films and pictures made here show the whole map, not your zoom. Files:")
        with st.container(horizontal=True, gap="small"):
            if vectors is not None:
                csv, archive = (
                    (lambda: for_spreadsheets(vectors_csv(vectors()))),
                    (lambda: vectors_npz(vectors())),
                )
                pair = lambda: projector_files(vectors())  # noqa: E731
                st.download_button("Vectors as CSV", csv, "vectors.csv", "text/csv", on_click="ignore")
                st.download_button("Vectors for NumPy", archive, "vectors.npz", on_click="ignore")
                st.download_button(
                    "Vectors for the Embedding Projector",
                    pair,
                    "projector.zip",
                    "application/zip",
                    on_click="ignore",
                )
            film_download(scene, key=f"{key}-film-file", text="Film (HTML, plays offline)")
        take_away.panel(scene, key=f"{key}-take", headline=first_caption(scene, state.page()[1]))
