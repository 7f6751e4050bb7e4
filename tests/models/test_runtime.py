"""What every model needs first: a torch that imports, threads, one load and one lock a model."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from embeddings_core import folders
from embeddings_core.models import runtime
from embeddings_core.models.runtime import threads

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


def test_the_cache_folder_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDINGS_VISUALIZER_CACHE", str(tmp_path / "mine"))
    assert folders.cache_folder.__wrapped__() == tmp_path / "mine" and (tmp_path / "mine").is_dir()


def test_nothing_is_left_in_the_home_folder_and_nothing_is_reported(tmp_path: Path) -> None:
    """onnxruntime keeps a number of this computer and events for its maker there unless it is told not to."""
    code = "import embeddings_core as ec; ec.load_encoder('minilm')(['a cat']); print('read')"
    environment = {
        "PYTHONPATH": str(ROOT), "HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"],
        "EMBEDDINGS_VISUALIZER_CACHE": str(tmp_path / "cache"),
    }  # fmt: skip
    (tmp_path / "home").mkdir()
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert done.stdout.strip() == "read", done.stderr
    assert [path.name for path in (tmp_path / "home").rglob("*")] == []
