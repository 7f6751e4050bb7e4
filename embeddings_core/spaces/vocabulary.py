"""The bundled word space: about 21,000 common English words as MiniLM places them, ready without torch."""

from functools import lru_cache
from types import MappingProxyType

import numpy as np

from embeddings_core.damage import DAMAGE
from embeddings_core.errors import ModelUnavailableError
from embeddings_core.folders import ASSETS
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.space import Reference
from embeddings_core.spaces.vectors import FloatArray, frozen, random_pair_scores, scores_of_nearest

VOCABULARY = ASSETS / "vocabulary.npz"
MISSING = (
    "The bundled word space is missing or damaged. Make it anew: python -m embeddings_core.rebuild.vocabulary"
)


@lru_cache(maxsize=1)
def load_vocabulary() -> EmbeddingSet:
    """Load the bundled word space, common words first: about 21,000 × 384, rows of length 1.

    The whole words of MiniLM's own vocabulary, encoded once by that model; stored with 8 bits a number,
    scaled back here. One copy a process. Raises ModelUnavailableError where the file is missing.
    """
    try:
        with VOCABULARY.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            words = unpacked(stored["words"])
            rows = stored["rows"].astype(np.float32)
    except DAMAGE:
        raise ModelUnavailableError(MISSING) from None
    # the length of every row is 1, so its scale need not be stored: it is what makes it so
    rows /= np.sqrt(np.einsum("ij,ij->i", rows, rows))[:, None]
    return EmbeddingSet(words, frozen(rows), "minilm")


def unpacked(stored: np.ndarray) -> tuple[str, ...]:
    """Return the lines of text that a bundled file keeps as an array of bytes."""
    return tuple(stored.tobytes().decode("utf-8").split("\n"))


@lru_cache(maxsize=1)
def vocabulary_rows() -> MappingProxyType[str, int]:
    """Return word → row of the bundled word space."""
    return MappingProxyType({word: row for row, word in enumerate(load_vocabulary().items)})


def spelled(item: str) -> str:
    """Return an item as the vocabulary spells it: lower case, no blanks around it."""
    return item.strip().lower()


@lru_cache(maxsize=1)
def reference_scores() -> FloatArray:
    """Return the sorted cosines of 20,000 random word pairs: what one similarity is compared with."""
    return frozen(random_pair_scores(load_vocabulary().vectors, metric="dot"))


@lru_cache(maxsize=1)
def word_reference() -> Reference:
    """Return the cosines of random pairs, and of 256 words with their nearest and their five nearest among all."""
    near = scores_of_nearest(load_vocabulary().vectors, k=5, metric="dot")
    return Reference(
        reference_scores(),
        nearest=frozen(np.sort(near[:, 0])),
        nearest_five=frozen(np.sort(near.mean(axis=1))),
    )
