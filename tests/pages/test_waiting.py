"""What a page says while the engine is made ready, and where that fails."""

import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core import jobs
from embeddings_core.jobs import State


def page() -> None:
    from pages._ui import waiting

    waiting.engine_ready("The groups")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (State("warming"), "The groups follow as soon as the engine is warm"),
        (
            State("failed", "The worker ended unexpectedly."),
            "The map engine does not start: The worker ended unexpectedly. It is tried again by itself",
        ),
    ],
)
def test_the_page_says_what_the_engine_does(state: State, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "is_warm", lambda: False)
    monkeypatch.setattr(jobs, "state", lambda: state)
    at = AppTest.from_function(page).run(timeout=30)
    assert not at.exception and [text.value for text in at.text if told in text.value]
