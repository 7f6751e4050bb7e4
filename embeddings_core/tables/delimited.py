"""Tables as text: CSV and TSV of every dialect, read cell by cell with the standard library's reader.

It knows at which line it is, which matters more here than speed (100,000 rows take a second): what can not be used is told
by line. Encoding, delimiter and header are guessed from the file itself.
"""

import codecs
import csv
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from embeddings_core.errors import BadInputError
from embeddings_core.limits import TABLE_ROWS
from embeddings_core.spaces.texts import GUARDS, guards_in, without_guard
from embeddings_core.tables.dialect import BLANK, DELIMITERS, guessed_delimiter, has_header, has_row_names
from embeddings_core.tables.east_asian import decodable, east_asian
from embeddings_core.tables.header import check_columns, checked_rows, unlike_names
from embeddings_core.tables.titles import TITLE_ROWS, comments_above, titles_above, told_above
from embeddings_core.tables.typed import DECIMAL_COMMA

MARKS = (  # byte order marks, longest first
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
GUARD = re.compile(r"(?m)(?:^|[,;\t|\"])'+[=+\-@]")  # where a cell begins
NO_DELIMITER = "\x1f"  # the file has one column: what its lines hold of commas is theirs
PROBE = 200  # lines from which the delimiter is guessed
HEAD = 2**16  # bytes that tell text from something else
MANY = 0.25  # of the lines have more cells than the header: those are columns without a name, and no mistakes
SEVERAL = 3  # such lines, or all there are
REPAIRS = 20  # quotation marks that are never closed; from the next one on they count as letters
STRAY = 0.002  # of the bytes may be zero in a text that some program padded
FOREIGN = 0.2  # of the bytes are no ASCII: a text in other letters than Latin ones
OTHER_LETTERS = {  # as spreadsheets of these countries still save
    "cp932": "Shift-JIS (Japanese)", "euc_jp": "EUC-JP (Japanese)", "gb18030": "GB 18030 (Chinese)", "cp950": "Big5 (Chinese)",
    "cp949": "EUC-KR (Korean)", "cp1251": "Windows-1251 (Cyrillic)", "koi8_r": "KOI8-R (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)", "cp1255": "Windows-1255 (Hebrew)", "cp1256": "Windows-1256 (Arabic)",
}  # fmt: skip
NO_TEXT = "This file holds no text that could be a table; save it as CSV, TSV, JSON, Parquet or XLSX."


@dataclass
class Cells:
    """What a file says before anybody asks what it means: names, and one list of cells a column; "" is an empty cell."""

    names: list[str]
    columns: list[list[str | None]]
    notes: list[str] = field(default_factory=list)
    decimal_comma: bool = False


def decoded(content: bytes) -> tuple[str, str]:
    """Return the text of a file and what to say of its encoding; raise BadInputError where it is no text."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace"), ""
    head = content[:HEAD]
    zeros = head.count(0)
    if 0 < zeros <= max(2, STRAY * len(head)):
        text, told = decoded(content.replace(b"\0", b""))
        return text, told or "Zero bytes in the file, which stand for no letter, were left out."
    if zeros:
        for encoding, at in (("utf-16-le", 1), ("utf-16-be", 0)):
            if head[at::2].count(0) == zeros and zeros > 0.3 * len(head) / 2:
                return content.decode(encoding, "replace"), ""
        raise BadInputError(NO_TEXT)
    controls = sum(head.count(code) for code in range(32) if code not in (9, 10, 11, 12, 13, 27))
    if controls > 0.01 * len(head):
        raise BadInputError(NO_TEXT)
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        if error.start >= len(content) - 4 and error.reason == "unexpected end of data":
            return content.decode("utf-8", "replace"), "The last letter of the file is cut off."
    if found := east_asian(_whole_lines(head)) or _other_letters(head):
        taken, *others = (OTHER_LETTERS[each] for each in found)
        told = f"The file is not in UTF-8; it was read as {taken}."
        if others:
            told = f"{told[:-1]}, but {' or '.join(others)} fits as well: save it as UTF-8 if the letters are wrong."
        return content.decode(found[0], "replace"), told
    text = content.decode("utf-8", "replace")
    broken, other = text.count("\ufffd"), sum(byte > 127 for byte in head)
    if broken <= 5 and other > 50 * broken:
        return text, f"{broken} characters of the file can not be read and were replaced."
    return content.decode(
        "cp1252", "replace"
    ), "The file is not in UTF-8; it was read as Windows-1252 (Western European)."


def _whole_lines(head: bytes) -> bytes:
    return head.rpartition(b"\n")[0] or head


def _other_letters(head: bytes) -> tuple[str, ...]:
    """Return the encodings of a text that is mostly not in Latin letters, the likeliest first; none where none fits."""
    if sum(byte > 127 for byte in head) < FOREIGN * len(head):
        return ()
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        return ()
    best = from_bytes(_whole_lines(head), cp_isolation=list(OTHER_LETTERS)).best()
    if best is None or best.encoding not in OTHER_LETTERS:
        return ()
    found = decodable(_whole_lines(head))
    return (best.encoding, *(each for each in found if each != best.encoding and best.encoding in found))


def read_delimited(
    content: bytes, *, delimiter: str = "", header: bool | None = None, limit: int = TABLE_ROWS
) -> Cells:
    """Read the cells of a text table; `delimiter`, and whether there is a `header`, are guessed unless given.

    Lines without a cell are skipped, short lines are filled up, what a line has beyond the header is left out; a quotation
    mark that is never closed does not swallow what follows. All of it is told by line. Raises BadInputError for a file
    that is empty, no text, or only a header.
    """
    text, told = decoded(content)
    lines = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    notes = [told] if told else []
    while lines and not lines[-1].strip():
        lines.pop()
    if not lines or not any(line.strip() for line in lines):
        raise BadInputError("This file is empty; choose one with a header and a row or more.")
    start = 0
    if (named := lines[0].strip().strip('"').lower()).startswith("sep=") and len(named) == 5:
        delimiter, start = lines[0].strip().strip('"')[4], 1
    while not lines[start].strip():
        start += 1
    commented = _comments(lines, start)
    delimiter = delimiter or guessed_delimiter(lines[start + commented : start + commented + PROBE])
    if commented and (left := _comments_above(lines, start, commented, delimiter)):
        notes.append(told_above(lines[start], start + left, "line"))
        start += left
    if above := _titles_above(lines, start, delimiter):
        start += above
        titles = (line.strip(f'"{delimiter} ') for line in lines[start - above : start])
        if title := next(filter(None, titles), ""):
            notes.append(told_above(title, start, "line"))
    elif delimiter == BLANK:
        lines = [line.strip() for line in lines]  # the reader skips blanks behind blanks only
    elif not any(each in lines[start] for each in DELIMITERS):
        delimiter = NO_DELIMITER
    records = list(_records(lines, start, delimiter, limit + 1, notes))
    if not records:
        raise BadInputError("This file has no cells; choose one with a header and a row or more.")
    if header is None:
        header = has_header([cells for _, cells in records[:PROBE]])
    first = records[0][1]
    if header and has_row_names(records):
        first = ["", *first]
    names = first if header else [f"column {place + 1}" for place in range(len(first))]
    body = records[1:] if header else records
    body = list(checked_rows(names, body, limit=limit, notes=notes))
    names = _as_wide_as_many(names, body, notes)
    columns = _columns(names, body, notes)
    if GUARD.search(text):
        cells = [*names, *(cell or "" for column in columns for cell in column)]
        if count := guards_in(cells):
            names = list(map(without_guard, names))
            columns = [
                [None if cell is None else without_guard(cell) for cell in column] for column in columns
            ]
            notes.append(GUARDS.format(f"{count:,} cell{'s' if count > 1 else ''}"))
    comma = delimiter != "," and any(
        DECIMAL_COMMA.fullmatch(cell or "") for column in columns for cell in column[:PROBE]
    )
    return Cells(unlike_names(names, notes), columns, notes, comma)


def _records(
    lines: list[str], start: int, delimiter: str, most: int, notes: list[str]
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of every record with a cell; lines are counted from 1."""
    before = csv.field_size_limit(min(sys.maxsize, 2**31 - 1))  # a cell of 10 MB is cut later, and told
    repairs, given = 0, 0
    try:
        while start < len(lines):
            reader = csv.reader(
                (line + "\n" for line in lines[start:]),
                delimiter=delimiter,
                skipinitialspace=delimiter == BLANK,
                quoting=csv.QUOTE_NONE if repairs > REPAIRS else csv.QUOTE_MINIMAL,
            )
            begin, unclosed = start, -1
            for cells in reader:
                end = start + reader.line_num
                if end == len(lines) and _unclosed(lines[begin:], delimiter):
                    unclosed = begin
                    break
                if any(cell.strip() for cell in cells):
                    yield begin + 1, cells
                    given += 1
                    if given > most:
                        return
                begin = end
            if unclosed < 0:
                return
            repairs += 1
            if repairs == 1:
                notes.append(
                    f"Line {unclosed + 1:,}: a quotation mark is not closed; it was read as a letter."
                )
            yield (
                unclosed + 1,
                next(
                    csv.reader(
                        [lines[unclosed]],
                        delimiter=delimiter,
                        skipinitialspace=delimiter == BLANK,
                        quoting=csv.QUOTE_NONE,
                    )
                ),
            )
            start = unclosed + 1
    finally:
        csv.field_size_limit(before)


def _unclosed(lines: list[str], delimiter: str) -> bool:
    """Tell whether a record that reaches to the end of the file still waits for a quotation mark."""
    try:
        for _ in csv.reader((line + "\n" for line in lines), delimiter=delimiter, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _comments(lines: list[str], start: int) -> int:
    """Return how many lines begin with "#", or are empty, before the first that does not; 0 where all do."""
    begin = next(
        (place for place, line in enumerate(lines[start:]) if line.strip() and not line.startswith("#")), 0
    )
    return begin if lines[start].startswith("#") else 0


def _comments_above(lines: list[str], start: int, count: int, delimiter: str) -> int:
    head = [line for line in lines[start + count : start + count + PROBE] if line.strip()]
    above = lines[start : start + count]
    try:
        widths = [len(next(csv.reader([line], delimiter=delimiter), [])) for line in (*above, *head)]
    except csv.Error:
        return 0
    return comments_above(widths, count)


def _titles_above(lines: list[str], start: int, delimiter: str) -> int:
    """Return how many lines stand above a table that has more than one column; 0 where none do."""
    head = lines[start : start + TITLE_ROWS]
    try:
        rows = [next(csv.reader([line], delimiter=delimiter), []) for line in head]
    except csv.Error:
        return 0
    bare = next((place for place, row in enumerate(rows) if len(row) != 1), 0)
    widths = {len(row) for row in rows[bare:]}
    if (
        bare and len(widths) == 1 and len(rows) > bare + 2
    ):  # titles without the delimiters that a spreadsheet adds
        rows[:bare] = [[*row, *[""] * (max(widths) - 1)] for row in rows[:bare]]
    above = titles_above(rows)
    return above if all(delimiter in line for line in head[above:] if line.strip()) else 0


def _as_wide_as_many(names: list[str], body: list[tuple[int, list[str]]], notes: list[str]) -> list[str]:
    """Return the names, and those of columns that the header has no name for although many lines have cells there."""
    wider = [
        cells for _, cells in body if any(map(str.strip, cells[len(names) :]))
    ]  # not delimiters at an end
    if len(wider) < max(min(SEVERAL, len(body)), MANY * len(body)):
        return names
    width = Counter(map(len, wider)).most_common(1)[0][0]
    check_columns(width)
    more = [f"column {place + 1}" for place in range(len(names), width)]
    called = more[0] if len(more) == 1 else f"{more[0]} to {more[-1]}"
    lines = "1 line has" if len(wider) == 1 else f"{len(wider):,} lines have"
    notes.append(f"The header names {len(names)} columns, {lines} more: those are called {called}.")
    return [*names, *more]


def _columns(names: list[str], body: list[tuple[int, list[str]]], notes: list[str]) -> list[list[str | None]]:
    width = len(names)
    short: list[int] = []
    long: list[int] = []
    rows: list[list[str]] = []
    for line, cells in body:
        if len(cells) < width:
            short.append(line)
            cells = [*cells, *[""] * (width - len(cells))]
        elif len(cells) > width:
            if any(cell.strip() for cell in cells[width:]):
                long.append(line)
            cells = cells[:width]
        rows.append(cells)
    for wrong, fewer in ((short, True), (long, False)):
        if wrong:
            count = "1 line has" if len(wrong) == 1 else f"{len(wrong):,} lines have"
            what = "fewer cells than the header; they are filled up" if fewer else (
                "more cells than the header; what is beyond is left out"
            )  # fmt: skip
            first = f"line {wrong[0]:,}" if len(wrong) == 1 else f"the first is line {wrong[0]:,}"
            notes.append(f"{count} {what} ({first}).")
    return [list(column) for column in zip(*rows, strict=True)]
