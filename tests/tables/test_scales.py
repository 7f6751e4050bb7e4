"""What a slider of a column runs over: its own ends leave nothing out, and others come back as they were chosen."""

import datetime

import pytest

from embeddings_core.tables.reading import read_table
from embeddings_core.tables.scales import Scale, scale_of

DAY = 86_400.0


def scale(cells: list[str]) -> Scale:
    lines = "\n".join(f"some words {n},{cell}" for n, cell in enumerate(cells))
    table = read_table(f"text,value\n{lines}\n".encode(), name="table.csv")
    return scale_of(table, table.column("value"))


def test_whole_numbers_fractions_and_days_have_their_own_steps() -> None:
    assert (scale(["3", "9", "41"]).unit, scale(["3", "9", "41"]).whole) == ("whole", (3, 41))
    small = scale(["0.00001", "0.00006", "0.00031"])
    assert (
        small.unit == "number" and small.step <= 3e-6 and small.whole[0] <= 1e-5 and small.whole[1] >= 31e-5
    )
    assert scale(["2024-02-03", "2024-05-01"]).whole == (datetime.date(2024, 2, 3), datetime.date(2024, 5, 1))
    assert scale(["1900-02-03", "9999-12-31"]).whole == (1900, 9999)  # a browser counts microseconds


@pytest.mark.parametrize(
    "cells",
    [["3", "9", "41"], ["0.5", "2.25", "7"], ["2024-02-03", "2024-05-01"], ["1900-02-03", "9999-12-31"]],
)
def test_the_whole_range_leaves_nothing_out_and_another_comes_back(cells: list[str]) -> None:
    own = scale(cells)
    assert own.chosen(own.whole) == (None, None) and own.shown(None, None) == own.whole
    low, _ = own.whole
    other = (low, low + (datetime.timedelta(days=1) if isinstance(low, datetime.date) else 1))
    assert own.shown(*own.chosen(other)) == other


def test_a_day_is_chosen_to_its_end() -> None:
    own = scale(["1970-01-01", "1970-01-31"])
    chosen = own.chosen((datetime.date(1970, 1, 2), datetime.date(1970, 1, 3)))
    assert chosen == (DAY, 3 * DAY - 1)
