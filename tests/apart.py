"""A coroutine run on a thread of its own: the browser tests of the same process keep a running event loop."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

R = TypeVar("R")


def apart(work: Coroutine[Any, Any, R]) -> R:
    """Run to the end, and return what it returns."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()
