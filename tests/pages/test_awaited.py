"""Groups and what is odd on their way: the map stands without them, how far they are, a stop, and what went wrong."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core.errors import JobError
from embeddings_core.tables.opened import open_tables
from embeddings_core.tables.reading import read_table
from embeddings_core.tables.table_jobs import Search
from tests.pages.reading import fine, go_to, said, sent


class Held:
    """Searches that are in their middle until they are stopped, or may end, or fail."""

    def __init__(self) -> None:
        self.may_end, self.problem = threading.Event(), ""
        self.begun: list[Search[object]] = []

    def found(self, search: Search[object], whole: Callable[[Search[object]], object]) -> object:
        self.begun.append(search)
        search._progress(60, 200)
        while not self.may_end.wait(0.01):
            if search.stopping:
                raise JobError("stopped")
        if self.problem:
            raise JobError(self.problem)
        return whole(search)

    def end(self) -> None:
        self.may_end.set()
        self.begun[-1].wait(60)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    held, whole = Held(), Search._found
    monkeypatch.setattr(Search, "_found", lambda search: held.found(search, whole))
    return held


@pytest.fixture
def own(root: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    """Open a table with its map there, and be patient for a moment only from then on."""
    lines = "".join(f"{n % 7 + 30 * (n % 2)},{n % 5}\n" for n in range(60))
    file = f"{request.node.name},width\n{lines}".encode()
    id = open_tables().open(read_table(file, name="petals.csv"))
    assert fine(go_to(root, "data", table=id, colour="-1", **{"data-method": "PCA"}))
    monkeypatch.setattr("pages._ui.data.awaited.PATIENCE", 0.2)
    return id


def opened(root: Path, own: str, **address: str) -> AppTest:
    return go_to(root, "data", table=own, **{"data-method": "PCA"}, **address)


def groups(at: AppTest) -> list[str]:
    return list(sent(at, "scene")[-1].get("groupNames") or ())


@pytest.mark.parametrize(("colour", "kind"), [("-2", "groups"), ("-4", "dense")])
def test_the_map_stands_without_its_groups_until_they_are_there(
    root: Path, own: str, held: Held, colour: str, kind: str
) -> None:
    at = opened(root, own, colour=colour)
    assert fine(at) and not groups(at)
    [bar] = at.get("progress")
    assert bar.proto.value == 30 and bar.proto.text.startswith("Finding ")
    at.text_input(key="search-data").set_value("3").run()
    at.text_input(key="search-data").set_value("").run()
    assert fine(at) and len(held.begun) == 1  # one search, however often the page is drawn
    at.button(key=f"stop-{kind}").click().run()
    assert held.begun[0].stopping and "Stopped: the map is shown without" in said(at)
    assert fine(at) and not at.get("progress") and not groups(at)
    at.button(key=f"again-{kind}").click().run()
    assert len(held.begun) == 2 and at.get("progress")
    held.end()
    at.run()
    assert fine(at) and not at.get("progress") and "Stopped" not in said(at)
    assert kind == "dense" or len(groups(at)) > 1


def test_what_goes_wrong_is_said_once_and_not_tried_without_end(root: Path, own: str, held: Held) -> None:
    at = opened(root, own, colour="-1")
    at.session_state["look-data"] = "Health"
    at.run()
    assert fine(at) and "Looking at all rows: neighbours of 60 rows" in at.get("progress")[0].proto.text
    assert not groups(at) and sent(at, "scene")
    at.button(key="stop-health").click().run()
    assert fine(at) and "Stopped: not all was looked at." in said(at)
    held.problem = "It took too long."
    held.may_end.set()
    at.button(key="again-health").click().run()
    assert fine(at) and "It took too long." in said(at)
    at.run()
    assert fine(at) and "It took too long." in said(at) and len(held.begun) == 2
    held.problem = ""
    at.button(key="again-health").click().run()
    held.begun[-1].wait(60)
    at.run()
    assert fine(at) and len(held.begun) == 3
    assert not at.get("progress") and "too long" not in said(at)


def test_a_group_of_the_address_is_chosen_when_it_is_found(root: Path, own: str, held: Held) -> None:
    at = opened(root, own, rows="g1", colour="0")
    assert fine(at) and at.get("progress") and "All 60 rows" in said(at)
    at.run()
    assert fine(at) and at.query_params["rows"] in ("g1", ["g1"])
    held.end()
    at.run()
    assert fine(at) and "of 60 rows: in " in said(at) and at.query_params["rows"] in ("g1", ["g1"])


def test_a_talk_waits_for_what_it_shows(root: Path, own: str, held: Held) -> None:
    at = opened(root, own, colour="-2")
    at.button(key="make-a-talk").click().run()
    assert (
        fine(at) and len(at.get("progress")) == 2 and len(held.begun) == 1
    )  # on the map, and where it was asked
    at.button(key="stop-talk-groups").click().run()
    at.button(key="again-groups").click().run()
    assert fine(at) and len(at.get("progress")) == 1 and len(held.begun) == 2  # no talk is wanted any more
    at.button(key="make-a-talk").click().run()
    held.end()
    at.run()
    held.begun[-1].wait(60)
    at.run()
    assert fine(at) and len(held.begun) == 3 and at.session_state["own-talk"].title == "About petals.csv"


def test_two_maps_wait_for_who_moves(root: Path, held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "".join(f'"[{n % 2 * 9}, {n % 5}, 1]","[{n % 3}, {n % 7}, 1]"\n' for n in range(40))
    id = open_tables().open(read_table(f"awaited,after\n{lines}".encode(), name="two.csv"))
    address = {"table": id, "second": "1", "colour": "-1", "data-method": "PCA", "look-data": "Two maps"}
    held.may_end.set()
    assert fine(go_to(root, "data", **address))  # both maps are there then
    held.may_end.clear()
    table = open_tables().find(id)
    assert table is not None
    open_tables().work(table).found.clear()
    monkeypatch.setattr("pages._ui.data.awaited.PATIENCE", 0.2)
    at = go_to(root, "data", **address)
    assert fine(at) and sent(at, "scene")[-1]["kind"] != "morph"
    assert "Comparing neighbours" in at.get("progress")[0].proto.text
    held.end()
    at.run()
    assert fine(at) and sent(at, "scene")[-1]["kind"] == "morph" and not at.get("progress")
