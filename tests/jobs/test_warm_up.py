"""The engine warms up whatever lies in its way: damaged, missing or unwritable compiled code, and a killed worker."""

import importlib.util
import itertools
import logging
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from numba.core.caching import _CacheLocator

from embeddings_core import folders
from embeddings_core.analysis.warm_up import warm_up_kernels
from embeddings_core.errors import MissingExtraError
from embeddings_core.jobs import compiled
from embeddings_core.jobs.child import DeadWorkerError
from embeddings_core.jobs.compiled import compiled_folder, discard, inspect_kept, is_whole
from embeddings_core.jobs.queue import Jobs
from embeddings_core.jobs.warm_up import State, WarmUp
from embeddings_core.jobs.worker import compile_on_purpose, fail_on_purpose


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A cache folder of our own, empty."""
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_CACHE", str(tmp_path))
    folders.cache_folder.cache_clear()
    compiled._say.cache_clear()
    yield tmp_path
    folders.cache_folder.cache_clear()


@pytest.fixture
def worker() -> Iterator[Jobs]:
    own = Jobs()
    yield own
    own.close()


def start_and_compile() -> tuple[int, int]:
    """Start a worker, let it compile or load, and end it."""
    own = Jobs()
    try:
        return own.run(compile_on_purpose)
    finally:
        own.close()


def until(true: Callable[[], bool], *, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kept_files() -> list[Path]:
    folder = compiled_folder()
    assert folder is not None
    return [path for path in folder.rglob("*") if path.suffix in compiled.ENDINGS]


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0x10
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [truncate, flip])
def test_damaged_code_is_compiled_anew_and_kept_again(
    damage: Callable[[Path], object], own_cache: Path
) -> None:
    assert start_and_compile() == (0, 1)
    for path in kept_files():
        assert is_whole(path)
        damage(path)
    assert inspect_kept().damaged == inspect_kept().files
    assert start_and_compile() == (0, 1)
    assert inspect_kept().damaged == 0 and start_and_compile() == (1, 0)  # loaded, as kept by the second


def test_workers_that_start_together_compile_once(own_cache: Path) -> None:
    """So do several servers of one machine, and the processes of this suite."""
    folder = compiled_folder()
    assert folder is not None
    workers = [Jobs() for _ in range(3)]
    counts: list[tuple[int, int]] = []
    threads = [
        threading.Thread(target=lambda own=own: counts.append(own.run(compile_on_purpose))) for own in workers
    ]
    try:
        for own in workers:
            own.run(fail_on_purpose, "pid")
        with compiled.turn(folder):  # none may begin, so that all want to begin at once
            for thread in threads:
                thread.start()
            threads[0].join(0.5)
            assert not counts
        for thread in threads:
            thread.join(60)
    finally:
        for own in workers:
            own.close()
    assert sorted(counts) == [(0, 1), (1, 0), (1, 0)]


def test_a_process_that_never_ends_its_turn_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "PATIENCE", 0.1)
    with compiled.turn(tmp_path):
        start = time.monotonic()
        with compiled.turn(tmp_path):
            assert time.monotonic() - start >= 0.1
    with compiled.turn(tmp_path / "nowhere"):
        pass


@pytest.mark.parametrize("content", [None, b"", b"short", bytes(100)])
def test_a_file_without_its_checksum_is_not_whole(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "code.nbc"
    if content is not None:
        path.write_bytes(content)
    assert not is_whole(path)


def test_damaged_code_does_not_keep_the_real_engine_cold(
    worker: Jobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.warm_up(warm_up_kernels, wait=True)
    before = compiled_folder()
    assert before is not None and worker.state() == State("ready")
    worker.close()
    shutil.copytree(before, tmp_path / before.name)
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_CACHE", str(tmp_path))
    folders.cache_folder.cache_clear()
    try:
        specs = [importlib.util.find_spec(name) for name in ("umap", "pynndescent")]
        places = {_CacheLocator.get_suitable_cache_subpath(spec.origin) for spec in specs if spec}
        read = [path for path in kept_files() if path.parent.name in places]  # not by other installations
        files = sorted(read, key=lambda path: (path.suffix, path.stat().st_size))
        half = len(files) // 4  # of the indices and of the data: the largest take seconds to compile
        for number, path in enumerate([*files[:half:12], *files[2 * half : 3 * half : 12]]):
            (truncate if number % 2 else flip)(path)
        damaged = inspect_kept().damaged
        assert 2 <= damaged < len(files)
        worker.warm_up(warm_up_kernels, wait=True)
        assert worker.state() == State("ready") and inspect_kept().damaged < damaged
    finally:
        folders.cache_folder.cache_clear()


def test_a_full_disk_costs_the_keeping_and_nothing_else(worker: Jobs, own_cache: Path) -> None:
    worker.run(fail_on_purpose, "full")
    assert worker.run(compile_on_purpose) == (0, 1)
    assert not kept_files() and start_and_compile() == (0, 1) and start_and_compile() == (1, 0)


@pytest.mark.parametrize("place", ["/proc/nowhere", "/proc"], ids=["cannot be made", "read-only"])
def test_a_folder_that_cannot_be_made_or_written_is_done_without(
    place: str, worker: Jobs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody, not even root, makes a folder in /proc."""
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_CACHE", place)
    folders.cache_folder.cache_clear()
    compiled._say.cache_clear()
    try:
        with caplog.at_level(logging.WARNING):
            worker.warm_up(compile_on_purpose, wait=True)
            folder = compiled_folder()
        assert worker.state() == State("ready") and folder is not None and "/proc" not in str(folder)
        assert [record.message.partition(" (")[0] for record in caplog.records] == [
            "Compiled code is not kept between starts"
        ]
        assert "temporary" in inspect_kept().where
        monkeypatch.setattr(compiled, "_temporary_folder", no_folder)
        assert compiled_folder() is None and start_and_compile() == start_and_compile() == (0, 1)
    finally:
        folders.cache_folder.cache_clear()


def no_folder() -> Path:
    raise PermissionError(13, "Permission denied")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_done_without(own_cache: Path) -> None:
    start_and_compile()
    own_cache.chmod(0o500)
    folder = compiled_folder()
    assert folder is not None
    folder.chmod(0o500)
    assert start_and_compile() in ((0, 1), (1, 0))


def test_a_worker_that_is_killed_while_it_warms_up_is_warmed_up_again(worker: Jobs, own_cache: Path) -> None:
    worker.warm_up(compile_on_purpose)
    until(lambda: worker._child is not None)
    child = worker._child
    assert child is not None and not worker.is_warm() and worker.state().stage == "warming"
    os.kill(child.process.pid, signal.SIGKILL)
    assert worker.run(fail_on_purpose, "pid") != child.process.pid  # who comes before it is warm is served
    until(worker.is_warm)
    assert worker.state() == State("ready")


def test_a_worker_that_dies_while_nobody_uses_it_is_warmed_up_again(worker: Jobs, own_cache: Path) -> None:
    worker.warm_up(compile_on_purpose, wait=True)
    child = worker._child
    assert child is not None and worker.is_warm()
    os.kill(child.process.pid, signal.SIGKILL)
    child.process.wait()
    assert not worker.is_warm()
    until(worker.is_warm)


def test_the_warm_up_is_not_refused_where_many_wait(own_cache: Path) -> None:
    own = Jobs(queue=0)
    try:
        busy = threading.Thread(target=lambda: own.run(compile_on_purpose))
        busy.start()
        own.warm_up(compile_on_purpose, wait=True)
        busy.join()
        assert own.state() == State("ready")
    finally:
        own.close()


def test_what_is_thrown_away_leaves_an_empty_folder(own_cache: Path) -> None:
    start_and_compile()
    assert kept_files()
    discard()
    assert not kept_files() and [path.name for path in own_cache.iterdir()] == [
        folder.name for folder in [compiled_folder()] if folder
    ]


def test_what_other_versions_left_goes_after_a_month_without_a_start(own_cache: Path) -> None:
    old, fresh, other = (
        own_cache / name for name in ("compiled-3.10", "compiled-checked-3.12", "word-vectors")
    )
    for folder in (old, fresh, other):
        (folder / "inside").mkdir(parents=True)
    for folder in (old, other):
        os.utime(folder, (0, time.time() - compiled.OUTDATED - 10))
    ours = compiled_folder()
    assert ours is not None and {path.name for path in own_cache.iterdir()} == {
        ours.name,
        fresh.name,
        other.name,
    }


def test_tries_grow_rarer_and_trust_less() -> None:
    """Dead, dead, dead, then well: failed after the second, and ready in the end."""
    states, distrusted, times = [], [], []

    def attempt(cancelled: threading.Event) -> None:
        times.append(time.monotonic())
        states.append(str(warm.state))
        if len(times) < 4:
            raise DeadWorkerError("This input was too much for it.")

    warm = WarmUp(attempt, distrusted.append, pauses=(0.0, 0.1, 0.2))
    warm.start()
    warm.start()  # one at a time
    warm.wait()
    until(lambda: warm.state == State("ready"), seconds=10)
    assert states == ["warming", "warming"] + ["failed: The worker ended unexpectedly."] * 2
    assert distrusted == [1, 2, 3]
    gaps = [after - before for before, after in itertools.pairwise(times)]
    assert gaps[1] >= 0.1 and gaps[2] >= 0.2 and len(times) == 4


def test_compiled_code_is_not_blamed_for_a_missing_package() -> None:
    distrusted: list[int] = []

    def attempt(cancelled: threading.Event) -> None:
        raise MissingExtraError("UMAP", "maps")

    warm = WarmUp(attempt, distrusted.append, pauses=(0.0, 60.0))
    warm.start()
    warm.wait()
    assert not distrusted and str(warm.state).startswith("failed: UMAP needs packages")
    warm.cancel()
    until(lambda: warm.state == State("off"), seconds=10)
