"""Why two rows are near: the columns in which they differ least, and the words without which they are less alike."""

import numpy as np
import pytest

from embeddings_core.tables.embedding import Basis, given_space
from embeddings_core.tables.explanation import WORDS, columns_that_matter, words_that_matter
from embeddings_core.tables.reading import read_table


def test_columns_in_standard_deviations() -> None:
    table = read_table(
        b"a,b,name\n" + b"".join(b"%d,%d,n\n" % (n, n * n) for n in range(20)), name="numbers.csv"
    )
    space = given_space(table, Basis("numbers"))
    found = dict(columns_that_matter(table, space, 2, 4))
    assert found["a"] == pytest.approx(2 / np.arange(20).std(), rel=1e-4)
    assert found["b"] == pytest.approx(12 / (np.arange(20) ** 2).std(), rel=1e-4)
    assert columns_that_matter(table, space, 2, 400) == ()


def test_words_that_bring_two_texts_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def encoder(texts: list[str]) -> np.ndarray:
        rows = [[*(float(word in text) for word in ("soup", "late", "train")), 0.3] for text in texts]
        return np.array(rows, dtype=np.float32)

    monkeypatch.setattr("embeddings_core.tables.explanation.load_encoder", lambda model: encoder)
    found = words_that_matter("the soup was late", "a soup by train " + "and " * 50, "a model of this test")
    assert max(zip(found.first, found.words[0], strict=True))[1] == "soup" and len(found.words[1]) == WORDS
