"""The selection: rows searched for, filtered or encircled; kept under a name, compared, drawn alone, taken away as files."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from embeddings_core.export.rows import rows_csv, rows_jsonl, rows_parquet, rows_projector, vectors_npy
from embeddings_core.limits import SAVED_ROWS
from embeddings_core.spaces.texts import clean, clean_label
from embeddings_core.tables.embedding import TableSpace, row_names, words_column
from embeddings_core.tables.filters import Mask, in_words, kept, told_of_pattern
from embeddings_core.tables.questions import StandOut, holding, nothing_close_in, pattern_in, stand_out_in
from embeddings_core.tables.selections import KeptSelection, compared
from embeddings_core.tables.table import NO_LABEL, Table, texts_at
from pages._ui import panels, shell, state
from pages._ui.data import by_picture
from pages._ui.data.filters import chips, filters
from pages._ui.data.indexing import nearest_rows
from pages._ui.data.selected_rows import HAND, ONLY, SelectedRows, by_hand, from_address, lost, to_address
from pages._ui.panels import Bar, plain_label, ranking, short

if TYPE_CHECKING:
    import pyarrow as pa

SEARCH, FOUND = "search-data", "how-found"
PICKED = "picked-row"  # the row that is looked at
KEPT = "kept-selections"
BY_MEANING = 30
NAME = 80  # characters of a row's name
MOST_KEPT = 12  # selections with a name
FEWEST_ALONE = 3  # rows that make a map


@dataclass(frozen=True, eq=False)
class Selection:
    """Rows that were asked for: `mask` (n,), in words why, and what there is to note; `asked` is False where nothing was."""

    mask: Mask
    told: str
    asked: bool
    note: str = ""


def kept_selections(table: Table) -> tuple[KeptSelection, ...]:
    """Return the selections of this table that have a name."""
    everything: dict[str, tuple[KeptSelection, ...]] = state.kept(KEPT, dict)
    return everything.get(table.source, ())


def search(table: Table, space: TableSpace) -> Selection:
    """Ask for a search and for filters; return the rows that are left. What is searched for never stands in the address."""
    with st.container(key="search-line", horizontal=True, vertical_alignment="center", gap="small"):
        meaning = bool(space.basis.model)
        hint = "words, a thought …" if meaning else "words, /a pattern/"
        typed = st.text_input(
            "Search the rows", key=SEARCH, placeholder=hint, label_visibility="collapsed", max_chars=300
        )
        asked = clean(typed or "")
        by_picture.ask(table, space)
        found = filters(table)
    hand, only = from_address(table, space)
    # its place stands whether it is filled or not: what is below moves, and a click is lost, where an element comes before it
    line = st.container(key="chips", horizontal=True, gap="xsmall")
    mask = kept(table, found)
    told = [in_words(table, each) for each in found]
    if hand is not None:
        mask = mask & KeptSelection("", hand.rows).mask(len(table))
        told.append(hand.told)
    note, picture = "", by_picture.asked_picture(table, space)
    if picture is not None:
        mask = mask & by_picture.like_it(table, space, picture, most=BY_MEANING)
        told.insert(0, f"like {picture.told}")
    if wrong := told_of_pattern(pattern_in(asked)):
        with line:
            shell.message(wrong)
    elif asked:
        letters = holding(table, asked)
        rows = letters
        if meaning and not asked.startswith("/"):
            rows, note = _found_by(table, space, asked, letters)
        mask = mask & rows
        told.insert(0, f'found with "{asked}"')
    selection = Selection(mask, ", ".join(told), bool(told), note)
    if state.asked_for(ONLY) and told and mask.sum() >= FEWEST_ALONE:
        only = SelectedRows(table.source, len(table), np.flatnonzero(mask), selection.told)
        state.put(ONLY, only)
    to_address(table, space)
    with line:
        if gone := lost(table):
            panels.sentence(gone, key="rows-lost")
        if picture is not None:
            by_picture.chip(picture)
        chips(table, found)
        for key, chosen, what in ((HAND, hand, ""), (ONLY, only, "only ")):
            if chosen is not None:
                said = "rows on the map" if what else plain_label(chosen.told)
                st.button(
                    f"{what}{len(chosen.rows):,} {said}  ×", key=f"chip-{key}",
                    on_click=state.put, args=(key, None), help="Take this away",
                )  # fmt: skip
    return selection


def _found_by(table: Table, space: TableSpace, asked: str, letters: Mask) -> tuple[Mask, str]:
    """Let the visitor choose between rows that hold the words and rows that mean the same; return those, and a note on them."""
    count = int(letters.sum())
    ways = {
        f"as written ({count:,})": "letters",
        f"by meaning (nearest {min(BY_MEANING, len(space.rows))})": "meaning",
    }
    usual = list(ways)[0 if count else 1]
    chosen = st.segmented_control(
        "Found",
        list(ways),
        default=usual,
        required=True,
        key=f"{FOUND}-{count}",
        label_visibility="collapsed",
    )
    way = ways[chosen or usual]
    if way == "letters":
        return letters, ""
    mask = np.zeros(len(table), dtype=bool)
    rows, scores = nearest_rows(space, asked, k=BY_MEANING)
    mask[rows] = True
    return mask, "" if count else nothing_close_in(space, scores, asked)


def selection_panel(table: Table, space: TableSpace, selection: Selection) -> None:
    """Say how many rows are chosen and what stands out in them; name, compare or draw alone."""
    count = int(selection.mask.sum())
    if selection.asked:
        panels.sentence(
            f"{count:,} of {len(table):,} rows: {selection.told}. {selection.note}".strip(), key="selection"
        )
    else:
        panels.sentence(
            f"All {len(table):,} rows of {short(table.title)}. Search, filter, or encircle points on the map to choose some."
            if len(table) > 1
            else f"{short(table.title)} has one row.",
            key="selection",
        )
    if not count:
        panels.sentence("Nothing fits. Take a filter away, or search for less.", key="nothing")
        return
    if selection.asked:
        _walk(table, space, selection)
    column = words_column(table, space.basis)
    standing_out, keeping = st.container(key="standing-out"), st.container(key="keeping")
    if column and count < len(table):
        with standing_out:
            _words("Words that stand out: frequent in these rows, rare in the others (c-TF-IDF)",
                   stand_out_in(table, column, selection.mask), key="stand-out", film=selection.told)  # fmt: skip
    if selection.asked and count < len(table):
        with keeping:
            _keep(table, selection)
    _kept(table, space, selection, column)


def _walk(table: Table, space: TableSpace, selection: Selection) -> None:
    """Go from one chosen row to the next: each is lit on the map, and stands first in the table below."""
    rows = np.flatnonzero(selection.mask)
    before = state.held(PICKED)
    at = int(np.searchsorted(rows, before)) if isinstance(before, int) else len(rows)
    here = at < len(rows) and rows[at] == before
    following = rows[(at + here) % len(rows)]
    with st.container(key="walk", horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            "Next row" if here else "First row", key="next-row", on_click=state.put, args=(PICKED, int(following)), type="tertiary",
            help="Look at these rows on the map, one after the other.",
        )  # fmt: skip
        if here:
            name = " ".join(row_names(table, space.basis)[int(rows[at])].split())
            st.text(f"{at + 1:,} of {len(rows):,}: {name[:NAME] or f'row {rows[at] + 1:,}'}")


def _words(title: str, words: tuple[StandOut, ...], *, key: str, film: str) -> None:
    if not words:
        return
    st.caption(plain_label(title))
    best = words[0].score or 1.0
    bars = [
        Bar(
            each.word,
            f"{each.count:,}",
            min(each.score / best, 1.0),
            f"{each.count:,} times in the selection",
        )
        for each in words
    ]
    ranking(bars, key=key, film=film, numbered=False, step=60)


def _keep(table: Table, selection: Selection) -> None:
    """Offer to give the selection a name, and to draw the map of its rows alone."""
    rows = np.flatnonzero(selection.mask)
    box = f"name-{len(kept_selections(table))}"  # a new box once a name was taken

    def keep() -> None:
        name = clean_label(state.text(box), unnamed="")
        if name:
            others = tuple(each for each in kept_selections(table) if each.name != name)
            fresh = (*others, KeptSelection(name, rows, selection.told))[-MOST_KEPT:]
            state.put(KEPT, {**state.kept(KEPT, dict), table.source: fresh})

    with st.container(key="keep-line", horizontal=True, vertical_alignment="center", gap="small"):
        st.text_input(
            "Name of this selection", key=box, placeholder="name it, to keep it", label_visibility="collapsed",
            max_chars=60, on_change=keep,
        )  # fmt: skip
        if len(rows) >= FEWEST_ALONE:
            st.button(
                "Only these", key="only-these", on_click=state.ask_for, args=(ONLY,),
                help="Draw the map of these rows alone, as a film from where they are now.",
            )  # fmt: skip


def _kept(table: Table, space: TableSpace, selection: Selection, column: str) -> None:
    """List the selections that have a name; one of them can be compared with the present one."""
    named = kept_selections(table)
    if not named:
        return
    st.caption("Selections with a name")
    for place, each in enumerate(named):
        with st.container(key=f"kept-{place}", horizontal=True, vertical_alignment="center", gap="small"):
            st.button(
                f"{plain_label(each.name)} · {len(each.rows):,}", key=f"take-{place}", type="tertiary",
                help=f"Choose these rows: {plain_label(each.told)}",
                on_click=by_hand, args=(table, each.rows, f"in {each.name}"),
            )  # fmt: skip
            st.button(
                "×",
                key=f"forget-{place}",
                type="tertiary",
                on_click=_forget,
                args=(table, each.name),
                help="Forget it",
            )
    if not selection.asked:
        return
    titles = [each.name for each in named]
    other = st.selectbox("Compare with", titles, index=None, key="compare-with", placeholder="compare with …",
                         label_visibility="collapsed")  # fmt: skip
    if other in titles:
        second = named[titles.index(other)]
        found = compared(
            selection.mask,
            second.mask(len(table)),
            (lambda rows: texts_at(table, column, rows)) if column else (),
        )
        panels.sentence(
            f'{found.both:,} rows are in both, {found.first:,} only here, {found.second:,} only in "{second.name}".',
            key="compared",
        )
        _words(
            "Words of those only here", found.first_words, key="only-first", film=f"{selection.told} {other}"
        )
        _words(
            f'Words of those only in "{second.name}"', found.second_words, key="only-second", film=f"{other}"
        )


def _forget(table: Table, name: str) -> None:
    left = tuple(each for each in kept_selections(table) if each.name != name)
    state.put(KEPT, {**state.kept(KEPT, dict), table.source: left})


def files(table: Table, space: TableSpace, selection: Selection) -> None:
    """Hand the rows over as files."""
    if not selection.mask.any():
        return

    def chosen() -> "pa.Table":
        return table.rows.filter(selection.mask.tolist())

    name = "selection" if selection.asked else "table"
    inside = selection.mask[space.rows]

    def projector() -> bytes:
        rows = space.rows[inside].tolist()
        label = table.label()
        labels = [cell or NO_LABEL for cell in texts_at(table, label, rows)] if label else None
        return rows_projector(
            row_names(table, space.basis).at(rows),
            space.vectors[np.flatnonzero(inside)],
            labels=labels,
            model=space.basis.model,
        )

    files: tuple[tuple[str, str, Callable[[], Any], str], ...] = (
        ("CSV", f"{name}.csv", lambda: rows_csv(chosen(), mark=mark),
         "In UTF-8; cells that a spreadsheet would run are made harmless."),
        ("Parquet", f"{name}.parquet", lambda: rows_parquet(chosen()), "Text, numbers, dates and vectors as they are."),
        ("JSONL", f"{name}.jsonl", lambda: rows_jsonl(chosen()), "One JSON object a row."),
        ("Projector", f"{name}-projector.zip", projector, "Vectors and names for the TensorFlow Embedding Projector, as TSV."),
        ("NPY", f"{name}.npy", lambda: vectors_npy(space.vectors[np.flatnonzero(inside)]), "The vectors of these rows, for NumPy."),
    )  # fmt: skip
    with st.popover("Save", key="selection-files"):
        if int(selection.mask.sum()) > SAVED_ROWS:
            panels.sentence(
                f"A file takes {SAVED_ROWS:,} rows at most, as all are in memory meanwhile; choose fewer.",
                key="too-many-rows",
            )
            return
        mark = st.checkbox(
            "CSV with a mark for spreadsheets", value=True, key="csv-mark",
            help="A byte order mark, without which spreadsheets garble all but plain letters; some programs take it for a letter.",
        )  # fmt: skip
        for title, file, make, about in files:
            if title in ("Projector", "NPY") and not inside.any():
                continue
            st.download_button(
                title, make, file, on_click="ignore", key=f"selection-{title.lower()}", help=about
            )
