"""Where a table begins: what reports and programs have above it, a title, who made it, comments, is no header."""

from collections import Counter
from collections.abc import Sequence

TITLE_ROWS = 12  # within which a table begins below its titles
PADDED = 3  # columns from which a row with all of them below a single cell is the header


def titles_above(head: Sequence[Sequence[str]]) -> int:
    """Return how many of the first rows stand above a table as reports have them: titles, empty rows; 0 without.

    Titles end with an empty row, or with a row that names each column as wide as the sheet is. What stands there fills one
    cell a row, or at most half as many as the header below.

    >>> titles_above([["Report", "", ""], ["", "", ""], ["text", "label", "n"], ["good", "a", "1"]])
    2
    """
    rows = [[cell.strip() for cell in row] for row in head[:TITLE_ROWS]]
    filled = [sum(map(bool, row)) for row in rows]
    begin = next((place for place, count in enumerate(filled) if count), len(rows))
    end = next((place for place in range(begin, len(rows)) if not filled[place]), len(rows))
    below = next((place for place in range(end, len(rows)) if filled[place]), 0)
    if below and filled[below] > 1:
        most = max(1, filled[below] // 2)
        titles = all(rows[place][0] and filled[place] <= most for place in range(begin, end))
        return below if titles else begin
    header = next((place for place in range(begin, end) if filled[place] > 1), begin)
    if header == begin:
        return begin
    names = rows[header]
    padded = len(names) >= PADDED and all(len(row) == len(names) for row in rows[begin:header])
    return header if padded and len(set(names)) == len(names) and all(map(_names, names)) else begin


def comments_above(widths: Sequence[int], comments: int) -> int:
    """Return how many of the first `comments` lines, which all begin with "#", stand above the table.

    `widths` is how many cells each line of the file's head has. A last comment as wide as the table names its columns; where the
    lines below it have a single cell, or comments are no narrower than they are, nothing says that they are comments.

    >>> comments_above([1, 1, 2, 2, 2], 2), comments_above([1, 1, 2, 2, 2], 3), comments_above([2, 2, 2], 1)
    (2, 2, 0)
    """
    below = Counter(widths[comments:])
    usual = below.most_common(1)[0][0] if below else 1
    if usual < 2:
        return 0
    names = widths[comments - 1] in (usual, max(below))
    return comments - names


def told_above(title: str, down_to: int, what: str) -> str:
    """Say what is left out above a table, down to a line or a row (`what`) of the file, counted from 1."""
    return f'What stands above the table, "{title.strip()[:40]}", is left out (down to {what} {down_to:,}).'


def _names(cell: str) -> bool:
    """Tell whether a cell may name a column: it is filled and no number."""
    try:
        float(cell.replace(",", "."))
    except ValueError:
        return bool(cell)
    return False
