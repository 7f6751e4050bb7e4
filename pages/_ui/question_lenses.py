"""Lenses that ask: questions about the words, sentences or pictures of a page, told only when they are answered."""

from dataclasses import replace

import numpy as np
import streamlit as st

from embeddings_core.analysis.neighbours import nearest
from embeddings_core.maps.request import MapRequest
from embeddings_core.models.bundled_words import BUNDLED_WORDS
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.text_space import TextModel
from embeddings_core.models.unread import Unread, unread
from embeddings_core.pictures.picture_space import Pictures
from embeddings_core.scenes.images import picture_neighbour_scene, picture_scene
from embeddings_core.scenes.maps import map_scene, neighbour_scene
from embeddings_core.scenes.scene import Scene
from embeddings_core.scenes.sentences import query_scene, sentence_scene
from embeddings_core.spaces.texts import clean
from pages._ui import cache, panels, question_board
from pages._ui.question_board import TYPED, Board

LINES = 5


def words(request: MapRequest, *, reader: str) -> Scene:
    """Ask about the words on the map, or where a newly typed one will land among them; `reader` reads what is not bundled."""
    what = question_board.kind()
    newcomer = ""
    if what == "land" and request.options.dimensions == 2:
        newcomer = _newcomer(request)
        if not newcomer:
            return map_scene(cache.view(request))
        request = replace(request, shown=(*request.shown, newcomer))
    shown = cache.view(request)

    def told(row: int) -> Scene:
        return neighbour_scene(shown, nearest(shown.embeddings, row, k=LINES))

    row = len(shown.items) - 1 if newcomer else None
    model = reader if request.space == BUNDLED_WORDS else ""
    board = Board(shown.embeddings, map_scene(shown), told, "words", row, within=_read(shown.items, model))
    return question_board.play(board, what)


def _read(items: tuple[str, ...], model: str) -> tuple[int, ...] | None:
    """Return the rows of the items that a model reads anything of: a question about the others has no answer; None for all."""
    blank = cache.once(unread_by, items, model).blank if model else ()
    return tuple(row for row, item in enumerate(items) if item not in blank) if blank else None


def unread_by(items: tuple[str, ...], model: str) -> Unread:
    """Look at what a model does not read of the items."""
    return unread(items, load_encoder(model))


def _newcomer(request: MapRequest) -> str:
    """Ask for a word that is not on the map; where none is typed, offer a neighbour of one that is."""
    typed = st.text_input(
        "A word that is not on the map", key=TYPED, bind="query-params", max_chars=80, placeholder="or guess the one below",
    )  # fmt: skip
    word = clean(str(typed or ""))
    if not word:
        return _offered(request)
    if word in request.shown:
        panels.sentence(f"{word} is on the map already; type another word.", key="there")
        return ""
    if not cache.vectors_of((word,), request.space).items:
        panels.sentence(f"This space has no vector for {word}; type another word.", key="lost")
        return ""
    return word


def _offered(request: MapRequest) -> str:
    """Return a word of the space that is near to one on the map, but is not there yet."""
    shown = cache.view(request)
    if not shown.items:
        panels.sentence("Type some words first: then guess where another one lands.", key="few")
        return ""
    rng = np.random.default_rng(question_board.turn())
    own = int(rng.integers(len(shown.items)))
    vocabulary = request.space.words()
    if vocabulary is None:
        panels.sentence("Type a word that is not on the map yet.", key="few")
        return ""
    near = nearest(vocabulary, shown.embeddings.vectors[own], k=40).items
    here, stem = {item.lower() for item in shown.items}, shown.items[own].lower()
    fresh = [item for item in near if item.lower() not in here and stem not in item.lower()]
    return fresh[int(rng.integers(min(len(fresh), 12)))] if fresh else ""


def sentences(request: MapRequest) -> Scene:
    """Ask about the sentences on the map."""
    what, shown = question_board.kind(), cache.view(request)

    def told(row: int) -> Scene:
        vector, item = shown.embeddings.vectors[row], shown.items[row]
        return query_scene(shown, item, vector, nearest(shown.embeddings, row, k=3))

    model = request.space.model if isinstance(request.space, TextModel) else ""
    board = Board(
        shown.embeddings, sentence_scene(shown), told, "sentences", within=_read(shown.items, model)
    )
    return question_board.play(board, what)


def pictures(request: MapRequest, given: Pictures) -> Scene:
    """Ask about the pictures on the map; options are shown as pictures too."""
    what, shown, files = question_board.kind(), cache.view(request), given.files

    def told(row: int) -> Scene:
        return picture_neighbour_scene(shown, files, nearest(shown.embeddings, row, k=LINES), row)

    space = replace(shown.embeddings, items=given.names)
    thumbnails = tuple(file.thumbnail for file in files)
    return question_board.play(
        Board(space, picture_scene(shown, files), told, "pictures", images=thumbnails), what
    )
