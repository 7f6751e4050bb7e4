"""The space of a table: what is embedded is kept, what can not be is told; and the questions asked of it."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from embeddings_core.errors import BadInputError, JobError
from embeddings_core.maps.projection import Projection
from embeddings_core.spaces.vectors import FloatArray
from embeddings_core.tables import kept_maps, store
from embeddings_core.tables.embedding import (
    Basis,
    TableSpace,
    bases,
    embed_table,
    embed_texts,
    filled_texts,
    given_space,
    missing_texts,
)
from embeddings_core.tables.filters import Filter, kept
from embeddings_core.tables.health import findings
from embeddings_core.tables.opened import DrawnMap
from embeddings_core.tables.questions import (
    categories,
    holding,
    near,
    ramp,
    stand_out,
)
from embeddings_core.tables.reading import read_table
from embeddings_core.tables.samples import SAMPLES
from embeddings_core.tables.table import Table

REVIEWS = read_table(
    b"text,label,stars\n"
    + b"".join(
        f"{subject} was {word} indeed {n},{subject},{n % 5 + 1}\n".encode()
        for n, (subject, word) in enumerate(
            [("soup", "tasty"), ("room", "clean"), ("soup", "salty"), ("room", "small")] * 10
        )
    )
)


class Letters:
    """An encoder that counts letters, and remembers what it read."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        self.read += items
        return np.array([[item.count(letter) for letter in "aeiost"] for item in items], dtype=np.float32)


def test_a_text_is_embedded_once() -> None:
    first, second = Letters(), Letters()
    vectors = embed_texts(["one", "two", "one", "three"], "letters", encoder=first)
    assert sorted(first.read) == ["one", "three", "two"]
    again = embed_texts(["three", "four", "one"], "letters", encoder=second)
    assert second.read == ["four"]
    np.testing.assert_array_equal(again[[0, 2]], vectors[[3, 0]])
    assert missing_texts(["one", "five"], "letters") == 1
    assert missing_texts(["one", "five"], "another model") == 2


def test_a_stop_keeps_what_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embeddings_core.tables.embedding.CHUNK", 10)
    texts = [f"text {n:03}" for n in range(50)]
    asked = iter([False, False, True])
    with pytest.raises(JobError, match="Stopped after 20 of 50"):
        embed_texts(texts, "letters", encoder=Letters(), should_stop=lambda: next(asked))
    rest, told = Letters(), []
    embed_texts(texts, "letters", encoder=rest, progress=lambda done, total: told.append((done, total)))
    assert len(rest.read) == 30
    assert told[0] == (20, 50) and told[-1] == (50, 50)


def test_the_store_tells_nobody_what_was_read(own_folder: Path) -> None:
    embed_texts(["a secret of somebody"], "letters", encoder=Letters())
    kept = [path for path in own_folder.rglob("*") if path.is_file()]
    assert kept and not any(b"secret" in path.read_bytes() for path in kept)


def test_a_damaged_or_full_store_is_no_error(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embed_texts(["one", "two"], "letters", encoder=Letters())
    [file] = own_folder.rglob("*.vectors")
    whole = file.read_bytes()
    file.write_bytes(whole[:-7])  # killed, or out of room, in the middle of a record
    assert missing_texts(["one", "two"], "letters") == 1
    again = Letters()
    embed_texts(["one", "two", "three"], "letters", encoder=again)
    assert len(again.read) == 2 and not missing_texts(["one", "two", "three"], "letters")
    file.with_name("6-damaged.vectors").write_bytes(b"no vectors" * 100)
    file.with_name("damaged.vectors").write_bytes(b"no vectors")
    assert store.recall(["one"], model="letters")["one"].tolist() == [0, 1, 0, 1, 0, 0]
    assert not store.not_kept(["one", "one"], model="letters")
    (own_folder / "a file").write_text("")
    monkeypatch.setattr("embeddings_core.tables.store.cache_folder", lambda: own_folder / "a file")
    assert embed_texts(["one"], "letters", encoder=Letters()).shape == (1, 6)
    assert "can not be written" in store.not_kept(["one"], model="letters")


def test_the_vectors_used_longest_ago_give_way(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embeddings_core.tables.store.STORED_FILE_BYTES", 400)
    monkeypatch.setattr("embeddings_core.tables.store.STORED_BYTES", 1_200)
    for n in range(12):  # files of ten records of 40 bytes
        texts = [f"{n} {m}" for m in range(10)]
        assert store.keep(texts, np.full((10, 6), n, np.float32), model="letters")
        for age, file in enumerate(
            sorted(own_folder.rglob("*.vectors"), key=lambda each: each.stat().st_mtime_ns)
        ):
            os.utime(file, (1_000 + age, 1_000 + age))
    assert sum(file.stat().st_size for file in own_folder.rglob("*.vectors")) <= 1_200
    assert store.known(["11 3", "11 4"], model="letters") == 2 and not store.known(["0 3"], model="letters")


def test_a_map_is_kept_and_a_damaged_one_drawn_again(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings_core.tables.kept_maps.cache_folder", lambda: own_folder)
    monkeypatch.setattr("embeddings_core.tables.kept_maps.FEWEST", 3)
    frames = np.arange(24, dtype=np.float32).reshape(3, 4, 2)
    made = Projection(frames, ("a", "b", "c"), "umap", "recorded", note="so", settings=(("seed", "0"),))
    assert kept_maps.recall("one") is None
    assert kept_maps.keep(DrawnMap(np.array([1, 2, 4, 5]), made, 0.5, "one"))
    found = kept_maps.recall("one")
    assert found is not None and found.rows.tolist() == [1, 2, 4, 5] and found.trust == 0.5
    np.testing.assert_array_equal(found.projection.frames, frames)
    assert (found.projection.settings, found.projection.explained) == ((("seed", "0"),), None)
    [file] = own_folder.rglob("*.npz")
    file.write_bytes(file.read_bytes()[:100])
    assert kept_maps.recall("one") is None
    monkeypatch.setattr("embeddings_core.tables.kept_maps.cache_folder", lambda: file)
    assert not kept_maps.keep(DrawnMap(np.array([1, 2, 4, 5]), made, 0.5, "two"))


def test_a_table_is_embedded_with_its_labels() -> None:
    found = embed_table(REVIEWS, label="label", model="letters", encoder=Letters())
    assert len(found) == 40 and found.groups is not None and found.groups[:2] == ("soup", "room")
    with pytest.raises(BadInputError, match="no column"):
        embed_table(REVIEWS, text="nothing", encoder=Letters(), model="letters")


def test_rows_without_text_are_counted() -> None:
    table = read_table(b"text,n\nsome words,1\n,2\n  ,3\nmore words,4\n")
    rows, texts, notes = filled_texts(table, "text")
    assert rows.tolist() == [0, 3] and texts == ["some words", "more words"]
    assert notes == ('2 rows have no text in "text" and are left out (row 2 first).',)


def test_what_a_table_can_make_a_map_of() -> None:
    assert [basis.kind for basis in bases(REVIEWS)] == ["text"]
    places = read_table(b"word,x,y\na cat,1,2\na dog,3,4\n,5,\n")
    assert [basis.kind for basis in bases(places)] == ["places", "text"]
    space = given_space(places, Basis("places"))
    assert space.vectors.tolist() == [[1, 2], [3, 4]]
    assert space.notes == ("1 row has no place and is left out (row 3).",)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.id)
def test_samples_are_real_tables(sample: object) -> None:
    table: Table = sample.read()  # type: ignore[attr-defined]
    assert len(table) > 100 and bases(table) and table.notes


def test_standardised_numbers_have_no_units() -> None:
    wines = SAMPLES[2].read()
    space = given_space(wines, Basis("numbers"))
    np.testing.assert_allclose(space.vectors.std(axis=0), 1, atol=1e-4)


def test_search_and_filters_are_those_of_pandas() -> None:
    import pandas as pd

    frame = REVIEWS.rows.to_pandas()
    assert holding(REVIEWS, "SOUP").tolist() == frame["text"].str.contains("soup").tolist()
    assert holding(REVIEWS, "/ta.ty|small/").tolist() == frame["text"].str.contains("ta.ty|small").tolist()
    with pytest.raises(BadInputError, match="no regular expression"):
        holding(REVIEWS, "/[a/")
    mask = kept(REVIEWS, [Filter("label", ("soup",)), Filter("stars", low=2, high=3)])
    pd.testing.assert_series_equal(
        pd.Series(mask), (frame["label"] == "soup") & frame["stars"].between(2, 3), check_names=False
    )


def test_the_twenty_most_frequent_and_other() -> None:
    lines = "".join(f"text {n},c{min(n % 40, n % 7 + n % 40)}\n" for n in range(400))
    table = read_table(f"text,label\n{lines}".encode())
    found = categories(table, "label")
    frame = table.rows.to_pandas()["label"].value_counts()
    assert len(found.names) == 21 and found.names[-1] == "other"
    assert sum(found.counts) == 400
    assert list(found.counts[:20]) == sorted(frame, reverse=True)[:20]


def test_a_ramp_clips_and_takes_logarithms() -> None:
    values = [1.0] * 5 + [10.0, 100.0, 1000.0, 10_000.0]
    table = read_table(("text,n\n" + "".join(f"words {n},{v}\n" for n, v in enumerate(values))).encode())
    found = ramp(table, "n")
    assert (found.low, found.high, found.logarithmic) == (1.0, 10_000.0, True)
    np.testing.assert_allclose(found.places[5:], [0.25, 0.5, 0.75, 1.0], atol=1e-6)


def test_dates_and_numbers_with_a_zero_have_no_logarithms() -> None:
    lines = "".join(f"words {n},{0 if n == 7 else 1 + n * n},{1970 + n % 50}-01-02\n" for n in range(200))
    table = read_table(f"text,n,day\n{lines}".encode())
    assert not ramp(table, "n").logarithmic and ramp(table, "n").high > 1_000 * ramp(table, "n").low > 0
    day = ramp(table, "day")
    assert not day.logarithmic and day.high > 1_000 * day.low > 0
    assert day.places[25] == pytest.approx(25 / 49, abs=0.01)


def test_words_that_stand_out() -> None:
    texts = ["the soup was hot", "the soup was cold", "the room was hot", "the bed was soft"] * 3
    chosen = np.array(["soup" in text for text in texts])
    words = [each.word for each in stand_out(texts, chosen)]
    assert words[0] == "soup" and "room" not in words and "the" not in words[:2]
    assert stand_out(texts, np.zeros(12, bool)) == ()


def test_health_finds_what_was_planted() -> None:
    rng = np.random.default_rng(0)
    vectors = np.concatenate([rng.normal(size=(40, 16)) + 8 * np.eye(16)[group] for group in (0, 1)])
    labels = ["a"] * 40 + ["b"] * 40
    vectors[5] = vectors[6]
    vectors[10] = -30.0 * np.eye(16)[9]
    labels[50] = "a"
    found = {
        each.title: each
        for each in findings(vectors.astype(np.float32), rows=np.arange(100, 180), labels=labels)
    }
    assert set(found["Copies"].rows) == {105, 106}
    assert found["Outliers"].rows[0] == 110
    assert found["Labels that disagree"].rows == (150,)


def test_near_rows_leave_the_row_itself_out() -> None:
    space = TableSpace(
        np.array([3, 7, 9]), np.array([[1, 0], [1, 0.1], [0, 1]], np.float32), Basis("vector", "v")
    )
    rows, scores = near(space, 3, k=2)
    assert rows.tolist() == [7, 9] and scores[0] > 0.99
    assert near(space, 4)[0].tolist() == []
