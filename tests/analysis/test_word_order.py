"""Word order: one point to a mean, two to a model; and what the sentences page asks by name."""

import numpy as np
import pytest

from embeddings_core.analysis.other_orders import BACKWARDS, SWAPPED, other_order
from embeddings_core.analysis.rankers import rank_race, words_of
from embeddings_core.analysis.sentence_examples import (
    CONTEXT_LISTS,
    SAME_WORDS,
    SENTENCE_LISTS,
    known_groups,
    sentence_groups,
)
from embeddings_core.analysis.sentences import word_order
from embeddings_core.errors import BadInputError
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.text_space import TextModel
from embeddings_core.spaces.corpus import news_sentences


def letters(items: list[str]) -> np.ndarray:
    """A toy encoder that hears the order: letters, the first half of the text counted twice."""
    rows = np.zeros((len(items), 26), dtype=np.float32)
    for row, item in zip(rows, items, strict=True):
        for place, letter in enumerate(item.lower()):
            if letter.isascii() and letter.isalpha():
                row[ord(letter) - 97] += 2 if place < len(item) / 2 else 1
    return rows


@pytest.mark.parametrize("pair", SAME_WORDS, ids=lambda pair: pair[0])
def test_the_mean_of_words_knows_no_order_and_the_model_does(pair: tuple[str, str]) -> None:
    encoder = load_encoder("minilm")
    result = word_order(*pair, encoder)
    assert sorted(words_of(pair[0])) == sorted(words_of(pair[1]))
    assert (result.means[0] == result.means[1]).all() and result.by_words == 1
    assert result.by_mean == pytest.approx(1, abs=1e-6)
    a, b = encoder(list(pair))
    assert result.by_model == pytest.approx(float(a @ b), abs=1e-5) and result.by_model < 0.9995


def test_on_screen_the_two_are_as_far_apart_as_in_truth() -> None:
    result = word_order("ab cd ef", "ef cd ab", letters)
    film = result.film()
    n = len(result.words)
    np.testing.assert_allclose(film.frames[0, n], film.frames[0, n + 1], atol=1e-6)
    np.testing.assert_allclose(
        np.linalg.norm(film.frames[1, n] - film.frames[1, n + 1]),
        np.linalg.norm(result.wholes[0] - result.wholes[1]),
        rtol=1e-4,
    )
    np.testing.assert_array_equal(film.frames[0, :n], film.frames[1, :n])
    assert film.kind == "morph"


@pytest.mark.parametrize("pair", [("cat", "cat"), ("cat", "dog"), ("!!!", "???"), ("猫 犬", "犬 猫")])
def test_the_smallest_sentences_have_a_film(pair: tuple[str, str]) -> None:
    film = word_order(*pair, letters).film()
    assert np.isfinite(film.frames).all()


@pytest.mark.parametrize("pair", [("", "cat"), ("cat", " \u200b "), ("cat " * 61, "cat")])
def test_nothing_or_too_much_is_said(pair: tuple[str, str]) -> None:
    with pytest.raises(BadInputError, match="1 to 60 words"):
        word_order(*pair, letters)


def test_random_pairs_of_the_news_have_little_in_common() -> None:
    sentences = news_sentences()
    assert len(set(sentences)) == 160 and all(5 <= len(sentence.split()) <= 40 for sentence in sentences)
    scale = TextModel("minilm").reference().scores
    assert (np.diff(scale) >= 0).all() and -0.1 < float(np.median(scale)) < 0.2


@pytest.mark.parametrize("title", SENTENCE_LISTS)
def test_each_list_shows_what_words_alone_do_not_find(title: str) -> None:
    """The first query of a list: the model's first is another than that of the exact words."""
    listed = SENTENCE_LISTS[title]
    race = rank_race(listed.queries[0], listed.sentences.items, load_encoder("minilm"))
    best = race.ranks[-1].index(1)
    assert race.ranks[0][best] > 1 or max(race.scores[0]) == 0 or race.ranks[0].count(1) > 1
    assert sentence_groups(listed.sentences.items) == (
        None if listed.sentences.groups is None else listed.sentences.groups
    )


def test_groups_are_known_while_half_of_the_items_are() -> None:
    bank = CONTEXT_LISTS["bank"]
    assert bank.groups is not None
    mixed = (*bank.items[:2], "mine", "mine too")
    assert known_groups(mixed, CONTEXT_LISTS) == (*bank.groups[:2], "", "")
    assert known_groups((*mixed, "one more"), CONTEXT_LISTS) is None
    assert known_groups((), CONTEXT_LISTS) is None


@pytest.mark.parametrize(
    ("sentence", "other"),
    [
        ("The client wants a discount.", "A discount wants the client."),
        ("Our neighbour repaired a bicycle", "A bicycle repaired our neighbour"),  # five words tell the verb
        ("The printer on the second floor is jammed.", "The second floor on the printer is jammed."),
        (
            "Yesterday she put the cup on the table, and left.",
            "Yesterday she put the table on the cup, and left.",
        ),
        ("We drove from Rome to Pisa yesterday.", "We drove from Pisa to Rome yesterday."),
        ("Who has the key to the meeting room?", "Who has the meeting room to the key?"),
        ("Anna loves Ben.", "Ben loves Anna."),
        ("Machines help people!", "People help machines!"),
    ],
)
def test_two_parts_round_a_verb_or_a_preposition_change_places(sentence: str, other: str) -> None:
    found = other_order(sentence)
    assert found is not None and (found.text, found.how) == (other, SWAPPED)


@pytest.mark.parametrize(
    ("sentence", "other"),
    [
        ("Please send the invoice before Friday.", "Friday before invoice the send Please."),
        ("The dogs bite the man.", "Man the bite dogs The."),  # swapped, its grammar would tell
        ("Soup, bread and wine", "Wine and bread Soup"),
        ("The cat sees the cat there.", "There cat the sees cat The."),
    ],
)
def test_where_no_rule_fits_all_words_stand_backwards_and_it_is_said(sentence: str, other: str) -> None:
    found = other_order(sentence)
    assert found is not None and (found.text, found.how) == (other, BACKWARDS)


@pytest.mark.parametrize(
    "text", ["", "cat", "cat cat", "no, no!", "猫が好き", "word " * 61, "a" * 300 + " " + "b" * 300]
)
def test_what_has_no_other_order_gets_none(text: str) -> None:
    assert other_order(text) is None


def test_another_order_has_the_same_words() -> None:
    known = [item for listed in (*SENTENCE_LISTS.values(),) for item in listed.sentences.items]
    odd = [
        "<b>cat</b> & dog",
        "«the cat» – the dog",
        "a 🙂 b",
        "It's Anna's, isn't it?",
        "1.5 of 2,000 (in all)",
    ]
    for sentence in (*known, *odd, *news_sentences()[:60]):
        found = other_order(sentence)
        assert found is not None and found.text != sentence
        assert sorted(words_of(found.text)) == sorted(words_of(sentence)), found
