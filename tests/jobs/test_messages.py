"""What crosses to a worker and back: large arrays are mapped by both, in memory once; the rest, and all elsewhere, is sent."""

import os
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from embeddings_core.jobs import messages
from embeddings_core.jobs.messages import LARGE, receive, send

Ends = tuple["Connection[Any, Any]", "Connection[Any, Any]"]


@pytest.fixture
def ends() -> Iterator[Ends]:
    here, there = socket.socketpair()
    with Connection(here.detach()) as one, Connection(there.detach()) as other:
        yield one, other


def crossed(ends: Ends, message: object) -> tuple[Any, int]:
    """Send a message, while the other end takes it; return it, and how many bytes are mapped."""
    with ThreadPoolExecutor(1) as others:
        sending = others.submit(send, ends[0], message)
        while not ends[1].poll(0.1):
            assert not sending.done() or sending.exception() is None, sending.exception()
        return receive(ends[1]), sending.result(20)


def shared() -> int:
    """Count the arrays that this process maps."""
    return Path("/proc/self/maps").read_text().count("memfd:arrays")


def open_files() -> int:
    """Count the files that this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(sys.platform != "linux", reason="arrays are mapped on Linux alone")
def test_large_arrays_are_mapped_each_by_itself_and_go_with_their_last_user(ends: Ends) -> None:
    before, files = shared(), open_files()
    numbers = np.arange(LARGE, dtype=np.float32).reshape(4, -1)
    table = pa.table({"text": ["a", None], "vector": [[1.0, 2.0], [3.0, 4.0]]})
    sent = {"one": numbers, "turned": numbers.T, "few": np.arange(5), "table": table, "odd": numbers[:, ::2]}
    found, mapped = crossed(ends, sent)
    assert mapped == 2 * numbers.nbytes and shared() == before + 2  # what lies in steps is sent whole
    for name in ("one", "turned", "few", "odd"):
        assert np.array_equal(found[name], sent[name]) and found[name].dtype == sent[name].dtype
    assert found["table"].equals(table)
    found["one"][0, 0] = 7.0  # it is the receiver's own from then on
    assert numbers[0, 0] == 0.0
    kept = found["turned"]
    found.clear()
    assert shared() == before + 1, "one that is kept holds no other"
    assert np.array_equal(kept, numbers.T)
    del kept
    assert shared() == before and open_files() == files


@pytest.mark.skipif(sys.platform != "linux", reason="arrays are mapped on Linux alone")
def test_the_cells_of_a_table_stay_where_the_worker_wrote_them(ends: Ends) -> None:
    flat = pa.array(np.arange(LARGE // 4, dtype=np.float32))
    table = pa.table({"vector": pa.FixedSizeListArray.from_arrays(flat, 64)})
    allocated = pa.total_allocated_bytes()
    found, mapped = crossed(ends, (table, "a word"))
    assert mapped >= LARGE and pa.total_allocated_bytes() - allocated < LARGE // 4
    assert found[0].equals(table) and found[1] == "a word"


@pytest.mark.parametrize("why", ["no such memory here", "no room"])
def test_everything_is_sent_where_nothing_can_be_mapped(
    ends: Ends, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    if why == "no room":
        monkeypatch.setattr(os, "memfd_create", full, raising=False)
        monkeypatch.setattr(messages, "_SHARED", True)
    else:
        monkeypatch.setattr(messages, "_SHARED", False)
    numbers = np.arange(LARGE, dtype=np.float32)
    found, mapped = crossed(ends, ("stop", numbers))
    assert mapped == 0 and found[0] == "stop" and np.array_equal(found[1], numbers)


def test_whoever_is_gone_is_told(ends: Ends) -> None:
    ends[0].close()
    with pytest.raises((EOFError, OSError)):
        receive(ends[1])
