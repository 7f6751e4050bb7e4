"""Words on the frames of a file: each frame may be looked at for long."""

from itertools import pairwise

import numpy as np
import pytest

from embeddings_core.analysis.rankers import RankRace
from embeddings_core.export.film_states import FilmStates
from embeddings_core.export.labels import Labels
from embeddings_core.export.view import home_view
from embeddings_core.scenes.scene import Motion, Points, Scene
from embeddings_core.scenes.sentences import race_scene
from embeddings_core.spaces.datasets import SENTENCES

WIDTH, HEIGHT, LETTERS = 900.0, 500.0, 18.0


def frames(
    rate: float, seconds: float = 3.0, word: str = "word {} of many"
) -> list[list[tuple[float, float, float, float, float]]]:
    """The words of many sentences that cross the map: for each frame (x0, y0, x1, y1, alpha) of every word."""
    rng = np.random.default_rng(4)
    states = rng.uniform(0, 1, (3, 40, 2))
    scene = Scene(
        id="many",
        points=Points(tuple(word.format(i) for i in range(40))),
        motion=Motion(states, ("a", "b", "c"), kind="recorded"),
    )
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
            boxes.append((*labels._sides(row, *places[row, :2], 7.0, form=held.form)[held.side], held.alpha))
        found.append(list(dict.fromkeys(boxes)))  # a word of two lines is there twice
    return found


def overlap(a: tuple[float, ...], b: tuple[float, ...]) -> float:
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return max(wide, 0) * max(high, 0) * min(a[4], b[4])


@pytest.mark.parametrize(
    ("rate", "word"),
    [
        (12.0, "word {} of many"),
        (15.0, "word {} of many"),
        (15.0, "sentence {} has words for more than one line"),
    ],
)
def test_words_on_a_frame_do_not_lie_on_each_other(rate: float, word: str) -> None:
    for boxes in frames(rate, word=word):
        assert boxes
        assert sum(overlap(a, b) for i, a in enumerate(boxes) for b in boxes[:i]) == 0


def test_words_at_rest_give_way_to_points() -> None:
    rng = np.random.default_rng(5)
    spots = np.column_stack(
        [60 + rng.random(120) * (WIDTH - 120), 40 + rng.random(120) * (HEIGHT - 80), np.ones(120)]
    )
    scene = Scene(
        id="crowd",
        points=Points(tuple(f"a word {i}" for i in range(120)), highlighted=(7,)),
        motion=Motion(rng.random((1, 120, 2)), ("a",), kind="still"),
    )
    labels = Labels(FilmStates(scene, False, 1.0), width=WIDTH, height=HEIGHT, size=LETTERS)
    labels.advance(spots, np.full(120, 6.0), moment=0.0, step=0.0)
    shown = {row: held for row, _, _, _, _, held in labels.drawn(spots, np.full(120, 6.0))}
    assert len(shown) >= 20 and 7 in shown  # what is asked about stays
    for row, held in shown.items():
        left, top, right, bottom = labels._sides(row, *spots[row, :2], 7.0, form=held.form)[held.side]
        x, y = spots[:, 0], spots[:, 1]
        inside = (x > left - 3) & (x < right + 3) & (y > top) & (y < bottom)
        assert row == 7 or not np.delete(inside, row).any(), row


def test_the_first_frame_has_its_words_and_later_ones_fade_in() -> None:
    all_frames = frames(12.0)
    assert {box[4] for box in all_frames[0]} == {1.0}
    assert any(0 < box[4] < 1 for boxes in all_frames[1:] for box in boxes)
    assert all(len(after) > 5 for _, after in pairwise(all_frames))


def texts(scene: Scene, *, width: float = WIDTH) -> dict[int, list[tuple[str, float, float]]]:
    """What is written on the last state of a scene as a picture shows it: row → (line, x, y) from the top."""
    states = FilmStates(scene, False, 1.0)
    places = home_view(states.box, 2, width, HEIGHT).project(states.positions(float(states.last)))
    labels, radii = Labels(states, width=width, height=HEIGHT, size=LETTERS), np.full(len(places), 6.0)
    labels.advance(places, radii, moment=np.inf, step=0.0)
    found: dict[int, list[tuple[str, float, float]]] = {}
    for row, line, x, y, _, _ in labels.drawn(places, radii):
        found.setdefault(row, []).append((line, x, y))
    return found


def test_a_sentence_is_whole_in_two_lines_one_below_the_other() -> None:
    items = ("Investors lost billions as share prices dropped.", "cat")
    scene = Scene(
        id="two",
        points=Points(items),
        motion=Motion(np.array([[[0, 0], [1, 1]]], np.float32), ("here",), kind="still"),
    )
    (first, x, top), (second, same, low) = texts(scene)[0]
    assert (first, second) == ("Investors lost billions", "as share prices dropped.")
    assert x == same and LETTERS < low - top < 1.5 * LETTERS
    assert [line for line, _, _ in texts(scene)[1]] == ["cat"]


def test_many_sentences_is_cut_only_where_there_is_no_room() -> None:
    places = np.random.default_rng(1).uniform(0, 1, (1, 24, 2)).astype(np.float32)
    items = tuple(f"Sentence {i} is longer than a line of a label may be" for i in range(24))
    written = texts(Scene(id="many", points=Points(items), motion=Motion(places, ("here",), kind="still")))
    whole = [lines for lines in written.values() if len(lines) == 2]
    cut = [lines for lines in written.values() if lines[0][0].endswith("…")]
    assert len(whole) > 8 and cut and len(whole) + len(cut) == len(written)


@pytest.mark.parametrize(("width", "whole"), [(WIDTH, True), (420.0, False)])
def test_the_sentences_of_a_race_stand_whole_in_one_line_each(width: float, whole: bool) -> None:
    scores = np.random.default_rng(2).uniform(0.1, 1, (4, len(SENTENCES.items)))
    ranks = tuple(tuple((np.argsort(np.argsort(-row)) + 1).tolist()) for row in scores)
    race = RankRace("?", SENTENCES.items, ("words", "TF-IDF", "mean", "model"), scores, ranks)
    scene = race_scene(race, model="MiniLM")
    written = texts(scene, width=width)
    m = len(SENTENCES.items)
    told = [row for row in range(m) if row in written]
    assert FilmStates(scene).listed and len(told) == m if whole else 4 < len(told) < m
    assert all(len(written[row]) == 1 for row in told)
    assert all((written[row][0][0] == scene.points.items[row]) for row in told) == whole
    heights = sorted((written[row][0][2], ranks[-1][row]) for row in told)
    assert heights == sorted(heights, key=lambda pair: pair[1])  # in the order of the last ranker


def test_a_group_in_two_places_is_named_at_the_larger_one_beside_its_points() -> None:
    rng = np.random.default_rng(0)
    spots = np.concatenate(
        [rng.normal((0, 0), 0.3, (6, 2)), rng.normal((9, 9), 0.3, (4, 2)), rng.normal((9, 0), 0.3, (6, 2))]
    )
    given = Scene(
        id="two places",
        points=Points(
            tuple(f"w{i}" for i in range(16)),
            groups=np.repeat([0, 0, 1], [6, 4, 6]),
            group_names=("fruit", "tools"),
        ),
        motion=Motion(spots[None], ("now",), kind="still"),
    )
    states = FilmStates(given)
    places = home_view(states.box, 2, 900, 600).project(states.positions(0))
    labels = Labels(states, width=900, height=600, size=14)
    labels.advance(places, np.full(16, 5.0), moment=np.inf, step=0)
    drawn = {
        word: (x, y, labels.weight(row)) for row, word, x, y, *_ in labels.drawn(places, np.full(16, 5.0))
    }
    assert {"fruit", "tools"} <= drawn.keys() and drawn["fruit"][2] > drawn["w1"][2]
    near, far = (
        np.hypot(*(places[rows, :2].mean(axis=0) - drawn["fruit"][:2]))
        for rows in (slice(0, 6), slice(6, 10))
    )
    assert near < 120 < far
    assert np.abs(places[:, :2] - drawn["fruit"][:2]).max(axis=1).min() > 7  # on no point
