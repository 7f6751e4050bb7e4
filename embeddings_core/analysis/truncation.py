"""Vectors cut to fewer dimensions: what is lost of their neighbours and distances, measured and on a map."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import Projection
from embeddings_core.maps.timeline import align_states, same_size
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray, frozen, unit
from embeddings_core.spaces.vocabulary import load_vocabulary

DIMENSIONS = (384, 256, 128, 64, 32, 16, 8, 4, 3, 2)
QUERIES, PAIRS, BINS = 500, 20_000, 40
SETTLED, ROUNDS = 1e-5, 500
EVERYDAY = 5_000  # common words: enough for true neighbours, a second of work


@dataclass(frozen=True, eq=False)
class Truncation:
    """A space in fewer and fewer dimensions.

    Each array has one entry a step: `recall`, the share of the k true neighbours preserved; `explained`, the share
    of the variance kept; `histograms` (steps, bins) of distances between random pairs, each divided by its
    step's mean, over `edges` (bins + 1,); `spread`, their standard deviation: the smaller, the more
    everything is equally far.
    """

    dimensions: tuple[int, ...]
    recall: FloatArray
    explained: FloatArray
    histograms: FloatArray
    edges: FloatArray
    spread: FloatArray
    k: int


def truncation_steps(space: EmbeddingSet, dimensions: Sequence[int], *, least: int) -> tuple[int, ...]:
    """Return the dimensions that the space can be shortened to, most first; raises BadInputError where none is left."""
    steps = tuple(sorted({d for d in dimensions if least <= d <= space.dimensions}, reverse=True))
    if not steps:
        raise BadInputError(f"Choose dimensions between {least} and {space.dimensions:,}.")
    return steps


def measure_truncation(
    space: EmbeddingSet, *, dimensions: Sequence[int] = DIMENSIONS, k: int = 10, seed: int = 0
) -> Truncation:
    """Shorten unit vectors by PCA, step by step, and measure what is lost.

    Neighbours are searched by cosine in the whole space and by distance in the shortened one, for at most 500
    random items. Steps that the space does not have are left out. Raises BadInputError below 3 items or
    without a step.
    """
    n = len(space)
    if n < 3:
        raise BadInputError(f"At least 3 items are needed to have neighbours, this has {n}.")
    steps = truncation_steps(space, dimensions, least=1)
    k = min(k, n - 2)  # with all others as neighbours nothing could be lost
    units = unit(space.vectors)
    centred = (units - units.mean(axis=0)).astype(np.float64)
    values, axes = np.linalg.eigh(centred.T @ centred)  # d × d: small, however many items
    values, turned = np.maximum(values[::-1], 0.0), (centred @ axes[:, ::-1]).astype(np.float32)
    rng = np.random.default_rng(seed)
    queries = rng.choice(n, min(QUERIES, n), replace=False)
    truth = _nearest(-(units[queries] @ units.T), queries, k)
    left = rng.integers(0, n, PAIRS)
    right = (left + rng.integers(1, n, PAIRS)) % n
    edges = np.linspace(0.0, 2.0, BINS + 1)
    recall, histograms, spread = [], [], []
    for d in steps:
        short = turned[:, :d]
        squares = (short**2).sum(axis=1)
        found = _nearest(squares[None, :] - 2.0 * (short[queries] @ short.T), queries, k)
        recall.append(float(kept_shares(truth, found).mean()))
        lengths = np.linalg.norm(short[left] - short[right], axis=1)
        relative = lengths / max(float(lengths.mean()), 1e-12)
        histograms.append(np.histogram(np.clip(relative, 0, 2), bins=edges)[0] / PAIRS)
        spread.append(float(relative.std()))
    total = max(float(values.sum()), 1e-12)
    return Truncation(
        steps,
        frozen(recall),
        frozen([values[:d].sum() / total for d in steps]),
        frozen(np.stack(histograms)),
        frozen(edges),
        frozen(spread),
        k,
    )


def _nearest(distances: FloatArray, own: IntArray, k: int) -> IntArray:
    distances[np.arange(len(own)), own] = np.inf
    return np.asarray(np.argpartition(distances, k - 1, axis=1)[:, :k], dtype=np.int64)


@dataclass(frozen=True, eq=False)
class TruncationFilm:
    """A few words in fewer and fewer dimensions.

    `film` has one recorded frame a step; `truth` (n, k) are each word's nearest rows in all dimensions, `nearest`
    (steps, n, k) those at each step, `recall` (steps,) the share of the true ones among them; `stress` (steps,)
    is what the flat map could not show of the distances, 0 for nothing (Kruskal 1964).
    """

    film: Projection
    dimensions: tuple[int, ...]
    truth: IntArray
    nearest: IntArray
    recall: FloatArray
    stress: FloatArray


def truncation_film(
    words: EmbeddingSet, space: EmbeddingSet, *, dimensions: Sequence[int] = DIMENSIONS, k: int = 5
) -> TruncationFilm:
    """Shorten words along the main axes (PCA) of a whole space and map what is left after each step.

    The map of a step is the flat one that keeps its distances best (metric scaling by majorisation, De Leeuw
    1977). Two dimensions are a map already; from there upwards each map begins where the one before it ended.
    Raises BadInputError below 3 words, or where no step fits.
    """
    n = len(words)
    if n < 3:
        raise BadInputError(f"At least 3 words are needed to have neighbours, this has {n}.")
    steps = truncation_steps(space, dimensions, least=2)
    k = min(k, n - 2)
    units = unit(space.vectors)
    middle = units.mean(axis=0)
    axes = np.linalg.eigh((units - middle).T.astype(np.float64) @ (units - middle))[1][:, ::-1]
    turned = (unit(words.vectors) - middle).astype(np.float64) @ axes
    whole, *lengths = (apart(turned[:, :d]) for d in (space.dimensions, *steps))
    names = tuple(f"{d} dimensions" for d in steps)
    return film_in_steps(
        lengths, nearest_rows(whole, k), names=names, dimensions=steps, start=turned[:, :2], backwards=True
    )


def film_in_steps(
    lengths: Sequence[np.ndarray],
    truth: IntArray,
    *,
    names: Sequence[str],
    dimensions: Sequence[int],
    start: np.ndarray,
    backwards: bool = False,
) -> TruncationFilm:
    """Map what each step leaves of the distances (n, n), one recorded frame a step.

    The map of a step begins where that of the step before it ended, the first one at `start` (n, 2); `backwards` begins with
    the last step. `truth` (n, k) are the true nearest rows.
    """
    nearest = np.stack([nearest_rows(length, truth.shape[1]) for length in lengths])
    recall = [float(kept_shares(truth, found).mean()) for found in nearest]
    laid, maps, stresses = start, [], []
    for length in reversed(lengths) if backwards else lengths:
        laid, stress = flat_map(length, start=laid)
        maps.append(laid.astype(np.float32))
        stresses.append(stress)
    if backwards:
        maps, stresses = maps[::-1], stresses[::-1]
    note = (
        "Each state is the flat map that keeps the distances of what is left best; all are drawn in one size."
    )
    film = Projection(same_size(align_states(maps, scale=False)), tuple(names), "mds", "recorded", note=note)
    return TruncationFilm(film, tuple(dimensions), truth, nearest, frozen(recall), frozen(stresses))


def kept_shares(truth: IntArray, found: IntArray) -> np.ndarray:
    """Return which share of its true neighbours (n, k) each row still finds, (n,)."""
    return np.array([len(np.intersect1d(a, b)) / truth.shape[1] for a, b in zip(truth, found, strict=True)])


def apart(points: np.ndarray) -> np.ndarray:
    """Return the distances of every pair of points (n, d): (n, n) float64."""
    squares = (points**2).sum(axis=1)
    return np.asarray(np.sqrt(np.maximum(squares[:, None] + squares - 2 * points @ points.T, 0.0)))


def nearest_rows(distances: np.ndarray, k: int) -> IntArray:
    """Return the k nearest other rows of each, nearest first, (n, k); ties go by row."""
    others = np.where(np.eye(len(distances), dtype=bool), np.inf, distances)
    return np.argsort(others, axis=1, kind="stable")[:, :k].astype(np.int64)


def flat_map(distances: np.ndarray, *, start: np.ndarray) -> tuple[np.ndarray, float]:
    """Move points (n, 2) until their distances fit the wanted ones (n, n) as well as they can.

    Each round is a Guttman transform, which never makes the fit worse. Returns the points and the stress: the root
    of the squared misfit over the squared distances.
    """
    n, total = len(distances), max(float((distances**2).sum()), 1e-12)
    points, before = start, np.inf
    for _ in range(ROUNDS):
        now = apart(points)
        stress = float(np.sqrt(((now - distances) ** 2).sum() / total))
        if before - stress < SETTLED:
            break
        before = stress
        pull = -np.divide(distances, now, out=np.zeros_like(now), where=now > 1e-12)
        pull[np.arange(n), np.arange(n)] -= pull.sum(axis=1)
        points = pull @ points / n
    return points, stress


@lru_cache(maxsize=1)
def everyday_space() -> EmbeddingSet:
    """Return the 5,000 commonest words of the bundled space: what truncation is measured on in the pages."""
    space = load_vocabulary()
    return space.take(range(min(EVERYDAY, len(space))))


def everyday_truncation() -> Truncation:
    """Measure the truncation of the 5,000 commonest words."""
    return measure_truncation(everyday_space())
