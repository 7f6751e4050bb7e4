"""What of the page is drawn again when somebody types, clicks or chooses."""

from dataclasses import replace

import streamlit as st

from embeddings_core.maps.request import MapRequest
from embeddings_core.maps.settings import best_method
from pages._ui import below, cache, controls, model_menu, own_pictures, state, uploads, waiting
from pages._ui.images import panels as image_panels
from pages._ui.images.lenses import LENSES
from pages._ui.shell import tools
from pages._ui.stage import stage


def map_of_pictures() -> None:
    """Ask for pictures, draw their map, and what a lens says of it."""
    pictures = uploads.pictures("images")
    image_panels.arrived(uploads.newest("images"), pictures.names)
    with tools():
        lens = LENSES[controls.lens(list(LENSES), key="look")]
        spec = model_menu.model(
            "image",
            "image-text",
            key="eyes",
            default="efficientnet-lite0",
            task="looks at the pictures",
            priced=True,
            opens=True,
        )
    image_panels.enough(pictures)
    pictures = replace(pictures, model=spec.id)
    left, right = st.columns(lens.widths, gap="medium")
    with left:
        place = st.container(key="place-images")
        place.html("<i></i>")  # an empty place would not be kept free
        options = controls.map_options(best_method(len(pictures.files)))
        waiting.for_engine(options)
        keys = pictures.keys
        fitted = own_pictures.standing(keys)
        request = MapRequest(keys, fitted, cache.possible(options, len(fitted)), pictures.space)
    with right:
        scene = below.trusted(lens.look(request, pictures), request)
    with place:
        stage(
            scene,
            key="images-map",
            height=560,
            on_click=state.choose(pictures.names, key=image_panels.PICTURE),
            on_place=state.placed(scene.id),
        )
        image_panels.below_the_map(request, pictures, scene)
    state.drawn(request.options)
    uploads.manage("images")
    image_panels.how_it_works(request, spec)
