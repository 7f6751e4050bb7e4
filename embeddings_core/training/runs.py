"""Trainings in the background: one run a configuration, watched by anybody who asked for the same.

A run trains in a worker process of its own, so that the maps of other pages never wait for a training. The
caller only looks at it: what becomes of the caller changes nothing in a run.
"""

import threading
import time
from collections import OrderedDict
from functools import cache

from embeddings_core.jobs import Jobs
from embeddings_core.jobs.background import BackgroundJob
from embeddings_core.limits import TRAINING_SECONDS, TRAININGS_BYTES
from embeddings_core.remember import size_of
from embeddings_core.training.configuration import TrainingConfig, run_training
from embeddings_core.training.record import Training

GONE = 4.0  # seconds without a look: the visitor has left or looks at something else
LAST_EPOCH = 0.8  # of the time limit: then the run is asked to end with what it has


class TrainingRun(BackgroundJob[Training]):
    """One training, counted in epochs."""

    def __init__(self, config: TrainingConfig, jobs: Jobs) -> None:
        super().__init__(config.epochs)
        self.config = config
        self._seen: dict[str, float] = {}
        self._begun, self._size = 0.0, 0
        self._start(jobs, run_training, config, timeout=TRAINING_SECONDS)

    def _progress(self, done: int, total: int) -> None:
        super()._progress(done, total)
        self._begun = self._begun or time.monotonic()
        if time.monotonic() - self._begun > LAST_EPOCH * TRAINING_SECONDS:
            self._stop.set()

    @property
    def size(self) -> int:
        """About how many bytes it keeps."""
        if self._size == 0 and (result := self.result) is not None:
            self._size = size_of(result)
        return self._size

    def watch(self, visitor: str) -> None:
        """Note that somebody is looking."""
        self._seen[visitor] = time.monotonic()

    def stop(self, visitor: str) -> bool:
        """End the run after its present epoch unless others watch it too; tell whether it will end."""
        self._seen.pop(visitor, None)
        if self._watching():
            return False
        self._stop.set()
        return True

    def _is_shared(self) -> bool:
        return self._watching() > 1

    def _watching(self) -> int:
        now = time.monotonic()
        return sum(now - moment < GONE for moment in list(self._seen.values()))


class TrainingRuns:
    """The last runs, each under its configuration; at most `most` are remembered."""

    def __init__(self, *, most: int = 12) -> None:
        self._most, self._runs = most, OrderedDict[TrainingConfig, TrainingRun]()
        self._lock = threading.Lock()
        self._jobs = Jobs(pace=20.0)

    def of(self, config: TrainingConfig, *, again: bool = False) -> TrainingRun:
        """Return the run of a configuration, begun now if there is none; `again` begins anew one that was stopped or
        failed."""
        with self._lock:
            run = self._runs.get(config)
            if run is None or (again and run.over and (run.result is None or run.result.stopped)):
                run = self._runs[config] = TrainingRun(config, self._jobs)
            self._runs.move_to_end(config)
            self._make_room()
            return run

    def _make_room(self) -> None:
        """Let the runs go that nobody asked for longest, beyond their number and their bytes; the newest stays."""
        over = sum(run.size for run in self._runs.values()) - TRAININGS_BYTES
        for config, run in list(self._runs.items())[:-1]:
            if len(self._runs) <= self._most and over <= 0:
                return
            if run.over or len(self._runs) > self._most:
                over -= run.size
                del self._runs[config]

    def known(self, config: TrainingConfig) -> Training | None:
        """Return what a training left behind, if it is remembered."""
        run = self._runs.get(config)
        return run.result if run is not None else None


@cache
def runs() -> TrainingRuns:
    """Return the trainings of all visitors."""
    return TrainingRuns()
