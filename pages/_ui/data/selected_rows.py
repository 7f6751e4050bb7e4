"""Rows that were chosen on the map or in a list, and those that the map is drawn of alone; kept in the address by their numbers.

Where these would take too long an address, they are kept on the server, and the address has their id.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st

from embeddings_core.limits import KEPT_ADDRESS_BYTES, KEPT_ADDRESS_DAYS
from embeddings_core.spaces.vectors import IntArray
from embeddings_core.tables.embedding import Basis, TableSpace
from embeddings_core.tables.opened import open_tables
from embeddings_core.tables.questions import Categories
from embeddings_core.tables.selections import ROWS_CHARACTERS, rows_from_address, rows_in_address
from embeddings_core.tables.table import Table
from pages._ui import kept_addresses, state
from pages._ui.data.found import group_key, groups_of

HAND, ONLY = "rows-by-hand", "rows-alone"
IN_ADDRESS = {HAND: "rows", ONLY: "only"}
READ = "rows-read"  # the table of which the address was read
GROUP, FINER = "g", "f"  # before the number of a group that was found, and of a finer one
KEPT = "k"  # before the id of rows that are kept on the server
LOST = "rows-lost"  # the table of which an address named rows that are no longer kept
NOT_KEPT = (
    f"The rows that this address names are not kept here (any more: that is so {KEPT_ADDRESS_DAYS} days after it was last opened), "
    "so all rows are shown. Ask for the link again."
)


@dataclass(frozen=True, eq=False)
class SelectedRows:
    """Rows of the table with this `source` of `n` rows, and in words how they were chosen.

    `group` and `basis` where a found group is meant.
    """

    source: str
    n: int
    rows: IntArray
    told: str
    group: str = ""
    basis: Basis | None = None

    @cached_property
    def written(self) -> str:
        """These rows as an address says them; "" where there are too many even to be kept, or they can not be kept."""
        written = rows_in_address(self.rows, self.n, most=KEPT_ADDRESS_BYTES)
        if len(written) <= ROWS_CHARACTERS:
            return written
        id = kept_addresses.keep(written)
        return id and KEPT + id


def by_hand(table: Table, rows: IntArray, told: str, *, group: tuple[str, Basis] | None = None) -> None:
    """Take these rows as the selection; none lets it go. `group` says of which found group they are all."""
    written, basis = group or ("", None)
    chosen = SelectedRows(table.source, len(table), np.unique(rows).astype(np.int64), told, written, basis)
    state.put(HAND, chosen if len(rows) else None)
    state.put(LOST, None)
    state.put(
        READ, table.source
    )  # a group that the address names, and that is still looked for, gives way to these
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
    if unread(table) and not _group_to_come(table, space):
        returned = state.returning(IN_ADDRESS[HAND])
        state.returned(IN_ADDRESS[HAND])
        state.put(READ, table.source)
        state.put(LOST, None)
        for key, name in IN_ADDRESS.items():
            found = _read(table, space, str(st.query_params.get(name, "")))
            if found is not None or returned:
                state.put(key, found)
    return held(HAND, table), held(ONLY, table)


def unread(table: Table) -> bool:
    """Tell whether the address is still to be read: where it names a group that is looked for, nothing is chosen until then."""
    return state.held(READ) != table.source or state.returning(IN_ADDRESS[HAND])


def _group_to_come(table: Table, space: TableSpace) -> bool:
    written = (str(st.query_params.get(name, "")) for name in IN_ADDRESS.values())
    return any(map(_number_of, written)) and groups_of(table, space, what=None) is None


def _number_of(written: str) -> int:
    """Return the number of the group that is written so in an address, from 1; 0 where none is."""
    number = written[1:]
    named = written[:1] in (GROUP, FINER) and number.isascii() and number.isdigit() and len(number) < 4
    return int(number) if named else 0


def _read(table: Table, space: TableSpace, written: str) -> SelectedRows | None:
    """Read rows from an address; what does not fit the table is passed over."""
    if written[:1] in (GROUP, FINER):
        group = _number_of(written) - 1
        groups = groups_of(table, space, what=None) if group >= 0 else None
        found = None if groups is None else _levels(groups).get(written[0])
        if found is None or group >= len(found.names):
            return None
        rows = np.flatnonzero(found.groups == group)
        return SelectedRows(table.source, len(table), rows, f"in {found.names[group]}", written, space.basis)
    most = ROWS_CHARACTERS
    if written.startswith(KEPT):
        written, most = kept_addresses.find(written[len(KEPT) :]) or "", KEPT_ADDRESS_BYTES
        if not written:
            state.put(LOST, table.source)
    rows_told = rows_from_address(written, len(table), most=most) if written else None
    if rows_told is None:
        return None
    return SelectedRows(table.source, len(table), rows_told, "chosen by hand")


def lost(table: Table) -> str:
    """Return what is to be said where the address named rows of this table that are no longer kept; "" otherwise."""
    return NOT_KEPT if state.held(LOST) == table.source and held(HAND, table) is None else ""


def told_of_address(table: Table) -> str:
    """Return what is to be said of an address whose rows are kept on the server, or of one that is without them."""
    if unread(table):
        return ""
    chosen = [name for key, name in IN_ADDRESS.items() if held(key, table) is not None]
    written = [str(st.query_params.get(name, "")) for name in chosen]
    if not all(written):
        return (
            " These are more rows than an address can name, and they could not be kept: it is without them."
        )
    if any(each.startswith(KEPT) for each in written):
        return f" So many rows are kept on this server, for {KEPT_ADDRESS_DAYS} days after the address was last opened."
    return ""


def to_address(table: Table, space: TableSpace) -> None:
    """Let the address say which rows are chosen: a found group by its number, others by theirs."""
    if unread(table):
        return
    for key, name in IN_ADDRESS.items():
        chosen, written = held(key, table), ""
        if chosen is not None:
            written = chosen.group if chosen.group and chosen.basis == space.basis else chosen.written
        if written:
            st.query_params[name] = written
        else:
            st.query_params.pop(name, None)
