"""From cells of text to columns of numbers, dates, vectors and text; what does not fit its column is counted."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from embeddings_core.errors import requires
from embeddings_core.limits import CELL_CHARACTERS, DIMENSIONS
from embeddings_core.spaces.vectors import FloatArray
from embeddings_core.tables.arrow_numbers import float_column

if TYPE_CHECKING:
    import pyarrow as pa

Cells = Sequence[str | None]
MOSTLY = 0.9  # of the filled cells must be numbers (dates, vectors), for the others to count as mistakes
MISSING = frozenset({"na", "n/a", "nan", "null", "none", "-", "--", "?", "#n/a"})  # in a column of numbers
DATES = (
    "ISO8601", "%d.%m.%Y", "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%m/%d/%Y", "%d/%m/%Y", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M",
    "%Y/%m/%d", "%d-%m-%Y", "%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y", "%d-%b-%Y", "%d-%b-%y", "%m/%d/%y", "%d/%m/%y",
    "%d.%m.%y", "%m-%d-%Y",
)  # fmt: skip
BOTH = 'The dates of "{}" were read with the {}; they fit as well with the {}.'
READ_AS = {"%m": "month first", "%d": "day first"}  # the same cells may fit both
LEADING_ZERO = re.compile(r"\s*0\d")
DECIMAL_COMMA = re.compile(r"\s*[-+]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+\s*")
THOUSANDS = re.compile(r"\s*[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\s*")
NUMBER = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*")
HOLE = "hold something that is no number", "holds something that is no number"
WHOLE = re.compile(r"\s*[-+]?\d+\s*")
EXACT = 2.0**53  # beyond it float64 rounds whole numbers
KEPT_AS_TEXT = 'The whole numbers of "{}" have too many digits to be exact as numbers; they are kept as text.'
PROBE = 400  # cells looked at before a whole column is


class Told:
    """Sentences about cells, each counted, with the first row where it happened (row 1 is the first below the header)."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def cells(self, wrong: np.ndarray, name: str, what: tuple[str, str], *, of: Cells = ()) -> None:
        """Tell that these rows (their numbers from 0) of a column hold something that can not be used.

        `what` is said of several cells, and of one; the first is shown where all cells (`of`) are given.
        """
        if not len(wrong):
            return
        said = what[len(wrong) == 1]
        example = (of[wrong[0]] or "") if len(of) else ""
        count = "1 cell" if len(wrong) == 1 else f"{len(wrong):,} cells"
        first = f"row {wrong[0] + 1:,}" + (f': "{example[:40]}"' if example else "")
        where = first if len(wrong) == 1 else f"the first in {first}"
        self.notes.append(f'{count} of "{name[:60]}" {said} ({where}).')


def typed(name: str, cells: Cells, told: Told, *, comma: bool = False) -> "pa.Array":
    """Turn one column of text into the kind of array that its cells ask for; `comma` allows decimal commas."""
    requires("pandas", "pyarrow")
    import pyarrow as pa

    filled = np.array([cell is not None and bool(cell.strip()) for cell in cells], dtype=bool)
    probe = [cells[row] or "" for row in np.flatnonzero(filled)[:PROBE]]
    if not probe:
        return pa.nulls(len(cells), pa.string())
    for reader in (_numbers, _vectors, _dates):
        if (array := reader(name, cells, filled, probe, told, comma)) is not None:
            return array
    return shortened(name, [cell if keep else None for cell, keep in zip(cells, filled, strict=True)], told)


def shortened(name: str, cells: Cells, told: Told) -> "pa.Array":
    """Return text cells, each at most as long as a spreadsheet's; half characters are replaced."""
    import pyarrow as pa

    long = np.array([row for row, cell in enumerate(cells) if cell and len(cell) > CELL_CHARACTERS])
    cut = f"had more than {CELL_CHARACTERS:,} characters and"
    told.cells(long, name, (f"{cut} were cut", f"{cut} was cut"))
    kept = [None if cell is None else cell[:CELL_CHARACTERS] for cell in cells]
    try:
        return pa.array(kept, pa.string())
    except (UnicodeEncodeError, pa.ArrowInvalid):
        whole = [None if cell is None else cell.encode("utf-8", "replace").decode() for cell in kept]
        return pa.array(whole, pa.string())


def _share(found: Sequence[bool]) -> float:
    return sum(found) / max(len(found), 1)


def _numbers(
    name: str, cells: Cells, filled: np.ndarray, probe: list[str], told: Told, comma: bool
) -> "pa.Array | None":
    import pandas as pd
    import pyarrow as pa

    real = [cell for cell in probe if cell.strip().lower() not in MISSING]
    if not real or any(LEADING_ZERO.match(cell) for cell in real):
        return None  # 007 is a name
    plain = _share([bool(NUMBER.fullmatch(cell)) for cell in real])
    pattern, repair = NUMBER, ""
    for other, kind in ((DECIMAL_COMMA, "comma"), (THOUSANDS, "thousands")):
        if (kind == "thousands" or comma) and any(other.fullmatch(cell) for cell in real):
            share = _share([bool(other.fullmatch(cell) or NUMBER.fullmatch(cell)) for cell in real])
            if share > plain:
                plain, pattern, repair = share, other, kind
    if plain < MOSTLY:
        return None
    series = pd.Series(
        [cell if keep else None for cell, keep in zip(cells, filled, strict=True)], dtype=object
    )
    if repair:
        table = {"comma": str.maketrans({".": "", ",": "."}), "thousands": str.maketrans({",": ""})}[repair]
        series = pd.Series(
            [
                cell.translate(table) if isinstance(cell, str) and pattern.fullmatch(cell) else cell
                for cell in series
            ],
            dtype=object,
        )
    values = pd.to_numeric(series, errors="coerce").to_numpy(dtype=np.float64)
    values = np.where(np.isfinite(values), values, np.nan)
    if any(
        _rounded(cells[row] or "", values[row]) for row in np.flatnonzero(np.abs(values) > EXACT).tolist()
    ):
        told.notes.append(KEPT_AS_TEXT.format(name[:60]))  # an id of 19 digits would become another's
        return None
    empty = np.array([(cell or "").strip().lower() in MISSING for cell in cells], dtype=bool)
    wrong = np.flatnonzero(filled & ~empty & np.isnan(values))
    if len(wrong) > (1 - MOSTLY) * filled.sum():
        return None
    if any(LEADING_ZERO.match(cell or "") and float(cell or 0) >= 1 for cell in cells if cell and cell[:1] == "0"
           and NUMBER.fullmatch(cell)):  # fmt: skip
        return None
    told.cells(wrong, name, ("are no numbers", "is no number"), of=cells)
    return pa.array(values, pa.float64(), from_pandas=True)


def _rounded(cell: str, value: float) -> bool:
    return WHOLE.fullmatch(cell) is not None and int(cell) != int(value)


def _dates(
    name: str, cells: Cells, filled: np.ndarray, probe: list[str], told: Told, comma: bool
) -> "pa.Array | None":
    if _share([any(sign.isdigit() for sign in cell) and 6 <= len(cell) <= 40 for cell in probe]) < MOSTLY:
        return None
    import pandas as pd
    import pyarrow as pa

    def read(values: Cells, form: str) -> "pd.Series[pd.Timestamp]":
        stripped = [value.strip() if value else None for value in values]
        found = pd.to_datetime(pd.Series(stripped, dtype=object), format=form, errors="coerce", utc=True)
        return found.dt.tz_localize(None)

    shares = [(float(read(probe, form).notna().mean()), form) for form in DATES]
    best, form = max(shares, key=lambda pair: pair[0])
    if best < MOSTLY:
        return None
    values, other = read(cells, form), form[3:5] + form[2] + form[:2] + form[5:]
    if other in DATES:
        swapped = read(cells, other)
        count, fitting = values.notna().sum(), swapped.notna().sum()
        if fitting > count:
            form, values = other, swapped
        elif fitting == count and not swapped.equals(values):
            told.notes.append(BOTH.format(name[:60], READ_AS[form[:2]], READ_AS[other[:2]]))
    wrong = np.flatnonzero(filled & values.isna().to_numpy())
    if len(wrong) > (1 - MOSTLY) * filled.sum():
        return None
    told.cells(wrong, name, ("are no dates", "is no date"), of=cells)
    return pa.array(values, pa.timestamp("ms"), from_pandas=True)


def _vectors(
    name: str, cells: Cells, filled: np.ndarray, probe: list[str], told: Told, comma: bool
) -> "pa.Array | None":
    if _share([_numbers_in(cell) is not None for cell in probe]) < MOSTLY:
        return None
    return listed(
        name, [_numbers_in(cell or "") if keep else None for cell, keep in zip(cells, filled, strict=True)], told,
        filled=filled,
    )  # fmt: skip


def _numbers_in(cell: str) -> list[float] | None:
    """Read "[0.1, 0.2]", or the same with blanks, as numbers; None where it is something else."""
    text = cell.strip()
    if not (text.startswith(("[", "(")) and text.endswith(("]", ")"))):
        return None
    try:
        found = json.loads("[" + text[1:-1] + "]")
    except (ValueError, RecursionError):
        try:
            found = [float(part) for part in re.split(r"[\s,;]+", text[1:-1].strip()) if part]
        except ValueError:
            return None
    good = len(found) >= 2 and all(
        isinstance(each, int | float) and not isinstance(each, bool) for each in found
    )
    return [float(each) for each in found] if good else None


def listed(
    name: str,
    values: Sequence[Sequence[float] | FloatArray | None],
    told: Told,
    *,
    filled: np.ndarray | None = None,
) -> "pa.Array":
    """Return vectors as lists of one length, the most frequent one; others, and those with a hole, are left out and counted."""

    lengths = Counter(len(value) for value in values if value is not None)
    size = min(lengths.most_common(1)[0][0], DIMENSIONS) if lengths else 1
    table = np.zeros((len(values), size), dtype=np.float32)
    good = np.zeros(len(values), dtype=bool)
    other, holes = [], []
    for row, value in enumerate(values):
        if value is None:
            if filled is not None and filled[row]:
                other.append(row)
            continue
        if len(value) != size:
            other.append(row)
            continue
        with np.errstate(over="ignore", invalid="ignore"):
            numbers = np.array([np.nan if each is None else each for each in value], dtype=np.float32)
        if not np.isfinite(numbers).all():
            holes.append(row)
            continue
        table[row], good[row] = numbers, True
    told.cells(
        np.array(other), name, (f"are no vectors of {size:,} numbers", f"is no vector of {size:,} numbers")
    )
    told.cells(np.array(holes), name, HOLE)
    return vector_array(table, good)


def vector_array(table: FloatArray, good: np.ndarray | None = None) -> "pa.Array":
    """Return a table of numbers (n, d) as an Arrow column of lists; rows that are not `good` are empty."""
    import pyarrow as pa

    flat = float_column(table.reshape(-1))
    mask = None if good is None or good.all() else pa.array(~good)
    return pa.FixedSizeListArray.from_arrays(flat, table.shape[1], mask=mask)
