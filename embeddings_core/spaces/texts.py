"""Typed text as it comes in: made readable, split, limited, and what was changed is said."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from embeddings_core import limits

SEPARATORS = ",;\n\t，、；،؛"
HARD = ";\n\t；؛"  # where one of these separates, a comma can stand inside an item
MARKS = 8  # combining marks on one letter; Hebrew and Tibetan need four or five
PAIRS = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "«": "»", "„": "“"}
PASTED_LIST = re.compile(r"\[[^][]*,[^][]*]|\([^()]*,[^()]*\)|\{[^{}]*,[^{}]*}")  # from a program
QUOTED = re.compile(r'"([^"\n]{1,200})"|“([^”\n]{1,200})”')
JOINERS = (
    "\u200c\u200d"  # they shape Persian and Hindi words and join emoji; between plain letters they only hide
)

FORMULA = re.compile(
    r"'*[=+\-@\t\r]"
)  # how a text begins that a spreadsheet would run, or that was guarded against it


@dataclass(frozen=True)
class Texts:
    """Items as they are used, and one plain sentence for each thing that was changed."""

    items: tuple[str, ...]
    notes: tuple[str, ...] = ()


class _Table(dict[int, str | None]):
    """What becomes of each character: kept, a line break, or nothing; filled as characters turn up."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        kind = unicodedata.category(character)
        result: str | None = character
        if character in "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029":
            result = "\n"
        elif kind == "Zs":
            result = " "
        elif kind in ("Cc", "Cf") and character not in "\n\t" + JOINERS:
            result = None  # controls, direction marks, zero-width blanks
        self[code] = result
        return result


_TABLE = _Table()


def marks() -> str:
    """Return all combining marks, to stand in a class of a pattern."""
    return "".join(
        chr(code) for block in _MARK_BLOCKS for code in block if unicodedata.category(chr(code))[0] == "M"
    )


@lru_cache(maxsize=1)
def _piled_marks() -> re.Pattern[str]:
    return re.compile(f"[{marks()}{JOINERS}]{{{MARKS + 1},}}")  # joiners between them part no pile


_MARK_BLOCKS = (
    range(0x300, 0x3100),
    range(0xA600, 0xAC00),
    range(0xFB00, 0xFE30),
    range(0x10100, 0x1F000),
    range(0xE0100, 0xE01F0),
)


def _readable(text: str) -> tuple[str, int]:
    """Return text that every library accepts, line breaks as \\n, and the number of characters replaced."""
    replaced = 0
    try:
        text.encode()
    except UnicodeEncodeError:  # halves of a surrogate pair: join what belongs together, replace the rest
        before = text.count("\ufffd")
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        replaced = text.count("\ufffd") - before
    text = text.replace("\r\n", "\n").translate(_TABLE)
    if not text.isascii():
        text = _piled_marks().sub(lambda match: match[0][:MARKS], text)
    if any(joiner in text for joiner in JOINERS):
        text = re.sub(rf"(?<![^\x00-\x7f])[{JOINERS}]+|[{JOINERS}]+(?![^\x00-\x7f])", "", text)
    return text, replaced


def clean(text: str, *, limit: int = limits.TEXT_CHARACTERS) -> str:
    """Return one item as it is used: readable, composed (NFC), on one line, at most `limit` characters."""
    readable, _ = _readable(
        text[: 4 * limit]
    )  # nothing beyond can matter, and a megabyte need not be looked at
    composed = unicodedata.normalize("NFC", " ".join(readable.split())[: 2 * limit])
    return composed[:limit].rstrip()


def _unwrapped(item: str) -> str:
    """Take the quotes from around an item."""
    item = item.strip()
    while len(item) >= 2 and PAIRS.get(item[0]) == item[-1]:
        item = item[1:-1].strip()
    return item.strip('"“”')


KEPT = re.compile("\x00(\\d+)\x00")  # the place of what stands between quotation marks
COMMAS = "".join(sign for sign in SEPARATORS if sign not in HARD)
THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
GROUPED = re.compile(r"(?<![\d.])[1-9]\d{0,2}(?:,\d{3})+(?!\d)")
GROUPS_STAY = "Commas before three digits stay inside numbers; a comma and a blank separate them."
COMMAS_STAY = "The items are separated by {}; commas inside them stay."


def _split(text: str) -> tuple[list[str], str]:
    """Split at commas, semicolons, tabs and line breaks or, without any, at blanks; not inside quotes.

    Returns what to say where commas stay inside the items: semicolons separate, or lines that hold one place each.
    """
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1] or match[2])
        return f"\x00{len(kept) - 1}\x00"  # NUL cannot occur: it was removed before

    marked = QUOTED.sub(keep, text)
    inner = marked.strip(SEPARATORS + " ")  # a comma at the end is one that is still being typed
    pattern, note = f"[{SEPARATORS}]", ""
    grouped = GROUPED.sub(lambda match: match[0].replace(",", "\x01"), inner)
    alone = not re.search(r",(?! )", grouped) or all("\x01" in piece for piece in grouped.split(","))
    if grouped != inner and alone:  # 1,000 by itself, or among such
        marked, inner, note = grouped, grouped, GROUPS_STAY
    if not any(separator in inner for separator in SEPARATORS):
        pattern = rf"[\s{SEPARATORS}]"
    elif "," in inner and (hard := _hard(inner)):
        pattern, note = f"[{HARD}]", COMMAS_STAY.format(hard)
    elif ", " in inner or any(sign in inner for sign in HARD):
        marked = THOUSANDS.sub("\x01", marked)  # 1,000 in a list whose commas are followed by blanks

    def whole(part: str) -> str:
        if (alone := KEPT.fullmatch(part.strip())) is not None:
            return kept[int(alone[1])].strip()  # exactly what stands between the marks
        return _unwrapped(KEPT.sub(lambda match: kept[int(match[1])], part).replace("\x01", ","))

    return [whole(part) for part in re.split(pattern, marked)], note


def _hard(inner: str) -> str:
    """Name what separates the items where it is not the comma; "" where the comma does."""
    parts = [part.strip() for part in re.split(f"[{HARD}]", inner) if part.strip()]
    commas = [part.count(",") for part in parts]
    if len(parts) < 2 or max(commas) > 2 or any(part.startswith(",") or part.endswith(",") for part in parts):
        return ""
    # "Washington, D.C., USA": after each comma a name, a place; else a list over several lines, or groups of items
    after = [piece.strip() for part in parts for piece in part.split(",")[1:]]
    names = all(part[:1].isupper() for part in (*parts, *after))
    if max(commas) > 1 and not names:
        return ""
    if re.search("[;；؛]", inner):
        return "semicolons"
    return "lines" if "\n" in inner and names else ""


def split_words(text: str, *, limit: int = limits.TEXTS) -> Texts:
    """Split typed or pasted text into words and phrases, cleaned, each once, in order.

    Commas, semicolons, tabs and line breaks separate; where none occurs, blanks do. Quotes keep a phrase
    together, so do semicolons or lines around "Washington, D.C.", and 1,000 stays one. At most `limit` items of 2,000 characters.
    """
    readable, replaced = _readable(text[: limits.TEXTS * limits.TEXT_CHARACTERS])
    stripped = readable.strip()
    if PASTED_LIST.fullmatch(stripped):
        stripped = stripped[1:-1]
    parts, note = _split(stripped)
    found = _finished(parts, replaced, limit, "items")
    return replace(found, notes=(*found.notes, note)) if note else found


def joined(items: Sequence[str], *, separator: str = ", ") -> str:
    """Write items so that `split_words` gives them back: in quotes what holds a separator or stands in marks, or a phrase alone."""

    def written(item: str) -> str:
        plain = not any(sign in item for sign in SEPARATORS) and (len(items) > 1 or " " not in item)
        if plain and _unwrapped(item) == item:
            return item
        return f"“{item}”" if '"' in item else f'"{item}"'

    return separator.join(map(written, items))


def split_lines(text: str, *, limit: int = limits.TEXTS) -> Texts:
    """Split text into its lines (sentences, one a line), cleaned, each once, in order."""
    readable, replaced = _readable(text[: limits.TEXTS * limits.TEXT_CHARACTERS])
    return _finished(readable.split("\n"), replaced, limit, "lines")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}."


def _finished(parts: list[str], replaced: int, limit: int, what: str) -> Texts:
    """Clean, count, limit and merge; write the notes."""
    notes = [_count(replaced, "unreadable character was replaced", "unreadable characters were replaced")] * (
        replaced > 0
    )
    longest = limits.TEXT_CHARACTERS
    too_long = [len(part) for part in parts if len(part) > longest]
    if len(too_long) == 1:
        notes.append(f"This text has {too_long[0]:,} characters; the limit is {longest:,}. It was cut.")
    elif too_long:
        notes.append(f"{len(too_long):,} texts were longer than {longest:,} characters and were cut.")
    items = [item for item in (clean(part) for part in parts) if item]
    unique = tuple(dict.fromkeys(items))
    if len(unique) < len(items):
        notes.append(_count(len(items) - len(unique), "duplicate was merged", "duplicates were merged"))
    if len(unique) > limit:
        notes.append(f"{len(unique):,} {what}; the first {limit:,} are used.")
    return Texts(unique[:limit], tuple(notes))


def unlike(name: str, names: Collection[str]) -> str:
    """Return the name of a file, or with the first free number before its ending: "cat (2).jpg"."""
    if name not in names:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 5:
        stem, dot, ending = name, "", ""
    number = 2
    while (numbered := f"{stem} ({number}){dot}{ending}") in names:
        number += 1
    return numbered


def clean_label(name: str, *, unnamed: str = "picture") -> str:
    """Return a file name fit to be shown: no control or direction characters, at most 80 characters."""
    kept = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    kept = kept.strip() or unnamed
    return kept if len(kept) <= limits.LABEL_CHARACTERS else kept[: limits.LABEL_CHARACTERS - 1] + "…"


def guarded(text: str) -> str:
    """Return text that a spreadsheet shows instead of running it (OWASP: CSV injection); `without_guard` undoes it.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("cat")
    ("'=1+1", "''=1+1", 'cat')
    """
    return f"'{text}" if FORMULA.match(text) else text


GUARDS = "{} begin with the apostrophe that keeps a spreadsheet from running them; it was taken off."
_GUARDED = re.compile(r"'+[=+\-@]")
_BARE = re.compile(r"[=+\-@]")


def guards_in(cells: Iterable[str]) -> int:
    """Return how many cells of a file hold a guard; 0 where one that needs it has none, so that whoever wrote it guards nothing."""
    count = 0
    for cell in cells:
        if _GUARDED.match(cell):
            count += 1
        elif _BARE.match(cell) and not _is_number(cell):
            return 0
    return count


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def without_guard(text: str) -> str:
    """Return the text that `guarded` was given.

    >>> without_guard("'-5 °C"), without_guard("'tis")
    ('-5 °C', "'tis")
    """
    return text[1:] if text.startswith("'") and FORMULA.match(text) else text
