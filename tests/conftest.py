"""Settings of every test: no hub, no telemetry, a cache of its own, the checkout importable."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # `pages` and `app` are the application, not an installed package
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ.setdefault("NUMBA_THREADING_LAYER", "threadsafe")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the checkout."""
    return ROOT
