"""Files that leave the application: nothing in them runs, everything comes back."""

import csv
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from embeddings_core.export.tables import csv_table, for_spreadsheets, safe_cell, vectors_csv, vectors_npz
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.texts import without_guard

if TYPE_CHECKING:
    import pyarrow as pa

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


AWKWARD = (
    "-5 °C",
    "=1+1",
    "'=1",
    "'tis",
    "''@",
    "+49 30 1",
    "@home",
    "cat, dog",
    'say "hi"',
    "naïve 漢字",
    "1,000 kg",
    "- a dash",
)


def rows(**columns: object) -> "pa.Table":
    import pyarrow as pa

    return pa.table({name: pa.array(values) for name, values in columns.items()})


def test_rows_that_are_saved_open_here_again_as_they_were() -> None:
    """CSV with its mark, JSON lines and Parquet: "-5 °C" comes back as it was, numbers as numbers."""
    from embeddings_core.export.rows import rows_csv, rows_jsonl, rows_parquet
    from embeddings_core.tables.reading import read_table
    from embeddings_core.tables.table import numbers_of, texts_of

    numbers = [-5.0, 0.25, 1e6, 3.0] * 3
    given = rows(text=list(AWKWARD), number=numbers)
    assert rows_csv(given) == b"\xef\xbb\xbf" + rows_csv(given, mark=False)
    assert rows_csv(given).startswith(b"\xef\xbb\xbf") and b"'-5 \xc2\xb0C" in rows_csv(given)
    for name, content in (
        ("a.csv", rows_csv(given)), ("a.jsonl", rows_jsonl(given)), ("a.parquet", rows_parquet(given)),
    ):  # fmt: skip
        again = read_table(content, name=name)
        assert texts_of(again, "text") == list(AWKWARD), name
        assert numbers_of(again, "number").tolist() == numbers, name
        twice = rows(text=texts_of(again, "text"), number=numbers)
        assert rows_csv(twice) == rows_csv(given)  # what was read again is not guarded twice


def test_the_vectors_of_a_table_come_back_with_their_names() -> None:
    from embeddings_core.export.rows import rows_projector
    from embeddings_core.spaces.files.opener import open_vectors

    vectors = np.random.default_rng(0).normal(size=(len(AWKWARD), 3)).astype(np.float32)
    labels = ["-5 °C", "warm"] * (len(AWKWARD) // 2)
    space = open_vectors(rows_projector(list(AWKWARD), vectors, labels=labels))
    assert space.items == AWKWARD and np.array_equal(space.vectors, vectors)
    assert space.groups == tuple(labels)


def test_a_guard_is_only_taken_off_where_every_cell_that_needs_one_has_it() -> None:
    """A file of others may hold an apostrophe before a dash and mean it: there a bare dash, or sign, stands beside it."""
    from embeddings_core.spaces.files.opener import open_vectors
    from embeddings_core.tables.reading import read_table
    from embeddings_core.tables.table import texts_of

    ours = read_table(b"text,n\n'-5 \xc2\xb0C,-1.5\n'tis,2\n''=1,3\n")
    assert texts_of(ours, "text") == ["-5 °C", "'tis", "'=1"]
    assert "2 cells begin with the apostrophe" in ours.notes[-1]
    theirs = read_table(b"text,n\n'-5 \xc2\xb0C,1\n-5 K,2\n'tis,3\n")
    assert texts_of(theirs, "text") == ["'-5 °C", "-5 K", "'tis"] and not theirs.notes
    assert open_vectors(b"1\t2\n3\t4\n5\t6\n", metadata=b"'-\n-\ncat\n").items == ("'-", "-", "cat")


def test_every_csv_that_is_offered_has_the_mark() -> None:
    """Whoever writes CSV, on a page or by the command, writes it through `for_spreadsheets`."""
    root = Path(__file__).resolve().parents[2]
    makers = re.compile(r"\b(?:vectors_csv|csv_table)\(")
    for file in (
        *(root / "pages").rglob("*.py"),
        root / "embeddings_core/__main__.py",
        root / "embeddings_core/export/rows.py",
    ):
        source = re.sub(r"\s+", "", file.read_text("utf-8"))
        made = len(makers.findall(file.read_text("utf-8")))
        marked = len(re.findall(r"for_spreadsheets\((?:vectors_csv|csv_table)\(", source))
        assert made == marked, file.name
