"""Words: type them, watch them take their place."""

import streamlit as st

from embeddings_core.maps.settings import best_method
from pages._ui import controls, waiting
from pages._ui.shell import live, page, tools
from pages._ui.stage import load_stage
from pages._ui.words import menu as word_menu
from pages._ui.words.lenses import LENSES
from pages._ui.words.live import Places, map_of_words

with page(
    "Words", claim="Words that mean similar things sit together. Type some, and watch them find their place."
):
    load_stage()
    typed = st.container()
    controls.examples(beside=word_menu.ask)
    notes, row = st.container(), tools()
    with row:
        lens = LENSES[controls.lens(list(LENSES))]
    left, right = st.columns(lens.widths, gap="medium")
    with left:
        place = st.container()
        options = controls.map_options(best_method(len(controls.words_in_force().items)))
        waiting.for_engine(options)
    live(map_of_words, Places(typed, notes, row, place, right), lens, options)
