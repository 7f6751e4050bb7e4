"""The sentences page as its visitors use it: type, search, race, take apart, share."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core.analysis.rankers import rank_race
from embeddings_core.analysis.sentences import sentence_grows, why_similar
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.registry import find_model, list_models, load_encoder
from embeddings_core.models.runtime import ready_torch
from embeddings_core.models.text_space import TextModel
from embeddings_core.spaces.datasets import SENTENCES
from pages._ui.sentences.race import models_of, year_of
from pages._ui.text_models import Chosen
from tests.awkward import TEXTS
from tests.pages.reading import bars, fine, go_to, said

SENDABLE = {name: text for name, text in TEXTS.items() if text == text.encode("utf-8", "replace").decode()}
LENSES = ("Search", "Rank race", "Word order", "Why similar?", "A sentence grows", "Similarity", "Clusters")


def open_page(root: Path, **query: str) -> AppTest:
    return go_to(root, "sentences", **({"method": "PCA"} | query))


def open_text(root: Path, text: str, **query: str) -> AppTest:
    """Open the page with these sentences; thousands are read by the quickest model: MiniLM needs 20 s of work for them."""
    model = {"model": find_model("mean-of-words").title} if text.count("\n") >= 1_000 else {}
    return open_page(root, sentences=text, **model, **query)


@pytest.mark.parametrize("lens", LENSES)
def test_every_lens_opens_on_the_live_example(root: Path, lens: str) -> None:
    at = open_page(root, study=lens)
    assert fine(at) and "The cat sleeps" in at.text_area[0].value


@pytest.mark.parametrize("lens", LENSES)
@pytest.mark.parametrize("text", ["", "One sentence only.", "One.\nTwo.", "One.\nTwo.\nThree."], ids=range(4))
def test_few_sentences_are_the_normal_case(root: Path, lens: str, text: str) -> None:
    at = open_page(root, study=lens, sentences=text)
    assert fine(at)
    if not text and lens != "Word order":
        assert "sentence" in said(at) and "above" in said(at)


@pytest.fixture(scope="module")
def typing(root: Path) -> AppTest:
    """One visit in which one text after the other is typed: to open the page costs as much as to type."""
    return open_page(root)


@pytest.mark.parametrize("text", SENDABLE.values(), ids=SENDABLE.keys())
def test_awkward_text_gets_a_picture_or_a_sentence(root: Path, typing: AppTest, text: str) -> None:
    if len(text) > 10_000:  # typed, it would be drawn by UMAP: longer than a test waits
        assert fine(open_text(root, text))
        return
    typing.text_area[0].set_value(text).run()
    assert fine(typing) and typing.text_area[0].value == text


@pytest.mark.parametrize("lens", LENSES[1:5])
@pytest.mark.parametrize(
    "name", ["script", "markdown", "five thousand lines", "right to left", "special tokens"]
)
def test_awkward_text_in_every_lens(root: Path, lens: str, name: str) -> None:
    at = open_text(root, TEXTS[name].replace(", ", "\n"), study=lens, query=TEXTS["script"])
    assert fine(at)


def test_search_is_the_ranking_of_the_model(root: Path) -> None:
    query = "How is the economy doing?"
    encoder = load_encoder("minilm")
    scores = encoder(list(SENTENCES.items)) @ encoder([query])[0]
    expected = [SENTENCES.items[row] for row in scores.argsort()[::-1][:8]]
    at = open_page(root, query=query)
    assert [row["label"] for row in bars(at)] == expected
    assert bars(at)[0]["score"] == f"{scores.max():.2f}" and "sentence" in bars(at)[0]["note"]


def test_the_race_is_the_race(root: Path) -> None:
    query = "a pet is resting on the couch"
    race = rank_race(query, SENTENCES.items, load_encoder("minilm"))
    at = open_page(root, study="Rank race", query=query)
    of_mean = ", 2014" if "GloVe" in race.rankers[2] else ""
    ages = ["exact words, 1952", "TF-IDF, 1972", f"{race.rankers[2]}{of_mean}", "MiniLM, 2020"]
    assert [row["label"] for row in bars(at)][:4] == ages
    for row, ranks, scores in zip(bars(at), race.ranks, race.scores, strict=False):
        assert row["note"] == race.sentences[ranks.index(1)] and row["score"] == f"{scores.max():.2f}"
    last = "MiniLM"
    if on_disk(find_model("e5-small-q4")):
        last, encoder = "E5 small", load_encoder("e5-small-q4")
        texts = encoder([f"passage: {item}" for item in SENTENCES.items])
        scores = texts @ encoder([f"query: {query}"])[0]
        assert bars(at)[4]["label"] == "E5 small, 2024" and bars(at)[4]["score"] == f"{scores.max():.2f}"
        assert bars(at)[4]["note"] == SENTENCES.items[int(scores.argmax())]
    assert f'The cat sleeps on the warm sofa." is first for {last}' in said(at)


def test_the_chosen_model_takes_part_and_five_thousand_are_not_read_twice() -> None:
    e5 = find_model("e5-small-q4")
    minilm = Chosen(find_model("minilm"), TextModel("minilm"))
    assert models_of(minilm, 5_000) == (TextModel("minilm"),)
    if on_disk(e5):
        assert models_of(minilm, 12) == models_of(Chosen(e5, TextModel(e5.id)), 12)
        assert models_of(Chosen(e5, TextModel(e5.id)), 5_000)[-1] == TextModel(e5.id)
    mpnet = Chosen(find_model("mpnet"), TextModel("mpnet"))
    assert models_of(mpnet, 12)[0] == TextModel("mpnet") and TextModel("minilm") not in models_of(mpnet, 12)
    assert [year_of(model) for model in ("minilm", "e5-small-q4", "glove-50")] == ["2020", "2024", "2014"]


def test_word_order_is_nothing_to_a_mean(root: Path) -> None:
    at = open_page(root, study="Word order")
    words, mean, model = bars(at)
    a, b = load_encoder("minilm")(["The dog bites the man.", "The man bites the dog."])
    assert words["score"] == mean["score"] == "1.000" and model["score"] == f"{a @ b:.3f}"
    assert "the very same point" in said(at)
    at.button(key="pair-She flew from Paris to London.").click().run()
    assert "hardly tells them apart" in said(at) and fine(at)
    at.text_input(key="other").set_value("").run()
    assert fine(at)


def test_why_similar_says_what_the_core_says(root: Path) -> None:
    result = why_similar(SENTENCES.items[0], SENTENCES.items[1], load_encoder("minilm"))
    at = open_page(root, study="Why similar?")
    assert result.sentence in said(at)
    assert bars(at)[0]["label"] == "kitten" and bars(at)[0]["score"] == "−0.30"


def test_a_sentence_grows_word_by_word(root: Path) -> None:
    sentence = SENTENCES.items[5]
    growing = sentence_grows(sentence, load_encoder("minilm"))
    at = open_page(root, study="A sentence grows", growing=sentence)
    assert [row["label"] for row in bars(at)] == list(growing.words)
    assert bars(at)[-1]["score"] == "1.00"


def test_long_sentences_are_not_taken_apart(root: Path) -> None:
    at = open_page(root, study="A sentence grows", sentences="word " * 61 + "\nA short one.")
    assert fine(at) and "more than 60 words are left out" in said(at)
    at = open_page(root, study="Why similar?", sentences="word " * 61 + "\nA short one.")
    assert fine(at) and "Type one more sentence above" in said(at)


def test_every_text_model_is_on_the_menu(root: Path) -> None:
    at = open_page(root)
    titles = at.selectbox(key="model").options
    for spec in list_models("text"):
        assert any(title.startswith(spec.title) for title in titles)
    absent = "E5 small (not on this computer)"
    if absent not in titles:
        pytest.skip("E5 small is on this computer")
    at.selectbox(key="model").set_value(absent).run()
    assert "133 MB" in said(at) and "MIT" in said(at) and fine(at)
    assert any(button.label == "Download 133 MB" for button in at.button)


def test_a_mean_of_words_says_which_words_it_skips(root: Path) -> None:
    text = "The cat likes zorkblatt.\nA dog sleeps on the qvixx sofa.\nMoney is scarce."
    at = open_page(root, model="Mean of word vectors", sentences=text)
    assert fine(at) and "no vector for them:" in said(at)
    line = next(line for line in said(at).splitlines() if "no vector for them" in line)
    assert "zorkblatt" in line and "qvixx" in line and "cat" not in line.split(":")[1]


def test_the_prompt_that_was_added_is_shown(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """E5 in its real format with random numbers: the page says what its authors put in front of query and passage."""
    ready_torch()
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    from tests.models.test_sentence_models import tiny_bert

    modules = [Transformer(str(tiny_bert(tmp_path / "bare"))), Pooling(16, pooling_mode="mean")]
    SentenceTransformer(modules=modules, device="cpu").save_pretrained(
        str(tmp_path / "e5"), create_model_card=False
    )
    rows = [
        replace(spec, checkpoint=str(tmp_path / "e5")) if spec.id == "e5-small" else spec
        for spec in list_models()
    ]
    monkeypatch.setattr("embeddings_core.models.catalogue.MODELS", tuple(rows))
    for lens in ("Search", "Rank race"):
        at = open_page(root, study=lens, model="E5 small", query="Where is it?")
        assert fine(at) and at.selectbox(key="model").value == "E5 small"
        assert 'E5 small reads "query: Where is it?" and "passage: …"' in said(at)


def test_an_example_brings_its_question(root: Path) -> None:
    at = open_page(root)
    at.button(key="sentences-help desk").click().run()
    assert "password" in at.text_area[0].value and at.text_input(key="query").value == "I want my money back"
    at.button(key="query-my package is late").click().run()
    assert bars(at)[0]["label"] in ("The order has not arrived yet.", "Where is my parcel?")


@pytest.mark.parametrize(
    "query",
    [
        {"study": "<script>"}, {"model": "evil"}, {"model": "../../etc"}, {"query": ""}, {"query": "<img src=x onerror=a()>"},
        {"study": "Why similar?", "left": "nowhere", "right": "<b>"}, {"study": "A sentence grows", "growing": "\x00"},
        {"study": "Word order", "one": "<i>", "other": "x" * 900}, {"fitted": "\x00\n\n"}, {"film": "from x"},
        {"study": "Why similar?", "left": "a " * 100}, {"study": "A sentence grows", "growing": "a " * 100},
        {"study": "Rank race", "query": "😀"},
    ],
    ids=str,
)  # fmt: skip
def test_a_forged_url_is_harmless(root: Path, query: dict[str, str]) -> None:
    assert fine(open_page(root, **query))


@pytest.mark.parametrize("lens", ["Search", "Rank race", "Word order"])
def test_a_text_that_nobody_can_see_counts_as_none(root: Path, lens: str) -> None:
    at = open_page(root, study=lens, query="\u200b", one="\u200b", fitted="\u200b\nThe bank is closed.")
    assert fine(at) and "texts are empty" not in said(at)
