"""What a log says of errors: their kind and our lines, never a path, a trace or what a visitor typed."""

import subprocess
import sys

from embeddings_core.logs import told

SECRET = "what somebody typed at /home/somebody"


def test_an_error_is_named_by_its_kind_and_our_lines() -> None:
    from embeddings_core.spaces.vectors import similarity

    try:
        similarity(SECRET, SECRET)  # type: ignore[arg-type]
    except Exception as error:
        assert told(error).startswith(f"{type(error).__name__} at embeddings_core.spaces.vectors:")
        assert "/" not in told(error) and "somebody" not in told(error)


def test_logs_of_libraries_warnings_and_threads_are_as_plain() -> None:
    program = (
        "import logging, threading, warnings\n"
        "from embeddings_core.logs import keep_logs_plain\n"
        "logging.basicConfig(); keep_logs_plain(); keep_logs_plain()\n"
        f"def fail(): raise ValueError({SECRET!r})\n"
        "try:\n    fail()\nexcept ValueError as error:\n"
        "    logging.getLogger('streamlit.error_util').error('Uncaught app execution', exc_info=error)\n"
        "    logging.getLogger('other').exception('again %s', 1)\n"
        f"warnings.warn({SECRET!r})\n"
        "thread = threading.Thread(target=fail); thread.start(); thread.join()\n"
        "class Odd:\n    def __del__(self): fail()\n"
        "Odd()\nfail()\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60).stderr
    assert "Uncaught app execution: ValueError" in said and "again 1: ValueError" in said
    assert "A thread ended: ValueError" in said and "The program ended: ValueError" in said
    assert said.count("ValueError") == 5
    assert "somebody" not in said and "Traceback" not in said and "/" not in said and 'File "' not in said


def test_nothing_passes_the_log_of_a_worker() -> None:
    """Libraries in C write to the error stream themselves (libtiff for each line of a bad scan), and panic with paths."""
    program = (
        "import logging\n"
        "from embeddings_core import jobs\n"
        "from embeddings_core.logs import told\n"
        "from embeddings_core.jobs.worker import fail_on_purpose\n"
        "logging.basicConfig()\n"
        "first = jobs.run(fail_on_purpose, 'said')\n"
        "try:\n    jobs.run(fail_on_purpose, 'panic')\n"
        "except Exception as error:\n    logging.error(told(error))\n"
        "assert jobs.run(fail_on_purpose, '') == first\n"  # the worker lives
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    ).stderr
    assert "PanicException at embeddings_core.jobs.worker:" in said
    assert "somebody" not in said and "/" not in said and "Traceback" not in said, said


def test_a_worker_that_fails_or_dies_says_what_ran_and_no_more() -> None:
    program = (
        "import logging\n"
        "from embeddings_core import jobs\n"
        "from embeddings_core.logs import told\n"
        "from embeddings_core.jobs.worker import fail_on_purpose\n"
        "logging.basicConfig()\n"
        "for how in ('bug', 'abort'):\n"
        "    try:\n        jobs.run(fail_on_purpose, how)\n"
        "    except Exception as error:\n        logging.error(told(error))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    ).stderr
    assert "ZeroDivisionError at embeddings_core.jobs.worker:" in said
    assert "A worker ended during embeddings_core.jobs.worker:fail_on_purpose (exit status -6)" in said
    assert "Traceback" not in said and "Fatal Python error" not in said and "/" not in said, said


def test_what_a_server_logs_stays_where_its_libraries_are_silenced() -> None:
    """Loggers that were set up before, and workers that it starts, go on to be heard."""
    program = (
        "import logging, os, sys\n"
        "logging.basicConfig(); own = logging.getLogger('own'); own.propagate = False\n"
        "own.addHandler(logging.StreamHandler())\n"
        "from embeddings_core import jobs\n"
        "from embeddings_core.logs import keep_logs_plain, silence_libraries, told\n"
        "from embeddings_core.jobs.worker import fail_on_purpose\n"
        "keep_logs_plain(); silence_libraries()\n"
        "os.write(2, b'/home/somebody: a library in C\\n')\n"
        "logging.error('the first'); own.error('the second'); print('the third', file=sys.stderr)\n"
        "jobs.run(fail_on_purpose, 'log')\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=120
    ).stderr
    assert said.splitlines() == ["ERROR:root:the first", "the second", "the third", "a worker logs"]
