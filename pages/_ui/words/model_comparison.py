"""The models lens: the same words through several models, and who changed company."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embeddings_core import jobs
from embeddings_core.analysis.model_comparison import (
    ModelComparison,
    compare_models,
    usual_comparison,
    word_spaces,
)
from embeddings_core.analysis.neighbours import Neighbours, nearest
from embeddings_core.maps.request import MapRequest
from embeddings_core.models.catalogue_words import glove_words
from embeddings_core.scenes.maps import map_scene, model_comparison_scene
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.static_words import StaticWords
from pages._ui import cache, controls, panels, state, waiting
from pages._ui.panels import Bar, ranking
from pages._ui.words import menu as word_menu
from pages._ui.words.menu import MODELS, MOST_MODELS

MOVERS = 5  # words shown for each step of the film
NEAREST, ABREAST = 5, 2  # neighbours of the word that is asked, and models that have room beside each other


def models(request: MapRequest) -> Scene:
    """Ask for models, morph the words from one to the next, and tell the biggest movers."""
    known = word_spaces()
    own = word_menu.own_titles([space.title for space in known])
    titles = [*(space.title for space in known), *own]
    here = [request.space.title] if request.space.title in titles else []
    state.default(MODELS, [*here, *(space.title for space in usual_comparison() if space.title not in here)])
    with st.popover("Choose models", key="compared-models"):
        chosen = st.multiselect(
            "Models, in the order of the film",
            titles,
            key=MODELS,
            bind="query-params",
            max_selections=MOST_MODELS,
        )
    ids = {space.title: space.id for space in known} | {title: space.key for title, space in own.items()}
    spaces = tuple(ids[title] for title in chosen)
    words = request.shown
    if len(spaces) < 2 or len(words) < 3:
        panels.sentence("Choose at least 2 models and type at least 3 words.", key="few-models")
        return map_scene(cache.view(request))
    if not waiting.engine_ready("The models"):
        return map_scene(cache.view(request))
    given = tuple(own[title] for title in chosen if title in own)
    result = cache.once(compared, words, spaces, given)
    if result.lost:
        panels.sentence(
            f"Left out, because one of them lacks the word: {', '.join(result.lost[:20])}.", key="lost"
        )
    kept(result)
    side_by_side(result)
    movers(result)
    with st.expander("What these models are"):
        noted = {space.title: space.note for space in known}
        for title in chosen:
            st.text(f"{title}: {(noted.get(title) or own[title].size).removesuffix('.')}.")
    return model_comparison_scene(result)


def compared(
    items: tuple[str, ...], spaces: tuple[str, ...], given: tuple[StaticWords, ...]
) -> ModelComparison:
    """Take words through spaces, by their ids; of the `given` ones only these words go to the worker."""
    own = {space.key: space.vectors(items) for space in given}
    glove = glove_words()
    if glove is not None and glove.id in spaces:
        own[glove.id] = glove.vectors(items)  # so that the worker does not open 400,000 words too
    return jobs.within(heavy=True).run(compare_models, items, spaces, given=own)


def kept(result: ModelComparison) -> None:
    """Tell, for each step of the film, how much company was kept."""
    for place, comparison in enumerate(result.comparisons):
        share = round(100 * float(comparison.shared.mean()))
        panels.sentence(
            f"From {result.titles[place]} to {result.titles[place + 1]}, {share} in 100 of the {comparison.k} nearest "
            f"neighbours stay; {comparison.same_nearest} of {len(result.items)} words keep their nearest one. "
            f"By chance {round(100 * comparison.chance)} in 100 would.{comparison.verdict}",
            key=f"step-{place}",
        )


def side_by_side(result: ModelComparison) -> None:
    """Put the nearest of one word in each model beside each other; a click asks for a word."""
    word = controls.item("Nearest to", result.items)
    if word not in result.items:
        panels.sentence(f"Not all of these models know {word}; choose another word.", key="not-known")
        return
    lists = [nearest(each, word, k=NEAREST) for each in result.sets]
    columns: list[DeltaGenerator] = []
    for place, (title, near) in enumerate(zip(result.titles, lists, strict=True)):
        if not columns:
            with st.container(key=f"abreast-{place}"):
                columns = st.columns(ABREAST)
        with columns.pop(0):
            _column(title, near, [each for each in lists if each is not near], place=place)


def _column(title: str, near: Neighbours, others: list[Neighbours], *, place: int) -> None:
    """List the neighbours in one model; of those that no other model names it is said."""
    elsewhere = {item for other in others for item in other.items}
    bars = [
        Bar(
            item, f"{score:.2f}".replace("-", "−"), None, "" if item in elsewhere else "only in this model",
            f"Show {item} and its neighbours",
        )
        for item, score in zip(near.items, near.scores.tolist(), strict=True)
    ]  # fmt: skip
    st.caption(title)
    ranking(
        bars, key=f"beside-{place}", film=f"{title}|{'|'.join(near.items)}", step=0, on_choose=partial(state.put, state.WORD),
        numbered=False,
    )  # fmt: skip


def movers(result: ModelComparison) -> None:
    """Tell, for each step of the film, who moved most."""
    for place, comparison in enumerate(result.comparisons):
        changes = comparison.biggest_changes(MOVERS)
        bars = [
            Bar(
                result.items[change.row], f"{len(change.kept)} of {comparison.k}", len(change.kept) / comparison.k,
                f"leaves {', '.join(change.lost[:3]) or 'nobody'}; joins {', '.join(change.gained[:3]) or 'nobody'}",
                f"Show {result.items[change.row]} and its neighbours",
            )
            for change in changes
        ]  # fmt: skip
        if bars:
            step = f"From {result.titles[place]} to {result.titles[place + 1]}"
            st.caption(f"{step}: neighbours kept, of the words whose company changes most")
            ranking(
                bars, key=f"movers-{place}", film="|".join((*result.titles[place : place + 2], *result.items)), numbered=False,
                on_choose=partial(state.put, state.WORD),
            )  # fmt: skip
