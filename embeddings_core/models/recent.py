"""Answers that hold for a few seconds: a menu is drawn at every click and must not ask the disk anew each time."""

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

SECONDS = 3.0  # a file that somebody else puts on the disk is on the menu after this time
Answer = TypeVar("Answer")

_answers: dict[Hashable, Any] = {}
_since = 0.0  # seconds of the monotonic clock


def recent(ask: Callable[..., Answer], *about: Hashable) -> Answer:
    """Return what `ask(*about)` returned within the last seconds, or ask now; shared by all visitors."""
    global _since
    now = time.monotonic()
    if now - _since > SECONDS:
        forget()
        _since = now
    answers = _answers
    key = (ask, *about)
    if key not in answers:
        answers[key] = ask(*about)  # into a table that was given up meanwhile, if something has changed since
    found: Answer = answers[key]
    return found


def forget() -> None:
    """Ask anew from now on; a download that ends calls it, so that its model is seen at once."""
    global _answers
    _answers = {}
