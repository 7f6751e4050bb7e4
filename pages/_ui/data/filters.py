"""Filters of the rows: asked for in a menu, shown as chips that can be taken away, and kept in the address."""

import streamlit as st

from embeddings_core.spaces.texts import clean
from embeddings_core.tables.filters import Filter, from_address, in_address, in_words, values_of
from embeddings_core.tables.scales import scale_of
from embeddings_core.tables.table import Column, Table
from pages._ui import own_tables, state
from pages._ui.panels import plain_label

FILTERS = "filter"  # in the address
OFFERED = 12  # columns that the menu begins with; others are added to it by name
ROLES = ("label", "number", "date", "x", "y", "text", "id")

TURNS = "filter-turns"  # how often each filter was taken away, or set by an address


def _key(table: Table, column: Column | None = None) -> str:
    """Return the key of a filter in the menu, or without a column that of the list of further columns.

    It is another one after each change from outside the menu: the browser keeps what a closed menu held, and sends that
    with the next click.
    """
    which = "added" if column is None else table.names.index(column.name)
    name = f"{FILTERS}-{state.text(own_tables.TABLE)}-{which}"
    return f"{name}-{_turns().get(name, 0)}"


def _turns() -> dict[str, int]:
    return state.kept(TURNS, dict[str, int])


def _renewed(table: Table, column: Column | None = None) -> str:
    """Return the key of a filter that begins anew."""
    name = _key(table, column).rpartition("-")[0]
    state.put(TURNS, {**_turns(), name: _turns().get(name, 0) + 1})
    return _key(table, column)


def _possible(table: Table) -> list[Column]:
    """Return the columns that can be filtered by, those that most people ask for first."""
    columns = [
        column for column in table.columns
        if column.kind in ("text", "number", "date")
        and (column.distinct > 1 or (column.distinct and column.role == "label" and column.filled < len(table)))
    ]  # fmt: skip
    columns = [
        column for column in columns
        if column.role == "label" or column.kind == "text" or len(set(scale_of(table, column).whole)) > 1
    ]  # fmt: skip
    return sorted(columns, key=_rarely)


def _rarely(column: Column) -> tuple[bool, bool]:
    return column.role not in ROLES, column.kind == "text" and column.role != "label"


def _offered(table: Table) -> list[Column]:
    """Ask which columns the menu has beyond the first, and return all that it has, the added ones first."""
    possible = _possible(table)
    others = {column.name: column for column in possible[OFFERED:]}
    if not others:
        return possible
    added = st.multiselect(
        f"{len(others):,} more column{'s' if len(others) > 1 else ''}", list(others), key=_key(table),
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
        state.put(_renewed(table), added)
    for column in possible:
        key = _renewed(table, column)
        if (each := said.get(column.name)) is None:
            continue
        if column.role == "label":
            state.put(key, list(each.values))
        elif each.text:
            state.put(key, each.text)
        elif column.kind in ("number", "date") and not each.values:
            state.put(key, scale_of(table, column).shown(each.low, each.high))


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
    scale = scale_of(table, column)
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
    _renewed(table, column)
