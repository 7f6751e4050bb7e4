"""One-hot vectors, what they cost, and truncation."""

from math import sqrt

import numpy as np
import pytest

from embeddings_core.analysis.one_hot import one_hot_cost
from embeddings_core.analysis.truncation import measure_truncation
from embeddings_core.errors import BadInputError
from embeddings_core.models.one_hot import one_hot
from embeddings_core.models.registry import find_model, load_encoder
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import unit
from embeddings_core.spaces.vocabulary import load_vocabulary


def test_all_are_equally_far_apart():
    vectors = load_encoder(find_model("one-hot"))(["cat", "dog", "car", "cat"])
    assert vectors.shape == (4, 3) and vectors.sum() == 4
    distances = np.linalg.norm(vectors[:3, None] - vectors[None, :3], axis=2)
    assert np.allclose(distances[~np.eye(3, dtype=bool)], sqrt(2))
    assert np.array_equal(vectors[0], vectors[3])


def test_few_and_many():
    assert one_hot([]).shape == (0, 0) and one_hot(["a"]).tolist() == [[1.0]]
    with pytest.raises(BadInputError, match="4,097 different items"):
        one_hot([str(n) for n in range(4097)])


@pytest.mark.parametrize("words", [2, 10, 300])
def test_costs_are_those_of_real_arrays(words):
    vectors, cost = one_hot([str(n) for n in range(words)]), one_hot_cost(words, dense_dimensions=7)
    assert cost.bytes == vectors.nbytes and cost.dense_bytes == 7 * 4 * words
    assert cost.zeros == pytest.approx((vectors == 0).mean())
    assert cost.distance == pytest.approx(np.linalg.norm(vectors[0] - vectors[1])) and cost.cosine == 0


def test_a_million_words_are_computed_not_made():
    """A million × a million × 4 bytes = 4 TB; dense, 10⁶ × 384 × 4 = 1.536 GB."""
    cost = one_hot_cost(1_000_000)
    assert cost.bytes == 4 * 10**12 and "4 TB" in cost.sentence and "1 GB" in cost.sentence
    assert one_hot_cost(10_000).bytes == 4 * 10**8 and "400 MB" in one_hot_cost(10_000).sentence
    with pytest.raises(BadInputError):
        one_hot_cost(1)


@pytest.fixture(scope="module")
def words():
    return load_vocabulary().take(range(0, 3000, 3))


def test_truncation_against_scikit_learn_and_brute_force(words):
    from sklearn.decomposition import PCA

    found = measure_truncation(words, dimensions=(16, 2), k=5)
    units = unit(words.vectors)
    short = PCA(16, svd_solver="full").fit(units)
    assert found.explained[0] == pytest.approx(short.explained_variance_ratio_.sum(), abs=1e-4)
    queries = np.random.default_rng(0).choice(len(words), 500, replace=False)
    points = short.transform(units)
    kept = []
    for query in queries:
        true = [row for row in np.argsort(-(units @ units[query])) if row != query][:5]
        near = [row for row in np.argsort(np.linalg.norm(points - points[query], axis=1)) if row != query][:5]
        kept.append(len(set(true) & set(near)) / 5)
    assert found.recall[0] == pytest.approx(np.mean(kept), abs=0.003)


def test_truncation_loses_neighbours_and_distances_draw_together_as_dimensions_grow(words):
    found = measure_truncation(words)
    assert found.dimensions == (384, 256, 128, 64, 32, 16, 8, 4, 3, 2)
    assert found.recall[0] == 1.0 and found.explained[0] == pytest.approx(1, abs=1e-5)
    assert (np.diff(found.recall) <= 0.005).all() and found.recall[-1] < 0.2
    assert found.spread[0] < 0.5 * found.spread[-1]
    assert found.histograms.shape == (10, 40) and np.allclose(found.histograms.sum(1), 1, atol=1e-5)
    assert found.histograms[0].max() > 2 * found.histograms[-1].max()


def test_truncation_of_few_items_and_of_equal_ones():
    assert measure_truncation(EmbeddingSet(("a", "b", "c"), np.eye(3))).dimensions == (3, 2)
    same = measure_truncation(EmbeddingSet(("a", "b", "c", "d"), np.ones((4, 8))))
    assert np.isfinite(same.recall).all() and np.isfinite(same.spread).all()
    with pytest.raises(BadInputError, match="At least 3"):
        measure_truncation(EmbeddingSet(("a", "b"), np.eye(2)))
    with pytest.raises(BadInputError, match="between 1 and 3"):
        measure_truncation(EmbeddingSet(("a", "b", "c"), np.eye(3)), dimensions=(400,))
