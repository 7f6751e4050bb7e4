"""Words: type them, watch them take their place."""

import streamlit as st

from embeddings_core.maps.settings import best_method
from pages._ui import below, cards, controls, map_request, state, waiting
from pages._ui.shell import page, tools
from pages._ui.stage import stage
from pages._ui.words import menu as word_menu
from pages._ui.words import panels as word_panels
from pages._ui.words.lenses import LENSES

with page(
    "Words", claim="Words that mean similar things sit together. Type some, and watch them find their place."
):
    typed = controls.words(beside=word_menu.ask)
    choice = word_menu.chosen()
    items = word_menu.known(typed.items, choice)
    with tools():
        lens = LENSES[controls.lens(list(LENSES))]
        controls.newcomer()
    left, right = st.columns(lens.widths, gap="medium")
    with left:
        place = st.container()
        options = controls.recipe(best_method(len(items)))
        waiting.for_engine(options)
        request = map_request.of(items, options, choice.space)
    with right:
        scene = cards.trusted(lens.look(request), request)
    with place:
        stage(
            scene,
            key="words-map",
            height=560,
            on_click=state.choose(scene.points.items),
            on_place=state.placed(scene.id),
        )
        below.the_map(request, scene, key="words")
    state.drawn(request.options)
    word_panels.how_it_works(request)
