"""What a log may say of an error: what kind it is and in which lines of ours, never a path, a trace or what a visitor typed.

Messages of foreign errors hold what was given to them, and traces name the folders of whoever runs the server.
"""

import logging
import os
import sys
import threading
import warnings
from types import TracebackType

OURS = ("embeddings_core", "pages", "app")
LINES = 4  # of our own that are named, the innermost first
LOG = logging.getLogger("embeddings_visualizer")
_kept: int | None = None  # the error stream, where libraries no longer reach it


def told(error: BaseException) -> str:
    """Return the kind of an error and where in our code it arose.

    >>> told(ValueError("what somebody typed"))
    'ValueError'
    """
    lines = [f"at {line}" for line in _lines(error.__traceback__)]
    there = getattr(error, "told_by_the_worker", "")  # what this function said in the other process
    return " ".join([f"{there}, then here" if there else type(error).__name__, *lines])


def _lines(trace: TracebackType | None) -> list[str]:
    found, last = [], ""
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        last = f"{module}:{trace.tb_lineno}"
        if module.partition(".")[0] in OURS:
            found.append(last)
        trace = trace.tb_next
    return list(reversed(found))[:LINES] or ([last] if last else [])


def keep_logs_plain() -> None:
    """Let whatever this process logs from now on, libraries included, name errors as `told` does, and hide warnings to programmers.

    For a server and its workers; a program that imports this package keeps its own logs.
    """
    make = logging.getLogRecordFactory()
    if getattr(make, "plain", False):
        return

    def plain(*arguments: object, **keywords: object) -> logging.LogRecord:
        record = make(*arguments, **keywords)
        if record.exc_info and record.exc_info[1] is not None:
            record.msg, record.args = f"{record.getMessage()}: {told(record.exc_info[1])}", ()
        record.exc_info = record.exc_text = record.stack_info = None
        return record

    plain.plain = True  # type: ignore[attr-defined]
    logging.setLogRecordFactory(plain)
    sys.excepthook = _of_the_program
    threading.excepthook = _of_a_thread
    sys.unraisablehook = _unraisable
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def silence_libraries() -> None:
    """Let nothing reach the log past Python: libraries in C and Rust write names of files, paths and traces to the error stream.

    For a server and its workers. What Python writes to `sys.stderr` stays, and so does what is logged.
    """
    global _kept
    before = sys.stderr
    try:
        _kept = os.dup(2)
        nothing = os.open(os.devnull, os.O_WRONLY)
    except OSError:  # there is no error stream
        return
    os.dup2(nothing, 2)
    os.close(nothing)
    sys.stderr = os.fdopen(
        _kept, "w", buffering=1, encoding="utf-8", errors="backslashreplace", closefd=False
    )
    known = [logging.root, *logging.root.manager.loggerDict.values()]
    for handler in {each for logger in known for each in getattr(logger, "handlers", ())}:
        if isinstance(handler, logging.StreamHandler) and handler.stream is before:
            handler.setStream(sys.stderr)


def error_stream() -> int | None:
    """Return where a child of this process writes what it has to say; None where that is its error stream."""
    return _kept


def _of_the_program(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if not isinstance(error, KeyboardInterrupt):
        LOG.error("The program ended: %s", told(error))


def _of_a_thread(given: threading.ExceptHookArgs) -> None:
    if given.exc_value is not None and not isinstance(given.exc_value, SystemExit):
        LOG.error("A thread ended: %s", told(given.exc_value))


def _unraisable(given: "sys.UnraisableHookArgs") -> None:
    if given.exc_value is not None:
        LOG.error("Something could not be cleared away: %s", told(given.exc_value))
