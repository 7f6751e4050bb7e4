"""Fetching models because a person asked for it, and whether they are here already.

The process itself stays offline. A download runs in a child process (`download_command`), which is watched and can be
stopped; it writes into the folder of the library that reads the weights later.
"""

import os
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from embeddings_core.errors import BadInputError, ModelUnavailableError, of_the_disk
from embeddings_core.folders import check_room
from embeddings_core.limits import DOWNLOAD_BYTES
from embeddings_core.models.recent import forget
from embeddings_core.models.spec import ModelSpec

PROBE_SECONDS = 3.0  # without a network the hub's own library waits about 70 s
DOWNLOAD_SECONDS = 3_600.0
ROOM = 2**20  # bytes that must be free where the size of a model is not known
PACKAGES = Path(__file__).resolve().parents[2]  # from where the child imports this package
Progress = Callable[[int, int], object]  # bytes so far, bytes in all (0 where unknown); may raise to stop


def on_disk(spec: ModelSpec) -> bool:
    """Tell whether a model opens without a download; loads no library. Menus ask `recent(on_disk, spec)`."""
    if spec.refused:
        return False
    return spec.bundled if spec.source is None else spec.source.on_disk(spec)


def reachable(address: str = "") -> bool:
    """Ask for three seconds whether an address answers; by default the hub's."""
    from urllib.error import HTTPError, URLError  # long to import: a model that is here needs none of it
    from urllib.request import Request, urlopen

    address = address or os.environ.get("HF_ENDPOINT", "https://huggingface.co")
    if urlsplit(address).scheme not in ("http", "https"):
        return False
    try:
        with urlopen(Request(address, method="HEAD"), timeout=PROBE_SECONDS):  # noqa: S310 # scheme checked above
            return True
    except HTTPError:
        return True  # it answers, if not to this
    except (URLError, OSError, ValueError):
        return False


def watch(
    child: "subprocess.Popen[bytes]",
    arrived: Callable[[], int],
    total: int,
    *,
    progress: Progress | None,
    seconds: float,
) -> bool:
    """Wait for a child that downloads; tell about twice a second how far it is; return whether it succeeded.

    Ends the child when `progress` raises, and after `seconds`; raises TimeoutError then.
    """
    end = time.monotonic() + seconds
    try:
        while child.poll() is None:
            if time.monotonic() > end:
                raise TimeoutError
            if progress is not None:
                progress(min(arrived(), total or sys.maxsize), total)
            time.sleep(0.5)
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
    return child.returncode == 0


def bytes_in(folder: Path) -> int:
    """Count the bytes of a folder while files come and go; links count once."""
    size = 0
    for place, _, files in os.walk(folder):  # which passes over a folder that is gone meanwhile
        for file in files:
            with suppress(OSError):
                told = (Path(place) / file).lstat()
                size += told.st_size if stat.S_ISREG(told.st_mode) else 0
    return size


def existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return folder if folder.exists() else next(parent for parent in folder.parents if parent.exists())


def _cannot_write(folder: Path) -> str:
    """Say in a sentence why nothing can be written to a folder or to the one it would be made in; "" where it can."""
    try:
        check_room(existing(folder), ROOM)
    except OSError as error:
        return of_the_disk(error) or "The folder for its files cannot be written."
    return ""


def fetch(
    spec: ModelSpec,
    *,
    progress: Progress | None = None,
    seconds: float = DOWNLOAD_SECONDS,
    answers: Callable[[str], bool] = reachable,
    command: Sequence[str] | None = None,
) -> None:
    """Download a model because a person asked for it.

    `progress` is called about twice a second with the bytes that arrived and in all; an exception it raises stops
    the download. `answers` and `command` are for tests. Raises BadInputError for a row that is not downloaded,
    ModelUnavailableError for one that is not offered, or where there is no connection, no such model, or no room.
    """
    if spec.refused:
        raise ModelUnavailableError(f"{spec.title} is not offered. {spec.refused}")
    arguments = spec.source.download(spec) if spec.source is not None else ()
    if spec.source is None or not arguments:
        raise BadInputError(f"{spec.title} is not a model that is downloaded.")
    if spec.custom and spec.megabytes * 1e6 > DOWNLOAD_BYTES:
        raise ModelUnavailableError(
            f"{spec.title} has {spec.megabytes / 1e3:,.1f} GB; {DOWNLOAD_BYTES / 1e9:.0f} GB are the limit here."
        )
    if not answers(spec.source.address):
        raise ModelUnavailableError(
            f"{spec.title} is not on this computer, and there is no connection to fetch it. Bundled models still work."
        )
    folder, total = spec.source.folder(spec), int(spec.megabytes * 1e6)
    room = shutil.disk_usage(existing(folder)).free
    if total > room:
        raise ModelUnavailableError(
            f"{spec.title} needs {total / 1e6:,.0f} MB; {room / 1e6:,.0f} MB are free here."
        )
    if problem := _cannot_write(folder):
        raise ModelUnavailableError(f"{spec.title} cannot be fetched. {problem}")
    before = bytes_in(folder)

    def so_far() -> int:
        size = max(bytes_in(folder) - before, 0)
        if spec.custom and size > DOWNLOAD_BYTES:
            raise ModelUnavailableError(
                f"{spec.title} is larger than {DOWNLOAD_BYTES / 1e9:.0f} GB, the limit here; a smaller one can be fetched."
            )
        return size

    online = {"HF_HUB_OFFLINE": "0", "TRANSFORMERS_OFFLINE": "0", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
    packages = os.pathsep.join(filter(None, [str(PACKAGES), os.environ.get("PYTHONPATH")]))
    child = subprocess.Popen(  # noqa: S603 # our own module; names come from the catalogue or were checked
        command or [sys.executable, "-P", "-m", "embeddings_core.models.download_command", *arguments],
        env=os.environ | online | {"HF_HUB_DISABLE_TELEMETRY": "1", "PYTHONPATH": packages},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        arrived = watch(
            child,
            so_far,
            total,
            progress=progress,
            seconds=seconds,
        )
    except TimeoutError:
        raise ModelUnavailableError(
            f"{spec.title} did not arrive within {seconds / 60:.0f} minutes."
        ) from None
    finally:
        forget()  # what was said before it arrived
    if not (arrived and on_disk(spec)) and (problem := _cannot_write(folder)):
        raise ModelUnavailableError(f"{spec.title} did not arrive. {problem}")
    if not (arrived and on_disk(spec)):
        raise ModelUnavailableError(
            f"{spec.title} did not arrive: it was not found, needs a login, or the connection broke. "
            "Bundled models still work."
        )
    if progress is not None:
        progress(total, total)
