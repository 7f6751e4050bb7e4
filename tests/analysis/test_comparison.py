"""Two spaces over the same items, by hand and by brute force."""

import numpy as np
import pytest

from embeddings_core.analysis.comparison import compare
from embeddings_core.errors import BadInputError
from embeddings_core.spaces.embedding_set import EmbeddingSet


def space(vectors: np.ndarray, items: str = "abcdefghijklmnopqrstuvwxyz") -> EmbeddingSet:
    return EmbeddingSet(tuple(items[: len(vectors)]), np.asarray(vectors, dtype=np.float32))


def test_one_move_by_hand() -> None:
    """On a line a=0 b=1 c=3 d=7 e=15 f=31; in the other b moves to 14: a loses b and gains d."""
    line = np.array([[0.0], [1], [3], [7], [15], [31]])
    moved = line.copy()
    moved[1] = 14
    found = compare(space(line), space(moved), k=2, metric="euclidean")
    change = found.change(0)
    assert (change.item, change.kept, change.lost, change.gained) == ("a", ("c",), ("b",), ("d",))
    assert found.shared[0] == 0.5 and found.jaccard[0] == pytest.approx(1 / 3)
    assert found.k == 2 and found.chance == pytest.approx(2 / 5)
    # b itself had a, c; now e, d: nothing is left
    assert found.biggest_changes(1)[0].item == "b" and found.shared[1] == 0.0


def test_the_same_space_and_turned_ones_are_the_same() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(26, 5))
    turn, _ = np.linalg.qr(rng.normal(size=(5, 5)))
    found = compare(space(vectors), space(vectors @ turn * 4), k=5)
    assert found.score == 1.0 and found.same_nearest == 26
    assert found.biggest_changes() == ()


def test_what_is_shared_no_more_than_by_chance_is_said_to_be_so() -> None:
    rng = np.random.default_rng(2)
    vectors = rng.normal(size=(26, 5))
    assert compare(space(vectors), space(vectors), k=5).verdict == ""
    assert (
        "no more than by chance" in compare(space(vectors[:6]), space(rng.normal(size=(6, 5))), k=5).verdict
    )
    line = np.array([[0.0], [1], [10], [11], [20], [21]])
    crossed = np.array([[0.0], [10], [20], [1], [11], [21]])
    assert "no more than by chance" in compare(space(line), space(crossed), k=1, metric="euclidean").verdict


def test_shared_by_brute_force() -> None:
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(26, 5)), rng.normal(size=(26, 9))
    found = compare(space(a), space(b), k=6)
    for row in range(26):
        near = []
        for x in (a, b):
            cosines = (x @ x[row]) / np.linalg.norm(x, axis=1)
            cosines[row] = -np.inf
            near.append(set(np.argsort(-cosines)[:6].tolist()))
        assert found.shared[row] == pytest.approx(len(near[0] & near[1]) / 6)
        assert found.jaccard[row] == pytest.approx(len(near[0] & near[1]) / len(near[0] | near[1]))
    order = [found.shared[change.row] for change in found.biggest_changes(4)]
    assert order == sorted(found.shared)[:4]


def test_few_and_equal_items() -> None:
    for n in (1, 2, 3):
        found = compare(space(np.eye(3)[:n]), space(np.eye(3)[:n]))
        assert found.score == 1.0
    with pytest.raises(BadInputError, match="same items"):
        compare(space(np.eye(3)), space(np.eye(3), "xyz"))
