"""The lens on random pairs: where sentences that have nothing to do with each other lie on each model's scale."""

import streamlit as st

from embeddings_core.analysis.unrelated_pairs import UnrelatedPairs, unrelated_pairs
from embeddings_core.maps.request import MapRequest
from embeddings_core.models.averaged_space import mean_name, usual_mean
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.recent import recent
from embeddings_core.models.registry import find_model
from embeddings_core.models.text_space import TextModel, word_readers
from embeddings_core.scenes.unrelated_pairs import pairs_scene
from embeddings_core.spaces.corpus import news_sentences
from embeddings_core.spaces.space import Space
from pages._ui import cache, panels
from pages._ui.panels import Bar, ranking
from pages._ui.sentences.panels import Picture
from pages._ui.text_models import Chosen

COSINE = "cosine"
MOST_OWN = 60  # sentences whose nearest pairs are shown beside the random ones


def unrelated(request: MapRequest, by: Chosen) -> Picture:
    """Pile up the same random pairs under each model, and say what one cosine is worth under each."""
    spaces = _spaces(by)
    own = cache.coverage(request.shown[:MOST_OWN], usual_mean()).items
    found = cache.once(pairs_of, own, spaces)
    asked = st.slider(
        "A cosine of", 0.0, 1.0, 0.85, step=0.01, key=COSINE, bind="query-params",
        help="The dashed line on the picture. The bars say how many random pairs are less near than this.",
    )  # fmt: skip
    panels.sentence(found.sentence(asked), key="pairs")
    st.caption("Random pairs that are less near")
    bars = []
    for model, (title, value) in enumerate(zip(found.titles, found.percentile(asked), strict=True)):
        low, middle, high = found.middle(model)
        note = f"random pairs: half below {middle:.2f}, nine in ten from {low:.2f} to {high:.2f}".replace(
            "-", "−"
        )
        bars.append(Bar(title, panels.share_words(value), value / 100, note))
    ranking(bars, key="pairs-bars", film="|".join(found.titles), delay=200, numbered=False)
    return Picture(pairs_scene(found, cosine=asked))


def _spaces(by: Chosen) -> tuple[Space, ...]:
    """Return what is compared: MiniLM, a mean of word vectors, E5 where it is here, and the chosen model."""
    spaces: list[Space] = [TextModel("minilm"), usual_mean()]
    spaces += [TextModel(spec.id) for spec in word_readers() if recent(on_disk, spec)]
    if by.space.key not in {space.key for space in spaces} and not by.is_mean:
        spaces.append(by.space)
    return tuple(spaces)


def pairs_of(own: tuple[str, ...], spaces: tuple[Space, ...]) -> UnrelatedPairs:
    """Read the news sentences that all of these know, and own sentences, with each space."""
    news = cache.coverage(news_sentences(), usual_mean()).items
    titles = [
        find_model(space.model).title.partition(" (")[0] if isinstance(space, TextModel) else mean_name(space)
        for space in spaces
    ]
    mine = [cache.vectors_of(own, space) for space in spaces] if len(own) > 1 else []
    return unrelated_pairs([cache.vectors_of(news, space) for space in spaces], titles, own=mine)
