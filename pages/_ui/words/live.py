"""What of the page is drawn again when somebody types, clicks or chooses."""

from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embeddings_core.maps.request import MapOptions
from pages._ui import below, controls, state
from pages._ui.panels import filled_when_opened
from pages._ui.stage import stage
from pages._ui.words import menu as word_menu
from pages._ui.words import panels as word_panels
from pages._ui.words.lenses import Lens


@dataclass(frozen=True)
class Places:
    """Where on the page the parts stand that follow the typed words."""

    typed: DeltaGenerator
    notes: DeltaGenerator
    tools: DeltaGenerator
    map: DeltaGenerator
    panel: DeltaGenerator


def map_of_words(places: Places, lens: Lens, options: MapOptions) -> None:
    """Ask for words, draw their map, and what a lens says of it: all that a typed word changes."""
    with places.typed:
        typed = controls.words()
    if state.begins_anew(state.METHOD):  # it is asked outside of what is drawn again here
        st.rerun()
    choice = word_menu.chosen()
    with places.notes, st.container():
        items = word_menu.known(typed, choice)
    with places.tools:
        controls.newcomer()
    request = controls.map_request(items, options, choice.space)
    with places.panel:
        scene = below.coloured(lens.look(request), request, noun="word")
        scene = below.trusted(scene, request)
    with places.map:
        stage(
            scene,
            key="words-map",
            height=560,
            on_click=state.choose(scene.points.items),
            on_place=state.placed(scene.id),
        )
        below.the_map(request, scene, key="words")
    state.drawn(request.options)
    explained, opened = filled_when_opened(st.expander, "How it works", key="how-it-works")
    if opened:
        with explained:
            word_panels.how_it_works(request)
