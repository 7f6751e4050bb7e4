"""A job that runs in the background while others look at it: how far it is, and what came of it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any, Generic, TypeVar

from embeddings_core.durations import wait_told
from embeddings_core.jobs.callers import Caller, caller, place_told, standing_for
from embeddings_core.jobs.queue import Jobs
from embeddings_core.turns import VISITS

R = TypeVar("R")


class BackgroundJob(Generic[R]):
    """One job under way: `done` of `total` parts, with `ahead` other jobs before it; `begun` is when it was asked for."""

    def __init__(self, total: int) -> None:
        self.done, self.total, self.ahead, self.begun = 0, total, 0, time.monotonic()
        self._seconds = 0.0  # how long those before it may take
        who = caller()
        self._for = None if who is None else Caller(who.visitor, begun=self.begun, shared=self._is_shared)
        self._future: Future[R] = Future()
        self._stop = threading.Event()

    def _start(self, jobs: Jobs, function: Callable[..., R], *arguments: Any, timeout: float) -> None:
        def work() -> R:
            how = jobs.within(timeout, progress=self._progress, ahead=self._wait, stop=self._stop)
            return how.run(function, *arguments)

        self._begin(work, name=function.__name__)

    def _begin(self, work: Callable[[], R], *, name: str) -> None:
        """Do the work in a thread of its own, which joins the lines it needs."""

        def to_the_end() -> None:
            try:
                with standing_for(self._for):
                    result = work()
            except BaseException as error:  # told to whoever watches, in their own thread
                self._ended(error)
                self._future.set_exception(error)
            else:
                self._ended(None)
                self._future.set_result(result)

        threading.Thread(target=to_the_end, name=name, daemon=True).start()

    def _is_shared(self) -> bool:
        """Tell whether others than who began it wait for it."""
        return False

    def _wait(self, ahead: int, seconds: float) -> None:
        self.ahead, self._seconds = ahead, seconds

    @property
    def wait_told(self) -> str:
        """How long those before it may take, in words."""
        return wait_told(self._seconds)

    def place(self, what: str) -> str:
        """Say how many films, trainings or whatever come before it, and how long that may take."""
        return place_told(self.ahead, self._seconds, what=what)

    def _progress(self, done: int, total: int) -> None:
        self.done, self.total, self.ahead = done, total, 0

    def _ended(self, problem: BaseException | None) -> None:
        """Called once at the end, before anybody sees what came of it."""

    def wait(self, seconds: float) -> None:
        """Wait for its end, no longer than so many seconds."""
        with VISITS.aside():
            wait([self._future], timeout=seconds)

    def outcome(self) -> R:
        """Return what came of it, or raise what went wrong; waits for its end."""
        with VISITS.aside():
            return self._future.result()

    @property
    def over(self) -> bool:
        """Whether there is a result or a problem."""
        return self._future.done()

    @property
    def stopping(self) -> bool:
        """Whether it was asked to end."""
        return self._stop.is_set()

    @property
    def result(self) -> R | None:
        """What came of it; None while it runs or where it failed."""
        return self._future.result() if self.over and self.problem is None else None

    @property
    def problem(self) -> BaseException | None:
        """What went wrong."""
        return self._future.exception() if self.over else None
