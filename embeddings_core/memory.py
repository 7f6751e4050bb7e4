"""Memory that is free goes back to the system: what a process has freed stays its own until it is asked for."""

import ctypes
import gc
import threading
import time
from contextlib import suppress

EVERY = 60.0  # seconds
QUIET = 0.1  # of one processor: below, nobody waits for anything


def give_back() -> None:
    """Return freed memory to the system, where its library can: 200 photographs leave holes of hundreds of MB."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def keep_tidy(every: float = EVERY) -> None:
    """Give back once a minute until the program ends; in a quiet minute, visits that have ended are collected first.

    A collection stops all threads of the process, so it has to wait for a moment when nobody types.
    """
    main = threading.main_thread()
    used = time.process_time()
    while main.is_alive():
        main.join(every)
        now = time.process_time()
        if now - used < QUIET * every:
            gc.collect()
        give_back()
        used = now
