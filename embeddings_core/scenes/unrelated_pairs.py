"""The scene of random pairs: the same dots piled up over their cosines, model after model."""

import hashlib

import numpy as np

from embeddings_core.analysis.unrelated_pairs import UnrelatedPairs
from embeddings_core.scenes.metadata import METRIC_WORDS, metadata
from embeddings_core.scenes.scene import Link, Motion, Points, Scene
from embeddings_core.spaces.vectors import FloatArray

BIN = 0.02  # of the cosine: the width of a pile
RISE = 0.62  # height of a dot in a pile ÷ width of the pile
LEAST, MOST = -0.3, 1.0
TICKS = (-0.2, 0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
BELOW = -2.2  # where the numbers of the axis stand
RANDOM, OWN, REST = 0, 1, -1


def piles(scores: FloatArray) -> FloatArray:
    """Pile up values (n,) as dots: x is the place of the bin, y the place in its pile; (n, 2)."""
    places = np.clip(np.round(np.clip(scores, LEAST, MOST) / BIN), LEAST / BIN, MOST / BIN)
    heights = np.zeros(len(scores))
    filled: dict[float, int] = {}
    for row in np.argsort(scores, kind="stable").tolist():
        heights[row] = filled[places[row]] = filled.get(places[row], -1) + 1
    return np.stack([places, heights * RISE], axis=1).astype(np.float32)


def pairs_scene(found: UnrelatedPairs, *, cosine: float) -> Scene:
    """Let the same random pairs travel from one model's scale to the next; a dashed line stands at one cosine.

    Own pairs stand in piles of their own, below.
    """
    models, n, own = len(found.titles), found.scores.shape[1], found.own.shape[1]
    tall = max(float(piles(row)[:, 1].max(initial=0.0)) for row in found.scores) + 1
    still = [(tick / BIN, BELOW) for tick in TICKS]
    mark = [(cosine / BIN, BELOW + 1.2), (cosine / BIN, tall + 1.5)]
    deep = [(0.0, BELOW - 2.0)]
    frames = np.zeros((models, n + own + len(still) + 3, 2), dtype=np.float32)
    for model in range(models):
        frames[model, :n] = piles(found.scores[model])
        mine = piles(found.own[model]) * (1, -1) + (0, BELOW - 2.0) if own else np.zeros((0, 2))
        frames[model, n : n + own] = mine
        frames[model, n + own :] = [*still, *mark, *deep]
    captions = tuple(
        f"{title}: nine in ten random pairs from {low:.2f} to {high:.2f}".replace("-0", "−0")
        for title, (low, _, high) in (
            (title, found.middle(model)) for model, title in enumerate(found.titles)
        )
    )
    digest = hashlib.sha256(found.scores.tobytes() + found.own.tobytes()).hexdigest()[:16]
    labels = [f"{tick:g}".replace("-", "−") for tick in TICKS]
    names = ("random pairs", "your nearest pairs") if own else ("random pairs",)
    return Scene(
        id=f"pairs {digest}",
        points=Points(
            (
                *[" "] * (n + own),
                *labels,
                " ",
                f"{cosine:.2f}",
                " ",
            ),
            keys=tuple(f"\x1fpair {row}" for row in range(frames.shape[1])),
            groups=np.array([RANDOM] * n + [OWN] * own + [REST] * (len(still) + 3), dtype=np.int64),
            group_names=names,
            sizes=np.array([0.75] * (n + own) + [0.2] * (len(still) + 3), dtype=np.float32),
            priority=np.array([0.0] * n + [0.6] * own + [1.0] * (len(still) + 3), dtype=np.float32),
        ),
        motion=Motion(
            frames,
            captions,
            kind="morph" if models > 1 else "still",
            series=(
                ("half of the pairs lie below", tuple(found.middle(model)[1] for model in range(models))),
            )
            if models > 1
            else (),
            seconds=4.0 * max(models - 1, 1),
        ),
        title="Unrelated pairs",
        alt=found.sentence(cosine),
        links=(Link(n + own + len(still), n + own + len(still) + 1, "dashed"),),
        metadata=metadata(
            Items=f"{n:,} random pairs of news sentences, the same under every model",
            Model=", ".join(found.titles),
            Nearness=METRIC_WORDS["cosine"],
            Picture=f"each dot is a pair; piles are {BIN:g} wide",
            Lines=f"dashed: a cosine of {cosine:.2f}",
            Axes="left to right: the cosine; up and down: how many pairs have it",
        ),
    )
