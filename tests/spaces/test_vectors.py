"""Arrays and what can be said about pairs of vectors."""

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.spaces import vectors
from embeddings_core.spaces.vectors import (
    FloatArray,
    frozen,
    percentile,
    random_pair_scores,
    similarity,
    unit,
)
from tests.awkward import MATRICES


@pytest.mark.parametrize("name", MATRICES)
def test_rows_get_length_one_and_zeros_stay(name: str) -> None:
    matrix = MATRICES[name]
    lengths = np.linalg.norm(unit(matrix), axis=1)
    np.testing.assert_allclose(lengths, np.any(matrix != 0, axis=1), atol=1e-6)
    assert unit(matrix).dtype == np.float32


def test_a_worked_example_of_length() -> None:
    """(3, 4) has length 5."""
    np.testing.assert_allclose(unit([3, 4]), [0.6, 0.8], rtol=1e-6)
    np.testing.assert_allclose(unit([[3e37, 4e37], [3e-40, 4e-40]]), [[0.6, 0.8]] * 2, rtol=1e-6)


def test_similarity_by_hand() -> None:
    """(1, 0) and (1, 1): cosine 1/√2, dot product 1, distance 1."""
    assert similarity([[1, 0]], [[1, 1]])[0, 0] == pytest.approx(0.5**0.5)
    assert similarity([[1, 0]], [[1, 1]], metric="dot")[0, 0] == 1.0
    assert similarity([[1, 0]], [[1, 1]], metric="euclidean")[0, 0] == -1.0
    with pytest.raises(BadInputError):
        similarity([[1, 0]], [[1, 1]], metric="hamming")  # type: ignore[arg-type]


def test_frozen_arrays_cannot_be_changed() -> None:
    source = np.zeros((2, 2), dtype=np.float32)
    array = frozen(source)
    assert not array.flags.writeable and source.flags.writeable and array.dtype == np.float32
    assert frozen([[1, 2]]).shape == (1, 2)


def test_percentiles_count_the_pairs_that_are_farther() -> None:
    reference = np.array([0.1, 0.2, 0.6, 0.9], dtype=np.float32)
    assert percentile([0.0, 0.15, 0.2, 0.7, 1.0], reference).tolist() == [0.0, 25.0, 25.0, 75.0, 100.0]


def test_random_pairs_never_pair_a_row_with_itself() -> None:
    """Orthogonal rows: the cosine of a row with itself is 1, with any other 0."""
    scores = random_pair_scores(np.eye(3, dtype=np.float32), pairs=2_000)
    assert scores.max() == 0.0 and len(scores) == 2_000
    spread = random_pair_scores(np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32))
    assert np.all(np.diff(spread) >= 0)
    with pytest.raises(BadInputError, match="2 items"):
        random_pair_scores(np.ones((1, 3), dtype=np.float32))


@pytest.mark.parametrize(("n", "pairs", "most"), [(12, 2_000, 12), (90, 500, 90), (900, 50, 100)])
def test_random_pairs_scale_no_row_twice_and_no_more_than_they_need(
    n: int, pairs: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """22 photographs are 484 pairs of 1,280 numbers: scaled pair by pair, a fifth of opening their page."""
    rows = np.random.default_rng(n).normal(size=(n, 6)).astype(np.float32)
    others, scaled = rows[::-1].copy(), list[int]()

    def counted(given: FloatArray) -> FloatArray:
        scaled.append(len(given))
        return unit(given)

    plain = unit(rows), unit(others)
    monkeypatch.setattr(vectors, "unit", counted)
    scores = random_pair_scores(rows, pairs=pairs)
    assert sum(scaled) <= most and len(scores) == pairs
    left, right = vectors._random_pairs(n, pairs, 0)
    np.testing.assert_array_equal(scores, np.sort(np.einsum("ij,ij->i", plain[0][left], plain[0][right])))
    both = random_pair_scores(rows, others=others, pairs=pairs)
    np.testing.assert_array_equal(both, np.sort(np.einsum("ij,ij->i", plain[0][left], plain[1][right])))
