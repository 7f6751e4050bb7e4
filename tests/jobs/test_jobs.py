"""The worker: it may crash, hang and swell; the caller gets a sentence and the next job works."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from embeddings_core.analysis.warm_up import warm_up_kernels
from embeddings_core.errors import BadInputError, JobError, UnknownModelError
from embeddings_core.jobs.child import environment, rebuild_error
from embeddings_core.jobs.compiled import compiled_folder
from embeddings_core.jobs.queue import Jobs, address
from embeddings_core.jobs.worker import compile_on_purpose, fail_on_purpose, resolve
from embeddings_core.maps.map_view import rotate_widest_across
from embeddings_core.maps.projection import pca, project
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.vision import Stages
from embeddings_core.pictures.depth import depth_film
from embeddings_core.pictures.embed import embed_images
from embeddings_core.pictures.samples import sample_images
from embeddings_core.spaces.embedding_set import EmbeddingSet


def numbered(n: int, d: int = 8) -> EmbeddingSet:
    return EmbeddingSet(
        tuple(map(str, range(n))), np.random.default_rng(n).normal(size=(n, d)).astype(np.float32)
    )


@pytest.fixture(scope="module")
def jobs() -> Iterator[Jobs]:
    """One worker of our own; warm, so that limits count from the start of the work."""
    own = Jobs()
    own.warm_up(warm_up_kernels, wait=True)
    assert own.is_warm()
    yield own
    own.close()


@pytest.fixture(scope="module")
def light() -> Iterator[Jobs]:
    """As warm, but by a small function: for tests that cost the worker, which then warms up again."""
    own = Jobs()
    own.warm_up(compile_on_purpose, wait=True)
    yield own
    own.close()


@pytest.fixture
def cold() -> Iterator[Jobs]:
    """A worker that counts every second, and does not warm up again after a failure."""
    own = Jobs(queue=3)
    own.run(fail_on_purpose, "pid")
    yield own
    own.close()


def test_a_result_is_the_same_as_in_place(jobs: Jobs) -> None:
    items = numbered(40)
    there, here = jobs.run(project, items, method="umap"), project(items, method="umap")
    assert there.frame_names == here.frame_names and there.kind == "recorded"
    np.testing.assert_allclose(there.frames[0], here.frames[0], atol=1e-4)
    assert not there.frames.flags.writeable  # as frozen as at home
    np.testing.assert_allclose(jobs.run(pca, items).final, pca(items).final, atol=1e-4)


def test_the_map_of_the_sample_pictures_is_the_same_after_every_start(jobs: Jobs, cold: Jobs) -> None:
    """The film of UMAP with its key states, from two workers, to the last bit: the last digits decide its course."""
    files = sample_images()
    samples = embed_images(files, load_encoder("efficientnet-lite0"))
    one, other = (worker.run(project, samples, method="umap", min_dist=0.6) for worker in (jobs, cold))
    assert one.frame_names == other.frame_names
    assert np.array_equal(one.frames, other.frames)
    stages = Stages(("cut short", "last"), (samples.vectors[:, :40], samples.vectors))
    one, other = (worker.run(depth_film, stages, min_dist=0.6) for worker in (jobs, cold))
    assert np.array_equal(one.frames, other.frames)  # nor does the film through the stages of the network


def test_each_frame_of_the_depth_film_is_a_fit_of_its_stage_begun_from_the_next(jobs: Jobs) -> None:
    first, last = numbered(20, 6), numbered(20, 30)
    stages = Stages(("first", "last"), (first.vectors, last.vectors))
    film = jobs.run(depth_film, stages, min_dist=0.6)
    assert film.method == "umap" and film.kind == "recorded" and ("neighbours", "10") in film.settings
    end = jobs.run(project, last, method="umap", min_dist=0.6)
    begun = jobs.run(project, first, method="umap", min_dist=0.6, start=end.final)
    pairs = np.triu_indices(20, 1)
    for frame, fit in ((film.frames[1], rotate_widest_across(end).final), (film.frames[0], begun.final)):
        drawn, apart = (np.linalg.norm(at[:, None] - at, axis=2)[pairs] for at in (frame, fit))
        np.testing.assert_allclose(
            drawn / apart, np.median(drawn / apart), rtol=1e-3
        )  # apart from turn and size
    own = rotate_widest_across(end).final
    across = np.corrcoef(film.final.ravel(), (own - (own.min(axis=0) + own.max(axis=0)) / 2).ravel())
    assert across[0, 1] == pytest.approx(1.0, abs=1e-5)  # the last is turned as the map of the page is


def test_work_happens_elsewhere_and_stays_there(jobs: Jobs) -> None:
    first, second = jobs.run(fail_on_purpose, "pid"), jobs.run(fail_on_purpose, "pid")
    assert first == second != os.getpid()


def test_progress_comes_home(jobs: Jobs) -> None:
    seen: list[tuple[int, int]] = []
    threads: set[int] = set()

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        threads.add(threading.get_ident())

    jobs.within(progress=progress).run(project, numbered(30), method="tsne")
    assert len(seen) > 20 and seen[-1] == (750, 750) and threads == {threading.get_ident()}
    assert jobs.within(progress=progress).run(
        fail_on_purpose, "pid"
    )  # a function without progress takes none


def test_our_errors_come_through(jobs: Jobs) -> None:
    before = jobs.run(fail_on_purpose, "pid")
    with pytest.raises(BadInputError, match="A failure on purpose with ü and 漢字"):
        jobs.run(fail_on_purpose, "input")
    with pytest.raises(BadInputError, match="UMAP to 2-D needs 4 items, this has 2"):
        jobs.run(project, numbered(2), method="umap")
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        jobs.run(fail_on_purpose, "bug")
    with pytest.raises(JobError, match="memory"):
        jobs.run(fail_on_purpose, "memory")
    assert jobs.run(fail_on_purpose, "pid") == before  # none of these cost us the worker


def test_errors_with_other_arguments_are_rebuilt() -> None:
    told = str(UnknownModelError("x", ("a", "b")))
    error = rebuild_error("UnknownModelError", told)
    assert isinstance(error, UnknownModelError) and str(error) == told
    assert isinstance(rebuild_error("SystemExit", "x"), RuntimeError)


def test_a_crash_costs_one_job(light: Jobs) -> None:
    before = light.run(fail_on_purpose, "pid")
    with pytest.raises(JobError, match="stopped"):
        light.run(fail_on_purpose, "abort")
    assert light.run(fail_on_purpose, "pid") not in {before, os.getpid()}
    deadline = time.monotonic() + 60
    while not light.is_warm() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert light.is_warm()  # warmed up again by itself


def test_a_job_over_time_is_stopped(light: Jobs) -> None:
    light.warm_up(compile_on_purpose, wait=True)
    start = time.monotonic()
    with pytest.raises(JobError, match="limit of 1 seconds"):
        light.within(1.0).run(fail_on_purpose, "hang")
    assert time.monotonic() - start < 10
    assert light.run(project, numbered(20), method="pca").final.shape == (20, 2)


def test_a_stop_ends_waiting(cold: Jobs) -> None:
    stop = threading.Event()
    errors: list[BaseException] = []

    def job() -> None:
        try:
            cold.within(stop=stop).run(fail_on_purpose, "hang")
        except JobError as error:
            errors.append(error)

    threads = [threading.Thread(target=job) for _ in range(2)]
    for thread in threads:
        thread.start()
        time.sleep(0.2)
    assert cold.waiting() == 2
    stop.set()
    threads[1].join(5)
    assert ["cancelled" in str(error) for error in errors] == [True] and cold.waiting() == 1
    cold.close()  # what runs is only asked to stop, and this would not hear
    threads[0].join(5)
    assert len(errors) == 2 and "too much for it" in str(errors[1]) and cold.run(fail_on_purpose, "pid")


def test_an_interrupted_caller_leaves_no_answer_behind(light: Jobs) -> None:
    """A web page may be stopped inside `progress`; the next caller must not get its answer."""

    class StoppedError(BaseException):
        pass

    def progress(done: int, total: int) -> None:
        raise StoppedError

    with pytest.raises(StoppedError):
        light.within(progress=progress).run(project, numbered(30), method="tsne")
    assert isinstance(light.run(fail_on_purpose, "pid"), int)


def test_the_line_is_fair_and_limited(cold: Jobs) -> None:
    """Four jobs fit a line of three (one works); the fifth is refused; the order is that of coming."""
    order: list[int] = []
    told: list[int] = []

    def tell(before: int, seconds: float) -> None:
        told.append(before)

    def blocker() -> None:
        with pytest.raises(JobError):
            cold.run(fail_on_purpose, "hang")

    def job(number: int) -> None:
        cold.within(ahead=tell if number == 2 else None).run(fail_on_purpose, "pid")
        order.append(number)

    threads = [threading.Thread(target=blocker), *(threading.Thread(target=job, args=(i,)) for i in range(3))]
    for thread in threads:
        thread.start()
        time.sleep(0.1)
    with pytest.raises(JobError, match="3 people are already waiting"):
        cold.run(fail_on_purpose, "pid")
    cold.close()
    for thread in threads:
        thread.join(20)
    assert order == [0, 1, 2]
    assert told[0] == 3 and told == sorted(told, reverse=True)


def test_two_visitors_press_umap_together(jobs: Jobs) -> None:
    results: list[np.ndarray] = []
    items = numbered(60)
    threads = [
        threading.Thread(target=lambda: results.append(jobs.run(project, items, method="umap").final))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(results) == 3
    for result in results[1:]:
        np.testing.assert_array_equal(result, results[0])


def test_only_functions_of_the_package_run() -> None:
    for stranger in (os.system, subprocess.run, print, lambda: 1, Jobs.run):
        with pytest.raises(TypeError):
            address(stranger)
    assert address(pca) == "embeddings_core.maps.projection:pca" and resolve(address(pca)) is pca
    for name in (
        "os:system",
        "embeddings_core.jobs.child:os",
        "embeddings_core.maps.projection:np.load",
        "x",
    ):
        with pytest.raises((TypeError, AttributeError)):
            resolve(name)


def test_the_worker_ends_with_its_parent(tmp_path: object) -> None:
    """Also when the parent is killed without a chance to say so, while the worker is busy."""
    code = (
        "import os, signal, threading, time\n"
        "from embeddings_core import jobs\n"
        "from embeddings_core.jobs.worker import fail_on_purpose\n"
        "print(jobs.run(fail_on_purpose, 'pid'), flush=True)\n"
        "threading.Thread(target=lambda: jobs.run(fail_on_purpose, 'hang'), daemon=True).start()\n"
        "time.sleep(0.3)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == -9, ran.stderr
    pid = int(ran.stdout)
    deadline = time.monotonic() + 10
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(pid)


def test_the_main_script_is_not_run_again(tmp_path: object) -> None:
    """A page that starts jobs without a main guard runs once."""
    from pathlib import Path

    script = Path(str(tmp_path)) / "page.py"
    script.write_text(
        "print('page')\nfrom embeddings_core import jobs\nfrom embeddings_core.jobs.worker import fail_on_purpose\n"
        "assert jobs.run(fail_on_purpose, 'pid')\n"
    )
    ran = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=60, check=True
    )
    assert ran.stdout == "page\n"


def test_the_worker_keeps_to_its_limits() -> None:
    small = Jobs(memory=2 * 2**30)
    try:
        with pytest.raises(JobError, match="memory"):
            small.run(project, numbered(3), method="pca") and small.run(fail_on_purpose, "memory")
    finally:
        small.close()
    assert environment()["OMP_NUM_THREADS"] == "1"
    assert compiled_folder().stat().st_mode & 0o077 == 0  # what lies there is run as code


def test_the_warm_up_is_a_job() -> None:
    assert address(warm_up_kernels) == "embeddings_core.analysis.warm_up:warm_up_kernels"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    from pathlib import Path

    status = Path(f"/proc/{pid}/status")  # a zombie waiting for its new parent is gone already
    return "\nState:\tZ" not in status.read_text() if status.exists() else sys.platform != "linux"
