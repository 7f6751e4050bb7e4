"""The form of a text of vectors, told by its first lines: what separates its cells, which of them are numbers and names.

Where two readings are possible the one is taken that more of the first lines fit, and `notes` say which.
"""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

NUMBER = re.compile(rb"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[+-]?(?:inf(?:inity)?|nan)", re.IGNORECASE)
COMMA_NUMBER = re.compile(
    rb"[+-]?\d+(?:,\d+)?(?:[eE][+-]?\d+)?", re.IGNORECASE
)  # 0,5 as most of Europe writes it
QUOTED = re.compile(r'"(?:[^"]|"")+"')  # written with marks around it: those inside stand in pairs
INTEGER = re.compile(rb"\d{1,15}")
MISSING = frozenset(
    b" na n/a <na> null none - #n/a #num! #div/0! #value! 1.#ind -1.#ind 1.#qnan -1.#qnan 1.#inf -1.#inf".split(b" ")
)  # fmt: skip  # what pandas, spreadsheets and C on Windows write for a number that is none
NAMES = frozenset(
    (
        "item",
        "items",
        "word",
        "words",
        "name",
        "names",
        "label",
        "labels",
        "text",
        "texts",
        "token",
        "tokens",
        "title",
        "term",
        "phrase",
        "sentence",
    )
)
NUMBERING = frozenset(("", "id", "index", "row", "no", "nr", "rank", "unnamed: 0", "#"))
ALL_NUMBERS = "Every column holds numbers: all of them are taken as the vector, none as a name."
SAMPLED = 200  # lines
HALF = 0.5  # of a column's cells are numbers: it is one of numbers, and another cell in it is refused
ENOUGH = 0.8  # of the sampled lines must have one number of cells
REPEATING = 0.5  # a column with fewer different texts than this share of its rows names groups, not rows


@dataclass(frozen=True)
class Columns:
    """Which columns of a table with separators are what: `vector` the numbers, `name` and `group` texts or None."""

    count: int
    vector: tuple[int, ...]
    name: int | None
    group: int | None
    titled: bool


@dataclass(frozen=True)
class Form:
    """How a text of vectors is written.

    `separator` is a comma, semicolon, tab or bar, or "" where blanks stand between. `dimensions` numbers a line; `named` where
    a word stands before them. `comma` where numbers have a decimal comma. `columns` only with a separator.
    """

    separator: str
    dimensions: int
    named: bool = True
    comma: bool = False
    titled: bool = False
    columns: Columns | None = None
    notes: tuple[str, ...] = ()
    above: int = 0  # lines of comments before all others


def without_comments(lines: Sequence[bytes]) -> list[bytes]:
    """Return the first lines without those of comments ("# ...") above them, as numpy writes them.

    A line with as many cells as those below is a row whose word begins with that sign.
    """
    above = next(
        (place for place, line in enumerate(lines) if not line.lstrip().startswith(b"#")), len(lines)
    )
    rest = list(lines[above:])
    if not above or not rest:
        return list(lines)
    width = Counter(
        max(len(line.split()), *(line.count(sign) + 1 for sign in (b"\t", b",", b";"))) for line in rest
    )
    fields = width.most_common(1)[0][0]
    rows = any(
        numbers_in(line.replace(b",", b" ").replace(b";", b" ")) >= fields - 1 for line in lines[:above]
    )
    return list(lines) if rows else rest


def is_number(field: bytes, *, comma: bool = False) -> bool:
    """Tell whether a field is one number, as every program writes it, or with a decimal comma."""
    return (COMMA_NUMBER if comma else NUMBER).fullmatch(field) is not None


def numbers_in(line: bytes, *, comma: bool = False) -> int:
    """Count how many fields at the end of a line are numbers, the word itself not counted."""
    count = 0
    for field in reversed(line.split()[1:]):
        if not is_number(field, comma=comma):
            break
        count += 1
    return count


def first_lines(head: bytes, *, whole: bool) -> list[bytes]:
    """Return the first lines that are not blank; of a head that is not the whole file the last line is not whole."""
    lines = head.split(b"\n")
    if not whole and len(lines) > 1:
        lines.pop()
    return [line for line in lines if line.strip()][:SAMPLED]


def form_of(lines: Sequence[bytes], *, bare: bool = False) -> Form | None:
    """Tell the form of a text from its first lines; None where they hold no vectors.

    `bare` where another file names the rows: a first column of whole numbers is one of the vector.
    """
    found = [form for comma in (False, True) if (form := _blanks(lines, comma=comma, numbered=not bare))]
    found += [
        form for sign in "\t;,|" for comma in (False, True) if (form := _separated(lines, sign, comma=comma))
    ]
    return max(  # the first of the best; of two alike the one that knows what a first line without numbers is
        found,
        key=lambda form: (
            form.dimensions + (not form.named),
            form.titled,
            form.columns is not None and bool(form.titled or form.columns.name),
        ),
        default=None,
    )


def _blanks(lines: Sequence[bytes], *, comma: bool, numbered: bool) -> Form | None:
    counts = [numbers_in(line, comma=comma) for line in lines]
    fields = [len(line.split()) for line in lines]
    bare = [number_starts(line, comma=comma) for line in lines]
    filled = [all(is_number(f, comma=comma) or f.lower() in MISSING for f in line.split()) for line in lines]
    notes: tuple[str, ...] = ()
    if not any(counts) and not all(bare):
        return None
    if comma and not any(b"," in field for line in lines for field in line.split()[1:]):
        return None
    if comma:
        notes = ("The numbers are read with a decimal comma.",)
    titled = (
        len(lines) > 1
        and counts[0] == 0
        and not bare[0]
        and fields[0] == fields[1]
        and counts[1] == fields[1] - 1
        and not _only_missing(
            [field.decode("utf-8", "replace") for field in lines[0].split()], [False] + [True] * counts[1]
        )
    )
    if titled:
        counts, fields, bare, filled = counts[1:], fields[1:], bare[1:], filled[1:]
        notes += ("Line 1 is taken as a line of titles.",)
    finite = [
        start and not line.split(None, 1)[0].strip(b"+-").isalpha()
        for start, line in zip(bare, lines[titled:], strict=True)
    ]
    if any(finite) and all(filled):  # a first column of "nan" and "null" alone is one of words
        tabs = all(b"\t" in line for line in lines)
        if numbered and not tabs and not titled and _numbered(lines):
            words = "The first column holds different whole numbers: they are taken as the words."
            return Form("", _usual(counts), comma=comma, notes=(*notes, words))
        if not titled:
            rows = ALL_NUMBERS
            return Form(
                "", Counter(fields).most_common(1)[0][0], named=False, comma=comma, notes=(*notes, rows)
            )
    if not any(counts):
        return None
    if sum(bare) > HALF * len(bare):
        notes += ("The first column is taken as the word, though most of it are numbers.",)
    return Form("", _usual(counts), comma=comma, titled=titled, notes=notes)


def number_starts(line: bytes, *, comma: bool = False) -> bool:
    """Tell whether a line begins with a number."""
    fields = line.split(None, 1)
    return bool(fields) and is_number(fields[0], comma=comma)


def _numbered(lines: Sequence[bytes]) -> bool:
    """Tell whether the first column numbers the rows: whole numbers, all different, while the others are not whole."""
    rows = [line.split() for line in lines]
    firsts = [row[0] for row in rows]
    whole = all(INTEGER.fullmatch(first) for first in firsts) and len(set(firsts)) == len(firsts)
    return whole and not all(INTEGER.fullmatch(field) for row in rows for field in row[1:])


def _usual(counts: Sequence[int]) -> int:
    """Return the number that most lines have; among equals the smaller, because words can end with a number."""
    return min(Counter(filter(None, counts)).most_common(), key=lambda pair: (-pair[1], pair[0]))[0]


def cells_of(line: bytes, separator: str) -> list[str]:
    """Split one line at a separator, outside quotation marks, which are taken away."""
    text = line.rstrip(b"\r\n").decode("utf-8", "replace")
    row: list[str] = next(csv.reader([text], delimiter=separator), [])
    return row


def _separated(lines: Sequence[bytes], separator: str, *, comma: bool) -> Form | None:
    if comma and separator == ",":
        return None
    sign = separator.encode()
    if sum(sign in line for line in lines) < ENOUGH * len(lines):
        return None
    rows = [cells_of(line, separator) for line in lines]
    width, often = Counter(map(len, rows)).most_common(1)[0]
    one_off = (
        len(rows) > 2 and often == len(rows) - 1 and width > 2
    )  # of a short file: whoever reads it names its line
    if width < 2 or (often < ENOUGH * len(rows) and not one_off):
        return None
    columns = _columns(
        [row for row in rows if len(row) == width], width, comma=comma, first=len(rows[0]) == width
    )
    if columns is None or not columns.vector:
        return None
    plain = not columns.titled and columns.vector == tuple(range(1, width)) and columns.name == 0
    bare = any(
        numbers_in(b"x " + line, comma=comma) >= len(columns.vector) for line in lines
    )  # not in quotation marks
    if (
        separator == "\t"
        and bare
        and (plain or (len(columns.vector) == width and _all_numbers(rows, comma=comma)))
    ):
        return None  # blanks tell the same, and are read faster
    if comma and not any(
        "," in row[column] for row in rows for column in columns.vector if column < len(row)
    ):
        return None
    notes = ("The numbers are read with a decimal comma.",) if comma else ()
    return Form(
        separator, len(columns.vector), named=columns.name is not None, comma=comma, titled=columns.titled,
        columns=columns, notes=notes + _told(columns, rows[0]),
    )  # fmt: skip


def _all_numbers(rows: Sequence[Sequence[str]], *, comma: bool) -> bool:
    return all(is_number(cell.strip().encode(), comma=comma) for row in rows for cell in row)


def _told(columns: Columns, titles: Sequence[str]) -> tuple[str, ...]:
    def named(column: int) -> str:
        return f'"{titles[column][:40]}"' if columns.titled and titles[column].strip() else f"{column + 1}"

    notes = ["Line 1 is taken as a line of titles."] if columns.titled else []
    others = columns.count - len(columns.vector)
    if not others:
        notes.append(ALL_NUMBERS)
    if columns.name is not None and (others > 1 or columns.name):
        notes.append(f"Column {named(columns.name)} gives the names.")
    if columns.group is not None:
        notes.append(f"Column {named(columns.group)} gives the groups.")
    left = [
        column for column in range(columns.count)
        if column not in (*columns.vector, columns.name, columns.group)
    ]  # fmt: skip
    if left:
        notes.append(f"Not used: column {', '.join(map(named, left))}.")
    return tuple(notes)


def _columns(rows: list[list[str]], width: int, *, comma: bool, first: bool) -> Columns | None:
    def numbers(row: Sequence[str]) -> list[bool]:
        return [is_number(cell.strip().encode(), comma=comma) for cell in row]

    def filled(row: Sequence[str], column: int) -> bool:
        cell = row[column].strip().encode()
        return is_number(cell, comma=comma) or cell.lower() in MISSING

    titled = first and len(rows) > 1 and _is_title(rows[0], rows[1], numbers(rows[0]), numbers(rows[1]))
    body = rows[1:] if titled else rows
    numeric = [
        sum(filled(row, column) for row in body) >= HALF * len(body)
        and any(numbers(row)[column] and not row[column].strip().strip("+-").isalpha() for row in body[:20])
        for column in range(width)
    ]
    if width > 2 and not all(filled(row, 0) for row in body):
        numeric[0] = False  # words can be numbers, and a first column with one word in it is one of words
    titles = [cell.strip().lower() for cell in rows[0]] if titled else [""] * width
    for column, title in enumerate(titles):
        different = len({row[column] for row in body}) == len(body)
        if title in NAMES and numeric[column] and different and sum(numeric) > 1:
            numeric[column] = False  # names that happen to be numbers: years, "nan"
    vector = [column for column in range(width) if numeric[column]]
    texts = [column for column in range(width) if not numeric[column]]
    if titled and vector and vector[0] == 0 and titles[0] in NUMBERING and len(vector) > 1:
        whole = [row[0].strip() for row in body]
        if all(cell.isdecimal() for cell in whole) and len(set(whole)) == len(whole):
            vector, texts = vector[1:], texts or [0]  # a table's own numbering is no dimension
    if (
        not titled
        and vector
        and vector[0] == 0
        and texts
        and len(vector) > 1
        and _counts([row[0] for row in body])
    ):
        vector = vector[1:]
    name = next((column for column in texts if titles[column] in NAMES), None)
    if name is None and texts:
        name = max(texts, key=lambda column: len({row[column] for row in body}))
        repeats = len({row[name] for row in body}) < REPEATING * len(body)
        if len(body) > 2 and repeats and (name or len(texts) > 1 or titled):
            return Columns(width, tuple(vector), None, name, titled)
    group = next(
        (
            column
            for column in texts
            if column != name and len({row[column] for row in body}) <= REPEATING * len(body)
        ),
        None,
    )
    return Columns(width, tuple(vector), name, group, titled)


def _counts(cells: Sequence[str]) -> bool:
    """Tell whether cells number the rows: 0, 1, 2 or 1, 2, 3, as a table's own numbering before its names does."""
    first = cells[0].strip()
    return (
        len(cells) > 1
        and first in ("0", "1")
        and [cell.strip() for cell in cells] == [str(int(first) + row) for row in range(len(cells))]
    )


def _only_missing(first: Sequence[str], two: Sequence[bool]) -> bool:
    """Tell whether a first line has missing numbers alone where the second has numbers: a row, and no line of titles."""
    cells = [cell.strip().lower() for cell in first]
    under = [cell.encode() in MISSING for cell, is_two in zip(cells, two, strict=True) if is_two]
    return all(under) and not any(cell in NAMES for cell in cells)


def _is_title(first: Sequence[str], second: Sequence[str], one: list[bool], two: list[bool]) -> bool:
    if not any(two):
        return False
    beneath = zip(one, two, strict=True)
    if not any(is_one and is_two for is_one, is_two in beneath):  # no number where line 2 has one
        return not _only_missing(first, two)
    # a table whose columns are numbered: ",0,1,2" over "cat,0.5,0.1,0.3"
    counted = [
        int(cell) for cell, number in zip(first, one, strict=True) if number and cell.strip().isdecimal()
    ]
    texts = [cell.strip().lower() for cell, number in zip(first, one, strict=True) if not number]
    steps = all(right - left == 1 for left, right in pairwise(counted))
    numbered = len(counted) == sum(one) > 0 and steps and counted[0] in (0, 1)
    return numbered and bool(texts) and all(text in NAMES | NUMBERING for text in texts)
