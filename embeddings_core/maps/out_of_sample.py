"""The out-of-sample transform: new items on a map that was computed without them."""

from collections.abc import Callable

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.maps.knn_graph import SAME, MapMetric, coordinates, nearest_rows
from embeddings_core.maps.projection import Projection
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray

NEAREST_OF_ALL = 1e-5  # a distance; copies lie where the others are


def place(
    projection: Projection,
    embeddings: EmbeddingSet,
    new_embeddings: EmbeddingSet,
    *,
    k: int = 5,
    metric: MapMetric = "cosine",
) -> FloatArray:
    """Transform m new items into an existing map (out of sample); the old points do not move.

    `embeddings` are the n items on the map. Returns positions (m, 2 or 3). On a PCA map (rotated and scaled or not)
    this is the exact projection. Elsewhere it is the weighted mean of the positions of the k nearest old items
    *in the original space*, with weights ((R − d) / (R · d))², R the distance of the next one (modified
    Shepard, Franke & Nielson 1980): the position changes without jumps, and a new vector equal to an old one
    lands exactly on it. Raises BadInputError where the sets do not fit.
    """
    old, n = projection.final, len(embeddings)
    if len(old) != n or not n:
        raise BadInputError(f"The map shows {len(old)} items, but {n} came with it; they must be the same.")
    if embeddings.dimensions != new_embeddings.dimensions:
        raise BadInputError(
            f"The new vectors have {new_embeddings.dimensions} dimensions, the map was made from"
            f" {embeddings.dimensions}; use the same model for both."
        )
    together = np.concatenate([embeddings.vectors, new_embeddings.vectors])
    points = coordinates(together, metric=metric)
    if projection.method == "pca":
        linear = linear_transform(points[:n], old)
        if linear is not None:
            return linear(points[n:])
    rows, distances = nearest_rows(points[n:], points[:n], k=min(k + 1, n))
    d = distances.astype(np.float64)
    reach = d[:, -1:] if n > k else 1.5 * d[:, -1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        weights = np.where(d > 0, np.maximum(reach - d, 0.0) / (reach * d), 0.0) ** 2
    exact = d <= SAME
    weights = np.where(exact.any(axis=1, keepdims=True), exact, weights)
    lonely = weights.sum(axis=1) <= 0  # all at one distance: the plain mean
    weights[lonely] = 1.0
    weights /= weights.sum(axis=1, keepdims=True)
    return np.asarray(np.einsum("mk,mkc->mc", weights, old[rows].astype(np.float64)), dtype=np.float32)


def weights_where_neighbours_agree(rows: IntArray, distances: FloatArray, places: FloatArray) -> FloatArray:
    """Return how much each of k neighbours counts for the place of m new items, (m, k), each row with a sum of 1.

    A plain mean of the places of many neighbours lies between the groups they are in, where no item is. So the mean is taken round
    the place that most neighbours are near to (one step of mean shift, Comaniciu & Meer 2002, from the best of them), each with
    1 / its squared distance. `rows` and `distances` (m, k) are the nearest first, `places` (n, 2 or 3) those of all old items.
    """
    own = places[rows]
    count = rows.shape[1]
    squares = np.zeros((len(rows), count, count), dtype=np.float32)
    for axis in range(places.shape[1]):
        apart = own[:, :, None, axis] - own[:, None, :, axis]
        squares += apart * apart
    squares /= np.float32(_reach(places) ** 2)
    near = 1.0 / np.maximum(distances, NEAREST_OF_ALL) ** 2
    agreed = np.einsum("mk,mjk->mj", near, 1.0 / (1.0 + squares)).argmax(axis=1)
    weights = near * np.exp(-squares[np.arange(len(rows)), agreed])
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), dtype=np.float32)


def _reach(places: FloatArray) -> float:
    """Return how far apart on a map neighbours may be that agree: three times the mean spacing of its points."""
    low, high = np.percentile(places, [1, 99], axis=0)
    area = float(np.prod(np.maximum(high - low, 1e-6)))
    return float(3.0 * (area / max(len(places), 1)) ** (1 / places.shape[1]))


def linear_transform(points: FloatArray, old: FloatArray) -> Callable[[FloatArray], FloatArray] | None:
    """Return what projects new points where the map is a linear view of the old ones (n, d); None where it is not."""
    middle = points.mean(axis=0, dtype=np.float64)
    axes, *_ = np.linalg.lstsq(points - middle, old - old.mean(axis=0, dtype=np.float64), rcond=1e-5)
    fitted = (points - middle) @ axes + old.mean(axis=0, dtype=np.float64)
    if np.abs(fitted - old).max() > 1e-3 * max(float(np.ptp(old)), 1e-12):
        return None

    def transform(new: FloatArray) -> FloatArray:
        return np.asarray((new - middle) @ axes + old.mean(axis=0, dtype=np.float64), dtype=np.float32)

    return transform
