"""Words on the frames of a file: each frame may be looked at for long."""

from itertools import pairwise

import numpy as np
import pytest

from embeddings_core.figures.files.film_labels import Labels
from embeddings_core.figures.files.film_states import FilmStates
from embeddings_core.figures.scene import Scene

WIDTH, HEIGHT, LETTERS = 900.0, 500.0, 18.0


def frames(rate: float, seconds: float = 3.0) -> list[list[tuple[float, float, float, float, float]]]:
    """The words of a crowd that crosses the map: for each frame (x0, y0, x1, y1, alpha) of every word."""
    rng = np.random.default_rng(4)
    states = rng.uniform(0, 1, (3, 40, 2))
    scene = Scene(
        id="crowd", items=tuple(f"word {i} of many" for i in range(40)), frames=states, frame_names=("a", "b", "c"), kind="recorded"
    )  # fmt: skip
    labels = Labels(FilmStates(scene, False, 1.0), width=WIDTH, height=HEIGHT, size=LETTERS)
    found = []
    for moment in np.arange(0, seconds, 1 / rate):
        at = moment / seconds * 2
        leg = min(int(at), 1)
        spot = states[leg] + (at - leg) * (states[leg + 1] - states[leg])
        places = np.column_stack(
            [60 + spot[:, 0] * (WIDTH - 120), 40 + spot[:, 1] * (HEIGHT - 80), np.ones(40)]
        )
        radii = np.full(40, 6.0)
        labels.advance(places, radii, moment=float(moment), step=1 / rate)
        boxes = []
        for row, _, _, _, _, held in labels.drawn(places, radii):
            boxes.append((*labels._sides(row, *places[row, :2], 7.0)[held.side], held.alpha))
        found.append(boxes)
    return found


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return max(wide, 0) * max(high, 0) * min(a[4], b[4])


@pytest.mark.parametrize("rate", [12.0, 15.0])
def test_words_on_a_frame_do_not_lie_on_each_other(rate: float) -> None:
    for boxes in frames(rate):
        assert boxes
        assert sum(overlap(a, b) for i, a in enumerate(boxes) for b in boxes[:i]) == 0


def test_the_first_frame_has_its_words_and_later_ones_fade_in() -> None:
    all_frames = frames(12.0)
    assert {box[4] for box in all_frames[0]} == {1.0}
    assert any(0 < box[4] < 1 for boxes in all_frames[1:] for box in boxes)
    assert all(len(after) > 5 for _, after in pairwise(all_frames))
