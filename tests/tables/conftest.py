"""Nothing that these tests embed is kept where the application keeps it."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the cache folder of this process into a temporary one."""
    monkeypatch.setattr("embeddings_core.tables.store.cache_folder", lambda: tmp_path)
    return tmp_path
