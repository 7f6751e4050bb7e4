"""Sentences: type them, search them, and see what a sentence is beyond its words."""

import streamlit as st

from embeddings_core.maps.settings import best_method
from pages._ui import below, cards, controls, state, text_models, waiting
from pages._ui.recipe import Recipe
from pages._ui.sentences import panels as sentence_panels
from pages._ui.sentences.lenses import LENSES
from pages._ui.share import share
from pages._ui.shell import page, tools
from pages._ui.stage import stage

with page(
    "Sentences",
    claim="A sentence is more than the sum of its words. Search by meaning, and see what order and company change.",
):
    typed = sentence_panels.sentences()
    with tools():
        lens = LENSES[controls.lens(list(LENSES), key=sentence_panels.LENS)]
        by = text_models.of_sentences()
    items = sentence_panels.left_out(typed.items, by.reader).items
    left, right = st.columns(lens.widths, gap="medium")
    with left:
        place = st.container()
        recipe = controls.recipe(best_method(len(items))) if lens.on_map else Recipe("pca")
        waiting.for_engine(recipe)
        order = text_models.order(items, by.reader, recipe)
    with right:
        picture = lens.look(order, by)
        scene = cards.trusted(picture.scene, order)
    with place:
        stage(
            scene, key="sentences-map", height=520,
            on_click=state.choose(picture.items, key=picture.key), on_place=state.placed(scene.id),
        )  # fmt: skip
        if lens.on_map and items:
            below.the_map(order, scene, key="sentences")
        else:
            share(scene, key="sentences")
    sentence_panels.how_it_works(by.spec)
