"""Text at the door: what comes in, what is used, what is said about it."""

import time
import unicodedata

import pytest

from embeddings_core import limits
from embeddings_core.spaces.texts import COMMAS_STAY, GROUPS_STAY, clean, joined, split_lines, split_words
from tests.awkward import TEXTS


@pytest.mark.parametrize(
    ("name", "items"),
    [
        ("none", ()),
        ("blanks", ()),
        ("zero width", ()),
        ("separators only", ()),
        ("one", ("cat",)),
        ("two", ("cat", "dog")),
        ("three", ("cat", "dog", "car")),
        ("four", ("cat", "dog", "car", "truck")),
        ("duplicates", ("cat", "dog")),
        ("all the same", ("cat",)),
        ("capitals", ("Cat", "cat", "CAT")),
        ("phrases", ("ice cream", "hot dog", "New York")),
        ("quoted", ("ice cream", "cat", "hot dog")),
        ("right to left", ("שלום", "עולם", "مرحبا")),
        ("direction override", ("abcdefghi",)),
        ("hidden in a word", ("cat",)),
        ("NUL", ("cat", "dog")),
        ("lone surrogate", ("cat", "\ufffd", "dog")),
        ("surrogate pair in halves", ("😀", "cat")),
        ("composed two ways", ("café",)),
        ("wide separators", ("猫", "狗", "车", "树")),
        ("line ends of every system", ("cat", "dog", "car", "truck", "bus")),
        ("formula", ("=1+1", "@SUM(A1)", "-2+3", "+4")),
        ("address", ("http://127.0.0.1:9/cat.png",)),
        ("path", ("/etc/passwd",)),
        ("special tokens", ("[CLS]", "[MASK]", "[PAD]", "[SEP]", "[UNK]")),
    ],
)
def test_awkward_text_becomes_these_items(name: str, items: tuple[str, ...]) -> None:
    assert split_words(TEXTS[name]).items == items


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_comes_in_usable(name: str) -> None:
    for split in (split_words, split_lines):
        result = split(TEXTS[name])
        assert len(result.items) <= limits.TEXTS
        assert len(set(result.items)) == len(result.items)
        for item in (*result.items, *result.notes):
            item.encode()  # no lone surrogates
            assert item.strip() == item != ""
            assert len(item) <= limits.TEXT_CHARACTERS
            assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in item)
            assert not set(item) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b")


def test_families_of_emoji_stay_together() -> None:
    assert split_words(TEXTS["emoji"]).items[:3] == ("😀", "🎉", "👨\u200d👩\u200d👧")


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("cat, cat, dog, cat, dog", ("3 duplicates were merged.",)),
        ("cat cat", ("1 duplicate was merged.",)),
        ("cat \ud800", ("1 unreadable character was replaced.",)),
        ("a" * 1_000_000, ("This text has 1,000,000 characters; the limit is 2,000. It was cut.",)),
        (TEXTS["more lines than allowed"], ("5,214 items; the first 5,000 are used.",)),
        (TEXTS["five thousand lines"], ()),
        ("cat dog", ()),
    ],
)
def test_what_was_changed_is_said(text: str, notes: tuple[str, ...]) -> None:
    assert split_words(text).notes == notes


def test_lines_are_named_as_such() -> None:
    assert split_lines(TEXTS["more lines than allowed"]).notes == ("5,214 lines; the first 5,000 are used.",)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("king queen,", ("king", "queen")),  # a comma that is still being typed
        ("king queen, man", ("king queen", "man")),
        ("['king', 'queen']", ("king", "queen")),
        ('["ice cream", "cat"]', ("ice cream", "cat")),
        ("it's don't", ("it's", "don't")),
        ("'tis", ("'tis",)),
        ('say "hi', ("say", "hi")),
        ("a;b\tc", ("a", "b", "c")),
        ('"a, b", c', ("a, b", "c")),
    ],
)
def test_lists_are_read_as_people_write_them(text: str, items: tuple[str, ...]) -> None:
    assert split_words(text).items == items


def test_sentences_keep_their_commas() -> None:
    assert split_lines("Yes, it is.\n\nNo; not now.").items == ("Yes, it is.", "No; not now.")


def test_a_megabyte_costs_little() -> None:
    start = time.process_time()
    for name in ("one megabyte", "a megabyte of words", "zalgo"):
        split_words(TEXTS[name])
    assert time.process_time() - start < 5.0  # the usual time is a twentieth of this


def test_cleaning_twice_changes_nothing() -> None:
    from hypothesis import given  # slow to import, and every worker imports this file
    from hypothesis import strategies as st

    @given(st.text(alphabet=st.characters(codec=None), max_size=80))
    def cleaned_twice(text: str) -> None:
        once = clean(text)
        assert clean(once) == once

    cleaned_twice()


@pytest.mark.parametrize(
    "items",
    [
        ("ice cream",),
        ("rock, paper", "cat"),
        ('the "big; one', "cat"),
        ("a\u060cb c",),
        ("cat", "ice cream"),
        (),
    ],
)
def test_items_that_are_written_are_read_again(items: tuple[str, ...]) -> None:
    for separator in (", ", "\n"):
        assert split_words(joined(items, separator=separator)).items == items


def test_text_is_cut_at_the_limit() -> None:
    assert clean("abcdef", limit=4) == "abcd"
    assert clean("ab   cd  ef", limit=5) == "ab cd"


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("1,000; 2,000", ("1,000", "2,000")),
        ("1,000, 2,000", ("1,000", "2,000")),
        ("1,000", ("1,000",)),
        ("-1,000.5", ("-1,000.5",)),
        ("1,200,300", ("1,200,300",)),
        ("1,000 2,000", ("1,000", "2,000")),
        ("1,000,2,000", ("1,000", "2,000")),
        ("1,000 people, 2,000 cars", ("1,000 people", "2,000 cars")),
        ("1,2,3", ("1", "2", "3")),
        ("0,100,200", ("0", "100", "200")),
        ("2020,300", ("2020", "300")),
        ("1,0000", ("1", "0000")),
        ("Washington, D.C.; Paris; Oslo", ("Washington, D.C.", "Paris", "Oslo")),
        ("Washington, D.C., USA; Paris, France; Oslo", ("Washington, D.C., USA", "Paris, France", "Oslo")),
        ("Washington, D.C., USA\nParis, France", ("Washington, D.C., USA", "Paris, France")),
        ("red, green, blue; one, two, three", ("red", "green", "blue", "one", "two", "three")),
        ("Washington, D.C.\nParis\nOslo", ("Washington, D.C.", "Paris", "Oslo")),
        ("cat, dog\ncar, bus", ("cat", "dog", "car", "bus")),
        ("cat, dog,\ncar", ("cat", "dog", "car")),
        ("cat, dog, car; bus", ("cat", "dog", "car", "bus")),
    ],
)
def test_commas_stay_where_semicolons_or_lines_separate(text: str, items: tuple[str, ...]) -> None:
    found = split_words(text)
    assert found.items == items
    said = any(
        note in found.notes for note in (GROUPS_STAY, *map(COMMAS_STAY.format, ("semicolons", "lines")))
    )
    assert said == any("," in item for item in items)


def test_piled_marks_are_cut_to_a_few() -> None:
    (item,) = split_words("z" + "\u0334" * 1000 + "o").items
    assert item == "z" + "\u0334" * 8 + "o" and clean(item) == item
    (parted,) = split_words("z" + "\u0301\u200d" * 500 + "o").items  # joiners between the marks
    assert len(parted) <= 10 and clean(parted) == parted
    assert split_words("👩‍❤️‍👨, می‌خواهم").items == ("👩‍❤️‍👨", "می‌خواهم")
    assert split_words("שָׁלוֹם").items == ("שָׁלוֹם",) and split_words("e\u0301").items == ("é",)
