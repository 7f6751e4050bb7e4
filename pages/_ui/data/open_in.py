"""What a table can be opened in: other pages that take the chosen rows, and a talk of six scenes."""

import streamlit as st

from embeddings_core.tables.embedding import TableSpace
from embeddings_core.tables.opened import DrawnMap
from embeddings_core.tables.table import Table
from embeddings_core.talks.table_talk import TableTalk
from pages._ui import from_table, own_talk, panels, state
from pages._ui.data.selection import SEARCH, Selection
from pages._ui.data.work import groups_of, health_of
from pages._ui.history import go_to

FEWEST = 4  # rows that make a talk


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
                _talk(table, space, drawn)


def _talk(table: Table, space: TableSpace, drawn: DrawnMap) -> None:
    label = next((column.name for column in table.of_role("label")), "")
    address, _ = state.page()
    query = state.query()
    scenes = TableTalk(
        table,
        space,
        drawn,
        groups_of(table, space),
        health_of(table, space, label),
        f"{address}?{query}" if query else address,
    ).scenes()
    if own_talk.put_in(*scenes, what="a talk of a table", title=f"About {table.title}"):
        go_to("pages/present.py")
    own_talk.tell()
