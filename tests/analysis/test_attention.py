"""Heads with a habit are found by their numbers; what the context page asks by name is what the core says."""

import numpy as np
import pytest

from embeddings_core.analysis.attention import (
    AFTER,
    BEFORE,
    END,
    WORD,
    SentenceAttention,
    all_attention,
    attention,
)
from embeddings_core.analysis.layer_trajectory import layer_film, layer_trajectory
from embeddings_core.analysis.senses import join_senses, sense_curve
from embeddings_core.analysis.sentence_examples import CONTEXT_LISTS
from embeddings_core.analysis.tokens import occurrences, token_vectors
from embeddings_core.errors import BadInputError


def made(heads: list[np.ndarray], chosen: tuple[int, ...] = ()) -> SentenceAttention:
    n = len(heads[0])
    marks = (True, *(False,) * (n - 2), True)
    tokens = tuple(f"token{place}" for place in range(n))
    return SentenceAttention("text", tokens, marks, chosen, np.stack(heads)[None])


def test_each_habit_finds_its_head() -> None:
    """Four heads on six tokens: one looks back one step, one ahead one step, one at the end, one from token 1 to 4."""
    back, ahead, end, far = (np.zeros((6, 6)) for _ in range(4))
    for row in range(6):
        back[row, max(row - 1, 0)] = ahead[row, min(row + 1, 5)] = end[row, 5] = far[row, row] = 1.0
    far[1] = [0, 0.1, 0, 0, 0.9, 0]
    found = {each.pattern: each for each in made([back, ahead, end, far], chosen=(1,)).patterns}
    assert [found[pattern].head for pattern in (BEFORE, AFTER, END, WORD)] == [1, 2, 3, 4]
    assert found[WORD].share == pytest.approx(0.9) and all(each.layer == 1 for each in found.values())


def test_unclear_habits_are_left_out() -> None:
    assert made([np.full((6, 6), 1 / 6)], chosen=(1,)).patterns == ()
    assert made([np.full((2, 2), 0.5)]).patterns == ()


def test_all_heads_are_the_heads_one_by_one() -> None:
    sentence = "The light of the lamp filled the room."
    found = all_attention(sentence, "Light")
    one = attention(sentence, layer=6, head=12)
    np.testing.assert_allclose(found.weights[5, 11], one.weights, atol=1e-6)
    np.testing.assert_allclose(found.weights.sum(-1), 1, atol=1e-4)
    assert [found.tokens[token] for token in found.chosen] == ["light"]
    far = found.patterns[-1]
    looks = found.weights[far.layer - 1, far.head - 1, found.chosen[0]]
    assert far.pattern == WORD and found.tokens[int(looks.argmax())] == "lamp"


@pytest.mark.parametrize("text", ["", " \u200b"])
def test_nothing_has_no_attention(text: str) -> None:
    with pytest.raises(BadInputError, match="empty"):
        all_attention(text)


def test_one_letter_and_an_unknown_word_are_fine() -> None:
    assert all_attention("a", "bank").chosen == ()
    assert occurrences("", "some text") == [] and occurrences("BANK", "my bank, a bank") == [(3, 7), (11, 15)]


@pytest.mark.parametrize("word", CONTEXT_LISTS)
def test_every_bundled_word_really_parts(word: str) -> None:
    listed = CONTEXT_LISTS[word]
    assert all(len(occurrences(word, item)) == 1 for item in listed.items)
    found = layer_trajectory(listed.items, word, "minilm")
    assert found.given and found.joined == () and found.curve.senses == listed.groups
    assert found.curve.parting is not None and found.found == len(listed)
    last = found.curve.within[-1] - found.curve.between[-1]
    assert last > (0.02 if word == "crane" else 0.05)


def test_own_sentences_join_the_meaning_they_are_nearest_to() -> None:
    """Two sentences of the visitor's own among the bundled eight: one of water, one of money."""
    own = ("We pulled the boat up the bank of the river.", "My bank charges high interest on a loan.")
    found = layer_trajectory((*CONTEXT_LISTS["bank"].items, *own), "bank", "minilm")
    assert found.joined == (8, 9) and found.curve.senses[8:] == ("river", "money")


def test_senses_join_by_the_nearest_mean() -> None:
    tokens = token_vectors(CONTEXT_LISTS["bank"].items, word="bank")
    known = ("river", "river", "", "", "money", "", "", "")
    assert join_senses(tokens, known) == CONTEXT_LISTS["bank"].groups
    assert set(join_senses(tokens, ("",) * 8)) == {"sense 1", "sense 2"}


def test_without_a_list_the_model_makes_the_senses() -> None:
    sentences = tuple(text.replace("bank", "Bank") for text in CONTEXT_LISTS["bank"].items)
    found = layer_trajectory(sentences, "bank", "minilm", 3)
    assert (
        not found.given and set(found.curve.senses) == {"sense 1", "sense 2"} and found.film.dimensions == 3
    )
    assert found.curve.parting == sense_curve(found.tokens).parting
    np.testing.assert_array_equal(found.film.frames, layer_film(found.tokens, dimensions=3).frames)
