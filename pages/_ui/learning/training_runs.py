"""Trainings in the background: one run a lesson, watched by anybody who asked for the same.

A run trains in a worker process of its own, so that the maps of other pages never wait for a training. The
page only looks at it: a rerun of the page, or its end, changes nothing in a run.
"""

import threading
import time
from collections import OrderedDict
from concurrent.futures import Future

from embeddings_core.jobs import Jobs
from embeddings_core.limits import TRAINING_SECONDS
from embeddings_core.training.lesson import Lesson, train_lesson
from embeddings_core.training.record import Training

GONE = 4.0  # seconds without a look: the visitor has left or looks at something else
LAST_EPOCH = 0.8  # of the time limit: then the run is asked to end with what it has


class Run:
    """One training: how far it is, and what came of it."""

    def __init__(self, lesson: Lesson, jobs: Jobs) -> None:
        self.lesson = lesson
        self.done, self.total, self.ahead = 0, lesson.epochs, 0
        self._future: Future[Training] = Future()
        self._stop = threading.Event()
        self._seen: dict[str, float] = {}
        self._begun = 0.0
        threading.Thread(target=self._work, args=(jobs,), name="training", daemon=True).start()

    def _work(self, jobs: Jobs) -> None:
        try:
            training = jobs.run(
                train_lesson,
                self.lesson,
                timeout=TRAINING_SECONDS,
                progress=self._progress,
                ahead=self._wait,
                stop=self._stop,
            )
        except BaseException as error:  # told to whoever watches, in their own thread
            self._future.set_exception(error)
        else:
            self._future.set_result(training)

    def _wait(self, ahead: int) -> None:
        self.ahead = ahead

    def _progress(self, done: int, total: int) -> None:
        self._begun = self._begun or time.monotonic()
        self.done, self.total, self.ahead = done, total, 0
        if time.monotonic() - self._begun > LAST_EPOCH * TRAINING_SECONDS:
            self._stop.set()

    def watch(self, visitor: str) -> None:
        """Note that somebody is looking."""
        self._seen[visitor] = time.monotonic()

    def stop(self, visitor: str) -> bool:
        """End the run after its present epoch unless others watch it too; tell whether it will end."""
        self._seen.pop(visitor, None)
        now = time.monotonic()
        if any(now - moment < GONE for moment in self._seen.values()):
            return False
        self._stop.set()
        return True

    @property
    def over(self) -> bool:
        """Whether there is a result or a problem."""
        return self._future.done()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to end."""
        return self._stop.is_set()

    @property
    def training(self) -> Training | None:
        """What was learnt; None while it runs or where it failed."""
        return self._future.result() if self.over and self.problem is None else None

    @property
    def problem(self) -> BaseException | None:
        """What went wrong."""
        return self._future.exception() if self.over else None


class Runs:
    """The last runs, each under its lesson; at most `most` are remembered."""

    def __init__(self, *, most: int = 12) -> None:
        self._most, self._runs = most, OrderedDict[Lesson, Run]()
        self._lock = threading.Lock()
        self._jobs = Jobs()

    def of(self, lesson: Lesson, *, again: bool = False) -> Run:
        """Return the run of a lesson, begun now if there is none; `again` begins anew one that was stopped or
        failed."""
        with self._lock:
            run = self._runs.get(lesson)
            if run is None or (again and run.over and (run.training is None or run.training.stopped)):
                run = self._runs[lesson] = Run(lesson, self._jobs)
            self._runs.move_to_end(lesson)
            while len(self._runs) > self._most:
                self._runs.popitem(last=False)
            return run

    def known(self, lesson: Lesson) -> Training | None:
        """Return what a lesson left behind, if it is remembered."""
        run = self._runs.get(lesson)
        return run.training if run is not None else None
