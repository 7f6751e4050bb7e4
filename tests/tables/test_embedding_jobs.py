"""Texts of several visitors are read in turns, told truly, and only as long as somebody waits for them."""

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import wait
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core.errors import JobError
from embeddings_core.jobs import shared
from embeddings_core.jobs.queue import Jobs, Within
from embeddings_core.jobs.worker import resolve
from embeddings_core.limits import QUICK_QUEUE
from embeddings_core.spaces.vectors import FloatArray
from embeddings_core.tables import embedding_jobs
from embeddings_core.tables.embedding import Basis, missing_texts
from embeddings_core.tables.embedding_jobs import FIRST, Embedding, Embeddings
from embeddings_core.tables.reading import read_table
from embeddings_core.tables.table import Table
from pages._ui.data.work import progress_text

LONG = [f"long {n:04}" for n in range(10 * FIRST)]
SHORT = [f"short {n}" for n in range(5)]


class InPlace(Jobs):
    """A line without a child: the work is done by whoever's turn it is."""

    def _work(self, name: str, arguments: tuple[Any, ...], keywords: dict[str, Any], how: Within) -> Any:
        return resolve(name)(*arguments, **keywords, progress=how.progress)


class Held:
    """A network that reads only when it may, and remembers the first word of each slice."""

    def __init__(self) -> None:
        self.slices: list[str] = []
        self.may, self.opens, self.reads = threading.Event(), threading.Event(), threading.Semaphore(0)
        self.opens.set()

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        self.slices.append(items[0].split()[0])
        self.reads.release()
        assert self.may.wait(20)
        return np.array([[len(item), 1.0] for item in items], dtype=np.float32)


class Asked:
    """Jobs as visitors ask for them."""

    def __init__(self) -> None:
        self.jobs, self.away, self.all = Embeddings(), set[str](), list[Embedding]()

    def __call__(self, visitor: str, texts: list[str], model: str = "minilm") -> Embedding:
        self.all.append(
            self.jobs.reading(
                (texts[0], model), texts, model=model, visitor=visitor, here=lambda: visitor not in self.away
            )
        )
        return self.all[-1]


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Held:
    held, lines = Held(), {static: InPlace(queue=QUICK_QUEUE) for static in (False, True)}

    def load(model: str) -> Callable[[Sequence[str]], FloatArray]:
        assert held.opens.wait(20)
        return held if model == "minilm" else lambda items: np.ones((len(items), 3), dtype=np.float32)

    monkeypatch.setattr("embeddings_core.tables.embedding.load_encoder", load)
    monkeypatch.setattr(embedding_jobs, "lane", lambda *, static: lines[static])
    monkeypatch.setattr(embedding_jobs, "SLICE", 1e9)  # slices of 16, 32, 64 ... texts
    monkeypatch.setattr(shared, "GONE", 0.0)
    return held


@pytest.fixture
def ask(network: Held) -> Iterator[Asked]:
    asked = Asked()
    yield asked
    network.may.set()
    network.opens.set()
    for job in asked.all:
        ended(job)


def until(true: Callable[[], object]) -> None:
    pause = threading.Event()
    for _ in range(2_000):
        if true():
            return
        pause.wait(0.01)
    raise AssertionError("it never came true")


def ended(job: Embedding) -> Embedding:
    wait([job._future], timeout=20)
    assert job.over
    return job


def test_a_short_list_has_its_turn_after_one_slice_of_a_long_one(network: Held, ask: Asked) -> None:
    long = ask("a", LONG)
    assert network.reads.acquire(timeout=20)
    short = ask("b", SHORT)
    until(lambda: short.ahead == 1)
    assert re.fullmatch(
        "Waiting for texts of another visitor: yours are number 2 in the line, (a moment|about [0-9]+ seconds) …",
        progress_text(short),
    )
    assert "reads the texts: 0 of 160" in progress_text(long) and not long.ahead
    network.may.set()
    result = ended(short).result
    assert result is not None and result.tolist() == [[7.0, 1.0]] * 5
    result = ended(long).result
    assert network.slices == ["long", "short", "long", "long", "long"]
    assert result is not None and len(result) == len(LONG)


def test_a_model_without_a_network_never_waits_for_one(network: Held, ask: Asked) -> None:
    long = ask("a", LONG)
    assert network.reads.acquire(timeout=20)
    assert ended(ask("b", LONG, "mean-of-glove-50")).problem is None
    assert not long.over and long.done == 0


def test_a_model_is_said_to_be_opened_only_while_it_is(network: Held, ask: Asked) -> None:
    network.opens.clear()
    first = ask("a", LONG)
    until(lambda: embedding_jobs.lane(static=False).waiting() == 1)
    second = ask("b", SHORT)
    until(lambda: second.ahead)
    assert progress_text(first).endswith("is being opened …") and "Waiting" in progress_text(second)
    network.opens.set()
    assert network.reads.acquire(timeout=20)
    assert "reads the texts" in progress_text(first)


def test_a_reading_ends_with_the_last_who_waits_for_it_and_goes_on_where_it_was(
    network: Held, ask: Asked
) -> None:
    long = ask("a", LONG)
    assert ask("b", LONG) is long
    assert network.reads.acquire(timeout=20)
    ask.away |= {"a"}
    assert not long.stop("nobody") and not long.stopping
    ask.away |= {"b"}
    network.may.set()
    assert isinstance(ended(long).problem, JobError)
    assert str(long.problem) == f"Stopped after {FIRST} of 160 texts; they are kept."
    assert missing_texts(LONG, "minilm") == len(LONG) - FIRST
    ask.away.clear()
    again = ask("a", LONG)
    assert again is not long and ended(again).result is not None
    assert again.total == 160 and not missing_texts(LONG, "minilm") and len(network.slices) == 1 + 4


def test_who_waits_in_line_and_leaves_is_not_waited_for(network: Held, ask: Asked) -> None:
    ask("a", LONG)
    assert network.reads.acquire(timeout=20)
    short = ask("b", SHORT)
    until(lambda: short.ahead)
    ask.away.add("b")
    assert str(ended(short).problem) == "Stopped after 0 of 5 texts; they are kept."
    assert network.slices == ["long"]


def test_a_stop_is_for_the_one_who_pressed_it(network: Held, ask: Asked) -> None:
    long = ask("a", LONG)
    ask("b", LONG)
    assert network.reads.acquire(timeout=20)
    assert not long.stop("a") and not long.stopping
    assert long.stop("b") and progress_text(long) == "Stopping …"
    assert ask("c", LONG) is not long


def page(table: "Table", basis: "Basis") -> None:
    """Show what somebody sees who waits for the space of a table."""
    import streamlit as st

    from pages._ui.data.work import space_of

    space = space_of(table, basis)
    st.text("still waiting" if space is None else f"{len(space.rows)} rows")


def test_the_page_stops_for_its_visitor_alone_and_goes_on(
    network: Held, ask: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages._ui.data.work.embeddings", lambda: ask.jobs)
    table, basis = read_table("text\n{}\n".format("\n".join(LONG)).encode()), Basis("text", "text", "minilm")
    at = AppTest.from_function(page, args=(table, basis)).run()
    assert network.reads.acquire(timeout=20)
    other = ask.jobs.reading((table.source, basis), LONG, model="minilm", visitor="b", here=lambda: True)
    ask.all.append(other)
    at.button(key="stop-reading").click().run()
    assert not other.stopping and at.text[0].value.startswith("Stopped for you; another visitor")
    at.button(key="read-on").click().run()
    assert at.button(key="stop-reading")
    network.may.set()
    ended(other)
    assert at.run().text[-1].value == f"{len(LONG)} rows"
