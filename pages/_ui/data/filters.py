"""Filters of the rows: asked for in a menu, shown as chips that can be taken away, and kept in the address."""

import datetime

import numpy as np
import streamlit as st

from embeddings_core.spaces.texts import clean
from embeddings_core.tables.filters import DAY, Filter, day_of, from_address, in_address, in_words, values_of
from embeddings_core.tables.table import Column, Table, numbers_of
from pages._ui import own_tables, state
from pages._ui.panels import plain_label

FILTERS = "filter"  # in the address
OFFERED = 12  # columns of the menu
ROLES = ("label", "number", "date", "x", "y", "text", "id")


def _key(table: Table, column: Column) -> str:
    return f"{FILTERS}-{state.text(own_tables.TABLE)}-{table.names.index(column.name)}"


def _extent(table: Table, column: Column) -> tuple[float, float]:
    numbers = numbers_of(table, column.name)
    return float(np.nanmin(numbers)), float(np.nanmax(numbers))


def _ends(column: Column, low: float, high: float) -> tuple[object, object]:
    """Return the ends of a slider: days of dates, numbers of numbers."""
    return (_day(low), _day(high)) if column.kind == "date" else (low, high)


def _day(seconds: float) -> datetime.date:
    return datetime.date.fromisoformat(day_of(seconds))


def _offered(table: Table) -> list[Column]:
    columns = [column for column in table.columns if column.role in ROLES and column.distinct > 1]
    columns = [
        column for column in columns
        if column.role == "label" or column.kind == "text" or np.ptp(_ends_as_numbers(table, column)) > 0
    ]  # fmt: skip
    return sorted(columns, key=lambda column: column.kind == "text" and column.role != "label")[:OFFERED]


def _ends_as_numbers(table: Table, column: Column) -> tuple[float, float]:
    low, high = _extent(table, column)
    return (low // DAY, high // DAY) if column.kind == "date" else (low, high)


def filters(table: Table) -> tuple[Filter, ...]:
    """Ask for filters in a menu and return those in force; the address holds them."""
    columns = _offered(table)
    _from_address(table)
    found: list[Filter] = []
    with st.popover("Filter", width="content"):
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
    for column in _offered(table):
        key = _key(table, column)
        if (each := said.get(column.name)) is None:
            state.forget(key)
        elif column.role == "label":
            state.put(key, list(each.values))
        elif each.text:
            state.put(key, each.text)
        elif column.kind in ("number", "date") and not each.values:
            low, high = _extent(table, column)
            ends = (low if each.low is None else each.low, high if each.high is None else each.high)
            low, high = (float(np.clip(end, low, high)) for end in sorted(ends))
            state.put(key, _ends(column, low, high))


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
    low, high = _extent(table, column)
    whole = _ends(column, low, high)
    given = {} if state.held(key) is not None else {"value": whole}
    chosen = st.slider(plain_label(column.name), *whole, key=key, **given)  # type: ignore[call-overload]
    if tuple(chosen) == whole:
        return None
    if column.kind == "date":
        begin, end = (float(np.datetime64(day).astype("datetime64[s]").astype(np.int64)) for day in chosen)
        return Filter(
            column.name,
            (),
            None if chosen[0] == whole[0] else begin,
            None if chosen[1] == whole[1] else end + DAY - 1,
        )
    return Filter(
        column.name,
        (),
        None if chosen[0] == low else float(chosen[0]),
        None if chosen[1] == high else float(chosen[1]),
    )


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
        state.put(key, _ends(column, *_extent(table, column)))
