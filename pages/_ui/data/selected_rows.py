"""Rows that were chosen on the map or in a list, and those that the map is drawn of alone; kept in the address by their numbers."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from embeddings_core.spaces.vectors import IntArray
from embeddings_core.tables.embedding import Basis, TableSpace
from embeddings_core.tables.opened import open_tables
from embeddings_core.tables.questions import Categories
from embeddings_core.tables.selections import rows_from_address, rows_in_address
from embeddings_core.tables.table import Table
from pages._ui import state
from pages._ui.data.work import group_key, groups_of

HAND, ONLY = "rows-by-hand", "rows-alone"
IN_ADDRESS = {HAND: "rows", ONLY: "only"}
GROUP, FINER = "g", "f"  # before the number of a group that was found, and of a finer one


@dataclass(frozen=True, eq=False)
class SelectedRows:
    """Rows of the table with this `source`, and in words how they were chosen; `group` and `basis` where a found group is meant."""

    source: str
    rows: IntArray
    told: str
    group: str = ""
    basis: Basis | None = None


def by_hand(table: Table, rows: IntArray, told: str, *, group: tuple[str, Basis] | None = None) -> None:
    """Take these rows as the selection; none lets it go. `group` says of which found group they are all."""
    written, basis = group or ("", None)
    chosen = SelectedRows(table.source, np.unique(rows).astype(np.int64), told, written, basis)
    state.put(HAND, chosen if len(rows) else None)
    state.put("look-data", "Selection")


def held(key: str, table: Table) -> SelectedRows | None:
    """Return what is chosen of this table under a key."""
    found = state.held(key)
    return found if isinstance(found, SelectedRows) and found.source == table.source else None


def rows_alone(table: Table) -> IntArray | None:
    """Return the rows (m,) that the map is drawn of; None for all."""
    found = held(ONLY, table)
    return None if found is None else found.rows


def group_of(table: Table, space: TableSpace, rows: IntArray) -> tuple[str, Basis] | None:
    """Return how an address writes the found group of which these are all rows, with what it was found in; None for others."""
    known = open_tables().work(table).found.get(group_key(space))
    if not isinstance(known, Categories) or not len(rows):
        return None
    for sign, found in _levels(known).items():
        group = int(found.groups[rows[0]])
        if group >= 0 and np.array_equal(np.flatnonzero(found.groups == group), rows):
            return f"{sign}{group + 1}", space.basis
    return None


def _levels(found: Categories) -> dict[str, Categories]:
    return {GROUP: found} if found.finer is None else {GROUP: found, FINER: found.finer}


def from_address(table: Table, space: TableSpace) -> tuple[SelectedRows | None, SelectedRows | None]:
    """Return the rows chosen by hand and those the map is drawn of, as the address says them when the table is opened by it."""
    if state.held("rows-read") != table.source or state.returning(IN_ADDRESS[HAND]):
        returned = state.returning(IN_ADDRESS[HAND])
        state.returned(IN_ADDRESS[HAND])
        state.put("rows-read", table.source)
        for key, name in IN_ADDRESS.items():
            found = _read(table, space, str(st.query_params.get(name, "")))
            if found is not None or returned:
                state.put(key, found)
    return held(HAND, table), held(ONLY, table)


def _read(table: Table, space: TableSpace, written: str) -> SelectedRows | None:
    """Read rows from an address; what does not fit the table is passed over."""
    if written[:1] in (GROUP, FINER):
        number = written[1:]
        if not (number.isascii() and number.isdigit() and len(number) < 4):
            return None
        found, group = _levels(groups_of(table, space)).get(written[0]), int(number) - 1
        if found is None or not 0 <= group < len(found.names):
            return None
        rows = np.flatnonzero(found.groups == group)
        return SelectedRows(table.source, rows, f"in {found.names[group]}", written, space.basis)
    rows_told = rows_from_address(written, len(table)) if written else None
    return None if rows_told is None else SelectedRows(table.source, rows_told, "chosen by hand")


def to_address(table: Table, space: TableSpace) -> None:
    """Let the address say which rows are chosen: a found group by its number, others by theirs; too many are left out."""
    for key, name in IN_ADDRESS.items():
        chosen, written = held(key, table), ""
        if chosen is not None:
            written = (
                chosen.group
                if chosen.group and chosen.basis == space.basis
                else rows_in_address(chosen.rows, len(table))
            )
        if written:
            st.query_params[name] = written
        else:
            st.query_params.pop(name, None)
