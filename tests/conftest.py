"""Settings of every test: no hub, no telemetry, a cache of its own, the checkout importable, two cores well used."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # `pages` and `app` are the application, not an installed package
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("NUMBA_THREADING_LAYER", "threadsafe")
LONGEST_FIRST = ("browser", "pages", "core/test_projection", "models", "training", "core")
OWN_SERVER = "browser/test_stage"  # needs another server than the other browser tests: a group of its own


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the checkout."""
    return ROOT


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One worker more than two cores: the one with the browser mostly waits for it."""
    return max(3, min(os.cpu_count() or 1, 4))


@pytest.hookimpl(tryfirst=True)  # before the marks are read
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file with one worker, and all browser tests of one server; what takes longest begins."""
    places = {item: item.path.relative_to(ROOT / "tests").with_suffix("").as_posix() for item in items}

    def turn(item: pytest.Item) -> int:
        starts = (at for at, start in enumerate(LONGEST_FIRST) if places[item].startswith(start))
        return next(starts, len(LONGEST_FIRST))

    items.sort(key=turn)
    for item, place in places.items():
        shares = place.startswith("browser/") and place != OWN_SERVER
        item.add_marker(pytest.mark.xdist_group("browser" if shares else place))
