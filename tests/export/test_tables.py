"""Files that leave the application: nothing in them runs, everything comes back."""

import csv
import io

import numpy as np
import pytest

from embeddings_core.export.tables import csv_table, for_spreadsheets, safe_cell, vectors_csv, vectors_npz
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.texts import without_guard

HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_formula_becomes_text(text: str) -> None:
    assert safe_cell(text).startswith("'")
    assert not set(safe_cell(text)) & set("\t\r\n")


def test_ordinary_words_pass_unchanged() -> None:
    for word in ("cat", "naïve", "שלום", "🐈", "ice-cream", "a,b", 'say "hi"'):
        assert safe_cell(word) == word


def test_a_table_comes_back_with_numbers_as_numbers() -> None:
    assert csv_table(("=1+1", "@x"), []) == "'=1+1,'@x\n"  # a visitor's own columns have names, too
    text = csv_table(("item", "score"), [("a,b", -0.5), ("=1+1", 2)])
    assert list(csv.reader(io.StringIO(text))) == [["item", "score"], ["a,b", "-0.5"], ["'=1+1", "2"]]


def test_vectors_come_back_from_csv_and_numpy() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(3, 4)).astype(np.float32)
    words = EmbeddingSet(("cat", "=evil", "東京"), vectors)
    rows = list(csv.reader(io.StringIO(vectors_csv(words))))
    assert rows[0] == ["item", "dim_0", "dim_1", "dim_2", "dim_3"]
    assert [row[0] for row in rows[1:]] == ["cat", "'=evil", "東京"]
    np.testing.assert_allclose(np.array([row[1:] for row in rows[1:]], dtype=float), vectors, rtol=1e-6)
    with np.load(io.BytesIO(vectors_npz(words)), allow_pickle=False) as stored:
        assert tuple(stored["items"]) == words.items
        np.testing.assert_array_equal(stored["vectors"], vectors)


def test_spreadsheets_get_a_mark_and_cells_come_back() -> None:
    assert (
        for_spreadsheets("é").startswith(b"\xef\xbb\xbf") and for_spreadsheets("é").decode("utf-8-sig") == "é"
    )
    for text in ("-5 °C", "=1+1", "'=1", "'tis", "''@", "cat"):
        assert without_guard(safe_cell(text)) == text
