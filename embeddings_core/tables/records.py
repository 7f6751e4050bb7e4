"""Tables as JSON: one object a line, a list of objects, or an object of columns."""

import json
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.limits import TABLE_ROWS
from embeddings_core.tables.delimited import decoded
from embeddings_core.tables.header import check_columns, first_rows, unlike_names
from embeddings_core.tables.typed import EXACT, KEPT_AS_TEXT, Told, listed, shortened, typed

if TYPE_CHECKING:
    import pyarrow as pa

NO_RECORDS = "This JSON is no table: it needs a list of objects, one object a line, or an object of columns of one length."


PLAIN = (dict, list, tuple, int, float)  # what JSON has words for, text aside


def read_json(content: bytes, told: Told, *, limit: int = TABLE_ROWS) -> "pa.Table":
    """Read JSON or JSON lines; a line that is broken is left out and told, as is what is no object.

    Raises BadInputError where there is no table in it.
    """
    text, note = decoded(content)
    if note:
        told.notes.append(note)
    text = text.lstrip("\ufeff")
    if not text.strip():
        raise BadInputError("This file is empty; choose one with a row or more.")
    try:
        rows = _rows(json.loads(text))
    except (ValueError, RecursionError) as error:
        rows = _lines(text, told, limit)
        if rows is None:
            place = (
                f" (line {error.lineno}, column {error.colno})"
                if isinstance(error, json.JSONDecodeError)
                else ""
            )
            raise BadInputError(
                f"This JSON is broken{place}; save it again, or as one object a line."
            ) from None
    if rows is None:
        raise BadInputError(NO_RECORDS)
    if not rows:
        raise BadInputError("This JSON holds no rows; choose one with a row or more.")
    return table_of(first_rows(rows, limit=limit, notes=told.notes), told)


def _rows(value: Any) -> list[dict[str, Any]] | None:
    if isinstance(value, dict):
        for key in ("data", "rows", "records", "items"):
            if isinstance(value.get(key), list) and value[key] and isinstance(value[key][0], dict):
                return _rows(value[key])
        columns = list(value.values())
        if (
            columns
            and all(isinstance(column, list) for column in columns)
            and len({len(each) for each in columns}) == 1
        ):
            return [dict(zip(value, row, strict=True)) for row in zip(*columns, strict=True)]
        if columns and all(
            isinstance(column, dict) for column in columns
        ):  # pandas writes so: {column: {row: cell}}
            rows = list(dict.fromkeys(row for column in columns for row in column))
            return [{name: column.get(row) for name, column in value.items()} for row in rows]
        return [value] if columns and not any(isinstance(each, dict | list) for each in columns) else None
    if not isinstance(value, list):
        return None
    if value and all(isinstance(each, str) for each in value):
        return [{"text": each} for each in value]
    if value and isinstance(value[0], list):
        return [
            {f"column {place + 1}": cell for place, cell in enumerate(row)}
            for row in value
            if isinstance(row, list)
        ]
    return [each for each in value if isinstance(each, dict)] if any(isinstance(each, dict) for each in value) else (
        [] if not value else None
    )  # fmt: skip


def _lines(text: str, told: Told, limit: int) -> list[dict[str, Any]] | None:
    rows: list[dict[str, Any]] = []
    broken: list[int] = []
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict):
            rows.append(value)
            if len(rows) > limit:
                break
        else:
            broken.append(number)
    if not rows or len(broken) > len(rows):
        return None
    if broken:
        count = "1 line is" if len(broken) == 1 else f"{len(broken):,} lines are"
        told.notes.append(
            f"{count} no JSON object and left out (line {broken[0]:,}{' first' if len(broken) > 1 else ''})."
        )
    return rows


def table_of(rows: Sequence[dict[str, Any]], told: Told) -> "pa.Table":
    """Make typed columns of objects; what one object lacks is empty."""
    import pyarrow as pa

    names = list(dict.fromkeys(str(name) for row in rows for name in row))
    if not names:
        raise BadInputError(NO_RECORDS)
    check_columns(len(names))
    columns = [column_of(name, [row.get(name) for row in rows], told) for name in names]
    return pa.table(columns, names=unlike_names(names, told.notes))


def column_of(name: str, values: Sequence[Any], told: Told) -> "pa.Array":
    """Make a typed column of Python values: numbers, lists of numbers, text; of anything else its JSON."""
    import pyarrow as pa

    filled = [value for value in values if value is not None]
    if filled and all(isinstance(value, int | float) and not isinstance(value, bool) for value in filled):
        if any(isinstance(value, int) and abs(value) > EXACT and _float(value) != value for value in filled):
            told.notes.append(KEPT_AS_TEXT.format(name[:60]))
            return shortened(name, [None if value is None else _text(value) for value in values], told)
        numbers = np.array([np.nan if value is None else _float(value) for value in values], dtype=np.float64)
        return pa.array(np.where(np.isfinite(numbers), numbers, np.nan), pa.float64(), from_pandas=True)
    lists = sum(_is_vector(value) for value in filled)
    if filled and lists >= 0.9 * len(filled):
        given = np.array([value is not None for value in values])
        return listed(name, [value if _is_vector(value) else None for value in values], told, filled=given)
    if filled and all(isinstance(value, bool) for value in filled):
        return pa.array([None if value is None else str(value).lower() for value in values], pa.string())
    cells = [None if value is None else _text(value) for value in values]
    if any(isinstance(value, str) for value in filled) and not any(
        isinstance(value, dict | list) for value in filled
    ):
        return typed(name, cells, told)
    return shortened(name, cells, told)


def _float(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("nan")


def _is_vector(value: object) -> bool:
    return isinstance(value, list | tuple) and len(value) > 1 and all(_is_number(each) for each in value)


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    # a time of day or a length of time is itself, without quotation marks
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, PLAIN) else str(value)
