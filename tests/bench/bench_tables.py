"""Own tables against the plain calls, side by side in one run: reading, neighbours, UMAP, groups; CPU seconds and ratios.

    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 NUMBA_NUM_THREADS=1 python tests/bench/bench_tables.py [rows]

384 dimensions: vectors of the bundled word space, repeated with a little noise where more are asked for than it has.
"""

import io
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np

from embeddings_core.analysis.clustering import kmeans
from embeddings_core.maps.knn_graph import coordinates, knn_graph, neighbour_graph
from embeddings_core.maps.projection import project
from embeddings_core.maps.trust import sampled_trust
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vocabulary import load_vocabulary
from embeddings_core.tables.groups import table_groups
from embeddings_core.tables.questions import categories, holding
from embeddings_core.tables.reading import read_table


def timed(what: str, work: Callable[[], object]) -> tuple[float, object]:
    start = time.process_time()
    result = work()
    seconds = time.process_time() - start
    print(f"  {what:<46} {seconds:8.2f} CPU s", flush=True)
    return seconds, result


def vectors(n: int) -> np.ndarray:
    words = load_vocabulary().vectors
    rows = np.arange(n) % len(words)
    noise = np.random.default_rng(0).normal(scale=0.01, size=(n, words.shape[1])).astype(np.float32)
    return coordinates(words[rows] + noise * (np.arange(n) >= len(words))[:, None])


def trustworthiness(points: np.ndarray, positions: np.ndarray, *, k: int = 15, asked: int = 1_000) -> float:
    """Return the trustworthiness (Venna & Kaski 2001) of a map (n, 2) of points (n, d), asked of a sample of rows."""
    n, penalty = len(points), 0
    for row in np.random.default_rng(1).permutation(n)[:asked]:
        away = ((points - points[row]) ** 2).sum(axis=1)
        away[row] = -1.0
        rank = np.empty(n, dtype=np.int64)
        rank[np.argsort(away, kind="stable")] = np.arange(n)
        shown = ((positions - positions[row]) ** 2).sum(axis=1)
        shown[row] = np.inf
        penalty += int(np.maximum(rank[np.argpartition(shown, k)[:k]] - k, 0).sum())
    return 1.0 - 2.0 * penalty / (min(asked, n) * k * (2 * n - 3 * k - 1))


def main(n: int) -> None:
    from sklearn.cluster import KMeans
    from sklearn.decomposition import PCA
    from umap import UMAP

    warnings.simplefilter("ignore")
    lines = "".join(
        f'{row},"text {row} with some words, and more",{row % 5},{row / 2},2020-01-{1 + row % 28:02}\n'
        for row in range(100_000)
    )
    content = f"id,text,stars,price,day\n{lines}".encode()
    print("a CSV of 100,000 rows")
    _, table = timed("read_table", lambda: read_table(content))
    import pandas as pd

    timed("pandas.read_csv", lambda: pd.read_csv(io.BytesIO(content)))
    timed("colours of a column", lambda: categories(table, "stars"))  # type: ignore[arg-type]
    timed("search by substring", lambda: holding(table, "99 with"))  # type: ignore[arg-type]
    points = vectors(n)
    small = EmbeddingSet(tuple(map(str, range(600))), points[:600])
    project(small, epochs=20)
    project(EmbeddingSet(tuple(map(str, range(7_000))), points[:7_000]), epochs=10)
    UMAP(n_epochs=20, n_jobs=1, random_state=0).fit(points[:600])  # both have compiled now
    UMAP(n_epochs=5, n_jobs=1, random_state=0).fit(points[:5_000])  # the approximate search, too
    print(f"{n:,} × {points.shape[1]}")
    exact, true = timed("neighbours, exact", lambda: knn_graph(points, 14))
    index, near = timed("neighbours, descent", lambda: neighbour_graph(points, 14))
    shared = np.mean([len(set(a) & set(b)) / 14 for a, b in zip(true[0], near[0], strict=True)])  # type: ignore[index]
    print(f"    recall {shared:.3f}, {index / exact:.2f} × exact")
    given = EmbeddingSet(tuple(map(str, range(n))), points)
    ours, mapped = timed("UMAP with its film, project", lambda: project(given))
    plain, flat = timed(
        "UMAP, plain umap-learn", lambda: UMAP(n_epochs=200, n_jobs=1, random_state=0).fit_transform(points)
    )
    scores = [sampled_trust(points, np.asarray(positions, np.float32)) for positions in (mapped.final, flat)]  # type: ignore[attr-defined]
    worth = [trustworthiness(points, np.asarray(positions)) for positions in (mapped.final, flat)]  # type: ignore[attr-defined]
    print(f"    {ours / plain:.2f} × plain; kept neighbours {scores[0]:.3f} against {scores[1]:.3f}")
    print(
        f"    trustworthiness {worth[0]:.3f} against {worth[1]:.3f}: {worth[0] / worth[1]:.3f} (at least 0.98)"
    )
    ours, _ = timed("PCA, project", lambda: project(given, method="pca"))
    plain, _ = timed("PCA, scikit-learn", lambda: PCA(2, random_state=0).fit_transform(points))
    print(f"    {ours / plain:.2f} × scikit-learn")
    ours, _ = timed("12 groups, table_groups", lambda: table_groups(points, k=12))
    plain, _ = timed("12 groups, scikit-learn", lambda: KMeans(12, n_init=1, random_state=0).fit(points))
    print(f"    {ours / plain:.2f} × scikit-learn")
    kmeans(small, k=3)
    ours, steps = timed("50 groups with their steps, kmeans", lambda: kmeans(given, k=50))
    plain, found = timed(
        "50 groups, scikit-learn, as many starts", lambda: KMeans(50, n_init=3, random_state=0).fit(points)
    )
    print(
        f"    {ours / plain:.2f} × scikit-learn; sums of squares {steps.inertias[-1] / found.inertia_:.4f} ×"  # type: ignore[attr-defined]
    )
    timed("trust of a sample", lambda: sampled_trust(points, mapped.final))  # type: ignore[attr-defined]


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
