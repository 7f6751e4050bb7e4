"""Labels: a text as it may stand on a map, cut to a length, and long ones in two lines.

Where lines break is the same on the stage and in files; assets/stage/values.js has these numbers.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

LABEL_LENGTH = 80
CAPTION_LENGTH = 160  # of what is said of a key state, in two lines
TEXT_LENGTH = 400  # of a text that may take more than a line
LINE, WIDEST = 32, 44  # columns of a label in one line, and of each line where it needs two
LISTED = (64, 48, 32, 20)  # columns that a label in a list may take
WIDE_RANGES = (
    (0x1100, 0x115F), (0x2E80, 0xA4CF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF), (0xFE30, 0xFE6F), (0xFF01, 0xFF60),
    (0x1F300, 0x1FAFF), (0x20000, 0x3FFFD),
)  # fmt: skip
WIDE = re.compile(f"[{''.join(f'{chr(low)}-{chr(high)}' for low, high in WIDE_RANGES)}]")
"""Letters twice as wide as others: Chinese, Japanese, Korean, and pictures."""
JOINER = "\u200d"  # between two pictures that are shown as one


def label(text: str, *, length: int = LABEL_LENGTH) -> str:
    """Return text fit for one line: no control characters, no lone surrogates, at most 80 (or `length`) characters."""
    if len(text) <= length and text.isprintable() and "  " not in text and text == text.strip():
        return text  # nearly every one
    kept = "".join(
        " " if unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter
        for letter in text[: 5 * length]
    )
    kept = " ".join(kept.split())
    return kept if len(kept) <= length else kept[: length - 1] + "…"


def in_one_line(texts: Sequence[str], *, length: int = LABEL_LENGTH) -> bool:
    """Tell whether `label` would change none of these texts, and none is empty, all asked at once."""
    whole = f" {' '.join(texts)} "  # an empty text, or one with a blank at an end, makes two blanks
    return "  " not in whole and whole.isprintable() and max(map(len, texts), default=0) <= length


def columns(letters: Sequence[str]) -> int:
    """Return how much room letters take: a wide one takes two columns, a mark on another letter none.

    >>> columns("bank"), columns("銀行")
    (4, 4)
    """
    return sum(0 if _joins(letter) else 2 if WIDE.match(letter) else 1 for letter in letters)


def _joins(letter: str) -> bool:
    """Tell whether a letter belongs to the one before it."""
    category = unicodedata.category(letter)
    return category[0] == "M" or category == "Cf"


def cut(text: str, most: int = LINE) -> str:
    """Shorten text to `most` columns; an ellipsis says so.

    >>> cut("a kitten", 5)
    'a ki…'
    """
    if columns(text) <= most:
        return text
    kept = text
    while columns(kept) > most - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


@lru_cache(maxsize=4096)
def folded(text: str) -> tuple[str, ...]:
    """Break text of more than 32 columns into two lines, as even as its blanks allow; more than both hold is cut.

    >>> folded("The kitten fell asleep on the warm sofa.")
    ('The kitten fell asleep', 'on the warm sofa.')
    """
    if columns(text) <= LINE:
        return (text,)
    whole = cut(text, 2 * WIDEST)
    blanks = [at for at, letter in enumerate(whole) if letter == " "]
    anywhere = [at for at in range(1, len(whole)) if not _joins(whole[at]) and whole[at - 1] != JOINER]
    for places in (blanks, anywhere):
        pairs = [(whole[:at].strip(), whole[at:].strip()) for at in places]
        best = min(pairs, key=lambda pair: max(map(columns, pair)), default=None)
        if best is not None and max(map(columns, best)) <= WIDEST:
            return best
    return (cut(whole, WIDEST),)


@lru_cache(maxsize=4096)
def forms(text: str, *, listed: bool = False) -> tuple[tuple[str, ...], ...]:
    """Return what may stand for a text, the best first, as lines.

    Whole in two lines, or cut to one where there is no room; in a list (`listed`) one line of what there is room for.
    """
    whole = (cut(text, LISTED[0]),) if listed else folded(text)
    cuts = dict.fromkeys(cut(text, most) for most in (LISTED[1:] if listed else (LINE,)))
    return (whole, *((short,) for short in cuts if short != whole[0]))
