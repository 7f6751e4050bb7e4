"""Context: one word in many sentences, and where its meanings part."""

import streamlit as st

from pages._ui import controls, text_models
from pages._ui.context import panels as context_panels
from pages._ui.context.lenses import LENSES
from pages._ui.shell import page, tools

with page(
    "Context",
    claim="One word, many meanings: the sentence decides. Follow the word through the layers and see its meanings part.",
):
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
