"""What a function returned for a recipe, remembered: for work of milliseconds, on values that know when they are equal.

Streamlit's own cache writes every value of a key out to hash it and draws a spinner at each miss: a third of what
a typed word costs. Here keys are compared as they are, so only frozen values can be one.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from functools import wraps
from inspect import signature
from typing import TypeVar, TypeVarTuple, cast

Arguments = TypeVarTuple("Arguments")
R = TypeVar("R")


def remember(most: int) -> Callable[[Callable[[*Arguments], R]], Callable[[*Arguments], R]]:
    """Remember the `most` results used last of a function, for all visitors, by its arguments; not by `_names` of them.

    Two who ask for the same at once wait for one computation. What ends in an error, or is given up, is not remembered.
    """

    def wrapper(function: Callable[[*Arguments], R]) -> Callable[[*Arguments], R]:
        counts = [not name.startswith("_") for name in signature(function).parameters]
        made: OrderedDict[Hashable, Future[R]] = OrderedDict()
        lock = threading.Lock()

        def begun(key: Hashable) -> tuple[Future[R], bool]:
            """Return what is or will be the result, and whether the caller has to compute it."""
            with lock:
                if (found := made.get(key)) is not None:
                    made.move_to_end(key)
                    return found, False
                fresh: Future[R] = Future()
                made[key] = fresh
                while len(made) > most:
                    made.popitem(last=False)
                return fresh, True

        @wraps(function)
        def remembered(*arguments: *Arguments) -> R:
            key = tuple(
                part
                for part, counted in zip(cast("tuple[object, ...]", arguments), counts, strict=True)
                if counted
            )
            while True:
                result, mine = begun(key)
                if not mine:
                    if result.exception() is None:
                        return result.result()
                    continue  # it failed for another visitor, or that one left: try it here
                try:
                    value = function(*arguments)
                except BaseException as problem:
                    with lock:
                        if made.get(key) is result:
                            del made[key]
                    result.set_exception(RuntimeError(str(problem)))
                    raise
                result.set_result(value)
                return value

        return remembered

    return wrapper
