"""Groups of items: k-means in the original space with its real steps, dense regions on the map, and names for groups."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from embeddings_core.analysis.lloyd import Run, best_of_starts
from embeddings_core.errors import BadInputError, requires
from embeddings_core.maps.knn_graph import representatives
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray, frozen, similarity, unit

MANY = 2_000  # items; from here on each step is made block by block in float32
_SILHOUETTE_ITEMS = 2_000  # a table of all pairs; beyond, a seeded sample says the same


@dataclass(frozen=True, eq=False)
class Clustering:
    """Items in groups.

    `labels` (n,) runs from 0; -1 is noise. `centres` (groups, d) are means in the space where the groups were
    found. `names` has one text a group. `steps` are the labels at each moment that led here, the last one is
    the result; `step_centres`, `inertias` (sums of squared distances) and `silhouettes` belong to the same
    moments; all empty where the method has no steps. Raises BadInputError where names and groups differ.
    """

    labels: IntArray
    centres: FloatArray
    method: str
    names: tuple[str, ...]
    steps: tuple[IntArray, ...] = ()
    step_centres: tuple[FloatArray, ...] = ()
    inertias: tuple[float, ...] = ()
    silhouettes: tuple[float, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "centres", frozen(self.centres))
        if len(self.names) != len(self.centres):
            raise BadInputError(
                f"{len(self.centres)} groups, {len(self.names)} names; there must be one each."
            )

    @property
    def k(self) -> int:
        """Number of groups."""
        return len(self.centres)


@dataclass(frozen=True)
class SuggestedK:
    """The number of groups with the best mean silhouette, and (k, silhouette) of all that were tried."""

    k: int
    scores: tuple[tuple[int, float], ...]


def kmeans(
    embeddings: EmbeddingSet, *, k: int, seed: int = 0, vocabulary: EmbeddingSet | None = None
) -> Clustering:
    """Group n items around k centres and keep every step (Lloyd 1982; started by k-means++, Arthur 2007).

    Works on vectors of length 1, so that distance means angle, never on the picture. Of several seeded starts
    the one that ends tightest is kept. Step 0 is that start; each further step moves the centres to the mean
    of their items and assigns again, until nothing changes (of more than 2,000 items: until the centres hardly
    move). Groups are named from the words nearest each centre: those of `vocabulary`, else the items. Raises
    BadInputError for k below 1 or above the number of different vectors.
    """
    points = unit(embeddings.vectors)
    run = _lloyd(points, k=k, seed=seed)
    labels, centres = run.labels, run.centres
    inertias = run.inertias or (
        float(((points - c[step]) ** 2).sum()) for step, c in zip(labels, centres, strict=True)
    )
    return Clustering(
        labels[-1],
        centres[-1].astype(np.float32),
        "k-means",
        name_groups(centres[-1].astype(np.float32), vocabulary or embeddings),
        steps=tuple(labels),
        step_centres=tuple(frozen(step) for step in centres),
        inertias=tuple(inertias),
        silhouettes=silhouettes(points, labels),
    )


def _lloyd(points: FloatArray, *, k: int, seed: int, different: int = -1) -> Run:
    """Return each step of the best of several runs; `different` where it is known how many rows are."""
    if different < 0:
        different = _different(points)
    if not different:
        raise BadInputError("Groups need at least 1 item; add one.")
    if not 1 <= k <= different:
        raise BadInputError(f"{different} different items can form 1 to {different} groups, not {k}.")
    tries = 10 if len(points) <= 500 else 3  # one start in five gets stuck with two groups in one
    seeds = range(10 * seed, 10 * seed + tries)
    if len(points) > MANY:
        return best_of_starts(points, k=k, seeds=seeds)
    wide = points.astype(np.float64)
    runs = _runs(wide, wide[_start_rows(wide, k=k, seeds=seeds)])
    labels, centres = min(runs, key=lambda run: float(((wide - run[1][-1][run[0][-1]]) ** 2).sum()))
    return Run(labels, centres, [])


def _different(points: np.ndarray) -> int:
    """Return how many different rows there are."""
    first = representatives(points.astype(np.float32), tolerance=0.0)
    return int((first == np.arange(len(first))).sum())


def _runs(points: np.ndarray, centres: np.ndarray) -> list[tuple[list[IntArray], list[np.ndarray]]]:
    """Run Lloyd's steps from several starts (tries, k, d) side by side: of few items the calls cost more than the sums."""
    tries, k, d = centres.shape
    labels = _assign(points, centres)
    steps, stops = [(labels, centres)], np.full(tries, -1)
    for step in range(1, 301):  # in practice 5 to 30
        member = (labels[:, None, :] == np.arange(k)[:, None]).astype(np.float64)
        counts = member.sum(axis=2)
        means = (member.reshape(tries * k, -1) @ points).reshape(tries, k, d)
        means /= np.maximum(counts, 1)[:, :, None]
        for run in np.flatnonzero((counts == 0).any(axis=1)):
            means[run] = _means(points, labels[run], centres[run])
        before, labels, centres = labels, _assign(points, means), means
        steps.append((labels, centres))
        stops[(stops < 0) & (labels == before).all(axis=1)] = step
        if (stops >= 0).all():
            break
    ends = np.where(stops < 0, len(steps) - 1, stops) + 1
    return [
        ([labels[run] for labels, _ in steps[:end]], [centres[run] for _, centres in steps[:end]])
        for run, end in enumerate(ends)
    ]


@lru_cache(maxsize=4096)
def _draws(n: int, count: int, seed: int) -> tuple[int, tuple[float, ...]]:
    """Return a random row of n, and so many numbers between 0 and 1."""
    rng = np.random.default_rng(seed)
    return int(rng.integers(n)), tuple(rng.random() for _ in range(count))


def _start_rows(points: np.ndarray, *, k: int, seeds: Sequence[int]) -> IntArray:
    """Pick k of the points (n, d) for each seed, (seeds, k); chances go by the squared distance to those taken."""
    n = len(points)
    drawn = [_draws(n, k - 1, seed) for seed in seeds]
    rows = np.empty((len(drawn), k), dtype=np.int64)
    rows[:, 0] = [first for first, _ in drawn]
    away: dict[
        int, np.ndarray
    ] = {}  # squared distances of all points from a row: several starts take the same
    distance = np.full((len(drawn), n), np.inf)
    for at in range(1, k):
        for row in set(rows[:, at - 1].tolist()) - away.keys():
            away[row] = ((points - points[row]) ** 2).sum(axis=1)
        distance = np.minimum(distance, np.stack([away[row] for row in rows[:, at - 1].tolist()]))
        chances = distance.cumsum(axis=1)
        reached = np.array([draws[at - 1] for _, draws in drawn]) * chances[:, -1]
        rows[:, at] = np.minimum((chances <= reached[:, None]).sum(axis=1), n - 1)
    return rows


def start_centres(points: np.ndarray, *, k: int, seed: int = 0) -> np.ndarray:
    """Pick k of the points (n, d) as centres, as k-means++ does (Arthur 2007)."""
    return np.asarray(points[_start_rows(points, k=k, seeds=(seed,))[0]], dtype=np.float64)


def suggest_k(embeddings: EmbeddingSet, *, largest: int = 10, seed: int = 0) -> SuggestedK:
    """Try 2 to `largest` groups and suggest the k with the best mean silhouette (Rousseeuw 1987, by cosine).

    Takes n items, and makes groups of three or more on average: twelve items never make nine groups. With fewer than 3
    different ones there is nothing to compare: k is 1 and no scores come back.
    """
    largest = min(largest, max(2, len(embeddings) // 3))
    scores = tuple((k, score) for k, (_, score) in partitions(embeddings, largest=largest, seed=seed).items())
    if not scores:
        return SuggestedK(1, ())
    best = max(scores, key=lambda pair: (round(pair[1], 6), -pair[0]))
    return SuggestedK(best[0], scores)


def partitions(embeddings: EmbeddingSet, *, largest: int, seed: int = 0) -> dict[int, tuple[IntArray, float]]:
    """Return, for 2 to `largest` groups, the labels (n,) that `kmeans` ends with and their mean silhouette."""
    points = unit(embeddings.vectors)
    different = _different(points)
    tried = range(2, min(largest, different - 1) + 1)
    labels = [_lloyd(points, k=k, seed=seed, different=different).labels[-1] for k in tried]
    return dict(zip(tried, zip(labels, silhouettes(points, labels), strict=True), strict=True))


def partition_silhouette(embeddings: EmbeddingSet, *, k: int, seed: int = 0) -> float:
    """Return the mean silhouette of the groups that `kmeans` finds, without its steps and its names."""
    points = unit(embeddings.vectors)
    return silhouette(points, _lloyd(points, k=k, seed=seed).labels[-1])


def density(positions: FloatArray, *, min_size: int | None = None) -> Clustering:
    """Find dense regions on a map and call the rest noise (HDBSCAN, Campello et al. 2013).

    Takes positions (n, 2 or 3), best of a UMAP map: in hundreds of dimensions nine of ten items would be
    noise. `min_size` is the smallest group, by default 3 for small maps and up to 15 for large ones.
    `centres` are in the space of the positions. Groups are numbered by size. With fewer than 2 · min_size
    items all is noise.
    """
    array = np.asarray(positions, dtype=np.float64)
    n = len(array)
    size = min_size or int(np.clip(n // 50, 3, 15))
    if size < 2:
        raise BadInputError(f"A dense group has at least 2 items, not {size}.")
    labels = np.full(n, -1, dtype=np.int64)
    if n >= 2 * size and np.ptp(array, axis=0).max() > 0:
        requires("sklearn")
        from sklearn.cluster import HDBSCAN

        found = HDBSCAN(min_cluster_size=size, copy=True).fit_predict(array)
        order = np.argsort(-np.bincount(found[found >= 0], minlength=found.max() + 1), kind="stable")
        renamed = np.argsort(order)
        labels = np.where(found >= 0, renamed[np.maximum(found, 0)] if len(order) else -1, -1).astype(
            np.int64
        )
    k = int(labels.max(initial=-1)) + 1
    centres = np.stack([array[labels == group].mean(axis=0) for group in range(k)]) if k else array[:0]
    lost = int((labels < 0).sum())
    names = tuple(f"group {group + 1}" for group in range(k))
    note = f"{lost} of {n} items belong to no group." if lost else ""
    return Clustering(labels, centres.astype(np.float32), "HDBSCAN", names, note=note)


def named(
    clustering: Clustering, embeddings: EmbeddingSet, *, vocabulary: EmbeddingSet | None = None
) -> Clustering:
    """Name groups found elsewhere, such as on the map, from the words nearest the mean of their vectors."""
    points = unit(embeddings.vectors)
    groups = [points[clustering.labels == group].mean(axis=0) for group in range(clustering.k)]
    centres = np.stack(groups) if groups else points[:0]
    return replace(clustering, names=name_groups(centres, vocabulary or embeddings))


def silhouette(points: FloatArray, labels: IntArray, *, seed: int = 0) -> float:
    """Return the mean silhouette (-1 to 1) of items by cosine distance; 0 for one group.

    Takes points (n, d) of any length; noise is left out; above 2,000 items a seeded sample.
    """
    return silhouettes(points, [labels], seed=seed)[0]


def silhouettes(points: FloatArray, many: Sequence[IntArray], *, seed: int = 0) -> tuple[float, ...]:
    """Return the mean silhouette of each of several groupings of the same items; see `silhouette`.

    The values are those of scikit-learn's `silhouette_score`, which takes 4 to 30 times as long for up to 300 items.
    """
    rows = np.arange(len(points))
    if len(rows) > _SILHOUETTE_ITEMS:
        rows = np.sort(np.random.default_rng(seed).choice(rows, _SILHOUETTE_ITEMS, replace=False))
    units = unit(points[rows])
    distances = np.maximum(1.0 - units @ units.T, 0.0)
    np.fill_diagonal(distances, 0.0)
    return tuple(_mean_silhouette(distances, labels[rows]) for labels in many)


def _mean_silhouette(distances: FloatArray, labels: IntArray) -> float:
    inside_rows = np.flatnonzero(labels >= 0)
    if len(inside_rows) < len(labels):
        distances, labels = distances[np.ix_(inside_rows, inside_rows)], labels[inside_rows]
    names = np.flatnonzero(np.bincount(labels))
    own = names.searchsorted(labels)
    if len(names) < 2:
        return 0.0
    member = np.eye(len(names), dtype=np.float32)[own]
    counts = member.sum(axis=0)
    sums = (distances @ member).astype(np.float64)
    index = np.arange(len(own))
    others = counts[own] - 1
    inside = sums[index, own] / np.maximum(others, 1)
    means = sums / counts
    means[index, own] = np.inf
    outside = means.min(axis=1)
    largest = np.maximum(inside, outside)
    score = np.divide(outside - inside, largest, out=np.zeros_like(inside), where=largest > 0)
    return float(np.where(others > 0, score, 0.0).mean())  # alone in its group: 0, by definition


def _assign(points: np.ndarray, centres: np.ndarray) -> IntArray:
    """Return the nearest centre of each point, (tries, n), for several sets of centres (tries, k, d)."""
    tries, k, d = centres.shape
    products = (centres.reshape(tries * k, d) @ points.T).reshape(tries, k, -1)
    distance = (centres**2).sum(axis=2)[:, :, None] - 2.0 * products
    return np.asarray(distance.argmin(axis=1), dtype=np.int64)


def _means(points: np.ndarray, labels: IntArray, centres: np.ndarray) -> np.ndarray:
    """Return the mean of each group; an empty group restarts at the item furthest from its own centre."""
    k = len(centres)
    counts = np.bincount(labels, minlength=k)
    sums = np.eye(k)[labels].T @ points
    empty = np.flatnonzero(counts == 0)
    if len(empty):
        distance = ((points - centres[labels]) ** 2).sum(axis=1)
        for group, row in zip(empty, np.argsort(-distance, kind="stable"), strict=False):
            sums[labels[row]] -= points[row]
            counts[labels[row]] -= 1
            sums[group], counts[group] = points[row], 1
    return np.asarray(sums / np.maximum(counts, 1)[:, None])


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
        own = np.flatnonzero(home == group)
        for word in own[np.argsort(-row[own], kind="stable")]:
            if len(picked) == count:
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
