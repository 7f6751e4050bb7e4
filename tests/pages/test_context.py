"""The context page as its visitors use it: choose a word, follow it through the layers, look at tokens and heads."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core.analysis.attention import all_attention
from embeddings_core.analysis.senses import sense_curve
from embeddings_core.analysis.tokens import token_vectors
from embeddings_core.spaces.datasets import BANK
from tests.awkward import TEXTS
from tests.pages.reading import bars, fine, go_to, said

SENDABLE = {name: text for name, text in TEXTS.items() if text == text.encode("utf-8", "replace").decode()}
LENSES = ("Layer by layer", "All tokens", "Attention")


def open_page(root: Path, **query: str) -> AppTest:
    return go_to(root, "context", **query)


def test_the_live_example_parts_where_the_core_says(root: Path) -> None:
    at = open_page(root)
    curve = sense_curve(token_vectors(BANK.items, word="bank"), senses=BANK.groups)
    assert fine(at) and curve.sentence in said(at)
    assert "8 of 8 agree" in said(at) and "always the same" in said(at)


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize(
    "text", ["", "My bank.", "My bank.\nA river bank.", "My bank.\nA river bank.\nbank bank"], ids=range(4)
)
def test_few_sentences_are_the_normal_case(root: Path, lens: str, text: str) -> None:
    at = open_page(root, view=lens, contexts=text)
    assert fine(at)
    if not text:
        assert 'Type sentences that hold "bank"' in said(at)


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize(
    "word", ["", "zebra", "<script>", "a" * 60, "\u200b", "[CLS]", ".*", "(bank", "the river"]
)
def test_any_word_gets_a_picture_or_a_sentence(root: Path, lens: str, word: str) -> None:
    at = open_page(root, view=lens, meaning=word)
    assert fine(at)
    if word == "zebra":
        assert 'None of the sentences holds "zebra"' in said(at)


@pytest.fixture(scope="module")
def typing(root: Path) -> AppTest:
    """One visit in which one text after the other is typed: to open the page costs as much as to type."""
    return open_page(root)


@pytest.mark.parametrize("text", SENDABLE.values(), ids=SENDABLE.keys())
def test_awkward_text_gets_a_picture_or_a_sentence(typing: AppTest, text: str) -> None:
    typing.text_input(key="meaning").set_value("cat")
    typing.text_area[0].set_value(text).run()
    assert fine(typing) and typing.text_area[0].value == text


@pytest.mark.parametrize("lens", LENSES)
def test_markup_stays_text(root: Path, lens: str) -> None:
    hostile = "<script>alert(1)</script> bank\n![x](http://127.0.0.1:9/t.png) $x$ bank\n:red[bank]"
    at = open_page(root, view=lens, contexts=hostile)
    assert fine(at) and not [element for element in at.markdown if "alert(1)" in element.value]


def test_what_a_sentence_lacks_and_what_is_cut_is_said(root: Path) -> None:
    at = open_page(
        root, meaning="embeddings", contexts="Embeddings are embeddings.\nNothing here.\nTwo embeddings."
    )
    assert '1 of 3 does not hold "embeddings": Nothing here.' in said(at)
    assert 'The model reads "embeddings" as 4 pieces' in said(at) and fine(at)


def test_five_thousand_lines_are_cut_to_what_can_be_read(root: Path) -> None:
    at = open_page(root, meaning="line", contexts="\n".join(f"line {n}" for n in range(5_000)))
    assert fine(at) and "the first 200 are followed" in said(at)


def test_an_example_is_one_click(root: Path) -> None:
    at = open_page(root)
    at.button(key="context-apple").click().run()
    assert (
        at.text_input(key="meaning").value == "apple" and 'meanings of "apple" part' in said(at) and fine(at)
    )


def test_own_sentences_are_told_their_meaning(root: Path) -> None:
    at = open_page(root, contexts="\n".join((*BANK.items, "The bank lent me money for a house.")))
    assert '"The bank lent me money for a house." is nearest to: money.' in said(at)


def test_attention_shows_the_numbers_of_the_head(root: Path) -> None:
    sentence = BANK.items[7]
    found = all_attention(sentence, "bank")
    at = open_page(root, view="Attention", which=sentence, layer="1", head="3")
    token = found.chosen[0]
    weights = found.weights[0, 2, token]
    assert bars(at)[0]["label"] == found.tokens[int(weights.argmax())] == "the"
    assert bars(at)[0]["score"] == f"{weights.max():.2f}"
    far = found.patterns[-1]
    at.button(key=f"habit-{far.pattern}").click().run()
    assert (at.slider(key="layer").value, at.slider(key="head").value) == (far.layer, far.head)
    assert bars(at)[0]["label"] == "interest" and fine(at)


def test_the_film_of_attention_says_whose_mean_it_is(root: Path) -> None:
    sentence = BANK.items[7]
    means = all_attention(sentence, "bank").weights.mean(axis=1)
    at = open_page(root, view="Attention", which=sentence, attended="All layers, as a film")
    assert "the mean of its 12 heads" in said(at) and fine(at)
    found = all_attention(sentence, "bank")
    first, last = (found.tokens[int(row.argmax())] for row in means[[0, -1], found.chosen[0]])
    assert f'"bank" looks most at "{first}" in the first layer and at "{last}" in the last' in said(at)
    assert not [slider for slider in at.slider if slider.key in ("layer", "head")]


@pytest.mark.parametrize(
    "query",
    [
        {"view": "<script>"}, {"view": "Attention", "layer": "99"}, {"view": "Attention", "head": "-1"},
        {"view": "Attention", "layer": "x"}, {"view": "Attention", "looker": "<b>"}, {"view": "All tokens", "which": "<img src=x>"},
        {"view": "Attention", "which": "a " * 900}, {"room": "9-D"}, {"reader": "../../etc/passwd"}, {"meaning": "\x00"},
        {"view": "Attention", "which": " "}, {"view": "Attention", "attended": "<b>"},
        {"view": "All tokens", "which": "word " * 399},
    ],
    ids=str,
)  # fmt: skip
def test_a_forged_url_is_harmless(root: Path, query: dict[str, str]) -> None:
    assert fine(open_page(root, **query))


def test_sixteen_sentences_ride_by_umap_and_the_page_says_so(root: Path) -> None:
    at = open_page(root)
    assert "(PCA)" in said(at) and not [each for each in at.segmented_control if each.key == "drawn"]
    at.button(key="context-rock").click().run()
    assert fine(at) and "(UMAP), started from the map of the layer before" in said(at)
    at.segmented_control(key="drawn").set_value("PCA").run()
    assert fine(at) and "(PCA)" in said(at)
