"""How two kinds of things keep to themselves: worked examples, and the plain double loop."""

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.pictures.modality_gap import (
    gap_by_chance,
    modality_gap,
    pair_scores,
    same_kind,
    without_means,
)
from embeddings_core.pictures.retrieval import changed_best, diagonal, mutual
from embeddings_core.spaces.vectors import unit

RNG = np.random.default_rng(0)


def clouds(n: int = 9, m: int = 7, *, apart: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    shift = np.zeros(16)
    shift[0] = apart
    return RNG.normal(size=(n, 16)) + shift, RNG.normal(size=(m, 16)) - shift


def test_every_pair_is_scored_once() -> None:
    images, texts = clouds()
    found = pair_scores(images, texts)
    a, b = unit(images), unit(texts)
    assert np.allclose(found.images, [a[i] @ a[j] for i in range(9) for j in range(i + 1, 9)], atol=1e-6)
    assert np.allclose(found.texts, [b[i] @ b[j] for i in range(7) for j in range(i + 1, 7)], atol=1e-6)
    assert np.allclose(found.across, [a[i] @ b[j] for i in range(9) for j in range(7)], atol=1e-6)


def test_clouds_that_do_not_mix_have_neighbours_of_their_kind() -> None:
    """Far apart: every nearest is of the same kind, 1.0. Crossed pairs: picture i equals text i, so none is: 0.0."""
    images, texts = clouds(apart=50.0)
    assert same_kind(images, texts) == 1.0
    assert same_kind(np.eye(4), np.eye(4)) == 0.0
    with pytest.raises(BadInputError):
        same_kind(np.eye(1), np.zeros((0, 1)))


def test_taking_the_means_off_mixes_the_clouds() -> None:
    images, texts = clouds(20, 20, apart=5.0)
    assert same_kind(*without_means(images, texts)) < same_kind(images, texts)


def test_dealt_at_random_two_equal_clouds_lie_as_far_apart_as_they_do() -> None:
    """Clouds from one source: their gap is of the size that chance makes; clouds pushed apart: far above it."""
    images, texts = clouds(40, 40)
    gap, chance = modality_gap(images, texts).distance, gap_by_chance(images, texts)
    assert 0.6 * chance < gap < 1.6 * chance
    far_images, far_texts = clouds(40, 40, apart=5.0)
    assert modality_gap(far_images, far_texts).distance > 3 * gap_by_chance(far_images, far_texts)
    assert gap_by_chance(images, texts) == gap_by_chance(images, texts)  # a seed, no luck


def test_one_picture_and_one_text_are_always_dealt_as_they_are() -> None:
    """Two items, one a pile: the distance of the two, whichever way: |(1, 0) - (0, 1)| = √2."""
    assert gap_by_chance(np.eye(2)[:1], np.eye(2)[1:]) == pytest.approx(2**0.5)
    with pytest.raises(BadInputError):
        gap_by_chance(np.eye(2), np.zeros((0, 2)))


def test_pairs_that_choose_each_other() -> None:
    """Row 0 and column 1 choose each other (0.9); row 1 chooses column 1, which prefers row 0."""
    scores = np.array([[0.1, 0.9, 0.0], [0.2, 0.8, 0.3]], dtype=np.float32)
    assert mutual(scores) == ((0, 1),)
    assert mutual(np.zeros((0, 3), np.float32)) == ()
    assert changed_best(scores, scores[:, ::-1]) == 0  # the middle column stays the best of both
    assert changed_best(scores, np.array([[1, 0, 0], [0, 1, 0]], dtype=np.float32)) == 1


@pytest.mark.parametrize(("n", "m"), [(5, 5), (6, 3), (3, 6), (1, 1), (0, 3), (3, 0)])
def test_the_diagonal_order_is_an_order(n: int, m: int) -> None:
    rows = diagonal(RNG.normal(size=(n, m)).astype(np.float32))
    assert sorted(rows.tolist()) == list(range(n))


def test_the_diagonal_order_finds_the_shuffled_diagonal() -> None:
    shuffled = RNG.permutation(8)
    assert diagonal(np.eye(8, dtype=np.float32)[shuffled]).tolist() == np.argsort(shuffled).tolist()
