"""The one door out: is a model on disk, and fetching it when somebody asks for that.

The process itself stays offline. A download runs in a child process, which can be stopped, and writes to the
cache of the library that opens the model afterwards.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.models.spec import ModelSpec

HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
PROBE_SECONDS = 3.0  # without a network the hub's own library waits about 70 s
DOWNLOAD_SECONDS = 3_600.0
Progress = Callable[[int, int], object]  # bytes so far, bytes in all (0 where unknown); may raise to stop
WEIGHTS = ["*.json", "*.txt", "*.model", "*.safetensors"]  # no pickled weights
CHILD = """
import sys
from huggingface_hub import snapshot_download
snapshot_download(sys.argv[1], revision=sys.argv[2] or None, allow_patterns=sys.argv[3:])
"""


def check_name(name: str) -> str:
    """Return a model's hub name, "owner/model"; raise BadInputError for anything else, such as a path."""
    if not HUB_NAME.fullmatch(name) or ".." in name:
        raise BadInputError(f'"{name[:80]}" is not the name of a model; use the form owner/model.')
    return name


def hub_folder() -> Path:
    """Return the folder where hub models are kept (`HF_HUB_CACHE` and `HF_HOME` decide)."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "huggingface"
    home = Path(os.environ.get("HF_HOME") or home)
    return Path(os.environ.get("HF_HUB_CACHE") or home / "hub").expanduser()


def gensim_folder() -> Path:
    """Return the folder where gensim keeps word vectors (`GENSIM_DATA_DIR` decides)."""
    return Path(os.environ.get("GENSIM_DATA_DIR") or Path.home() / "gensim-data").expanduser()


def on_disk(spec: ModelSpec) -> bool:
    """Tell whether a model opens without a download."""
    name = spec.checkpoint
    if spec.bundled or (name and Path(name).is_dir()):
        return True
    if HUB_NAME.fullmatch(name):
        snapshots = hub_folder() / f"models--{name.replace('/', '--')}" / "snapshots"
        return any(snapshots.glob("*/*.safetensors"))  # linked in only once a file is whole
    return bool(name) and (gensim_folder() / name).is_dir()


def reachable() -> bool:
    """Ask for three seconds whether the hub answers."""
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co")
    if urlsplit(endpoint).scheme not in ("http", "https"):
        return False
    try:
        with urlopen(Request(endpoint, method="HEAD"), timeout=PROBE_SECONDS):  # noqa: S310 # scheme checked above
            return True
    except HTTPError:
        return True  # it answers, if not to this
    except (URLError, OSError, ValueError):
        return False


def fetch(spec: ModelSpec, *, progress: Progress | None = None, seconds: float = DOWNLOAD_SECONDS) -> None:
    """Download a hub model into the hub's own cache, because a person asked for it.

    `progress` is called about twice a second with the bytes on disk and in all; an exception it raises stops
    the download. Raises BadInputError for a malformed name, ModelUnavailableError where there is no
    connection, no such model, or no room.
    """
    name = check_name(spec.checkpoint)
    if not reachable():
        raise ModelUnavailableError(
            f"{spec.title} is not on this computer, and there is no connection to fetch it. "
            "Bundled models still work."
        )
    total = int(spec.megabytes * 1e6)
    room = shutil.disk_usage(_existing(hub_folder())).free
    if total > room:
        raise ModelUnavailableError(
            f"{spec.title} needs {total / 1e6:,.0f} MB; {room / 1e6:,.0f} MB are free here."
        )
    online = {
        **os.environ,
        "HF_HUB_OFFLINE": "0",
        "TRANSFORMERS_OFFLINE": "0",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }
    child = subprocess.Popen(  # noqa: S603 # our own interpreter; the name was checked
        [sys.executable, "-c", CHILD, name, "", *WEIGHTS],
        env=online, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    folder = hub_folder() / f"models--{name.replace('/', '--')}"
    end = time.monotonic() + seconds
    try:
        while child.poll() is None:
            if time.monotonic() > end:
                raise ModelUnavailableError(f"{spec.title} did not arrive within {seconds / 60:.0f} minutes.")
            if progress is not None:
                progress(_bytes_in(folder), total)
            time.sleep(0.5)
    finally:
        if child.poll() is None:
            child.kill()
        child.wait()
    if child.returncode:
        raise ModelUnavailableError(
            f"{spec.title} was not found, needs a login, or the connection broke. Bundled models still work."
        )
    if progress is not None:
        progress(total, total)


def _bytes_in(folder: Path) -> int:
    """Count what has arrived; files may come and go meanwhile."""
    size = 0
    for file in (folder / "blobs").glob("*"):
        try:
            size += file.stat().st_size
        except OSError:
            continue
    return size


def _existing(folder: Path) -> Path:
    return folder if folder.exists() else next(parent for parent in folder.parents if parent.exists())
