"""Words for groups: the ones nearest each centre, none used twice."""

import numpy as np

from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray, similarity


def name_groups(centres: FloatArray, words: EmbeddingSet, *, count: int = 3) -> tuple[str, ...]:
    """Name each centre (k, d) by the words nearest to it: ("cat, dog, pet", …).

    A word names the group it is nearest to only; words are compared without case. A group that gets no word
    of its own is called by its number. Takes words with the same number of dimensions.
    """
    if not len(centres) or not len(words):
        return tuple(f"group {group + 1}" for group in range(len(centres)))
    scores = similarity(centres, words.vectors)
    home = scores.argmax(axis=0)
    names = []
    for group, row in enumerate(scores):
        picked: dict[str, str] = {}
        for word in np.argsort(np.where(home == group, -row, np.inf), kind="stable"):
            if home[word] != group or len(picked) == count:
                break
            picked.setdefault(words.items[word].casefold(), words.items[word])
        names.append(", ".join(picked.values()) or f"group {group + 1}")
    return tuple(names)


def typical_rows(vectors: FloatArray, labels: IntArray, centres: FloatArray) -> tuple[int, ...]:
    """Return, for each of k groups, the row of the member nearest its centre by cosine.

    Takes vectors (n, d), labels (n,) and centres (k, d); a group without members is represented by the nearest
    of all.
    """
    scores = similarity(centres, vectors)
    inside = labels[None, :] == np.arange(len(centres))[:, None]
    empty = ~inside.any(axis=1, keepdims=True)
    return tuple(int(row) for row in np.where(inside | empty, scores, -np.inf).argmax(axis=1))
