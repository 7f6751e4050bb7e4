"""What every download shares: checked names, the libraries' own folders, a short probe, a child that is watched."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from embeddings_core.errors import BadInputError

HUB_NAME = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
PROBE_SECONDS = 3.0  # without a network the hub's own library waits about 70 s
DOWNLOAD_SECONDS = 3_600.0
Progress = Callable[[int, int], object]  # bytes so far, bytes in all (0 where unknown); may raise to stop


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


def reachable(address: str = "") -> bool:
    """Ask for three seconds whether an address answers; by default the hub's."""
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
    for file in folder.rglob("*"):
        try:
            size += file.stat().st_size if file.is_file() and not file.is_symlink() else 0
        except OSError:
            continue
    return size


def existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return folder if folder.exists() else next(parent for parent in folder.parents if parent.exists())
