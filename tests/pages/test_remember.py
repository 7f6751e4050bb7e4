"""Results that are remembered: by which arguments, how many bytes, for whom, and what is not."""

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from embeddings_core.limits import CACHE_BYTES
from embeddings_core.remember import ENTRY, forget, remember, size_of
from tests.pages.reading import go_to, opened, said


def test_a_result_is_remembered_by_what_counts() -> None:
    calls: list[tuple[int, str]] = []

    @remember(2 * size_of((1,)) + 2 * size_of(2) + 2 * ENTRY)  # two results
    def doubled(number: int, _why: str) -> int:
        calls.append((number, _why))
        return 2 * number

    assert [doubled(1, "a"), doubled(1, "b"), doubled(2, "c")] == [2, 2, 4]
    assert calls == [(1, "a"), (2, "c")]
    doubled(1, "d"), doubled(3, "e")  # three goes in, and two, which was used longest ago, goes
    doubled(1, "f"), doubled(2, "g")
    assert [number for number, _ in calls] == [1, 2, 3, 2]


def test_large_results_leave_when_their_bytes_are_used_up_and_the_newest_stays() -> None:
    calls: list[int] = []

    @remember(100_000)
    def zeros(n: int) -> np.ndarray:
        calls.append(n)
        return np.zeros(n, dtype=np.uint8)

    for n in (40_000, 50_000, 40_000, 50_001, 40_000, 50_000):  # the third of a size is one too many
        zeros(n)
    assert calls == [40_000, 50_000, 50_001, 50_000]
    for _ in range(2):
        zeros(1_000_000)  # larger than all room: it stays until another comes
    assert calls[-1] == 1_000_000 and calls.count(1_000_000) == 1
    zeros(40_000)
    assert calls[-1] == 40_000


def test_half_of_what_is_remembered_is_forgotten_the_oldest_first() -> None:
    calls: list[int] = []

    @remember(100_000)
    def zeros(n: int) -> np.ndarray:
        calls.append(n)
        return np.zeros(n, dtype=np.uint8)

    for n in (30_000, 30_001, 30_002):
        zeros(n)
    forget(0.5)
    for n in (30_002, 30_001):
        zeros(n)
    assert calls == [30_000, 30_001, 30_002, 30_001]


def test_sizes_count_what_is_held_and_nothing_of_a_file(tmp_path: Path) -> None:
    array = np.zeros((100, 384), dtype=np.float32)
    assert size_of({"a": [array, array[:50]]}) - array.nbytes * 1.5 < 1_000
    np.save(tmp_path / "mapped.npy", array)
    assert size_of(np.load(tmp_path / "mapped.npy", mmap_mode="r")[10:]) < 100


def test_all_caches_together_stay_small() -> None:
    assert sum(CACHE_BYTES.values()) <= 84 * 2**20


def test_an_error_is_told_each_time_and_never_remembered() -> None:
    calls: list[int] = []

    @remember(1_000)
    def fails_once(number: int) -> int:
        calls.append(number)
        if len(calls) == 1:
            raise ValueError("not yet")
        return number

    with pytest.raises(ValueError, match="not yet"):
        fails_once(1)
    assert fails_once(1) == fails_once(1) == 1 and len(calls) == 2


def test_two_who_ask_at_once_wait_for_one_computation_and_one_tries_again_where_it_failed() -> None:
    begun, go_on, calls, told = threading.Event(), threading.Event(), [], []

    @remember(1_000)
    def slow(number: int) -> int:
        calls.append(number)
        begun.set()
        go_on.wait(10)
        if len(calls) == 1:
            raise ValueError("the first visitor left")
        return number

    def ask() -> None:
        try:
            told.append(slow(7))
        except ValueError:
            told.append(None)

    visitors = [threading.Thread(target=ask) for _ in range(2)]
    visitors[0].start()
    assert begun.wait(10)
    visitors[1].start()
    go_on.set()
    for visitor in visitors:
        visitor.join(10)
    assert sorted(told, key=str) == [7, None] and calls == [7, 7]


def test_what_is_filled_when_it_is_opened_is_not_there_before(root: Path) -> None:
    page = go_to(root, "words", method="PCA", words="cat, dog, sun, moon")
    assert not page.exception and not [box for box in page.selectbox if box.label == "File"]
    assert "The lists:" not in said(page) and page.query_params["k"] in ("8", ["8"])
    opened(page, "Share")
    assert [box for box in page.selectbox if box.label == "File"]
    opened(page, "Options")
    assert [slider.value for slider in page.slider if slider.label == "How many"] == [8]


def test_an_unusual_measure_is_shown_without_being_opened(root: Path) -> None:
    page = go_to(root, "words", method="PCA", words="cat, dog, sun, moon", metric="Euclidean", k="2")
    assert page.session_state["metric"] == "Euclidean" and page.session_state["k"] == 2


MANY_SMALL = """
import gc, tracemalloc
from embeddings_core.remember import remember

@remember(4_000_000)
def closeness(number: int) -> float:
    return number / 7

def fill(first: int) -> None:
    for number in range(first, first + 20_000):
        closeness(number)

fill(0)
gc.collect()
tracemalloc.start()
fill(100_000)  # takes the places of the first
print(tracemalloc.get_traced_memory()[0])
"""


def test_small_results_take_no_more_memory_than_is_counted(root: Path) -> None:
    """Thousands of verdicts on words: what it takes to remember one is more than the result."""
    alone = subprocess.run(
        [sys.executable, "-c", MANY_SMALL], cwd=root, capture_output=True, text=True, check=True
    )
    assert 1_000_000 < int(alone.stdout) < 4_000_000
