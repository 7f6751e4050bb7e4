"""Items and an encoder in, an embedding set out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embeddings_core import limits
from embeddings_core.errors import BadInputError
from embeddings_core.models.spec import Encoder, Role
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.texts import clean
from embeddings_core.spaces.vectors import FloatArray
from embeddings_core.spaces.vocabulary import load_vocabulary, spelled, vocabulary_rows

Progress = Callable[[int, int], None]  # items done, items in all; may raise to stop
CHUNK = 512  # items between two calls of progress


def embed(
    items: Sequence[Any],
    encoder: Encoder,
    *,
    model: str = "own",
    role: Role = "passage",
    progress: Progress | None = None,
    groups: Sequence[str] | None = None,
    names: Sequence[str] | None = None,
) -> EmbeddingSet:
    """Encode items and return them with their vectors; row i is item i, duplicates stay.

    Texts are cleaned (unreadable characters, 2,000 characters at most) and get the prompt that the authors of
    the model put before a "query" or a "passage". `names` are shown for items that are not texts. `progress`
    is called with (done, total). Raises BadInputError for an empty text, too many items, or an encoder that
    returns something other than one finite row an item.
    """
    if len(items) > limits.ROWS:
        raise BadInputError(f"{len(items):,} items; the limit is {limits.ROWS:,}. Take a sample.")
    cleaned = [clean(item) if isinstance(item, str) else item for item in items]
    empty = [number for number, item in enumerate(cleaned, start=1) if isinstance(item, str) and not item]
    if empty:
        raise BadInputError(f"{len(empty)} texts are empty (the first is number {empty[0]}); leave them out.")
    if names is None:
        names = [item if isinstance(item, str) else f"item {row + 1}" for row, item in enumerate(cleaned)]
    prompted = getattr(encoder, "prompted", None)
    ready = (
        prompted(cleaned, role) if prompted and all(isinstance(item, str) for item in cleaned) else cleaned
    )
    vectors = _in_chunks(ready, encoder, progress) if progress else _checked(encoder(ready), len(ready))
    return EmbeddingSet(tuple(names), vectors, model, None if groups is None else tuple(groups))


def _checked(result: Any, n: int) -> FloatArray:
    vectors = np.asarray(result, dtype=np.float32)
    if n == 0 and vectors.size == 0:
        return vectors.reshape(0, vectors.shape[1] if vectors.ndim == 2 else 0)
    if vectors.ndim != 2 or len(vectors) != n:
        shape = " × ".join(map(str, vectors.shape))
        raise BadInputError(f"The encoder must return one row for each of {n} items; it returned {shape}.")
    return vectors


def _in_chunks(items: list[Any], encoder: Encoder, progress: Progress) -> FloatArray:
    """Encode in chunks of like length (padding is what costs), longest first, and tell how far it is."""
    order = sorted(range(len(items)), key=lambda row: -len(items[row]) if isinstance(items[row], str) else 0)
    progress(0, len(items))
    parts = []
    for start in range(0, len(order), CHUNK):
        rows = order[start : start + CHUNK]
        parts.append(_checked(encoder([items[row] for row in rows]), len(rows)))
        progress(start + len(rows), len(items))
    if not parts:
        return _checked(encoder(items), 0)
    stacked = np.concatenate(parts)
    vectors = np.empty_like(stacked)
    vectors[order] = stacked
    return vectors


@dataclass(frozen=True, eq=False)
class EmbeddedWords:
    """Typed words with their vectors; `unknown` are those that the bundled word space lacks, encoded live."""

    words: EmbeddingSet
    unknown: tuple[str, ...]


def embed_words(
    items: Sequence[str],
    *,
    groups: Sequence[str] | None = None,
    progress: Progress | None = None,
    encoder: Encoder | None = None,
) -> EmbeddedWords:
    """Give typed words and phrases their vectors: known words from the bundled space, others by the model.

    The model is loaded only where a word is unknown; `encoder` takes its place if given. Capitals make no
    difference to this model. Raises as `embed` does.
    """
    space, rows = load_vocabulary(), vocabulary_rows()
    cleaned = [clean(item) for item in items]
    known = [rows.get(spelled(item), -1) for item in cleaned]
    unknown = tuple(item for item, row in zip(cleaned, known, strict=True) if row < 0)
    vectors = space.vectors[known]
    if unknown:
        if encoder is None:
            from embeddings_core.models.registry import load_encoder

            encoder = load_encoder("minilm")
        live = embed(unknown, encoder, model=space.model, progress=progress)
        vectors[np.flatnonzero(np.asarray(known) < 0)] = live.vectors
    named = None if groups is None else tuple(groups)
    return EmbeddedWords(EmbeddingSet(tuple(cleaned), vectors, space.model, named), unknown)
