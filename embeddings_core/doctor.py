"""What this installation is: versions, models on disk, threads, folders."""

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

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
        ("memory, at most", _budgets()),
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
    from embeddings_core import limits

    rows = [(f"remembered: {name}", size) for name, size in limits.CACHE_BYTES.items()]
    rows += [
        ("tables of all visitors", limits.TABLES_BYTES),
        ("pictures of visitors who are away", limits.IMAGES_KEPT_BYTES),
        ("word vectors of one visitor", limits.VECTOR_SPACES_BYTES),
        ("address space of a worker", limits.WORKER_BYTES),
        ("vectors of tables, on disk", limits.STORED_BYTES),
        ("maps of tables, on disk", limits.MAPS_KEPT_BYTES),
    ]
    return [(name, f"{size / 2**20:,.0f} MB") for name, size in rows]


def _folders() -> list[tuple[str, str]]:
    from embeddings_core.folders import cache_folder
    from embeddings_core.models.sources import gensim_folder, hub_folder
    from embeddings_core.spaces.vocabulary import VOCABULARY

    space = f"{VOCABULARY} ({VOCABULARY.stat().st_size / 2**20:.1f} MB)" if VOCABULARY.exists() else "missing"
    return [
        ("python", sys.executable),
        ("word space", space),
        ("computed once", str(cache_folder())),
        ("hub models", str(hub_folder())),
        ("word vectors", str(gensim_folder())),
    ]
