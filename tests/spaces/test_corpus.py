"""Splitting and counting text."""

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.corpus import (
    count_words,
    frequent_enough,
    news_texts,
    split_sentences,
)
from embeddings_core.training.cooccurrence import cooccurrence


def test_sentences_end_at_marks_and_lines():
    assert split_sentences("The cat sat. It's A-1 fine!\nyes\nNaïve café 42 don’t") == (
        ("the", "cat", "sat"), ("it's", "a", "fine"), ("naïve", "café", "don’t"),
    )  # fmt: skip


def test_a_soft_hyphen_or_a_mark_of_direction_parts_no_word():
    assert split_sentences("An exam\u00adple of\u200f\ufeff hyphen\u00ada\u00adtion.") == (
        ("an", "example", "of", "hyphenation"),
    )


@pytest.mark.parametrize("text", ["", "word", "1 2 3", "\ud800", "🙂 🙂", []])
def test_too_little_text_says_so(text):
    with pytest.raises(BadInputError, match="no sentence"):
        split_sentences(text)


def test_too_much_text_names_the_limit():
    with pytest.raises(BadInputError, match="2,000,000"):
        split_sentences("word " * 400_001)


def test_counts_are_in_order_and_rare_words_leave():
    sentences = split_sentences("a b a c. a b d")
    counted = count_words(sentences, min_count=2)
    assert counted.words == ("a", "b") and counted.counts.tolist() == [3, 2]
    with pytest.raises(BadInputError, match="Only 1 words occur 3 times"):
        count_words(sentences, min_count=3)
    assert [frequent_enough(n) for n in (10, 2_000, 20_000)] == [1, 2, 5]


def test_the_shipped_news_are_there():
    texts = news_texts()
    assert len(texts) == 300 and 1_500 < len(count_words(split_sentences(texts))) < 2_500


def test_cooccurrence_by_hand():
    """ "a b c" and "a c", window 2: a–b 1, b–c 1, a–c 1/2 + 1 = 1.5; each in both directions, nothing across
    a full stop."""
    sentences = (("a", "b", "c"), ("a", "c"))
    counted = count_words(sentences, min_count=1)
    pairs = cooccurrence(sentences, counted, window=2)
    assert pairs.table(["a", "b", "c"]).tolist() == [[0, 1, 1.5], [1, 0, 1], [1.5, 1, 0]]
    assert pairs.counts.nnz == 6 and pairs.most_common("a") == (("c", 1.5), ("b", 1.0))
    with pytest.raises(BadInputError, match='"zork"'):
        pairs.table(["zork"])


def test_cooccurrence_against_counting_in_loops():
    sentences = split_sentences(news_texts()[:10])
    counted = count_words(sentences, min_count=2)
    rows = counted.rows()
    truth = np.zeros((len(rows), len(rows)))
    for sentence in sentences:
        known = [rows[word] for word in sentence if word in rows]
        for left in range(len(known)):
            for right in range(left + 1, min(left + 6, len(known))):
                truth[known[left], known[right]] += 1 / (right - left)
                truth[known[right], known[left]] += 1 / (right - left)
    assert truth.sum() > 100
    assert np.allclose(cooccurrence(sentences, counted, window=5).counts.toarray(), truth, atol=1e-4)
