"""What was probably meant: mistyped words get an offer, and rare words do not."""

import time

import numpy as np
import pytest

from embeddings_core.analysis.spelling import mistyped, probably_meant, spelling_distance, suggest
from embeddings_core.models.embed import embed_words
from tests.models.test_glove_package import needs_glove


@needs_glove
def test_rare_words_are_no_misspellings_and_misspellings_are() -> None:
    rare = ["doze", "spatula", "sieve", "vole", "shrew", "brine", "hoe", "loom"]
    rare += [
        "gull",
        "trowel",
        "crane",
        "eel",
        "valve",
        "hinge",
        "turret",
        "friar",
        "date",
        "keep",
    ]  # used as gill, towel, cranes
    typos = {
        "recieve": "receive", "definately": "definitely", "seperate": "separate", "teh": "the", "occured": "occurred",
        "goverment": "government", "calender": "calendar", "accomodate": "accommodate", "wierd": "weird", "hosptial": "hospital",
    }  # fmt: skip
    placed = embed_words([*rare, *typos]).words
    found = {
        word: probably_meant(word, vector) for word, vector in zip(placed.items, placed.vectors, strict=True)
    }
    assert {word: meant for word, meant in found.items() if word in rare and meant} == {}
    assert [word for word, meant in typos.items() if meant not in found[word]] == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("recieve", "receive"),
        ("quen", "queen"),
        ("teh", "the"),
        ("freind", "friend"),
        ("wierd", "weird"),
        ("beleive", "believe"),
        ("acomodate", "accommodate"),
        ("Kingg", "king"),
    ],
)
def test_misspelled_words_are_offered_their_spelling(typed: str, meant: str) -> None:
    assert suggest(typed)[0] == meant


@pytest.mark.parametrize(
    "typed", ["", "ab", "ice cream", "קינג", "x" * 400, "12345", "zzzzzzzzz", "king\x00"]
)
def test_where_nothing_is_near_nothing_is_offered(typed: str) -> None:
    assert suggest(typed) == ()


def test_a_known_word_is_not_offered_itself() -> None:
    assert "king" not in suggest("king", k=20)


def slow_distance(a: str, b: str) -> int:
    """Optimal string alignment as the textbook writes it, one cell at a time."""
    table = [[i + j for j in range(len(b) + 1)] for i in range(len(a) + 1)]
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            change = table[i - 1][j - 1] + (a[i - 1] != b[j - 1])
            table[i][j] = min(table[i - 1][j] + 1, table[i][j - 1] + 1, change)
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]


def test_spelling_distance_is_the_textbook_one() -> None:
    from hypothesis import given, settings  # slow to import, and every worker imports this file
    from hypothesis import strategies as st

    word = st.text(alphabet="abcd", min_size=1, max_size=7)

    @settings(max_examples=200, deadline=None)
    @given(word, st.lists(word, min_size=1, max_size=5))
    def as_in_the_textbook(typed: str, words: list[str]) -> None:
        width = max(map(len, words))
        letters = np.array([list(w.encode().ljust(width, b"\0")) for w in words], dtype=np.uint8)
        lengths = np.array([len(w) for w in words])
        assert spelling_distance(typed, letters, lengths).tolist() == [slow_distance(typed, w) for w in words]

    as_in_the_textbook()


def test_suggestions_come_at_once() -> None:
    suggest("warm up")
    suggest("elefant")
    start = time.process_time()
    for typed in ("recieve", "elefant", "definately", "tommorow", "quen"):
        suggest(typed)
    assert (time.process_time() - start) / 5 < 0.1  # the usual time is 0.002


def test_only_what_looks_mistyped_is_mistyped() -> None:
    words = ["ramen", "oregano", "tweet", "raccoon", "parsley", "latte"]
    typos = {
        "wierd": "weird",
        "kigdom": "kingdom",
        "tommorow": "tomorrow",
        "tigre": "tiger",
        "scool": "school",
    }
    placed = embed_words([*words, *typos, "Wierd"]).words
    found = {word: mistyped(word, vector) for word, vector in zip(placed.items, placed.vectors, strict=True)}
    assert [word for word in (*words, "Wierd") if found[word]] == []
    assert [word for word, meant in typos.items() if meant not in found[word]] == []
