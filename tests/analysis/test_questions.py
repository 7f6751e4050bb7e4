"""Questions about real vectors, against the plain arithmetic; ties and tiny input."""

from dataclasses import replace

import numpy as np
import pytest

from embeddings_core.analysis.questions import (
    Question,
    nearest_question,
    odd_one_out,
    placement_question,
    questions,
)
from embeddings_core.errors import BadInputError
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import Metric


def cloud(n: int, d: int = 5, seed: int = 0) -> EmbeddingSet:
    vectors = np.random.default_rng(seed).normal(size=(n, d)).astype(np.float32)
    return EmbeddingSet(tuple(f"item {row}" for row in range(n)), vectors)


def cosines(embeddings: EmbeddingSet) -> np.ndarray:
    units = np.asarray(embeddings.vectors, dtype=np.float64)
    units = units / np.linalg.norm(units, axis=1, keepdims=True)
    return units @ units.T


@pytest.mark.parametrize("seed", range(8))
def test_the_right_option_is_the_nearest_of_all(seed: int) -> None:
    space = cloud(50, seed=seed)
    row = seed * 3
    table = cosines(space)[row]
    table[row] = -2
    guess = nearest_question(space, row, seed=seed)
    assert guess.rows[guess.answer] == int(table.argmax())
    assert guess.options == tuple(space.items[other] for other in guess.rows)
    assert len(set(guess.options)) == 4 and space.items[row] not in guess.options
    within = set(np.argsort(-table)[: 1 + 49 // 3].tolist())  # the nearest and the next third
    assert set(guess.rows) <= within and guess.hidden == (row,)
    assert f"{table.max():.2f}" in guess.why
    assert guess == nearest_question(space, row, seed=seed)  # the same seed asks the same


def test_by_distance_the_nearest_may_be_another() -> None:
    space = EmbeddingSet(
        ("a", "same way", "close", "far"), np.array([[1, 0], [9, 0], [1, 0.5], [-5, 5]], np.float32)
    )
    metrics: tuple[tuple[Metric, str], ...] = (("cosine", "same way"), ("euclidean", "close"))
    for metric, expected in metrics:
        guess = nearest_question(space, 0, metric=metric)
        assert guess.options[guess.answer] == expected
    assert "Distance: close 0.50" in nearest_question(space, 0, metric="euclidean").why


def test_a_tie_for_the_nearest_has_one_right_option_only() -> None:
    vectors = np.array([[1, 0], [1, 1], [1, 1], [0, 1], [-1, 0]], np.float32)
    guess = nearest_question(EmbeddingSet(("a", "b", "c", "d", "e"), vectors), 0)
    assert guess.options[guess.answer] == "b" and "c" not in guess.options  # c ties with b


def test_two_items_of_one_text_are_one_option() -> None:
    space = EmbeddingSet(("cat", "cat", "dog", "car"), np.array([[1, 0], [1, 0], [1, 1], [0, 1]], np.float32))
    assert sorted(nearest_question(space, 0).options) == ["car", "dog"]
    with pytest.raises(BadInputError, match="needs 3 different items, this has 2; add 1"):
        nearest_question(space.take([0, 1, 2]), 0)


def test_candidates_can_be_given() -> None:
    space = cloud(20)
    guess = nearest_question(space, 0, within=(5, 6, 7))
    assert sorted(guess.rows) == [5, 6, 7]
    assert guess.rows[guess.answer] == max((5, 6, 7), key=lambda row: cosines(space)[0, row])


@pytest.mark.parametrize("seed", range(8))
def test_the_odd_one_has_the_lowest_mean_cosine_with_the_others(seed: int) -> None:
    space = cloud(30, seed=seed)
    guess = odd_one_out(space, seed=seed)
    table = cosines(space)[np.ix_(guess.rows, guess.rows)]
    means = [(row.sum() - 1) / 3 for row in table]
    assert guess.answer == int(np.argmin(means)) and guess.hidden == guess.rows
    assert f"{min(means):.2f}." in guess.why


def test_the_odd_one_among_given_items() -> None:
    space = EmbeddingSet(
        ("one", "two", "three", "car"), np.array([[1, 0], [1, 0.1], [1, 0.2], [0, 1]], np.float32)
    )
    guess = odd_one_out(space, (3, 0, 1, 2))
    assert guess.options == ("car", "one", "two", "three") and guess.answer == 0
    with pytest.raises(BadInputError, match="None of these stands out"):
        odd_one_out(EmbeddingSet(("a", "b", "c"), np.ones((3, 2), np.float32)), (0, 1, 2))


def test_a_landing_is_told_by_its_true_neighbours() -> None:
    space = cloud(12)
    guess = placement_question(space, 4)
    table = cosines(space)[4]
    near = [row for row in np.argsort(-table, kind="stable") if row != 4][:3]
    assert guess.answer == 4 and guess.hidden == (4,) and not guess.options
    assert all(space.items[row] in guess.why for row in near)


@pytest.mark.parametrize("n", [1, 2])
def test_too_few_items_are_said_so(n: int) -> None:
    for ask in (nearest_question, placement_question):
        with pytest.raises(BadInputError, match=f"needs 3 .*items, this has {n}; add {3 - n}"):
            ask(cloud(n), 0)
    with pytest.raises(BadInputError, match=f"needs 3 different items or more, this has {n}"):
        odd_one_out(cloud(n))


def test_three_items_are_enough_and_a_row_must_exist() -> None:
    space = cloud(3)
    assert len(nearest_question(space, 0).options) == 2
    assert len(odd_one_out(space).options) == 3
    with pytest.raises(BadInputError, match="There is no row 3"):
        nearest_question(space, 3)


def test_nothing_is_nearest_to_a_vector_of_zeros() -> None:
    space = EmbeddingSet(("zero", "a", "b"), np.array([[0, 0], [1, 0], [0, 1]], np.float32))
    with pytest.raises(BadInputError, match='All are equally near to "zero"'):
        nearest_question(space, 0)


def test_questions_offer_what_the_vectors_allow() -> None:
    assert [guess.kind for guess in questions(cloud(9), row=2)] == ["nearest", "odd", "land"]
    assert questions(cloud(9), row=2)[0].asked == 2
    assert [
        guess.kind for guess in questions(EmbeddingSet(("a", "b", "c"), np.ones((3, 2), np.float32)))
    ] == ["land"]
    assert questions(cloud(1)) == () and questions(EmbeddingSet((), np.zeros((0, 2), np.float32))) == ()


RIGHT = Question("nearest", "Which?", ("a", "b"), 1, "because")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "best"}, "no question of the kind"),
        ({"question": " "}, "needs a question"),
        ({"answer": 2}, "number 3"),
        ({"options": ("a",)}, "2 to 6 options"),
        ({"rows": (1,)}, "its row"),
        ({"kind": "land"}, "without options"),
    ],
)
def test_a_guess_that_does_not_fit_together_is_refused(change: dict[str, object], told: str) -> None:
    with pytest.raises(BadInputError, match=told):
        replace(RIGHT, **change)  # type: ignore[arg-type]
