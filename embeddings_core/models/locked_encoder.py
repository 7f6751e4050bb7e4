"""An encoder behind one lock: what `load_encoder` returns."""

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import numpy as np

from embeddings_core.models.spec import Encoder, ModelSpec, Role
from embeddings_core.spaces.vectors import FloatArray


class LockedEncoder:
    """An encoder behind one lock.

    A second thread that uses the same tokenizer with other settings changes vectors silently, so whoever
    touches the model or its tokenizer does it inside `with encoder.lock`. `inner` is what the loader gave.
    """

    def __init__(self, inner: Encoder, spec: ModelSpec) -> None:
        self.inner = inner
        self.spec = spec
        self.lock = threading.RLock()

    def __call__(self, items: Sequence[Any], /) -> FloatArray:
        """Encode all items: (n, d) float32."""
        if not len(items):
            return np.zeros((0, self.spec.dimensions), dtype=np.float32)
        with self.lock:
            return np.asarray(self.inner(items), dtype=np.float32)

    def prompted(self, items: Sequence[str], role: Role) -> list[str]:
        """Put in front of each text what the authors of the model put there."""
        prompt = self.spec.prompt.of(role)
        return [prompt + item for item in items]


def lock_of(encoder: object) -> AbstractContextManager[object]:
    """Return the lock of an encoder, for a call of something other than the encoder itself; a plain one has none."""
    return encoder.lock if isinstance(encoder, LockedEncoder) else nullcontext()
