"""Groups that are found in the vectors of a table or on its map, at two levels, named by the words that stand out in each."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from embeddings_core.errors import requires
from embeddings_core.jobs.steps import Step, Steps
from embeddings_core.maps.knn_graph import coordinates
from embeddings_core.spaces.segmentation import is_long, words_in
from embeddings_core.spaces.vectors import FloatArray, IntArray
from embeddings_core.tables.embedding import number_columns
from embeddings_core.tables.questions import Categories
from embeddings_core.tables.table import Table, numbers_of

Doubles = NDArray[np.float64]
MOST = 12  # groups that a picture can name
FITTED = 20_000  # rows from which the centres are found; of more, an even sample
DENSE = 8_000  # places from which dense regions are found; the others belong where the nearest of these does
PARTED = 12  # rows of a group that falls into finer ones
PARTS = 5  # finer groups in one
SHARES = (
    10,
    20,
    40,
    80,
)  # of all places in a large region, at least: one in so many; the first that gives enough regions
CALM = 5  # neighbours that make a place dense: of fewer, chance makes regions
MOSTLY = 0.6  # of a region's places are in its finer ones, or it stays whole
WORDS = 2  # in a name
COLUMNS = 4  # in a name: two, and more where two groups had the same
NAMED_BY = 24  # characters of a column's name in it
TELLING = 50  # columns of numbers; more are the places of a vector
DIFFERS = 0.3  # standard deviations that a column's mean in a group lies from that of all, to name it


@dataclass(frozen=True, eq=False)
class FoundTableGroups:
    """The group of each of n rows (n,), −1 for none, and what the groups are called, the largest first.

    `finer` are the groups that these fall into; None where they do not.
    """

    labels: IntArray
    names: tuple[str, ...]
    finer: "FoundTableGroups | None" = None

    def at(self, rows: IntArray) -> "FoundTableGroups":
        """Return the groups of other rows (m,), each of which is in those of one of these."""
        return FoundTableGroups(
            self.labels[rows], self.names, None if self.finer is None else self.finer.at(rows)
        )


def how_many(n: int) -> int:
    """Return how many groups are looked for among n rows: the square root of half of them, 2 to 12.

    >>> how_many(8), how_many(300), how_many(100_000)
    (2, 12, 12)
    """
    return int(np.clip(round((n / 2) ** 0.5), 2, MOST))


def how_many_parts(n: int) -> int:
    """Return into how many finer groups one of n rows falls: none below 12 rows, else 2 to 5.

    >>> how_many_parts(10), how_many_parts(25), how_many_parts(80), how_many_parts(2_000)
    (1, 2, 3, 5)
    """
    return 1 if n < PARTED else int(np.clip(round((n / 8) ** 0.5), 2, PARTS))


def group_steps(n: int, *, named: bool) -> tuple[Step, ...]:
    """Return the steps of `table_groups` of n rows; `named` where their texts name the groups."""
    return (
        Step(f"k-means of {n:,} rows", 2 * min(n, FITTED)),
        Step("the words that stand out in each", n * named),
        Step("finer groups in each", 2 * n),
        Step("the words that stand out in the finer ones", n * named),
    )


def table_groups(
    vectors: FloatArray,
    *,
    texts: Sequence[str] = (),
    k: int = 0,
    seed: int = 0,
    metric: str = "cosine",
    progress: Callable[[int, int], object] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> FoundTableGroups:
    """Group n vectors (n, d) by k-means (by scikit-learn, one start by k-means++), and each group once more by itself.

    Groups of both levels are named from their texts. `progress(done, total)` hears of `group_steps`. Raises JobError where it was
    stopped.
    """
    n = len(vectors)
    steps = Steps(group_steps(n, named=bool(len(texts))), progress=progress, should_stop=should_stop)
    points = coordinates(vectors, metric="cosine" if metric == "cosine" else "euclidean")
    k = min(k or how_many(n), len(np.unique(points[:5_000], axis=0)))
    if k < 2:
        steps.finish()
        return FoundTableGroups(np.zeros(n, dtype=np.int64), ("all alike",))
    labels = _largest_first(_kmeans(points, k, seed))
    steps.next()
    names = _named(texts, labels, k)
    steps.next()
    finer = _parts(points, labels, names, seed=seed, steps=steps)
    steps.next()
    if finer is not None and len(texts):
        finer = replace(finer, names=named_groups(texts, finer.labels, len(finer.names)))
    steps.finish()
    return FoundTableGroups(labels, names, finer)


def _kmeans(points: FloatArray, k: int, seed: int) -> IntArray:
    requires("sklearn")
    from sklearn.cluster import KMeans

    n = len(points)
    fitted = points if n <= FITTED else points[np.linspace(0, n - 1, FITTED).round().astype(np.int64)]
    model = KMeans(n_clusters=k, n_init=1, random_state=seed).fit(fitted)
    return np.asarray(model.predict(points), dtype=np.int64)


def _largest_first(labels: IntArray) -> IntArray:
    """Number groups by their size; −1 stays."""
    real = labels >= 0
    order = np.argsort(-np.bincount(labels[real]), kind="stable")
    return np.where(real, np.argsort(order)[np.maximum(labels, 0)], -1).astype(np.int64)


def _parts(
    points: FloatArray, labels: IntArray, names: tuple[str, ...], *, seed: int, steps: Steps
) -> FoundTableGroups | None:
    """Group every group by itself, named by numbers; None where none is large enough."""
    finer = np.full(len(labels), -1, dtype=np.int64)
    called: list[str] = []
    grouped = 0
    for group, name in enumerate(names):
        rows = np.flatnonzero(labels == group)
        k = min(how_many_parts(len(rows)), len(np.unique(points[rows[:2_000]], axis=0)))
        parts = (
            _largest_first(_kmeans(points[rows], k, seed)) if k > 1 else np.zeros(len(rows), dtype=np.int64)
        )
        finer[rows] = parts + len(called)
        called += [f"{name}.{part + 1}" for part in range(k)] if k > 1 else [name]
        grouped += len(rows)
        steps.inside(grouped, len(labels))
    return None if len(called) == len(names) else FoundTableGroups(finer, tuple(called))


def dense_steps(n: int, *, named: bool) -> tuple[Step, ...]:
    """Return the steps of `dense_groups` of n places; `named` where texts name the regions."""
    some = min(n, DENSE)
    return (
        Step(f"how densely {some:,} places lie", len(SHARES) * some),
        Step("the words that stand out in each region", n * named),
        Step("denser regions in each", some),
        Step("the words that stand out in those", n * named),
    )


def dense_groups(
    positions: FloatArray,
    *,
    texts: Sequence[str] = (),
    progress: Callable[[int, int], object] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> FoundTableGroups:
    """Find the dense regions of a map (HDBSCAN, Campello et al. 2013) at two levels; what lies between them is in none.

    Takes positions (n, 2 or 3). The large regions are those of the first size, from a tenth of the points down, that gives 3
    to 12 of them; the finer ones are those of each by itself. Both are named from their texts. `progress(done, total)` hears of
    `dense_steps`. Raises JobError where it was stopped.
    """
    places = np.asarray(positions, dtype=np.float64)
    n = len(places)
    steps = Steps(dense_steps(n, named=bool(len(texts))), progress=progress, should_stop=should_stop)
    some = np.arange(n) if n <= DENSE else np.unique(np.linspace(0, n - 1, DENSE).round().astype(np.int64))
    found = np.full(len(some), -1, dtype=np.int64)
    size = 0
    for tries, share in enumerate(SHARES):
        steps.inside(tries, len(SHARES))
        size = max(len(some) // share, CALM)
        tried = _dense(places[some], size)
        count = int(tried.max(initial=-1)) + 1
        if count > found.max(initial=-1) + 1 and count <= MOST:
            found = tried
        if count >= 3 or size == CALM:
            break
    labels = _spread_out(places, some, found)
    k = int(labels.max(initial=-1)) + 1
    steps.next()
    names = _named(texts, labels, k)
    steps.next()
    finer = _finer(places[some], found)
    parts = int(finer.max(initial=-1)) + 1
    steps.next()
    if parts <= k:
        steps.finish()
        return FoundTableGroups(labels, names)
    finer = _spread_out(places, some, finer)
    whole = FoundTableGroups(labels, names, FoundTableGroups(finer, _named(texts, finer, parts)))
    steps.finish()
    return whole


def _dense(places: np.ndarray, size: int) -> IntArray:
    """Return the dense regions of so many places or more; all places together are none."""
    n = len(places)
    if n < 2 * size or np.ptp(places, axis=0).max() <= 0:
        return np.full(n, -1, dtype=np.int64)
    requires("sklearn")
    from sklearn.cluster import HDBSCAN

    model = HDBSCAN(min_cluster_size=size, min_samples=CALM, copy=True)
    found = np.maximum(np.asarray(model.fit_predict(places), dtype=np.int64), -1)
    return _largest_first(found) if (found >= 0).any() else found


def _finer(places: np.ndarray, labels: IntArray) -> IntArray:
    """Look for dense regions in every group by itself; one in which most places are in none stays whole."""
    finer = np.full(len(labels), -1, dtype=np.int64)
    count = 0
    for group in range(int(labels.max(initial=-1)) + 1):
        inside = np.flatnonzero(labels == group)
        parts = _dense(places[inside], max(len(inside) // (2 * PARTS), 2 * CALM))
        if parts.max(initial=-1) < 1 or (parts >= 0).mean() < MOSTLY:
            parts = np.zeros(len(inside), dtype=np.int64)
        finer[inside] = np.where(parts >= 0, parts + count, -1)
        count += int(parts.max()) + 1
    return finer


def _spread_out(places: np.ndarray, some: IntArray, labels: IntArray) -> IntArray:
    """Give every place (n, 2 or 3) the group of the nearest of `some`, of which the labels are known."""
    if len(some) == len(places) or not (labels >= 0).any():
        return labels if len(some) == len(places) else np.full(len(places), -1, dtype=np.int64)
    from sklearn.neighbors import KDTree

    nearest = np.asarray(KDTree(places[some]).query(places, k=1, return_distance=False)[:, 0], dtype=np.int64)
    return np.asarray(labels[nearest])


def _named(texts: Sequence[str], labels: IntArray, k: int) -> tuple[str, ...]:
    return named_groups(texts, labels, k) if len(texts) and k else numbered(k)


def as_categories(found: FoundTableGroups, rows: IntArray, *, n: int) -> Categories:
    """Return groups of some `rows` (m,) of a table as colours of all its n rows."""
    groups = np.full(n, -1, dtype=np.int64)
    groups[rows] = found.labels
    counts = np.bincount(found.labels[found.labels >= 0], minlength=len(found.names)).tolist()
    # where none falls into finer ones they stand for themselves: what has finer groups is outlined on the map
    own = Categories(found.names, tuple(counts), groups)
    return replace(own, finer=own if found.finer is None else as_categories(found.finer, rows, n=n))


def numbered(k: int) -> tuple[str, ...]:
    """Return names for groups that no words name."""
    return tuple(f"group {group + 1}" for group in range(k))


def named_by_columns(found: FoundTableGroups, numbers: Doubles, columns: Sequence[str]) -> FoundTableGroups:
    """Name groups of n rows by the columns in which they differ most from all rows: "petal length high, sepal width low".

    Takes numbers (n, columns); NaN is passed over. Finer groups are compared with the group that they lie in, so they say
    "higher" and "lower". A group that differs in no column keeps its number.
    """
    values: Doubles = np.asarray(numbers, dtype=np.float64)
    if not len(columns) or not len(values) or len(found.names) < 2:
        return found
    whole = np.flatnonzero(found.labels >= 0)
    names = _distinct(
        [
            _differences(values[found.labels == group], values[whole], columns, ends=("low", "high"))
            for group in range(len(found.names))
        ],
        found.names,
    )
    if (finer := found.finer) is None:
        return replace(found, names=names)
    differences = []
    for part in range(len(finer.names)):
        inside = finer.labels == part
        group = int(found.labels[np.argmax(inside)])
        around = found.labels == group
        differences.append(_differences(values[inside], values[around], columns, ends=("lower", "higher")))
        if not (around & (finer.labels != part)).any():  # it is the whole group
            differences[-1] = [names[group]]
    return FoundTableGroups(found.labels, names, replace(finer, names=_distinct(differences, finer.names)))


def named_by_table(found: FoundTableGroups, table: Table, rows: IntArray) -> FoundTableGroups:
    """Name groups of some rows (m,) of a table by its columns of numbers; of very many columns none says anything."""
    columns = number_columns(table)
    if not 0 < len(columns) <= TELLING:
        return found
    return named_by_columns(
        found, np.stack([numbers_of(table, name)[rows] for name in columns], axis=1), columns
    )


def _differences(own: Doubles, whole: Doubles, columns: Sequence[str], *, ends: tuple[str, str]) -> list[str]:
    """Say in which columns some rows (m, columns) differ from the whole (n, columns), the largest difference first."""
    sizes: Doubles = np.zeros(len(columns))
    for at in range(len(columns)):
        mine, all_ = (part[np.isfinite(part[:, at]), at] for part in (own, whole))
        if len(mine) and len(all_) and (spread := float(all_.std())) > 0:
            sizes[at] = (mine.mean() - all_.mean()) / spread
    order = np.argsort(-np.abs(sizes), kind="stable")[:COLUMNS].tolist()
    return [
        f"{' '.join(columns[at].split())[:NAMED_BY]} {ends[int(sizes[at] > 0)]}"
        for at in order
        if abs(sizes[at]) >= DIFFERS
    ]


def _distinct(differences: Sequence[list[str]], numbered: Sequence[str]) -> tuple[str, ...]:
    """Make a name of each group's differences: of the first two, of more where it is taken, or with a number at last.

    >>> _distinct([["a high", "b low", "c low"], ["a high", "b low", "c high"], []], ["group 1", "group 2", "group 3"])
    ('a high, b low', 'a high, b low, c high', 'group 3')
    """
    names: list[str] = []
    for said, number in zip(differences, numbered, strict=True):
        tried = [", ".join(said[:count]) for count in range(WORDS, COLUMNS + 1)] if said else [number]
        free = next((name for name in tried if name not in names), "")
        again = 2
        while not free:
            candidate = f"{tried[0]} ({again})"
            free, again = ("" if candidate in names else candidate), again + 1
        names.append(free)
    return tuple(names)


def _told_apart(words: Sequence[str]) -> list[str]:
    """Return the first words of which none is another's beginning, or shares five letters or more with one and ends otherwise.

    >>> _told_apart(["economy", "economic", "rates", "rate"])
    ['economy', 'rates']
    """
    kept: list[str] = []
    for word in words:
        stem = word[: max(4, min(len(word) - 2, 7))]
        if not any(word.startswith(other) or other.startswith((word, stem)) for other in kept):
            kept.append(word)
        if len(kept) == WORDS:
            break
    return kept


def named_groups(texts: Sequence[str], labels: IntArray, k: int) -> tuple[str, ...]:
    """Name each of k groups by the words with the highest c-TF-IDF (Grootendorst 2022) that no other group is named by.

    Rows of no group (−1) are passed over. Words of fewer than four letters name nothing, nor does a word in only one of a
    group's texts.
    """
    inside = [Counter[str]() for _ in range(k)]
    documents = [Counter[str]() for _ in range(k)]
    spelled: dict[str, Counter[str]] = {}
    for text, label in zip(texts, labels.tolist(), strict=True):
        if label < 0:
            continue
        words = [word for word in words_in(text) if is_long(word, 4)]
        for word in words:
            spelled.setdefault(word.casefold(), Counter())[word] += 1
        folded = [word.casefold() for word in words]
        inside[label].update(folded)
        documents[label].update(set(folded))
    every = sum(inside, Counter[str]())
    whole = sum(every.values())
    average = whole / max(k, 1)
    sizes = np.bincount(labels[labels >= 0], minlength=k)
    names, taken = [], set[str]()
    for group in range(k):
        total = max(sum(inside[group].values()), 1)

        def score(word: str, group: int = group, total: int = total) -> float:
            share = inside[group][word] / total
            elsewhere = (every[word] - inside[group][word]) / max(whole - total, 1)
            lift = max(share - elsewhere, 0.0) / (share + elsewhere)
            return share * float(np.log1p(average / every[word])) * lift

        least = min(2, int(sizes[group]))
        good = [word for word in inside[group] if documents[group][word] >= least and word not in taken]
        best = _told_apart(sorted(good, key=lambda word: (-score(word), word)))
        taken.update(best)
        names.append(", ".join(spelled[word].most_common(1)[0][0] for word in best) or f"group {group + 1}")
    return tuple(names)
