"""Items with their vectors: checked once, unchangeable afterwards."""

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.spaces import embedding_set
from embeddings_core.spaces.embedding_set import EmbeddingSet
from tests.awkward import MATRICES


@pytest.mark.parametrize("name", MATRICES)
def test_every_finite_matrix_is_a_set(name: str) -> None:
    matrix = MATRICES[name]
    made = EmbeddingSet(tuple(str(row) for row in range(len(matrix))), matrix)
    assert len(made) == len(matrix) and made.dimensions == matrix.shape[1] and made.model == "own"
    assert made.vectors.dtype == np.float32 and not made.vectors.flags.writeable


@pytest.mark.parametrize(
    ("items", "vectors", "sentence"),
    [
        (("a",), np.ones((2, 3)), "1 items but 2 vectors"),
        (("a", "b"), np.ones(2), "shape 2"),
        (("a",), np.ones((1, 2, 3)), "1 × 2 × 3"),
        ((), np.float32(1), "shape 1"),
        (("a", "b"), np.array([[1, np.nan], [1, 1]]), r"1 rows hold missing or infinite numbers \(row 1\)"),
        (("a", "b"), np.array([[1, 1], [np.inf, 1]]), "row 2"),
    ],
)
def test_what_does_not_fit_is_told(items: tuple[str, ...], vectors: np.ndarray, sentence: str) -> None:
    with pytest.raises(BadInputError, match=sentence):
        EmbeddingSet(items, vectors)


def test_groups_have_one_entry_an_item() -> None:
    with pytest.raises(BadInputError, match="2 items but 1 groups"):
        EmbeddingSet(("a", "b"), np.ones((2, 2)), groups=("x",))


def test_rows_are_taken_with_their_items_and_groups() -> None:
    made = EmbeddingSet(("a", "b", "c"), np.eye(3), "mine", ("x", "y", "x"))
    taken = made.take([2, 0])
    assert taken.items == ("c", "a") and taken.groups == ("x", "x") and taken.model == "mine"
    assert taken.vectors.tolist() == [[0, 0, 1], [1, 0, 0]]
    assert made.row("b") == 1
    with pytest.raises(BadInputError, match="not among these 3 items"):
        made.row("d")


def test_an_item_is_found_before_and_after_the_table_of_rows_is_made() -> None:
    made = EmbeddingSet(("a", "b", "a", "c"), np.eye(4))
    for _ in range(12):
        assert [made.find(item) for item in ("a", "b", "c", "d")] == [0, 1, 3, None]
    assert made.rows == {"a": 0, "b": 1, "c": 3}
    assert EmbeddingSet((), np.zeros((0, 2))).find("a") is None


def test_rows_of_many_items_are_found_without_a_dict(monkeypatch: pytest.MonkeyPatch) -> None:
    """As a dict finds them: the first of equal items, items of equal hashes by their text, nothing else."""
    items = (*(f"word {n}" for n in range(300)), "word 7", "naïve", "", "word 8")
    few = EmbeddingSet(items, np.ones((len(items), 2), dtype=np.float32))
    assert isinstance(few.rows, dict)
    monkeypatch.setattr(embedding_set, "MANY", 100)
    many = EmbeddingSet(items, few.vectors)
    assert isinstance(many.rows, embedding_set.RowsByHash)
    assert dict(many.rows) == few.rows and len(many.rows) == len(few.rows)
    assert all(many.row(item) == few.row(item) for item in items)
    assert many.rows.get("word") is None and "Word 7" not in many.rows
    with pytest.raises(BadInputError, match="not among"):
        many.row("word 300")
    monkeypatch.setattr(embedding_set, "hash", lambda item: len(item), raising=False)
    alike = embedding_set.RowsByHash(items)
    assert dict(alike) == few.rows and "word x" not in alike
