"""Bundled lists: what they promise is so."""

import pytest

from embeddings_core.analysis.algebra import analogy
from embeddings_core.analysis.spelling import suggest
from embeddings_core.errors import BadInputError
from embeddings_core.spaces.datasets import (
    ANALOGIES,
    BANK,
    DEFAULT_LIST,
    SENTENCES,
    AnalogyPreset,
    Dataset,
    word_list,
    word_lists,
)
from embeddings_core.spaces.texts import clean
from embeddings_core.spaces.vocabulary import load_vocabulary, vocabulary_rows


@pytest.mark.parametrize("title", word_lists())
def test_a_list_is_short_clean_and_grouped(title: str) -> None:
    words = word_list(title)
    assert 10 <= len(words) <= 40 and words.title == title and words.source
    assert len(set(words.items)) == len(words) and all(clean(item) == item for item in words.items)
    assert words.groups is None or len(set(words.groups)) >= 3


def test_the_first_list_needs_no_model() -> None:
    assert word_lists()[0] == DEFAULT_LIST
    assert set(word_list().items) <= set(vocabulary_rows())


def test_every_misspelled_word_is_offered_a_spelling() -> None:
    words = word_list("things people mistype")
    assert words.groups is None and not set(words.items) & set(vocabulary_rows())
    assert all(suggest(item) for item in words.items)


@pytest.mark.parametrize("preset", ANALOGIES, ids=lambda preset: preset.title)
def test_an_analogy_does_what_its_preset_says(preset: AnalogyPreset) -> None:
    assert preset.expected in vocabulary_rows() and preset.remark
    answer = analogy(load_vocabulary(), preset.a, preset.b, preset.c).answer
    assert (answer == preset.expected) == preset.works


def test_some_presets_fail_on_purpose() -> None:
    assert 3 <= sum(not preset.works for preset in ANALOGIES) < len(ANALOGIES) / 2


def test_lists_of_sentences() -> None:
    assert all("bank" in sentence for sentence in BANK.items) and len(set(BANK.groups or ())) == 2
    assert len(SENTENCES) >= 10


def test_what_is_not_a_list_is_told() -> None:
    with pytest.raises(BadInputError, match="first look"):
        word_list("nothing")
    with pytest.raises(BadInputError, match="number 2"):
        Dataset("x", ("a", " "))
    with pytest.raises(BadInputError, match="2 items but 1 groups"):
        Dataset("x", ("a", "b"), ("g",))


def test_groups_come_from_the_list_that_holds_the_words() -> None:
    from embeddings_core.spaces.datasets import groups_of

    first = word_list()
    assert groups_of(first.items) == first.groups
    assert groups_of((*first.items[:9], "blorft")) == (*first.groups[:9], "")
    assert groups_of(("blorft", "king", "qzx")) is None
    assert groups_of(()) is None
