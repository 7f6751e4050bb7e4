"""Freed memory goes back, and the thread that sees to it never outlives the program."""

import subprocess
import sys
import time

import pytest


def test_the_thread_ends_with_the_program() -> None:
    program = (
        "import threading; from embeddings_core.memory import keep_tidy; "
        "threading.Thread(target=keep_tidy, args=(print,), kwargs={'every': 3600.0}).start()"
    )
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
    assert time.monotonic() - start < 60


def test_in_a_quiet_minute_what_only_refers_to_itself_is_collected() -> None:
    program = (
        "import gc, threading, time, weakref; from embeddings_core.memory import keep_tidy\n"
        "class Visit: pass\n"
        "visit = Visit(); visit.own = visit; seen = weakref.ref(visit); gc.disable(); del visit\n"
        "threading.Thread(target=keep_tidy, args=(print,), kwargs={'every': 0.2}).start()\n"
        "end = time.monotonic() + 30\n"
        "while seen() is not None and time.monotonic() < end: time.sleep(0.05)\n"
        "assert seen() is None"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def test_after_some_quiet_minutes_what_was_remembered_is_let_go_once() -> None:
    program = (
        "import threading, time; from embeddings_core.memory import keep_tidy\n"
        "calls = []\n"
        "threading.Thread(target=keep_tidy, args=(lambda: calls.append(1),), kwargs={'every': 0.2}).start()\n"
        "time.sleep(0.3); assert not calls\n"
        "end = time.monotonic() + 30\n"
        "while not calls and time.monotonic() < end: time.sleep(0.05)\n"
        "time.sleep(1); assert calls == [1], calls"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told by /proc")
def test_minilm_takes_little_more_than_its_matrices() -> None:
    """43 MB of matrices, arranged once; with copies of all its weights and of what is freed it took 240 MB."""
    program = (
        "import re, onnx, onnxruntime, tokenizers, embeddings_core as ec\n"
        "from embeddings_core.memory import large_blocks_apart\n"
        "own = lambda: int(re.search(r'RssAnon:\\s+(\\d+)', open('/proc/self/status').read())[1]) / 1024\n"
        "large_blocks_apart(); before = own()\n"
        "ec.load_encoder('minilm')([f'a sentence of some words, number {n}' for n in range(40)])\n"
        "assert own() - before < 150, own() - before"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)
