"""Filters of the rows: asked for in a menu, shown as chips that can be taken away, and kept in the address."""

import datetime
import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import streamlit as st

from embeddings_core.spaces.texts import clean
from embeddings_core.tables.filters import DAY, Filter, day_of, from_address, in_address, in_words, values_of
from embeddings_core.tables.table import Column, Table, numbers_of, remembered
from pages._ui import own_tables, state
from pages._ui.panels import plain_label

FILTERS = "filter"  # in the address
OFFERED = 12  # columns that the menu begins with; others are added to it by name
SAFE = 2.0**53  # beyond it a browser rounds whole numbers
STEPS = 200  # of a slider, at least
MOST_PLACES = 8  # digits behind the point, beyond which powers of ten are written
ROLES = ("label", "number", "date", "x", "y", "text", "id")


def _key(table: Table, column: Column) -> str:
    return f"{FILTERS}-{state.text(own_tables.TABLE)}-{table.names.index(column.name)}"


@dataclass(frozen=True)
class Scale:
    """What a slider of a column runs over: whole numbers, numbers, days, or years where some days are too far for a slider."""

    unit: Literal["whole", "number", "day", "year"]
    low: float
    high: float
    step: float = 1.0

    def shown(self, low: float | None, high: float | None) -> tuple[Any, Any]:
        """Return the ends of a range (numbers, or seconds since 1970) as the slider has them; None is its own end."""
        begin, end = self.whole
        if low is not None:
            begin = self._as_shown(min(max(low, self.low), self.high))
        if high is not None:
            end = self._as_shown(min(max(high, self.low), self.high))
        return min(begin, end), max(begin, end)

    def _as_shown(self, end: float) -> Any:
        if self.unit == "number":
            return end
        if self.unit == "whole":
            return int(end)
        return _day(end).year if self.unit == "year" else _day(end)

    @property
    def whole(self) -> tuple[Any, Any]:
        """The ends of the slider; those of fractions lie where steps lead."""
        if self.unit != "number":
            return self._as_shown(self.low), self._as_shown(self.high)
        places = max(self._places, 0)
        below, above = math.floor(self.low / self.step), math.ceil(self.high / self.step)
        return round(below * self.step, places), round(above * self.step, places)

    @property
    def _places(self) -> int:
        return -round(math.log10(self.step))

    def chosen(self, ends: tuple[Any, Any]) -> tuple[float | None, float | None]:
        """Return the ends of the range that a slider stands at; None at its own ends, beyond which nothing is left out."""
        low, high = ends
        if self.unit == "year":
            low, high = datetime.date(low, 1, 1), datetime.date(high, 12, 31)
        found = [_seconds(end) if isinstance(end, datetime.date) else float(end) for end in (low, high)]
        if isinstance(high, datetime.date):
            found[1] += DAY - 1
        least, most = self.whole
        return None if ends[0] == least else found[0], None if ends[1] == most else found[1]

    @property
    def form(self) -> dict[str, Any]:
        """Return step and format of the slider."""
        if self.unit != "number":
            return {} if self.unit == "day" else {"step": 1}
        few = 0 <= self._places <= MOST_PLACES
        return {"step": self.step, "format": f"%.{self._places}f" if few else "%.6g"}


def _scale(table: Table, column: Column) -> Scale:
    def find() -> Scale:
        numbers = numbers_of(table, column.name)
        numbers = numbers[np.isfinite(numbers)]
        low, high = float(numbers.min()), float(numbers.max())
        if column.kind == "date":
            near = max(abs(low), abs(high)) * 1e6 < SAFE  # a slider counts microseconds since 1970
            return Scale("day" if near else "year", low, high)
        if max(abs(low), abs(high)) < SAFE and bool((numbers == np.round(numbers)).all()):
            return Scale("whole", low, high)
        fine = 10.0 ** math.floor(math.log10((high / 2 - low / 2) / (STEPS / 2))) if high > low else 1.0
        return Scale("number", low, high, fine)

    return remembered(table, ("scale", column.name), find)


def _day(seconds: float) -> datetime.date:
    return datetime.date.fromisoformat(day_of(seconds))


def _seconds(day: datetime.date) -> float:
    return float(np.datetime64(day).astype("datetime64[s]").astype(np.int64))


def _possible(table: Table) -> list[Column]:
    """Return the columns that can be filtered by, those that most people ask for first."""
    columns = [
        column for column in table.columns
        if column.kind in ("text", "number", "date")
        and (column.distinct > 1 or (column.distinct and column.role == "label" and column.filled < len(table)))
    ]  # fmt: skip
    columns = [
        column for column in columns
        if column.role == "label" or column.kind == "text" or len(set(_scale(table, column).whole)) > 1
    ]  # fmt: skip
    return sorted(columns, key=_rarely)


def _rarely(column: Column) -> tuple[bool, bool]:
    return column.role not in ROLES, column.kind == "text" and column.role != "label"


def _added_key(table: Table) -> str:
    return f"{FILTERS}-added-{table.source}"


def _offered(table: Table) -> list[Column]:
    """Ask which columns the menu has beyond the first, and return all that it has, the added ones first."""
    possible = _possible(table)
    others = {column.name: column for column in possible[OFFERED:]}
    if not others:
        return possible
    added = st.multiselect(
        f"{len(others):,} more column{'s' if len(others) > 1 else ''}", list(others), key=_added_key(table),
        placeholder="add one to this menu",
    )  # fmt: skip
    return [*(others[name] for name in added), *possible[:OFFERED]]


def filters(table: Table) -> tuple[Filter, ...]:
    """Ask for filters in a menu and return those in force; the address holds them."""
    _from_address(table)
    found: list[Filter] = []
    with st.popover("Filter", width="content"):
        columns = _offered(table)
        if not columns:
            st.text("This table has no column to filter by.")
        for column in columns:
            if (each := _asked(table, column)) is not None:
                found.append(each)
    if found:
        st.query_params[FILTERS] = in_address(table, found)
    else:
        st.query_params.pop(FILTERS, None)
    return tuple(found)


def _from_address(table: Table) -> None:
    """Let the menus begin with what the address says: once a table, and after a step through the browser's history."""
    if state.held("filters-read") == table.source and not state.returning(FILTERS):
        return
    state.returned(FILTERS)
    state.put("filters-read", table.source)
    said = {each.column: each for each in from_address(table, st.query_params.get_all(FILTERS))}
    possible = _possible(table)
    if added := [column.name for column in possible[OFFERED:] if column.name in said]:
        state.put(_added_key(table), added)
    for column in possible:
        key = _key(table, column)
        if (each := said.get(column.name)) is None:
            state.forget(key)
        elif column.role == "label":
            state.put(key, list(each.values))
        elif each.text:
            state.put(key, each.text)
        elif column.kind in ("number", "date") and not each.values:
            state.put(key, _scale(table, column).shown(each.low, each.high))


def _asked(table: Table, column: Column) -> Filter | None:
    key = _key(table, column)
    if column.role == "label":
        values = st.multiselect(
            plain_label(column.name), values_of(table, column.name), key=key, placeholder="all"
        )
        return Filter(column.name, tuple(values)) if values else None
    if column.kind == "text":
        text = clean(
            st.text_input(plain_label(column.name), key=key, placeholder="holds these letters", max_chars=300)
            or ""
        )
        return Filter(column.name, text=text) if text else None
    scale = _scale(table, column)
    given = {} if state.held(key) is not None else {"value": scale.whole}
    chosen = st.slider(plain_label(column.name), *scale.whole, key=key, **given, **scale.form)  # type: ignore[call-overload]
    low, high = scale.chosen(chosen)
    return None if low is None and high is None else Filter(column.name, (), low, high)


def chips(table: Table, found: tuple[Filter, ...]) -> None:
    """Show filters as chips; a click takes one away."""
    for each in found:
        column = table.column(each.column)
        st.button(
            f"{plain_label(in_words(table, each)[:60])}  ×", key=f"chip-{table.names.index(each.column)}", on_click=_away,
            args=(table, column), help="Take this filter away",
        )  # fmt: skip


def _away(table: Table, column: Column) -> None:
    key = _key(table, column)
    if column.role == "label":
        state.put(key, [])
    elif column.kind == "text":
        state.put(key, "")
    else:
        state.put(key, _scale(table, column).whole)
