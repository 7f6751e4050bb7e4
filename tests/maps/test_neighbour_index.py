"""Neighbours of many rows: the approximate index against the exact search."""

import numpy as np
import pytest

from embeddings_core.maps import neighbour_descent
from embeddings_core.maps.knn_graph import knn_graph, neighbour_graph
from embeddings_core.spaces.vocabulary import load_vocabulary


def test_the_index_finds_nearly_all_true_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.array(load_vocabulary().vectors[:3_000])
    points[10] = points[11]
    exact, lengths = knn_graph(points, 14)
    monkeypatch.setattr("embeddings_core.maps.knn_graph.APPROXIMATE", 1_000)
    rows, distances = neighbour_graph(points, 14)
    assert rows.shape == distances.shape == (3_000, 14)
    assert not (rows == np.arange(3_000)[:, None]).any()
    assert (np.diff(distances, axis=1) >= 0).all()
    np.testing.assert_allclose(distances[:, 0].mean(), lengths[:, 0].mean(), rtol=0.02)
    recall = np.mean([len(set(a) & set(b)) / 14 for a, b in zip(exact, rows, strict=True)])
    assert recall > 0.97
    assert rows[10, 0] == 11 and distances[10, 0] < 1e-3


def test_equal_points_have_neighbours_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embeddings_core.maps.knn_graph.APPROXIMATE", 100)
    rows, distances = neighbour_graph(np.ones((300, 4), dtype=np.float32), 5)
    assert np.isfinite(distances).all() and (rows >= 0).all() and not (rows == np.arange(300)[:, None]).any()


def test_a_group_of_very_many_equal_rows_is_divided() -> None:
    points = np.concatenate(
        [np.ones((1_500, 3), np.float32), np.random.default_rng(0).normal(size=(200, 3)).astype(np.float32)]
    )
    order, ends, centres = neighbour_descent._divided(*neighbour_descent._groups(points, seed=0))
    assert np.diff(ends).max() <= neighbour_descent.LARGEST and ends[-1] == len(points)
    assert len(centres) == len(ends) - 1
    assert sorted(order.tolist()) == list(range(len(points)))
