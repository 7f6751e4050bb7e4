"""What can be looked at on the map of words: each lens draws its panel and returns the scene for the stage."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import streamlit as st

from embeddings_core.analysis import claims
from embeddings_core.analysis.closeness import same_as_query
from embeddings_core.analysis.neighbours import nearest, row_or_none
from embeddings_core.maps.request import MapRequest
from embeddings_core.scenes import maps
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.space import Space
from embeddings_core.spaces.vectors import Metric
from pages._ui import cache, controls, group_lenses, panels, question_lenses, state
from pages._ui.panels import filled_when_opened
from pages._ui.point_notes import judged
from pages._ui.words import menu as word_menu
from pages._ui.words import panels as word_panels
from pages._ui.words.analogy import analogies
from pages._ui.words.analogy import examples as examples_of_analogies
from pages._ui.words.concept_axis import concept_axis
from pages._ui.words.hubs import everybodys
from pages._ui.words.model_comparison import models

USUAL_K = 8  # neighbours shown
AMONG = ("these words", "the whole vocabulary")  # what is ranked, the usual first


@dataclass(frozen=True)
class Lens:
    """One way to look at the map: what draws its panel, and its own examples in the menu of all."""

    look: Callable[[MapRequest], Scene]
    examples: Callable[[Space], None] | None = None


def neighbours(request: MapRequest) -> Scene:
    """Rank the nearest of one word, among the typed words and in the whole vocabulary."""
    shown = cache.view(request)
    vocabulary = request.space.words()
    with st.container(key="asked", horizontal=True, vertical_alignment="bottom", gap="small", wrap=False):
        word = controls.item("Nearest to", shown.items)
        options, opened = filled_when_opened(st.popover, "Options", key="measure")
    with options:
        # Each keeps its place as the other fills.
        measures, files = st.container(key="measures"), st.container(key="word-files")
    with measures:
        everywhere = vocabulary is not None and _everywhere(opened)
        metric, k = _measure(opened)
    if not word:
        panels.sentence("Type a word to see its neighbours.", key="empty")
        return maps.map_scene(shown)
    on_it = shown.items.index(word) if word in shown.items else None
    asked = shown.embeddings if on_it is not None else cache.vectors_of((word,), request.space)
    if not len(asked):
        panels.sentence(f"This space has no vector for {word}; choose another word.", key="lost")
        return maps.map_scene(shown)
    vector = asked.vectors[on_it or 0]
    on_map = nearest(
        shown.embeddings,
        vector if on_it is None else on_it,
        k=k,
        metric=metric,
        name=word,
    )
    listed = on_map
    if vocabulary is not None and everywhere:
        same = row_or_none(vocabulary, word)
        own = [] if same is None else [same]
        listed = nearest(vocabulary, vector, k=k, metric=metric, exclude=own, name=word)
    if not listed.items:
        panels.sentence("One word has no neighbours yet: add another below.", key="alone")
    pairs = cache.reference(request.space, metric)
    ranks = cache.word_scores(word, request.space, metric)
    if on_it is not None and shown.projection.shows_nearness and on_map.items:
        same = int(same_as_query(on_map.scores, metric).sum())
        told = claims.near_on_map(word, shown.items, on_map.rows, shown.projection.final, on_it, same=same)
        panels.sentence(told, key="claim")
    panels.ranked(
        listed,
        key="ranking",
        reference=pairs,
        vocabulary=None if listed is not on_map else ranks,  # there the place in the list is the rank
        on_choose=partial(state.choose_or_add, items=shown.items),
        hint="Show {item} and its neighbours on the map",
    )
    if opened:
        with files:
            panels.ranking_download(listed, reference=pairs, vocabulary=ranks)
            if word in shown.items and len(shown.items) > 1:
                st.button(
                    "Take this word off the map", key="off-the-map", on_click=state.remove, args=(word,), type="tertiary"
                )  # fmt: skip
    return judged(maps.neighbour_scene(shown, on_map), on_map, shown.items, request.space)


def _everywhere(opened: bool) -> bool:
    """Ask whether the whole vocabulary is ranked; nothing is asked as long as nobody looks and it is as usual."""
    usual, whole = AMONG
    if not opened and controls.wanted("among") in ("", usual):
        return False
    return controls.choice("Among", {usual: False, whole: True}, key="among")


def _measure(opened: bool) -> tuple[Metric, int]:
    """Ask how near is measured and how many are shown; nothing is asked as long as nobody looks and all is as usual."""
    if state.begins_anew("k"):
        controls.first("k", USUAL_K, allowed=range(1, 21), read=int)
    usual = controls.wanted("metric") in ("", "cosine") and controls.wanted("k") in ("", str(USUAL_K))
    if usual and not opened:
        controls.tell("k", USUAL_K)
        return "cosine", USUAL_K
    metric = controls.choice("Similarity measure", controls.METRICS, key="metric")
    return metric, controls.how_many("How many", 20, value=USUAL_K, key="k")


def similarity(request: MapRequest) -> Scene:
    """Show the similarity of every pair as a heat map beside the map."""
    shown = cache.view(request)
    with st.popover("Options"):
        metric = controls.choice("Similarity measure", controls.METRICS, key="metric")
    panels.heat_map(shown.embeddings, what="words", key="heat-map", metric=metric)
    return maps.map_scene(shown)


def clusters(request: MapRequest) -> Scene:
    """Group the words, with the real steps of the algorithm as a film."""
    return group_lenses.clusters(request, noun="word", key="clusters")


def trusted(request: MapRequest) -> Scene:
    """Show how far the picture can be trusted, point by point."""
    shown = cache.view(request)
    word = controls.item("Look at", shown.items)
    if len(shown.items) < 3:
        panels.sentence("Trust needs at least 3 words: with two, any picture is right.", key="few")
        return maps.map_scene(shown)
    if not shown.projection.shows_nearness:
        panels.sentence(
            "Nothing can be kept or lost: to this model no word is nearer than another.", key="equal"
        )
        return maps.map_scene(shown)
    k = controls.how_many(
        "Neighbours that count", min(20, max(len(shown.items) // 2, 1)), value=5, key="near"
    )
    result = cache.map_trust(request, max(k, 1))
    word_panels.trust_sentences(result)
    row = shown.items.index(word) if word in shown.items else None
    if row is not None:
        word_panels.true_and_false_neighbours(word, result, row, shown.items)
    return maps.trust_scene(shown, result, row)


LENSES: dict[str, Lens] = {
    "Neighbours": Lens(neighbours),
    "Clusters": Lens(clusters),
    "Analogy": Lens(analogies, examples_of_analogies),
    "Concept axis": Lens(concept_axis),
    "Models": Lens(models),
    "Trust": Lens(trusted),
    "Similarity": Lens(similarity),
    "Hubs": Lens(everybodys),
    "Guess first": Lens(partial(question_lenses.words, reader=word_menu.MODEL)),
}
