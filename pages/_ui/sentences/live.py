"""What of the page is drawn again when somebody types, clicks or chooses."""

import streamlit as st

from embeddings_core.maps.request import MapOptions
from embeddings_core.maps.settings import best_method
from pages._ui import below, controls, state, text_models, waiting
from pages._ui.below import share
from pages._ui.sentences import panels as sentence_panels
from pages._ui.sentences.lenses import LENSES
from pages._ui.shell import tools
from pages._ui.stage import stage


def map_of_sentences() -> None:
    """Ask for sentences, draw their map, and what a lens says of it."""
    typed = sentence_panels.sentences()
    with tools():
        lens = LENSES[controls.lens(list(LENSES), key=sentence_panels.LENS)]
        by = text_models.of_sentences()
    items = sentence_panels.in_vocabulary(typed.items, by.space).items
    left, right = st.columns(lens.widths, gap="medium")
    with left:
        place = st.container()
        options = controls.map_options(best_method(len(items))) if lens.on_map else MapOptions("pca")
        waiting.for_engine(options)
        request = controls.map_request(items, options, by.space)
    with right:
        picture = lens.look(request, by)
        scene = below.trusted(below.coloured(picture.scene, request, noun="sentence"), request)
    with place:
        stage(
            scene, key="sentences-map", height=520,
            on_click=state.choose(picture.items, key=picture.key), on_place=state.placed(scene.id),
        )  # fmt: skip
        if lens.on_map and items:
            below.the_map(request, scene, key="sentences")
        else:
            share(scene, key="sentences")
    sentence_panels.how_it_works(by.spec)
