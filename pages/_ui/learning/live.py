"""What of the page is drawn again when somebody types, clicks or chooses."""

import streamlit as st

from pages._ui import controls, state
from pages._ui.learning import controls as learning_controls
from pages._ui.learning import panels as learning_panels
from pages._ui.learning.lenses import LENSES
from pages._ui.shell import tools
from pages._ui.stage import stage


def training_and_map() -> None:
    """Ask what to train, and show the training through a lens."""
    config = learning_controls.config()
    taught = learning_panels.taught(config)
    with tools():
        lens = LENSES[controls.lens(list(LENSES), key="learn")]
        taught = learning_controls.words_on_the_map(taught)
    left, right = st.columns((2, 1), gap="medium")
    with right:
        scene = lens(taught)
    with left:
        stage(scene, key="learning-map", height=490, on_click=state.choose(scene.points.items, key="pin"))
        learning_panels.below_the_map(taught, scene)
    learning_panels.how_it_works(taught)
