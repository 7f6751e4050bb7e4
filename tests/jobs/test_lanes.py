"""Three lanes: what is over in a moment never waits behind what takes long."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from embeddings_core.errors import JobError
from embeddings_core.jobs import callers, lanes
from embeddings_core.jobs.background import BackgroundJob
from embeddings_core.jobs.callers import Caller, standing_for
from embeddings_core.jobs.queue import Jobs
from embeddings_core.jobs.shared import SharedJob, SharedJobs
from embeddings_core.jobs.worker import fail_on_purpose
from embeddings_core.limits import HEAVY_NICE, QUICK_ITEMS, QUICK_NICE
from embeddings_core.maps.projection import project
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.tables.from_path import read_in_worker
from embeddings_core.tables.uploads import read_upload
from embeddings_core.training.configuration import TrainingConfig
from embeddings_core.training.runs import TrainingRun


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Jobs, Jobs]]:
    quick, heavy, reading = Jobs(nice=QUICK_NICE), Jobs(nice=HEAVY_NICE), Jobs(compiles=False)
    for name, jobs in (("_quick", quick), ("_heavy", heavy), ("_reading", reading)):
        monkeypatch.setattr(lanes, name, jobs)
    yield quick, heavy
    lanes.close()


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


def test_a_file_is_read_while_a_large_job_runs(own: tuple[Jobs, Jobs], tmp_path: Path) -> None:
    """Dropped, or opened by its path: nobody's map is waited for."""
    _, heavy = own

    def hang() -> None:
        with pytest.raises(JobError):
            lanes.within(heavy=True).run(fail_on_purpose, "hang")

    behind = threading.Thread(target=hang)
    behind.start()
    while not heavy.waiting():
        time.sleep(0.01)
    dropped, problem = read_upload([("some.csv", b"text,label\ngood,1\nbad,0\n")])
    file = tmp_path / "vectors.npy"
    np.save(file, np.ones((20_000, 64), dtype=np.float32))  # 5 MB: mapped, not sent
    opened = read_in_worker(str(file))
    assert not problem and dropped is not None and len(dropped) == 2 and len(opened) == 20_000
    assert heavy.waiting() == 1 and heavy._pace == 2.0  # none has ended
    assert lanes._reading._child is not None and not lanes._reading.waiting()
    heavy.close()
    behind.join(20)


def test_a_file_larger_than_may_be_dropped_is_read_among_the_large_jobs(
    own: tuple[Jobs, Jobs], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings_core.tables.from_path.TABLE_BYTES", 10)
    (tmp_path / "some.csv").write_text("text,label\ngood,1\nbad,0\n")
    assert len(read_in_worker(str(tmp_path / "some.csv"))) == 2
    assert own[1]._child is not None and lanes._reading._child is None


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


@pytest.fixture
def busy() -> Iterator[tuple[Jobs, threading.Event]]:
    """A worker that is held by somebody's job until the event is set."""
    jobs, stop = Jobs(pace=7.0), threading.Event()
    held = threading.Thread(target=lambda: jobs.within(stop=stop).run(fail_on_purpose, "stop"))
    held.start()
    while not jobs.waiting():
        time.sleep(0.01)
    yield jobs, stop
    stop.set()
    held.join(20)
    jobs.close()


def asked_by(visitor: str, jobs: Jobs, ended: dict[str, str], name: str) -> threading.Thread:
    """Let a visitor ask for a job, which waits; note how it ended."""

    def ask() -> None:
        with standing_for(Caller(visitor)):
            try:
                jobs.run(fail_on_purpose, "pid")
                ended[name] = "done"
            except JobError as error:
                ended[name] = str(error)

    thread = threading.Thread(target=ask)
    before = jobs.waiting()
    thread.start()
    until = time.monotonic() + 10
    while jobs.waiting() == before and name not in ended and time.monotonic() < until:
        time.sleep(0.01)
    return thread


def test_the_newest_of_a_visitor_takes_the_place_of_their_own_oldest_that_waits(
    busy: tuple[Jobs, threading.Event],
) -> None:
    jobs, stop = busy
    ended: dict[str, str] = {}
    threads = [asked_by("other", jobs, ended, "other")]
    for name in ("first", "second"):
        threads.append(asked_by("one", jobs, ended, name))
    assert not ended and jobs.waiting() == 4  # one that runs, and three that wait
    for name, gone in (("third", "first"), ("fourth", "second")):
        threads.append(asked_by("one", jobs, ended, name))
        until = time.monotonic() + 10
        while gone not in ended and time.monotonic() < until:
            time.sleep(0.01)
        assert "gave way" in ended[gone] and jobs.waiting() == 4
    stop.set()
    for thread in threads:
        thread.join(20)
    assert {name: how for name, how in ended.items() if how == "done"}.keys() == {"other", "third", "fourth"}


def test_a_job_in_slices_counts_from_its_beginning_and_nobody_is_refused_for_their_own(
    busy: tuple[Jobs, threading.Event],
) -> None:
    jobs, stop = busy
    jobs._queue = 2
    ended: dict[str, str] = {}
    threads = [asked_by("one", jobs, ended, name) for name in ("first", "second")]
    with standing_for(Caller("one", begun=1.0)), pytest.raises(JobError, match="gave way"):
        jobs.run(fail_on_purpose, "pid")  # the next slice of what was begun long ago
    assert not ended
    with standing_for(Caller("two")), pytest.raises(JobError, match="people are already waiting"):
        jobs.run(fail_on_purpose, "pid")
    threads.append(
        asked_by("one", jobs, ended, "third")
    )  # the line is full, and takes it in the place of their own
    stop.set()
    for thread in threads:
        thread.join(20)
    assert ended.pop("first") != "done" and set(ended.values()) == {"done"}


def test_each_line_counts_for_itself(busy: tuple[Jobs, threading.Event]) -> None:
    """A word is typed at once while three films of the same visitor are under way, and none of these is lost by it."""
    films, stop = busy
    short, ended = Jobs(), dict[str, str]()
    threads = [asked_by("one", films, ended, name) for name in ("film", "another film")]
    held = threading.Thread(target=lambda: short.within(stop=stop).run(fail_on_purpose, "stop"))
    try:
        with standing_for(Caller("one")):
            assert isinstance(short.run(fail_on_purpose, "pid"), int)
        held.start()
        while not short.waiting():
            time.sleep(0.01)
        threads += [asked_by("one", short, ended, name) for name in ("word", "next word", "last word")]
        until = time.monotonic() + 10
        while "word" not in ended and time.monotonic() < until:
            time.sleep(0.01)
        assert "gave way" in ended["word"] and films.waiting() == short.waiting() == 3
        stop.set()
        for thread in threads:
            thread.join(20)
        assert {name for name, how in ended.items() if how == "done"} == {
            "film",
            "another film",
            "next word",
            "last word",
        }
    finally:
        stop.set()
        held.join(20)
        short.close()


class Search(SharedJob[int]):
    """A job of which it is known when it is done."""

    def __init__(self, jobs: Jobs) -> None:
        super().__init__(1)
        self._jobs = jobs

    def begin(self) -> None:
        self._start(self._jobs, fail_on_purpose, "pid", timeout=30.0)


def test_what_others_wait_for_too_does_not_give_way(
    busy: tuple[Jobs, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, stop = busy
    monkeypatch.setattr(callers, "_who", [lambda: Caller("one")])
    searches, made = SharedJobs(), list[Search]()
    for asked in range(3):
        made.append(searches.of(asked, lambda: Search(jobs), visitor="one"))
        while jobs.waiting() < asked + 2:
            time.sleep(0.01)
        if not asked:
            assert searches.of(asked, lambda: Search(jobs), visitor="two") is made[0]
    made.append(searches.of(3, lambda: Search(jobs), visitor="one"))
    made[1].wait(10)
    assert [job.over for job in made] == [False, True, False, False]  # the oldest that is theirs alone
    assert "gave way" in str(made[1].problem)
    stop.set()
    assert all(isinstance(made[number].outcome(), int) for number in (0, 2, 3))


def test_a_training_is_its_visitors_until_another_watches_it(
    busy: tuple[Jobs, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, _ = busy
    monkeypatch.setattr(callers, "_who", [lambda: Caller("one")])
    run = TrainingRun(TrainingConfig(), jobs)
    while jobs.waiting() < 2:
        time.sleep(0.01)
    run.watch("one")
    assert jobs._line[1].visitor == "one"
    run.watch("two")
    assert jobs._line[1].visitor == ""
    assert not run.stop("two") and jobs._line[1].visitor == "one"
    assert run.stop("one")
    run.wait(20)
    assert "cancelled" in str(run.problem)


def test_what_is_nobodys_is_never_replaced(busy: tuple[Jobs, threading.Event]) -> None:
    jobs, stop = busy
    ended: dict[str, str] = {}
    threads = [asked_by("", jobs, ended, str(number)) for number in range(5)]
    assert jobs.waiting() == 6
    stop.set()
    for thread in threads:
        thread.join(20)
    assert set(ended.values()) == {"done"}


def test_a_thread_in_the_background_works_for_the_visit_that_began_it(
    busy: tuple[Jobs, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, stop = busy
    monkeypatch.setattr(callers, "_who", [lambda: Caller("one")])
    runs = []
    for number in range(4):
        run: BackgroundJob[int] = BackgroundJob(1)
        run._start(jobs, fail_on_purpose, "pid", timeout=30.0)
        runs.append(run)
        while jobs.waiting() < min(number, 1) + 2:
            time.sleep(0.01)
        time.sleep(0.1)
    runs[0].wait(10), runs[1].wait(10)
    assert all("gave way" in str(run.problem) for run in runs[:2])
    assert "One computation comes before yours: about" in runs[2].place("computation")
    stop.set()
    assert isinstance(runs[2].outcome(), int) and isinstance(runs[3].outcome(), int)


def test_whoever_draws_a_page_sees_the_place_and_a_time_for_every_job(
    busy: tuple[Jobs, threading.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No call has to ask for it: the pages say once who draws, and how."""
    jobs, stop = busy
    said: list[str] = []

    @contextmanager
    def in_line() -> Iterator[callers.Ahead]:
        yield lambda before, seconds: said.append(callers.place_told(before, seconds))
        said.append("over")

    monkeypatch.setattr(callers, "_who", [lambda: Caller("one", in_line)])
    threading.Timer(0.7, stop.set).start()
    assert jobs.run(fail_on_purpose, "pid")
    assert said[0] == "One computation comes before yours: about 7 seconds." and said[-1] == "over"
    said.clear()
    assert jobs.run(fail_on_purpose, "pid") and said == ["over"]  # who does not wait is told nothing
