"""Remembering results for all visitors, within a budget of bytes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from inspect import signature
from typing import Generic, TypeVar, TypeVarTuple, cast

import numpy as np

Arguments = TypeVarTuple("Arguments")
R = TypeVar("R")
SMALL = 64  # bytes that an object takes besides what it holds
ENTRY = 400  # bytes that it takes to remember a result: its place, its key, counting
_shrink: list[Callable[[float], None]] = []  # of each function that remembers


@dataclass(slots=True)
class _Kept(Generic[R]):
    """A result: its value, or the future that others wait for while it is computed; a future takes more than most results."""

    pending: Future[R] | None
    value: R | None = None
    size: int = 0  # bytes; 0 while it is computed


def remember(most: int) -> Callable[[Callable[[*Arguments], R]], Callable[[*Arguments], R]]:
    """Remember the results used last of a function, for all visitors, by its arguments; not by `_names` of them.

    They take `most` bytes together (`limits.CACHE_BYTES`): what was not used for longest gives way; the newest always stays.

    For values that know when they are equal: Streamlit's own cache writes every value of a key out to hash it and draws a
    spinner at each miss, a third of what a typed word costs, and it counts results where a map can have a hundred bytes or
    a hundred megabytes. Here keys are compared as they are, so only frozen values can be one.

    Two who ask for the same at once wait for one computation. What ends in an error, or is given up, is not remembered.
    """

    def wrapper(function: Callable[[*Arguments], R]) -> Callable[[*Arguments], R]:
        counts = [not name.startswith("_") for name in signature(function).parameters]
        made: OrderedDict[Hashable, _Kept[R]] = OrderedDict()
        total = 0  # bytes of what is finished: counted along, as adding up thousands of small results costs a millisecond each time
        lock = threading.Lock()

        def begun(key: Hashable) -> tuple[_Kept[R], bool]:
            """Return what is remembered or computed under a key, and whether the caller has to compute it."""
            with lock:
                if (found := made.get(key)) is not None:
                    made.move_to_end(key)
                    return found, False
                fresh = made[key] = _Kept[R](Future())
                return fresh, True

        def make_room(within: float, spared: Hashable = None) -> None:
            nonlocal total
            while total > within:
                oldest = next((old for old, kept in made.items() if kept.size and old != spared), None)
                if oldest is None:
                    return
                total -= made.pop(oldest).size

        def shrink(share: float) -> None:
            with lock:
                make_room(share * most)

        _shrink.append(shrink)

        def keep(key: Hashable, one: _Kept[R], value: R, size: int) -> None:
            """Keep a result of this size, and let the oldest finished ones go until all fit."""
            nonlocal total
            with lock:
                one.value = value
                one.pending = None  # after the value: who finds none takes that
                if made.get(key) is not one:
                    return
                one.size = size
                total += size
                make_room(most, key)

        @wraps(function)
        def remembered(*arguments: *Arguments) -> R:
            key = tuple(
                part
                for part, counted in zip(cast("tuple[object, ...]", arguments), counts, strict=True)
                if counted
            )
            while True:
                kept, mine = begun(key)
                if (pending := kept.pending) is None:
                    return cast("R", kept.value)
                if not mine:
                    if pending.exception() is None:
                        return pending.result()
                    continue  # it failed for another visitor, or that one left: try it here
                try:
                    value = function(*arguments)
                except BaseException as problem:
                    with lock:
                        if made.get(key) is kept:
                            del made[key]
                    pending.set_exception(RuntimeError(str(problem)))
                    raise
                pending.set_result(value)
                keep(key, kept, value, ENTRY + size_of(key) + size_of(value))
                return value

        return remembered

    return wrapper


def forget(share: float) -> None:
    """Let go of what functions remember, the longest unused first, until each holds at most this share of its budget."""
    for shrink in _shrink:
        shrink(share)


def size_of(value: object) -> int:
    """Return about how many bytes a value holds: arrays, texts and what dataclasses, mappings and sequences hold.

    An array that is mapped from a file costs nothing, and the base of a view counts for the view; what several results share
    counts for each of them.

    >>> size_of(np.zeros((10, 4), dtype=np.float32)), size_of(("king", "queen"))
    (224, 201)
    """
    if isinstance(value, np.ndarray):
        return SMALL + (0 if _mapped(value) else value.nbytes)
    if isinstance(value, str | bytes):
        return SMALL + len(value)
    if isinstance(value, Mapping):
        return SMALL + sum(size_of(key) + size_of(each) for key, each in value.items())
    if isinstance(value, tuple | list | set | frozenset):
        return SMALL + sum(map(size_of, value))
    if is_dataclass(value) and not isinstance(value, type):
        return SMALL + sum(size_of(getattr(value, field.name, None)) for field in fields(value))
    return SMALL


def _mapped(array: object) -> bool:
    while isinstance(array, np.ndarray):
        if isinstance(array, np.memmap):
            return True
        array = array.base
    return False
