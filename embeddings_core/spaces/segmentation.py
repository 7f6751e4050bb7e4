"""Where words and sentences end, by ICU: Unicode's rules (UAX 29), and its dictionaries for scripts without blanks.

Measured on a megabyte of news and on sentences of twelve languages: ICU (`icu4py`) cuts it into words in 0.2 s and alone finds
the words of Chinese, Japanese and Thai; `regex` has the same rules without dictionaries; `uniseg` takes 70 s. Of sentences
`pysbd` takes 67 s and knows neither Hebrew nor Korean; `sentencex` knows most abbreviations, and loses up to 8,000 characters to
one sentence where a quotation mark is never closed; `nupunkt` knows English alone. So sentences are ICU's too, and what its rules
leave out stands below: a full stop after a title, an abbreviation or an initial, before a capital letter or a number.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from embeddings_core.errors import requires

# soft hyphens, joiners and marks of direction part no word
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u2060\ufeff\u061c\u200e\u200f"))
# scripts that put no blanks between words
NO_BLANKS = (
    "\u0e01-\u0e5b\u0e81-\u0edf\u1000-\u109f\u1780-\u17ff"
    "\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
CUT = (
    "Chinese, Japanese, Thai, Lao, Khmer and Burmese have no blanks between words: dictionaries find the words, "
    "and cut wrongly where they do not know one."
)
LOCALE = "en"  # the rules are those of every language; of lists of abbreviations ICU has too few
# titles and abbreviations that end no sentence
_GOES_ON = """dr mr mrs ms mx prof st ste rev hon gen col capt lt sgt mt gov sen rep mme mlle hr fr sr sra dra mag dipl ing
    ee al vs cf ca viz incl resp approx e.g i.e z.b d.h u.a v.a z.t bzw inkl ggf vgl"""
_BEFORE_NUMBERS = """no nos nr fig figs eq eqs vol vols bd p pp s art abs kap ch sec
    jan feb mar apr jun jul aug sep sept oct nov dec"""
# after an initial, or letters such as "U.S.", a sentence begins with one of these; a name does not
_BEGINS = """a an the he she it they we i you this that these those there his her its their my our your in on at but and or
    if when while where who what why how for from with after before so then is are was were not no yes by to as some many most"""
_MONTHS = (
    "januar jänner februar märz april mai juni juli august september oktober november dezember"  # "am 3. Mai"
)
GOES_ON, BEFORE_NUMBERS, BEGINS, MONTHS = (
    frozenset(each.split()) for each in (_GOES_ON, _BEFORE_NUMBERS, _BEGINS, _MONTHS)
)
LETTERS = re.compile(r"(?:[^\W\d_]\.)+")  # "J.", "U.S.", "p.m."
END = re.compile(r"(?<=[.!?])(?=\s)")
OPENING = "([{\"'“‘«„‚"


def words_in(text: str) -> list[str]:
    """Return the words of a text in order, as they are written; numbers alone are none.

    >>> words_in("covid19, naïve: 42 don’t 我喜欢机器学习")
    ['covid19', 'naïve', 'don’t', '我', '喜欢', '机器', '学习']
    """
    requires("icu4py")
    from icu4py.breakers import WordBreaker

    if not text.isascii():
        text = _readable(text.translate(UNSEEN))
    parts = (part.strip("_") for part in WordBreaker(text, LOCALE))
    return [part for part in parts if part.isalpha() or any(map(str.isalpha, part))]


def is_long(word: str, letters: int) -> bool:
    """Tell whether a word has so many letters; two are many in a script without blanks.

    >>> is_long("the", 4), is_long("北京", 4)
    (False, True)
    """
    return len(word) >= letters or (len(word) > 1 and not word.isascii() and bool(_no_blanks().match(word)))


def sentence_parts(text: str) -> list[str]:
    """Split a text into sentences, at marks and lines, as they are written; "Dr. Smith" ends none.

    >>> sentence_parts("Dr. J. R. Smith left the U.S. at 5 p.m. and came. He left.")
    ['Dr. J. R. Smith left the U.S. at 5 p.m. and came.', 'He left.']
    """
    requires("icu4py")
    from icu4py.breakers import SentenceBreaker

    whole = _readable(text)
    cut: Iterable[str] = SentenceBreaker(whole, LOCALE)
    small = whole == whole.lower()  # where nobody writes capitals, a small letter may begin a sentence
    if small:
        cut = [piece for part in cut for piece in END.split(part)]
    parts: list[str] = []
    open_part = ""
    for part in cut:
        if open_part and not _goes_on(open_part, part, small=small):
            parts.append(open_part)
            open_part = ""
        open_part += part
    parts.append(open_part)
    return [part.strip() for part in parts if part.strip()]


def remarks(texts: str | Iterable[str]) -> tuple[str, ...]:
    """Say what there is to know about how a text is cut into words."""
    whole = texts if isinstance(texts, str) else " ".join(texts)
    return (CUT,) if _no_blanks().search(whole) else ()


@lru_cache(maxsize=1)
def _no_blanks() -> re.Pattern[str]:
    return re.compile(f"[{NO_BLANKS}]")


def _readable(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")  # ICU takes no half of a surrogate pair


def _goes_on(part: str, following: str, *, small: bool) -> bool:
    """Tell whether a sentence goes on: a small letter follows, or the full stop is one of an abbreviation or an initial.

    `small`: the text has no capital letter.
    """
    said = part.rstrip(" \t\u00a0\u202f")
    if said.endswith("\n") or not following.strip():
        return False
    if not small and following[0].islower():  # "Go!" he said
        return True
    if not said.endswith("."):
        return False
    words = [word.lstrip(OPENING) for word in said.rsplit(None, 2)[-2:]]
    last, low, after = words[-1], words[-1][:-1].lower(), following.split(None, 1)[0].lstrip(OPENING)
    if low in GOES_ON or (low in BEFORE_NUMBERS and after[:1].isdigit()):
        return True
    if len(low) < 3 and low.isdecimal() and after.rstrip(".,;:!?").lower() in MONTHS:
        return True
    if small:
        return last.count(".") > 1 and LETTERS.fullmatch(last) is not None
    if not LETTERS.fullmatch(last) or after.rstrip(".,;:!?").lower() in BEGINS or not after[:1].isupper():
        return False
    # a lone letter is an initial where a name begins or goes on, not in "vitamin C."
    return last.count(".") > 1 or len(words) == 1 or words[0][:1].isupper()
