"""A scene as a question hides what would tell; as an answer it marks what is right; the rest stays where it is."""

from base64 import b64decode
from dataclasses import replace

import numpy as np
import pytest

from embeddings_core.analysis.questions import Question
from embeddings_core.scenes.metadata import described, full_metadata
from embeddings_core.scenes.payload import scene_payload
from embeddings_core.scenes.questions import PIN_KEY, answer_scene, pinned, question_scene
from embeddings_core.scenes.scene import Link, Motion, Pictures, Points, Scene
from embeddings_core.scenes.thumbnail import thumbnail

FRAMES = np.random.default_rng(0).normal(size=(3, 5, 2)).astype(np.float32)
FILM = Scene(
    id="film",
    points=Points(
        ("a", "b", "b", "c", "d"),
        groups=np.array([0, 1, 1, 0, 2]),
        group_names=("one", "two", "three"),
        sizes=np.arange(1, 6),
        priority=np.arange(5),
        selected=4,
        highlighted=(1,),
    ),
    motion=Motion(
        FRAMES,
        ("start", "middle", "end"),
        kind="recorded",
        frame_groups=np.array([[0, 1, 2, 3, 4], [1, 1, 1, 1, 1], [4, 3, 2, 1, 0]]),
        trails=(2,),
        series=(("x", (1.0, 2.0, 3.0)),),
    ),
    pictures=Pictures(("data:image/png;base64,AA==", "", "", "", "")),
    links=(Link(4, 1),),
    metadata=(("Model", "m"), ("Lines", "to d, the truth")),
)
LAND = Question("land", "Where will d land?", (), 4, "why")
NEAREST = Question("nearest", "Which?", ("a", "c"), 1, "why", (0, 3), 4)
ODD = Question("odd", "Which does not belong?", ("a", "b", "d"), 2, "why", (0, 1, 4))


@pytest.mark.parametrize(("guess", "frame"), [(LAND, 2), (NEAREST, 0), (ODD, 0)])
def test_a_question_shows_one_state_without_what_would_tell(guess: Question, frame: int) -> None:
    asked = question_scene(FILM, guess)
    rows = [row for row in range(5) if row not in guess.hidden]
    assert (
        np.array_equal(asked.motion.frames, FRAMES[frame : frame + 1, rows]) and asked.motion.kind == "still"
    )
    assert asked.motion.frame_names == (
        FILM.motion.frame_names[frame],
    )  # what is on screen is said while points travel there
    assert asked.points.items == tuple(FILM.points.items[row] for row in rows)
    assert (
        asked.links == asked.points.highlighted == asked.motion.trails == asked.motion.series == ()
        and asked.points.selected is None
    )
    assert asked.question == ("place" if guess.kind == "land" else "") and asked.alt == guess.question
    assert np.array_equal(asked.points.sizes, np.arange(1, 6)[rows])
    assert "the truth" not in described(asked) and "d" not in dict(full_metadata(asked))["Items"].split()
    assert asked.id != FILM.id
    if guess.kind == "odd":
        assert asked.points.groups is None  # a colour would tell
    else:
        assert FILM.motion.frame_groups is not None
        assert np.array_equal(asked.points.groups, FILM.motion.frame_groups[frame][rows])


def test_a_question_shows_a_changing_picture_as_it_is_in_that_state() -> None:
    states = tuple(f"data:image/png;base64,A{k}==" for k in range(3))
    film = replace(FILM, pictures=replace(FILM.pictures, frame_images=((0, states),)))
    land, near = question_scene(film, LAND), question_scene(film, NEAREST)
    assert (
        land.pictures.images is not None
        and land.pictures.images[0] == states[2]
        and land.pictures.frame_images == ()
    )
    assert (
        near.pictures.images is not None
        and near.pictures.images[0] == states[0]
        and near.pictures.frame_images == ()
    )
    assert pinned(film, (0.0, 0.0), 1).pictures.frame_images == film.pictures.frame_images
    assert f"A{2}==" in b64decode(thumbnail(film).partition(",")[2]).decode()


def test_points_keep_their_names_from_question_to_answer() -> None:
    """The second "b" must not become the first: it would fly across the map."""
    asked = scene_payload(question_scene(FILM, Question("land", "Where?", (), 1, "")))["scene"]
    told = scene_payload(FILM)["scene"]
    assert asked["keys"] == [told["keys"][row] for row in (0, 2, 3, 4)]


def test_an_answer_is_marked_where_the_scene_itself_does_not() -> None:
    bare = replace(FILM, links=(), points=replace(FILM.points, selected=None, highlighted=()))
    assert answer_scene(FILM, LAND).links == FILM.links  # its own lines say it
    assert answer_scene(bare, LAND).points.selected == 4
    near = answer_scene(bare, NEAREST)
    assert [(link.start, link.end) for link in near.links] == [(4, 3)] and near.points.selected == 4
    odd = answer_scene(bare, ODD)
    assert [(link.start, link.end, link.style) for link in odd.links] == [
        (0, 1, "neighbour"), (4, 0, "dashed"), (4, 1, "dashed"),
    ]  # fmt: skip
    assert odd.points.selected is None


def test_the_guess_is_pinned_and_tied_to_the_truth() -> None:
    scene = pinned(FILM, (0.5, -2.0), 4)
    assert (
        scene.points.items[-1] == "your guess"
        and scene.points.keys is not None
        and scene.points.keys[-1] == PIN_KEY
    )
    assert np.array_equal(scene.motion.frames[:, -1], np.tile(np.array([0.5, -2.0], np.float32), (3, 1)))
    assert np.array_equal(scene.motion.frames[:, :-1], FRAMES)
    assert scene.links[-1] == Link(5, 4, "dashed", 99)
    assert scene_payload(scene)["frames"].shape == (3 * 6 * 2,)
    plain = Scene(
        id="x",
        points=Points(("a", "b"), values=np.zeros(2, np.float32)),
        motion=Motion(np.zeros((1, 2, 2), np.float32), ("",), kind="still"),
    )
    assert len(scene_payload(pinned(plain, (1, 1), 0))["values"]) == 3
