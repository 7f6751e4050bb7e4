"""The child process of `jobs`: what runs on its side of the socket."""

import inspect
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from importlib import import_module
from multiprocessing.connection import Connection
from typing import Any, cast

from embeddings_core.errors import BadInputError, EmbeddingsError, JobError, of_the_disk
from embeddings_core.jobs.compiled import keep_compiled_code
from embeddings_core.jobs.messages import receive, send
from embeddings_core.logs import keep_logs_plain, silence_libraries, told
from embeddings_core.memory import give_back


def serve(connection: "Connection[Any, Any]") -> None:
    """Answer jobs until the other side is gone."""
    while True:
        try:
            message = receive(connection)
        except (EOFError, OSError):
            return
        if message == "stop":  # it crossed the answer on its way
            continue
        name, arguments, keywords, wants_progress = message
        try:
            function = resolve(name)
            parameters = inspect.signature(function).parameters
            if "should_stop" in parameters:
                keywords["should_stop"] = StopRequest(connection)
            if wants_progress and "progress" in parameters:
                keywords["progress"] = lambda done, total: send(connection, ("progress", done, total))
            answer: tuple[Any, ...] = ("done", function(*arguments, **keywords))
        except EmbeddingsError as error:
            answer = ("failed", type(error).__name__, str(error))
        except MemoryError:
            answer = ("failed", JobError.__name__, "This needs more memory than there is; try fewer items.")
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # also the panic of a library in Rust, which is no Exception
            if full := of_the_disk(error):
                answer = ("failed", JobError.__name__, full)
            else:
                answer = ("failed", type(error).__name__, told(error))
        mapped = send(connection, answer)
        del answer, arguments, keywords, message  # a large result must not stay until the next job
        if mapped:
            give_back()


class StopRequest:
    """Whether the caller has asked this job to stop: called as often as the job likes, once true it stays true."""

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection, self._asked = connection, False

    def __call__(self) -> bool:
        """Ask again."""
        while not self._asked and self._connection.poll():
            self._asked = receive(self._connection) == "stop"
        return self._asked


def resolve(name: str) -> Callable[..., Any]:
    """Find a function of this package by "module:name"; raise TypeError for anything else."""
    module, _, attribute = name.partition(":")
    if not module.startswith("embeddings_core.") or not attribute.isidentifier():
        raise TypeError(f"not a job: {name}")
    function = getattr(import_module(module), attribute)
    if not callable(function) or getattr(function, "__module__", None) != module:
        raise TypeError(f"not a job: {name}")
    return cast(Callable[..., Any], function)


def fail_on_purpose(what: str, *, should_stop: Callable[[], bool] = lambda: False) -> int:
    """Fail on purpose: "hang", "abort", "memory", "bug", "said", "log", "panic", "full" or "input"; else return the process id.

    "stop" waits until it is asked to stop and returns how often, of three questions more, the answer was still yes.

    For the tests and the self-check, which must see what a real failure does.
    """
    if what == "hang":
        time.sleep(600)
    if what == "stop":
        while not should_stop():
            time.sleep(0.01)
        return sum(should_stop() for _ in range(3))
    if what == "abort":
        os.abort()
    if what == "full":  # from now on no file can be written, as on a full disk
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if what == "memory":
        import numpy as np

        np.ones(2**40, dtype=np.uint8)  # one TiB
    if what == "said":
        os.write(2, b"/home/somebody: a library in C says what somebody typed\n")
    if what == "log":
        logging.getLogger(__name__).warning("a worker logs")
    if what == "panic":
        raise type("PanicException", (BaseException,), {})("a library in Rust")
    if what == "bug":
        raise ZeroDivisionError("a failure on purpose")
    if what == "input":
        raise BadInputError("A failure on purpose with ü and 漢字.")
    return os.getpid()


def compile_on_purpose() -> tuple[int, int]:
    """Compile a small function, or load it from disk: return how often each was done, (loaded, compiled)."""
    import numba

    @numba.njit  # type: ignore[untyped-decorator, unused-ignore]
    def total(count: int) -> int:
        found = 0
        for number in range(count):
            found += number
        return found

    if total(5) != 10:
        raise ArithmeticError("The compiled code is wrong.")
    return sum(total.stats.cache_hits.values()), sum(total.stats.cache_misses.values())


def limit_memory(size: int) -> None:
    """Let this process ask for at most `size` bytes; beyond, a MemoryError is raised instead of swapping."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def end_with_parent() -> None:
    """End this process when the one that started it is gone, however it ended."""
    while os.read(0, 1):  # blocks until the other end of the pipe is closed
        pass
    os._exit(0)


def main() -> None:
    """Set this process up and serve.

    The arguments of the command are the number of the socket, the memory in bytes, the steps of priority to give up, and whether
    it compiles (1 or 0): to be ready for that takes a third of the start.
    """
    keep_logs_plain()
    silence_libraries()
    threading.Thread(target=end_with_parent, daemon=True).start()
    limit_memory(int(sys.argv[2]))
    if hasattr(os, "nice"):
        os.nice(int(sys.argv[3]))
    sys.modules["tensorflow"] = cast(Any, None)  # the map library would load it for a part nobody uses
    if int(sys.argv[4]):
        keep_compiled_code(kept=bool(os.environ.get("NUMBA_CACHE_DIR")))
    serve(Connection(int(sys.argv[1])))
