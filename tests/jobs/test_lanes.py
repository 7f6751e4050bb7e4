"""Two lanes: what is over in a moment never waits behind what takes long."""

import os
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from embeddings_core.errors import JobError
from embeddings_core.jobs import lanes
from embeddings_core.jobs.queue import Jobs
from embeddings_core.jobs.worker import fail_on_purpose
from embeddings_core.limits import HEAVY_NICE, QUICK_ITEMS, QUICK_NICE
from embeddings_core.maps.projection import project
from embeddings_core.spaces.embedding_set import EmbeddingSet


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Jobs, Jobs]]:
    quick, heavy = Jobs(nice=QUICK_NICE), Jobs(nice=HEAVY_NICE)
    monkeypatch.setattr(lanes, "_quick", quick)
    monkeypatch.setattr(lanes, "_heavy", heavy)
    yield quick, heavy
    quick.close()
    heavy.close()


def test_a_small_job_does_not_wait_for_a_large_one(own: tuple[Jobs, Jobs]) -> None:
    quick, heavy = own
    ended = []

    def hang() -> None:
        with pytest.raises(JobError):
            lanes.within(heavy=True).run(fail_on_purpose, "hang")
        ended.append(True)

    behind = threading.Thread(target=hang)
    behind.start()
    while not heavy.waiting():
        time.sleep(0.01)
    one = lanes.run(fail_on_purpose, "pid")
    assert one not in {os.getpid(), heavy._child.process.pid if heavy._child else 0}
    assert lanes.waiting() == 1 and quick.waiting() == 0 and not ended
    heavy.close()
    behind.join(20)
    assert ended


def test_many_items_go_into_the_heavy_lane_and_both_yield_to_the_server(own: tuple[Jobs, Jobs]) -> None:
    few, many = (
        EmbeddingSet(
            tuple(map(str, range(n))), np.random.default_rng(n).normal(size=(n, 4)).astype(np.float32)
        )
        for n in (QUICK_ITEMS, QUICK_ITEMS + 1)
    )
    for given, used, unused in ((few, 0, 1), (many, 1, 0)):
        lanes.close()
        assert lanes.run(project, given, method="pca").final.shape == (len(given), 2)
        assert own[used]._child is not None and own[unused]._child is None
    lanes.run(fail_on_purpose, "pid")
    quick, heavy = (os.getpriority(os.PRIO_PROCESS, jobs._child.process.pid) for jobs in own if jobs._child)
    here = os.getpriority(os.PRIO_PROCESS, 0)
    assert (quick, heavy) == (min(here + QUICK_NICE, 19), min(here + HEAVY_NICE, 19))


def test_a_worker_that_nobody_needs_gives_its_memory_back() -> None:
    jobs = Jobs(idle=0.2)
    try:
        first = jobs.run(fail_on_purpose, "pid")
        assert jobs.run(fail_on_purpose, "pid") == first
        until = time.monotonic() + 10
        while jobs._child is not None and time.monotonic() < until:
            time.sleep(0.05)
        assert jobs._child is None and jobs.run(fail_on_purpose, "pid") != first
    finally:
        jobs.close()


def test_who_waits_hears_the_place_and_a_time() -> None:
    jobs, told = Jobs(), list[tuple[int, float]]()
    try:
        jobs.run(fail_on_purpose, "pid")
        stop = threading.Event()
        first = threading.Thread(target=lambda: jobs.within(stop=stop).run(fail_on_purpose, "stop"))
        first.start()
        while not jobs.waiting():
            time.sleep(0.01)
        threading.Timer(0.8, stop.set).start()
        jobs.within(ahead=lambda before, seconds: told.append((before, seconds))).run(fail_on_purpose, "pid")
        first.join(10)
        assert len(told) >= 2 and {before for before, _ in told} == {1}
        assert all(seconds >= 0 for _, seconds in told)
    finally:
        jobs.close()


def test_a_caller_who_leaves_while_waiting_leaves_the_line() -> None:
    """A page of which a newer run is wanted ends in `ahead`: its job is never begun."""

    class StoppedError(BaseException):
        pass

    def ahead(before: int, seconds: float) -> None:
        raise StoppedError

    jobs, stop = Jobs(), threading.Event()
    try:
        first = threading.Thread(target=lambda: jobs.within(stop=stop).run(fail_on_purpose, "stop"))
        first.start()
        while not jobs.waiting():
            time.sleep(0.01)
        with pytest.raises(StoppedError):
            jobs.within(ahead=ahead).run(fail_on_purpose, "abort")
        assert jobs.waiting() == 1
        stop.set()
        first.join(10)
        assert jobs.waiting() == 0 and isinstance(jobs.run(fail_on_purpose, "pid"), int)
    finally:
        jobs.close()
