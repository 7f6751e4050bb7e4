"""A soft stop: what was done so far comes back, and the worker lives on."""

import os
import threading

import pytest

from embeddings_core.errors import JobError
from embeddings_core.jobs import Jobs
from embeddings_core.jobs.worker import fail_on_purpose
from embeddings_core.training.configuration import TrainingConfig, run_training


@pytest.fixture(scope="module")
def line():
    jobs = Jobs()
    yield jobs
    jobs.close()


def test_a_stopped_training_keeps_its_epochs_and_the_worker(line: Jobs) -> None:
    before = line.run(fail_on_purpose, "id")
    stop, seen = threading.Event(), []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 3:
            stop.set()

    config = TrainingConfig("world", epochs=200, dimensions=10)
    training = line.within(progress=progress, stop=stop).run(run_training, config)
    assert training.stopped and 3 <= training.epochs < 200 and seen[-1] == (training.epochs, 200)
    assert line.run(fail_on_purpose, "id") == before != os.getpid()


def test_a_stop_is_told_as_often_as_the_job_asks(line: Jobs) -> None:
    stop = threading.Event()
    threading.Timer(0.3, stop.set).start()
    assert line.within(30.0, stop=stop).run(fail_on_purpose, "stop") == 3
    assert line.within(30.0, stop=threading.Event()).run(fail_on_purpose, "id")  # the next job is not stopped


def test_a_stop_that_comes_too_late_does_no_harm(line: Jobs) -> None:
    stop = threading.Event()
    config = TrainingConfig("world", epochs=1, dimensions=5)
    training = line.within(progress=lambda done, total: stop.set(), stop=stop).run(run_training, config)
    assert training.epochs == 1
    assert line.run(run_training, config).epochs == 1
    assert isinstance(line.run(fail_on_purpose, "id"), int)


def test_a_job_in_the_line_can_be_given_up(line: Jobs) -> None:
    stop = threading.Event()
    stop.set()
    before_us = line._join(line.within())
    with pytest.raises(JobError, match="cancelled"):
        line.within(stop=stop).run(fail_on_purpose, "id")
    line._line.remove(before_us)
    assert line.waiting() == 0 and isinstance(line.run(fail_on_purpose, "id"), int)
