"""The lens on the same sentences in several languages: a cloud a language under one model, a cloud a meaning under another."""

import streamlit as st

from embeddings_core.analysis.translations import (
    EVERYDAY,
    Parallel,
    TranslationBridge,
    split_translations,
    translation_bridge,
)
from embeddings_core.maps.request import MapOptions, MapRequest
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.recent import recent
from embeddings_core.models.registry import find_model
from embeddings_core.models.text_space import TextModel, word_readers
from embeddings_core.scenes.maps import empty_scene
from embeddings_core.scenes.translations import translation_scene
from pages._ui import cache, model_menu, panels, state, waiting
from pages._ui.panels import Bar, ranking, short
from pages._ui.sentences.panels import Picture
from pages._ui.text_models import Chosen

TRANSLATIONS = "translations"
FIRST = "\n".join(" | ".join(row) for row in EVERYDAY)
USUAL = "minilm"


def translations(request: MapRequest, by: Chosen) -> Picture:
    """Ask for sentences with their translations, and morph them from the map of one model to that of E5."""
    state.default(TRANSLATIONS, FIRST)
    typed = st.text_area(
        "One meaning a line, its translations after a |",
        key=TRANSLATIONS, height=150, bind="query-params", max_chars=20_000,
        help="Or one language after the other, with an empty line between them.",
    )  # fmt: skip
    texts = split_translations(str(typed or ""))
    panels.one_line(texts.notes, key="translations")
    if texts.count < 2:
        panels.sentence("Type at least 2 lines, each with its translation after a |.", key="few")
        return Picture(empty_scene("nothing to compare yet", alt=""))
    reader = word_readers()[0]
    if not recent(on_disk, reader):
        model_menu.explain(reader, "Without it there is no second model to compare with.", key="translations")
        return Picture(empty_scene("a model of many languages is missing", alt=""))
    own = by.spec.id if not by.is_mean and by.spec.id != reader.id else USUAL
    if not waiting.engine_ready("The maps"):
        return Picture(empty_scene("the maps follow", alt=""))
    bridge = cache.once(bridged, texts, own, reader.id)
    panels.sentence(bridge.sentence, key="bridge")
    st.caption("Nearest neighbour is a translation")
    n = len(texts.items)
    bars = [
        Bar(title, f"{found} of {n}", found / n, f"the same language comes first for {same}")
        for title, found, same in zip(bridge.titles, bridge.translations, bridge.same_language, strict=True)
    ]
    ranking(
        bars,
        key="bridge-bars",
        film="|".join((*bridge.titles, *texts.items)),
        delay=300,
        step=900,
        numbered=False,
    )
    _examples(bridge)
    return Picture(translation_scene(bridge))


def _examples(bridge: TranslationBridge) -> None:
    """Name one sentence whose nearest neighbour changes from its language to its translation."""
    texts = bridge.parallel
    for row, (before, after) in enumerate(bridge.nearest.T.tolist()):
        if texts.meanings[before] != texts.meanings[row] == texts.meanings[after]:
            panels.sentence(
                f'Nearest to "{short(texts.items[row])}": under {bridge.titles[0]} "{short(texts.items[before])}", under '
                f'{bridge.titles[1]} "{short(texts.items[after])}"',
                key="bridge-example",
            )
            return


def bridged(texts: Parallel, first: str, second: str) -> TranslationBridge:
    """Map the sentences under both models and compare them."""
    spaces = TextModel(first), TextModel(second)
    options = MapOptions("tsne").fitting(len(texts.items))
    sets = [cache.vectors_of(texts.items, space) for space in spaces]
    maps = [cache.fit(texts.items, options, space) for space in spaces]
    titles = tuple(find_model(each).title.partition(" (")[0] for each in (first, second))
    return translation_bridge(texts, sets[0], sets[1], titles=(titles[0], titles[1]), maps=(maps[0], maps[1]))
