"""Groups of pictures are called by the picture nearest their centre."""

import numpy as np

from embeddings_core.analysis.clustering import Clustering, kmeans
from embeddings_core.pictures.groups import called_by_typical
from embeddings_core.spaces.embedding_set import EmbeddingSet

NAMES = ("a", "b", "c", "d", "e")
VECTORS = np.array([[1, 0.3], [1, 0], [1, -0.4], [0.1, 1], [-0.2, 2]], np.float32)


def test_a_group_is_called_by_its_member_nearest_the_mean_direction() -> None:
    labels = np.array([0, 0, 0, 1, -1])
    found = Clustering(labels, np.zeros((2, 3), np.float32), "HDBSCAN", ("group 1", "group 2"))
    named, rows = called_by_typical(found, VECTORS, NAMES)
    assert rows == (1, 3) and named.names == ("like b", "like d")
    np.testing.assert_array_equal(named.labels, labels)


def test_the_length_of_a_vector_does_not_count() -> None:
    found = kmeans(EmbeddingSet(NAMES, VECTORS), k=2)
    long = VECTORS * np.array([[9], [1], [1], [1], [1]], np.float32)
    assert called_by_typical(found, long, NAMES)[1] == called_by_typical(found, VECTORS, NAMES)[1]


def test_without_groups_nothing_is_named() -> None:
    found = Clustering(np.full(5, -1), np.zeros((0, 2), np.float32), "HDBSCAN", ())
    assert called_by_typical(found, VECTORS, NAMES) == (found, ())
