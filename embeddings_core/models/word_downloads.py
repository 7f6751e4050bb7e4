"""Fetching what is not on the hub: gensim's word vectors and TensorFlow Hub's sentence encoder.

Each through its own library and into its own folder, in a child process that can be stopped. Gensim also
fetches a small program beside the numbers; it is not run, neither here nor later.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.models.downloads import DOWNLOAD_SECONDS, PROBE_SECONDS, Progress, gensim_folder
from embeddings_core.models.sentence import USE_HANDLE, use_folder
from embeddings_core.models.spec import ModelSpec
from embeddings_core.models.words import WORD_MODELS, files_of

GENSIM_CHILD = "import sys, gensim.downloader as d; d.load(sys.argv[1], return_path=True)"
USE_CHILD = "import sys, tensorflow_hub; tensorflow_hub.resolve(sys.argv[1])"
GENSIM_PLACE = "https://raw.githubusercontent.com/RaRe-Technologies/gensim-data/master/list.json"


def reachable(address: str) -> bool:
    """Ask for three seconds whether an address answers."""
    try:
        with urlopen(Request(address, method="HEAD"), timeout=PROBE_SECONDS):  # noqa: S310 # our own constants
            return True
    except HTTPError:
        return True
    except (URLError, OSError, ValueError):
        return False


def fetch_elsewhere(
    spec: ModelSpec,
    *,
    progress: Progress | None = None,
    seconds: float = DOWNLOAD_SECONDS,
    answers: Callable[[str], bool] = reachable,
    command: Sequence[str] | None = None,
) -> None:
    """Download a row whose weights gensim or TensorFlow Hub keep, because a person asked for it.

    `progress(bytes so far, bytes in all)` is called about twice a second; an exception it raises stops the
    download. `answers` and `command` are for tests. Raises BadInputError for other rows,
    ModelUnavailableError where there is no connection, no room, or the download broke.
    """
    if spec.checkpoint in {row.checkpoint for row in WORD_MODELS if row.checkpoint}:
        child, address, folder = GENSIM_CHILD, GENSIM_PLACE, gensim_folder()
    elif spec.checkpoint == USE_HANDLE:
        child, address, folder = USE_CHILD, USE_HANDLE, use_folder().parent
    else:
        raise BadInputError(f"{spec.title} is not fetched from here.")
    if not answers(address):
        raise ModelUnavailableError(
            f"{spec.title} is not on this computer, and there is no connection to fetch it. "
            "Bundled models still work."
        )
    folder.mkdir(parents=True, exist_ok=True)
    total, room = int(spec.megabytes * 1e6), shutil.disk_usage(folder).free
    if total > room:
        raise ModelUnavailableError(
            f"{spec.title} needs {total / 1e6:,.0f} MB; {room / 1e6:,.0f} MB are free here."
        )
    before, end = _bytes_in(folder), time.monotonic() + seconds
    process = subprocess.Popen(  # noqa: S603 # our own interpreter and a name from the catalogue
        command or [sys.executable, "-c", child, spec.checkpoint], env=dict(os.environ),
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while process.poll() is None:
            if time.monotonic() > end:
                raise ModelUnavailableError(f"{spec.title} did not arrive within {seconds / 60:.0f} minutes.")
            if progress is not None:
                progress(max(_bytes_in(folder) - before, 0), total)
            time.sleep(0.5)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
    if process.returncode or not is_here(spec):
        raise ModelUnavailableError(f"{spec.title} did not arrive; the connection broke. Try again later.")
    if progress is not None:
        progress(total, total)


def is_here(spec: ModelSpec) -> bool:
    """Tell whether a row of gensim's or TensorFlow Hub's opens without a download."""
    if spec.checkpoint == USE_HANDLE:
        return (use_folder() / "saved_model.pb").is_file()
    return bool(files_of(spec))


def _bytes_in(folder: Path) -> int:
    size = 0
    for file in folder.rglob("*"):
        try:
            size += file.stat().st_size if file.is_file() else 0
        except OSError:  # files come and go while they arrive
            continue
    return size
