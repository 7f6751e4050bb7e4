"""Readers of types are made one at a time: Python 3.11 cannot parse source in two threads at once."""

import threading
import time

import pytest

from embeddings_core.scenes import reading


def test_a_hall_that_arrives_at_once_makes_each_reader_once(monkeypatch: pytest.MonkeyPatch) -> None:
    at_work: list[int] = []
    most: list[int] = []

    class Slow:
        def __init__(self, kind: type) -> None:
            at_work.append(1)
            most.append(len(at_work))
            time.sleep(0.02)
            at_work.pop()

    monkeypatch.setattr(reading, "TypeAdapter", Slow)
    monkeypatch.setattr(reading, "_made", {})
    found: list[object] = []
    threads = [
        threading.Thread(target=lambda kind=kind: found.append(reading.made_adapter(kind)))
        for kind in (int, str) * 6
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1, 1] and len(set(map(id, found))) == 2
