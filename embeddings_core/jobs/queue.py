"""Run heavy or dangerous functions of the core in a warm child process, one at a time.

A crash, an endless loop or a memory bomb ends the child, never the server: the caller gets a JobError, a
fresh child takes the next job. Calls are queued in the order they came. Functions called directly, without
this module, run in place; UMAP and t-SNE are then kept apart by a lock.
"""

import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any, ParamSpec, TypeVar

from embeddings_core.errors import JobError
from embeddings_core.jobs.callers import Ahead as Ahead
from embeddings_core.jobs.callers import Caller, caller
from embeddings_core.jobs.child import Child, DeadWorkerError, OutOfStepError, as_readonly, rebuild_error
from embeddings_core.jobs.compiled import discard
from embeddings_core.jobs.messages import receive, send
from embeddings_core.jobs.warm_up import State, WarmUp
from embeddings_core.limits import (
    HEAVY_NICE,
    OWN_WAITING,
    PROJECTION_SECONDS,
    QUEUE,
    START_SECONDS,
    WORKER_BYTES,
)
from embeddings_core.turns import VISITS

LOG = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

Progress = Callable[[int, int], object]
REPLACED = f"You have asked for {OWN_WAITING} more computations since, and this one had not begun: it gave way to them."

_IN_PLACE = sys.platform == "win32"  # no socket can be handed to a child there: queued, but in this process


@dataclass(eq=False)
class _Ticket:
    """A place in the line: for which visit, since when its job is wanted, and whether newer ones took its place."""

    who: Caller | None
    begun: float
    replaced: bool = False

    @property
    def visitor(self) -> str:
        """Whose alone it is; "" where it is nobody's, or several wait for it."""
        return "" if self.who is None or self.who.shared() else self.who.visitor


class Jobs:
    """One child process and the line before it.

    `queue` is how many may wait, `memory` the address space of the child in bytes, `nice` how many steps its priority is
    below that of the server, `idle` after how many seconds without a job it is ended (None: never), `pace` how many seconds
    a job takes as long as none was measured, and `compiles` says whether its jobs use numba.

    A visitor has one job in it that runs and two that wait; a further one takes the place of their own oldest that waits, so
    that nobody stands behind more than three of anybody's. Every line counts for itself. Each is another kind of work with a
    worker of its own: a word that is typed while a film waits would otherwise end the film, or be refused for its sake, and who
    stands in one line gains nothing from fewer places in another. What several visitors wait for gives way to nobody's.
    """

    def __init__(
        self,
        *,
        queue: int = QUEUE,
        memory: int = WORKER_BYTES,
        nice: int = HEAVY_NICE,
        idle: float | None = None,
        pace: float = 2.0,
        compiles: bool = True,
    ) -> None:
        self._queue, self._memory, self._nice, self._idle = queue, memory, nice, idle
        self._compiles = compiles
        self._turn = threading.Condition()
        self._pace = pace  # seconds of a job, the last ones counting most
        self._since = 0.0  # when the job that runs began
        self._rest: threading.Timer | None = None  # ends the child when nobody has needed it for long
        self._line: deque[_Ticket] = deque()
        self._child: Child | None = None
        self._warm_child: Child | None = None  # the one that has run the warm-up
        self._warm_up: WarmUp | None = None
        self._warms = ""  # the address of the function that warms
        self._keep_compiled = True

    def run(self, function: Callable[P, R], *arguments: P.args, **keywords: P.kwargs) -> R:
        """Call a public function of the package in the child within the usual limit of time; see `Within.run`."""
        return self.within().run(function, *arguments, **keywords)

    def within(
        self,
        timeout: float = PROJECTION_SECONDS,
        *,
        progress: Progress | None = None,
        ahead: Ahead | None = None,
        stop: threading.Event | None = None,
    ) -> "Within":
        """Say how the next job runs: `jobs.within(30.0, stop=stop).run(function, argument)`.

        `timeout` is seconds from the moment the work begins, not from joining the queue. `progress(done,
        total)` is called here, in the caller's thread, where the function reports it; `ahead(number, seconds)` twice a
        second while others are before us, with how long that may take; `stop` ends waiting, and asks a function that has
        a `should_stop` to come to its end: what it has so far is returned.
        """
        return Within(lambda arguments: self, timeout, progress, ahead, stop)

    def warm_up(self, function: Callable[[], object], *, wait: bool = False) -> None:
        """Start the child and let it run this function, which loads and compiles; in the background, or wait.

        It is tried again until it succeeds, and whenever the child was replaced; `state` tells how far it is.
        """
        if self._warm_up is None or self._warms != address(function):
            if self._warm_up is not None:
                self._warm_up.cancel()
            self._warms = address(function)

            def attempt(cancelled: threading.Event) -> object:
                return self._run(function, (), {}, self.within(START_SECONDS, stop=cancelled), always=True)

            self._warm_up = WarmUp(attempt, self._distrust)
        if not self.is_warm():
            self._warm_up.start()
        if wait:
            self._warm_up.wait()

    def is_warm(self) -> bool:
        """Tell whether the next map starts at once; where the child has died meanwhile, warm up another."""
        child = self._child
        if _IN_PLACE:
            return True
        warm = child is not None and child is self._warm_child and child.process.poll() is None
        if not warm and self._warm_up is not None:
            self._warm_up.start()
        return warm

    def state(self) -> State:
        """Tell how far the worker is: off, warming, ready, or failed and why."""
        if self._warm_up is None:
            return State("off")
        return State("ready") if self.is_warm() else self._warm_up.state

    def waiting(self) -> int:
        """Return how many jobs are running or waiting."""
        return len(self._line)

    def close(self) -> None:
        """End the child and its warm-up; the next job starts a new one."""
        if self._warm_up is not None:
            self._warm_up.cancel()
            self._warm_up = None
        self._end_child()

    def _end_child(self) -> None:
        child, self._child, self._warm_child = self._child, None, None
        if child is not None:
            child.end()

    def _distrust(self, failures: int) -> None:
        """After a second failure throw away the compiled code on disk; after a third keep none."""
        if failures == 2:
            discard()
        elif failures > 2:
            self._keep_compiled = False

    def _run(
        self,
        function: Callable[..., R],
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
        how: "Within",
        *,
        always: bool = False,
    ) -> R:
        name = address(function)
        ticket = self._join(how, always=always)
        try:
            with VISITS.aside():
                self._wait(ticket, how)
                if not _IN_PLACE:
                    return self._work(name, arguments, keywords, how)  # type: ignore[no-any-return]
            return function(*arguments, **keywords)
        finally:
            with self._turn:
                self._line.remove(ticket)
                self._turn.notify_all()

    def _join(self, how: "Within", *, always: bool = False) -> _Ticket:
        with self._turn:
            ticket = _Ticket(how.who, (how.who.begun if how.who else 0.0) or time.monotonic())
            self._replace_own(ticket)
            if sum(not each.replaced for each in self._line) > self._queue and not always:
                raise JobError(
                    f"{self._queue} people are already waiting for a computation, which is the limit;"
                    " try again in a minute."
                )
            self._line.append(ticket)
            return ticket

    def _replace_own(self, ticket: _Ticket) -> None:
        """Let the oldest job of a visitor give way where a further one would wait beside two; raise JobError where that is this."""
        visitor = ticket.visitor
        if not visitor or not self._line:
            return
        waiting = [each for each in list(self._line)[1:] if each.visitor == visitor and not each.replaced]
        if len(waiting) < OWN_WAITING:
            return
        oldest = min([*waiting, ticket], key=lambda each: each.begun)
        if oldest is ticket:
            raise JobError(REPLACED)
        oldest.replaced = True
        self._turn.notify_all()

    def _wait(self, ticket: _Ticket, how: "Within") -> None:
        while True:
            with self._turn:
                if ticket.replaced:
                    raise JobError(REPLACED)
                before = self._line.index(ticket)
                if not before:
                    self._since = time.monotonic()
                    return
                running = max(self._pace - (time.monotonic() - self._since), 0.0)
            if how.stop is not None and how.stop.is_set():
                raise JobError("The computation was cancelled; the last picture stays.")
            if how.ahead is not None:  # a page whose visitor has left or typed anew ends here
                how.ahead(before, running + (before - 1) * self._pace)
            with self._turn:
                if self._line.index(ticket) == before and not ticket.replaced:
                    patience = 0.2 if how.stop is not None else 0.5 if how.ahead is not None else None
                    self._turn.wait(patience)

    def _work(self, name: str, arguments: tuple[Any, ...], keywords: dict[str, Any], how: "Within") -> Any:
        self._stay()
        child, begun = self._living_child(), time.monotonic()
        # whoever comes before the warm-up is over pays for loading and compiling; that is not their time
        limit = how.timeout if child is self._warm_child else how.timeout + START_SECONDS
        try:
            send(child.connection, (name, arguments, keywords, how.progress is not None))
            answer = self._listen(child.connection, time.monotonic() + limit, how)
            if name == self._warms or self._warm_up is None:
                self._warm_child = child
            if name != self._warms:
                self._pace += (time.monotonic() - begun - self._pace) / 4
            return answer
        except (EOFError, ConnectionError, OSError) as error:
            LOG.warning("A worker ended during %s (exit status %s)", name, child.exit_status())
            self._renew()
            raise DeadWorkerError(
                "The computation stopped: this input was too much for it. Try fewer items or another method."
            ) from error
        except OutOfStepError:
            self._renew()
            raise
        except BaseException as error:
            if not getattr(error, "_from_child", False):
                self._renew()  # interrupted half-way: its answer would reach the next caller
            raise
        finally:
            self._leave_after_a_while()

    def _stay(self) -> None:
        rest, self._rest = self._rest, None
        if rest is not None:
            rest.cancel()

    def _leave_after_a_while(self) -> None:
        if self._idle is not None:
            self._rest = threading.Timer(self._idle, self._leave)
            self._rest.daemon = True
            self._rest.start()

    def _leave(self) -> None:
        with self._turn:
            if not self._line:  # nobody can come in between: to join needs the same lock
                self._end_child()

    def _living_child(self) -> Child:
        child = self._child
        if child is None or child.process.poll() is not None:
            self._end_child()
            try:
                child = self._child = Child(
                    memory=self._memory,
                    nice=self._nice,
                    compiles=self._compiles,
                    keep_compiled=self._keep_compiled,
                )
            except OSError as error:
                raise JobError(
                    f"The worker cannot be started ({error.strerror}); try again in a minute."
                ) from error
        return child

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
                send(connection, "stop")
                told = True
            if not connection.poll(left if told else min(left, 0.2)):
                continue
            kind, *content = receive(connection)
            if kind == "progress" and how.progress is not None:
                how.progress(*content)
            elif kind == "done":
                return as_readonly(content[0])
            elif kind == "failed":
                raise rebuild_error(*content)

    def _renew(self) -> None:
        """End a dead or runaway child; where there was a warm-up, warm up a fresh one in the background."""
        self._end_child()
        if self._warm_up is not None:
            self._warm_up.start()


@dataclass(frozen=True)
class Within:
    """How one job runs: in which line, its limit of time in seconds, and who hears of it; made by `within`."""

    line: Callable[[tuple[object, ...]], Jobs]  # chosen by what the function is given
    timeout: float
    progress: Progress | None
    ahead: Ahead | None
    stop: threading.Event | None
    who: Caller | None = None  # for which visit; None: for nobody

    def run(self, function: Callable[P, R], *arguments: P.args, **keywords: P.kwargs) -> R:
        """Call a public function of the package in the child and return what it returns.

        Errors of the package come through as they are. Raises JobError when the queue is full, the wait was
        ended, or the work was stopped by time, memory or a crash.
        """
        who = caller()
        how = replace(self, who=who)
        with ExitStack() as said:
            if how.ahead is None and who is not None and who.in_line is not None:
                how = replace(how, ahead=said.enter_context(who.in_line()))
            return self.line((*arguments, *keywords.values()))._run(function, arguments, keywords, how)


def address(function: Callable[..., object]) -> str:
    """Return "module:name" of a function of this package; raise TypeError for any other."""
    module, name = getattr(function, "__module__", ""), getattr(function, "__qualname__", "")
    if not module.startswith("embeddings_core.") or not name.isidentifier():
        raise TypeError(f"Only module-level functions of embeddings_core run as jobs, not {module}.{name}")
    return f"{module}:{name}"
