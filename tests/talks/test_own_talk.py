"""An own talk: scenes come, go and change places; only the chosen part of a film plays."""

import json
from dataclasses import replace

import numpy as np
import pytest

from embeddings_core.analysis import questions
from embeddings_core.errors import BadInputError
from embeddings_core.limits import TALK_SCENES
from embeddings_core.scenes.scene import Link, Motion, Pictures, Points, Scene
from embeddings_core.scenes.thumbnail import HEIGHT, WIDTH, positions, thumbnail
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.talks import own_talk, slides
from embeddings_core.talks.own_talk import OwnScene, OwnTalk
from embeddings_core.talks.ready_talk import ready_talk
from embeddings_core.talks.slides import Slide

FILM = Scene(
    id="film",
    points=Points(("cat", "dog", "car")),
    motion=Motion(
        np.arange(5 * 3 * 2, dtype=np.float32).reshape(5, 3, 2),
        ("start", "a", "b", "c", "end"),
        kind="recorded",
        frame_groups=np.arange(15).reshape(5, 3) % 4,
        series=(("loss", (5.0, 4.0, 3.0, 2.0, 1.0)),),
        times=(0.0, 1.0, 2.0, 3.0, 10.0),
        seconds=10.0,
    ),
)


def talk_of(*captions: str) -> OwnTalk:
    return own_talk.added(OwnTalk(), *(OwnScene(Slide(FILM, caption)) for caption in captions))


def captions(talk: OwnTalk) -> list[str]:
    return [scene.slide.sentence for scene in talk.scenes]


def test_scenes_change_places() -> None:
    talk = talk_of("a", "b", "c")
    keys = [scene.key for scene in talk.scenes]
    assert len(set(keys)) == 3
    assert captions(own_talk.moved(talk, keys[0], 1)) == ["b", "a", "c"]
    assert captions(own_talk.moved(talk, keys[2], -2)) == ["c", "a", "b"]
    assert captions(own_talk.moved(talk, keys[0], -1)) == ["a", "b", "c"]  # the ends hold
    assert captions(own_talk.moved(talk, keys[2], 9)) == ["a", "b", "c"]
    assert captions(talk) == ["a", "b", "c"]  # a change makes a new talk


def test_a_key_is_never_used_twice() -> None:
    talk = talk_of("a", "b")
    last = talk.scenes[1].key
    again = own_talk.added(own_talk.removed(talk, last), OwnScene(Slide(FILM, "c")))
    assert again.scenes[1].key != last
    twice = own_talk.duplicated(again, again.scenes[0].key)
    assert captions(twice) == ["a", "a", "c"] and len({scene.key for scene in twice.scenes}) == 3


def test_what_is_edited() -> None:
    talk = talk_of("a", "b")
    key = talk.scenes[1].key
    changed = own_talk.edited(talk, key, sentence="new", notes="say this", first=1, last=3).scenes[1]
    assert (changed.slide.sentence, changed.slide.notes, changed.first, changed.end) == (
        "new",
        "say this",
        1,
        3,
    )
    assert talk.scenes[1].slide.sentence == "b"
    with pytest.raises(BadInputError, match="no longer"):
        own_talk.edited(talk, "s99", sentence="x")
    for first, last in ((-1, 2), (3, 2), (0, 5)):
        with pytest.raises(BadInputError, match="key states 0 to 4"):
            own_talk.edited(talk, key, first=first, last=last)


def test_only_the_chosen_part_plays() -> None:
    scene = own_talk.edited(talk_of("a"), "s1", first=1, last=3).scenes[0].played.scene
    assert scene.motion.frame_names == ("a", "b", "c") and np.array_equal(
        scene.motion.frames, FILM.motion.frames[1:4]
    )
    assert scene.motion.series == (("loss", (4.0, 3.0, 2.0)),) and scene.motion.times == (1.0, 2.0, 3.0)
    assert FILM.motion.frame_groups is not None and np.array_equal(
        scene.motion.frame_groups, FILM.motion.frame_groups[1:4]
    )
    assert scene.motion.seconds == 2.0 and scene.motion.kind == "recorded"
    still = own_talk.edited(talk_of("a"), "s1", first=4, last=4).scenes[0].played.scene
    assert still.motion.kind == "still" and np.array_equal(still.motion.frames, FILM.motion.frames[4:])


def test_two_of_the_same_picture_are_two_films() -> None:
    talk = own_talk.duplicated(talk_of("a"), "s1")
    ids = [scene.played.scene.id for scene in talk.scenes]
    assert len(set(ids)) == 2  # the stage plays again where the id is another one
    names = [name for scene in talk.scenes for name in scene.pictures]
    assert len(set(names)) == 2
    told = json.loads(own_talk.own_talk_json(talk))
    assert [slide["scenes"] for slide in told["slides"]] == [[name] for name in names]


def test_a_slide_of_several_pictures_plays_as_it_is() -> None:
    for slide in ready_talk():
        scene = own_talk.as_own(slide)
        assert scene.played.stops == slide.stops and len(scene.played.scenes) == len(slide.scenes)
        assert (scene.played.guess is None) == (slide.guess is None)
        if slide.more or len(slide.stops) > 1:
            assert not scene.has_range


def test_a_talk_is_full_at_its_limit() -> None:
    talk = talk_of(*["x"] * TALK_SCENES)
    with pytest.raises(BadInputError, match=str(TALK_SCENES)):
        own_talk.duplicated(talk, "s1")


def test_questions_belong_to_the_items_of_the_picture() -> None:
    vectors = np.eye(3, dtype=np.float32) + np.array([[0, 0.5, 0], [0.5, 0, 0], [0, 0.1, 0]], np.float32)
    embeddings = EmbeddingSet(FILM.points.items, vectors, "test")
    asked = own_talk.questions_about(FILM, embeddings)
    assert {question.kind for question in asked} == {"nearest", "odd", "land"}
    scene = OwnScene(Slide(FILM, "x"), "s1", questions=asked, ask=1)
    assert scene.played.guess == asked[1] and OwnScene(Slide(FILM, "x"), questions=asked).played.guess is None
    deep = Scene(
        id="3",
        points=Points(FILM.points.items),
        motion=Motion(np.zeros((1, 3, 3), np.float32), ("",), kind="still"),
    )
    assert "land" not in {question.kind for question in own_talk.questions_about(deep, embeddings)}
    more = EmbeddingSet(
        ("x", *FILM.points.items[::-1]), np.concatenate([-vectors[:1], vectors[::-1]]), "test"
    )
    assert own_talk.questions_about(FILM, more) == asked  # by name, whatever their order
    other = EmbeddingSet(("x", "y", "z"), vectors, "test")
    assert own_talk.questions_about(FILM, other) == () == own_talk.questions_about(FILM, None)
    with pytest.raises(BadInputError, match="question 4"):
        OwnScene(Slide(FILM, "x"), questions=asked, ask=3)
    stray = questions.Question("nearest", "?", ("a", "b"), 0, "", (0, 7), 1)
    with pytest.raises(BadInputError, match="row"):
        OwnScene(Slide(FILM, "x"), questions=(stray,))


def test_a_caption_that_tells_the_answer_waits_for_it() -> None:
    asked = questions.Question("nearest", "Which is nearest to cat?", ("car", "dog"), 1, "", (2, 1), 0)
    for sentence, shown in (("Nearest to cat: Dog, car", slides.ASKING), ("Who is near?", "Who is near?")):
        told = slides.slide_words(OwnScene(Slide(FILM, sentence), questions=(asked,), ask=0).played)
        assert (told["asking"], told["sentence"]) == (shown, sentence)
    landing = questions.Question("land", "Where will cat land?", (), 0, "")
    assert slides.gives_away(Slide(FILM, "Nearest to cat: dog", guess=landing))
    assert not any(map(slides.gives_away, ready_talk()))


def test_the_first_caption_says_what_is_seen() -> None:
    links = tuple(Link(0, row, "neighbour", rank) for rank, row in enumerate((2, 1)))
    shown = Scene(
        id="x",
        points=Points(FILM.points.items, selected=0),
        motion=Motion(FILM.motion.frames[:1], ("",), kind="still"),
        links=links,
    )
    assert own_talk.first_caption(shown, "A claim. And more.") == "Nearest to cat: car, dog"
    asked = replace(
        shown,
        points=replace(
            shown.points,
            items=("How is it?", *(f"It is number {row}." for row in range(1, len(shown.points.items)))),
        ),
    )
    assert own_talk.first_caption(asked, "") == "Nearest to “How is it?”: “It is number 2.”"
    assert own_talk.first_caption(FILM, "A claim. And more.") == "A claim."


def test_a_thumbnail_shows_every_point_and_no_word() -> None:
    import base64

    image = "data:image/png;base64,iVBORw0KGgo="
    scene = Scene(
        id="x",
        points=Points(("<script>", "b", "c"), selected=0),
        motion=Motion(np.array([[[0, 0], [1, 5], [2, 2]]], np.float32), ("",), kind="still"),
        pictures=Pictures(("", image, 'data:image/x"onload="y;base64,AA')),
        links=(Link(0, 1),),
    )
    head, body = thumbnail(scene).split(",")
    svg = base64.b64decode(body).decode()
    assert head == "data:image/svg+xml;base64" and svg.count("<image") == 1 and svg.count("<line") == 1
    assert "script" not in svg and "onload" not in svg
    spots = positions(scene)
    assert (spots >= 0).all() and (spots <= np.array([WIDTH, HEIGHT])).all() and spots[1, 1] < spots[0, 1]
    for empty in (np.zeros((1, 0, 2), np.float32), np.zeros((1, 0, 3), np.float32)):
        assert thumbnail(
            Scene(id="e", points=Points(()), motion=Motion(empty, ("",), kind="still"))
        ).startswith("data:image/svg+xml")
    one = Scene(
        id="o", points=Points(("a",)), motion=Motion(np.full((1, 1, 3), 1e9, np.float32), ("",), kind="still")
    )
    assert np.isfinite(positions(one)).all()


def test_a_part_of_a_film_keeps_its_own_pictures_and_arcs() -> None:
    pictures = tuple(
        f"data:image/png;base64,{name}" for name in ("cmVk", "Ymx1ZQ==", "cmVk", "Ymx1ZQ==", "cmVk")
    )
    film = replace(
        FILM,
        links=(Link(0, 1, "arc", 0, 0.75, 0.5, 0, (0.75, 0.25, 0.5, 0.0, 0.125)),),
        pictures=replace(FILM.pictures, images=(pictures[0], "", ""), frame_images=((0, pictures),)),
    )
    part = own_talk.cut(film, 1, 3)
    assert part.pictures.frame_images == ((0, pictures[1:4]),)
    assert part.links == (Link(0, 1, "arc", 0, 0.5, 0.5, 0, (0.25, 0.5, 0.0)),)
