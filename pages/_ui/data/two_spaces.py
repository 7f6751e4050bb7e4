"""Two models, or two columns, on the same rows: which is the second, the film from the one map to the other, and who moves."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embeddings_core.limits import LIVE_ROWS
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.recent import recent
from embeddings_core.models.registry import list_models, model_title
from embeddings_core.spaces.vectors import FloatArray, IntArray
from embeddings_core.tables.embedding import Basis, TableSpace, bases, words_column
from embeddings_core.tables.opened import DrawnMap, open_tables
from embeddings_core.tables.questions import stand_out
from embeddings_core.tables.searches import change_search
from embeddings_core.tables.table import Table, texts_of
from embeddings_core.tables.two_spaces import FEWEST, RowChanges, common_rows, joined_film
from pages._ui import controls, model_menu, own_tables, panels, state
from pages._ui.data.awaited import Awaited, awaited
from pages._ui.data.drawing import MapChoice, map_of
from pages._ui.data.panels import pick, picked
from pages._ui.data.selected_rows import by_hand
from pages._ui.data.work import metric_of, space_of
from pages._ui.panels import Bar, ranking

CHANGES = Awaited("changes", "Stopped: the neighbours in both were not compared.", "Compare them")
SECOND, LOOK = "second", "Two maps"
MOVERS, SELECTED, TRAILS = 5, 30, 12  # rows that are told, chosen by a click, and leave a trail
NAME, SHORT = 60, 28  # characters of a row's name


@dataclass(frozen=True, eq=False)
class TwoSpaces:
    """A film from one map of a table to another, and what changes between them; `titles` name the two."""

    drawn: DrawnMap
    changes: RowChanges
    displacements: FloatArray
    titles: tuple[str, str]

    @property
    def trails(self) -> IntArray:
        """The rows of the table whose displacement is drawn."""
        return self.changes.rows[self.changes.movers(TRAILS, displacements=self.displacements)]


def titled(basis: Basis) -> str:
    """Return what a basis is called beside another one: its column and its model."""
    return f"{basis.column} by {model_title(basis.model)}" if basis.kind == "text" else basis.title


def _names_of(first: Basis, second: Basis) -> tuple[str, str]:
    """Return what tells two bases apart: of one column their models alone."""
    if first.kind == second.kind == "text" and first.column == second.column:
        return model_title(first.model), model_title(second.model)
    return titled(first), titled(second)


def ask(table: Table, basis: Basis) -> Basis | None:
    """Ask for a second space of the same rows; None where there is to be none. The address holds its number and its model.

    Of more rows than are all fitted no film is made, which is said in place of the menu.
    """
    found: dict[str, Basis] = {}
    ready = [spec.id for spec in (*list_models("text"), *model_menu.endpoint_rows())
             if model_menu.has_packages(spec) and recent(on_disk, spec)]  # fmt: skip
    for number, each in enumerate(bases(table)):
        if each.kind == "text":
            found |= {f"{number}:{id}": Basis("text", each.column, id) for id in ready}
        else:
            found[str(number)] = each
    options = [name for name, each in found.items() if each != basis]
    if not options:
        return None
    if len(table) > LIVE_ROWS:
        st.caption(too_many())
        return None
    chosen = controls.one_or_none(
        "Film to another model or column", options, key=SECOND, none="none", widget=(menu := own_tables.menu_key(SECOND)),
        on_change=_look, args=(menu,),
        format_func=lambda name: titled(found[name]),
    )  # fmt: skip
    return found.get(chosen)


def too_many() -> str:
    """Say of how many rows there is a film from one map to another, and what there is of more."""
    return (
        f"A film to another model or column is made of up to {LIVE_ROWS:,} rows. Of more, as here, there is one map at a time: "
        "choose what it is made of."
    )


def asked_of_too_many(table: Table) -> bool:
    """Tell whether the address asks for a film of more rows than there is one of."""
    return len(table) > LIVE_ROWS and bool(st.query_params.get(SECOND))


def _look(menu: str) -> None:
    state.put("look-data", "Selection" if state.text(menu) == controls.NONE else LOOK)


def two_spaces(
    table: Table,
    first: TableSpace,
    basis: Basis,
    choice: MapChoice,
    *,
    alone: IntArray | None,
    picture: DeltaGenerator,
) -> TwoSpaces | None:
    """Return the film from the map of a space to that of another basis; None without common rows, and while it is worked out."""
    second = space_of(table, basis)
    if second is None:
        return None
    rows = common_rows(first, second)
    if alone is not None:
        rows = np.intersect1d(rows, alone)
    if len(rows) < FEWEST:
        panels.sentence(
            f"Only {len(rows)} rows have a vector in both; {FEWEST} make a film.", key="few-common"
        )
        return None
    with picture, st.container(key="drawing-both"):
        maps = []
        for space in (first, second):
            drawn = map_of(table, space, choice, alone=None if len(rows) == len(space.rows) else rows)
            if drawn is None:
                return None
            maps.append(drawn)
        titles = _names_of(first.basis, basis)
        film, displacements = joined_film(*maps, names=titles)
        changes = _changes(table, first, second, film)
        return None if changes is None else TwoSpaces(film, changes, displacements, titles)


def _changes(table: Table, first: TableSpace, second: TableSpace, drawn: DrawnMap) -> RowChanges | None:
    """Return who changes company, worked out once for all who look at this content; None meanwhile, and where it was stopped."""
    work = open_tables().work(table)
    key = f"changes {drawn.id}"
    if (known := work.found.get(key)) is not None:
        return known  # type: ignore[return-value]
    metrics = metric_of(first), metric_of(second)
    return awaited(
        f"{table.source} {key}",
        lambda: change_search((first, second), drawn.rows, work=work, key=key, metrics=metrics),
        what=CHANGES,
    )


def panel(table: Table, both: TwoSpaces, names: Sequence[str], *, basis: Basis) -> None:
    """Tell how many neighbours are kept, by label and by word, and which rows move most."""
    changes = both.changes
    panels.sentence(changes.told(*both.titles), key="both")
    label = table.label()
    by_label = changes.by_label(texts_of(table, label)) if label else ()
    if len(by_label) > 1:
        (least, low), (most, high) = by_label[0], by_label[-1]
        panels.sentence(
            f"Least is kept where {label[:SHORT]} is {least[:SHORT]} ({round(100 * low)} in 100), most where it is "
            f"{most[:SHORT]} ({round(100 * high)} in 100).",
            key="by-label",
        )
    places = changes.movers(SELECTED, displacements=both.displacements)
    if not len(places):
        panels.sentence("Every row keeps all its neighbours.", key="no-movers")
        return
    _words(table, changes.rows[places], basis)
    st.caption("Neighbours kept, of the rows whose company changes most; a click looks at a row")
    _picked(table, both, names)
    bars, rows = [], {}
    for place in places[:MOVERS].tolist():
        row, (kept, told) = int(changes.rows[place]), _kept_neighbours(both, place, names)
        rows[_name(names, row)] = row
        bars.append(
            Bar(
                _name(names, row),
                f"{kept} of {changes.k}",
                kept / changes.k,
                told,
                f"Look at row {row + 1:,}",
            )
        )

    def chosen(name: str) -> None:
        if name in rows:
            pick(rows[name], stays=True)

    ranking(bars, key="movers", film=both.drawn.id, on_choose=chosen, numbered=False, step=60)
    st.button(
        f"Select the {len(places)} that change most", key="select-movers", type="tertiary", on_click=by_hand,
        args=(table, changes.rows[places], f"with the most changed company from {both.titles[0]} to {both.titles[1]}"),
    )  # fmt: skip


def _picked(table: Table, both: TwoSpaces, names: Sequence[str]) -> None:
    """Tell whom the row leaves and joins that is looked at."""
    row = picked(table)
    places = [] if row is None else np.flatnonzero(both.changes.rows == row).tolist()
    if places and row is not None:
        kept, told = _kept_neighbours(both, places[0], names)
        panels.sentence(
            f"{_name(names, row)} keeps {kept} of {both.changes.k} neighbours: it {told}.", key="picked-moves"
        )


def _kept_neighbours(both: TwoSpaces, place: int, names: Sequence[str]) -> tuple[int, str]:
    """Return how many neighbours one row keeps, and whom it leaves and joins, in words."""
    changes = both.changes
    left, joined = (
        "; ".join(_short(names, other) for other in others[:2]) for others in changes.change(place)
    )
    return round(
        changes.k * float(changes.shared[place])
    ), f"leaves {left or 'nobody'}; joins {joined or 'nobody'}"


def _name(names: Sequence[str], row: int) -> str:
    return names[row][:NAME] or f"row {row + 1:,}"


def _short(names: Sequence[str], row: int) -> str:
    name = " ".join(names[row].split())
    return (name if len(name) <= SHORT else f"{name[: SHORT - 1]}…") or f"row {row + 1:,}"


def _words(table: Table, rows: IntArray, basis: Basis) -> None:
    """Say which words stand out in the rows that change most."""
    column = words_column(table, basis)
    if not column:
        return
    mask = np.zeros(len(table), dtype=bool)
    mask[rows] = True
    words = [each.word for each in stand_out(texts_of(table, column), mask, count=4)]
    if words:
        panels.sentence(
            f"Words that stand out in those that change most: {', '.join(words)}.", key="movers-words"
        )
