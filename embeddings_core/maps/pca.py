"""Principal components, computed so that they come out the same every time."""

import numpy as np

from embeddings_core.errors import requires
from embeddings_core.spaces.vectors import FloatArray


def principal_components(points: FloatArray, dimensions: int) -> tuple[FloatArray, tuple[float, ...]]:
    """Compute the first principal components: positions (n, dimensions) and their shares of the variance.

    Takes points (n, d) of moderate size (see `knn_graph.coordinates`).
    """
    n, d = points.shape
    centred = points.astype(np.float64) if n * d <= 2**23 else points
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


def _right_singular_vectors(centred: np.ndarray, count: int) -> np.ndarray:
    """Return the `count` leading right singular vectors as columns, (d, count)."""
    n, d = centred.shape
    if min(n, d) > 1024 and count < min(n, d):  # the whole decomposition would take minutes for three axes
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
