"""Principal components, computed so that they come out the same every time."""

import numpy as np

from embeddings_core.errors import requires
from embeddings_core.spaces.vectors import FloatArray

LARGEST_TABLE = 1024  # dimensions whose table of products is taken apart whole
DOUBLE = (
    2**21
)  # numbers, 5,000 rows of 384; of more, rounding changes nothing that can be seen, and float32 takes half the time


def principal_components(points: FloatArray, dimensions: int) -> tuple[FloatArray, tuple[float, ...]]:
    """Compute the first principal components: positions (n, dimensions) and their shares of the variance.

    Takes points (n, d) of moderate size (see `knn_graph.coordinates`).
    """
    n, d = points.shape
    if n * d > DOUBLE and d <= LARGEST_TABLE:
        return _of_many(points, dimensions)
    return _of_few(points, dimensions)


def _of_few(points: FloatArray, dimensions: int) -> tuple[FloatArray, tuple[float, ...]]:
    n, d = points.shape
    centred = points.astype(np.float64) if n * d <= DOUBLE else points
    centred = centred - centred.mean(axis=0, dtype=np.float64).astype(centred.dtype)
    total = float(np.einsum("ij,ij->", centred, centred, dtype=np.float64))
    count = min(dimensions, n, d)
    if n < 2 or total <= 1e-14 * n:
        return np.zeros((n, dimensions), dtype=np.float32), (0.0,) * dimensions
    axes = _right_singular_vectors(centred, count)
    flip = np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(count)])
    positions = np.zeros((n, dimensions), dtype=np.float32)
    positions[:, :count] = centred @ (axes * np.where(flip == 0, 1.0, flip))
    shares = (positions.astype(np.float64) ** 2).sum(axis=0) / total
    return positions, tuple(float(share) for share in shares)


def _of_many(points: FloatArray, dimensions: int) -> tuple[FloatArray, tuple[float, ...]]:
    """Do the same for many rows without a centred copy of them: from the table of their products, less that of their mean."""
    requires("scipy")
    from scipy.linalg import eigh

    n, d = points.shape
    count = min(dimensions, d)
    mean = np.ones(n, dtype=np.float32) @ points / np.float64(n)
    table = (points.T @ points).astype(np.float64) - n * np.outer(mean, mean)
    total = float(np.trace(table))
    if total <= 1e-7 * n:  # as near as float32 tells equal rows from others
        return _of_few(points, dimensions)
    axes = eigh(table, subset_by_index=[d - count, d - 1])[1][:, ::-1]
    axes = axes * np.where(
        (flip := np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(count)])) == 0, 1.0, flip
    )
    positions = np.zeros((n, dimensions), dtype=np.float32)
    positions[:, :count] = points @ axes.astype(np.float32) - (mean @ axes).astype(np.float32)
    shares = np.einsum("ij,ij->j", positions, positions, dtype=np.float64) / total
    return positions, tuple(float(share) for share in shares)


def _right_singular_vectors(centred: np.ndarray, count: int) -> np.ndarray:
    """Return the `count` leading right singular vectors as columns, (d, count)."""
    n, d = centred.shape
    if min(n, d) > LARGEST_TABLE and count < min(
        n, d
    ):  # the whole decomposition would take minutes for three axes
        requires("scipy")
        from scipy.sparse.linalg import eigsh

        size = min(n, d)
        table = centred.T @ centred if d <= n else centred @ centred.T
        vectors = eigsh(table, k=count, which="LA", v0=np.ones(size, dtype=table.dtype))[1][:, ::-1]
    else:
        table = centred.T @ centred if d <= n else centred @ centred.T
        vectors = np.linalg.eigh(table.astype(np.float64))[1][:, ::-1][:, :count]
    if d <= n:
        return np.asarray(vectors)
    axes = centred.T @ vectors
    lengths = np.linalg.norm(axes, axis=0)
    return np.asarray(np.divide(axes, lengths, out=np.zeros_like(axes), where=lengths > 1e-12))
