"""What every page test shares: a warm worker process, and one look at what is installed."""

from collections.abc import Iterator
from functools import cache

import pytest

from embeddings_core import jobs
from embeddings_core.analysis.warm_up import warm_up_kernels


@pytest.fixture(scope="session", autouse=True)
def one_look_at_the_packages() -> Iterator[None]:
    """Remember what Streamlit finds when it reads the description of every installed package: 0.2 s a run."""
    from streamlit.components.v2 import manifest_scanner

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield


@pytest.fixture(autouse=True)
def maps_are_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the page of own tables wait for its map, as nothing looks again by itself here."""
    monkeypatch.setattr("pages._ui.data.awaited.PATIENCE", 90.0)


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """Have the worker process ready: a page waits for its first map only so long."""
    jobs.warm_up(warm_up_kernels, wait=True)
