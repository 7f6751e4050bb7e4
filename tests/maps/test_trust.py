"""Trust: against brute force, the plain library's formula, and by hand."""

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import Projection, pca
from embeddings_core.maps.trust import trust
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import unit


def numbered(vectors: np.ndarray) -> EmbeddingSet:
    return EmbeddingSet(tuple(map(str, range(len(vectors)))), np.asarray(vectors, dtype=np.float32))


@pytest.fixture(scope="module")
def digits() -> EmbeddingSet:
    from sklearn.datasets import load_digits

    return numbered(load_digits().data[:300])


def test_preserved_by_brute_force(digits: EmbeddingSet) -> None:
    drawn = pca(digits)
    spaces = []
    for space in (unit(digits.vectors).astype(np.float64), drawn.final.astype(np.float64)):
        distance = np.linalg.norm(space[:, None] - space[None], axis=2)
        np.fill_diagonal(distance, np.inf)
        spaces.append(np.argsort(distance, axis=1)[:, :10])
    expected = np.array([len(set(a) & set(b)) / 10 for a, b in zip(*spaces, strict=True)])
    ours = trust(digits, drawn)
    np.testing.assert_allclose(ours.preserved, expected, atol=0.1001)  # a tie may fall either way
    assert (np.abs(ours.preserved - expected) > 0.01).mean() < 0.02
    assert ours.score == pytest.approx(float(ours.preserved.mean())) and ours.chance == pytest.approx(
        10 / 299
    )


def test_the_true_map_keeps_everything_and_a_random_one_chance() -> None:
    vectors = np.random.default_rng(0).normal(size=(200, 2)).astype(np.float32)
    same = trust(numbered(vectors), vectors, metric="euclidean")
    assert same.score == 1.0
    shuffled = trust(numbered(vectors), np.random.default_rng(1).permutation(vectors), metric="euclidean")
    assert shuffled.score == pytest.approx(shuffled.chance, abs=0.03)


def test_one_missing_neighbour_by_hand() -> None:
    """On a line 0, 1, 3, 7, 15 the nearest two of 0 are 1 and 3. The map moves 1 to 100: missing there."""
    line = np.array([[0.0], [1], [3], [7], [15]])
    drawn = np.array([[0.0, 0], [100, 0], [3, 0], [7, 0], [15, 0]], dtype=np.float32)
    whole = trust(numbered(line), drawn, k=2, metric="euclidean")
    found = whole.of(0)
    assert (found.row, found.preserved, found.missing, found.false) == (0, (2,), (1,), (3,))
    assert whole.preserved[0] == 0.5 and whole.k == 2


def test_duplicates_in_one_place_are_not_missing() -> None:
    vectors = np.repeat(np.random.default_rng(0).normal(size=(6, 5)), 6, axis=0)
    flat = np.repeat(np.random.default_rng(1).normal(size=(6, 2)), 6, axis=0).astype(np.float32)
    assert trust(numbered(vectors), flat, k=5).score == 1.0
    assert trust(numbered(np.ones((8, 3))), np.zeros((8, 2), dtype=np.float32)).score == 1.0


def test_few_items() -> None:
    """k is at most half of the items, or every map of few would be perfect."""
    for n, k in ((1, 0), (2, 1), (3, 1), (4, 2), (10, 5), (40, 10)):
        vectors = np.random.default_rng(n).normal(size=(n, 4))
        assert trust(numbered(vectors), pca(numbered(vectors))).k == k
    assert trust(numbered(np.ones((1, 3))), np.zeros((1, 2), dtype=np.float32)).score == 1.0


def test_what_does_not_fit_is_refused(digits: EmbeddingSet) -> None:
    drawn = Projection(np.zeros((1, 3, 2)), ("x",), "pca", "still")
    with pytest.raises(BadInputError, match="3 items, but 300"):
        trust(digits, drawn)
    with pytest.raises(BadInputError):
        trust(digits, pca(digits), k=0)
