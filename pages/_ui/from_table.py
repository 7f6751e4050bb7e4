"""The visitor's table on other pages: what they take of it, and the colours of its labels."""

import io
from collections.abc import Callable

import numpy as np
import streamlit as st

from embeddings_core.pictures.uploads import read_uploads
from embeddings_core.spaces.texts import joined
from embeddings_core.tables.excerpts import (
    left_out,
    picture_archive,
    sentences_of,
    sharing_a_word,
    text_column,
    text_to_learn_from,
    words_column,
    words_of,
)
from embeddings_core.tables.filters import Mask
from embeddings_core.tables.opened import open_tables
from embeddings_core.tables.table import Table
from pages._ui import own_pictures, own_tables, state
from pages._ui.panels import plain_label

LEFT_OUT = "left-out-of-table"  # the box that took something, what is in it, and what is not
LABELS = "labels-from-table"  # of texts, by the text
ADDRESSES = {
    "Sentences": "pages/sentences.py", "Words": "pages/words.py", "Context": "pages/context.py", "Learning": "pages/learning.py",
    "Images": "pages/images.py",
}  # fmt: skip


def give(page: str, table: Table, chosen: Mask, *, word: str = "") -> bool:
    """Put into a page's boxes what it takes of the chosen rows; tell whether there was anything."""
    taken: dict[str, Callable[[], bool]] = {
        "Sentences": lambda: _sentences(table, chosen),
        "Words": lambda: _words(table, chosen),
        "Context": lambda: _context(table, chosen, word),
        "Learning": lambda: _learning(table, chosen),
        "Images": lambda: _images(table, chosen),
    }
    return taken[page]()


def pages_for(table: Table) -> tuple[str, ...]:
    """Return the pages that can take something of a table."""
    found = ["Sentences", "Context", "Learning"] if text_column(table) else []
    if any(column.kind == "text" and column.filled for column in table.columns):
        found.append("Words")
    if table.of_role("picture"):
        found.append("Images")
    return tuple(page for page in ADDRESSES if page in found)


def _sentences(table: Table, chosen: Mask) -> bool:
    texts, labels = sentences_of(table, chosen)
    if texts:
        state.put_all({"sentences": "\n".join(texts), LABELS: labels})
        _note("sentences", left_out(table, chosen, len(texts), text_column(table)))
        state.refit()
    return bool(texts)


def _words(table: Table, chosen: Mask) -> bool:
    words = words_of(table, chosen)
    if words:
        state.show(joined(words, separator="\n"))
        _note(state.WORDS, left_out(table, chosen, len(words), words_column(table)))
    return bool(words)


def _context(table: Table, chosen: Mask, word: str) -> bool:
    shared, texts = sharing_a_word(table, chosen, word=word)
    if texts:
        state.put_all({"contexts": "\n".join(texts), "meaning": shared})
        rows = int(chosen.sum())
        holders = f'{len(texts)} of {rows:,} rows of {table.title[:60]} are here: different ones that hold "{shared}".'
        _note("contexts", holders if len(texts) < rows else "")
    return bool(texts)


def _learning(table: Table, chosen: Mask) -> bool:
    text, told = text_to_learn_from(table, chosen)
    if text:
        state.put_all({"text": "my own text", "owntext": text})
        _note("owntext", told)
    return bool(text)


def _images(table: Table, chosen: Mask) -> bool:
    archive, told = picture_archive(table, chosen)
    if not archive:
        return False
    with st.spinner("Reading the pictures …", show_time=True):
        batch = read_uploads([("pictures of the table.zip", io.BytesIO(archive))])
    own_pictures.own().keep(batch.files)
    own_pictures.keep()
    state.put_all(
        {
            "images-set-next": "only mine",
            "images-told": (batch.problems, (*batch.notes, *filter(None, (told,)))),
        }
    )
    return bool(batch.files)


def _note(box: str, told: str) -> None:
    """Remember what was left out, for as long as the box holds what was taken."""
    state.put(LEFT_OUT, (box, state.text(box), told))


def notes_of(box: str) -> tuple[str, ...]:
    """Return what is to be said of the rows whose texts are in a box."""
    kept: tuple[str, str, str] = state.kept(LEFT_OUT, lambda: ("", "", ""))
    return (kept[2],) if kept[2] and kept[:2] == (box, state.text(box)) else ()


def offer(page: str) -> None:
    """Offer the visitor's open table beside a page's examples; nothing where none is open."""
    id = state.text(own_tables.TABLE)
    table = open_tables().find(id) if id else None
    if table is None or page not in pages_for(table):
        return
    st.button(
        f"Your data: {plain_label(table.title[:40])}", key=f"from-table-{page}", on_click=_offered, args=(page, table),
        help="Takes over what suits this page from the table that is open on Your data.",
    )  # fmt: skip


def _offered(page: str, table: Table) -> None:
    give(page, table, np.ones(len(table), dtype=bool))


def labels() -> dict[str, str]:
    """Return the labels that the texts on Sentences had in the table they were taken from."""
    kept: dict[str, str] = state.kept(LABELS, dict)
    return kept
