"""Words: type them, watch them take their place."""

import streamlit as st

from embeddings_core.maps.settings import best_method
from pages._ui import below, cards, controls, state, waiting
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
        recipe = controls.recipe(best_method(len(items)))
        waiting.for_engine(recipe)
        order = word_menu.order(items, choice, recipe)
    with right:
        scene = cards.trusted(lens.look(order), order)
    with place:
        stage(
            scene,
            key="words-map",
            height=560,
            on_click=state.choose(scene.points.items),
            on_place=state.placed(scene.id),
        )
        below.the_map(order, scene, key="words")
    state.drawn(order.recipe)
    word_panels.how_it_works(order)
