"""Filters of a table's rows: by values, range, date and text; and how an address holds them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from embeddings_core.errors import BadInputError, requires
from embeddings_core.tables.table import (
    NO_LABEL,
    Table,
    coded,
    number_text,
    numbers_of,
    remembered,
    stretches,
)

Mask = NDArray[np.bool_]
VALUES = 200  # values that a filter offers
NAMED = 3  # values that its chip names
DAY = 86_400.0  # seconds
NO_PATTERN = "/{}/ is no regular expression; take the slashes away to search for it as it is."
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
            texts, codes = coded(table, each.column)
            allowed = np.array([text in each.values for text in (*texts, NO_LABEL)], dtype=bool)
            mask &= allowed[codes]  # −1 is the last
        elif each.text:
            mask &= holds(table, each.text, (each.column,))
        elif column.kind in ("number", "date"):
            numbers = numbers_of(table, each.column)
            with np.errstate(invalid="ignore"):
                mask &= (numbers >= (-np.inf if each.low is None else each.low)) & (
                    numbers <= (np.inf if each.high is None else each.high)
                )
    return mask


def values_of(table: Table, name: str) -> list[str]:
    """Return the values of a column that a filter offers, the most frequent first."""
    return remembered(table, ("values", name), lambda: _values(table, name))


def _values(table: Table, name: str) -> list[str]:
    texts, codes = coded(table, name)
    counts = np.bincount(codes + 1, minlength=len(texts) + 1)
    found = Counter({NO_LABEL: int(counts[0])})
    found.update(dict(zip(texts, counts[1:].tolist(), strict=True)))  # a cell may say so, too
    return [text for text in sorted(found, key=lambda text: (-found[text], text))[:VALUES] if found[text]]


def extent(table: Table, name: str) -> tuple[float, float]:
    """Return the least and the greatest number of a column, of dates in seconds since 1970."""

    def find() -> tuple[float, float]:
        numbers = numbers_of(table, name)
        return float(np.nanmin(numbers)), float(np.nanmax(numbers))

    return remembered(table, ("extent", name), find)


def holds(table: Table, text: str, names: Sequence[str], *, pattern: bool = False) -> Mask:
    """Return which rows (n,) hold a text in one of these columns, capitals aside; with `pattern` a regular expression (RE2).

    Raises BadInputError where that is none.
    """
    requires("pyarrow")
    import pyarrow as pa
    import pyarrow.compute as pc

    look = pc.match_substring_regex if pattern else pc.match_substring
    parts = [np.zeros(0, dtype=bool)]
    for rows in stretches(table, names) if names else ():
        mask = np.zeros(rows.num_rows, dtype=bool)
        for cells in rows.columns:
            try:
                found = look(cells, text, ignore_case=True)
            except pa.ArrowInvalid as error:
                raise BadInputError(NO_PATTERN.format(text[:40])) from error
            mask |= np.asarray(found.fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)
        parts.append(mask)
    return np.concatenate(parts) if names else np.zeros(len(table), dtype=bool)


def told_of_pattern(pattern: str) -> str:
    """Say that a regular expression (RE2) is none; "" where it is one."""
    requires("pyarrow")
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        pc.match_substring_regex(pa.array([""]), pattern)
    except pa.ArrowInvalid:
        return NO_PATTERN.format(pattern[:40])
    return ""


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
            ends = ["" if end is None else _exact(end) for end in (each.low, each.high)]
            written.append(f"{place}{PLACE_AND_RANGE}{ends[0]}{PLACE_AND_RANGE}{ends[1]}")
    return written


def _exact(end: float) -> str:
    """Write a number as short as it comes back the same: a range that lost digits would lose the row at its end."""
    short = f"{end:.10g}"
    return short if float(short) == end else repr(end)


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
