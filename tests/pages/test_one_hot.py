"""The one-hot page as its visitors use it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core.spaces.datasets import word_list
from tests.awkward import TEXTS
from tests.pages.reading import fine, go_to, said, sent

SENDABLE = {name: text for name, text in TEXTS.items() if text == text.encode("utf-8", "replace").decode()}
LENSES = ("Vectors", "Distances", "Memory", "Fewer dimensions", "Fewer bits")


def open_page(root: Path, **query: str) -> AppTest:
    return go_to(root, "one_hot", **query)


@pytest.mark.parametrize("lens", LENSES)
def test_every_lens_opens_on_the_live_example(root: Path, lens: str) -> None:
    at = open_page(root, onehot=lens)
    assert fine(at) and "king" in at.text_area[0].value
    assert "One-hot: king is 1.41 from every other word." in said(at)


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("words", ["", "cat", "cat dog", "cat dog car"])
def test_few_words_are_the_normal_case(root: Path, lens: str, words: str) -> None:
    at = open_page(root, onehot=lens)
    at.text_area[0].set_value(words).run()
    assert fine(at)
    if len(words.split()) < 2:
        assert "Type two words or more" in said(at)


@pytest.fixture(scope="module")
def typing(root: Path) -> AppTest:
    """One visit in which one text after the other is typed: to open the page costs as much as to type."""
    return open_page(root)


@pytest.mark.parametrize("text", SENDABLE.values(), ids=SENDABLE.keys())
def test_awkward_text_gets_a_picture_or_a_sentence(typing: AppTest, text: str) -> None:
    typing.text_area[0].set_value(text).run()
    assert fine(typing) and typing.text_area[0].value == text


def test_own_words_are_coloured_by_their_own_groups_and_not_by_our_lists(root: Path) -> None:
    """Walrus, priest and poet stand in some list of ours, each as something else: that says nothing of this one."""
    own = "walrus, beaver, otter, priest, monk, judge, poet, opera, waltz, garlic, pepper, lentil"
    for lens in ("Vectors", "Fewer dimensions", "Fewer bits"):
        at = open_page(root, words=own, onehot=lens)
        scene = sent(at, "scene")[0]
        named = {word for name in scene["groupNames"] for word in name.split(", ")}
        assert fine(at) and named and named <= set(own.split(", ")), named
    at = open_page(root, words=", ".join(word_list("royalty").items))
    assert set(sent(at, "scene")[0]["groupNames"]) == set(word_list("royalty").groups or ())


def test_numbers_on_screen_are_those_of_the_core(root: Path) -> None:
    at = open_page(root, onehot="Memory")
    words = len(word_list().items)
    assert f"These {words} words: one-hot takes {words} numbers a word, 3.6 kilobytes" in said(at)
    assert (
        "1,000,000 words, a large vocabulary: one-hot takes 1,000,000 numbers a word, 4 terabytes in all"
        in said(at)
    )
    assert "4 laptop disks" in said(at) and "1.5 gigabytes" in said(at)


def test_a_word_is_followed(root: Path) -> None:
    at = open_page(root, words="cat, dog, car, truck", follow="car")
    assert "One-hot: car is 1.41" in said(at) and "from truck" in said(at)
    at.text_area[0].set_value("cat, dog").run()
    assert fine(at) and at.selectbox(key="follow").value == "all words"


def test_a_long_list_is_cut_and_says_so(root: Path) -> None:
    at = open_page(root, onehot="Distances")
    at.text_area[0].set_value(", ".join(f"word{i}" for i in range(130))).run()
    assert fine(at)
    assert "first 120 of 130 words" in said(at) and "first 60 of 120 words" in said(at)


@pytest.mark.parametrize(
    "query",
    [
        {"onehot": "<script>"}, {"densemap": "x"}, {"follow": "<img src=x>"}, {"follow": ""}, {"words": "\x00"},
        {"onehot": "Fewer dimensions", "follow": "nobody"},
    ],
    ids=str,
)  # fmt: skip
def test_a_forged_url_is_harmless(root: Path, query: dict[str, str]) -> None:
    assert fine(open_page(root, **query))
