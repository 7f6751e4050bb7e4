"""An encoder behind one lock: what `load_encoder` returns."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Any

import numpy as np

from embeddings_core.models.spec import Encoder, ModelSpec, Role
from embeddings_core.spaces.vectors import FloatArray, IntArray
from embeddings_core.turns import VISITS

TEXTS, CHARACTERS = (
    256,
    16_384,
)  # of a slice of a long list, a third of a second's work: who waits goes between two
PICTURES = 16  # of a slice


class FairLock:
    """A lock that lets whoever waits in before whoever holds it can take it again; its holder may take it twice."""

    def __init__(self) -> None:
        self._entry = threading.Lock()
        self._lock = threading.Lock()
        self._owner, self._depth = 0, 0

    def __enter__(self) -> None:
        me = threading.get_ident()
        if self._owner != me:  # only this thread can have set it to itself
            with self._entry:
                self._lock.acquire()
            self._owner = me
        self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        if not self._depth:
            self._owner = 0
            self._lock.release()


class LockedEncoder:
    """An encoder behind one lock.

    A second thread that uses the same tokenizer with other settings changes vectors silently, so whoever
    touches the model or its tokenizer does it inside `with encoder.lock`. `inner` is what the loader gave.
    A long list is read in slices, texts of like length together, and others have their turn between two.
    """

    def __init__(self, inner: Encoder, spec: ModelSpec) -> None:
        self.inner = inner
        self.spec = spec
        self.lock = FairLock()

    def __call__(self, items: Sequence[Any], /) -> FloatArray:
        """Encode all items: (n, d) float32."""
        if not len(items):
            return np.zeros((0, self.spec.dimensions), dtype=np.float32)
        parts, order = [], []
        for rows in slices(items):
            with VISITS.aside(), self.lock:
                parts.append(np.asarray(self.inner([items[row] for row in rows]), dtype=np.float32))
            order.append(rows)
        if len(parts) == 1:
            return parts[0]
        stacked = np.concatenate(parts)
        vectors = np.empty_like(stacked)
        vectors[np.concatenate(order)] = stacked
        return vectors

    def prompted(self, items: Sequence[str], role: Role) -> list[str]:
        """Put in front of each text what the authors of the model put there."""
        prompt = self.spec.prompt.of(role)
        return [prompt + item for item in items]


def slices(items: Sequence[Any]) -> Iterator[IntArray]:
    """Yield the rows of each slice: all in their order where one slice holds them, the longest texts first otherwise."""
    lengths = np.array([len(item) if isinstance(item, str) else CHARACTERS // PICTURES for item in items])
    rows = np.arange(len(items))
    if len(items) > TEXTS or lengths.sum() > CHARACTERS:
        rows = np.argsort(-lengths, kind="stable")
    start = 0
    while start < len(rows):
        held = np.cumsum(lengths[rows[start : start + TEXTS]])
        end = start + max(1, int(np.searchsorted(held, CHARACTERS, side="right")))
        yield rows[start:end]
        start = end


def lock_of(encoder: object) -> AbstractContextManager[object]:
    """Return the lock of an encoder, for a call of something other than the encoder itself; a plain one has none."""
    return encoder.lock if isinstance(encoder, LockedEncoder) else nullcontext()
