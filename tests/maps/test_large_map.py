"""Maps of more rows than are fitted: the same way as for a million, with small numbers."""

from pathlib import Path

import numpy as np
import pytest

from embeddings_core.maps.knn_graph import coordinates, nearest_rows
from embeddings_core.maps.large_map import large_map, representative_rows
from embeddings_core.maps.neighbour_descent import NearGroups
from embeddings_core.maps.projection import project
from embeddings_core.maps.trust import sampled_trust
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray

N, FITTED = 2_400, 600


@pytest.fixture(scope="module")
def vectors() -> FloatArray:
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(24, 32))
    return np.asarray(centres[rng.integers(0, 24, N)] + 0.5 * rng.normal(size=(N, 32)), dtype=np.float32)


def test_one_representative_of_every_stretch() -> None:
    rows = representative_rows(1_000, count=100, seed=3)
    assert (rows // 10).tolist() == list(range(100))
    assert representative_rows(5, count=100).tolist() == [0, 1, 2, 3, 4]


def test_near_groups_find_nearly_all(vectors: FloatArray) -> None:
    points, queries = coordinates(vectors[:FITTED]), coordinates(vectors[FITTED:1_200])
    rows, distances = NearGroups(points).nearest(queries, 6, threads=2)
    true, exact = nearest_rows(queries, points, k=6)
    assert np.mean([len({*a} & {*b}) / 6 for a, b in zip(rows.tolist(), true.tolist(), strict=True)]) > 0.97
    same = (rows == true).all(axis=1)
    np.testing.assert_allclose(distances[same], exact[same], atol=1e-3)


def test_the_rest_is_placed_as_well_as_it_would_be_fitted(tmp_path: Path, vectors: FloatArray) -> None:
    np.save(tmp_path / "vectors.npy", vectors.astype(np.float16))
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    told: list[tuple[int, int]] = []
    drawn = large_map(
        mapped, count=FITTED, sample=1_200, progress=lambda done, total: told.append((done, total))
    )
    assert drawn.frames.shape[1:] == (N, 2) and len(drawn.rows) == FITTED
    np.testing.assert_array_equal(drawn.frames[-1, drawn.rows], drawn.projection.final)
    assert told[-1] == (N + FITTED, N + FITTED) and len(drawn.projection.frames) > 2
    assert (
        "600 rows drawn at random are fitted, the other 1,800 are placed among them." in drawn.projection.note
    )
    rows = representative_rows(N, count=1_200, seed=1)
    whole = project(EmbeddingSet(tuple(map(str, rows.tolist())), vectors[rows]))
    fitted = sampled_trust(coordinates(vectors[rows]), whole.final)
    assert fitted is not None and drawn.trust is not None and drawn.trust > 0.8 * fitted


def test_by_pca_all_are_projected_exactly(vectors: FloatArray) -> None:
    for metric in ("cosine", "euclidean"):
        drawn = large_map(vectors, method="pca", metric=metric, count=FITTED)  # type: ignore[arg-type]
        np.testing.assert_array_equal(drawn.frames[-1, drawn.rows], drawn.projection.final)
        points = coordinates(vectors, metric=metric)  # type: ignore[arg-type]
        axes = np.linalg.lstsq(
            points[drawn.rows] - points[drawn.rows].mean(0), drawn.projection.final, rcond=None
        )[0]
        np.testing.assert_allclose(drawn.frames[-1], (points - points[drawn.rows].mean(0)) @ axes, atol=2e-3)
