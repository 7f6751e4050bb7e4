"""What of the page is drawn again when somebody types, clicks or chooses."""

import streamlit as st

from pages._ui import below, controls, state
from pages._ui.one_hot import panels as one_hot_panels
from pages._ui.one_hot.lenses import LENSES
from pages._ui.shell import tools
from pages._ui.stage import stage


def words_and_vectors() -> None:
    """Ask for words, and show their vectors through a lens."""
    typed = controls.words()
    controls.examples()
    items = one_hot_panels.at_most(controls.noted(typed).items)
    with tools():
        lens = LENSES[controls.lens(list(LENSES), key="onehot")]
        word = one_hot_panels.word(items)
        request = one_hot_panels.request(items)
    left, right = st.columns(lens.widths, gap="medium")
    with right:
        scene = below.trusted(lens.look(request, word), request)
    with left:
        stage(
            scene,
            key="one-hot-map",
            height=490,
            on_click=state.choose(scene.points.items, key=one_hot_panels.FOCUS),
        )
        one_hot_panels.below_the_map(request, scene, word=word)
    one_hot_panels.how_it_works(len(items))
