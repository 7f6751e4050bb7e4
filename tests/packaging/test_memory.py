"""Freed memory goes back, and the thread that sees to it never outlives the program."""

import subprocess
import sys
import time


def test_the_thread_ends_with_the_program() -> None:
    program = (
        "import threading; from embeddings_core.memory import keep_tidy; "
        "threading.Thread(target=keep_tidy, args=(3600.0,)).start()"
    )
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
    assert time.monotonic() - start < 60


def test_in_a_quiet_minute_what_only_refers_to_itself_is_collected() -> None:
    program = (
        "import gc, threading, time, weakref; from embeddings_core.memory import keep_tidy\n"
        "class Visit: pass\n"
        "visit = Visit(); visit.own = visit; seen = weakref.ref(visit); gc.disable(); del visit\n"
        "threading.Thread(target=keep_tidy, args=(0.2,)).start()\n"
        "end = time.monotonic() + 30\n"
        "while seen() is not None and time.monotonic() < end: time.sleep(0.05)\n"
        "assert seen() is None"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
