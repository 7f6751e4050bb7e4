"""What the server and a worker send each other: large arrays lie in memory that both map, the rest goes through the socket.

A table of 100,000 rows with vectors has 160 MB. Through the socket it would be copied four times, and be in memory
three times for a moment.
"""

import io
import mmap
import os
import socket
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from multiprocessing.reduction import ForkingPickler
from typing import Any, Protocol

LARGE = 4 * 2**20  # bytes of one array from which on it is mapped; each costs the receiver an open file
_SHARED = hasattr(os, "memfd_create")  # on Linux; elsewhere everything goes through the socket


class _Buffer(Protocol):
    """The memory of an array, as whoever packs a message sees it."""

    def raw(self) -> memoryview: ...


def send(connection: "Connection[Any, Any]", message: object) -> int:
    """Send a message over a connection of `socket.socketpair`, to be taken by `receive`; return the bytes that are mapped."""
    large: list[memoryview] = []

    def in_line(buffer: _Buffer) -> bool:
        """Tell whether an array is small enough to be a part of the message."""
        with buffer.raw() as raw:
            if raw.nbytes < LARGE:
                return True
        large.append(buffer.raw())
        return False

    packed = _packed(message, in_line if _SHARED else None)
    file = _written(large) if large else None
    if large and file is None:  # no room
        packed, large = _packed(message), []
    connection.send([part.nbytes for part in large])
    connection.send_bytes(packed.getbuffer())
    if file is not None:
        with file, socket.fromfd(connection.fileno(), socket.AF_UNIX, socket.SOCK_STREAM) as line:
            socket.send_fds(line, [b"\0"], [file.fileno()])
    return sum(part.nbytes for part in large)


def receive(connection: "Connection[Any, Any]") -> Any:
    """Wait for a message that was sent by `send`, and return it. Its arrays can be written; nobody else sees that.

    Raises EOFError or OSError where the other side is gone.
    """
    sizes: list[int] = connection.recv()
    packed = connection.recv_bytes()
    return ForkingPickler.loads(packed, buffers=_mapped(connection, sizes))


def _packed(message: object, in_line: Callable[[_Buffer], bool] | None = None) -> io.BytesIO:
    """Pack a message as `Connection.send` does, except for the arrays that are not `in_line`."""
    packed = io.BytesIO()
    ForkingPickler(packed, 5, True, in_line).dump(message)
    return packed


def _written(parts: Sequence[memoryview]) -> io.FileIO | None:
    """Write arrays into a file in memory that has no name, each from the beginning of a page; None where there is no room."""
    try:
        file = io.FileIO(os.memfd_create("arrays"), "w")
    except OSError:
        return None
    try:
        for place, part in zip(_places([part.nbytes for part in parts]), parts, strict=True):
            file.seek(place)
            done = 0
            while done < part.nbytes:  # at most 2 GB at once
                done += file.write(part[done:]) or 0
    except OSError:
        file.close()
        return None
    return file


def _mapped(connection: "Connection[Any, Any]", sizes: Sequence[int]) -> list[mmap.mmap]:
    """Map the arrays of these sizes in bytes, each by itself: one that is kept holds no other in memory."""
    if not sizes:
        return []
    with socket.fromfd(connection.fileno(), socket.AF_UNIX, socket.SOCK_STREAM) as line:
        _, files, _, _ = socket.recv_fds(line, 1, 1)
    if not files:
        raise EOFError
    try:
        return [
            mmap.mmap(files[0], size, access=mmap.ACCESS_COPY, offset=place)
            for place, size in zip(_places(sizes), sizes, strict=True)
        ]
    finally:
        os.close(files[0])


def _places(sizes: Sequence[int]) -> list[int]:
    """Return where arrays of these sizes begin, one after the other, each on a page of its own."""
    places, end = [], 0
    for size in sizes:
        places.append(end)
        end += -(-size // mmap.ALLOCATIONGRANULARITY) * mmap.ALLOCATIONGRANULARITY
    return places
