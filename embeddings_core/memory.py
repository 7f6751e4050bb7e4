"""Memory that is free goes back to the system: what a process has freed stays its own until it is asked for."""

import ctypes
import gc
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

EVERY = 60.0  # seconds
BLOCK = 4 * 2**20  # bytes
HEAPS = 2  # each visit runs in a thread of its own; eight heaps a processor would each keep its holes
QUIET = 0.1  # of one processor: below, nobody waits for anything
LONG_QUIET = 3  # minutes, after which nobody seems to be there


def large_blocks_apart() -> None:
    """Let the C library of Linux take each block of 4 MB or more from the system by itself and return it when it is freed.

    Unasked it learns from the first large block that is freed to take those of up to 32 MB from its heap, where whatever is
    allocated behind them keeps them: opening the networks would leave 40 MB of holes. Threads share two heaps.
    """
    with suppress(AttributeError, OSError, TypeError):
        library = ctypes.CDLL(None)
        library.mallopt(-3, BLOCK)  # M_MMAP_THRESHOLD
        library.mallopt(-8, HEAPS)  # M_ARENA_MAX
        library.mallopt(-1, 2 * BLOCK)  # M_TRIM_THRESHOLD: what may lie free at the end of the heap


def give_back() -> None:
    """Return freed memory to the system, where its library can: 200 photographs leave holes of hundreds of MB."""
    arrow = sys.modules.get("pyarrow")
    if arrow is not None:
        arrow.default_memory_pool().release_unused()
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def keep_tidy(forget: Callable[[], None], *, every: float = EVERY) -> None:
    """Give back once a minute until the program ends; in a quiet minute, visits that have ended are collected first.

    A collection stops all threads of the process, so it has to wait for a moment when nobody types. After some quiet minutes
    `forget` is called: what was remembered for the next visit can be computed again.
    """
    main = threading.main_thread()
    used, quiet = time.process_time(), 0
    while main.is_alive():
        main.join(every)
        now = time.process_time()
        quiet = quiet + 1 if now - used < QUIET * every else 0
        if quiet == LONG_QUIET:
            forget()
        if quiet:
            gc.collect()
        give_back()
        used = now
