"""What a table can be opened in: other pages that take the chosen rows, and a talk of six scenes."""

import streamlit as st

from embeddings_core.tables.embedding import TableSpace
from embeddings_core.tables.opened import DrawnMap
from embeddings_core.tables.table import Table
from embeddings_core.talks.table_talk import TableTalk
from pages._ui import from_table, own_talk, panels, state
from pages._ui.data.awaited import Awaited
from pages._ui.data.found import groups_of, health_of
from pages._ui.data.selection import SEARCH, Selection
from pages._ui.history import go_to

FEWEST = 4  # rows that make a talk
TALK = "talk-of-table"  # the table of which a talk is to be made, once what it shows is found


def open_in(table: Table, space: TableSpace, drawn: DrawnMap, selection: Selection) -> None:
    """Offer the chosen rows to the pages that can take something of them, and the table as a talk."""
    pages = from_table.pages_for(table) if selection.mask.any() else ()
    talk = len(drawn.rows) >= FEWEST and not state.opened_live()
    if not pages and not talk:
        return
    with st.popover("Open in", key="open-in"):
        for page in pages:
            if st.button(page, key=f"to-{page.lower()}", type="tertiary"):
                if from_table.give(page, table, selection.mask, word=state.text(SEARCH)):
                    go_to(from_table.ADDRESSES[page])
                panels.sentence(f"The chosen rows have nothing that {page} could take.", key="takes-nothing")
        if talk:
            wanted = st.button(
                "Present, as a talk of six scenes", key="make-a-talk", type="tertiary",
                help="All rows, the groups, a search, duplicates, the odd ones, a question; each can be edited.",
            )  # fmt: skip
            if wanted:
                state.put(TALK, table.source)
            if state.held(TALK) == table.source:
                _talk(table, space, drawn)


def _no_talk() -> None:
    state.put(TALK, None)


GROUPS = Awaited("talk-groups", "A talk shows groups, and they were stopped.", "Find groups", _no_talk)
HEALTH = Awaited(
    "talk-health", "A talk shows what is odd, and that was stopped.", "Look at all rows", _no_talk
)


def _talk(table: Table, space: TableSpace, drawn: DrawnMap) -> None:
    """Make a talk and go to it; while what it shows is looked for, say how far that is."""
    label = table.label()
    groups = groups_of(table, space, what=GROUPS)
    health = None if groups is None else health_of(table, space, label, what=HEALTH)
    if groups is None or health is None:
        return
    state.put(TALK, None)
    address, _ = state.page()
    query = state.query()
    scenes = TableTalk(
        table,
        space,
        drawn,
        groups,
        health,
        f"{address}?{query}" if query else address,
    ).scenes()
    if own_talk.put_in(*scenes, what="a talk of a table", title=f"About {table.title}"):
        go_to("pages/present.py")
    own_talk.tell()
