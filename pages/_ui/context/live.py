"""What of the page is drawn again when somebody types, clicks or chooses."""

import streamlit as st

from pages._ui import controls, text_models
from pages._ui.context import panels as context_panels
from pages._ui.context.lenses import LENSES
from pages._ui.shell import tools


def words_in_context() -> None:
    """Ask for sentences and a word, and show what a lens sees in the layers."""
    said = context_panels.spoken()
    with tools():
        lens = LENSES[controls.lens(list(LENSES), key=context_panels.LENS)]
        spec = text_models.of_layers()
    left, right = st.columns([2, 1], gap="medium")
    with right:
        picture = lens.look(said, spec)
    with left:
        picture.show()
    context_panels.how_it_works(spec)
