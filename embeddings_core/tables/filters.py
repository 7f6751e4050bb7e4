"""Filters of a table's rows: by values, range, date and text; and how an address holds them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings_core.tables.table import NO_LABEL, Table, number_text, numbers_of, texts_of

Mask = NDArray[np.bool_]
VALUES = 200  # values that a filter offers
NAMED = 3  # values that its chip names
DAY = 86_400.0  # seconds
PLACE_AND_VALUES, PLACE_AND_RANGE, PLACE_AND_TEXT = ":", "~", "="


@dataclass(frozen=True)
class Filter:
    """Rows to keep: those with one of the `values`, in the range from `low` to `high` (ends included), or holding the `text`."""

    column: str
    values: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    text: str = ""


def kept(table: Table, filters: Sequence[Filter]) -> Mask:
    """Return which rows (n,) pass all filters; a row with an empty cell passes no range and no text of its column."""
    mask = np.ones(len(table), dtype=bool)
    for each in filters:
        column = table.column(each.column)
        if each.values:
            allowed = set(each.values)
            mask &= np.array(
                [(text or NO_LABEL) in allowed for text in texts_of(table, each.column)], dtype=bool
            )
        elif each.text:
            wanted = each.text.casefold()
            mask &= np.array([wanted in text.casefold() for text in texts_of(table, each.column)], dtype=bool)
        elif column.kind in ("number", "date"):
            numbers = numbers_of(table, each.column)
            with np.errstate(invalid="ignore"):
                mask &= (numbers >= (-np.inf if each.low is None else each.low)) & (
                    numbers <= (np.inf if each.high is None else each.high)
                )
    return mask


def values_of(table: Table, name: str) -> list[str]:
    """Return the values of a column that a filter offers, the most frequent first."""
    values, counts = np.unique(
        np.array([text or NO_LABEL for text in texts_of(table, name)], dtype=object), return_counts=True
    )
    return [str(value) for value in values[np.argsort(-counts, kind="stable")][:VALUES]]


def day_of(seconds: float) -> str:
    """Write a moment in seconds since 1970 as its day.

    >>> day_of(86_400.0)
    '1970-01-02'
    """
    return str(np.datetime64(int(seconds), "s").astype("datetime64[D]"))


def in_words(table: Table, each: Filter) -> str:
    """Say what a filter keeps, as its chip does."""
    if each.values:
        more = f" and {len(each.values) - NAMED} more" if len(each.values) > NAMED else ""
        return f"{each.column} is {' or '.join(each.values[:NAMED])}{more}"
    if each.text:
        return f'{each.column} holds "{each.text}"'
    write = day_of if table.column(each.column).kind == "date" else number_text
    ends = [None if end is None else write(end) for end in (each.low, each.high)]
    if ends[0] is None:
        return f"{each.column} up to {ends[1]}"
    return f"{each.column} from {ends[0]}" if ends[1] is None else f"{each.column} {ends[0]} to {ends[1]}"


def in_address(table: Table, filters: Sequence[Filter]) -> list[str]:
    """Write filters as an address holds them: columns by their place, values by theirs among the most frequent, never as they are.

    What somebody typed, an end of a range or a text, stands there as it is.
    """
    written = []
    for each in filters:
        place = table.names.index(each.column)
        if each.values:
            offered = values_of(table, each.column)
            numbers = ",".join(str(offered.index(value)) for value in each.values if value in offered)
            written.append(f"{place}{PLACE_AND_VALUES}{numbers}")
        elif each.text:
            written.append(f"{place}{PLACE_AND_TEXT}{each.text}")
        else:
            ends = ["" if end is None else f"{end:.10g}" for end in (each.low, each.high)]
            written.append(f"{place}{PLACE_AND_RANGE}{ends[0]}{PLACE_AND_RANGE}{ends[1]}")
    return written


def from_address(table: Table, written: Sequence[str]) -> tuple[Filter, ...]:
    """Read filters from an address; what does not fit the table is passed over, for anybody can write an address."""
    found = (_read(table, each) for each in written[: len(table.names)])
    return tuple(each for each in found if each is not None)


def _read(table: Table, written: str) -> Filter | None:
    digits = len(written) - len(written.lstrip("0123456789"))
    if not 0 < digits < min(len(written), 6) or int(written[:digits]) >= len(table.names):
        return None
    column, sign, rest = table.columns[int(written[:digits])], written[digits], written[digits + 1 :]
    if sign == PLACE_AND_TEXT and column.kind == "text" and rest:
        return Filter(column.name, text=rest[:300])
    if sign == PLACE_AND_VALUES:
        offered = values_of(table, column.name)
        places = [
            int(part) for part in rest.split(",") if part.isascii() and part.isdigit() and len(part) < 5
        ]
        values = tuple(offered[place] for place in places if place < len(offered))
        return Filter(column.name, values) if values else None
    if sign == PLACE_AND_RANGE and column.kind in ("number", "date"):
        try:
            ends = [None if part == "" else float(part) for part in rest.split(PLACE_AND_RANGE)]
        except ValueError:
            return None
        good = (
            len(ends) == 2
            and any(end is not None for end in ends)
            and all(np.isfinite(end or 0) for end in ends)
        )
        return Filter(column.name, (), ends[0], ends[1]) if good else None
    return None
