"""Jobs that several visitors wait for: one for all who ask for the same, which ends when the last of them has left."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from embeddings_core.errors import JobError
from embeddings_core.jobs.background import BackgroundJob

R = TypeVar("R")
STOPPED = "The computation was stopped; the last picture stays."
GONE = 20.0  # seconds without a visit: the visitor has left; a page that is loaded anew is back sooner


class SharedJob(BackgroundJob[R]):
    """One job under way for all who ask for it, begun by `begin`."""

    def __init__(self, total: int) -> None:
        super().__init__(total)
        self._visitors: dict[str, tuple[Callable[[], bool], float]] = {}
        self._lock = threading.Lock()
        self._first: tuple[float, int] | None = None  # when it first told how far it is, and how far

    def begin(self) -> None:
        """Begin, in a thread of its own."""
        raise NotImplementedError

    def watch(self, visitor: str, *, here: Callable[[], bool] = lambda: False) -> bool:
        """Note that a visitor waits for this, who is there for as long as `here` says so; False where it is ending already."""
        with self._lock:
            if not self.stopping:
                self._visitors[visitor] = here, time.monotonic()
            return not self.stopping

    def stop(self, visitor: str) -> bool:
        """End it as soon as it can be, unless others wait for it too; tell whether it will end."""
        with self._lock:
            self._visitors.pop(visitor, None)
        return self._deserted()

    @property
    def seconds_left(self) -> float | None:
        """How long it still takes, if it goes on as it did; None while nobody knows."""
        if self._first is None:
            return None
        begun, first = self._first
        spent, done = time.monotonic() - begun, self.done - first
        return spent / done * (self.total - self.done) if done > 0 and spent > 1.0 else None

    def _is_shared(self) -> bool:
        return len(self._visitors) > 1

    def _deserted(self) -> bool:
        """Tell whether it is to end: all who waited for it have left."""
        with self._lock:
            now = time.monotonic()
            for visitor, (here, seen) in list(self._visitors.items()):
                if here():
                    self._visitors[visitor] = here, now
                elif now - seen > GONE:
                    del self._visitors[visitor]
            if not self._visitors:
                self._stop.set()
            return self.stopping

    def _wait(self, ahead: int, seconds: float) -> None:
        super()._wait(ahead, seconds)
        self._deserted()

    def _progress(self, done: int, total: int) -> None:
        super()._progress(done, total)
        self._first = self._first or (time.monotonic(), done)
        self._deserted()


J = TypeVar("J", bound=SharedJob[Any])


class SharedJobs:
    """What is under way at the moment, each job under what was asked for."""

    def __init__(self) -> None:
        self._under_way: dict[Hashable, SharedJob[Any]] = {}
        self._lock = threading.Lock()

    def of(
        self,
        asked: Hashable,
        make: Callable[[], J],
        *,
        visitor: str,
        here: Callable[[], bool] = lambda: False,
    ) -> J:
        """Return the job of what is asked for; made and begun now if nobody waits for it."""
        with self._lock:
            self._under_way = {key: job for key, job in self._under_way.items() if not job.over}
            job = self._under_way.get(asked)
            if job is None or not job.watch(visitor, here=here):
                job = self._under_way[asked] = make()
                job.watch(visitor, here=here)
                job.begin()
            return cast(J, job)


def unless_stopped(
    progress: Callable[[int, int], object] | None, should_stop: Callable[[], bool]
) -> Callable[[int, int], None]:
    """Return what a job in the worker tells how far it is by, and ends it by a JobError once it is to stop."""

    def told(done: int, total: int) -> None:
        if should_stop():
            raise JobError(STOPPED)
        if progress is not None:
            progress(done, total)

    return told
