"""Groups that are found in the vectors of a table, named by the words that stand out in each."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.errors import requires
from embeddings_core.maps.knn_graph import coordinates
from embeddings_core.spaces.vectors import FloatArray, IntArray

MOST = 12  # groups that a picture can name
FITTED = 20_000  # rows from which the centres are found; of more, an even sample
COMMON = 0.5  # a word that more than half of all groups hold often names none of them
WORDS = 2  # in a name


@dataclass(frozen=True, eq=False)
class FoundTableGroups:
    """The group of each of n rows (n,), and what the groups are called, the largest first."""

    labels: IntArray
    names: tuple[str, ...]


def how_many(n: int) -> int:
    """Return how many groups are looked for among n rows: the square root of half of them, 2 to 12.

    >>> how_many(8), how_many(300), how_many(100_000)
    (2, 12, 12)
    """
    return int(np.clip(round((n / 2) ** 0.5), 2, MOST))


def table_groups(
    vectors: FloatArray, *, texts: Sequence[str] = (), k: int = 0, seed: int = 0, metric: str = "cosine"
) -> FoundTableGroups:
    """Group n vectors (n, d) by k-means (by scikit-learn, one start by k-means++), and name the groups from their texts."""
    requires("sklearn")
    from sklearn.cluster import KMeans

    points = coordinates(vectors, metric="cosine" if metric == "cosine" else "euclidean")
    n = len(points)
    k = min(k or how_many(n), len(np.unique(points[:5_000], axis=0)))
    if k < 2:
        return FoundTableGroups(np.zeros(n, dtype=np.int64), ("all alike",))
    fitted = points if n <= FITTED else points[np.linspace(0, n - 1, FITTED).round().astype(np.int64)]
    model = KMeans(n_clusters=k, n_init=1, random_state=seed).fit(fitted)
    labels = np.asarray(model.predict(points), dtype=np.int64)
    order = np.argsort(-np.bincount(labels, minlength=k), kind="stable")
    labels = np.argsort(order)[labels].astype(np.int64)
    return FoundTableGroups(labels, named_groups(texts, labels, k) if len(texts) else _numbers(k))


def _numbers(k: int) -> tuple[str, ...]:
    return tuple(f"group {group + 1}" for group in range(k))


def named_groups(texts: Sequence[str], labels: IntArray, k: int) -> tuple[str, ...]:
    """Name each of k groups by the words with the highest c-TF-IDF (Grootendorst 2022) that no other group is named by.

    Words of fewer than four letters name nothing, nor does a word in only one of a group's texts.
    """
    from embeddings_core.tables.questions import WORD

    inside = [Counter[str]() for _ in range(k)]
    documents = [Counter[str]() for _ in range(k)]
    spelled: dict[str, Counter[str]] = {}
    for text, label in zip(texts, labels.tolist(), strict=True):
        words = [word for word in WORD.findall(text) if len(word) > 3]
        for word in words:
            spelled.setdefault(word.casefold(), Counter())[word] += 1
        folded = [word.casefold() for word in words]
        inside[label].update(folded)
        documents[label].update(set(folded))
    every = sum(inside, Counter[str]())
    average = sum(every.values()) / k
    sizes = np.bincount(labels, minlength=k)
    names, taken = [], set[str]()
    for group in range(k):
        total = max(sum(inside[group].values()), 1)

        def score(word: str, group: int = group, total: int = total) -> float:
            share = inside[group][word] / total
            elsewhere = (every[word] - inside[group][word]) / max(sum(every.values()) - total, 1)
            return (
                share
                * float(np.log1p(average / every[word]))
                * max(share - elsewhere, 0.0)
                / (share + elsewhere)
            )

        least = min(2, int(sizes[group]))
        good = [word for word in inside[group] if documents[group][word] >= least and word not in taken]
        best = sorted(good, key=lambda word: (-score(word), word))[:WORDS]
        taken.update(best)
        names.append(", ".join(spelled[word].most_common(1)[0][0] for word in best) or f"group {group + 1}")
    return tuple(names)
