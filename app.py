"""Home: what an embedding is, in one moving picture, and the way to every page."""

import streamlit as st

from embeddings_core.maps.home_film import load_home_film
from embeddings_core.scenes.maps import home_scene
from pages._ui import cache, own_tables, panels
from pages._ui.below import share
from pages._ui.present import stage as talk_stage
from pages._ui.shell import page, sides
from pages._ui.stage import load_stage, stage

with page(
    "What is an embedding?",
    claim="A list of numbers that stands for a meaning. Words that are used alike get similar numbers, so on a map they gather.",
    tab="Embeddings, seen",
):
    own_tables.lead_from_the_command_line()
    load_stage()
    panel, picture = sides()
    with panel, st.container(key="answer"):
        talk_stage.invitation()
        panels.numbers(("cat", "dog", "car"))
        share(cache.once(home_scene), key="home", vectors=lambda: load_home_film()[0])
    with picture:
        stage(cache.once(home_scene), key="home")
    panels.ways()
