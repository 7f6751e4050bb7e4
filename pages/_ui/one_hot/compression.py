"""The lens on fewer bits: vectors kept in 8 bits or one bit a number, or cut to their first numbers."""

from dataclasses import replace

import streamlit as st

from embeddings_core.analysis.compression import (
    Compression,
    Cut,
    compression,
    compression_film,
    cut,
    formats,
    in_hundred,
)
from embeddings_core.analysis.truncation import TruncationFilm, everyday_space
from embeddings_core.maps.request import MapRequest
from embeddings_core.models.bundled_words import BUNDLED_WORDS
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.recent import recent
from embeddings_core.models.registry import find_model, list_models
from embeddings_core.models.text_space import ReadWords
from embeddings_core.scenes.maps import empty_scene
from embeddings_core.scenes.metadata import metadata
from embeddings_core.scenes.one_hot import truncation_scene
from embeddings_core.scenes.scene import Scene
from pages._ui import cache, panels
from pages._ui.one_hot import panels as one_hot_panels
from pages._ui.panels import Bar, ranking

COMPARED = 500  # common words that a model trained to be cut reads; MiniLM's vectors of the same words stand beside it
MATRYOSHKA = (
    "Matryoshka training (Kusupati 2022) asks the same of the first 64 numbers as of all of them, and of 128 and 256 too: each "
    "beginning becomes a vector of its own, and a cut costs little. MiniLM was trained on all 384 together."
)


def fewer_bits(request: MapRequest, word: str) -> Scene:
    """Keep the vectors in fewer bits and fewer numbers, and count what is lost of each word's true neighbours."""
    items = request.shown
    if not items:
        panels.sentence("Type some words to see what fewer bits cost them.", key="empty")
        return empty_scene("no words yet", alt="No words.")
    measured = cache.once(compressed, items)
    panels.sentence(measured.sentence, key="compression")
    row = items.index(word) if word in items else None
    whose = "" if row is None else f": {word}"
    st.caption(f"Of the true 10 nearest among {len(measured.space):,} words, found again{whose}")
    whole = measured.formats[0].bytes
    bars = []
    for place, form in enumerate(measured.formats):
        share = float(measured.recall[place, row]) if row is not None else measured.shares[place]
        note = f"{form.bytes:,} bytes, {round(100 * form.bytes / whole)} % of float32"
        if row is not None and (lost := measured.missing(place, row)):
            note += f"; lost: {', '.join(lost[:3])}{' …' if len(lost) > 3 else ''}"
        bars.append(Bar(form.title, in_hundred(share) + " %", share, note))
    ranking(bars, key="compression-bars", film=f"{word}|{'|'.join(items)}", delay=200, numbered=False)
    _matryoshka()
    if len(items) < 3:
        return empty_scene("the film needs at least 3 words", alt="Fewer than 3 words.")
    return compression_scene(items, cache.once(film_of, items), word=word)


def _matryoshka() -> None:
    """Say what training for a cut changes, in figures of such a model where one is on this computer."""
    panels.sentence(MATRYOSHKA, key="matryoshka")
    trained = sorted(
        (spec for spec in list_models("text") if spec.truncates_to and not spec.refused),
        key=lambda spec: spec.megabytes,
    )
    here = [spec for spec in trained if recent(on_disk, spec)]
    if not here:
        named = next(spec for spec in trained if not spec.terms)
        panels.sentence(
            f"No model on this computer was trained so. {named.title} is one ({named.size}): the menu of models on "
            "the Sentences page fetches it.",
            key="matryoshka-none",
        )
        return
    spec = here[0]
    own, other = cache.once(cuts, spec.id)
    st.caption(f"Of the true 10 nearest among {COMPARED} common words, found again after a cut")
    bars = [
        Bar(
            title,
            in_hundred(each.share) + " %",
            each.share,
            f"{each.dimensions} of {each.whole:,} numbers; {said}",
        )
        for title, each, said in (
            (find_model("minilm").title, own, "not trained to be cut"),
            (spec.title, other, "trained to be cut"),
        )
    ]
    ranking(bars, key="matryoshka-bars", film=spec.id, delay=200, numbered=False)


def cuts(model: str) -> tuple[Cut, Cut]:
    """Cut MiniLM's vectors of common words, and those of a model that was trained for it, to the fewest numbers of the latter."""
    words = everyday_space().items[:COMPARED]
    fewest = min(find_model(model).truncates_to)
    own, other = (cache.vectors_of(words, space) for space in (BUNDLED_WORDS, ReadWords(model)))
    return cut(own, fewest), cut(other, fewest)


def compression_scene(items: tuple[str, ...], film: TruncationFilm, *, word: str) -> Scene:
    """Play the words in format after format; with a word, the colours tell what becomes of its neighbours."""
    scene = truncation_scene(items, film, word=word, groups=cache.once(one_hot_panels.groups, items))
    first, last = film.film.frame_names[0], film.film.frame_names[-1]
    return replace(
        scene,
        id=scene.id.replace("truncation", "compression"),
        title="fewer bits",
        alt=f"{len(items)} words as their vectors are kept in ever fewer bits and numbers, from {first} to {last}.",
        metadata=metadata(
            scene.metadata,
            Numbers="; ".join(form.title for form in formats(film.dimensions[0])),
            Trust=f"{film.recall[0]:.2f} of the nearest of these words are found as {first}, {film.recall[-1]:.2f} as {last}",
        ),
    )


def compressed(items: tuple[str, ...]) -> Compression:
    """Measure some words among the 5,000 commonest."""
    return compression(cache.vectors_of(items, BUNDLED_WORDS), everyday_space())


def film_of(items: tuple[str, ...]) -> TruncationFilm:
    """Return the film of some words in format after format."""
    return compression_film(cache.vectors_of(items, BUNDLED_WORDS), everyday_space())
