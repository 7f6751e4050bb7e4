"""Word spaces of a visit: found by their owner, kept while the visit lasts, gone with it."""

import gc

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.spaces import static_words
from embeddings_core.spaces.files.word_vectors import WordVectors
from embeddings_core.spaces.static_words import OwnWords, WordShelf

WORDS = WordVectors(("cat", "dog", "Car"), np.eye(3), "mine.txt", layout="text", notes=("cut.",))


def test_a_space_finds_its_words_by_owner_and_id() -> None:
    shelf = WordShelf()
    space = shelf.keep_file("abc", WORDS)
    again = OwnWords("abc", "mine.txt", shelf.owner)
    assert again == space and again.key == space.key and again.words().items == WORDS.items
    assert space.vectors(("Cat", "lion", "dog")).items == ("Cat", "dog")
    assert space.coverage(("Cat", "lion")).missing == ("lion",)
    assert space.notes() == (
        "mine.txt: 3 words × 3 numbers (text), one vector a word, whatever the sentence.",
        "cut.",
    )
    assert len(space.reference("dot").scores) == 20_000


def test_another_owner_finds_nothing_and_neither_does_a_visit_that_is_over() -> None:
    shelf = WordShelf()
    space = shelf.keep_file("abc", WORDS)
    with pytest.raises(BadInputError, match="no longer here"):
        OwnWords("abc", "mine.txt", WordShelf().owner).words()
    del shelf
    gc.collect()
    with pytest.raises(BadInputError, match="no longer here"):
        space.vectors(("cat",))


def test_the_same_content_is_there_once_and_titles_differ() -> None:
    shelf = WordShelf()
    shelf.keep_file("abc", WORDS)
    other = WordVectors(("a",), np.ones((1, 2)), "second.txt")
    assert [space.title for space in (shelf.keep_file("abc", other), *shelf)] == ["second.txt", "second.txt"]
    assert shelf.keep_file("def", other, taken=("second (2).txt",)).title == "second (3).txt"
    assert shelf.keep_file("def", other).words().model == "second (2).txt"


def test_the_oldest_go_where_all_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(static_words, "VECTOR_SPACES_BYTES", 2 * WORDS.vectors.nbytes)
    shelf = WordShelf()
    for digest in "abc":
        shelf.keep_file(digest, WORDS)
    assert [space.id for space in shelf] == ["b", "c"]


def test_the_last_training_counts() -> None:
    shelf = WordShelf()
    first = shelf.keep_training("one", lambda: WORDS)
    assert shelf.keep_training("one", lambda: pytest.fail("trained again")) == first
    second = shelf.keep_training("two", lambda: WORDS)
    assert list(shelf) == [second]
    shelf.forget(second)
    assert shelf.keep_training("two", lambda: WORDS) == second and list(shelf) == [second]
