"""What every model needs before it runs: a torch that imports, threads, the environment of the libraries."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from embeddings_core.errors import (
    EmbeddingsError,
    MissingExtraError,
    ModelUnavailableError,
    extra_of,
    requires,
)

_alive: list[object] = []  # torch.library definitions vanish with their last reference
_importing = threading.RLock()


def set_environment() -> None:
    """Set the defaults that libraries read when they are first imported; what the user has set stays."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # without a network a hub call hangs for 70 s in retries
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault(
        "ORT_DISABLE_TELEMETRY", "1"
    )  # else it names this computer and reports to its maker
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault(
        "NUMBA_THREADING_LAYER", "threadsafe"
    )  # "omp" is what makes two fits abort the process


def threads() -> int:
    """Return how many processor threads a model may use.

    `EMBEDDINGS_VISUALIZER_THREADS` decides; else the processors this process may run on and the quota of its
    container, whichever is smaller: libraries see all of the machine and then wait for each other.
    """
    wanted = os.environ.get("EMBEDDINGS_VISUALIZER_THREADS", "")
    if wanted.isdecimal() and int(wanted) > 0:
        return int(wanted)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()[:2]
        cores = min(cores, max(round(int(quota) / int(period)), 1))
    except (OSError, ValueError):  # no container, or "max"
        pass
    return max(min(cores, 8), 1)  # beyond 8 the small networks here only wait for each other


def ready_torch() -> Any:
    """Import torch so that everything built on it imports too; return the module.

    Beside a CPU torch, a torchvision built for CUDA cannot load its operators, and then transformers,
    sentence-transformers, timm and open_clip fail on import. Where that is so, the two operators they look
    for are declared (nothing here calls them); a matching pair stays untouched.
    """
    with _importing:
        set_environment()
        requires("torch")
        import torch

        if not _alive:
            _alive.append(torch)
            torch.set_num_threads(threads())
            _declare_missing_operators(torch)
    return torch


def _declare_missing_operators(torch: Any) -> None:
    spec = find_spec("torchvision")
    if spec is None or spec.origin is None or hasattr(torch.ops.torchvision, "nms"):
        return
    for compiled in sorted(Path(spec.origin).parent.glob("_C*.*")):
        try:
            torch.ops.load_library(str(compiled))  # what torchvision does itself
        except (OSError, RuntimeError):
            continue
    if hasattr(torch.ops.torchvision, "nms"):
        return
    library = torch.library.Library("torchvision", "DEF")
    for operator in ("nms", "qnms"):
        library.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    _alive.append(library)


def declared_operators() -> bool:
    """Tell whether torchvision's operators had to be declared in this process."""
    return len(_alive) > 1


@contextmanager
def translated(title: str) -> Iterator[None]:
    """Turn what libraries raise when weights are missing or damaged into one sentence."""
    try:
        yield
    except EmbeddingsError:
        raise
    except ModuleNotFoundError as error:
        raise MissingExtraError(title, extra_of(error.name or "")) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, ImportError) as error:
        raise ModelUnavailableError(
            f"{title} could not be opened: its files are not on this computer, or they are damaged. "
            "Download it again, or choose a bundled model."
        ) from error
