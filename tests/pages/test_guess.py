"""Guess first on the words page: questions about one's own words, told only when answered, and a score."""

from collections.abc import Callable
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from embeddings_core.analysis.neighbours import nearest
from embeddings_core.scenes.scene import Motion, Points, Scene
from embeddings_core.spaces.vocabulary import load_vocabulary
from pages._ui import question_board, stage
from tests.pages.reading import go_to

WORDS = "cat, dog, horse, cow, car, truck, bus, train, apple, bread"


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Scene]:
    """Collect the scenes that the stage is given; options become buttons, which this test can press."""
    scenes: list[Scene] = []
    send = stage.scene_payload
    monkeypatch.setattr(stage, "scene_payload", lambda scene: scenes.append(scene) or send(scene))

    def buttons(texts: tuple[str, ...], *, key: str, on_choose: Callable[[int], object], **_: object) -> None:
        for at, text in enumerate(texts):
            st.button(text, key=f"{key}-{at}", on_click=on_choose, args=(at,))

    monkeypatch.setattr(question_board, "options", buttons)
    return scenes


def open_page(root: Path, page: str, **query: str) -> AppTest:
    at = go_to(root, page, **({"method": "PCA"} | query))
    assert not at.exception
    return at


def open_lens(root: Path, kind: str, **query: str) -> AppTest:
    return open_page(root, "words", **({"lens": "Guess first", "guess": kind, "words": WORDS} | query))


def said(at: AppTest) -> list[str]:
    return [element.value for element in at.text]


def asked_about(at: AppTest) -> str:
    return next(text for text in said(at) if text.startswith(("Which", "Where")))


def press(at: AppTest, label: str) -> None:
    next(button for button in at.button if button.label == label).click().run()
    assert not at.exception


@pytest.mark.parametrize(
    ("page", "query", "unread"),
    [
        ("words", {"lens": "Guess first", "words": "🙂, 🚀, cat, 银, dog, horse"}, {"🙂", "🚀", "银"}),
        ("sentences", {"study": "Guess first", "sentences": "😀\n🚀\nA cat sleeps.\nA dog barks.\nA cow eats."}, {"😀", "🚀"}),
    ],
)  # fmt: skip
def test_nothing_is_asked_of_what_the_model_does_not_read(
    root: Path, shown: list[Scene], page: str, query: dict[str, str], unread: set[str]
) -> None:
    at = open_page(root, page, guess="nearest", **query)
    for turn in range(6):
        asked = asked_about(at)
        assert not any(item in asked for item in unread)
        assert not unread & {button.label for button in at.button}
        at.session_state[question_board.TURN] = turn + 1
        at.run()


def test_nearest_is_told_after_the_guess_and_counted(root: Path, shown: list[Scene]) -> None:
    at = open_lens(root, "nearest")
    for turn in range(3):
        word = asked_about(at).removeprefix("Which of these is nearest to ").removesuffix("?")
        options = [button.label for button in at.button if (button.key or "").startswith("guess-options")]
        space = load_vocabulary()
        words = space.take([space.row(item) for item in WORDS.split(", ")])
        right = nearest(words, word, k=1).items[0]
        assert word not in shown[-1].points.items and not shown[-1].links and right in options
        assert not any(text.startswith("Cosine") for text in said(at))
        press(at, right if turn != 1 else next(option for option in options if option != right))
        assert word in shown[-1].points.items and shown[-1].points.items[shown[-1].links[0].end] == right
        assert any(text.startswith(f"Cosine: {right} ") for text in said(at))
        assert f"{(1, 1, 2)[turn]} of {turn + 1} guessed right" in said(at)
        press(at, right)  # told is told
        assert f"{(1, 1, 2)[turn]} of {turn + 1} guessed right" in said(at)
        press(at, "Next question")
    press(at, "Start the score anew")
    assert not any("guessed right" in text for text in said(at))


def test_the_odd_one_is_hidden_among_the_others(root: Path, shown: list[Scene]) -> None:
    at = open_lens(root, "odd one out")
    options = [button.label for button in at.button if (button.key or "").startswith("guess-options")]
    assert len(options) == 4 and not set(options) & set(shown[-1].points.items)
    press(at, options[0])
    assert set(options) <= set(shown[-1].points.items) and len(shown[-1].links) == 6
    assert any(text.startswith("Mean cosine with the others") for text in said(at))


def test_a_typed_word_lands_after_a_click_on_the_map(root: Path, shown: list[Scene]) -> None:
    at = open_lens(root, "where it lands", landing="kitten")
    assert (
        asked_about(at) == "Where will kitten land?"
        and shown[-1].question
        and "kitten" not in shown[-1].points.items
    )
    cat = shown[-1].motion.frames[0, shown[-1].points.items.index("cat")]
    at.session_state["place"] = (shown[-1].id, (float(cat[0]), float(cat[1])))  # as the stage reports a click
    at.run()
    assert not at.exception
    assert {"kitten", "your guess"} <= set(shown[-1].points.items) and not shown[-1].question
    assert any("of the map away from its place" in text or "right on its place" in text for text in said(at))
    assert any(text.startswith("Nearest to kitten in truth: cat ") for text in said(at))
    assert any(text.endswith("of 1 guessed right") for text in said(at))
    press(at, "Next question")  # the box is empty again: a word of the space is offered
    word = asked_about(at).removeprefix("Where will ").removesuffix(" land?")
    assert word not in WORDS.split(", ") and word in load_vocabulary().items and shown[-1].question


@pytest.mark.parametrize("page", ["sentences", "images"])
@pytest.mark.parametrize("kind", ["nearest", "odd one out", "where it lands"])
def test_sentences_and_pictures_ask_too(root: Path, shown: list[Scene], page: str, kind: str) -> None:
    at = open_page(root, page, guess=kind, study="Guess first", look="Guess first")
    question, n = shown[-1], len(shown[-1].points.items)
    options = [button.label for button in at.button if (button.key or "").startswith("guess-options")]
    assert question.motion.kind == "still" and not question.links and asked_about(at)
    if kind == "where it lands":
        assert question.question and not options
        x, y = (float(value) for value in question.motion.frames[0].mean(axis=0))
        at.session_state["place"] = (question.id, (x, y))
        at.run()
    else:
        assert len(options) == 4
        press(at, options[1])
    assert not at.exception and any(text.endswith("of 1 guessed right") for text in said(at))
    told = shown[-1]
    assert len(told.points.items) == {"nearest": n + 1, "odd one out": n + 4, "where it lands": n + 2}[kind]
    assert told.links


@pytest.mark.parametrize("kind", ["nearest", "where it lands"])
def test_a_picture_is_asked_for_its_caption(root: Path, shown: list[Scene], kind: str) -> None:
    at = open_page(root, "images_and_text", guess=kind, match="Guess first")
    question = shown[-1]
    captions = {
        item
        for item, image in zip(question.points.items, question.pictures.images or (), strict=True)
        if not image
    }
    if kind == "nearest":
        options = [button.label for button in at.button if (button.key or "").startswith("guess-options")]
        assert "Which caption is nearest to this picture?" in said(at) and set(options) <= captions
        press(at, options[0])
    else:
        assert "Where will this picture land?" in said(at) and question.question
        at.session_state["place"] = (question.id, (0.0, 0.0))
        at.run()
    assert not at.exception and any(text.endswith("of 1 guessed right") for text in said(at))
    assert len(shown[-1].points.items) == len(question.points.items) + (1 if kind == "nearest" else 2)
    assert {
        shown[-1].points.items[link.end] for link in shown[-1].links if link.style == "neighbour"
    } <= captions


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"guess": "where it lands", "landing": "cat"}, "cat is on the map already; type another word."),
        ({"guess": "where it lands", "space": "3-D"}, "Where something lands can be guessed on a flat map only; choose 2-D."),
        ({"guess": "nearest", "words": "cat, dog"}, "A question needs at least 3 words: add another."),
        ({"guess": "where it lands", "landing": "**x** <b>"}, "Where will \"**x** <b>\" land?"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(
    root: Path, shown: list[Scene], query: dict[str, str], told: str
) -> None:
    kind = query.pop("guess")
    assert told in said(open_lens(root, kind, **query))


@pytest.mark.parametrize("point", [None, "x", [1], [1, "a"], [float("nan"), 0], [1, 2, 3]])
def test_a_place_that_is_none_is_ignored(point: object) -> None:
    import numpy as np

    scene = Scene(
        id="a",
        points=Points(("x",)),
        motion=Motion(np.zeros((1, 1, 2), np.float32), ("",), kind="still"),
        question="place",
    )
    assert stage.event({"id": "a", "point": point}, scene).point is None
    assert stage.event({"id": "b", "point": [1, 2]}, scene).point is None  # of an earlier scene
    assert stage.event({"id": "a", "point": [1, 2]}, scene).point == (1.0, 2.0)
