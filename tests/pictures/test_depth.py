"""Depth and groups of pictures: the film and its trust, agreement of stages with a reference, the typical member of a group."""

import numpy as np
import pytest

from embeddings_core.analysis.clustering import typical_rows
from embeddings_core.errors import BadInputError
from embeddings_core.maps.trust import trust
from embeddings_core.models.vision import Stages
from embeddings_core.pictures.depth import WIDE, agreement, depth_film, film_trust
from embeddings_core.spaces.embedding_set import EmbeddingSet


def made(rows: int = 12) -> tuple[Stages, np.ndarray]:
    rng = np.random.default_rng(0)
    last = rng.normal(size=(rows, 20)).astype(np.float32)
    other = rng.normal(size=(rows, 6)).astype(np.float32)
    return Stages(("first", "last"), (other, last)), last


def test_agreement_is_the_share_of_common_nearest_by_brute_force() -> None:
    stages, last = made()
    found = agreement(stages, last, k=3)
    assert found[1] == 1.0

    def nearest(vectors: np.ndarray) -> list[set[int]]:
        units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        scores = units @ units.T
        np.fill_diagonal(scores, -2)
        return [set(row[:3]) for row in np.argsort(-scores, axis=1)]

    shared = [len(a & b) / 3 for a, b in zip(nearest(stages.vectors[0]), nearest(last), strict=True)]
    assert found[0] == pytest.approx(np.mean(shared))
    assert 0 < found[0] < 1


@pytest.mark.parametrize("n", [1, 2, 3, 12])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_the_film_has_one_recorded_frame_a_stage_and_each_fills_the_box(n: int, dimensions: int) -> None:
    stages, last = made(n)
    film = depth_film(stages, method="pca", dimensions=dimensions)
    assert film.frames.shape == (2, n, dimensions) and np.isfinite(film.frames).all()
    assert film.kind == "recorded" and film.frame_names == ("first", "last")
    reach = np.abs(film.frames).max(axis=1) / ([WIDE, 1.0] if dimensions == 2 else [1.0] * 3)
    np.testing.assert_allclose(reach.max(axis=1), 0.0 if n == 1 else 1.0, atol=1e-5)
    if (
        n == 12
    ):  # the map of the last stage, resized: all distances are those of its principal components, by one factor
        units = last / np.linalg.norm(last, axis=1, keepdims=True)
        left, widths, _ = np.linalg.svd(units - units.mean(axis=0), full_matrices=False)
        flat = (left * widths)[:, :dimensions]
        pairs = np.triu_indices(n, 1)
        apart, drawn = (np.linalg.norm(at[:, None] - at, axis=2)[pairs] for at in (flat, film.final))
        np.testing.assert_allclose(drawn / apart, drawn[0] / apart[0], rtol=1e-3)


def test_a_film_needs_two_or_three_dimensions() -> None:
    with pytest.raises(BadInputError, match="2 or 3"):
        depth_film(made()[0], dimensions=4)


def test_few_different_pictures_are_drawn_by_pca() -> None:
    """Seven of them, one twice: UMAP would invent places."""
    stages, _ = made(7)
    twice = Stages(stages.names, tuple(np.concatenate([vectors, vectors[:1]]) for vectors in stages.vectors))
    film = depth_film(twice, method="umap")
    assert film.method == "pca" and "turned onto" in film.note
    assert (film.frames[:, 7] == film.frames[:, 0]).all()


def test_the_trust_of_the_film_is_that_of_each_stage_on_its_own_map() -> None:
    """Vectors on a circle lose nothing on a flat map, vectors of twenty dimensions do."""
    turns = np.random.default_rng(3).uniform(0, 2 * np.pi, 12)
    circle = np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(np.float32)
    stages = Stages(("circle", "last"), (circle, made()[1]))
    film = depth_film(stages, method="pca")
    found = film_trust(stages, film, k=3)
    assert found[0] == 1.0
    assert (
        found[1] == trust(EmbeddingSet(tuple("abcdefghijkl"), stages.vectors[1]), film.final, k=3).score < 1.0
    )


def test_the_typical_member_is_the_nearest_within_its_group() -> None:
    """Group 0 is rows 0 and 1; row 2 is nearer to its centre but belongs to group 1."""
    vectors = np.array([[1, 0.4], [1, -0.3], [1, 0.0], [0, 1]], dtype=np.float32)
    labels = np.array([0, 0, 1, 1])
    centres = np.array([[1, 0], [0, 1], [0, -1]], dtype=np.float32)
    assert typical_rows(vectors, labels, centres) == (1, 3, 1)
