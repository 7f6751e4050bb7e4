"""The scene of parallel sentences: clouds of languages under one model turn into clouds of meanings under another."""

import hashlib
from itertools import pairwise

import numpy as np

from embeddings_core.analysis.translations import TranslationBridge
from embeddings_core.maps.methods import title_of
from embeddings_core.scenes.metadata import METRIC_WORDS, counted, metadata
from embeddings_core.scenes.scene import Link, Motion, Points, Scene


def translation_scene(bridge: TranslationBridge) -> Scene:
    """Morph parallel sentences from the map of one model to that of another; colours are languages, lines join translations."""
    texts, film = bridge.parallel, bridge.film
    rows: dict[int, list[int]] = {}
    for row, meaning in enumerate(texts.meanings):
        rows.setdefault(meaning, []).append(row)
    pairs = [pair for same in rows.values() for pair in pairwise(same)]
    n = len(texts.items)
    names = tuple(
        f"{title}: {found} of {n} nearest are translations"
        for title, found in zip(bridge.titles, bridge.translations, strict=True)
    )
    digest = hashlib.sha256(
        "\x1f".join((*bridge.titles, *texts.items)).encode("utf-8", "replace")
    ).hexdigest()[:16]
    return Scene(
        id=f"translations {digest}",
        points=Points(
            texts.items,
            groups=np.array(texts.languages, dtype=np.int64),
            group_names=texts.names,
            priority=np.linspace(1, 0, n, dtype=np.float32),
        ),
        motion=Motion(
            film.frames,
            names,
            kind=film.kind,
            series=(("nearest are translations", tuple(found / n for found in bridge.translations)),),
            seconds=5.0,
        ),
        title="Translations",
        alt=bridge.sentence,
        links=tuple(Link(first, second, "neighbour", rank) for rank, (first, second) in enumerate(pairs)),
        metadata=metadata(
            Items=counted(texts.items, "sentences"),
            Model=", then ".join(bridge.titles),
            Nearness=METRIC_WORDS["cosine"],
            Picture=f"one {title_of(film.method)} map a model, the first turned onto the second",
            Groups=f"the languages: {', '.join(texts.names)}",
            Lines="join sentences that say the same",
            Axes="axes mean nothing; nearness does",
        ),
    )
