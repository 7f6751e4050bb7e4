"""The parent's side of the worker: how the child is started, ended, and how its answers become ours."""

import dataclasses
import os
import socket
import subprocess
import sys
from multiprocessing.connection import Connection
from typing import Any, cast

import numpy as np

from embeddings_core import errors
from embeddings_core.folders import ROOT
from embeddings_core.jobs.compiled import compiled_folder
from embeddings_core.logs import error_stream


class DeadWorkerError(errors.JobError):
    """The child ended in the middle of a job: killed, crashed, or by damaged compiled code."""


class OutOfStepError(errors.JobError):
    """A stop that leaves the child working on what nobody waits for."""


class Child:
    """A fresh interpreter that runs `jobs.worker` and nothing else; it ends when this process does.

    Not `multiprocessing`: that would import the main script again, here the whole web page.
    """

    def __init__(
        self, *, memory: int, nice: int = 0, compiles: bool = True, keep_compiled: bool = True
    ) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self.process = subprocess.Popen(  # noqa: S603 - our own module, no input in the command
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "embeddings_core.jobs",
                    *map(str, (theirs.fileno(), memory, nice, int(compiles))),
                ],
                stdin=subprocess.PIPE,  # never written to: its end tells the child that we are gone
                stdout=subprocess.DEVNULL,
                stderr=error_stream(),
                pass_fds=[theirs.fileno()],
                env=environment(keep_compiled=keep_compiled),
            )
        self.connection: Connection[Any, Any] = Connection(ours.detach())

    def exit_status(self) -> int | None:
        """Return how the child ended, where it has; minus the number of the signal that ended it."""
        try:
            return self.process.wait(1.0)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> None:
        """Stop the child now, whatever it does, and take its last state."""
        self.connection.close()
        self.process.kill()
        self.process.wait()
        if self.process.stdin is not None:
            self.process.stdin.close()


def environment(*, keep_compiled: bool = True) -> dict[str, str]:
    """Return the environment of the child: one thread a library, and where its compiled code is kept (if at all)."""
    folder = compiled_folder() if keep_compiled else None
    root = str(ROOT)
    inherited = os.environ.get("PYTHONPATH")
    threads = dict.fromkeys(
        ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
    )
    return {
        **os.environ,
        **threads,
        # safe here and everywhere to be had: one job at a time, on one thread
        "NUMBA_THREADING_LAYER": "workqueue",
        "NUMBA_CACHE_DIR": "" if folder is None else str(folder),
        "PYTHONPATH": os.pathsep.join(filter(None, [root, inherited])),
    }


def rebuild_error(kind: str, message: str) -> Exception:
    """Turn the name and message of an error from the child into the error to raise here."""
    family = getattr(errors, kind, None)
    error: Any
    if isinstance(family, type) and issubclass(family, errors.EmbeddingsError):
        error = family.__new__(family)
        Exception.__init__(error, message)  # some of the family build their message from other arguments
    else:
        error = RuntimeError(f"{kind} in the worker")
        error.told_by_the_worker = message
    error._from_child = True
    return cast(Exception, error)


def as_readonly(value: Any) -> Any:
    """Make the arrays of a result read-only again: crossing the process border lost that."""
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif isinstance(value, tuple | list):
        for part in value:
            as_readonly(part)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            as_readonly(getattr(value, field.name))
    return value
