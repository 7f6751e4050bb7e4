"""Workbooks: the values of the first sheet that has rows. Macros are never run and links never followed: both are not even read."""

import datetime
import io
import zipfile
from typing import TYPE_CHECKING, Any

from embeddings_core.damage import DAMAGE
from embeddings_core.errors import BadInputError, requires
from embeddings_core.limits import TABLE_ROWS, UNPACKED_BYTES
from embeddings_core.tables.header import checked_rows, unlike_names
from embeddings_core.tables.records import column_of
from embeddings_core.tables.titles import TITLE_ROWS, titles_above, told_above
from embeddings_core.tables.typed import Told, typed

if TYPE_CHECKING:
    import pyarrow as pa

VALUELESS = b"</f><v></v>", b"</f><v/>", b"</f><v />", b"</f></c>"  # how a formula without a value ends
DAMAGED = "This workbook is damaged or locked with a password; save it again without one, or as CSV."


def read_workbook(content: bytes, told: Told, *, limit: int = TABLE_ROWS) -> "pa.Table":
    """Read XLSX, XLSM, XLSB, ODS or XLS: cached values of formulas, dates as dates.

    Raises BadInputError where it is damaged, packed beyond the limit, or has no rows.
    """
    requires("python_calamine", "pandas", "pyarrow")
    import pyarrow as pa
    from python_calamine import CalamineError, CalamineWorkbook

    check_packed(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = list(book.sheet_names)
        rows: list[list[Any]] = []
        for name in sheets:
            sheet = book.get_sheet_by_name(name)
            rows = _below_titles(sheet.to_python(nrows=limit + TITLE_ROWS + 2), sheet.start, told)
            if rows:
                break
    except (CalamineError, *DAMAGE) as error:
        raise BadInputError(DAMAGED) from error
    if not rows:
        raise BadInputError("This workbook has no cells; choose one with a header and a row or more.")
    if len(sheets) > 1:
        told.notes.append(f"The workbook has {len(sheets)} sheets; the first with rows is used.")
    header, body = [_cell(value) or "" for value in rows[0]], rows[1:]
    body = list(checked_rows(header, body, limit=limit, notes=told.notes))
    names = unlike_names(header, told.notes)
    columns = [_column(name, [row[place] for row in body], told) for place, name in enumerate(names)]
    if valueless := _formulas_without_values(content):
        count = "1 formula has" if valueless == 1 else f"{valueless:,} formulas have"
        told.notes.append(
            f"{count} no saved value: formulas are not worked out here. Open the workbook in a spreadsheet and save it once."
        )
    return pa.table(columns, names=names)


def _below_titles(rows: list[list[Any]], start: tuple[int, int] | None, told: Told) -> list[list[Any]]:
    """Return the filled rows of a sheet from its header on; what stands above it is told by the row of the sheet."""
    head = [["" if value is None else str(value) for value in row] for row in rows[:TITLE_ROWS]]
    above = titles_above(head)
    if title := next((cell for row in head[:above] for cell in row if cell.strip()), ""):
        told.notes.append(told_above(title, above + (start[0] if start else 0), "row"))
    return [row for row in rows[above:] if any(map(_filled, row))]


def _formulas_without_values(content: bytes) -> int:
    """Count the formulas of an XLSX that some program wrote without working them out."""
    if not content.startswith(b"PK"):
        return 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            sheets = [name for name in names if name.startswith("xl/worksheets/") and name.endswith(".xml")]
            return sum(archive.read(name).count(end) for name in sheets for end in VALUELESS)
    except DAMAGE:  # what could be read of it is there
        return 0


def check_packed(content: bytes) -> None:
    """Refuse an archive that says it unpacks to more than the limit, before anything is unpacked."""
    if not content.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except DAMAGE as error:
        raise BadInputError(DAMAGED) from error
    if size > UNPACKED_BYTES:
        raise BadInputError(
            f"This file unpacks to {size / 2**20:,.0f} MB; the limit is {UNPACKED_BYTES // 2**20}. Save it as CSV or Parquet."
        )


def _filled(value: object) -> bool:
    return value is not None and str(value).strip() != ""


def _column(name: str, values: list[Any], told: Told) -> "pa.Array":
    import pyarrow as pa

    cells = [value if _filled(value) else None for value in values]
    filled = [value for value in cells if value is not None]
    if filled and all(isinstance(value, datetime.date) for value in filled):
        moments = [
            value if value is None or isinstance(value, datetime.datetime)
            else datetime.datetime.combine(value, datetime.time())
            for value in cells
        ]  # fmt: skip
        return pa.array(moments, pa.timestamp("ms"))
    if filled and all(isinstance(value, int | float) and not isinstance(value, bool) for value in filled):
        return column_of(name, cells, told)
    return typed(name, [None if value is None else _cell(value) for value in cells], told)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
