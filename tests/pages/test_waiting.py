"""What a page says while the engine is made ready, and where that fails."""

from contextlib import nullcontext

import pytest
from streamlit.delta_generator import DeltaGenerator
from streamlit.testing.v1 import AppTest

from embeddings_core import jobs
from embeddings_core.jobs import State
from embeddings_core.maps.request import MapOptions, MapRequest
from embeddings_core.models.text_space import TextModel
from pages._ui import cache, waiting, warm_up


def page() -> None:
    from pages._ui import waiting

    waiting.engine_ready("The groups")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State("warming"), "The groups follow as soon as the engine is warm"),
        (
            State("failed", "The worker ended unexpectedly."),
            "The map engine does not start: The worker ended unexpectedly. It is tried again by itself",
        ),
    ],
)
def test_the_page_says_what_the_engine_does(state: State, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "is_warm", lambda: False)
    monkeypatch.setattr(jobs, "state", lambda: state)
    at = AppTest.from_function(page).run(timeout=30)
    assert not at.exception and [text.value for text in at.text if told in text.value]


def line() -> None:
    from embeddings_core import jobs
    from embeddings_core.jobs.callers import caller
    from pages._ui import waiting

    jobs.introduce(waiting.visit_here)  # as every page does, by `warm_up.begin`
    who = caller()
    assert who is not None and who.visitor and who.in_line is not None
    with who.in_line() as ahead:
        ahead(3, 12.2)


def test_who_waits_sees_the_place_and_a_time_and_nothing_of_it_stays() -> None:
    at = AppTest.from_function(line).run(timeout=30)
    assert not at.exception and [caption.value for caption in at.caption] == []
    assert waiting.visit_here() is None  # a thread that draws no page


def test_the_place_is_drawn_while_it_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(DeltaGenerator, "caption", lambda self, text: said.append(text))
    AppTest.from_function(line).run(timeout=30)
    assert said == ["3 computations come before yours: about 12 seconds."]


def test_every_page_introduces_its_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    introduced: list[object] = []
    monkeypatch.setattr(jobs, "introduce", introduced.append)
    taken = warm_up._begun.acquire(blocking=False)
    try:
        warm_up.begin()
    finally:
        if taken:
            warm_up._begun.release()
    assert introduced == [waiting.visit_here]


def test_what_takes_a_second_says_what_is_done_and_for_how_long(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def spinner(text: str, *, show_time: bool = False) -> nullcontext[None]:
        told.append(f"{text}{' and the time' * show_time}")
        return nullcontext()

    monkeypatch.setattr(cache.st, "spinner", spinner)
    items = tuple(f"Sentence {letter} of a long list." for letter in "abcdefghi")
    space = TextModel("minilm")
    request = MapRequest(items, items, MapOptions("umap"), space)
    cache.view(request)
    *read, drawn = told
    assert set(read) == {f"{space.busy} … and the time"} and drawn == "Drawing the map … and the time"
    told.clear()
    cache.view(request)
    assert told == []  # what is remembered takes no time
    cache.clusters(items, 2, 0, space)
    assert told == ["Grouping …"]
