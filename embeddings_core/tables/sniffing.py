"""A table told from a file of word vectors, which may be saved with the same ending: by its first lines."""

import csv
import re
from collections.abc import Iterable, Sequence

from embeddings_core.errors import BadInputError
from embeddings_core.tables.delimited import decoded
from embeddings_core.tables.dialect import BLANK, guessed_delimiter, has_header
from embeddings_core.tables.typed import DECIMAL_COMMA, NUMBER

HEAD = 2**16  # bytes that are looked at
LINES = 60
VECTOR_NUMBERS = 16  # columns of numbers from which they are a vector, whatever they are called
WORDS_OF_A_NAME = 3  # on average; longer ones are texts
NUMBERED = re.compile(r"(.*?)(\d+)")
TABLES = (".csv", ".tsv", ".tab")


def is_table(name: str, head: bytes) -> bool:
    """Tell whether a file of this name that begins so is a table rather than vectors, one word a line.

    A table has cells that hold whole vectors, long texts, no numbers at all, or a header over a few columns of numbers that
    are not simply numbered (`d0, d1, d2`).
    """
    if not name.lower().endswith(TABLES):
        return False
    try:
        text = decoded(head[:HEAD])[0]
    except BadInputError:
        return False
    lines = text.splitlines()
    lines = [line for line in (lines[:-1] if len(head) >= HEAD else lines) if line.strip()][:LINES]
    if len(lines) < 2:
        return False
    delimiter = guessed_delimiter(lines)
    if delimiter == BLANK or not any(delimiter in line for line in lines):
        return False  # a word and its numbers have blanks between them
    rows = [cells for cells in csv.reader(lines, delimiter=delimiter) if cells]
    header = has_header(rows)
    body = rows[1:] if header else rows
    width = len(rows[0])
    columns = [[row[place].strip() for row in body if place < len(row)] for place in range(width)]
    numeric = [
        place for place, cells in enumerate(columns) if _share(map(_is_number, cells), len(cells)) > 0.9
    ]
    others = [cells for place, cells in enumerate(columns) if place not in numeric]
    if any(
        _share((cell[:1] in "[(" and cell[-1:] in "])" for cell in cells if cell), len(cells)) > 0.9
        for cells in others
    ):
        return True
    if any(sum(len(cell.split()) for cell in cells) > WORDS_OF_A_NAME * len(cells) for cells in others):
        return True
    if not header:
        return False
    titles = [rows[0][place].strip() for place in numeric]
    return not numeric or (len(numeric) < VECTOR_NUMBERS and not _numbered(titles))


def _is_number(cell: str) -> bool:
    return bool(NUMBER.fullmatch(cell) or DECIMAL_COMMA.fullmatch(cell))


def _share(found: Iterable[bool], count: int) -> float:
    return sum(found) / count if count else 0.0


def _numbered(titles: Sequence[str]) -> bool:
    """Tell whether titles count: 0, 1, 2 or d1, d2, d3."""
    found = [NUMBERED.fullmatch(title) for title in titles]
    if len(titles) < 2 or not all(found):
        return False
    stems = {each[1] for each in found if each}
    numbers = [int(each[2]) for each in found if each]
    return len(stems) == 1 and numbers == list(range(numbers[0], numbers[0] + len(numbers)))
