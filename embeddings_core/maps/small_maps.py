"""Small maps: among few items one UMAP fit keeps half of the nearest neighbours and the next nine of ten; many are tried.

UMAP's objective says little about a dozen points: where they end depends on the number of neighbours, the smallest
distance and the random draws. The fit that is shown is the one, among many real ones, that keeps most of the
nearest neighbours of the original space.
"""

import warnings
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from embeddings_core.errors import requires
from embeddings_core.maps.knn_graph import squared_distances
from embeddings_core.maps.optimisers import OPTIMISER_LOCK, run_umap, umap_parameters
from embeddings_core.maps.settings import SMALL_EPOCHS, MapSettings
from embeddings_core.maps.timeline import keyframes
from embeddings_core.spaces.vectors import FloatArray

MOSTLY = 0.75  # of the items keep their nearest neighbour, where any fit has it so
FILMS = 12  # of so many of the best fits the film is looked at
TIE = 1 + 1e-4  # rounding may part what is equally far


@dataclass(frozen=True)
class Candidate:
    """The settings of one fit and what its map keeps: nearest neighbours (a count), and a share of the three nearest.

    `room` is the median way to the nearest point as a share of the map's longer side, `width` the map's shorter side as
    a share of its longer one.
    """

    settings: MapSettings
    nearest: int
    share: float
    room: float
    width: float

    def score(self, n: int) -> float:
        """What the fit is chosen by: neighbours first, and as much as three of ten of them for a map that can be read.

        A map of a dozen words that keeps one neighbour more as a line, or as crumbs far apart, shows less.
        """
        return self.nearest / n + 0.3 * self.share + min(self.room, 0.1) + 0.3 * min(self.width, 0.6)


@dataclass(frozen=True, eq=False)
class BestRun:
    """The run that is shown: its states (epochs + 1, n, 2 or 3), their epochs, and the lines of its card."""

    states: FloatArray
    epochs: tuple[int, ...]
    settings: MapSettings
    nearest: int

    def rows(self) -> tuple[tuple[str, str], ...]:
        """Return (name, value) pairs of the settings, and what this fit was chosen for."""
        n, tried = self.states.shape[1], self.settings.best_of
        chosen = f"the best of {tried} fits, keeping the nearest neighbour of {self.nearest} of {n}"
        return (
            *((name, value) for name, value in self.settings.rows() if name != "best of"),
            ("chosen as", chosen),
        )


def best_run(points: FloatArray, start: FloatArray, chosen: MapSettings) -> BestRun:
    """Return the fit that keeps most nearest neighbours, of those whose film ends at least as grouped as it ever was.

    Takes n points and a start (n, 2 or 3). How grouped a moment is: the share of the three nearest neighbours that are
    near in it. Fits that end as grouped as they start come first, and among them those that keep the nearest neighbour of
    three items of four. Where no film of the best twelve ends best, the one that comes closest is taken.
    """
    three = _three(len(points))
    at_start = float(preserved_share(points, start[None], k=three)[0])
    fits = sorted(
        ranked_fits(points, start, chosen),
        key=lambda fit: (fit.share < at_start - 1e-6, fit.nearest < MOSTLY * len(points)),
    )
    short: list[tuple[float, int, BestRun]] = []
    for rank, fit in enumerate(fits[:FILMS]):
        states, epochs = run_umap(points, start, fit.settings)
        grouped = preserved_share(points, keyframes(states)[1], k=three)
        loss = float(grouped.max() - grouped[-1])
        short.append((round(loss, 3), rank, BestRun(states, epochs, fit.settings, fit.nearest)))
        if loss < 1e-6:
            break
    return min(short, key=lambda each: each[:2])[2]


def ranked_fits(points: FloatArray, start: FloatArray, chosen: MapSettings) -> list[Candidate]:
    """Fit UMAP to n points from one start under many settings; return them, the best first (`Candidate.score`).

    Tries the neighbours of `chosen` and one more, four and eight times its smallest distance (few points have room), each
    with as many seeds as `chosen.best_of` allows, about 4 ms a fit. Every one is, number for number, the plain call with
    its settings.
    """
    n = len(points)
    assert chosen.neighbours is not None and chosen.min_dist is not None
    widths = sorted({chosen.neighbours, min(chosen.neighbours + 1, n - 1)})
    seeds = (chosen.best_of or 4) // 4
    tried: list[MapSettings] = []
    layouts: list[FloatArray] = []
    with OPTIMISER_LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about parts of the library that nobody here calls
        for width in widths:
            edges = _edges(points, start, replace(chosen, neighbours=width))
            for min_dist in (min(4 * chosen.min_dist, 1.0), min(8 * chosen.min_dist, 1.0)):
                for seed in range(seeds * chosen.seed, seeds * (chosen.seed + 1)):
                    tried.append(
                        replace(chosen, neighbours=width, min_dist=round(min_dist, 4), seed=seed % 2**32)
                    )
                    layouts.append(_layout(edges, start, tried[-1]))
    found = np.stack(layouts)
    found[~np.isfinite(found)] = 0.0
    nearest = [round(float(each) * n) for each in preserved_share(points, found, k=1)]
    three = preserved_share(points, found, k=_three(n))
    candidates = [
        Candidate(*each) for each in zip(tried, nearest, map(float, three), *_room(found), strict=True)
    ]
    return sorted(candidates, key=lambda each: -each.score(n))


def _room(maps: FloatArray) -> tuple[list[float], list[float]]:
    """Return for maps (m, n, 2 or 3) how far the nearest point is, and how wide the map is along its own axes."""
    apart = np.linalg.norm(maps[:, :, None, :] - maps[:, None, :, :], axis=3)
    apart[:, np.arange(maps.shape[1]), np.arange(maps.shape[1])] = np.inf
    sides = np.linalg.svd(maps - maps.mean(axis=1, keepdims=True), compute_uv=False)
    longest = np.maximum(np.ptp(maps, axis=1).max(axis=1), 1e-12)
    room = np.median(apart.min(axis=2), axis=1) / longest
    return list(map(float, room)), list(map(float, sides[:, -1] / np.maximum(sides[:, 0], 1e-12)))


def _three(n: int) -> int:
    return min(3, max(1, n // 3))


def preserved_share(points: FloatArray, maps: FloatArray, *, k: int) -> FloatArray:
    """Return which share of the k nearest neighbours of n points is among the k nearest on each map, ties counted.

    Takes points (n, d) and maps (m, n, 2 or 3); returns (m,).

    >>> line = np.array([[0.0], [1.0], [3.0]], dtype=np.float32)
    >>> preserved_share(line, np.array([[[0, 0], [1, 0], [3, 0]], [[0, 0], [3, 0], [1, 0]]], dtype=np.float32), k=1)
    array([1.        , 0.33333334], dtype=float32)
    """
    n = len(points)
    true = np.concatenate([block for _, block in squared_distances(points)])
    np.fill_diagonal(true, np.inf)
    reach = np.partition(true, k - 1, axis=1)[:, k - 1 : k]
    wanted = true <= reach * TIE + 1e-9  # (n, n): all that are as near as the k-th
    drawn = np.linalg.norm(maps[:, :, None, :] - maps[:, None, :, :], axis=3)
    drawn[:, np.arange(n), np.arange(n)] = np.inf
    near = drawn <= np.partition(drawn, k - 1, axis=2)[:, :, k - 1 : k] * TIE
    kept = np.minimum((near & wanted).sum(axis=2), k)
    share: FloatArray = (kept.mean(axis=1) / k).astype(np.float32)
    return share


@lru_cache(maxsize=64)
def _curve(min_dist: float) -> tuple[float, float]:
    """UMAP's curve from distances to closeness: a fit of its own, 10 ms each, the same every time."""
    requires("umap")
    from umap.umap_ import find_ab_params

    a, b = find_ab_params(1.0, min_dist)
    return float(a), float(b)


def _edges(points: FloatArray, start: FloatArray, chosen: MapSettings) -> Any:
    """UMAP's weighted neighbour graph, without the edges that would never be drawn in this many epochs."""
    requires("umap")
    from umap.umap_ import fuzzy_simplicial_set

    rows, distances = umap_parameters(points, start, chosen)["precomputed_knn"]
    graph, *_ = fuzzy_simplicial_set(
        points,
        chosen.neighbours,
        np.random.RandomState(0),  # only an approximate search would draw from it
        "euclidean",
        knn_indices=rows,
        knn_dists=distances,
    )
    graph = graph.tocoo()
    graph.sum_duplicates()
    graph.data[graph.data < graph.data.max() / float(chosen.epochs or SMALL_EPOCHS)] = 0.0
    graph.eliminate_zeros()
    return graph


def _layout(edges: Any, start: FloatArray, chosen: MapSettings) -> FloatArray:
    """Run UMAP's optimiser alone: the same draws in the same order as the whole call."""
    from umap.layouts import optimize_layout_euclidean
    from umap.umap_ import INT32_MAX, INT32_MIN, make_epochs_per_sample

    epochs = int(chosen.epochs or SMALL_EPOCHS)
    draws = np.random.RandomState(chosen.seed).randint(INT32_MIN, INT32_MAX, 3).astype(np.int64)
    layout = start.copy()
    moved: FloatArray = optimize_layout_euclidean(
        layout,
        layout,
        edges.row,
        edges.col,
        epochs,
        len(layout),
        make_epochs_per_sample(edges.data, epochs),
        *_curve(float(chosen.min_dist or 0.0)),
        draws,
        1.0,
        1.0,
        5,
        parallel=False,
        verbose=False,
        move_other=True,
    )
    return moved
