"""The table of this visit: where it comes in, and which one is open. The address names it by its id, never by what is in it."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embeddings_core.limits import TABLE_BYTES
from embeddings_core.pictures.archive import embed_archive
from embeddings_core.tables.on_disk import files_on_disk
from embeddings_core.tables.opened import FILE, from_command_line, open_tables
from embeddings_core.tables.reading import ENDINGS
from embeddings_core.tables.samples import SAMPLES
from embeddings_core.tables.sniffing import HEAD, is_table
from embeddings_core.tables.table import Table
from embeddings_core.tables.uploads import read_upload
from pages._ui import controls, dropped, state
from pages._ui.history import came_back, go_to
from pages._ui.panels import plain_label

TABLE = "table"  # the id of the table that is open; also in the address
PROBLEM = "table-problem"
TURN = "menus-turn"
PAGE = "pages/data.py"
NEVER_PICTURES = ("csv", "tsv", "tab", "json", "jsonl", "ndjson", "parquet", "xlsx", "xlsm", "ods", "xls")
NEVER_VECTORS = ("json", "jsonl", "ndjson", "parquet", "xlsx", "xlsm", "ods", "xls")
INVITATION = "Drop a table: CSV, TSV, JSON, Parquet, XLSX, NumPy, safetensors, or a ZIP of pictures"
NEVER_TALKS = ("csv", "tsv", "tab", "jsonl", "ndjson", "parquet", "xlsx", "xlsm", "ods", "xls")
LED = "led-to-the-table"
SUITED = ("colour", "by", "second", "label-by", "size-by")  # menus that begin with what suits the table
ASKED = (
    "picked-row",
    "search-data",
    "asked-to-read",
    "rows-by-hand",
    "rows-alone",
)  # what was asked of one table alone


def current(place: Callable[[], DeltaGenerator]) -> tuple[str, Table | None]:
    """Return the id of the open table and the table; None where it is not here (any more).

    After a step through the browser's history it is the one that the address names. Where a file is to be read, `place` gives the
    container that says so.
    """
    held, named = state.text(TABLE), str(st.query_params.get(TABLE, ""))
    usual = FILE if from_command_line() else SAMPLES[0].id
    id = (named or usual) if came_back() else (held or named or usual)
    if held and id != held:
        state.put_all({**dict.fromkeys(ASKED, ""), PROBLEM: ""})
        renew_menus()
    state.put(TABLE, id)
    if st.query_params.get(TABLE) != id:
        st.query_params[TABLE] = id
    if not (name := open_tables().to_be_read(id)):
        return id, open_tables().find(id)
    with place(), st.spinner(f"Reading {plain_label(name[:60])} …", show_time=True):
        return id, open_tables().find(id)


def menu_key(key: str) -> str:
    """Return the key of a menu of this table.

    Another table has other menus: the browser keeps what a closed menu held, and sends that with the next click.
    """
    return f"{key}-{state.kept(TURN, int)}"


def renew_menus() -> None:
    """Let the menus of the table begin with what the address says."""
    state.put(TURN, state.kept(TURN, int) + 1)


def show(id: str) -> None:
    """Open a table by its id; what was asked of the one before is forgotten."""
    state.put(TABLE, id)
    st.query_params[TABLE] = id
    for asked in ("filter", "rows", "only"):  # of another table
        st.query_params.pop(asked, None)
    state.begin_anew(*SUITED)
    renew_menus()
    state.put_all(dict.fromkeys(ASKED, ""))
    state.put(PROBLEM, "")


def take(files: Sequence[Any]) -> str:
    """Read dropped files in the worker and open the table; return its id, or "" where it can not be read (and say why)."""
    contents = []
    for file in files:
        contents.append((str(file.name), file.read(TABLE_BYTES + 1)))
        controls.free(file)
    with st.spinner("Reading the table …", show_time=True):
        table, problem = read_upload(contents, embed=embed_archive)
    if table is None:
        state.put(PROBLEM, problem)
        return ""
    id = open_tables().open(table)
    show(id)
    return id


def lead(files: Sequence[Any], *, endings: Sequence[str] = NEVER_PICTURES) -> bool:
    """Open a table that was dropped where something else belongs; tell whether there was one, to be looked at on `PAGE`."""
    tables = [file for file in files if str(file.name).lower().rpartition(".")[2] in endings]
    if tables:
        take(tables[:2])
    return bool(tables)


def lead_where_all_are_tables(files: Sequence[Any]) -> bool:
    """Open what was dropped among word vectors where each file reads as a table rather than as vectors; tell whether it does."""
    return all(is_table(str(file.name), file.getvalue()[:HEAD]) for file in files) and lead(files)


def lead_dropped() -> None:
    """Take what was dropped on a page without a box of its own to `PAGE`, which opens it or says what it is."""
    dropped.box()
    if files := dropped.here():
        take(files)
        go_to(PAGE)


def lead_from_the_command_line() -> None:
    """Go to the table that the server was started with, once a visit."""
    if from_command_line() and not state.held(LED):
        state.put(LED, True)
        go_to(PAGE, **{TABLE: FILE})


def ask(place: Callable[[], DeltaGenerator]) -> None:
    """Offer to drop a table or to take a sample; `place` gives the container that says that a table is read."""
    turn = state.kept("table-turn", int)
    with st.container(
        key="uploads-data", horizontal=True, vertical_alignment="center", gap="small", wrap=False
    ):
        chosen = st.file_uploader(
            INVITATION, accept_multiple_files=True, type=list(ENDINGS),
            key=f"table-files-{turn}", label_visibility="collapsed", max_upload_size=TABLE_BYTES // 2**20,
        )  # fmt: skip
        with controls.examples_menu():
            for sample in SAMPLES:
                st.button(sample.short, key=f"sample-{sample.id}", on_click=show, args=(sample.id,))
            for file in files_on_disk():
                st.button(
                    plain_label(file.path.name[:60]), key=f"open-{file.id}", on_click=show, args=(file.id,)
                )
    if files := [*chosen, *dropped.here()]:
        with place():
            take(files)
        state.put("table-turn", turn + 1)
        st.rerun()
