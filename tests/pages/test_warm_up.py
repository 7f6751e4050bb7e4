"""A hall that arrives at once at a fresh server."""

import builtins

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

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


def test_a_product_of_matrices_takes_one_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    def threads() -> set[int]:
        return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}

    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    with threadpool_limits(2, user_api="blas"):
        assert threads() == {2}
        warm_up._one_thread_each()
        assert threads() == {1}
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "2")
    with threadpool_limits(2, user_api="blas"):
        warm_up._one_thread_each()
        assert threads() == {2}  # what a user has set stays
