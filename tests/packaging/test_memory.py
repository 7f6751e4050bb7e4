"""Freed memory goes back, and the thread that sees to it never outlives the program."""

import subprocess
import sys
import time
from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from embeddings_core import memory


def test_the_thread_ends_with_the_program() -> None:
    program = (
        "import threading; from embeddings_core.memory import keep_tidy; "
        "threading.Thread(target=keep_tidy, args=(print,), kwargs={'every': 3600.0}).start()"
    )
    start = time.monotonic()
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
    assert time.monotonic() - start < 60


class Minutes:
    """A main thread that lives for some minutes, and the processor time of its process: seconds of each minute."""

    def __init__(self, used: Sequence[float]) -> None:
        self._left, self._used = list(used), 0.0

    def is_alive(self) -> bool:
        return bool(self._left)

    def join(self, every: float) -> None:
        assert every == memory.EVERY
        self._used += self._left.pop(0)

    def process_time(self) -> float:
        return self._used


@pytest.mark.parametrize(
    ("used", "done"),
    [
        ([0, 5.9, 0], "collect give, collect give, forget collect give"),
        ([0, 0, 6.1, 0, 0], "collect give, collect give, give, collect give, collect give"),
        ([0] * 5, "collect give, collect give, forget collect give, collect give, collect give"),
        (
            [0, 0, 0, 60, 0, 0, 0],
            "collect give, collect give, forget collect give, give, collect give, collect give, forget collect give",
        ),
    ],
)
def test_quiet_minutes_collect_and_after_some_what_was_remembered_is_let_go_once(
    used: list[float], done: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    minutes, did = Minutes(used), list[str]()
    monkeypatch.setattr(memory, "threading", SimpleNamespace(main_thread=lambda: minutes))
    monkeypatch.setattr(memory, "time", minutes)
    monkeypatch.setattr(memory, "gc", SimpleNamespace(collect=lambda: did.append("collect")))
    monkeypatch.setattr(memory, "give_back", lambda: did.append("give,"))
    memory.keep_tidy(lambda: did.append("forget"))
    assert " ".join(did).removesuffix(",") == done


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


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told by /proc")
def test_what_the_largest_batch_took_goes_back_when_nobody_is_there() -> None:
    program = (
        "import re, onnx, onnxruntime, tokenizers, embeddings_core as ec\n"
        "from embeddings_core.memory import give_back, large_blocks_apart\n"
        "from embeddings_core.models.graph_engines import give_back_arena\n"
        "own = lambda: int(re.search(r'RssAnon:\\s+(\\d+)', open('/proc/self/status').read())[1]) / 1024\n"
        "large_blocks_apart(); give_back_arena()\n"
        "encoder = ec.load_encoder('minilm')\n"
        "before = encoder(['a cat', 'a dog']); give_back()\n"
        "encoder([f'a long sentence of many words, number {n} ' * 20 for n in range(60)])\n"
        "give_back(); full = own()\n"
        "give_back_arena(); give_back()\n"
        "assert full - own() > 10, (full, own())\n"
        "assert abs(encoder(['a cat', 'a dog']) - before).max() < 1e-5"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-500:]
