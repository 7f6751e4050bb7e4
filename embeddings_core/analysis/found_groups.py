"""Groups in a list that names none: k-means in the original space, kept only where it separates more than chance does."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from embeddings_core.analysis.clustering import Clustering, kmeans, partition_silhouette, partitions
from embeddings_core.analysis.rankers import words_of
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray, similarity, unit

FEWEST, MOST = 6, 200  # items: fewer form no groups worth a name, more would keep a visitor waiting
MOST_GROUPS = 8  # as many as there are colours
ARRANGEMENTS = 8  # random ones that a silhouette is compared with
TIMES, LEAST = 2.0, 0.1  # how often above the best of them, and how large, a silhouette has to be
SHORTEST = 4  # letters of a word that can name a group of sentences


@dataclass(frozen=True, eq=False)
class FoundGroups:
    """Groups of items, their silhouette, and the best silhouette that random arrangements of the same numbers reach."""

    clustering: Clustering
    silhouette: float
    chance: float

    def labels_of(self, vectors: FloatArray) -> IntArray:
        """Return the group whose centre is nearest, for any vectors (n, d) of the same space."""
        return np.asarray(similarity(vectors, self.clustering.centres).argmax(axis=1), dtype=np.int64)


def found_groups(embeddings: EmbeddingSet, *, seed: int = 0) -> FoundGroups | None:
    """Group n items where groups stand apart in the original space; None where nothing separates them.

    The number of groups has the best silhouette of 2 to n / 3, at most 8. A random arrangement shuffles each dimension by
    itself: what k-means then finds is chance. The silhouette must be twice the best of eight such, and 0.1. A partition
    with a group of one item is none. Groups are named by two of the items nearest to their centre. None, too, for fewer
    than 6 items or more than 200.
    """
    n = len(embeddings)
    if not FEWEST <= n <= MOST:
        return None
    tried = partitions(embeddings, largest=min(MOST_GROUPS, max(n // 3, 2)), seed=seed)
    for k, (labels, score) in sorted(tried.items(), key=lambda pair: -pair[1][1]):
        if score < LEAST:
            return None
        if np.bincount(labels, minlength=k).min() < 2:
            continue
        chance = -1.0
        for turn in range(ARRANGEMENTS):
            chance = max(chance, _by_chance(embeddings, k, turn))
            if score < TIMES * chance:
                return None
        found = kmeans(embeddings, k=k, seed=seed)
        names = tuple(", ".join(name.split(", ")[:2]) for name in found.names)
        return FoundGroups(replace(found, names=names), score, chance)
    return None


def _by_chance(embeddings: EmbeddingSet, k: int, turn: int) -> float:
    shuffled = np.random.default_rng(turn).permuted(unit(embeddings.vectors), axis=0)
    return partition_silhouette(EmbeddingSet(embeddings.items, shuffled), k=k, seed=turn)


def named_by_words(clustering: Clustering, texts: Sequence[str], *, count: int = 2) -> Clustering:
    """Name groups of sentences by the words that more of their sentences hold than of the others; ties by first use.

    Words of fewer than four letters name nothing. A group without a word of its own is called by its number.
    """
    holds = [tuple(dict.fromkeys(word for word in words_of(text) if len(word) >= SHORTEST)) for text in texts]
    everywhere = Counter(word for words in holds for word in words)
    names = []
    for group in range(clustering.k):
        inside = Counter(
            word
            for words, label in zip(holds, clustering.labels, strict=True)
            if label == group
            for word in words
        )
        own = [word for word in inside if 2 * inside[word] > everywhere[word]]
        own.sort(key=lambda word: (-inside[word] * inside[word] / everywhere[word], -len(word)))
        names.append(", ".join(own[:count]) or f"group {group + 1}")
    return replace(clustering, names=tuple(names))
