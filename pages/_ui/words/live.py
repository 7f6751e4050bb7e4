"""What of the page is drawn again when somebody types, clicks or chooses."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embeddings_core.maps.request import MapOptions
from embeddings_core.scenes.given_groups import coloured_by_metadata
from pages._ui import below, cache, controls, own_words, state, waiting
from pages._ui.panels import filled_when_opened
from pages._ui.shell import Places
from pages._ui.stage import stage
from pages._ui.words import menu as word_menu
from pages._ui.words import panels as word_panels
from pages._ui.words.lenses import Lens


def map_of_words(places: Places, line: DeltaGenerator, lens: Lens, options: MapOptions) -> None:
    """Ask for words in their line, draw their map, and what a lens says of it: all that a typed word changes."""
    with line:
        typed = controls.words()
    if state.begins_anew(state.METHOD):  # it is asked outside of what is drawn again here
        st.rerun()
    choice = word_menu.chosen()
    with places.panel, st.container(key="answer"):
        waiting.for_engine(options)
        items = word_menu.known(typed, choice)
        request = controls.map_request(items, options, choice.space)
        scene = coloured_by_metadata(lens.look(request), choice.space)
        scene = below.coloured(scene, request, noun="word")
        scene = below.trusted(scene, request)
        below.the_map(request, scene)
    with (
        places.settings,
        st.container(key="of-methods"),
    ):  # drawn each time: Streamlit keeps a place only for what was
        below.what_methods_keep(request)
    with places.picture:
        stage(
            scene,
            key="words-map",
            on_click=state.choose(scene.points.items),
            on_place=state.placed(scene.id),
        )
    with places.share:
        below.share(
            scene,
            key="words",
            only_here=own_words.only_here(choice.space),
            vectors=lambda: cache.view(request).embeddings,
        )
    state.drawn(request.options)
    explained, opened = filled_when_opened(st.expander, "How it works", key="how-it-works")
    if opened:
        with explained:
            word_panels.how_it_works(request)
