"""What every model needs before it runs: a torch that imports, threads, one lock a model.

Loaders read the disk only; nothing is fetched unless it is asked for (`places.py`).
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from embeddings_core.errors import EmbeddingsError, ModelUnavailableError, UnknownModelError
from embeddings_core.limits import GUEST_MODELS
from embeddings_core.models.spec import Encoder, Modality, ModelSpec, Role
from embeddings_core.spaces.vectors import FloatArray

_kept: list[object] = []  # torch.library definitions vanish with their last reference
_loading = threading.RLock()
loaded: dict[str, "LockedEncoder"] = {}  # the models in memory, by their ids; the one used last at the end
_doors: dict[str, threading.Lock] = {}


def set_environment() -> None:
    """Set the defaults that libraries read when they are first imported; what the user has set stays."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # without a network a hub call hangs for 70 s in retries
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
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
    with _loading:
        set_environment()
        import torch

        if not _kept:
            _kept.append(torch)
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
    _kept.append(library)


def declared_operators() -> bool:
    """Tell whether torchvision's operators had to be declared in this process."""
    return len(_kept) > 1


class LockedEncoder:
    """An encoder behind one lock.

    A second thread that uses the same tokenizer with other settings changes vectors silently, so whoever
    touches the model or its tokenizer does it inside `with encoder.lock`. `inner` is what the loader gave.
    """

    def __init__(self, inner: Encoder, spec: ModelSpec) -> None:
        self.inner = inner
        self.spec = spec
        self.lock = threading.RLock()

    def __call__(self, items: Sequence[Any], /) -> FloatArray:
        """Encode all items: (n, d) float32."""
        if not len(items):
            return np.zeros((0, self.spec.dimensions), dtype=np.float32)
        with self.lock:
            return np.asarray(self.inner(items), dtype=np.float32)

    def prompted(self, items: Sequence[str], role: Role) -> list[str]:
        """Put in front of each text what the authors of the model put there."""
        prompt = self.spec.prompt.query if role == "query" else self.spec.prompt.passage
        return [prompt + item for item in items]


def list_models(modality: Modality | None = None) -> tuple[ModelSpec, ...]:
    """List the rows of the catalogue, of one modality or of all."""
    from embeddings_core.models.catalogue import MODELS

    return tuple(spec for spec in MODELS if modality in (None, spec.modality))


def find_model(model: str) -> ModelSpec:
    """Return the row with this id; raise UnknownModelError, which lists the known ones."""
    rows = {spec.id: spec for spec in list_models()}
    if model in rows:
        return rows[model]
    from embeddings_core.models import by_name, text_by_name

    spec = text_by_name.row(model) or by_name.row(model) if ":" in model else None
    if spec is None:
        raise UnknownModelError(model, rows)
    return spec


def load_encoder(model: str | ModelSpec) -> LockedEncoder:
    """Load a model once a process and return its encoder: items → (n, d) float32.

    Takes an id of the catalogue or a row of your own. Raises UnknownModelError, MissingExtraError, or
    ModelUnavailableError where the weights are not on disk.
    """
    spec = find_model(model) if isinstance(model, str) else model
    with _loading:
        door = _doors.setdefault(spec.id, threading.Lock())
    with door:  # two visitors ask for the same model: the second waits and gets the first one's
        encoder = loaded.get(spec.id)
        if encoder is None or encoder.spec != spec:
            set_environment()
            with translated(spec.title):
                encoder = LockedEncoder(spec.load(spec), spec)
        with _loading:
            loaded.pop(spec.id, None)
            loaded[spec.id] = encoder  # at the end: used last
            for old in [each for each, held in loaded.items() if held.spec.guest][:-GUEST_MODELS]:
                del loaded[old]
    return encoder


@contextmanager
def translated(title: str) -> Iterator[None]:
    """Turn what libraries raise when weights are missing or damaged into one sentence."""
    try:
        yield
    except EmbeddingsError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError, ImportError) as error:
        raise ModelUnavailableError(
            f"{title} could not be opened: its files are not on this computer, or they are damaged. "
            "Download it again, or choose a bundled model."
        ) from error
