"""Home's map: settled at once; a typed word flies in, and a click on any word asks for its neighbours."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from embeddings_core.analysis.neighbours import nearest, row_or_none
from embeddings_core.maps.home_film import load_home_film
from embeddings_core.models.bundled_words import BUNDLED_WORDS
from embeddings_core.scenes.home import asked_home_scene, on_the_home_map, settled_home_scene
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.texts import clean
from pages._ui import cache, panels, state
from pages._ui.below import share
from pages._ui.point_notes import judged
from pages._ui.shell import sides
from pages._ui.stage import stage

ASK = "ask"
SHOWN = 8  # neighbours in the panel


def map_with_a_box(invitation: Callable[[], object]) -> None:
    """Ask for a word, draw the map with it, and name its neighbours beside it; `invitation` draws the way to the talk."""
    with st.container(key="home-line"):
        word = clean(
            str(
                st.text_input(
                    "Type a word",
                    key=ASK,
                    bind="query-params",
                    max_chars=60,
                    placeholder="type a word, then Enter: it flies in among its neighbours",
                    label_visibility="collapsed",
                )
                or ""
            )
        )
    asked = cache.vectors_of((word,), BUNDLED_WORDS) if word else None
    scene = cache.once(settled_home_scene) if asked is None else asked_scene(asked)
    panel, picture = sides()
    with panel, st.container(key="answer"):
        if asked is not None:
            neighbours(asked, [scene.points.items[link.end] for link in scene.links])
        invitation()
        if asked is None:
            panels.numbers(("cat", "dog", "car"))
        share(scene, key="home", vectors=lambda: load_home_film()[0])
    with picture:
        stage(scene, key="home", on_click=state.choose(scene.points.items, key=ASK))


def asked_scene(asked: EmbeddingSet) -> Scene:
    """Return the map with the asked word."""
    scene: Scene = cache.once(_asked_scene, asked.items[0])
    return scene


def _asked_scene(word: str) -> Scene:
    asked, words = cache.vectors_of((word,), BUNDLED_WORDS), load_home_film()[0]
    return judged(asked_home_scene(asked), on_the_home_map(asked), words.items, BUNDLED_WORDS)


def neighbours(asked: EmbeddingSet, on_map: list[str]) -> None:
    """Name who is nearest to a word in the whole vocabulary, with what that is worth, and where the lines `on_map` lead."""
    word, vocabulary = asked.items[0], BUNDLED_WORDS.words()
    own = row_or_none(vocabulary, word)
    found = nearest(vocabulary, asked.vectors[0], k=SHOWN, exclude=[] if own is None else [own], name=word)
    st.subheader(f"Nearest to {word}" if word.isalnum() else "Nearest", anchor=False)
    panels.ranked(
        found,
        key="home-near",
        reference=cache.reference(BUNDLED_WORDS),
        on_choose=partial(state.put, ASK),
        hint="Ask for the neighbours of {item}",
    )
    if on_map:
        named = ", ".join(on_map)
        panels.sentence(
            f"The map holds {len(load_home_film()[0]):,} of these words; lines lead to the nearest: {named}.",
            key="lines",
        )
    st.button("Back to all words", on_click=state.put, args=(ASK, ""), type="tertiary")
