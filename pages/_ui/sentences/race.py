"""The lens on the rank race: ways to search of several ages order the same sentences by one query."""

import re
from dataclasses import replace

import streamlit as st

from embeddings_core.analysis.rankers import Ranker, RankRace, rank_by_exact_words, rank_by_tfidf, rank_race
from embeddings_core.maps.request import MapRequest
from embeddings_core.models.averaged_space import AVERAGED_GLOVE, mean_name, usual_mean
from embeddings_core.models.bge_m3 import M3WordWeights
from embeddings_core.models.catalogue_words import GLOVE
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.recent import recent
from embeddings_core.models.registry import find_model, list_models, load_encoder
from embeddings_core.models.rerankers import Reranker
from embeddings_core.models.text_space import TextModel, TextSpace, word_readers
from embeddings_core.scenes import sentences as scenes
from embeddings_core.spaces.space import Space
from embeddings_core.spaces.vectors import FloatArray, unit
from pages._ui import cache, model_menu, panels, text_models
from pages._ui.sentences import panels as sentence_panels
from pages._ui.sentences.panels import Picture
from pages._ui.text_models import Chosen

MODEL = TextModel("minilm")
EXACT, TFIDF = "1952", "1972"  # Taube, Gull and Wachtel, American Documentation 3, 213; Spärck Jones
MOST_READ = 300  # sentences that a model which was not chosen reads for the race
MOST_RERANKED = 100  # a cross-encoder reads each of them anew with every query


def race(request: MapRequest, by: Chosen) -> Picture:
    """Let rankers of several ages order the same sentences by one query; a chosen mean is the third of them."""
    query = sentence_panels.query(request.shown, by.space)
    model_menu.prompts(by.spec, query)
    if sentence_panels.needs(len(request.shown), 2, "a race needs two"):
        return sentence_panels.plain(request)
    if not query:
        panels.sentence("Type a query: the race is for the sentence nearest to it.", key="empty")
        return sentence_panels.plain(request)
    mean: TextSpace = by.space if by.is_mean else usual_mean()
    models = models_of(by, len(request.shown))
    known = list_models("reranker")
    here_too = len(request.shown) <= MOST_RERANKED
    here = [spec.id for spec in known if recent(on_disk, spec)] if here_too else []
    weighing = [spec.id for spec in list_models("sparse") if recent(on_disk, spec)] if here_too else []
    result = cache.once(ranked_by_age, query, request.shown, mean, models, tuple(weighing), tuple(here))
    if by.is_mean:
        panels.sentence(f"{sentence_panels.beside(by.spec)} runs against it here.", key="beside")
    texts = (query,) if by.is_mean else (query, *request.shown)
    sentence_panels.in_vocabulary(texts, mean, where=f"by the {mean_name(mean)}", key="race-skipped")
    panels.sentence(sentence_panels.verdict(result), key="verdict")
    sentence_panels.podium(result)
    for model in weighing:
        panels.sentence(cache.once(weighed, query, model), key=f"weights-{model}")
    scene = scenes.race_scene(result, model=by.spec.title)
    if len(result.sentences) > scenes.RACERS:
        panels.sentence(
            f"The {scenes.RACERS} of {len(result.sentences):,} sentences that any ranker puts furthest ahead take part.",
            key="cut",
        )
    if missing := [spec for spec in known if not recent(on_disk, spec)]:
        with st.expander("Add a reranker", key="add-reranker"):
            model_menu.explain(
                missing[0], "It would run last, after those that only compare vectors.", key="reranker"
            )
    return Picture(scene, tuple(result.sentences[row] for row in scenes.race_rows(result)))


def models_of(by: Chosen, count: int) -> tuple[TextModel, ...]:
    """Return the text models that take part, the oldest first: MiniLM or the chosen one, and E5 where it is here."""
    chosen = by.space if isinstance(by.space, TextModel) else MODEL
    readers = (
        [TextModel(spec.id) for spec in word_readers() if recent(on_disk, spec)] if count <= MOST_READ else []
    )
    taking = [MODEL if chosen in readers else chosen, *readers]
    taking += [chosen] if chosen not in taking else []
    return tuple(sorted(dict.fromkeys(taking), key=lambda space: year_of(space.model)))


def year_of(model: str) -> str:
    """Return the year of the paper that a row of the catalogue names first; "" where it names none."""
    found = re.search(r"\b(?:19|20)\d\d\b", find_model(model).paper)
    return found[0] if found else ""


def short_title(model: str) -> str:
    """Return a model's title without what stands in brackets or after a comma."""
    return re.split(r" \(|, ", find_model(model).title)[0]


def weighed(query: str, model: str) -> str:
    """Say which word pieces of the query a model weighs most."""
    encoder = load_encoder(model)
    assert isinstance(encoder.inner, M3WordWeights)
    with encoder.lock:
        (weights,) = encoder.inner.weights([query])
    if not weights:
        return f"{find_model(model).title}: no word piece of the query weighs anything."
    most = sorted(weights.items(), key=lambda told: -told[1])[:6]
    told = ", ".join(f"{piece.lstrip('▁') or piece} {weight:.2f}" for piece, weight in most)
    return f"{find_model(model).title}, learned: {told}. A sentence scores by the pieces that it shares with the query."


def ranked_by_age(
    query: str,
    items: tuple[str, ...],
    mean: Space,
    models: tuple[TextModel, ...],
    weighing: tuple[str, ...],
    rerankers: tuple[str, ...],
) -> RankRace:
    """Run the race with the vectors that are there already.

    Models that weigh word pieces, by their ids, come after the count that they learned to replace; rerankers come last.
    """

    def by_vectors(space: Space) -> Ranker:
        asked = unit(cache.vectors_of((query,), space, role="query").vectors[0])
        scores: FloatArray = unit(text_models.passages(items, space).vectors) @ asked
        return lambda query, texts: scores

    def by_reading(model: str) -> Ranker:
        encoder = load_encoder(model)
        assert isinstance(encoder.inner, Reranker | M3WordWeights)
        with encoder.lock:
            scores = encoder.inner.score(query, items)
        return lambda query, texts: scores

    of_mean = year_of(GLOVE) if mean.key == AVERAGED_GLOVE.key else ""
    shorts = [short_title(space.model) for space in models]
    titles = [
        find_model(space.model).title if shorts.count(name) > 1 else name
        for name, space in zip(shorts, models, strict=True)
    ]
    taking = [
        ("exact words", EXACT, rank_by_exact_words),
        ("TF-IDF", TFIDF, rank_by_tfidf),
        *((find_model(model).title, year_of(model), by_reading(model)) for model in weighing),
        (mean_name(mean), of_mean, by_vectors(mean)),
        *(
            (name, year_of(space.model), by_vectors(space))
            for name, space in zip(titles, models, strict=True)
        ),
        *((short_title(model), year_of(model), by_reading(model)) for model in rerankers),
    ]
    found = rank_race(query, items, {name: ranker for name, _, ranker in taking})
    return replace(found, years=tuple(year for _, year, _ in taking))
