"""What stands beside and below the map of a table: a row, its health, its columns, the table of rows."""

from typing import Literal

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embeddings_core.tables.embedding import RowNames, TableSpace
from embeddings_core.tables.header import unlike_names
from embeddings_core.tables.health import Finding
from embeddings_core.tables.opened import open_tables
from embeddings_core.tables.questions import near
from embeddings_core.tables.table import Role, Table, cell_texts, texts_at
from pages._ui import own_tables, panels, state
from pages._ui.data.by_picture import like_row
from pages._ui.data.explanation import explanation
from pages._ui.data.found import health_of
from pages._ui.data.selected_rows import by_hand
from pages._ui.data.selection import PICKED, Selection
from pages._ui.panels import Bar, plain_label, ranking, short

LISTED = 500  # rows of the table under the map: more nobody scrolls through
NEAREST, AROUND = 8, 30
CELL = 600  # characters of a cell that a row shows at first


def pick(row: int, *, stays: bool = False) -> None:
    """Look at a row: where it is told of, or, where the panel `stays`, on the map alone."""
    state.put(PICKED, row)
    if not stays:
        state.put("look-data", "Row")


def picked(table: Table) -> int | None:
    """Return the row that is looked at."""
    row = state.held(PICKED)
    return row if isinstance(row, int) and 0 <= row < len(table) else None


def row_panel(table: Table, space: TableSpace, names: RowNames) -> None:
    """Show the row that is looked at, whole, and its neighbours in the original space."""
    row = picked(table)
    if row is None:
        panels.sentence(
            "Click a point, or a row of the table: here stands all of it, and who is nearest.", key="pick"
        )
        return
    rows, scores = near(space, row, k=NEAREST)
    st.caption(f"Row {row + 1:,}")
    hidden = [column.name for column in table.columns if column.kind == "vector"]
    whole = table.rows.drop_columns(hidden).take([row])
    with st.container(height=230, border=True, key="whole-row"):
        for column in table.columns:
            if column.kind == "vector":
                continue
            value = whole.column(column.name)[0].as_py()
            if column.kind == "picture" and isinstance(value, str) and value.startswith("data:image/"):
                st.image(value, width=96, alt=f"{column.name} of row {row + 1:,}")
                continue
            text = cell_texts(whole.column(column.name), column.kind)[0]
            st.caption(plain_label(column.name))
            st.text(text if len(text) <= CELL else f"{text[:CELL]} …")
    if not len(rows):
        panels.sentence("This row has no vector, so nothing is near it.", key="no-vector")
        return
    measured = "distance" if (scores < 0).all() else "cosine"
    st.caption(f"Nearest in the original space ({measured})")
    pictures = next((column.name for column in table.of_role("picture")), "")
    images = texts_at(table, pictures, rows) if pictures else [""] * len(rows)
    called = names.at(rows)
    bars = [
        Bar(
            name[:90] or f"row {other + 1:,}", f"{abs(score):.2f}",
            1 / (1 - score) if measured == "distance" else max(score, 0.0), f"row {other + 1:,}", f"Look at row {other + 1:,}",
            image=image,
        )
        for other, score, name, image in zip(rows.tolist(), scores.tolist(), called, images, strict=True)
    ]  # fmt: skip
    by_label = {bar.label: other for bar, other in zip(bars, rows.tolist(), strict=True)}

    def chosen(label: str) -> None:
        if label in by_label:
            pick(by_label[label])

    ranking(bars, key="row-near", film=f"{row}", on_choose=chosen, step=60)
    explanation(table, space, row, int(rows[0]), names=names)
    if space.basis.kind == "picture":
        st.button(
            "Search by its picture",
            key="like-picture",
            type="tertiary",
            on_click=like_row,
            args=(table, space, row),
        )
    around = np.concatenate([[row], near(space, row, k=AROUND)[0]])
    st.button(
        f"Select it and its {len(around) - 1} nearest", key="select-near", type="tertiary", on_click=by_hand,
        args=(table, around, f"nearest to row {row + 1:,}"),
    )  # fmt: skip


def health_panel(table: Table, space: TableSpace, names: RowNames) -> None:
    """List what is odd; a click on a row looks at it."""
    label = table.label()
    for finding in health_of(table, space, label) or ():
        st.caption(finding.title)
        st.text(finding.told)
        _found(table, finding, names)


def _found(table: Table, finding: Finding, names: RowNames) -> None:
    """List the first rows of a finding, and at their end, where it has more, offer all of them as a selection."""
    rows = {f"{row + 1:,} · {short(names[row]) or 'row'}": row for row in finding.rows[:3]}
    every = f"Select {'these' if len(finding.rows) == finding.count else 'the worst'} {len(finding.rows):,}"

    def chosen(label: str) -> None:
        if label in rows:
            pick(rows[label])
        elif label == every:
            by_hand(table, np.array(finding.rows), f"in {finding.title.lower()}")

    bars = [Bar(label, "", None, hint="Look at this row") for label in rows]
    if len(finding.rows) > len(rows):
        bars.append(Bar(every, "", None))
    ranking(bars, key=f"odd-{finding.title}", film=finding.title, on_choose=chosen, numbered=False)


def columns_panel(table: Table, id: str) -> None:
    """Show what each column was taken for, and let one after the other be changed."""
    for note in table.notes:
        st.text(note)
    names = [column.name for column in table.columns]
    key = f"column-{table.source}"
    if state.held(key) not in names:
        state.put(key, names[0])
    with st.container(key="role", horizontal=True, gap="small"):
        name = str(st.selectbox("Column", names, key=key))
        column = table.columns[names.index(name)]
        options = list(column.possible)
        role = f"role-{table.source}-{column.role}-{names.index(name)}"
        st.selectbox(
            "is taken as",
            options,
            options.index(column.role),
            key=role,
            on_change=_use,
            args=(id, name, role),
        )
    bars = [
        Bar(
            each.name, each.role, each.filled / max(len(table), 1),
            f"{each.distinct:,} different{f', {len(table) - each.filled:,} empty' if each.filled < len(table) else ''}",
            "Change what it is taken as",
        )
        for each in table.columns
    ]  # fmt: skip
    st.caption("How much of each column is filled; a click takes one to be changed")
    ranking(
        bars,
        key="columns",
        film=table.source,
        on_choose=lambda chosen: state.put(key, chosen),
        numbered=False,
        step=0,
    )


def _use(id: str, name: str, key: str) -> None:
    role: Role = state.text(key)  # type: ignore[assignment]
    changed = open_tables().change(id, {name: role})
    if changed != id:
        state.put(own_tables.TABLE, changed)
        st.query_params[own_tables.TABLE] = changed
    state.forget("by")
    own_tables.renew_menus()


def rows_on_stage(table: Table, selection: Selection, place: DeltaGenerator) -> None:
    """Show the rows where the map will be, or would be: who opens a table sees what is in it at once."""
    with place, st.container(key="rows-on-stage", height=600):  # app.css makes it as high as the stage
        rows_listed(table, selection, height="stretch")


def rows_listed(table: Table, selection: Selection, *, height: int | Literal["stretch"] = 320) -> None:
    """Show the rows in a table; one that is chosen there is looked at on the map. `height` is in pixels."""
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
    frame.insert(0, unlike_names([*frame.columns, "row"], [])[-1], rows + 1)  # a column may be called so
    count = int(selection.mask.sum())
    part = f", the first {len(rows):,}" if count > len(rows) else ""
    st.caption(f"{plain_label(short(table.title))}: {count:,} {'row' if count == 1 else 'rows'}{part}")
    configuration = {column.name: st.column_config.ImageColumn() for column in table.of_role("picture")}
    key = f"rows-{table.source}-{len(rows)}-{rows[0]}-{rows[-1]}"

    def chosen() -> None:
        places = getattr(getattr(state.held(key), "selection", None), "rows", [])
        if places:
            pick(int(rows[places[0]]))

    st.dataframe(
        frame, hide_index=True, height=height, key=key, on_select=chosen, selection_mode="single-row",
        column_config=configuration,
    )  # fmt: skip
