"""What every model needs first: a torch that imports, threads, one load and one lock a model."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings_core import folders
from embeddings_core.errors import BadInputError, ModelUnavailableError, UnknownModelError
from embeddings_core.models import runtime
from embeddings_core.models.runtime import LockedEncoder, find_model, list_models, load_encoder, threads
from embeddings_core.models.spec import ModelSpec
from embeddings_core.spaces.vectors import FloatArray

ROOT = Path(__file__).resolve().parents[2]
TORCHVISION = """
import torch

@torch.library.register_fake("torchvision::nms")  # the real package does this on import
def nms(dets, scores, iou_threshold):
    return scores
"""


def python(code: str, *, path: Path | None = None) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, filter(None, (path, ROOT))))}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture
def torchvision(tmp_path: Path) -> Path:
    """A torchvision whose compiled part cannot be loaded, as one built for another torch."""
    package = tmp_path / "torchvision"
    package.mkdir()
    (package / "__init__.py").write_text(TORCHVISION)
    (package / "_C.so").write_bytes(b"built for a machine that is not here")
    return tmp_path


def test_without_the_guard_the_broken_pair_fails(torchvision: Path) -> None:
    code = "try:\n    import torchvision\nexcept RuntimeError as error:\n    print(error)"
    assert "operator torchvision::nms does not exist" in python(code, path=torchvision)


def test_a_broken_pair_is_mended(torchvision: Path) -> None:
    code = (
        "from embeddings_core.models import runtime\n"
        "torch = runtime.ready_torch(); runtime.ready_torch()\n"
        "import torchvision; print(torchvision.__file__, runtime.declared_operators(), torch.ops.torchvision.nms)"
    )
    out = python(code, path=torchvision)
    assert str(torchvision) in out and "True torchvision.nms" in out


def test_a_matching_pair_stays_untouched(torchvision: Path) -> None:
    """The compiled part loads and brings the operator: nothing is declared over it."""
    code = (
        "import torch\n"
        "kept = []\n"
        "def load_library(path):\n"
        "    library = torch.library.Library('torchvision', 'DEF'); kept.append(library)\n"
        "    library.define('nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor')\n"
        "    library.impl('nms', lambda dets, scores, iou_threshold: scores + 1, 'CPU')\n"
        "torch.ops.load_library = load_library\n"
        "from embeddings_core.models import runtime\n"
        "runtime.ready_torch()\n"
        "one = torch.ones(1)\n"
        "print(runtime.declared_operators(), len(kept), float(torch.ops.torchvision.nms(one, one, 0.5)))"
    )
    assert python(code, path=torchvision) == "False 1 2.0"


def test_the_libraries_of_this_installation_import() -> None:
    code = (
        "from embeddings_core.models import runtime\n"
        "runtime.ready_torch()\n"
        "import torchvision, transformers.image_utils\n"
        "import os; print(os.environ['TOKENIZERS_PARALLELISM'])"
    )
    assert python(code).endswith("false")


def test_the_environment_of_the_user_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_THREADING_LAYER", "tbb")
    monkeypatch.delenv("HF_HUB_OFFLINE")
    runtime.set_environment()
    assert os.environ["NUMBA_THREADING_LAYER"] == "tbb" and os.environ["HF_HUB_OFFLINE"] == "1"


def test_threads_are_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_THREADS", "3")
    assert threads() == 3
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_THREADS", "many")
    assert 1 <= threads() <= (os.cpu_count() or 1)


def spec(load: Any, id: str = "test model", **more: Any) -> ModelSpec:
    return ModelSpec(id, "Test model", "test", "text", 2, load=load, **more)


def test_a_model_is_loaded_once_however_many_ask() -> None:
    loads = []

    def slow(_: ModelSpec) -> Any:
        loads.append(1)
        time.sleep(0.1)
        return lambda items: np.ones((len(items), 2))

    row = spec(slow, id="asked by many")
    found: list[LockedEncoder] = []
    askers = [threading.Thread(target=lambda: found.append(load_encoder(row))) for _ in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert len(loads) == 1 and len(found) == 8 and len(set(map(id, found))) == 1
    assert "asked by many" in runtime.loaded
    runtime.loaded.clear()
    assert load_encoder(row) is not found[0] and len(loads) == 2


def test_one_at_a_time_enters_a_model() -> None:
    inside = 0
    most = 0

    def encode(items: Sequence[str], /) -> FloatArray:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.01)
        inside -= 1
        return np.ones((len(items), 2), dtype=np.float32)

    encoder = LockedEncoder(encode, spec(lambda _: encode))
    workers = [threading.Thread(target=encoder, args=(["a"],)) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert most == 1
    assert encoder([]).shape == (0, 2)


@pytest.mark.parametrize(
    "error", [OSError("/secret/path is missing"), RuntimeError("shape"), ValueError("x")]
)
def test_what_a_library_raises_becomes_a_sentence(error: Exception) -> None:
    def load(_: ModelSpec) -> Any:
        raise error

    with pytest.raises(ModelUnavailableError, match="Test model could not be opened") as told:
        load_encoder(spec(load, id=f"broken {error}"))
    assert "/secret" not in str(told.value) and told.value.__cause__ is error


def test_our_own_sentences_pass() -> None:
    def load(_: ModelSpec) -> Any:
        raise BadInputError("as it is")

    with pytest.raises(BadInputError, match="as it is"):
        load_encoder(spec(load, id="told"))


def test_unknown_models_are_told() -> None:
    with pytest.raises(UnknownModelError, match="Known models: minilm"):
        load_encoder("nothing")
    assert find_model("minilm").dimensions == 384
    assert set(list_models("text")) < set(list_models()) and list_models("word") is not None


def test_the_cache_folder_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_CACHE", str(tmp_path / "mine"))
    assert folders.cache_folder.__wrapped__() == tmp_path / "mine" and (tmp_path / "mine").is_dir()
