"""What the worker does before the first visitor comes: every compiled kernel is loaded or compiled."""

import time

import numpy as np

from embeddings_core.analysis.clustering import density, kmeans
from embeddings_core.maps.projection import project
from embeddings_core.spaces.embedding_set import EmbeddingSet


def warm_up_kernels() -> float:
    """Fit every method on 24 points, so that all compiled code is in memory; return the seconds it took."""
    start = time.monotonic()
    vectors = np.random.default_rng(0).normal(size=(24, 16)).astype(np.float32)
    few = EmbeddingSet(tuple(map(str, range(24))), vectors)
    for method in ("umap", "tsne"):
        project(few, method=method, epochs=20)
    kmeans(few, k=2)
    density(vectors[:, :2])
    return time.monotonic() - start
