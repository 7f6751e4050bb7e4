"""Three lines, so that what is over in a moment never waits behind what takes long.

A visitor who types ten words waits for the maps of others who type, not for a film of 5,000 points; one who brings a file waits for
the files of others, not for their maps.
"""

import atexit
import threading
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from embeddings_core.jobs.queue import Ahead, Jobs, Progress, Within
from embeddings_core.jobs.warm_up import State
from embeddings_core.limits import (
    HEAVY_NICE,
    IDLE_SECONDS,
    PROJECTION_SECONDS,
    QUICK_ITEMS,
    QUICK_NICE,
    QUICK_QUEUE,
    READING_IDLE_SECONDS,
)

P = ParamSpec("P")
R = TypeVar("R")

_quick = Jobs(queue=QUICK_QUEUE, nice=QUICK_NICE, pace=0.5)
_heavy = Jobs(nice=HEAVY_NICE, idle=IDLE_SECONDS, pace=5.0)
_reading = Jobs(nice=QUICK_NICE, idle=READING_IDLE_SECONDS, pace=3.0, compiles=False)
for _lane in (_quick, _heavy, _reading):
    atexit.register(_lane.close)


def items(arguments: tuple[object, ...]) -> int:
    """Return of how many items the largest of some arguments is: rows of an array, items of a set of vectors.

    >>> items((("cat", "dog"), 5, None, "a text is one"))
    2
    """
    return max((_count(argument) for argument in arguments), default=0)


def _count(argument: object) -> int:
    if isinstance(argument, str | bytes):
        return 1
    try:
        return len(argument)  # type: ignore[arg-type]
    except TypeError:
        return 1


def within(
    timeout: float = PROJECTION_SECONDS,
    *,
    progress: Progress | None = None,
    ahead: Ahead | None = None,
    stop: threading.Event | None = None,
    heavy: bool = False,
    reading: bool = False,
) -> Within:
    """Say how the next job runs: `jobs.within(30.0, stop=stop).run(function, argument)`; see `Jobs.within`.

    A job of more than 200 items goes into the lane of the heavy ones by itself; `heavy` says it of films and what else takes long
    whatever its size, `reading` of a file that a visitor waits to see.
    """

    def lane(arguments: tuple[object, ...]) -> Jobs:
        if reading:
            return _reading
        return _heavy if heavy or items(arguments) > QUICK_ITEMS else _quick

    return Within(lane, timeout, progress, ahead, stop)


def run(function: Callable[P, R], *arguments: P.args, **keywords: P.kwargs) -> R:
    """Call a public function of the package in the child of its lane within the usual limit of time."""
    return within().run(function, *arguments, **keywords)


def waiting() -> int:
    """Return how many jobs are running or waiting, in all lanes."""
    return _quick.waiting() + _heavy.waiting() + _reading.waiting()


def close() -> None:
    """End all children; the next job starts a new one."""
    for lane in (_quick, _heavy, _reading):
        lane.close()


def warm_up(function: Callable[[], object], *, wait: bool = False) -> None:
    """Warm up the child of small jobs; the other one starts when it is first needed, from code compiled by then."""
    _quick.warm_up(function, wait=wait)


def is_warm() -> bool:
    """Tell whether the next map starts at once."""
    return _quick.is_warm()


def state() -> State:
    """Tell how far the child of small jobs is: off, warming, ready, or failed and why."""
    return _quick.state()
