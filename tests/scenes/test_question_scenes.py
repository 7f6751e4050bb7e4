"""A scene as a question hides what would tell; as an answer it marks what is right; the rest stays where it is."""

from base64 import b64decode
from dataclasses import replace

import numpy as np
import pytest

from embeddings_core.analysis.questions import Question
from embeddings_core.scenes.cards import card, card_text
from embeddings_core.scenes.payload import scene_payload
from embeddings_core.scenes.questions import PIN_KEY, answer_scene, pinned, question_scene
from embeddings_core.scenes.scene import Link, Scene
from embeddings_core.scenes.thumbnail import miniature

FRAMES = np.random.default_rng(0).normal(size=(3, 5, 2)).astype(np.float32)
FILM = Scene(
    "film",
    ("a", "b", "b", "c", "d"),
    FRAMES,
    ("start", "middle", "end"),
    "recorded",
    groups=np.array([0, 1, 1, 0, 2]),
    frame_groups=np.array([[0, 1, 2, 3, 4], [1, 1, 1, 1, 1], [4, 3, 2, 1, 0]]),
    group_names=("one", "two", "three"),
    sizes=np.arange(1, 6),
    priority=np.arange(5),
    images=("data:image/png;base64,AA==", "", "", "", ""),
    selected=4,
    highlighted=(1,),
    trails=(2,),
    links=(Link(4, 1),),
    series=(("x", (1.0, 2.0, 3.0)),),
    about=(("Model", "m"), ("Lines", "to d, the truth")),
)
LAND = Question("land", "Where will d land?", (), 4, "why")
NEAREST = Question("nearest", "Which?", ("a", "c"), 1, "why", (0, 3), 4)
ODD = Question("odd", "Which does not belong?", ("a", "b", "d"), 2, "why", (0, 1, 4))


@pytest.mark.parametrize(("guess", "frame"), [(LAND, 2), (NEAREST, 0), (ODD, 0)])
def test_a_question_shows_one_state_without_what_would_tell(guess: Question, frame: int) -> None:
    asked = question_scene(FILM, guess)
    rows = [row for row in range(5) if row not in guess.hidden]
    assert np.array_equal(asked.frames, FRAMES[frame : frame + 1, rows]) and asked.kind == "still"
    assert asked.frame_names == (
        FILM.frame_names[frame],
    )  # what is on screen is said while points travel there
    assert asked.items == tuple(FILM.items[row] for row in rows)
    assert asked.links == asked.highlighted == asked.trails == asked.series == () and asked.selected is None
    assert asked.asks == (guess.kind == "land") and asked.alt == guess.question
    assert np.array_equal(asked.sizes, np.arange(1, 6)[rows])
    assert "the truth" not in card_text(asked) and "d" not in dict(card(asked))["Items"].split()
    assert asked.id != FILM.id
    if guess.kind == "odd":
        assert asked.groups is None  # a colour would tell
    else:
        assert FILM.frame_groups is not None
        assert np.array_equal(asked.groups, FILM.frame_groups[frame][rows])


def test_a_question_shows_a_changing_picture_as_it_is_in_that_state() -> None:
    states = tuple(f"data:image/png;base64,A{k}==" for k in range(3))
    film = replace(FILM, frame_images=((0, states),))
    land, near = question_scene(film, LAND), question_scene(film, NEAREST)
    assert land.images is not None and land.images[0] == states[2] and land.frame_images == ()
    assert near.images is not None and near.images[0] == states[0] and near.frame_images == ()
    assert pinned(film, (0.0, 0.0), 1).frame_images == film.frame_images
    assert f"A{2}==" in b64decode(miniature(film).partition(",")[2]).decode()


def test_points_keep_their_names_from_question_to_answer() -> None:
    """The second "b" must not become the first: it would fly across the map."""
    asked = scene_payload(question_scene(FILM, Question("land", "Where?", (), 1, "")))["scene"]
    told = scene_payload(FILM)["scene"]
    assert asked["keys"] == [told["keys"][row] for row in (0, 2, 3, 4)]


def test_an_answer_is_marked_where_the_scene_itself_does_not() -> None:
    bare = replace(FILM, links=(), selected=None, highlighted=())
    assert answer_scene(FILM, LAND).links == FILM.links  # its own lines say it
    assert answer_scene(bare, LAND).selected == 4
    near = answer_scene(bare, NEAREST)
    assert [(link.start, link.end) for link in near.links] == [(4, 3)] and near.selected == 4
    odd = answer_scene(bare, ODD)
    assert [(link.start, link.end, link.style) for link in odd.links] == [
        (0, 1, "neighbour"), (4, 0, "torn"), (4, 1, "torn"),
    ]  # fmt: skip
    assert odd.selected is None


def test_the_guess_is_pinned_and_tied_to_the_truth() -> None:
    scene = pinned(FILM, (0.5, -2.0), 4)
    assert scene.items[-1] == "your guess" and scene.keys is not None and scene.keys[-1] == PIN_KEY
    assert np.array_equal(scene.frames[:, -1], np.tile(np.array([0.5, -2.0], np.float32), (3, 1)))
    assert np.array_equal(scene.frames[:, :-1], FRAMES)
    assert scene.links[-1] == Link(5, 4, "torn", 99)
    assert scene_payload(scene)["frames"].shape == (3 * 6 * 2,)
    plain = Scene(
        "x", ("a", "b"), np.zeros((1, 2, 2), np.float32), ("",), "still", values=np.zeros(2, np.float32)
    )
    assert len(scene_payload(pinned(plain, (1, 1), 0))["values"]) == 3
