"""Where files lie: what is bundled, and what is computed once and kept; every path of the package starts here."""

import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

_PARENT = (
    Path(__file__).resolve().parents[1]
)  # of the package: the checkout, or the folder of installed packages
INSTALLED = (_PARENT / "embeddings_visualizer").is_dir()  # from a wheel; setup.py puts the app there
ROOT = _PARENT / "embeddings_visualizer" if INSTALLED else _PARENT  # holds app.py, pages/ and assets/
ASSETS = ROOT / "assets"
STAGE = ASSETS / "stage"
UNREADY = ".unready"  # the ending of what is being written
ABANDONED = 86_400.0  # seconds after which what was begun was left by a process that was killed


@lru_cache(maxsize=1)
def cache_folder() -> Path:
    """Return the folder for what is computed once and may be deleted at any time; made on first use.

    Where it cannot be made, its path is returned all the same: who reads finds nothing there, and who writes has an OSError.
    """
    chosen = os.environ.get("EMBEDDINGS_VISUALIZER_CACHE")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(chosen) if chosen else home / "embeddings-visualizer"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def written_whole(file: Path) -> Iterator[Path]:
    """Give a path to write to that takes the place of `file` at the end: nobody sees a half, whoever writes or is killed meanwhile.

    What fails leaves what was there before. Raises OSError where the folder cannot be written or has no room.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned(file.parent)
    unready = file.parent / f"{secrets.token_hex(6)}{UNREADY}"
    try:
        yield unready
        unready.replace(file)
    finally:
        with suppress(OSError):
            unready.unlink(missing_ok=True)


def check_room(folder: Path, size: int) -> None:
    """Write `size` bytes into a folder and remove them again; raise OSError where there is no room, or where nobody may write.

    A disk that fills up takes the first part of what is written without a word: only the next write fails.
    """
    with tempfile.TemporaryFile(dir=folder, buffering=0) as probe:
        left = memoryview(bytes(size))
        while left:
            left = left[probe.write(left) :]


def make_room(folder: Path, most: int, *, spared: Path) -> None:
    """Let what was used longest ago go until the rest takes `most` bytes; files of one stem go together, `spared` stays.

    Another server of this machine may remove some meanwhile.
    """
    groups: dict[Path, list[tuple[float, int, Path]]] = {}
    for file in files_under(folder):
        with suppress(OSError):
            told = file.stat()
            groups.setdefault(file.with_suffix(""), []).append((told.st_mtime, told.st_size, file))
    size = sum(own for group in groups.values() for _, own, _ in group)
    for group in sorted(groups.values(), key=max):
        if size <= most:
            return
        if all(file != spared for _, _, file in group):
            size -= sum(own for _, own, _ in group)
            for _, _, file in group:
                with suppress(OSError):
                    file.unlink(missing_ok=True)


def files_under(folder: Path, ending: str = "") -> Iterator[Path]:
    """Yield the files of a folder and of those in it, while others write and remove there: what goes meanwhile is passed over."""
    for place, _, names in os.walk(folder):
        yield from (Path(place) / name for name in names if name.endswith(ending))


def remove_folder(folder: Path) -> None:
    """Remove a folder at once for whoever looks: nobody sees a half of it. Where that cannot be, it stays."""
    aside = folder.with_name(f"{secrets.token_hex(6)}{UNREADY}")
    with suppress(OSError):
        folder.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def remove_abandoned(folder: Path) -> None:
    """Remove what processes that were killed a day ago and more had begun to write here."""
    with suppress(OSError):
        for path in unready_in(folder):
            with suppress(OSError):
                if time.time() - path.lstat().st_mtime > ABANDONED:
                    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def unready_in(folder: Path) -> list[Path]:
    """List what is being written in a folder, or was begun by a process that was killed; empty where it cannot be read."""
    try:
        return sorted(folder.glob(f"*{UNREADY}"))
    except OSError:
        return []


def entries_of(variable: str) -> tuple[Path, ...]:
    """List what lies in the folder that this environment variable names, sorted; empty where it names none.

    Hidden entries are left out. Only who starts the server can name it: nothing that a visitor types becomes a path.
    """
    named = os.environ.get(variable, "")
    folder = Path(named).expanduser()
    if not named or not folder.is_dir():
        return ()
    return tuple(path for path in sorted(folder.iterdir()) if not path.name.startswith("."))
