"""The scene of a distillation: texts move from the map of a network to that of the static model made of it."""

import hashlib

import numpy as np

from embeddings_core.maps.methods import title_of
from embeddings_core.scenes.metadata import METRIC_WORDS, counted, metadata
from embeddings_core.scenes.scene import Link, Motion, Points, Scene
from embeddings_core.training.static_comparison import StaticComparison

LINES = 60  # more cannot be followed


def distillation_scene(result: StaticComparison) -> Scene:
    """Morph from the network's map to the static one; lines join each text to the one that the network finds nearest.

    Colours tell which texts keep it; the line of one that is lost is dashed.
    """
    items, lost = result.items, set(result.lost)
    n = len(items)
    nearest = result.comparison.first[:, 0].tolist()
    told = f"{result.comparison.same_nearest} of {n} keep their nearest"
    before, after = result.film.frame_names
    shown = (before, after, result.film.method, str(result.whole), *items)
    digest = hashlib.sha256("\x1f".join(shown).encode("utf-8", "replace")).hexdigest()[:16]
    first = sorted(range(n), key=lambda row: row not in lost)[:LINES]
    return Scene(
        id=f"distilled {digest}",
        points=Points(
            items,
            groups=np.array([int(row in lost) for row in range(n)], dtype=np.int64),
            group_names=("keeps its nearest", "has another nearest"),
        ),
        motion=Motion(
            result.film.frames,
            (before, f"{after}; {told}"),
            kind=result.film.kind,
            trails=tuple(result.lost[:3]),
            seconds=4.0,
        ),
        title="Distil",
        alt=result.sentence,
        links=tuple(
            Link(row, nearest[row], "dashed" if row in lost else "neighbour", rank)
            for rank, row in enumerate(sorted(first))
        ),
        metadata=metadata(
            Items=counted(items, "sentences"),
            Model=f"{result.network.title}, then the static model made of it by Model2Vec's method",
            Numbers=f"384, then 256{'' if result.whole else ', from a preview'}",
            Nearness=METRIC_WORDS["cosine"],
            Picture=f"one {title_of(result.film.method)} map a model, the second turned onto the first",
            Lines=f"join each sentence to the one that {result.network.title} finds nearest; dashed where that is lost",
            Axes="axes mean nothing; nearness does",
        ),
    )
