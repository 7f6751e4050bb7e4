"""Turns of the threads that answer visitors: a few compute at once, the others wait their turn.

A thread that wants Python's own lock asks for it every 5 ms (`sys.getswitchinterval`). A hundred that do so at once cost more
processor time than what they wait to compute; who waits here asks nothing.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """At most `at_once` threads have their turn; one that has had it for `longest` seconds no longer keeps others from theirs.

    So whatever one does in its turn, waiting for another included, those who wait go on. Nor does one keep others waiting that
    comes back from a computation elsewhere: what it has left to do is long, and short turns would wait for it.
    """

    def __init__(self, at_once: int = 4, *, longest: float = 0.5) -> None:
        self._at_once, self._longest = at_once, longest
        self._since: dict[int, float] = {}  # of each thread that has its turn, since when
        self._entry = threading.Lock()  # one waits for the next turn, the others for this
        self._given_back = threading.Condition()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and have it inside; a thread that has it already goes on."""
        me = threading.get_ident()
        if me in self._since:
            yield
            return
        with self._entry, self._given_back:
            while (seconds := self._until_free()) > 0:
                self._given_back.wait(seconds)
            self._since[me] = time.monotonic()
        try:
            yield
        finally:
            self._give_back(me)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Let others have the turn inside, where this thread waits for a worker or a network; it goes on beside theirs."""
        me = threading.get_ident()
        if not self._give_back(me):
            yield
            return
        try:
            yield
        finally:
            with self._given_back:
                self._since[me] = time.monotonic() - self._longest

    def _until_free(self) -> float:
        """Return in how many seconds a turn is free at the latest; 0 where one is."""
        now = time.monotonic()
        counting = [since for since in self._since.values() if now - since < self._longest]
        return 0.0 if len(counting) < self._at_once else min(counting) + self._longest - now

    def _give_back(self, thread: int) -> bool:
        with self._given_back:
            had = self._since.pop(thread, None)
            self._given_back.notify()
        return had is not None


VISITS = Turns()  # of the threads that draw pages
