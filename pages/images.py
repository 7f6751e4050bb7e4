"""Images: upload them, and see them find each other."""

import streamlit as st

from embeddings_core.maps.settings import best_method
from pages._ui import cache, cards, controls, model_menu, picture_store, state, uploads, waiting
from pages._ui.images import panels as image_panels
from pages._ui.images.lenses import LENSES
from pages._ui.shell import page, tools
from pages._ui.stage import stage

with page(
    "Images",
    claim="Pictures of alike things sit together. Drop in your own, and watch them find their place.",
):
    pictures = uploads.pictures("images")
    image_panels.arrived(uploads.newest("images"))
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
    left, right = st.columns(lens.widths, gap="medium")
    with left:
        place = st.container(key="place-images")
        place.html("<i></i>")  # an empty place would not be kept free
        recipe = controls.recipe(best_method(len(pictures.files)))
        waiting.for_engine(recipe)
        keys = pictures.keys
        order = cache.Order(
            keys, picture_store.standing(keys), cache.possible(recipe), pictures.space(spec.id)
        )
    with right:
        scene = cards.trusted(lens.look(order, pictures), order)
    with place:
        stage(
            scene,
            key="images-map",
            height=560,
            on_click=state.choose(pictures.names, key=image_panels.PICTURE),
            on_place=state.placed(scene.id),
        )
        image_panels.below_the_map(order, pictures, scene)
    state.drawn(order.recipe)
    uploads.manage("images")
    image_panels.how_it_works(order, spec)
