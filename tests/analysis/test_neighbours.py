"""Exact search: against brute force, with ties, duplicates and extreme values."""

import numpy as np
import pytest

from embeddings_core.analysis.neighbours import Neighbours, find_row, nearest, overlap, similarity_matrix, top
from embeddings_core.errors import BadInputError
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import Metric, unit
from embeddings_core.spaces.vocabulary import load_vocabulary
from tests.awkward import MATRICES

METRICS: tuple[Metric, ...] = ("cosine", "dot", "euclidean")


def points(n: int = 200, d: int = 16, seed: int = 0) -> EmbeddingSet:
    vectors = np.random.default_rng(seed).normal(size=(n, d))
    return EmbeddingSet(tuple(f"item {row}" for row in range(n)), vectors)


def brute_scores(vectors: np.ndarray, query: np.ndarray, metric: Metric) -> np.ndarray:
    """The definition, in float64, one row at a time."""
    vectors, query = vectors.astype(np.float64), query.astype(np.float64)
    if metric == "cosine":
        return np.array([v @ query / (np.linalg.norm(v) * np.linalg.norm(query)) for v in vectors])
    if metric == "dot":
        return np.array([v @ query for v in vectors])
    return np.array([-np.linalg.norm(v - query) for v in vectors])


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("k", [1, 5, 70, 199, 500])
def test_ranking_is_that_of_brute_force(metric: Metric, k: int) -> None:
    space = points()
    for row in (0, 77, 199):
        truth = brute_scores(space.vectors, space.vectors[row], metric)
        order = [i for i in np.argsort(-truth, kind="stable") if i != row][:k]
        found = nearest(space, row, k=k, metric=metric)
        assert found.rows.tolist() == order
        assert found.items == tuple(space.items[i] for i in order)
        np.testing.assert_allclose(found.scores, truth[order], rtol=1e-4, atol=1e-5)


def test_a_worked_example() -> None:
    """Query (1, 0). Cosines: (2, 0) → 1; (1, 1) → 1/√2 = 0.7071; (0, 3) → 0; (−1, 0) → −1.

    Dot products: 2, 1, 0, −1. Distances: 1, 1, √10 = 3.1623, 2; the tie keeps the order of the set.
    """
    space = EmbeddingSet(("right", "up right", "up", "left"), np.array([[2, 0], [1, 1], [0, 3], [-1, 0]]))
    by_cosine = nearest(space, [1, 0], k=4)
    assert by_cosine.items == ("right", "up right", "up", "left")
    np.testing.assert_allclose(by_cosine.scores, [1, 0.70710678, 0, -1], atol=1e-6)
    np.testing.assert_allclose(nearest(space, [1, 0], k=4, metric="dot").scores, [2, 1, 0, -1])
    by_distance = nearest(space, [1, 0], k=4, metric="euclidean")
    assert by_distance.items == ("right", "up right", "left", "up")
    np.testing.assert_allclose(by_distance.scores, [-1, -1, -2, -(10**0.5)], rtol=1e-6)


def test_own_row_is_left_out_by_row_and_a_duplicate_stays() -> None:
    vectors = np.array([[1, 0], [0, 1], [1, 0], [1, 0.1]])
    space = EmbeddingSet(("cat", "dog", "cat", "kitten"), vectors)
    assert nearest(space, 0, k=3).rows.tolist() == [2, 3, 1]
    assert nearest(space, 2, k=3).rows.tolist() == [0, 3, 1]
    assert nearest(space, "cat", k=3).rows.tolist() == [2, 3, 1]  # the first of that name asks
    assert nearest(space, vectors[0], k=4).rows.tolist() == [0, 2, 3, 1]  # a vector has no row of its own
    assert nearest(space, vectors[0], k=4, exclude=[0, 2], name="mine").query == "mine"


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("name", [name for name, matrix in MATRICES.items() if len(matrix)])
def test_awkward_vectors_are_searched(name: str, metric: Metric) -> None:
    matrix = MATRICES[name].astype(np.float32)
    space = EmbeddingSet(tuple(str(row) for row in range(len(matrix))), matrix)
    found = nearest(space, 0, k=20, metric=metric)
    assert sorted(found.rows.tolist()) == list(range(1, len(matrix)))
    assert not np.isnan(found.scores).any()


@pytest.mark.parametrize("name", ["huge", "tiny"])
def test_extreme_values_rank_by_distance_as_if_they_were_not(name: str) -> None:
    matrix = MATRICES[name].astype(np.float32)
    usual = matrix / np.abs(matrix).max()
    items = tuple(str(row) for row in range(len(matrix)))
    for row in range(len(matrix)):
        truth = np.argsort(-brute_scores(usual, usual[row], "euclidean"), kind="stable")
        found = nearest(EmbeddingSet(items, matrix), row, k=20, metric="euclidean")
        assert found.rows.tolist() == [i for i in truth if i != row]


def test_near_vectors_keep_their_distance() -> None:
    """1 000 + 0.001 steps: |a|² + |b|² − 2ab would lose every digit of it in float32."""
    vectors = np.full((5, 64), 1_000.0)
    vectors[:, 0] += np.arange(5) * 0.01
    found = nearest(EmbeddingSet(tuple("abcde"), vectors), 0, k=4, metric="euclidean")
    assert found.items == ("b", "c", "d", "e")
    steps = vectors.astype(np.float32)[1:, 0] - np.float32(1_000.0)
    np.testing.assert_allclose(found.scores, -steps, rtol=1e-5)


def test_vectors_of_length_one_are_not_copied() -> None:
    from embeddings_core.analysis.neighbours import _units

    space = EmbeddingSet(tuple("abc"), unit(np.random.default_rng(0).normal(size=(3, 8))))
    assert _units(space) is space.vectors
    assert _units(points(3)) is not points(3).vectors


@pytest.mark.parametrize("query", [[1.0], np.ones((2, 16)), np.full(16, np.nan), 200, -1, "nobody"])
def test_impossible_queries_are_told(query: object) -> None:
    with pytest.raises(BadInputError):
        nearest(points(), query)  # type: ignore[arg-type]


def test_an_unknown_metric_is_told() -> None:
    with pytest.raises(BadInputError, match="cosine, dot or euclidean"):
        nearest(points(), 0, metric="manhattan")  # type: ignore[arg-type]


def test_a_misspelled_word_is_offered_its_spelling() -> None:
    with pytest.raises(BadInputError, match=r"21,358 items\. Did you mean queen"):
        nearest(load_vocabulary(), "quen")
    assert find_row(load_vocabulary(), " King ") == load_vocabulary().row("king")


def test_top_is_stable_and_ignores_what_is_left_out() -> None:
    scores = np.array([0.5, 0.9, 0.5, -np.inf, 0.5, 0.9], dtype=np.float32)
    assert top(scores, 3).tolist() == [1, 5, 0]
    assert top(scores, 10).tolist() == [1, 5, 0, 2, 4]
    assert top(scores, 0).tolist() == []


@pytest.mark.parametrize("k", [1, 3, 10, 40])
@pytest.mark.parametrize("n", [300, 5_120, 6_000])
def test_top_of_many_is_that_of_a_stable_sort(n: int, k: int) -> None:
    rng = np.random.default_rng(n + k)
    for scores in (rng.normal(size=n), rng.integers(0, 5, n), np.where(np.arange(n) < n - 7, -np.inf, 1.0)):
        scores = scores.astype(np.float32)
        order = np.argsort(-scores, kind="stable")
        assert top(scores, k).tolist() == [row for row in order[:k].tolist() if scores[row] > -np.inf]


def test_similarity_matrix_is_the_definition() -> None:
    space = points(6)
    for metric in METRICS:
        truth = np.stack([brute_scores(space.vectors, vector, metric) for vector in space.vectors])
        np.testing.assert_allclose(similarity_matrix(space, metric=metric), truth, atol=2e-3)
    assert np.all(np.abs(similarity_matrix(space)) <= 1.0)


def test_overlap_is_a_share() -> None:
    """{a, b, c} and {b, c, d}: two of four."""

    def ranking(*items: str) -> Neighbours:
        rows = np.arange(len(items))
        return Neighbours("q", rows, items, -rows.astype(np.float32), "cosine")

    assert overlap(ranking("a", "b", "c"), ranking("b", "c", "d")) == 0.5
    assert overlap(ranking(), ranking()) == 0.0


def test_rankings_are_checked() -> None:
    rows = np.arange(2)
    with pytest.raises(BadInputError):
        Neighbours("q", rows, ("a", "b"), np.array([0.1, 0.2], dtype=np.float32), "cosine")
    with pytest.raises(BadInputError):
        Neighbours("q", rows, ("a",), np.array([0.2, 0.1], dtype=np.float32), "cosine")
