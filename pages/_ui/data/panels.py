"""What stands beside and below the map of a table: the search, a row, a selection, its health, its columns."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from embeddings_core.export.rows import rows_csv, rows_parquet
from embeddings_core.spaces.texts import clean
from embeddings_core.tables.embedding import TableSpace
from embeddings_core.tables.opened import open_tables
from embeddings_core.tables.questions import (
    Filter,
    Mask,
    by_meaning,
    holding,
    kept,
    near,
    stand_out,
)
from embeddings_core.tables.table import NO_LABEL, Role, Table, numbers_of, texts_of
from pages._ui import own_tables, panels, state
from pages._ui.data.work import health_of
from pages._ui.panels import Bar, ranking

PICKED, SEARCH, FOUND, FILTERS = "picked-row", "search-data", "how-found", "filters-data"
LISTED = 500  # rows of the table under the map: more nobody scrolls through
NEAREST, BY_MEANING = 8, 30
CELL = 600  # characters of a cell that a row shows at first
ELSEWHERE = 200  # texts that another page takes over
VALUES = 200  # values that a filter offers


@dataclass(frozen=True, eq=False)
class Selection:
    """Rows that were asked for: `mask` (n,), and in words why; `asked` is False where nothing was."""

    mask: Mask
    told: str
    asked: bool


def pick(row: int) -> None:
    """Look at a row."""
    state.put(PICKED, row)
    state.put("look-data", "Row")


def picked(table: Table) -> int | None:
    """Return the row that is looked at."""
    row = state.held(PICKED)
    return row if isinstance(row, int) and 0 <= row < len(table) else None


def search(table: Table, space: TableSpace) -> Selection:
    """Ask for a search and for filters; return the rows that are left. Neither ever stands in the address."""
    with st.container(key="search-line", horizontal=True, vertical_alignment="center", gap="small"):
        meaning = space.basis.kind == "text"
        hint = "search: words, a thought, or /a pattern/" if meaning else "search: words, or /a pattern/"
        typed = st.text_input(
            "Search the rows", key=SEARCH, placeholder=hint, label_visibility="collapsed", max_chars=300
        )
        asked = clean(typed or "")
        filters = _filters(table)
    mask = kept(table, filters)
    told = [_in_words(each) for each in filters]
    if asked:
        letters = holding(table, asked)
        found = _found_by(table, space, asked, letters) if meaning and not asked.startswith("/") else letters
        mask = mask & found
        told.insert(0, f'found with "{asked}"')
    return Selection(mask, ", ".join(told), bool(asked or filters))


def _found_by(table: Table, space: TableSpace, asked: str, letters: Mask) -> Mask:
    """Let the visitor choose between rows that hold the words and rows that mean the same; return those."""
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
        return letters
    mask = np.zeros(len(table), dtype=bool)
    mask[by_meaning(space, asked, k=BY_MEANING)[0]] = True
    return mask


def _filters(table: Table) -> tuple[Filter, ...]:
    columns = [
        column
        for column in table.columns
        if column.role in ("label", "number", "date", "x", "y") and column.distinct > 1
    ]
    found: list[Filter] = []
    with st.popover("Filter", width="content"):
        if not columns:
            st.text("This table has no labels, numbers or dates to filter by.")
            return ()
        for place, column in enumerate(columns[:12]):
            key = f"{FILTERS}-{state.text(own_tables.TABLE)}-{place}"
            if column.role == "label":
                names = categories_of(table, column.name)
                values = st.multiselect(column.name, names, key=key, placeholder="all")
                if values:
                    found.append(Filter(column.name, tuple(values)))
                continue
            numbers = numbers_of(table, column.name)
            low, high = float(np.nanmin(numbers)), float(np.nanmax(numbers))
            if column.kind == "date":
                days = [
                    np.datetime64(int(end), "s").astype("datetime64[D]").astype(object) for end in (low, high)
                ]
                chosen = (
                    st.slider(column.name, days[0], days[1], (days[0], days[1]), key=key)
                    if days[0] < days[1]
                    else days
                )
                ends = [float(np.datetime64(day).astype("datetime64[s]").astype(np.int64)) for day in chosen]
                ends[1] += 86_399.0
            else:
                chosen = st.slider(column.name, low, high, (low, high), key=key)
                ends = [float(chosen[0]), float(chosen[1])]
            if ends[0] > low or ends[1] < high:
                found.append(Filter(column.name, (), ends[0], ends[1]))
    return tuple(found)


def categories_of(table: Table, name: str) -> list[str]:
    """Return the values of a label column, the most frequent first."""
    values, counts = np.unique(
        np.array([text or NO_LABEL for text in texts_of(table, name)], dtype=object), return_counts=True
    )
    return [str(value) for value in values[np.argsort(-counts, kind="stable")][:VALUES]]


def _in_words(each: Filter) -> str:
    if each.values:
        return f"{each.column} is {' or '.join(each.values[:3])}{' …' if len(each.values) > 3 else ''}"
    return f"{each.column} in the chosen range"


def row_panel(table: Table, space: TableSpace, names: list[str]) -> None:
    """Show the row that is looked at, whole, and its neighbours in the original space."""
    row = picked(table)
    if row is None:
        panels.sentence(
            "Click a point, or a row of the table: here stands all of it, and who is nearest.", key="pick"
        )
        return
    rows, scores = near(space, row, k=NEAREST)
    st.caption(f"Row {row + 1:,}")
    with st.container(height=230, border=True, key="whole-row"):
        for column in table.columns:
            if column.kind == "vector":
                continue
            value = table.rows.column(column.name)[row].as_py()
            if column.kind == "picture" and isinstance(value, str) and value.startswith("data:image/"):
                st.image(value, width=96)
                continue
            text = texts_of_row(table, column.name, row)
            st.caption(column.name)
            st.text(text if len(text) <= CELL else f"{text[:CELL]} …")
    if not len(rows):
        panels.sentence("This row has no vector, so nothing is near it.", key="no-vector")
        return
    measured = "distance" if (scores < 0).all() else "cosine"
    st.caption(f"Nearest in the original space ({measured})")
    pictures = next((column.name for column in table.of_role("picture")), "")
    images = table.rows.column(pictures) if pictures else None
    bars = [
        Bar(
            names[other][:90] or f"row {other + 1:,}", f"{abs(score):.2f}",
            1 / (1 - score) if measured == "distance" else max(score, 0.0), f"row {other + 1:,}", f"Look at row {other + 1:,}",
            image="" if images is None else str(images[other].as_py() or ""),
        )
        for other, score in zip(rows.tolist(), scores.tolist(), strict=True)
    ]  # fmt: skip
    by_label = {bar.label: other for bar, other in zip(bars, rows.tolist(), strict=True)}

    def chosen(label: str) -> None:
        if label in by_label:
            pick(by_label[label])

    ranking(bars, key="row-near", film=f"{row}", on_choose=chosen, step=60)


def texts_of_row(table: Table, name: str, row: int) -> str:
    """Return one cell as text."""
    from dataclasses import replace

    one = replace(table, rows=table.rows.slice(row, 1))
    return texts_of(one, name)[0]


def selection_panel(table: Table, space: TableSpace, selection: Selection) -> None:
    """Say how many rows are chosen and what stands out in them, and hand them over as files."""
    count = int(selection.mask.sum())
    if selection.asked:
        panels.sentence(f"{count:,} of {len(table):,} rows: {selection.told}.", key="selection")
    else:
        panels.sentence(f"All {len(table):,} rows. Search or filter to choose some.", key="selection")
    column = (
        space.basis.column
        if space.basis.kind == "text"
        else next((each.name for each in table.of_role("text")), "")
    )
    if column and 0 < count < len(table):
        words = stand_out(texts_of(table, column), selection.mask)
        if words:
            st.caption("Words that stand out in them (c-TF-IDF)")
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
            ranking(bars, key="stand-out", film=selection.told, numbered=False, step=60)
    if count:
        chosen = table.rows.filter(selection.mask.tolist())
        with st.container(horizontal=True, gap="small"):
            name = "selection" if selection.asked else "table"
            st.download_button(
                "CSV", lambda: rows_csv(chosen), f"{name}.csv", "text/csv", on_click="ignore", key="selection-csv",
                help="For spreadsheets: UTF-8 with a byte order mark; cells that a spreadsheet would run are made harmless.",
            )  # fmt: skip
            st.download_button(
                "Parquet",
                lambda: rows_parquet(chosen),
                f"{name}.parquet",
                on_click="ignore",
                key="selection-parquet",
            )
        if (
            column
            and count <= ELSEWHERE
            and st.button(
                "Open in Sentences",
                key="to-sentences",
                type="tertiary",
                help="Search, race and take them apart there.",
            )
        ):
            cells = texts_of(table, column)
            texts = [clean(cells[row]) for row in np.flatnonzero(selection.mask)]
            state.put("sentences", "\n".join(dict.fromkeys(filter(None, texts))))
            st.switch_page("pages/sentences.py")
    else:
        panels.sentence("Nothing fits. Take a filter away, or search for less.", key="nothing")


def health_panel(table: Table, space: TableSpace, names: list[str]) -> None:
    """List what is odd; a click on a row looks at it."""
    label = next((column.name for column in table.of_role("label")), "")
    for finding in health_of(table, space, label):
        st.caption(finding.title)
        st.text(finding.told)
        for row in finding.rows[:3]:
            st.button(
                f"{row + 1:,} · {names[row][:60] or 'row'}", key=f"odd-{finding.title}-{row}", type="tertiary",
                on_click=pick, args=(row,),
            )  # fmt: skip


def columns_panel(table: Table, id: str) -> None:
    """Show what each column was taken for, and let it be changed."""
    for note in table.notes:
        st.text(note)
    key = f"roles-{table.source}-{'-'.join(column.role for column in table.columns)}"
    with st.container(height=380, border=False):
        for place, column in enumerate(table.columns[:60]):
            left, right = st.columns([3, 2], vertical_alignment="center")
            empty = len(table) - column.filled
            left.text(f"{column.name}\n{column.distinct:,} different{f', {empty:,} empty' if empty else ''}")
            options = list(column.possible)
            right.selectbox(
                column.name, options, options.index(column.role), key=f"{key}-{place}", label_visibility="collapsed",
                on_change=_use, args=(id, column.name, f"{key}-{place}"),
            )  # fmt: skip


def _use(id: str, name: str, key: str) -> None:
    role: Role = state.text(key)  # type: ignore[assignment]
    changed = open_tables().change(id, {name: role})
    if changed != id:
        state.put(own_tables.TABLE, changed)
        st.query_params[own_tables.TABLE] = changed
    state.forget("by")


def rows_below(table: Table, selection: Selection, shown: Mask) -> None:
    """Show the rows in a table; one that is chosen there is looked at on the map."""
    rows = np.flatnonzero(selection.mask)
    row = picked(table)
    if row is not None and selection.mask[row]:
        rows = np.concatenate([[row], rows[rows != row]])
    rows = rows[:LISTED]
    if not len(rows):
        return
    hidden = [column.name for column in table.columns if column.kind == "vector"]
    listed = table.rows.drop_columns(hidden).take(rows.tolist()) if hidden else table.rows.take(rows.tolist())
    frame = listed.to_pandas()
    frame.insert(0, "row", rows + 1)
    count = int(selection.mask.sum())
    st.caption(f"{count:,} rows{f', the first {len(rows):,}' if count > len(rows) else ''}")
    configuration = {column.name: st.column_config.ImageColumn() for column in table.of_role("picture")}
    key = f"rows-{table.source}-{len(rows)}-{rows[0]}-{rows[-1]}"

    def chosen() -> None:
        places = getattr(getattr(state.held(key), "selection", None), "rows", [])
        if places:
            pick(int(rows[places[0]]))

    st.dataframe(
        frame, hide_index=True, height=320, key=key, on_select=chosen, selection_mode="single-row",
        column_config=configuration,
    )  # fmt: skip
