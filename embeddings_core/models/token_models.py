"""Models that keep one vector for each token of a text (Khattab and Zaharia 2020, ColBERT), as sentence-transformers opens them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np

from embeddings_core.models.sentence_models import open_checkpoint
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.spaces.vectors import FloatArray, frozen, unit


@dataclass(frozen=True, eq=False)
class Tokens:
    """One text as its tokens and their vectors (tokens, d) of length 1."""

    text: str
    tokens: tuple[str, ...]
    vectors: FloatArray


class TokenReader(Protocol):
    """A model that reads a text as vectors of its tokens."""

    def read(self, texts: Sequence[str], *, role: Literal["query", "passage"]) -> tuple[Tokens, ...]:
        """Return the tokens that count in the model's own score."""
        ...


class TokenModel:
    """A model of late interaction; `model` is the library's own MultiVectorEncoder.

    It puts its authors' marks in front of queries and passages itself, fills a query up where it was trained so, and
    leaves out of a passage what its authors leave out (punctuation).
    """

    def __init__(self, model: Any) -> None:
        self.model = model

    def read(self, texts: Sequence[str], *, role: Literal["query", "passage"]) -> tuple[Tokens, ...]:
        """Return the tokens that count in the model's own score: its marks do, and what it fills a query up with."""
        encode = self.model.encode_query if role == "query" else self.model.encode_document
        items = [{"text": str(text)} for text in texts]  # a bare string may be taken for an address
        read = []
        for text, found in zip(texts, encode(items, output_value=None, show_progress_bar=False), strict=True):
            counts = found["attention_mask"].bool()
            names = self.model.tokenizer.convert_ids_to_tokens(found["input_ids"][counts].tolist())
            vectors = found["token_embeddings"][counts].float().numpy()
            read.append(Tokens(text, tuple(names), frozen(unit(vectors))))
        return tuple(read)

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Return the mean of a passage's token vectors, length 1: what is left of them in one vector (n, d)."""
        return unit(np.stack([each.vectors.mean(axis=0) for each in self.read(items, role="passage")]))


def load_token_model(spec: ModelSpec) -> Encoder:
    """Open `spec.checkpoint` with sentence-transformers; see `open_checkpoint`."""
    return TokenModel(open_checkpoint("MultiVectorEncoder", spec.checkpoint, dtype="float32"))
