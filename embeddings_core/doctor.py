"""What this installation is: versions, models on disk, threads, folders and what is wrong with them, budgets."""

import hashlib
import json
import os
import platform
import shutil
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

WRITTEN_SECONDS = 0.1  # after which a file that looked damaged is looked at again
PROBE = 2**16  # bytes that are written to see whether there is room
Section = tuple[str, list[tuple[str, str]]]
PACKAGES = (
    "numpy", "torch", "torchvision", "transformers", "sentence-transformers", "safetensors", "onnxruntime", "openvino",
    "umap-learn", "numba", "scikit-learn", "openTSNE", "timm", "open_clip_torch", "gensim", "streamlit",
    "plotly", "matplotlib", "imageio-ffmpeg", "pillow", "pyarrow",
)  # fmt: skip


def report() -> list[Section]:
    """Look and tell: sections of (name, value). Takes some seconds, for torch, numba and the worker are really tried."""
    return [
        ("system", _system()),
        ("packages", [(name, _version(name)) for name in PACKAGES]),
        ("map engine", _map_engine()),
        ("models", _models()),
        ("folders", _folders()),
        ("stores, at most", _budgets()),
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _system() -> list[tuple[str, str]]:
    from embeddings_core.models.runtime import set_environment, threads

    set_environment()
    rows = [
        ("Python", f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
        ("processor threads", f"{threads()} of {os.cpu_count()}"),
        ("bfloat16", "yes" if has_bfloat16() else "no"),
        ("thread layer of UMAP", _thread_layer()),
        ("torchvision", _torchvision()),
        ("own endpoint", _endpoint()),
        ("hub", "offline" if os.environ.get("HF_HUB_OFFLINE", "") not in ("", "0") else "may be asked"),
    ]
    return rows


def _endpoint() -> str:
    from embeddings_core.models.endpoint import endpoint_row

    row = endpoint_row()
    return "none named" if row is None else row.refused or row.note


def has_bfloat16() -> bool:
    """Tell whether the processor multiplies bfloat16 numbers in hardware (Linux; elsewhere: no)."""
    try:
        flags = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _thread_layer() -> str:
    """Run one parallel loop and ask numba which layer it took."""
    try:
        import numba
        import numpy as np

        @numba.njit(parallel=True)  # type: ignore[untyped-decorator, unused-ignore]
        def ones(out: np.ndarray) -> None:
            for row in numba.prange(len(out)):
                out[row] = 1.0

        ones(np.zeros(8))
        return f"{numba.threading_layer()} ({numba.config.NUMBA_NUM_THREADS} threads)"
    except Exception as error:  # whatever it is, the report is what the user came for
        return f"none: {type(error).__name__}"


def _map_engine() -> list[tuple[str, str]]:
    """Look at the compiled code on disk, then start a worker and warm it up as the app does."""
    from embeddings_core.analysis.warm_up import warm_up_kernels
    from embeddings_core.jobs import Jobs
    from embeddings_core.jobs.compiled import inspect_kept

    kept, own = inspect_kept(), Jobs()
    told = f"{kept.files} files, {kept.size / 2**20:.1f} MB, {kept.where}"
    if kept.damaged:
        told = f"{kept.damaged} of {kept.files} files are damaged and are made anew, {kept.where}"
    try:
        own.warm_up(warm_up_kernels, wait=True)
        return [("compiled code", told), ("worker", str(own.state()))]
    finally:
        own.close()


def _torchvision() -> str:
    try:
        from embeddings_core.models.runtime import declared_operators, ready_torch

        ready_torch()
        return (
            "built for another torch; its two missing operators are declared"
            if declared_operators()
            else "matches torch"
        )
    except ImportError:
        return "not installed"


def _models() -> list[tuple[str, str]]:
    from embeddings_core.errors import has_extra
    from embeddings_core.models.downloads import on_disk
    from embeddings_core.models.registry import list_models

    rows = []
    for spec in list_models():
        here, there = ("bundled", "not installed") if spec.bundled else ("on disk", "to be downloaded")
        where = here if on_disk(spec) else there
        size = f", {spec.size}" if spec.megabytes else ""
        needs = "" if not spec.extra or has_extra(spec.extra) else f", needs the packages of [{spec.extra}]"
        rows.append((spec.id, f"{where}{size}{needs}"))
    return rows


def _budgets() -> list[tuple[str, str]]:
    """Name every store of bytes that grows with visits, and where it stops."""
    from embeddings_core.limits import BUDGETS

    return [(name, f"{size / 2**20:,.0f} MB") for name, size in BUDGETS.items()]


def _folders() -> list[tuple[str, str]]:
    from embeddings_core.spaces.vocabulary import VOCABULARY

    space = f"{VOCABULARY} ({VOCABULARY.stat().st_size / 2**20:.1f} MB)" if VOCABULARY.exists() else "missing"
    return [
        ("python", sys.executable),
        ("word space", space),
        *((name, condition(folder, damaged)) for name, folder, damaged in written_folders()),
        ("drafts of talks", "in the browser of whoever writes them"),
    ]


Damaged = Callable[[Path], Iterable[Path]]  # the damaged files of a folder


def written_folders() -> Iterator[tuple[str, Path, Damaged]]:
    """Yield every folder that the app writes: its name, where it is, and what finds its damaged files."""
    from embeddings_core.folders import cache_folder
    from embeddings_core.models.sources import gensim_folder, hub_folder, torchvision_folder

    cache = cache_folder()
    yield "computed once", cache, lambda folder: ()  # what is in it follows
    yield "vectors of tables", cache / "table-vectors", _cut_records
    yield (
        "maps of tables",
        cache / "table-maps",
        lambda folder: _not(zipfile.is_zipfile, folder.glob("*.npz")),
    )
    yield "indexes of searches", cache / "search-indexes", _damaged_indexes
    yield "large word vector files", cache / "word-vectors", _damaged_words
    yield "models made here", cache / "distilled", _damaged_weights
    yield "short addresses", cache / "addresses", lambda folder: _not(_is_named_by_content, folder.glob("*"))
    yield "hub models", hub_folder(), _damaged_weights
    yield "torchvision models", torchvision_folder(), lambda folder: folder.glob("*.partial")
    yield (
        "word vectors",
        gensim_folder(),
        lambda folder: (path for path in folder.glob("*") if not any(path.glob("*"))),
    )
    yield "temporary files, uploaded weights", Path(tempfile.gettempdir()), lambda folder: ()


def condition(folder: Path, damaged: Damaged) -> str:
    """Say where a folder is, what it holds, and what is wrong with it."""
    from embeddings_core.folders import check_room, unready_in
    from embeddings_core.models.downloads import bytes_in, existing

    told = [str(folder)]
    try:
        check_room(existing(folder), PROBE)
    except OSError as error:
        free = 0
        with suppress(OSError):
            free = shutil.disk_usage(existing(folder)).free
        told.append(
            f"CANNOT BE WRITTEN ({error.strerror}; {free / 2**20:,.0f} MB free): what would be kept there is done without"
        )
    if not folder.is_dir():
        return ", ".join([*told, "NOT A FOLDER" if folder.exists() else "nothing yet"])
    if str(folder) != tempfile.gettempdir():
        told.append(f"{bytes_in(folder) / 2**20:,.1f} MB")
    if broken := len(set(damaged(folder))):
        told.append(f"{broken} DAMAGED {'files are' if broken > 1 else 'file is'} passed over and made anew")
    if half := len(unready_in(folder)):
        told.append(f"{half} half-written, removed a day after they were begun")
    return ", ".join(told)


def _not(whole: Callable[[Path], bool], files: Iterable[Path]) -> list[Path]:
    from embeddings_core.folders import UNREADY

    def damaged(files: Iterable[Path]) -> list[Path]:
        found = []
        for file in files:
            with suppress(FileNotFoundError):  # another server removed it meanwhile
                if file.suffix != UNREADY and file.stat() and not whole(file):
                    found.append(file)
        return found

    found = damaged(files)
    if found:  # or was being written just now
        time.sleep(WRITTEN_SECONDS)
    return damaged(found)


def _opens(read: Callable[[Path], object]) -> Callable[[Path], bool]:
    from embeddings_core.damage import DAMAGE

    def whole(file: Path) -> bool:
        try:
            read(file)
        except DAMAGE:
            return False
        return True

    return whole


def _is_named_by_content(file: Path) -> bool:
    return hashlib.blake2b(file.read_bytes(), digest_size=9).hexdigest() == file.name


def _cut_records(folder: Path) -> list[Path]:
    from embeddings_core.folders import files_under
    from embeddings_core.tables.store import ENDING, record_bytes

    return _not(
        lambda file: bool(size := record_bytes(file)) and file.stat().st_size % size == 0,
        files_under(folder, ENDING),
    )


def _damaged_indexes(folder: Path) -> list[Path]:
    from embeddings_core.tables.search_index import SearchIndex

    return _not(_opens(SearchIndex), (path for path in folder.glob("*") if path.is_dir()))


def _damaged_words(folder: Path) -> list[Path]:
    import numpy as np

    from embeddings_core.models.words import kept_words
    from embeddings_core.spaces.files.disk_cache import GROUPS

    arrays = [*folder.glob("*.npy"), *folder.glob(f"*{GROUPS}")]
    return [
        *_not(_opens(lambda file: np.load(file, mmap_mode="r", allow_pickle=False)), arrays),
        *_not(_opens(lambda file: json.loads(file.read_bytes())), folder.glob("*.json")),
        *_not(lambda file: kept_words(file) is not None, folder.glob("*.words")),
    ]


def _damaged_weights(folder: Path) -> list[Path]:
    """Find weights that are cut short, and downloads that were."""
    from embeddings_core.folders import files_under
    from embeddings_core.models.mapped_weights import mapped_weights

    return [
        *_not(_opens(mapped_weights), files_under(folder, ".safetensors")),
        *files_under(folder, ".incomplete"),
    ]
