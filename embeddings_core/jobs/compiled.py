"""Compiled code that is kept on disk between starts: where it lies, whether it is whole, and how to do without.

Numba loads what lies there as machine code, so a damaged file could crash the worker or change a result. Every file
ends with the SHA-256 of what comes before, and one that does not agree is compiled anew. Processes that start together
take turns: one compiles a function, the others load it.
"""

import atexit
import contextlib
import hashlib
import io
import logging
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any

LOG = logging.getLogger(__name__)
DIGEST = 32  # bytes of SHA-256
ROOM = 8 * 2**20  # bytes: twice what all compiled code takes
OUTDATED = 30 * 86_400.0  # seconds without a start after which a folder of other versions goes
ENDINGS = (".nbi", ".nbc")  # numba's index and data files
PATIENCE = 120.0  # seconds: who waits longer for another process compiles too


@dataclass(frozen=True)
class Kept:
    """What is kept: `files` of together `size` bytes, of which `damaged` will be compiled anew; `where` in words."""

    files: int
    size: int
    damaged: int
    where: str


def compiled_folder() -> Path | None:
    """Return the folder of compiled code, one for each set of versions, readable by this user only.

    Where the cache folder is full or cannot be written, a temporary one that this process removes at its end; None
    where that fails too. Its files are run as code, so nobody else may write there.
    """
    try:
        return _own_folder()
    except OSError as error:
        _say(f"Compiled code is not kept between starts ({error.strerror}): each start takes longer.")
    try:
        return _prepared(_temporary_folder())
    except OSError as error:
        _say(f"Compiled code is not kept at all ({error.strerror}): each start of the worker takes longer.")
        return None


def discard() -> None:
    """Throw away what is kept, so that it is compiled anew; where it cannot be moved, nothing happens."""
    folder = compiled_folder()
    if folder is not None:
        aside = folder.with_name(f"{folder.name}-damaged")
        shutil.rmtree(aside, ignore_errors=True)
        with contextlib.suppress(OSError):
            folder.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)


def inspect_kept() -> Kept:
    """Look at every kept file, for the report on this installation."""
    from embeddings_core.folders import files_under

    folder = compiled_folder()
    if folder is None:
        return Kept(0, 0, 0, "not kept: no folder can be written")
    sizes: dict[Path, int] = {}
    for path in files_under(folder):
        with contextlib.suppress(OSError):  # another server removed it meanwhile
            if path.suffix in ENDINGS:
                sizes[path] = path.stat().st_size
    temporary = not folder.name.startswith("compiled-")
    return Kept(
        len(sizes),
        sum(sizes.values()),
        sum(path.exists() and not is_whole(path) for path in sizes),
        "in a temporary folder: the cache folder is full or cannot be written" if temporary else str(folder),
    )


def is_whole(path: Path) -> bool:
    """Tell whether a file is there and ends with the right checksum."""
    try:
        content = path.read_bytes()
    except OSError:
        return False
    return len(content) > DIGEST and hashlib.sha256(content[:-DIGEST]).digest() == content[-DIGEST:]


def keep_compiled_code(*, kept: bool) -> None:
    """Make numba, in this process, keep every compiled function on disk, or (with `kept` False) none.

    The second start takes a quarter of the first. A file that is damaged or cannot be written is never an error.
    """
    import numba
    from numba.core import caching, dispatcher

    numba.njit, numba.jit = _with_cache(numba.njit, kept=kept), _with_cache(numba.jit, kept=kept)
    load, save = caching.Cache.load_overload, caching.Cache.save_overload

    class CheckedFile(caching.IndexDataCacheFile):  # type: ignore[misc, unused-ignore]
        """Numba's pair of files, written with a checksum at the end of each and read only where it agrees."""

        def _load_index(self) -> Any:
            return super()._load_index() if is_whole(Path(self._index_path)) else {}

        def _load_data(self, name: str) -> Any:
            if not is_whole(Path(self._data_path(name))):
                raise OSError("damaged")  # numba takes this for a file that is not there, and compiles
            return super()._load_data(name)

        @contextlib.contextmanager
        def _open_for_write(self, filepath: str) -> Iterator[IO[bytes]]:
            with super()._open_for_write(filepath) as file:
                content = io.BytesIO()
                yield content
                file.write(content.getvalue() + hashlib.sha256(content.getvalue()).digest())

    def load_or_compile(self: Any, *arguments: Any) -> Any:
        try:
            return load(self, *arguments)
        except Exception:
            return None

    def save_if_possible(self: Any, *arguments: Any) -> None:
        try:
            save(self, *arguments)
        except OSError as error:
            _say(f"Compiled code cannot be written ({error.strerror}): the next start takes longer.")
            with contextlib.suppress(
                OSError
            ):  # an index without its data may name the data of another version
                Path(self._cache_file._index_path).unlink()

    caching.IndexDataCacheFile = CheckedFile
    caching.Cache.load_overload, caching.Cache.save_overload = load_or_compile, save_if_possible
    if kept and numba.config.CACHE_DIR:
        compile_one = dispatcher.Dispatcher.compile
        dispatcher.Dispatcher.compile = _in_turn(  # type: ignore[method-assign, unused-ignore]
            compile_one, Path(numba.config.CACHE_DIR)
        )


def _in_turn(compile_one: Callable[..., Any], folder: Path) -> Callable[..., Any]:
    """Let one process at a time load or compile a function with all that it calls."""
    from numba.core.compiler_lock import global_compiler_lock

    inside = False  # numba compiles what a function calls from within

    def compile_in_turn(*arguments: Any, **keywords: Any) -> Any:
        nonlocal inside
        with global_compiler_lock:
            if inside:
                return compile_one(*arguments, **keywords)
            with turn(folder):
                inside = True
                try:
                    return compile_one(*arguments, **keywords)
                finally:
                    inside = False

    return compile_in_turn


@contextlib.contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Hold the folder's lock, which ends with the process that holds it; go on without where that takes too long."""
    if sys.platform == "win32":
        yield
        return
    import fcntl

    with contextlib.ExitStack() as held:
        with contextlib.suppress(OSError):
            lock = held.enter_context((folder / "lock").open("a"))
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    time.sleep(0.02)
        yield


def _with_cache(original: Callable[..., Any], *, kept: bool) -> Callable[..., Any]:
    def compile_and_keep(*arguments: Any, **keywords: Any) -> Any:
        if kept:
            with contextlib.suppress(RuntimeError):  # made at run time, from no file: cannot be kept
                return original(*arguments, **{"cache": True, **keywords})
        return original(*arguments, **{**keywords, "cache": False})

    return compile_and_keep


def _own_folder() -> Path:
    from embeddings_core.folders import cache_folder

    tag = "-".join(_version(name) for name in ("numba", "umap-learn", "pynndescent", "numpy"))
    folder = _prepared(
        cache_folder() / f"compiled-checked-{sys.version_info.major}.{sys.version_info.minor}-{tag}"
    )
    os.utime(folder)
    _remove_outdated(folder)
    return folder


@cache
def _remove_outdated(current: Path) -> None:
    """Remove, once a process, the folders of other versions that nobody has started for a month."""
    for other in current.parent.glob("compiled-*"):
        with contextlib.suppress(OSError):
            if other != current and time.time() - other.stat().st_mtime > OUTDATED:
                shutil.rmtree(other, ignore_errors=True)


@lru_cache(maxsize=1)
def _temporary_folder() -> Path:
    folder = tempfile.mkdtemp(prefix="embeddings-visualizer-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def _prepared(folder: Path) -> Path:
    """Make a folder for this user only, and try whether there is room; raise OSError where there is not."""
    from embeddings_core.folders import check_room

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    check_room(folder, ROOM)
    return folder


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"


@cache
def _say(text: str) -> None:
    """Write a line to the log, once."""
    LOG.warning(text)
