"""What of the page is drawn again when somebody searches, clicks or chooses."""

from dataclasses import replace
from functools import cache, partial

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from embeddings_core import jobs
from embeddings_core.limits import LIVE_ROWS
from embeddings_core.maps.request import DIMENSIONS, METHODS, MapOptions
from embeddings_core.maps.settings import best_method
from embeddings_core.scenes.scene import Scene
from embeddings_core.scenes.tables import MOST_PICTURES, Look, is_large, large_table_scene, table_scene
from embeddings_core.spaces.vectors import IntArray
from embeddings_core.tables.embedding import IMAGE_TEXT, Basis, RowNames, TableSpace, bases, row_names
from embeddings_core.tables.filters import day_of
from embeddings_core.tables.opened import DrawnMap
from embeddings_core.tables.questions import categories, near, ramp
from embeddings_core.tables.selections import as_colours
from embeddings_core.tables.table import Table, number_text, texts_of
from pages._ui import below, controls, model_menu, own_tables, panels, shell, state, waiting
from pages._ui.data import panels as data_panels
from pages._ui.data import selection as chosen_rows
from pages._ui.data import two_spaces
from pages._ui.data.drawing import MapChoice, map_of, shown, shown_before
from pages._ui.data.found import dense_regions_of, found_before, groups_of
from pages._ui.data.indexing import have_index
from pages._ui.data.open_in import open_in
from pages._ui.data.selected_rows import by_hand, rows_alone, told_of_address, unread
from pages._ui.data.selection_summary import selection_summary
from pages._ui.data.work import space_of
from pages._ui.stage import stage

LOOKS = ("Selection", "Row", "Health", "Columns")
LOOK, BY, COLOUR, LABEL, SIZE = "look-data", "by", "colour", "label-by", "size-by"
ONE_COLOUR, FOUND_GROUPS, NAMED, DENSE = "one colour", "\x1fgroups found", "\x1fselections", "\x1fdense"
FEW = 60  # rows whose names stand on the map however long they are: there is room, as on the map of so many sentences
SHORT_NAME = 24  # characters of names that stand on the map; longer ones are shown under the pointer
SLOW_TSNE = 5_000  # rows; beyond, it takes minutes


def map_of_table() -> None:
    """Ask for a table, draw its map, and answer what is asked of it."""
    places = shell.places()
    answer = places.panel.container(key="answer")
    # what takes long is said where the picture will be
    drawing = cache(partial(places.picture.container, key="drawing"))
    with places.line:
        own_tables.ask(drawing)
    id, table = own_tables.current(drawing)
    with answer:
        if problem := state.text(own_tables.PROBLEM):
            shell.message(problem)
        if table is None:
            shell.message(
                "This table is no longer here: it lived in memory only. Drop its file again.", kind="note"
            )
            return
    with places.settings:
        basis, choice = _basis(table, answer), _choice(table)
        colour = _colour(table, basis)
        label, size = _marks(table)
        second = None if basis is None else two_spaces.ask(table, basis)
    with answer:
        space = None if basis is None else space_of(table, basis)
    if space is not None:
        _answered(
            id, table, space, choice, colour, places, answer, drawing(), second=second, label=label, size=size
        )
        return
    with answer:
        if basis is None:
            panels.sentence(
                "No column of this table can make a map: it needs text, vectors or numbers. See Columns.",
                key="no-basis",
            )
        data_panels.columns_panel(table, id)
    everything = chosen_rows.Selection(np.ones(len(table), dtype=bool), "", asked=False)
    data_panels.rows_on_stage(table, everything, places.picture)


def _answered(
    id: str,
    table: Table,
    space: TableSpace,
    choice: MapChoice,
    colour: str,
    places: shell.Places,
    answer: DeltaGenerator,
    drawing: DeltaGenerator,
    *,
    second: Basis | None,
    label: str,
    size: str,
) -> None:
    names = RowNames(table, label) if label else row_names(table, space.basis)
    if second is None and state.text(LOOK) == two_spaces.LOOK:
        state.put(LOOK, LOOKS[0])
    with places.lenses:
        look = controls.lens((*LOOKS, two_spaces.LOOK) if second is not None else LOOKS, key=LOOK)
    with answer:
        waiting.for_engine(MapOptions(choice.wanted))
        if two_spaces.asked_of_too_many(table):
            panels.sentence(two_spaces.too_many(), key="no-film")
        selection = chosen_rows.search(table, space)
        with drawing:
            fresh = map_of(table, space, choice, alone=rows_alone(table))
        have_index(table, space)
        drawn = fresh or shown_before(table)
        if drawn is None:
            data_panels.columns_panel(table, id)
    if drawn is None:
        data_panels.rows_on_stage(table, selection, places.picture)
        return
    with answer:
        shown(table, drawn)
        both = None
        if fresh is not None and second is not None and look == two_spaces.LOOK:
            alone = rows_alone(table)
            both = two_spaces.two_spaces(table, space, second, choice, alone=alone, picture=drawing)
            drawn = drawn if both is None else both.drawn
        row = data_panels.picked(table)
        with drawing:
            if fresh is None and not found_before(table, space, drawn, dense=colour == DENSE):
                colour = "" if colour in (FOUND_GROUPS, DENSE) else colour  # they would wait for the map
            if unread(table) and colour != FOUND_GROUPS:
                groups_of(table, space)  # the address means one of them
            look_of = _look(table, space, drawn, names, colour=colour, selection=selection, row=row)
            if unread(table) and found_before(table, space, drawn, dense=False):
                st.rerun()
        if size:
            look_of = replace(look_of, sizes=ramp(table, size).places)
        if both is not None:
            look_of = replace(look_of, trails=both.trails)
        part = drawn.shown
        large = is_large(drawn, look_of)
        if look == "Row":
            data_panels.row_panel(table, space, names)
        elif look == "Health":
            data_panels.health_panel(table, space, names)
        elif look == "Columns":
            data_panels.columns_panel(table, id)
        elif both is not None:
            two_spaces.panel(table, both, names, basis=space.basis)
        elif look != two_spaces.LOOK:
            chosen_rows.selection_panel(table, space, selection)
            with st.container(key="leads", horizontal=True, gap="small"):
                chosen_rows.files(table, space, selection)
                open_in(table, space, part, selection)
            selection_summary(
                table, space, selection, names, found=look_of.categories, title=look_of.colour_title
            )
        told = [*table.notes[:1], *space.notes, drawn.projection.note]
        if drawn.trust is not None:
            share = round(100 * drawn.trust)
            among = (
                ""
                if not drawn.sampled
                else f", asked of a sample of {min(LIVE_ROWS, len(drawn.all_rows)):,} rows"
            )
            told.insert(
                0, f"Trust {drawn.trust:.2f}: {share} of 100 true neighbours are kept in this picture{among}."
            )
        if both is not None and len(drawn.rows) < len(space.rows):
            told.insert(0, f"{len(drawn.rows):,} of {len(space.rows):,} rows are in both maps.")
        elif len(part.rows) < len(drawn.all_rows) and not large:
            told.insert(0, f"{len(part.rows):,} of {len(drawn.all_rows):,} rows are drawn, an even sample.")
        panels.sentence(" ".join(filter(None, told)), key="below")

    rows = drawn.all_rows if large else part.rows

    def sampled() -> Scene:
        return table_scene(table, space, part, look_of)

    def clicked(point: int) -> None:
        if point < len(rows):
            data_panels.pick(int(rows[point]), stays=both is not None)

    def encircled(points: IntArray) -> None:
        chosen = rows[points] if large else part.encircled(points)
        by_hand(table, chosen, "encircled on the map")

    with places.picture:
        scene = large_table_scene(table, space, drawn, look_of) if large else sampled()
        stage(scene, key="data-map", on_click=clicked, on_select=encircled)
    with places.share:
        below.share(
            scene if isinstance(scene, Scene) else sampled,
            key="data",
            note="The address names this table, the view, and chosen rows by number; never what rows say, or a search."
            + told_of_address(table),
        )
    data_panels.rows_listed(table, selection)


def _basis(table: Table, notes: DeltaGenerator) -> Basis | None:
    """Ask what the map is made of; the address holds its number. What is to be said of a model stands in `notes`."""
    found = bases(table)
    if not found:
        return None
    numbers = [str(number) for number in range(len(found))]
    chosen = controls.one_of(
        "Made of",
        numbers,
        key=BY,
        widget=own_tables.menu_key(BY),
        format_func=lambda number: found[int(number)].title,
    )
    basis = found[int(chosen)]
    if basis.kind == "picture":
        spec = model_menu.model(
            "image-text",
            key="picture-model",
            default=IMAGE_TEXT,
            task="looks at the pictures",
            label="Model that looks at the pictures",
            notes=notes,
        )
        return Basis("picture", basis.column, spec.id)
    if basis.kind != "text":
        return basis
    spec = model_menu.model(
        "text",
        key="model",
        task="reads the texts",
        label="Model that reads the texts",
        rows=model_menu.endpoint_rows(),
        notes=notes,
    )
    return Basis("text", basis.column, spec.id)


def _colour(table: Table, basis: Basis | None) -> str:
    """Ask which column colours the points; the address holds its number."""
    columns = [
        column for column in table.columns if column.kind in ("text", "number", "date") and column.filled
    ]
    usual = next((str(place) for place, column in enumerate(columns) if column.name == table.label()), "")
    if not usual:
        usual = "-1" if basis is None or basis.kind == "places" else "-2"
    options = [
        "-1",
        "-2",
        "-4",
        *(["-3"] if chosen_rows.kept_selections(table) else []),
        *(str(place) for place in range(len(columns))),
    ]
    fixed = {
        "-1": ONE_COLOUR,
        "-2": "colour: groups found",
        "-4": "colour: dense regions of the map",
        "-3": "colour: selections with a name",
    }
    chosen = int(
        controls.one_of(
            "Colour by", options, key=COLOUR, usual=usual, widget=own_tables.menu_key(COLOUR),
            format_func=lambda number: fixed.get(number) or f"colour: {columns[int(number)].name}",
        )
    )  # fmt: skip
    special = {-1: "", -2: FOUND_GROUPS, -3: NAMED, -4: DENSE}
    return special[chosen] if chosen < 0 else columns[chosen].name


def _marks(table: Table) -> tuple[str, str]:
    """Ask which column names the points, and which sets their size; the address holds their numbers, nothing for none."""
    asked = []
    for title, key, none, kinds in (
        ("Label by", LABEL, "what the map is made of", ("text", "number", "date")),
        ("Size by", SIZE, "one size", ("number", "date")),
    ):
        places = [
            str(at) for at, column in enumerate(table.columns) if column.kind in kinds and column.filled
        ]
        chosen = controls.one_or_none(
            title,
            places,
            key=key,
            none=none,
            widget=own_tables.menu_key(key),
            format_func=lambda number: table.columns[int(number)].name,
        )
        asked.append(table.columns[int(chosen)].name if chosen else "")
    return asked[0], asked[1]


def _choice(table: Table) -> MapChoice:
    """Ask how the map is drawn."""
    titles = [title for title, method in METHODS.items() if method != "tsne" or len(table) <= SLOW_TSNE]
    usual = next(title for title, method in METHODS.items() if method == best_method(len(table)))
    title = st.segmented_control(
        "Method", titles, default=usual, required=True, key="data-method", bind="query-params"
    )
    flat = st.segmented_control(
        "Space", list(DIMENSIONS), default="2-D", required=True, key="data-space", bind="query-params"
    )
    seed = st.number_input("Random seed", 0, 10_000, key="data-seed", bind="query-params")
    if len(table) > SLOW_TSNE:
        st.caption(f"t-SNE is left out above {SLOW_TSNE:,} rows: it would take minutes.")
    method = METHODS[str(title)]
    return MapChoice(method if jobs.is_warm() else "pca", DIMENSIONS[str(flat)], int(seed or 0), method)


def _look(
    table: Table,
    space: TableSpace,
    drawn: DrawnMap,
    names: RowNames,
    *,
    colour: str,
    selection: chosen_rows.Selection,
    row: int | None,
) -> Look:
    pictures = next((column.name for column in table.of_role("picture")), "")
    images = texts_of(table, pictures) if pictures and len(table) <= MOST_PICTURES else None
    head = names.at(np.arange(min(len(table), 500)))
    found, places, title = None, None, colour
    if colour == FOUND_GROUPS:
        found = groups_of(table, space)
        title = "" if found is None else "groups found by k-means"
    elif colour == DENSE:
        found = dense_regions_of(table, space, drawn)
        title = "" if found is None else "dense regions of the map; grey points lie between them (HDBSCAN)"
    elif colour == NAMED:
        found, title = as_colours(chosen_rows.kept_selections(table), len(table)), "selections with a name"
    elif colour:
        column = table.column(colour)
        if column.kind == "text" or column.role == "label":
            found = categories(table, colour)
        else:
            scaled = ramp(table, colour)
            places = scaled.places
            ends = [_end(end, is_date=column.kind == "date") for end in (scaled.low, scaled.high)]
            scale = ", log scale" if scaled.logarithmic else ""
            title = f"{colour}{scale} ({ends[0]} … {ends[1]})"
    return Look(
        names, found, places, title, selection.mask if selection.asked else None, row,
        None if row is None else near(space, row, k=data_panels.NEAREST)[0],
        named=any(head) and (len(table) <= FEW or sum(map(len, head)) <= SHORT_NAME * len(head)), pictures=images,
    )  # fmt: skip


def _end(value: float, *, is_date: bool) -> str:
    """Write an end of a ramp: a day, or a number to two places, or to three digits where it is smaller than that shows."""
    if is_date:
        return day_of(value)
    return number_text(round(value, 2) if abs(value) >= 1 or not value else float(f"{value:.3g}"))
