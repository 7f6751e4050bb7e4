"""Who reads the sentences beyond the catalogue: means of any word space, models in the cache or the host's folder, by name."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core.models.recent import forget
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.runtime import ready_torch
from embeddings_core.spaces.vectors import unit
from tests.models.test_sentence_models import tiny_bert
from tests.pages.reading import bars, boxes, fine, go_to, ranked, said

WORDS = {"cat": (1, 0, 0), "dog": (0.8, 0.6, 0), "car": (0, 0, 1), "bites": (0, 1, 0), "man": (0.6, 0, 0.8)}
FILE = "\n".join(f"{word} {' '.join(map(str, numbers))}" for word, numbers in WORDS.items()).encode()
TEXT = "The dog bites the man.\nA cat.\nMan in a car\nQvixx only"
LENSES = (
    "Search",
    "Rank race",
    "Word order",
    "Why similar?",
    "A sentence grows",
    "Similarity",
    "Guess first",
)


def open_sentences(root: Path, **query: str) -> AppTest:
    return go_to(root, "sentences", **({"method": "PCA"} | query))


def drop(at: AppTest, name: str, content: bytes) -> AppTest:
    box = boxes(at)[0]
    box.set_value([(name, content, "application/octet-stream")]).run()
    return at


def mean(text: str) -> np.ndarray:
    found = [WORDS[word] for word in text.lower().strip(".").split() if word in WORDS]
    return unit(np.mean(found, axis=0))


def test_a_dropped_file_reads_sentences_as_the_mean_of_their_words(root: Path) -> None:
    at = drop(open_sentences(root, sentences=TEXT, query="dog in a car"), "mine.txt", FILE)
    assert fine(at) and at.selectbox(key="model").value == "Mean of mine.txt"
    known = TEXT.split("\n")[:3]
    scores = {text: float(mean(text) @ mean("dog in a car")) for text in known}
    assert ranked(at) == sorted(known, key=lambda text: -scores[text])
    assert [row["score"] for row in bars(at)] == [f"{score:.2f}" for score in sorted(scores.values())[::-1]]
    assert bars(at)[0]["note"].endswith("word")  # it knows too little of the news
    skipped = next(line for line in said(at).splitlines() if line.startswith("Skipped, because"))
    assert {"The", "the", "A", "in", "a", "Qvixx", "only"} == set(
        skipped.split(": ")[1].strip(".").split(", ")
    )
    assert "Left out, because no word of it has a vector in this space: Qvixx only" in said(at)
    assert "Skipped in the query, because this word space has no vector for them: in, a." in said(at)
    for lens in LENSES:
        at.segmented_control(key="study").set_value(lens).run()
        assert fine(at), lens


def test_a_mean_races_as_the_mean_and_the_bundled_model_beside_it(root: Path) -> None:
    at = drop(open_sentences(root, sentences=TEXT, query="dog in a car", study="Rank race"), "mine.txt", FILE)
    names = [row["label"] for row in bars(at)]
    assert names[:4] == ["exact words, 1952", "TF-IDF, 1972", "mean of word vectors", "MiniLM, 2020"]
    nearest = max(TEXT.split("\n")[:3], key=lambda text: mean(text) @ mean("dog car"))
    assert bars(at)[2]["note"] == nearest and "Mean of mine.txt takes the part of the mean" in said(at)
    encoder = load_encoder("minilm")
    best = (encoder(TEXT.split("\n")[:3]) @ encoder(["dog in a car"])[0]).max()
    assert bars(at)[3]["score"] == f"{best:.2f}"


def test_word_order_is_nothing_to_the_mean_of_a_file(root: Path) -> None:
    at = drop(open_sentences(root, sentences=TEXT, study="Word order"), "mine.txt", FILE)
    words, own, model = bars(at)
    a, b = load_encoder("minilm")(["The dog bites the man.", "The man bites the dog."])
    assert words["score"] == own["score"] == "1.000" and model["score"] == f"{a @ b:.3f}"
    assert "Skipped in these two" in said(at) and "the very same point" in said(at)


def test_a_query_of_unknown_words_is_told(root: Path) -> None:
    at = drop(open_sentences(root, sentences=TEXT, query="zork!"), "mine.txt", FILE)
    assert fine(at) and "It has no vector for any word of the query" in said(at) and not ranked(at)


def test_shared_spaces_are_on_the_menu_and_anothers_file_is_not(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "large.vec").write_bytes(FILE)
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_VECTORS", str(tmp_path))
    one = drop(open_sentences(root), "mine.txt", FILE)
    assert "Mean of mine.txt" in one.selectbox(key="model").options
    two = open_sentences(root, model="Mean of mine.txt", sentences=TEXT, query="man")
    assert fine(two) and "Mean of mine.txt" not in two.selectbox(key="model").options
    for title in ("Mean of large.vec", "Mean of trained: skip-gram on the little world"):
        two.selectbox(key="model").set_value(title).run()
        assert fine(two) and two.selectbox(key="model").value == title and ranked(two)
    assert str(tmp_path) not in said(two)


def test_a_damaged_file_is_told_and_the_model_stays(root: Path) -> None:
    at = drop(open_sentences(root), "broken.bin", b"\x80\x04 no numbers")
    assert fine(at) and '"broken.bin"' in said(at) and at.selectbox(key="model").value.startswith("MiniLM")
    at.button(key="vectors-dismiss").click().run()
    assert "broken.bin" not in said(at)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a bare BERT and one saved by sentence-transformers, both tiny, in the real format."""
    ready_torch()
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    place = tmp_path_factory.mktemp("by name")
    bare = tiny_bert(place / "bare")
    modules = [Transformer(str(bare)), Pooling(16, pooling_mode="cls")]
    SentenceTransformer(modules=modules, device="cpu").save_pretrained(
        str(place / "whole"), create_model_card=False
    )
    return place


def put_into_cache(hub: Path, name: str, files: Path) -> None:
    """Lay a model down as the hub's own library does."""
    home = hub / f"models--{name.replace('/', '--')}"
    (home / "refs").mkdir(parents=True)
    (home / "refs" / "main").write_text("abc123")
    shutil.copytree(files, home / "snapshots" / "abc123")


def test_models_in_the_cache_and_in_the_hosts_folder_are_on_both_menus(
    root: Path, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_into_cache(tmp_path / "hub", "someone/tiny-reader", saved / "whole")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_MODELS", str(saved))
    at = open_sentences(root, query="the economy")
    options = at.selectbox(key="model").options
    assert "bare (folder of the host)" in options and "someone/tiny-reader" in options
    for title in ("someone/tiny-reader", "bare (folder of the host)"):
        at.selectbox(key="model").set_value(title).run()
        assert fine(at) and at.selectbox(key="model").value == title and ranked(at)
        assert str(saved) not in said(at) and str(tmp_path) not in said(at)
    linked = open_sentences(root, model="someone/tiny-reader")
    assert fine(linked) and linked.selectbox(key="model").value == "someone/tiny-reader"
    at = go_to(root, "context", reader="someone/tiny-reader")
    for lens in ("Layer by layer", "All tokens", "Attention"):
        at.segmented_control(key="view").set_value(lens).run()
        assert fine(at) and at.selectbox(key="reader").value == "someone/tiny-reader", lens
    assert not any(title.startswith("Mean of") for title in at.selectbox(key="reader").options)


def test_a_name_opens_what_is_here_and_explains_what_is_not(
    root: Path, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    asked: list[str] = []
    monkeypatch.setattr("pages._ui.text_models.ask_hub", lambda name: asked.append(name))
    fetched: list[Any] = []

    def fetch(spec: Any, *, progress: Any) -> None:
        put_into_cache(tmp_path / "hub", spec.checkpoint, saved / "whole")
        progress(1_000_000, 0)
        fetched.append(spec.checkpoint)
        forget()  # as a real download does

    monkeypatch.setattr("pages._ui.model_menu.fetch", fetch)
    at = open_sentences(root)
    at.text_input(key="hub-model").set_value("someone/new-model").run()
    assert fine(at) and at.selectbox(key="model").value == "someone/new-model (not on this computer)"
    assert "size and licence are not known here" in said(at) and "did not answer" in said(at)
    assert asked == ["someone/new-model"] and not fetched
    next(button for button in at.button if button.label == "Download").click().run()
    assert fetched == ["someone/new-model"] and fine(at)
    assert at.selectbox(key="model").value == "someone/new-model" and "not on this computer" not in said(at)
    at.text_input(key="hub-model").set_value("intfloat/e5-small-v2").run()  # one of the catalogue
    assert at.selectbox(key="model").value.startswith("E5 small") and asked == ["someone/new-model"]


@pytest.mark.parametrize(
    "typed", ["pages/_ui", "../../etc", "/etc/passwd", "bert", "a/b/c", "<b>/<i>", "own:x/y", "folder:bare"]
)
def test_a_path_is_no_name(root: Path, typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    at = open_sentences(root)
    at.text_input(key="hub-model").set_value(typed).run()
    assert fine(at) and "is not the name of a model" in said(at)
    assert at.selectbox(key="model").value.startswith("MiniLM")


def test_a_licence_with_conditions_comes_before_the_download_and_a_refused_row_says_why(root: Path) -> None:
    at = open_sentences(root, sentences=TEXT, model="EmbeddingGemma")
    assert fine(at) and "Gemma Terms of Use" in said(at) and at.button(key="download-model").disabled
    agreed = at.checkbox(key="terms-model-embedding-gemma")
    assert "https://ai.google.dev/gemma/terms" in agreed.label
    assert not agreed.check().run().button(key="download-model").disabled
    at = open_sentences(root, sentences=TEXT, model="Jina v3")
    assert fine(at) and "Jina v3 is not offered. It needs a program of its authors" in said(at)
    assert not any(button.key == "download-model" for button in at.button)
