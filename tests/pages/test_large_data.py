"""Your data with more rows than are fitted or drawn one by one, with limits lowered; and tables of the operator's folder."""

import os
from pathlib import Path

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from embeddings_core import jobs
from embeddings_core.tables.on_disk import files_on_disk
from embeddings_core.tables.opened import open_tables
from embeddings_core.tables.reading import read_table
from tests.pages.reading import fine, go_to, said, sent

VECTORS = "name,kind,size,v\n" + "".join(
    f'"thing {n} of {kind}",{kind},{n},"[{n % 7 + 20 * (kind == "stone")}, {n % 5}, 1]"\n'
    for n in range(30)
    for kind in ("stone", "plant")
)


def scene(at: AppTest) -> dict[str, object]:
    found: dict[str, object] = sent(at, "scene")[-1]
    return found


@pytest.fixture
def few_are_fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a table of 60 rows be one of a million: 20 rows are fitted, of which the stage takes 10."""
    monkeypatch.setattr("pages._ui.data.found.LIVE_ROWS", 50)
    monkeypatch.setattr("pages._ui.data.drawing.LIVE_ROWS", 50)
    monkeypatch.setattr("pages._ui.data.drawing.REPRESENTATIVES", 20)
    monkeypatch.setattr("embeddings_core.tables.opened.STAGE_POINTS", 10)
    monkeypatch.setattr("embeddings_core.tables.large_tables.large_lane", lambda: jobs)


@pytest.mark.usefixtures("few_are_fitted")
def test_of_very_many_rows_representatives_are_fitted_and_it_is_said(root: Path) -> None:
    own = open_tables().open(
        read_table(VECTORS.replace("thing", "large object").encode(), name="objects.csv")
    )
    at = go_to(root, "data", table=own, colour="-2").run()
    assert fine(at) and len(scene(at)["items"]) == 10  # type: ignore[arg-type]
    assert "10 of 60 rows are drawn, an even sample." in said(at)
    assert "20 rows drawn at random are fitted, the other 40 are placed among them." in said(at)
    assert len(scene(at)["groupNames"]) > 1  # type: ignore[arg-type]
    found = open_tables().find(own)
    assert found is not None
    [drawn] = open_tables().work(found).maps.values()
    assert drawn.everyone is not None and len(drawn.all_places) == 60
    every = [drawn.shown.encircled([point]).tolist() for point in range(10)]
    assert sorted(row for rows in every for row in rows) == list(
        range(60)
    )  # a line round all points holds all rows
    assert all(drawn.shown.rows[point] in rows for point, rows in enumerate(every))
    at.text_input(key="search-data").set_value("of stone").run()
    assert fine(at) and "30 of 60 rows" in said(at)
    at.session_state["look-data"] = "Health"
    at.run()
    assert fine(at) and "Two rows at random" in said(at)


@pytest.mark.usefixtures("few_are_fitted")
def test_all_rows_of_a_large_map_are_drawn_by_the_stage_itself(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings_core.scenes.tables.LARGE_MAP", 30)
    own = open_tables().open(read_table(VECTORS.replace("thing", "large item").encode(), name="items.csv"))
    at = go_to(root, "data", table=own).run()
    assert fine(at) and scene(at)["large"]["count"] == 60  # type: ignore[index]
    assert "are drawn, an even sample" not in said(at)
    at.session_state["picked-row"] = 41
    at.session_state["look-data"] = "Row"
    at.run()
    assert fine(at) and scene(at)["selected"] == 41 and len(scene(at)["links"]) == 8  # type: ignore[arg-type]
    at.text_input(key="search-data").set_value("of stone").run()
    assert fine(at) and scene(at)["groupNames"] and scene(at)["large"]["count"] == 60  # type: ignore[index]


def test_a_table_of_lancedb_is_opened_from_the_operators_folder(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few_are_fitted: None
) -> None:
    lancedb = pytest.importorskip("lancedb", reason="needs the extra [cluster]")
    import pyarrow as pa

    points = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)
    rows = pa.table(
        {
            "note": [f"note {n} on {('tea', 'rain')[n % 2]}" for n in range(60)],
            "kind": [("tea", "rain")[n % 2] for n in range(60)],
            "row_number": list(range(60)),
            "vector": pa.FixedSizeListArray.from_arrays(pa.array(points.ravel()), 4),
        }
    )
    lancedb.connect(tmp_path).create_table(
        "notes", rows.replace_schema_metadata({"model": "minilm", "text": "note"})
    )
    (tmp_path / "words.csv").write_text(VECTORS.replace("thing", "large word"), "utf-8")
    (tmp_path / "nothing.bin").write_text("")
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_TABLES", str(tmp_path))
    at = go_to(root, "data").run()
    offered = {button.label: button for button in at.button if button.key and "disk-" in button.key}
    assert set(offered) == {"notes.lance", "words.csv"}
    offered["notes.lance"].click().run()
    assert fine(at) and scene(at)["groupNames"] == ["rain · 30", "tea · 30"]
    assert "60 rows of notes.lance stay on the disk" in said(at)
    at.text_input(key="search-data").set_value("on tea").run()
    assert fine(at) and "30 of 60 rows" in said(at)
    at.session_state["picked-row"] = 7
    at.session_state["look-data"] = "Row"
    at.run()
    assert fine(at) and "note 7 on rain" in said(at) and len(sent(at, "rows")[-1]) == 8
    offered = {button.label: button for button in at.button if button.key and "disk-" in button.key}
    offered["words.csv"].click().run()
    assert fine(at) and "10 of 60 rows are drawn" in said(at)
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_TABLES", "")
    at = go_to(root, "data", table=str(at.session_state["table"])).run()
    assert fine(at)


def test_while_a_file_of_the_operators_folder_is_read_the_page_says_so(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "slow *words*.csv"
    file.write_text(VECTORS.replace("thing", "slow word"), "utf-8")
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_TABLES", str(tmp_path))
    [listed] = files_on_disk()
    told: list[str] = []
    spinner = st.spinner
    monkeypatch.setattr(st, "spinner", lambda text, **look: told.append(text) or spinner(text, **look))
    assert open_tables().to_be_read(listed.id) == file.name and not open_tables().to_be_read("wines")
    at = go_to(root, "data", table=listed.id)
    assert fine(at) and told.count(r"Reading slow \*words\*.csv …") == 1
    assert not open_tables().to_be_read(listed.id)
    at.run()
    assert fine(at) and sum(text.startswith("Reading") for text in told) == 1
    file.write_text(VECTORS.replace("thing", "new word"), "utf-8")
    os.utime(file, ns=(1, 1))
    assert open_tables().to_be_read(listed.id) == file.name, "it has changed"
