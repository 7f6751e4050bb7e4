"""Cross-encoders: models that read a query and a text together and return one score, not vectors (Nogueira and Cho 2019)."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.models.sentence_models import open_checkpoint
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.spaces.vectors import FloatArray


class Reranker:
    """A cross-encoder of sentence-transformers; `model` is the library's own object."""

    def __init__(self, model: Any) -> None:
        self.model = model

    def score(self, query: str, texts: Sequence[str]) -> FloatArray:
        """Score each text as an answer to the query, (n,) from 0 to 1: the logistic function of the model's own score."""
        import torch

        pairs = [(query, str(text)) for text in texts]
        scores = self.model.predict(pairs, show_progress_bar=False, activation_fn=torch.nn.Sigmoid())
        return np.asarray(scores, dtype=np.float32).reshape(len(pairs))

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Raise BadInputError: a text by itself has no vector here."""
        raise BadInputError("A cross-encoder reads a query and a text together; a text alone has no vector.")


def load_reranker(spec: ModelSpec) -> Encoder:
    """Open `spec.checkpoint` with sentence-transformers; see `open_checkpoint`."""
    return Reranker(open_checkpoint("CrossEncoder", spec.checkpoint))
