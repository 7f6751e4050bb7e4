"""A map of a table on its way: how far it is, and a button that ends it and leaves the map of before."""

import threading
from pathlib import Path
from typing import ClassVar

import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core.errors import JobError
from embeddings_core.tables.map_jobs import Drawing
from embeddings_core.tables.opened import DrawnMap
from tests.pages.reading import fine, go_to, said, sent


class Slow(Drawing):
    """A fit that is in its middle until it is stopped, or may go on."""

    may_end = threading.Event()
    all: ClassVar["list[Slow]"] = []

    def begin(self) -> None:
        self.all.append(self)
        super().begin()

    def _draw(self) -> DrawnMap:
        self._progress(60, 200)
        while not self.may_end.wait(0.01):
            if self.stopping:
                raise JobError("stopped")
        return super()._draw()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> type[Slow]:
    Slow.may_end.clear()
    Slow.all.clear()
    monkeypatch.setattr("pages._ui.data.drawing.Drawing", Slow)
    monkeypatch.setattr("pages._ui.data.awaited.PATIENCE", 0.3)
    return Slow


def scene(at: AppTest) -> str:
    found = sent(at, "scene")
    return str(found[-1]["id"]) if found else ""


def test_a_map_is_stopped_and_the_one_of_before_stays(root: Path, slow: type[Slow]) -> None:
    slow.may_end.set()
    at = go_to(root, "data", table="wines", **{"data-seed": "90"}).run()
    [first] = slow.all
    first.wait(60)
    at.run()
    before = scene(at)
    assert fine(at) and before
    slow.may_end.clear()
    at.number_input(key="data-seed").set_value(7).run()
    assert fine(at) and scene(at) == before  # the page answers meanwhile
    [bar] = at.get("progress")
    assert bar.proto.value == 30 and "UMAP moves 178 rows" in bar.proto.text
    at.text_input(key="search-data").set_value("class").run()
    assert fine(at) and len(slow.all) == 2  # one fit, however often the page is drawn
    at.button(key="stop-map").click().run()
    assert slow.all[1].stopping
    at.run()
    assert fine(at) and scene(at) == before and "Stopped: this map was not drawn." in said(at)
    assert not at.get("progress")
    slow.may_end.set()
    at.button(key="again-map").click().run()
    slow.all[-1].wait(60)
    at.run()
    assert fine(at) and scene(at) != before and "Stopped" not in said(at)


def test_a_first_map_is_awaited_with_the_columns_on_screen(root: Path, slow: type[Slow]) -> None:
    at = go_to(root, "data", table="wines", **{"data-seed": "91"}).run()
    assert fine(at) and not scene(at) and at.get("progress") and at.dataframe
    slow.may_end.set()
    slow.all[-1].wait(60)
    at.run()
    assert fine(at) and scene(at) and not at.get("progress")
