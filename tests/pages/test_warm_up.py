"""A hall that arrives at once at a fresh server."""

import builtins

import pytest

from pages._ui import warm_up


def test_each_visitor_waits_for_pandas_not_the_first_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plotly looks into a pandas that another thread is still loading, and fails; an import of our own waits for it."""
    asked: list[str] = []
    real = builtins.__import__

    def spy(name: str, *rest: object) -> object:
        asked.append(name)
        return real(name, *rest)  # type: ignore[arg-type]

    with_first = warm_up._begun.acquire(blocking=False)  # somebody was here before
    monkeypatch.setattr(builtins, "__import__", spy)
    try:
        warm_up.begin()
    finally:
        if with_first:
            warm_up._begun.release()
    assert asked[:1] == ["pandas"]
