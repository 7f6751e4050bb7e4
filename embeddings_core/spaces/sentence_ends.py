"""Where sentences end, by ICU's rules for all languages (UAX 29), and where it is left to the reader to know better.

Of sentences of twelve languages `pysbd` takes 67 s a megabyte and knows neither Hebrew nor Korean; `sentencex` knows most
abbreviations, and loses up to 8,000 characters to one sentence where a quotation mark is never closed; `nupunkt` knows English
alone. So sentences are ICU's, and what its rules leave out stands here: a full stop after an abbreviation or an initial, before
a capital letter or a number; the Greek question mark; brackets that open the next sentence.
"""

import re
from collections.abc import Iterator

from embeddings_core.errors import requires
from embeddings_core.spaces.abbreviations import (
    BEFORE_NAMES,
    BEFORE_NUMBERS,
    BEGINS,
    ENDS,
    GOES_ON,
    LABELLED,
    MONTHS,
    ORDINALS,
    PAIRS,
    STREETS,
)
from embeddings_core.spaces.segmentation import LOCALE, readable

LETTERS = re.compile(r"[^\W\d_]\u0301?(?:\.-?[^\W\d_])*\.")  # "J.", "U.S.", "p.m.", "J.-P."
END = re.compile(r"(?<=[.!?])(?=\s+\S)")
GREEK_QUESTION = re.compile(r"(?<=[\u0370-\u03ff\u1f00-\u1fff]{2}[;\u037e])(?=\s+\S)")
OPENING = "([{\"'“‘«„‚¿¡"
OPENS_AT_ONCE = re.compile(
    r"(?<=[。！？!?])[「『（《【〈〔“‘]+$"
)  # without a blank: it belongs to what follows
SAID = ("」", "』")  # 「はい。」と言った
CASELESS = re.compile(
    r"[\u0600-\u06ff\u0900-\u0dff\u0e00-\u0eff]"
)  # Arabic, India, Thai: no letter is a capital
LOOKED_AT = 200  # characters
NO_WORDS = frozenset("аеиоуыэюяієαηοωaeiouy")  # lone small letters that are words


def sentence_parts(text: str) -> list[str]:
    """Split a text into sentences, at marks and lines, as they are written; "Dr. Smith" ends none.

    >>> sentence_parts("Dr. J. R. Smith left the U.S. at 5 p.m. and came. He left.")
    ['Dr. J. R. Smith left the U.S. at 5 p.m. and came.', 'He left.']
    """
    whole = readable(text)
    small = whole == whole.lower()  # where nobody writes capitals, a small letter may begin a sentence
    sentences: list[list[str]] = [[]]
    end = ""  # of what was read so far: no more of it is looked at, or many abbreviations would take for ever
    for part in _cut(whole, small=small):
        if end and not _goes_on(end, part, small=small):
            sentences.append([])
            end = ""
        sentences[-1].append(part)
        end = (end + part)[-LOOKED_AT:]
    joined = ("".join(parts).strip() for parts in sentences)
    return [sentence for sentence in joined if sentence]


def _cut(text: str, *, small: bool) -> Iterator[str]:
    """Yield the parts between all places where a sentence may end."""
    requires("icu4py")
    from icu4py.breakers import SentenceBreaker

    opened = ""
    for part in SentenceBreaker(text, LOCALE):
        part, opened = opened + part, ""
        if found := OPENS_AT_ONCE.search(part):
            part, opened = part[: found.start()], found.group()
        for piece in END.split(part) if small else [part]:
            yield from GREEK_QUESTION.split(piece)
    if opened:
        yield opened


def _goes_on(part: str, following: str, *, small: bool) -> bool:
    """Tell whether a sentence goes on: a small letter follows, or the full stop is one of an abbreviation or an initial.

    `small`: the text has no capital letter.
    """
    said = part.rstrip(" \t\u00a0\u202f")
    begun = following.strip()
    if said.endswith("\n") or not begun:
        return False
    if said == part and said.endswith(".") and CASELESS.match(begun):  # "พ.ศ."
        return True
    if said.endswith(SAID) and begun[0] in "とっ":
        return True
    if not small and following[0].islower():  # "Go!" he said
        return True
    if not said.endswith("."):
        return False
    words = [word.lstrip(OPENING) for word in said.rsplit(None, 2)[-2:]]
    return _is_abbreviation(words, begun.split(None, 1)[0].lstrip(OPENING), small=small)


def _is_abbreviation(words: list[str], following: str, *, small: bool) -> bool:
    """Tell whether the full stop after the last of one or two `words` ends no sentence."""
    last = re.split("['’]", words[-1])[-1]  # l'avv.
    name, after = last[:-1], following.rstrip(".,;:!?")
    low, before = name.lower(), words[0] if len(words) > 1 else ""
    if low in ENDS:
        return False
    if low in GOES_ON or name in GOES_ON or f"{before.lower()} {name}" in PAIRS:
        return True
    if name in BEFORE_NAMES and after[:1].isupper() and after.lower() not in BEGINS:
        return True
    if len(low) < 3 and low.isdecimal():  # "am 3. Mai", "das 1. Kapitel"
        names = after[:1].isupper() and after.lower() not in BEGINS and before.lower() in ORDINALS
        return names or after.lower() in MONTHS
    if (after[:1].isdigit() or after.lower() in BEFORE_NUMBERS) and (
        low in BEFORE_NUMBERS or low.endswith(STREETS)
    ):
        return True
    letters = LETTERS.fullmatch(last) is not None
    if letters and CASELESS.match(last) and not after[:1].isupper():  # "د. أحمد"
        return True
    if small:
        return last.count(".") > 1 and letters
    return letters and _is_initial(last, before, following)


def _is_initial(last: str, before: str, following: str) -> bool:
    """Tell whether a letter, or letters such as "U.S.", stand for a name or before one."""
    name, after = last[:-1], following.rstrip(".,;:!?")
    if not after[:1].isupper() or after.lower() in BEGINS:
        return False
    if last.count(".") > 1:
        return True
    if before.lower() in LABELLED:
        return False
    if name.islower():  # "в г. Москве", "z. B. Frau"; "в 1999 г. Война началась" ends
        short = len(after) < 4 and following.endswith(".")
        return short or (not name.isascii() and name not in NO_WORDS and not before[-1:].isdigit())
    return name != "I" or not before or before[:1].isupper()  # "so did I."
