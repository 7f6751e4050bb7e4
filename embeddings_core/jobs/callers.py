"""Who asks for a computation: the visit that it is for, and how its page says which place it has in a line.

The pages introduce their visits here; a thread that works in the background stands for the visit that began it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from embeddings_core.durations import wait_told

Ahead = Callable[
    [int, float], object
]  # how many computations come before, and how many seconds that may take


@dataclass(frozen=True)
class Caller:
    """A visit; `in_line` draws its place in a line while its context lasts, `begun` is when its job began (0: now).

    `shared` tells whether others wait for the same job: it is not this visit's alone then, and gives way to none of its others.
    """

    visitor: str
    in_line: Callable[[], AbstractContextManager[Ahead]] | None = None
    begun: float = 0.0
    shared: Callable[[], bool] = lambda: False


def nobody() -> Caller | None:
    """Return no visit: a program, the command line, a warm-up."""
    return None


_who: list[Callable[[], Caller | None]] = [nobody]
_here = threading.local()


def introduce(who: Callable[[], Caller | None]) -> None:
    """Let this function tell, from now on, for which visit the present thread draws a page."""
    _who[0] = who


def caller() -> Caller | None:
    """Return the visit that the present thread works for; None where it works for none."""
    found: Caller | None = getattr(_here, "caller", None)
    return found or _who[0]()


@contextmanager
def standing_for(visit: Caller | None) -> Iterator[None]:
    """Let what this thread asks for inside count as that visit's, without drawing anything."""
    _here.caller = visit
    try:
        yield
    finally:
        _here.caller = None


def place_told(before: int, seconds: float, *, what: str = "computation") -> str:
    """Say how many come before one's own, and how long that may take.

    >>> place_told(1, 0.4), place_told(3, 12.4, what="film")
    ('One computation comes before yours: a moment.', '3 films come before yours: about 12 seconds.')
    """
    first = f"One {what} comes" if before == 1 else f"{before} {what}s come"
    return f"{first} before yours: {wait_told(seconds)}."
