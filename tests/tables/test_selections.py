"""Filters in the address, selections that are kept and compared, and the files of both."""

import base64
import io
import json
import zipfile
import zlib

import numpy as np
import pytest

from embeddings_core.export.rows import rows_csv, rows_jsonl, rows_projector, vectors_npy
from embeddings_core.limits import KEPT_ADDRESS_BYTES
from embeddings_core.tables.embedding import Basis, given_space, part_of
from embeddings_core.tables.filters import Filter, from_address, in_address, in_words, kept
from embeddings_core.tables.reading import read_table
from embeddings_core.tables.selections import (
    KeptSelection,
    as_colours,
    compared,
    rows_from_address,
    rows_in_address,
)
from embeddings_core.tables.table import Table

LINES = "".join(
    f'"the {"soup" if n % 2 else "room"} of day {n}",{"<b>food</b>" if n % 2 else "room"},{n / 2},2024-01-{n + 1:02},'
    f'"[{n}, 1, 2]"\n'
    for n in range(20)
)


@pytest.fixture(scope="module")
def table() -> Table:
    return read_table(f"review,label,price,day,v\n{LINES}".encode(), name="days.csv")


FILTERS = (
    Filter("label", ("<b>food</b>",)),
    Filter("price", low=2.0),
    Filter("price", high=7.5),
    Filter("day", low=86_400.0 * 19_730, high=86_400.0 * 19_735),
    Filter("review", text="Day 1"),
)


@pytest.mark.parametrize("each", FILTERS, ids=lambda each: f"{each.column}{each.low}{each.text}")
def test_a_filter_comes_back_from_the_address(table: Table, each: Filter) -> None:
    written = in_address(table, [each])
    again = from_address(table, written)
    assert again == (each,)
    assert (kept(table, again) == kept(table, [each])).all() and 0 < kept(table, again).sum() < len(table)
    assert "food" not in str(written)  # values of cells never stand in an address


def test_an_end_of_a_range_keeps_its_digits(table: Table) -> None:
    exact = Filter("price", low=1.5, high=9.00000000000123)
    assert from_address(table, in_address(table, [exact])) == (exact,)


def test_filters_are_told_in_words(table: Table) -> None:
    told = [in_words(table, each) for each in FILTERS]
    assert told == [
        "label is <b>food</b>", "price from 2", "price up to 7.5", "day 2024-01-08 to 2024-01-13", 'review holds "Day 1"',
    ]  # fmt: skip


@pytest.mark.parametrize(
    "written",
    [
        "",
        ":",
        "9:0",
        "1:",
        "1:99",
        "1:x",
        "2~a~b",
        "2~~",
        "2~nan~1",
        "0~1~2",
        "1=",
        "-1:0",
        "2:²",
        "99999999999:1",
        "4=x",
    ],
)
def test_an_address_that_does_not_fit_is_passed_over(table: Table, written: str) -> None:
    assert from_address(table, [written]) == ()


def test_two_selections_are_compared_by_counts_and_words(table: Table) -> None:
    odd = kept(table, [FILTERS[0]])
    late = kept(table, [Filter("price", low=5.0)])
    texts = [str(cell) for cell in table.rows.column("review").to_pylist()]
    found = compared(odd, late, texts)
    assert (found.both, found.first, found.second) == (5, 5, 5)
    assert [each.word for each in found.first_words] == ["soup"] and [
        each.word for each in found.second_words
    ] == ["room"]
    same = compared(odd, odd, texts)
    assert (same.both, same.first, same.second, same.first_words, same.second_words) == (10, 0, 0, (), ())


def test_kept_selections_are_colours(table: Table) -> None:
    found = as_colours(
        [KeptSelection("early", np.arange(4)), KeptSelection("both", np.array([3, 4, 99]))], 20
    )
    assert found.names == ("early", "both") and found.counts == (4, 2)
    assert found.groups.tolist() == [0, 0, 0, 1, 1, *[-1] * 15]


def test_files_give_the_rows_back(table: Table) -> None:
    rows = table.rows.slice(0, 3)
    lines = [json.loads(line) for line in rows_jsonl(rows).decode().splitlines()]
    assert lines[1] == {
        "review": "the soup of day 1",
        "label": "<b>food</b>",
        "price": 0.5,
        "day": "2024-01-02 00:00:00",
        "v": [1.0, 1.0, 2.0],
    }
    again = read_table(rows_jsonl(rows), name="rows.jsonl")
    assert again.rows.column("review").to_pylist() == rows.column("review").to_pylist()
    assert [column.kind for column in again.columns] == ["text", "text", "number", "date", "vector"]
    space = given_space(table, Basis("vector", "v"))
    assert (np.load(io.BytesIO(vectors_npy(space.vectors)), allow_pickle=False) == space.vectors).all()
    assert read_table(rows_csv(rows), name="rows.csv").rows.num_rows == 3


def test_no_file_runs_in_a_spreadsheet() -> None:
    packed = rows_projector(["=1+1", "", "plain"], np.eye(3, dtype=np.float32), labels=["+a", "b", "@c"])
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        lines = archive.read("metadata.tsv").decode().splitlines()
    assert lines[1:] == ["'=1+1\t'+a", "row 2\tb", "plain\t'@c"]


def test_a_part_of_a_space_is_drawn_alone(table: Table) -> None:
    space = given_space(table, Basis("vector", "v"))
    part = part_of(space, np.array([2, 5, 7]))
    assert part.rows.tolist() == [2, 5, 7] and part.vectors[:, 0].tolist() == [2, 5, 7]
    assert part_of(space, np.array([3])) is space


@pytest.mark.parametrize("n", [1, 9, 2_000, 300_000])
def test_rows_come_back_from_an_address(n: int) -> None:
    chance = np.random.default_rng(n)
    for rows in (
        np.array([n - 1]),
        np.arange(n),
        np.flatnonzero(chance.random(n) < 0.5),
        np.flatnonzero(chance.random(n) < 0.01),
    ):
        written = rows_in_address(rows, n)
        assert len(written) <= 4_000
        if written and len(rows):
            np.testing.assert_array_equal(rows_from_address(written, n), rows)
        else:
            assert n > 20_000 or not len(rows)


def test_longer_ones_are_written_where_there_is_room() -> None:
    rows = np.flatnonzero(np.random.default_rng(5).random(1_000_000) < 0.5)
    written = rows_in_address(rows, 1_000_000, most=KEPT_ADDRESS_BYTES)
    assert 4_000 < len(written) < KEPT_ADDRESS_BYTES and rows_from_address(written, 1_000_000) is None
    np.testing.assert_array_equal(rows_from_address(written, 1_000_000, most=KEPT_ADDRESS_BYTES), rows)


def test_rows_of_an_address_are_no_more_than_the_table_has() -> None:
    bomb = "b" + base64.urlsafe_b64encode(zlib.compress(bytes(1_000_000), 9)).decode()
    assert len(bomb) < 4_000 and rows_from_address(bomb, 100) is None
    assert rows_from_address("99-101", 100) is None and rows_from_address("1," * 3_000, 100) is None
