"""Words: type them, watch them take their place."""

import streamlit as st

from embeddings_core.maps.settings import best_method
from pages._ui import controls, from_table
from pages._ui.shell import live, page, places
from pages._ui.stage import load_stage
from pages._ui.words import menu as word_menu
from pages._ui.words.lenses import LENSES
from pages._ui.words.live import map_of_words

with page(
    "Words", claim="Words that mean similar things sit together. Type some, and watch them find their place."
):
    load_stage()
    word_menu.take_dropped()
    place = places()
    with place.line:
        typed = st.container()
    with place.lenses:
        lens = LENSES[controls.lens(list(LENSES))]
    with place.settings:
        word_menu.ask()
        options = controls.map_options(best_method(len(controls.words_in_force().items)))
    with place.line, controls.examples_menu():
        controls.newcomer()
        if lens.examples is not None:
            lens.examples(word_menu.chosen().space)
            st.caption("Lists of words")
        controls.examples()
        from_table.offer("Words")
    live(map_of_words, place, typed, lens, options)
