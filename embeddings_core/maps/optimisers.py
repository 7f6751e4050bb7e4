"""Real optimiser runs, with every epoch kept: UMAP and t-SNE from the same starting layout."""

import io
import os
import threading
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from embeddings_core.errors import requires
from embeddings_core.maps.knn_graph import neighbour_graph
from embeddings_core.maps.layout_descent import descend
from embeddings_core.maps.settings import MapSettings
from embeddings_core.spaces.vectors import FloatArray

Progress = Callable[[int, int], object]

OWN_DESCENT = 6_000  # points; from here on umap-learn's optimiser takes three quarters of the time of a map
SOUGHT = 0.7  # of an epoch's worth an epoch: what finding the neighbours of many points takes
TOLD = 1_000  # points, below which umap-learn's fit is over before anybody reads how far it is
# Two of these fits at once abort the whole process on one of numba's threading layers.
OPTIMISER_LOCK = threading.RLock()


def start_layout(layout: FloatArray, *, stretch: bool, seed: int = 0) -> FloatArray:
    """Prepare a layout (n, 2 or 3) as the start of a fit; with `stretch` to 0–10 on every axis.

    UMAP stretches any start like that, so its first state is this array, number for number. An axis without
    extent, and points on the very same place, get a little seeded noise: UMAP divides by the extent, and
    equal points could never part. Other layouts keep their shape.
    """
    rng = np.random.default_rng(seed)
    array = layout.astype(np.float64) - layout.min(axis=0)
    span = float(np.ptp(array, axis=0).max()) or 1.0
    flat = np.ptp(array, axis=0) <= 1e-6 * span
    noise = rng.uniform(0.0, 0.01 * span, array.shape)
    array = np.where(flat, noise, array)
    if len(np.unique(array.astype(np.float32), axis=0)) < len(array):
        array += 0.01 * noise
    if stretch:
        for _ in range(
            2
        ):  # the second time takes what rounding left, so that UMAP's own turn changes nothing
            array = array - array.min(axis=0)
            array = (10.0 * array / array.max(axis=0)).astype(np.float32)
    start: FloatArray = array.astype(np.float32)
    return start


def umap_parameters(
    points: FloatArray, start: FloatArray, settings: MapSettings, *, progress: Progress | None = None
) -> dict[str, Any]:
    """Return the arguments of `umap.UMAP(...)`: exact neighbours, our start, one seeded thread.

    Our own neighbours (exact below 6,000 items) spare the compilation of another search; one thread beats two below 5,000 points
    and repeats itself to the last bit.
    """
    assert settings.neighbours is not None and settings.min_dist is not None
    rows, distances = neighbour_graph(points, settings.neighbours - 1, spare=0, progress=progress)
    own = np.arange(len(points))[:, None]  # UMAP counts a point as its own first neighbour
    return {
        "n_neighbors": settings.neighbours,
        "min_dist": settings.min_dist,
        "n_components": settings.dimensions,
        "n_epochs": settings.epochs,
        "init": start,
        "metric": "euclidean",
        "random_state": settings.seed,
        "n_jobs": 1,
        "precomputed_knn": (
            np.concatenate([own, rows], axis=1),
            np.concatenate([np.zeros((len(points), 1), dtype=np.float32), distances], axis=1),
        ),
    }


def share_of_neighbours(n: int) -> float:
    """Return the share of the progress of a map of n points that is the search of their neighbours."""
    return SOUGHT / (1 + SOUGHT) if n >= OWN_DESCENT else 0.0


def run_umap(
    points: FloatArray, start: FloatArray, settings: MapSettings, *, progress: Progress | None = None
) -> tuple[FloatArray, tuple[int, ...]]:
    """Fit UMAP (McInnes et al. 2018) and return every state and its epoch, from the start to the end.

    States are (epochs + 1, n, 2 or 3). The last is, number for number, what the plain call with the same
    parameters returns; from 6,000 points on the same graph is laid out by `layout_descent`, in a quarter of the time.
    `progress(done, total)` is called while it runs, in epochs, of which finding neighbours counts as some; what it raises ends it.
    """
    epochs = int(settings.epochs or 1)
    many = len(points) >= OWN_DESCENT
    sought = round(epochs * SOUGHT) if many else 0

    def searched(done: int, total: int) -> None:
        if progress is not None:
            progress(sought * done // total, sought + epochs)

    def fitted(done: int, total: int) -> None:
        if progress is not None:
            progress(sought + done, sought + epochs)

    parameters = umap_parameters(points, start, settings, progress=searched)
    if many:
        return _run_of_many(points, parameters, fitted), tuple(range(epochs + 1))
    if progress is not None and len(points) >= TOLD:
        parameters["tqdm_kwds"] = {
            "disable": False, "file": _Told(fitted), "bar_format": "{n_fmt}/{total_fmt}", "mininterval": 0.2,
        }  # fmt: skip
    with OPTIMISER_LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about compilation and transform(), which nobody here calls
        requires("umap")
        from umap import UMAP

        # the list names epochs whose state is kept; the state after the last one is appended anyway
        model = UMAP(**{**parameters, "n_epochs": [*range(epochs), epochs]})
        model.fit(points)
    states = np.stack([start, *model.embedding_list_[:epochs]]).astype(np.float32)
    return states if np.isfinite(states).all() else _without_holes(states), tuple(range(epochs + 1))


class _Told(io.StringIO):
    """What umap-learn writes its bar of progress into: "12/500"."""

    def __init__(self, fitted: Progress) -> None:
        super().__init__()
        self._fitted = fitted

    def write(self, text: str) -> int:
        done, _, total = text.strip().partition("/")
        if done.isdecimal() and total.isdecimal():
            self._fitted(int(done), int(total))
        return len(text)


def _run_of_many(points: FloatArray, parameters: dict[str, Any], fitted: Progress) -> FloatArray:
    """Make UMAP's graph with its own functions and lay it out; returns the states (epochs + 1, n, 2 or 3)."""
    with OPTIMISER_LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        requires("umap")
        from umap.umap_ import find_ab_params, fuzzy_simplicial_set

        near, distances = parameters["precomputed_knn"]
        graph = fuzzy_simplicial_set(
            points,
            parameters["n_neighbors"],
            np.random.RandomState(0),  # not used where the neighbours are given
            "euclidean",
            knn_indices=near,
            knn_dists=distances,
        )[0].tocsr()
        graph.sum_duplicates()
        edges = graph.tocoo()  # heads in rising order
        epochs = int(parameters["n_epochs"])
        return descend(
            parameters["init"],
            edges=(edges.row, edges.col, edges.data),
            curve=find_ab_params(1.0, parameters["min_dist"]),
            epochs=epochs,
            kept=tuple(range(epochs + 1)),
            seed=int(parameters["random_state"]),
            progress=fitted,
        )


def _without_holes(states: FloatArray) -> FloatArray:
    """Put a point that the optimiser lost (no edge holds it) where it started, at every moment."""
    lost = ~np.isfinite(states).all(axis=(0, 2))
    states[:, lost] = states[0, lost]
    return np.nan_to_num(states)


def tsne_parameters(settings: MapSettings) -> dict[str, Any]:
    """Return the arguments of the t-SNE optimiser: the early exaggerated third, then the rest; one thread."""
    epochs = settings.epochs or 750
    early = epochs // 3
    return {
        "n_components": settings.dimensions,
        "early_exaggeration": settings.early_exaggeration,
        "early_exaggeration_iter": early,
        "n_iter": epochs - early,
        "learning_rate": "auto",
        "negative_gradient_method": "bh",
        "n_jobs": 1,
        "random_state": settings.seed,
    }


def run_tsne(
    points: FloatArray, start: FloatArray, settings: MapSettings, *, progress: Progress | None = None
) -> tuple[FloatArray, tuple[int, ...]]:
    """Fit t-SNE (van der Maaten & Hinton 2008; openTSNE) and return every fifth state and its iteration.

    States are (states, n, 2 or 3). The first is the start layout shrunk to a spread of 0.0001, as the method
    wants it; in the early third of the iterations attraction is exaggerated; the last is what the plain call
    returns. `progress(done, total)` is called while it runs.
    """
    assert settings.perplexity is not None
    epochs = settings.epochs or 750
    # the affinities look at three times the perplexity; the start must be tiny and the same in all directions
    rows, distances = neighbour_graph(points, min(len(points) - 1, int(3 * settings.perplexity)))
    centred = start.astype(np.float64) - start.mean(axis=0, dtype=np.float64)
    layout = centred / max(float(centred.std(axis=0).max()), 1e-12) * 1e-4
    states, moments = [layout.astype(np.float32)], [0]
    phase = 0

    def keep(iteration: int, _error: float, embedding: np.ndarray) -> None:
        # called before the update of this iteration, so this is the state after `iteration - 1`
        moments.append(phase + iteration - 1)
        states.append(np.array(embedding, dtype=np.float32))
        if progress is not None:
            progress(moments[-1], epochs)

    parameters = tsne_parameters(settings)
    with OPTIMISER_LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.environ.setdefault("OMP_NUM_THREADS", "1")
        requires("openTSNE")
        from openTSNE import TSNE
        from openTSNE.affinity import PerplexityBasedNN
        from openTSNE.nearest_neighbors import PrecomputedNeighbors

        table = PrecomputedNeighbors(rows, distances.astype(np.float64))
        affinities = PerplexityBasedNN(perplexity=settings.perplexity, knn_index=table, n_jobs=1)
        model = TSNE(**parameters, callbacks=keep, callbacks_every_iters=5)
        embedding = model.prepare_initial(affinities=affinities, initialization=layout)
        embedding.optimize(
            n_iter=model.early_exaggeration_iter,
            exaggeration=model.early_exaggeration,
            momentum=model.initial_momentum,
            inplace=True,
        )
        phase = model.early_exaggeration_iter
        embedding.optimize(n_iter=model.n_iter, momentum=model.final_momentum, inplace=True)
    states.append(np.asarray(embedding, dtype=np.float32))
    return np.stack(states), (*moments, epochs)
