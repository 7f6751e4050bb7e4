"""Long labels in two lines: whole where two lines hold them, never wider than a line may be."""

import pytest

from embeddings_core.scenes.labels import LINE, LISTED, WIDEST, columns, folded, forms
from embeddings_core.spaces.datasets import SENTENCES

LONG = "Investors lost billions as share prices dropped on the markets of the whole world"


@pytest.mark.parametrize(
    "text", [*SENTENCES.items, LONG, "cat", "x" * LINE, "two " * 12, "山" * 40, "x" * 80]
)
def test_a_text_that_two_lines_hold_is_whole_in_them(text: str) -> None:
    lines = folded(text.strip())
    assert len(lines) == (1 if columns(text.strip()) <= LINE else 2)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(line and columns(line) <= WIDEST for line in lines)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (LONG[:47], ("Investors lost billions", "as share prices dropped")),
        ("a" * 70 + " b", ("a" * 36, "a" * 34 + " b")),  # its blank is of no use
        ("ab" * 20, ("ab" * 10, "ab" * 10)),
        ("e\u0301" * 40, ("e\u0301" * 20, "e\u0301" * 20)),  # an accent stays with its letter
        ("👩\u200d🚀" * 10, ("👩\u200d🚀" * 5, "👩\u200d🚀" * 5)),  # and a person is not taken apart
        ("<b>" * 12, ("<b>" * 6, "<b>" * 6)),
        ("", ("",)),
    ],
)  # fmt: skip
def test_where_a_text_breaks(text: str, lines: tuple[str, ...]) -> None:
    assert folded(text) == lines


def test_what_two_lines_do_not_hold_is_cut_and_says_so() -> None:
    lines = folded("words and more " * 12)
    assert len(lines) == 2 and lines[1].endswith("…") and max(map(columns, lines)) <= WIDEST
    wide = folded("山" * 80)
    assert [columns(line) for line in wide] == [WIDEST, WIDEST] or sum(map(columns, wide)) >= 2 * WIDEST - 3


def test_a_list_cuts_by_steps_and_a_map_once() -> None:
    assert forms("cat") == forms("cat", listed=True) == (("cat",),)
    whole, short = forms(LONG[:47])
    assert len(whole) == 2 and short == ("Investors lost billions as shar…",)
    told = forms(LONG, listed=True)
    assert [len(lines) for lines in told] == [1] * 4
    assert [columns(line) <= most for (line,), most in zip(told, LISTED, strict=True)] == [True] * 4
    assert forms(LONG[:47], listed=True)[0] == (LONG[:47],)
