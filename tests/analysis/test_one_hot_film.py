"""The ring of one-hot vectors, and vectors that lose dimensions."""

import doctest
from itertools import combinations

import numpy as np
import pytest

from embeddings_core.analysis import one_hot
from embeddings_core.analysis.one_hot import one_hot_film, simplex_shadow, size_in_words
from embeddings_core.analysis.truncation import apart, everyday_space, flat_map, truncation_film
from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import pca
from embeddings_core.spaces.embedding_set import EmbeddingSet


def test_worked_examples() -> None:
    assert doctest.testmod(one_hot).failed == 0


@pytest.mark.parametrize("n", [3, 4, 5, 6, 30, 31, 200])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_the_ring_is_a_principal_view_of_the_one_hot_vectors(n: int, dimensions: int) -> None:
    """Centred one-hot vectors are I − 1/n: a projection. A view is made of main axes exactly where its columns
    are orthonormal and orthogonal to 1; then it is that matrix times those axes, and explains 1/(n − 1) each."""
    shadow = simplex_shadow(n, dimensions=dimensions).astype(np.float64)
    axes = shadow[:, : min(dimensions, n - 1)]
    np.testing.assert_allclose(axes.T @ axes, np.eye(axes.shape[1]), atol=1e-6)
    np.testing.assert_allclose(axes.sum(axis=0), 0, atol=1e-6)
    np.testing.assert_allclose((np.eye(n) - 1 / n) @ axes, axes, atol=1e-6)
    np.testing.assert_allclose(np.hypot(*shadow[:, :2].T), np.sqrt(2 / n), atol=1e-6)


def test_three_words_are_exactly_equally_far_on_paper_and_four_in_space() -> None:
    for n, dimensions in ((2, 2), (3, 2), (4, 3)):
        shadow = simplex_shadow(n, dimensions=dimensions)
        lengths = [np.linalg.norm(shadow[a] - shadow[b]) for a, b in combinations(range(n), 2)]
        np.testing.assert_allclose(lengths, np.sqrt(2), atol=1e-6)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_words_have_a_ring_too(n: int) -> None:
    assert simplex_shadow(n).shape == (n, 2) and np.isfinite(simplex_shadow(n)).all()


def test_a_shuffled_ring_holds_the_same_places() -> None:
    plain, shuffled = simplex_shadow(9), simplex_shadow(9, seed=0)
    assert not np.allclose(plain, shuffled)
    np.testing.assert_array_equal(np.sort(plain, axis=0), np.sort(shuffled, axis=0))


def test_the_film_ends_on_the_dense_map_and_begins_on_a_circle() -> None:
    words = everyday_space().take(range(12))
    dense = pca(words)
    film = one_hot_film(dense)
    assert film.kind == "morph" and film.frames.shape == (2, 12, 2)
    np.testing.assert_array_equal(film.final, dense.final)
    start = film.frames[0] - film.frames[0].mean(axis=0)
    np.testing.assert_allclose(np.linalg.norm(start, axis=1), np.linalg.norm(start[0]), rtol=1e-4)


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_few_words_have_a_film(n: int, dimensions: int) -> None:
    film = one_hot_film(pca(everyday_space().take(range(n)), dimensions=dimensions))
    assert film.frames.shape == (2, n, dimensions)


def test_sizes_are_said_as_people_say_them() -> None:
    """10,000 words: 10,000² × 4 bytes = 400 MB; dense 10,000 × 384 × 4 = 15.36 MB."""
    cost = one_hot.one_hot_cost(10_000)
    assert size_in_words(cost.bytes) == "400 megabytes" and size_in_words(cost.dense_bytes) == "15 megabytes"
    assert size_in_words(999) == "999 bytes" and size_in_words(1_000) == "1 kilobytes"
    assert size_in_words(999_999) == "1 megabytes" and size_in_words(4 * 10**16) == "40,000 terabytes"


@pytest.fixture(scope="module")
def truncation():
    return truncation_film(everyday_space().take(range(200, 230)), everyday_space(), k=5)


def test_all_dimensions_keep_every_neighbour(truncation) -> None:
    words = everyday_space().take(range(200, 230))
    scores = words.vectors @ words.vectors.T
    np.fill_diagonal(scores, -2)
    truth = np.argsort(-scores, axis=1)[:, :5]
    assert [set(a) for a in truth] == [set(a) for a in truncation.truth]
    assert truncation.recall[0] == 1 and truncation.dimensions[0] == 384 and truncation.dimensions[-1] == 2
    assert truncation.recall[-1] < 0.7


def test_recall_is_what_its_neighbours_say(truncation) -> None:
    for near, share in zip(truncation.nearest, truncation.recall, strict=True):
        kept = [len(set(a) & set(b)) for a, b in zip(near, truncation.truth, strict=True)]
        assert share == pytest.approx(sum(kept) / 150)


def test_two_dimensions_are_shown_as_they_are(truncation) -> None:
    """Principal axes by the plain library call; the last frame has the same distances up to one factor."""
    space = everyday_space().vectors.astype(np.float64)
    _, _, axes = np.linalg.svd(space - space.mean(axis=0), full_matrices=False)
    flat = (space[200:230] - space.mean(axis=0)) @ axes[:2].T
    np.testing.assert_allclose(apart(truncation.film.final.astype(np.float64)), apart(flat), atol=1e-4)
    assert truncation.stress[-1] == pytest.approx(0, abs=1e-6) and (np.diff(truncation.stress) < 0.02).all()


def test_a_flat_map_of_flat_points_is_found_again() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(12, 2))
    found, stress = flat_map(apart(points), start=points + 0.1 * rng.normal(size=(12, 2)))
    assert stress < 0.02
    np.testing.assert_allclose(apart(found), apart(points), atol=0.15)


def test_awkward_truncations() -> None:
    space = everyday_space()
    with pytest.raises(BadInputError, match="At least 3 words"):
        truncation_film(space.take([0, 1]), space)
    with pytest.raises(BadInputError, match="between 2 and 384"):
        truncation_film(space.take([0, 1, 2]), space, dimensions=[1])
    same = EmbeddingSet(("a", "b", "c"), np.repeat(space.vectors[:1], 3, axis=0))
    assert np.isfinite(truncation_film(same, space).film.frames).all()
    assert truncation_film(space.take([0, 1, 2]), space).film.frames.shape == (10, 3, 2)
