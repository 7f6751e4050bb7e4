"""A hall that arrives at once at a fresh server."""

import builtins
import importlib.util
import threading

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from pages._ui import warm_up
from tests.apart import apart
from tests.conftest import ROOT


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


def test_the_server_gets_ready_before_anybody_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the pages are made of takes seconds to load, and the first visitor would wait for it."""
    begun = threading.Event()
    monkeypatch.setattr(warm_up, "begin", begun.set)
    monkeypatch.setattr(
        "embeddings_core.logs.keep_logs_plain", lambda: None
    )  # of this process they stay as they are
    monkeypatch.setattr("embeddings_core.logs.silence_libraries", lambda: None)
    spec = importlib.util.spec_from_file_location("app", ROOT / "app.py")
    assert spec is not None and spec.loader is not None
    server = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(server)  # as Streamlit's server reads it

    async def started() -> bool:
        async with server.getting_ready(server.app):
            return begun.wait(60)

    assert apart(started())
