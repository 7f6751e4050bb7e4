"""Two lines, so that what is over in a moment never waits behind what takes long.

A visitor who types ten words waits for the maps of others who type, not for a film of 5,000 points or an upload.
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
)

P = ParamSpec("P")
R = TypeVar("R")

_quick = Jobs(queue=QUICK_QUEUE, nice=QUICK_NICE, pace=0.5)
_heavy = Jobs(nice=HEAVY_NICE, idle=IDLE_SECONDS, pace=5.0)
atexit.register(_quick.close)
atexit.register(_heavy.close)


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
) -> Within:
    """Say how the next job runs: `jobs.within(30.0, stop=stop).run(function, argument)`; see `Jobs.within`.

    A job of more than 200 items goes into the lane of the heavy ones by itself; `heavy` says it of files, films and
    what else takes long whatever its size.
    """

    def lane(arguments: tuple[object, ...]) -> Jobs:
        return _heavy if heavy or items(arguments) > QUICK_ITEMS else _quick

    return Within(lane, timeout, progress, ahead, stop)


def run(function: Callable[P, R], *arguments: P.args, **keywords: P.kwargs) -> R:
    """Call a public function of the package in the child of its lane within the usual limit of time."""
    return within().run(function, *arguments, **keywords)


def waiting() -> int:
    """Return how many jobs are running or waiting, in both lanes."""
    return _quick.waiting() + _heavy.waiting()


def close() -> None:
    """End both children; the next job starts a new one."""
    _quick.close()
    _heavy.close()


def warm_up(function: Callable[[], object], *, wait: bool = False) -> None:
    """Warm up the child of small jobs; the other one starts when it is first needed, from code compiled by then."""
    _quick.warm_up(function, wait=wait)


def is_warm() -> bool:
    """Tell whether the next map starts at once."""
    return _quick.is_warm()


def state() -> State:
    """Tell how far the child of small jobs is: off, warming, ready, or failed and why."""
    return _quick.state()
