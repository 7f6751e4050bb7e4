"""What of the page is drawn again when somebody types, clicks or chooses."""

import streamlit as st

from embeddings_core.maps.request import MapOptions
from embeddings_core.maps.settings import best_method
from pages._ui import below, controls, model_menu, state, uploads, waiting
from pages._ui.images_and_text import panels as image_text_panels
from pages._ui.images_and_text.lenses import LENSES
from pages._ui.shell import tools
from pages._ui.stage import stage


def map_of_both() -> None:
    """Ask for pictures and captions, draw their map, and what a lens says of it."""
    with tools():
        lens = LENSES[controls.lens(list(LENSES), key=image_text_panels.LENS)]
        spec = model_menu.model(
            "image-text", key="joint_model", default="bridge", task="takes its place", opens=True
        )
    left, right = st.columns(lens.widths, gap="medium")
    with left:
        typed = image_text_panels.captions()
        image_text_panels.notes(typed, spec)
        place = st.container()
    with right:
        with st.expander("Pictures: choose samples or add your own"):
            pictures = uploads.pictures("joint", first="everyday photographs")
            uploads.manage("joint")
        image_text_panels.arrived(uploads.newest("joint"))
        image_text_panels.newcomer()
    with left:
        count = len(pictures.files) + len(typed.items)
        options = controls.map_options(best_method(count)) if lens.on_map else MapOptions("pca")
        waiting.for_engine(options)
        given = image_text_panels.given(pictures, typed.items, spec, options)
    with right:
        scene = below.trusted(lens.look(given), given.request)
    with place:
        stage(
            scene,
            key="image-text-map",
            height=500,
            on_click=image_text_panels.look_at(given),
            on_place=state.placed(scene.id),
        )
        image_text_panels.below_the_map(given, scene)
        image_text_panels.about(spec)
    state.drawn(given.request.options)
    image_text_panels.how_it_works(spec)
