"""The learning page as its visitors use it: look, train, stop, paste, follow a word."""

import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core.training.bundled import bundled_training
from embeddings_core.training.configuration import TrainingConfig
from tests.awkward import TEXTS
from tests.pages.reading import fine, go_to, said

SENDABLE = {name: text for name, text in TEXTS.items() if text == text.encode("utf-8", "replace").decode()}
LENSES = ("Neighbours", "Loss", "One sentence", "Counts")
QUICK = {"passes": "2", "dims": "3"}


def open_page(root: Path, **query: str) -> AppTest:
    return go_to(root, "learning", **query)


def trained(at: AppTest) -> AppTest:
    """Run the page until no training is under way."""
    for _ in range(200):
        if not any(button.label == "Stop" for button in at.button):
            return at
        time.sleep(0.2)
        at.run()
    raise AssertionError("the training does not end")


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label == label).click().run()


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("text", ["little world", "news articles"])
def test_every_lens_opens_on_a_recorded_run(root: Path, lens: str, text: str) -> None:
    at = open_page(root, learn=lens, text=text)
    assert fine(at) and not any(button.label == "Stop" for button in at.button)
    assert f"skip-gram on {text}" in said(at) and "20 epochs" in said(at)


@pytest.mark.parametrize("kind", ["skip-gram", "CBOW", "fastText", "GloVe"])
def test_every_method_trains_and_every_lens_shows_it(root: Path, kind: str) -> None:
    at = trained(open_page(root, kind=kind, **QUICK))
    assert fine(at) and f"{kind} on little world" in said(at) and "3 numbers each, 2 epochs" in said(at)
    for lens in LENSES[1:]:  # the run is remembered
        at = open_page(root, kind=kind, learn=lens, **QUICK)
        assert fine(at) and "2 epochs" in said(at)


def test_the_neighbours_on_screen_are_those_of_the_run(root: Path) -> None:
    at = open_page(root, pin="dog")
    training = bundled_training(TrainingConfig())
    vectors = training.snapshots[-1].astype(float)
    vectors /= (vectors**2).sum(1, keepdims=True) ** 0.5
    scores = vectors @ vectors[training.words.index("dog")]
    nearest = [training.words[row] for row in scores.argsort()[::-1] if training.words[row] != "dog"]
    assert f"Epoch 20: {', '.join(nearest[:5])}" in said(at)


def test_settings_wait_for_the_button(root: Path) -> None:
    at = open_page(root)
    at.slider(key="passes").set_value(3).run()
    assert "20 epochs" in said(at)
    at = trained(press(at, "Train"))
    assert fine(at) and "3 epochs" in said(at) and any(button.label == "Train again" for button in at.button)
    at = trained(press(at, "Train again"))
    assert fine(at) and at.number_input(key="trainseed").value == 1


def test_a_stop_keeps_what_was_learnt(root: Path) -> None:
    at = open_page(root, passes="60", dims="100", window="10", negatives="20", text="news articles")
    for _ in range(300):
        bars = [str(element.proto.text) for element in at.get("progress")]
        if any("Epoch" in text for text in bars):
            break
        time.sleep(0.2)
        at.run()
    at = trained(press(at, "Stop"))
    assert fine(at) and "stopped after" in said(at) and "of 60 epochs" in said(at)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("word", "There is no sentence of two words"),
        ("1234 5678", "There is no sentence of two words"),
        ("the the", "training needs 2"),
        ("three short words", "3 words of text"),
    ],
)
def test_short_texts_get_a_sentence_or_a_picture(root: Path, text: str, answer: str) -> None:
    at = open_page(root, text="my own text", **QUICK)
    assert fine(at) and "Paste a text above" in said(at)
    at.text_area(key="owntext").set_value(text).run()
    at = trained(press(at, "Train"))
    assert fine(at) and answer in said(at)


def test_a_picture_of_another_text_is_said_to_be_so_and_an_own_text_is_not_lost(root: Path) -> None:
    own = "The quick fox jumps over the lazy dog. The lazy dog sleeps while that fox jumps. " * 8
    at = open_page(root, text="my own text", **QUICK)
    at.text_area(key="owntext").set_value(own).run()
    assert fine(at) and "The picture is still of the little world: press Train" in said(at)
    assert "128 words are too few to learn from" in "\n".join(each.value for each in at.caption)
    at = trained(press(at, "Train"))
    assert fine(at) and "The picture is still of" not in said(at) and "skip-gram on my own text" in said(at)
    at.switch_page("pages/words.py").run()
    at.query_params["text"] = "my own text"
    at.switch_page("pages/learning.py").run()
    assert at.text_area(key="owntext").value == own and fine(at)
    at.text_area(key="owntext").set_value(own + " And more.").run()
    assert "The picture is still of the text before: press Train" in said(at)


def test_awkward_texts_are_learnt_or_refused(root: Path) -> None:
    at = open_page(root, text="my own text", learn="One sentence", **QUICK)
    for text in list(SENDABLE.values())[::4]:
        at.text_area(key="owntext").set_value(f"{text} and <b>other</b> words, {text} and more words.").run()
        at = trained(press(at, "Train"))
        assert fine(at)


@pytest.fixture(scope="module")
def typing(root: Path) -> AppTest:
    """One visit in which one text after the other is typed: to open the page costs as much as to type."""
    return open_page(root, learn="One sentence")


@pytest.mark.parametrize("text", SENDABLE.values(), ids=SENDABLE.keys())
def test_awkward_sentences(typing: AppTest, text: str) -> None:
    typing.text_input(key="sentence-own").set_value(text).run()
    assert fine(typing)


@pytest.mark.parametrize(
    "query",
    [
        {"text": "<script>"}, {"kind": "x"}, {"passes": "99999"}, {"passes": "-1"}, {"dims": "7"}, {"window": "x"},
        {"negatives": "0"}, {"speed": "warp"}, {"trainseed": "-3"}, {"trainseed": "x"}, {"trainseed": "²"}, {"pin": "<img src=x>"},
        {"mapwords": "1"}, {"learn": "Nothing"}, {"owntext": "\x00"}, {"text": "my own text"},
    ],
    ids=str,
)  # fmt: skip
def test_a_forged_url_is_harmless(root: Path, query: dict[str, str]) -> None:
    at = open_page(root, **query)
    assert fine(at) and not any(button.label == "Stop" for button in at.button)


def test_an_address_that_needs_a_text_of_somebodys_own_says_so(root: Path) -> None:
    at = go_to(root, "learning", text="my own text", mytext="0123456789ab")
    assert "made with a text of somebody's own" in said(at) and fine(at)
    at.run()
    assert "made with a text of somebody's own" in said(at)
    at.text_area(key="owntext").set_value("The miller grinds the corn. " * 9).run()
    assert "made with a text of somebody's own" not in said(at) and fine(at)
