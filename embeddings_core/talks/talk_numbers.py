"""The first picture of the ready talk: three words unfold into their numbers."""

import numpy as np

from embeddings_core.models.registry import model_title
from embeddings_core.scenes.metadata import counted, metadata
from embeddings_core.scenes.scene import Motion, Points, Scene
from embeddings_core.spaces.vocabulary import load_vocabulary

TRIO = ("cat", "dog", "car")
COLUMNS, GAP = 16, 4  # a word's 384 numbers are drawn as 24 rows of 16
SQUARE = 2.7  # times the usual size of a point


def numbers_scene() -> Scene:
    """Unfold three words into their numbers, then put all three into the order of the first; a morph of 3 states.

    Each number is a square, dark is low and bright is high; the same shuffle is applied to all three words.
    """
    space = load_vocabulary()
    vectors = space.take([space.row(word) for word in TRIO]).vectors
    n, d = vectors.shape
    rows = -(-d // COLUMNS)
    places = np.arange(d)
    order = np.argsort(np.argsort(-vectors[0], kind="stable"), kind="stable")
    frames = np.zeros((3, n + n * d, 2), dtype=np.float32)
    for word in range(n):
        left, own = word * (COLUMNS + GAP), slice(n + word * d, n + (word + 1) * d)
        frames[:, word] = left + (COLUMNS - 1) / 2, 2.6
        frames[0, own] = left + (COLUMNS - 1) / 2, -(rows - 1) / 2
        for moment, at in ((1, places), (2, order)):
            frames[moment, own, 0] = left + at % COLUMNS
            frames[moment, own, 1] = -(at // COLUMNS)
    reach = 2.5 * float(vectors.std())
    shades = np.clip(vectors / reach, -1, 1) / 2 + 0.5
    return Scene(
        id="talk numbers",
        points=Points(
            (*TRIO, *[" "] * (n * d)),
            keys=(*TRIO, *(f"\x1f{word} {place}" for word in TRIO for place in places)),
            groups=np.full(n + n * d, 8, dtype=np.int64),  # the ninth group's mark is a square
            values=np.concatenate([np.full(n, 0.5), shades.ravel()]).astype(np.float32),
            values_title="low to high",
            sizes=np.concatenate([np.full(n, 0.2), np.full(n * d, SQUARE)]).astype(np.float32),
            priority=np.concatenate([np.ones(n), np.zeros(n * d)]).astype(np.float32),
        ),
        motion=Motion(
            frames,
            (
                "three words",
                f"each word is {d} numbers",
                f"all three in the order of {TRIO[0]}'s numbers",
            ),
            kind="morph",
            seconds=6.0,
        ),
        title="numbers",
        alt=f"{', '.join(TRIO)}: {d} numbers each as coloured squares; sorted by {TRIO[0]}'s, {TRIO[1]}'s follow.",
        metadata=metadata(
            Items=counted(TRIO, "words"),
            Model=model_title(space.model),
            Numbers=f"{d} for each, one square a number",
            Axes="none: squares are read in rows, each row from left to right",
        ),
    )
