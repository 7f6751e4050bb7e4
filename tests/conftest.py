"""Settings of every test: no hub, no telemetry, a cache of its own, the checkout importable, two cores well used."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # `pages` and `app` are the application, not an installed package
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("NUMBA_THREADING_LAYER", "threadsafe")
for one_each in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "EMBEDDINGS_VISUALIZER_THREADS"):
    os.environ.setdefault(
        one_each, "1"
    )  # the cores are shared out among workers; more threads only wait for each other
LONGEST_FIRST = (
    "browser/test_present",  # the compiler of maps is at work meanwhile, and these do not wait for it
    "browser/test_own_talk",
    "browser/test_layout",
    "pages",
    "models",
    "analysis/test_tokens",
    "analysis/test_attention",
    "browser",
    "jobs",
    "maps",
    "packaging",
    "test_notebook",
    "training",
    "analysis",
    "spaces",
)
# What shares a server, or the models that pages load, stays with one worker: each group warms up anew (a server, a browser and
# its first page: 15 s). On two cores one worker has the browser to itself, since a page that is starved shows what no visitor sees;
# with more cores the browser tests of the application are in two.
CORES = os.cpu_count() or 1
TALKS = (
    (
        "test_present",
        "test_own_talk",
        "test_one_hot",
        "test_text_pages",
        "test_learning",
        "test_guess",
        "test_data",
    )
    if CORES > 3
    else ()
)
GROUPS = {
    **{f"tests/browser/{name}.py": "talks in a browser" for name in TALKS},
    "tests/browser/test_stage.py": "the stage alone",
    "tests/browser/test_pictures.py": "the stage alone",
    "tests/browser": "pages in a browser",
    "tests/pages": "pages",
    "tests/models": "models",  # torch and what is built on it: 9 s to import
    **{f"tests/analysis/test_{name}.py": "models" for name in ("tokens", "model_comparison", "attention")},
    **{f"tests/scenes/test_{name}.py": "models" for name in ("context_scenes", "attention_scenes")},
    "tests/maps": "maps",  # UMAP in place: 4 s
    "tests/jobs": "jobs",
}


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the checkout."""
    return ROOT


@pytest.fixture(autouse=True)
def disk_asked_anew() -> None:
    """Let no test see what an earlier one found on the disk."""
    from embeddings_core.models.recent import forget

    forget()


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> None:
    """Share what numba compiles with the worker process: UMAP costs a quarter of a minute each time."""
    from embeddings_core.jobs.compiled import compiled_folder, keep_compiled_code

    os.environ.setdefault("NUMBA_CACHE_DIR", str(compiled_folder()))
    keep_compiled_code(kept=True)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """As many as there are cores: the browser and the server of the one that looks at pages are at work beside it."""
    return max(2, min(CORES, 4))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest."""

    def turn(item: pytest.Item) -> int:
        place = item.path.relative_to(ROOT / "tests").as_posix()
        return next(
            (at for at, start in enumerate(LONGEST_FIRST) if place.startswith(start)), len(LONGEST_FIRST)
        )

    items.sort(key=turn)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep together what shares a server, or the models that pages load; any other file by itself."""
    from xdist.scheduler import LoadScopeScheduling

    class ByServer(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::", 1)[0]
            return GROUPS.get(file) or GROUPS.get(file.rsplit("/", 1)[0]) or file

    return ByServer(config, log)
