"""The guessing lenses: questions about the words, sentences or pictures of a page, told only when they are answered."""

from dataclasses import replace

import numpy as np
import streamlit as st

from embeddings_core.analysis.neighbours import nearest, scores_of
from embeddings_core.scenes.image_text import empty_scene, found_scene, joint_scene
from embeddings_core.scenes.images import picture_neighbour_scene, picture_scene
from embeddings_core.scenes.maps import map_scene, neighbour_scene
from embeddings_core.scenes.scene import Scene
from embeddings_core.scenes.sentences import query_scene, sentence_scene
from embeddings_core.spaces.texts import clean
from pages._ui import cache, guessing, panels, word_store
from pages._ui.cache import Order
from pages._ui.guessing import TYPED, Board
from pages._ui.images_and_text import panels as joint_panels
from pages._ui.images_and_text.panels import Given
from pages._ui.picture_store import Pictures

LINES = 5


def words(order: Order) -> Scene:
    """Ask about the words on the map, or where a newly typed one will land among them."""
    what = guessing.kind()
    newcomer = ""
    if what == "land" and order.recipe.dimensions == 2:
        newcomer = _newcomer(order)
        if not newcomer:
            return map_scene(cache.view(order))
        order = replace(order, shown=(*order.shown, newcomer))
    shown = cache.view(order)

    def told(row: int) -> Scene:
        return neighbour_scene(shown, nearest(shown.embeddings, row, k=LINES))

    row = len(shown.items) - 1 if newcomer else None
    return guessing.play(Board(shown.embeddings, map_scene(shown), told, "words", row), what)


def _newcomer(order: Order) -> str:
    """Ask for a word that is not on the map; where none is typed, offer a neighbour of one that is."""
    typed = st.text_input(
        "A word that is not on the map", key=TYPED, bind="query-params", max_chars=80, placeholder="or guess the one below",
    )  # fmt: skip
    word = clean(str(typed or ""))
    if not word:
        return _offered(order)
    if word in order.shown:
        panels.sentence(f"{word} is on the map already; type another word.", key="there")
        return ""
    if not cache.vectors_of((word,), order.space).items:
        panels.sentence(f"This space has no vector for {word}; type another word.", key="lost")
        return ""
    return word


def _offered(order: Order) -> str:
    """Return a word of the space that is near to one on the map, but is not there yet."""
    shown = cache.view(order)
    if not shown.items:
        panels.sentence("Type some words first: then guess where another one lands.", key="few")
        return ""
    rng = np.random.default_rng(guessing.turn())
    own = int(rng.integers(len(shown.items)))
    near = nearest(word_store.words_of(order.space), shown.embeddings.vectors[own], k=40).items
    here, stem = {item.lower() for item in shown.items}, shown.items[own].lower()
    fresh = [item for item in near if item.lower() not in here and stem not in item.lower()]
    return fresh[int(rng.integers(min(len(fresh), 12)))] if fresh else ""


def sentences(order: Order) -> Scene:
    """Ask about the sentences on the map."""
    what, shown = guessing.kind(), cache.view(order)

    def told(row: int) -> Scene:
        vector, item = shown.embeddings.vectors[row], shown.items[row]
        return query_scene(shown, item, vector, nearest(shown.embeddings, row, k=3))

    return guessing.play(Board(shown.embeddings, sentence_scene(shown), told, "sentences"), what)


def pictures(order: Order, given: Pictures) -> Scene:
    """Ask about the pictures on the map; options are shown as pictures too."""
    what, shown, files = guessing.kind(), cache.view(order), given.files

    def told(row: int) -> Scene:
        return picture_neighbour_scene(shown, files, nearest(shown.embeddings, row, k=LINES), row)

    space = replace(shown.embeddings, items=given.names)
    thumbnails = tuple(file.thumbnail for file in files)
    return guessing.play(Board(space, picture_scene(shown, files), told, "pictures", images=thumbnails), what)


def captions(given: Given) -> Scene:
    """Ask which caption is nearest to a picture, or where a picture lands among pictures and captions."""
    what, shown, n = guessing.kind(without="odd"), cache.view(given.order), given.n
    whole = joint_scene(shown, given.pictures.files) if shown.items else empty_scene()
    if joint_panels.missing(given, least="then guess which caption belongs to which picture."):
        return whole
    row = int(np.random.default_rng(guessing.turn()).integers(n))
    rows = tuple(range(n, len(shown.items)))

    def told(row: int) -> Scene:
        scores = scores_of(shown.embeddings, shown.embeddings.vectors[row])[n:]
        return found_scene(whole, row, [n + int(other) for other in np.argsort(-scores, kind="stable")[:3]])

    space = replace(shown.embeddings, items=(*given.pictures.names, *given.captions))
    images = (*(file.thumbnail for file in given.pictures.files), *("" for _ in rows))
    asked = (
        "Which caption is nearest to this picture?" if what == "nearest" else "Where will this picture land?"
    )
    board = Board(space, whole, told, "pictures and captions", row, images, rows, asked)
    return guessing.play(board, what)
