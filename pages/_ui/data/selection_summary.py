"""What a selection is made of: its groups, what sets it apart, and its mean. A click on a group chooses its rows."""

import numpy as np
import streamlit as st

from embeddings_core.spaces.vectors import FloatArray, IntArray
from embeddings_core.tables.embedding import RowNames, TableSpace
from embeddings_core.tables.questions import Categories
from embeddings_core.tables.selections import contrasts, mean_of
from embeddings_core.tables.table import Table
from pages._ui import panels
from pages._ui.data.panels import pick
from pages._ui.data.selected_rows import by_hand, group_of
from pages._ui.data.selection import Selection
from pages._ui.panels import Bar, plain_label, ranking

LISTED = 21  # groups: as many as the key to the colours has
NAME = 60  # characters of a row's name


def selection_summary(
    table: Table,
    space: TableSpace,
    selection: Selection,
    names: RowNames,
    *,
    found: Categories | None,
    title: str,
) -> None:
    """Show what the chosen rows are made of, by the groups that colour the map (`found`, called `title`)."""
    if not selection.mask.any():
        return
    part = selection.asked and not selection.mask.all()
    if part:
        _apart(table, selection)
        _mean(table, space, selection, names)
    if found is not None:
        finer = (
            found.finer
            if part and found.finer is not None and len(found.finer.names) > len(found.names)
            else None
        )
        _groups(
            table, space, selection, finer or found, "Finer groups in them" if finer else title, part=part
        )


def _groups(
    table: Table, space: TableSpace, selection: Selection, found: Categories, title: str, *, part: bool
) -> None:
    """List the groups that chosen rows belong to, the largest first; a click chooses those rows alone."""
    counts = np.bincount(found.groups[selection.mask & (found.groups >= 0)], minlength=len(found.names))
    order = [group for group in np.argsort(-counts, kind="stable").tolist() if counts[group]][:LISTED]
    if not order or (part and len(order) < 2):
        return
    st.caption(plain_label(f"{title[:1].upper()}{title[1:]}; a click chooses the rows of one"))
    bars = [
        Bar(
            found.names[group][:NAME], f"{counts[group]:,}{f' of {found.counts[group]:,}' if part else ''}",
            counts[group] / counts[order[0]], hint=f"Choose the {counts[group]:,} rows of {found.names[group][:NAME]}",
        )
        for group in order
    ]  # fmt: skip
    by_label = {bar.label: group for bar, group in zip(bars, order, strict=True)}

    def chosen(label: str) -> None:
        if (group := by_label.get(label)) is not None:
            rows = np.flatnonzero(selection.mask & (found.groups == group))
            by_hand(table, rows, f"in {found.names[group]}", group=group_of(table, space, rows))

    ranking(
        bars,
        key="groups-of",
        film=f"{title} {selection.told}",
        on_choose=chosen,
        numbered=False,
        step=30,
        delay=0,
    )


def _apart(table: Table, selection: Selection) -> None:
    """Show the columns in which the chosen rows differ most from all rows."""
    found = contrasts(table, selection.mask)
    if not found:
        return
    st.caption("What sets them apart, in standard deviations of all rows")
    largest = abs(found[0].size)
    bars = [
        Bar(
            each.column[:NAME],
            f"{each.own}",
            abs(each.size) / largest,
            f"{each.size:+.1f}; all rows {each.all}",
        )
        for each in found
    ]
    ranking(bars, key="apart", film=selection.told, numbered=False, step=60)


def _mean(table: Table, space: TableSpace, selection: Selection, names: RowNames) -> None:
    """Show the rows nearest to the mean of the chosen ones, in the selection and outside."""
    found = mean_of(space, selection.mask)
    if found is None or len(found.inside) < 2:
        return
    panels.sentence(found.told, key="alike")
    measured = "cosine" if found.metric == "cosine" else "distance"
    sides = (
        ("Most typical: nearest to their mean", "inside", found.inside, found.inside_scores),
        ("Nearest to their mean among all other rows", "outside", found.outside, found.outside_scores),
    )
    for title, key, rows, scores in sides:
        if len(rows):
            st.caption(f"{title} ({measured})")
            _rows(rows, scores, names, key=f"mean-{key}", film=selection.told)


def _rows(rows: IntArray, scores: FloatArray, names: RowNames, *, key: str, film: str) -> None:
    far = (scores <= 0).all()
    called = names.at(rows)
    bars = [
        Bar(
            name[:NAME] or f"row {row + 1:,}", f"{abs(score):.2f}", 1 / (1 - score) if far else max(score, 0.0),
            f"row {row + 1:,}", f"Look at row {row + 1:,}",
        )
        for row, score, name in zip(rows.tolist(), scores.tolist(), called, strict=True)
    ]  # fmt: skip
    by_label = {bar.label: row for bar, row in zip(bars, rows.tolist(), strict=True)}

    def chosen(label: str) -> None:
        if label in by_label:
            pick(by_label[label])

    ranking(bars, key=key, film=film, on_choose=chosen, step=60)
