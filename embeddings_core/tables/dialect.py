"""How a text table is laid out, guessed from its first lines: what stands between cells, and whether the first line names them."""

import csv
from collections import Counter

from embeddings_core.tables.typed import DECIMAL_COMMA, NUMBER

DELIMITERS = ",;\t|"
BLANK = " "  # one or several between cells
TITLES = {
    "text",
    "word",
    "words",
    "sentence",
    "sentences",
    "review",
    "item",
    "items",
    "name",
    "label",
    "token",
    "title",
}


def guessed_delimiter(lines: list[str]) -> str:
    """Return the delimiter that gives most lines the same number of cells; among equals the one with more cells.

    Blanks delimit only where nothing else does and most columns below the first line hold numbers: words of a text are no cells.
    """

    def fit(delimiter: str) -> tuple[float, int]:
        try:
            counts = Counter(len(cells) for cells in csv.reader(lines, delimiter=delimiter) if cells)
        except csv.Error:
            return 0.0, 0
        if not counts:
            return 0.0, 0
        size, often = counts.most_common(1)[0]
        return (often / counts.total() if size > 1 else 0.0), size

    fits = {delimiter: fit(delimiter) for delimiter in DELIMITERS}
    # half of all lines must agree, or it is a text with commas in it; 1.000,5 has a comma in every line but the header
    good = {
        delimiter: (size > 1, delimiter in lines[0], round(share, 1), size)
        for delimiter, (share, size) in fits.items()
        if share >= 0.5
    }
    if good:
        return max(good, key=lambda each: good[each])
    return BLANK if _blanks_delimit(lines) else ","


def _blanks_delimit(lines: list[str]) -> bool:
    try:
        stripped = (line.strip() for line in lines)
        rows = [cells for cells in csv.reader(stripped, delimiter=BLANK, skipinitialspace=True) if cells]
    except csv.Error:
        return False
    if len(rows) < 3 or any(len(row) != len(rows[1]) for row in rows[2:]):
        return False
    first, width = len(rows[0]), len(rows[1])
    if width < 2 or first not in (width - 1, width):  # one less: the names of rows have no title
        return False
    numeric = sum(all(_is_number(row[place]) for row in rows[1:]) for place in range(width))
    return 2 * numeric >= width


def has_row_names(records: list[tuple[int, list[str]]]) -> bool:
    """Tell whether every line has one cell more than the header: R writes the names of rows so, without a title."""
    size, below = len(records[0][1]) + 1, records[1:]
    return (
        len(below) > 1
        and all(len(cells) == size for _, cells in below)
        and any(cells[-1] for _, cells in below)
    )


def has_header(records: list[list[str]]) -> bool:
    """Tell whether the first line names the columns: not where it holds numbers wherever the lines below do."""
    first, below = records[0], records[1:]
    if not below:
        return not all(map(_is_number, filter(str.strip, first)))
    numeric = []
    for place, cell in enumerate(first):
        others = [record[place] for record in below if place < len(record) and record[place].strip()]
        if others and sum(map(_is_number, others)) >= 0.9 * len(others):
            numeric.append(_is_number(cell))
    if numeric:
        return not all(numeric)
    if len(first) == 1:  # lines of text: a title is short and shorter than what follows
        longest = sorted(len(record[0]) for record in below)[len(below) // 2]
        return (len(first[0].split()) <= 3 and 2 * len(first[0]) <= longest) or first[
            0
        ].strip().lower() in TITLES
    return True


def _is_number(cell: str) -> bool:
    return bool(NUMBER.fullmatch(cell) or DECIMAL_COMMA.fullmatch(cell))
