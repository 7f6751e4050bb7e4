"""Run heavy or dangerous functions of the core in one warm child process, one at a time.

A crash, an endless loop or a memory bomb ends the child, never the server: the caller gets a JobError, a
fresh child takes the next job. Calls are queued in the order they came. Functions called directly, without
this module, run in place; UMAP and t-SNE are then kept apart by a lock.
"""

import atexit
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from embeddings_core.errors import JobError
from embeddings_core.jobs.child import Child, as_readonly, rebuild_error
from embeddings_core.limits import PROJECTION_SECONDS, QUEUE, START_SECONDS, WORKER_BYTES

P = ParamSpec("P")
R = TypeVar("R")

Progress = Callable[[int, int], object]

_IN_PLACE = sys.platform == "win32"  # no socket can be handed to a child there: queued, but in this process


class Jobs:
    """One child process and the line before it.

    `queue` is how many may wait, `memory` the address space of the child in bytes.
    """

    def __init__(self, *, queue: int = QUEUE, memory: int = WORKER_BYTES) -> None:
        self._queue, self._memory = queue, memory
        self._turn = threading.Condition()
        self._line: deque[object] = deque()
        self._child: Child | None = None
        self._warm = False
        self._warm_up: Callable[[], object] | None = None

    def run(self, function: Callable[P, R], *arguments: P.args, **keywords: P.kwargs) -> R:
        """Call a public function of the package in the child within the usual limit of time; see `Within.run`."""
        return self.within().run(function, *arguments, **keywords)

    def within(
        self,
        timeout: float = PROJECTION_SECONDS,
        *,
        progress: Progress | None = None,
        ahead: Callable[[int], object] | None = None,
        stop: threading.Event | None = None,
    ) -> "Within":
        """Say how the next job runs: `jobs.within(30.0, stop=stop).run(function, argument)`.

        `timeout` is seconds from the moment the work begins, not from joining the queue. `progress(done,
        total)` is called here, in the caller's thread, where the function reports it; `ahead(number)` while
        others are before us; `stop` ends waiting, and asks a function that has a `should_stop` to come to its end:
        what it has so far is returned.
        """
        return Within(self, timeout, progress, ahead, stop)

    def warm_up(self, function: Callable[[], object], *, wait: bool = False) -> None:
        """Start the child and let it run this function, which loads and compiles; in the background, or wait.

        A child that replaces a crashed one is warmed up by the same function.
        """
        self._warm_up = function

        def work() -> None:
            try:
                self.within(START_SECONDS).run(function)
                self._warm = True
            except JobError:
                self._warm = False  # the next job tries again and says what is wrong

        if wait:
            work()
        else:
            threading.Thread(target=work, name="warm-up", daemon=True).start()

    def is_warm(self) -> bool:
        """Tell whether the next map starts at once."""
        child = self._child
        if _IN_PLACE:
            return True
        return self._warm and child is not None and child.process.poll() is None

    def waiting(self) -> int:
        """Return how many jobs are running or waiting."""
        return len(self._line)

    def close(self) -> None:
        """End the child; the next job starts a new one."""
        child, self._child, self._warm = self._child, None, False
        if child is not None:
            child.end()

    def _run(
        self, function: Callable[..., R], arguments: tuple[Any, ...], keywords: dict[str, Any], how: "Within"
    ) -> R:
        name = address(function)
        ticket = self._join()
        try:
            self._wait(ticket, how)
            if _IN_PLACE:
                return function(*arguments, **keywords)
            return self._work(name, arguments, keywords, how)  # type: ignore[no-any-return]
        finally:
            with self._turn:
                self._line.remove(ticket)
                self._turn.notify_all()

    def _join(self) -> object:
        with self._turn:
            if len(self._line) > self._queue:
                raise JobError(
                    f"{self._queue} people are already waiting for a computation, which is the limit;"
                    " try again in a minute."
                )
            ticket = object()
            self._line.append(ticket)
            return ticket

    def _wait(self, ticket: object, how: "Within") -> None:
        told = 0
        while True:
            with self._turn:
                before = self._line.index(ticket)
                if not before:
                    return
                if told == before:
                    self._turn.wait(0.2 if how.stop is not None else None)
                    before = self._line.index(ticket)
            if how.stop is not None and how.stop.is_set():
                raise JobError("The computation was cancelled; the last picture stays.")
            if how.ahead is not None and before and before != told:
                how.ahead(before)
            told = before

    def _work(self, name: str, arguments: tuple[Any, ...], keywords: dict[str, Any], how: "Within") -> Any:
        child = self._child
        if child is None or child.process.poll() is not None:
            self.close()
            child = self._child = Child(memory=self._memory)
        # whoever comes before the warm-up is over pays for loading and compiling; that is not their time
        limit = how.timeout if self._warm else how.timeout + START_SECONDS
        try:
            child.connection.send((name, arguments, keywords, how.progress is not None))
            return self._listen(child.connection, time.monotonic() + limit, how)
        except (EOFError, ConnectionError, OSError) as error:
            self._renew()
            raise JobError(
                "The computation stopped: this input was too much for it. Try fewer items or another method."
            ) from error
        except OutOfStepError:
            self._renew()
            raise
        except BaseException as error:
            if not getattr(error, "_from_child", False):
                self._renew()  # interrupted half-way: its answer would reach the next caller
            raise

    def _listen(self, connection: "Connection[Any, Any]", deadline: float, how: "Within") -> Any:
        told = how.stop is None
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise OutOfStepError(
                    f"This took longer than the limit of {how.timeout:.0f} seconds and was stopped;"
                    " try fewer items or another method."
                )
            if not told and how.stop is not None and how.stop.is_set():
                connection.send("stop")
                told = True
            if not connection.poll(left if told else min(left, 0.2)):
                continue
            kind, *content = connection.recv()
            if kind == "progress" and how.progress is not None:
                how.progress(*content)
            elif kind == "done":
                return as_readonly(content[0])
            elif kind == "failed":
                raise rebuild_error(*content)

    def _renew(self) -> None:
        """Replace a dead or runaway child by a fresh one, at once and in the background."""
        was_warm = self._warm
        self.close()
        if was_warm and self._warm_up is not None:
            self.warm_up(self._warm_up)


@dataclass(frozen=True)
class Within:
    """How one job runs: its limit of time in seconds, and who hears of it; made by `Jobs.within`."""

    jobs: Jobs
    timeout: float
    progress: Progress | None
    ahead: Callable[[int], object] | None
    stop: threading.Event | None

    def run(self, function: Callable[P, R], *arguments: P.args, **keywords: P.kwargs) -> R:
        """Call a public function of the package in the child and return what it returns.

        Errors of the package come through as they are. Raises JobError when the queue is full, the wait was
        ended, or the work was stopped by time, memory or a crash.
        """
        return self.jobs._run(function, arguments, keywords, self)


class OutOfStepError(JobError):
    """A stop that leaves the child working on what nobody waits for."""


def address(function: Callable[..., object]) -> str:
    """Return "module:name" of a function of this package; raise TypeError for any other."""
    module, name = getattr(function, "__module__", ""), getattr(function, "__qualname__", "")
    if not module.startswith("embeddings_core.") or not name.isidentifier():
        raise TypeError(f"Only module-level functions of embeddings_core run as jobs, not {module}.{name}")
    return f"{module}:{name}"


_jobs = Jobs()
atexit.register(_jobs.close)
run, within, close = _jobs.run, _jobs.within, _jobs.close
warm_up, is_warm, waiting = _jobs.warm_up, _jobs.is_warm, _jobs.waiting
