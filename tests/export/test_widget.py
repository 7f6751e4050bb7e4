"""The map in a notebook: the selection goes to the browser and comes back, as positions and as a frame."""

import re

import numpy as np
import pandas as pd
import pytest

import embeddings_core as ec
from embeddings_core.export.widget import MapWidget


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {"text": [f"row {n}" for n in range(7)], "stars": np.arange(7) % 3}, index=list("abcdefg")
    )


@pytest.fixture(scope="module")
def widget(frame: pd.DataFrame) -> MapWidget:
    vectors = np.random.default_rng(0).normal(size=(7, 5))
    return ec.show(frame, label="stars", vectors=vectors, method="pca")


def test_what_the_browser_selects_is_read_in_python(widget: MapWidget, frame: pd.DataFrame) -> None:
    heard: list[list[int]] = []
    widget.observe(lambda change: heard.append(change["new"]), "selection")
    widget.set_state({"selection": [4, 1]})  # a message of the browser
    assert widget.selection == [1, 4] and heard[-1] == [1, 4]
    pd.testing.assert_frame_equal(widget.selected, frame.iloc[[1, 4]])


def test_what_python_selects_is_sent_to_the_browser(widget: MapWidget) -> None:
    widget.selection = [2, 0, 2, 99]  # there is no row 99
    assert widget.selection == [0, 2]
    assert widget.get_state("selection") == {"selection": [0, 2]}


def test_the_widget_carries_the_map_and_the_program(widget: MapWidget) -> None:
    state = widget.get_state()
    assert state["content"][:2] == b"\x1f\x8b"  # gzip
    assert "export default { render }" in state["_esm"] and "plotly.min" not in state["_esm"]


def test_the_style_holds_within_the_widget_alone() -> None:
    depth, rule, rules = 0, "", []
    for letter in re.sub(r"/\*.*?\*/", "", MapWidget._css, flags=re.DOTALL):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        rule = "" if letter == "}" and not depth else rule + letter
        if letter == "{" and depth == 1:
            rules.append(rule.strip())
    assert depth == 0 and len(rules) == 3
    assert all(rule.startswith(".map-notebook") for rule in rules), rules


def test_a_notebook_without_its_kernel_says_what_was_there(widget: MapWidget) -> None:
    bundle, _ = widget._repr_mimebundle_() or ({}, {})
    assert bundle["text/plain"] == "A map of 7 rows. Run the cell to see it."


def test_selected_rows_of_an_arrow_table() -> None:
    import pyarrow as pa

    table = pa.table({"name": list("abcd"), "x": [0.0, 1, 2, 3], "y": [0.0, 1, 0, 1]})
    widget = ec.show(table)
    widget.selection = [1, 3]
    assert widget.selected.column("name").to_pylist() == ["b", "d"]
