"""What other pages take of a table, and the talk that is made of it in one press."""

import io
import zipfile

import numpy as np
import pytest

from embeddings_core.tables import excerpts
from embeddings_core.tables.embedding import Basis, given_space
from embeddings_core.tables.excerpts import (
    left_out,
    picture_archive,
    sentences_of,
    sharing_a_word,
    text_to_learn_from,
    words_of,
)
from embeddings_core.tables.groups import table_groups
from embeddings_core.tables.health import findings
from embeddings_core.tables.opened import DrawnMap, draw
from embeddings_core.tables.questions import Categories, nothing_close_in
from embeddings_core.tables.reading import read_table
from embeddings_core.tables.samples import SAMPLES
from embeddings_core.tables.table import Table, texts_of, with_roles
from embeddings_core.talks.own_talk import OwnTalk, added
from embeddings_core.talks.table_talk import TableTalk
from embeddings_core.talks.talk_file import estimated_bytes

SAID = "".join(
    f'"the {"cold soup" if n % 3 else "quiet room"} was number {n} of the evening",{"food" if n % 3 else "=rooms"},w{n},'
    f'"[{n % 7}, {n}, 1]"\n'
    for n in range(40)
)


@pytest.fixture(scope="module")
def table() -> Table:
    return read_table(f"review,label,word,v\n{SAID}".encode(), name="evening.csv")


def every(table: Table) -> np.ndarray:
    return np.ones(len(table), dtype=bool)


def test_sentences_come_with_their_labels(table: Table) -> None:
    texts, labels = sentences_of(table, every(table))
    assert len(texts) == 40 and labels[texts[1]] == "food"
    assert [labels[text] for text in texts[:4]] == ["=rooms", "food", "food", "=rooms"]


def test_a_column_of_words_is_found(table: Table) -> None:
    chosen = every(table)
    chosen[:30] = False
    assert words_of(table, chosen) == tuple(f"w{n}" for n in range(30, 40))


def test_what_is_left_out_of_a_table_is_told_with_its_reasons() -> None:
    rows = "".join(f'"the soup was number {n % 250} of the evening",T-{n}\n' for n in range(298))
    table = read_table(f"note,ticket\n{rows},T-298\n".encode(), name="tickets.csv")
    texts, _ = sentences_of(table, every(table))
    assert len(texts) == 200
    assert left_out(table, every(table), len(texts), "note") == (
        "200 of 299 rows of tickets.csv are here: 1 have no note; 48 say the same as another; at most 200 are taken, "
        "spread evenly."
    )
    few = np.arange(len(table)) < 100
    assert len(sentences_of(table, few)[0]) == 100 and not left_out(table, few, 100, "note")


def test_numbers_of_tickets_are_no_words_where_there_are_words() -> None:
    animals = ("cat", "dog", "horse", "bird", "fish")
    rows = "".join(
        f"T-{n},{animals[n % 5]} {n % 9}th was here again today,{animals[n % 5]}\n" for n in range(40)
    )
    table = read_table(f"ticket,note,animal\n{rows}".encode(), name="tickets.csv")
    assert words_of(table, every(table)) == animals
    chosen = with_roles(table, {"ticket": "text", "note": "other"})
    assert words_of(chosen, every(chosen))[:2] == ("T-0", "T-1")


def test_sentences_share_the_word_that_is_asked_for_or_one_that_stands_out(table: Table) -> None:
    word, texts = sharing_a_word(table, every(table), word="SOUP")
    assert word == "soup" and len(texts) == 26 and all("soup" in text for text in texts)
    rooms = np.arange(40) % 3 == 0
    word, texts = sharing_a_word(table, rooms)
    assert word in ("room", "quiet") and len(texts) == 14
    assert sharing_a_word(table, np.zeros(40, dtype=bool)) == ("", ())


def test_a_text_to_learn_from_has_a_line_a_row(table: Table) -> None:
    text, told = text_to_learn_from(table, every(table))
    assert text.count("\n") == 39 and not told


def test_a_text_that_is_longer_than_a_training_reads_is_cut_and_told(
    monkeypatch: pytest.MonkeyPatch, table: Table
) -> None:
    monkeypatch.setattr(excerpts, "TRAINING_CHARACTERS", 100)
    text, told = text_to_learn_from(table, every(table))
    whole = len("\n".join(texts_of(table, "review")))
    assert len(text) == 100
    assert told == f"The first 100 of {whole:,} characters of evening.csv are here: a training reads no more."


def test_pictures_lie_in_folders_by_their_label() -> None:
    digits = next(sample for sample in SAMPLES if sample.id == "digits").read()
    chosen = np.zeros(len(digits), dtype=bool)
    chosen[:5] = True
    content, told = picture_archive(digits, chosen)
    assert not told
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == [f"{n}/row {n + 1}.png" for n in range(5)]
        assert archive.read("0/row 1.png").startswith(b"\x89PNG")
    assert picture_archive(digits, ~every(digits)) == (b"", "")
    many = picture_archive(digits, every(digits))[1]
    assert many.startswith(f"200 of {len(digits):,} pictures of ") and many.endswith(
        "the page takes no more."
    )


@pytest.mark.parametrize("which", ["own", "wines", "digits"])
def test_a_table_is_a_talk_of_six_scenes(which: str, table: Table) -> None:
    if which != "own":
        table = next(sample for sample in SAMPLES if sample.id == which).read()
    bases = {"own": Basis("vector", "v"), "wines": Basis("numbers"), "digits": Basis("vector", "pixels")}
    space = given_space(table, bases[which])
    projection, trust = draw(space.vectors, method="pca")
    texts = texts_of(table, "review") if which == "own" else []
    found = table_groups(space.vectors, texts=texts)
    counts = tuple(np.bincount(found.labels).tolist())
    talk = TableTalk(
        table, space, DrawnMap(space.rows, projection, trust, "map"), Categories(found.names, counts, found.labels),
        findings(space.vectors, rows=space.rows, texts=texts), "./data?table=x",
    ).scenes()  # fmt: skip
    assert len(talk) == 6 and all(scene.slide.sentence and scene.slide.page_link for scene in talk)
    assert talk[0].slide.sentence.startswith(f"{len(table):,} rows of ")
    assert "groups stand out" in talk[1].slide.sentence
    assert talk[5].questions and talk[5].ask == 0 and len(talk[5].slide.scene.points.items) <= 120
    assert estimated_bytes(added(OwnTalk(), *talk)) < 4_000_000


def test_a_question_that_is_farther_from_all_rows_than_these_are_from_each_other_is_told(
    table: Table,
) -> None:
    space = given_space(table, Basis("vector", "v"))
    near, far = np.array([1.0, 0.9], dtype=np.float32), np.array([0.2, 0.1], dtype=np.float32)
    assert nothing_close_in(space, far, "blorf").startswith(
        'Nothing here is close to "blorf": 99 of 100 rows have a nearer neighbour than its nearest row.'
    )
    assert not nothing_close_in(space, near, "soup")
