"""What a slider of a column runs over, in steps that fit its numbers, and what its ends mean."""

import datetime
import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from embeddings_core.tables.filters import DAY, day_of
from embeddings_core.tables.table import Column, Table, numbers_of, remembered

SAFE = 2.0**53  # beyond it a browser rounds whole numbers
STEPS = 200  # of a slider, at least
MOST_PLACES = 8  # digits behind the point, beyond which powers of ten are written


@dataclass(frozen=True)
class Scale:
    """What a slider of a column runs over: whole numbers, numbers, days, or years where some days are too far for a slider."""

    unit: Literal["whole", "number", "day", "year"]
    low: float
    high: float
    step: float = 1.0

    def shown(self, low: float | None, high: float | None) -> tuple[Any, Any]:
        """Return the ends of a range (numbers, or seconds since 1970) as the slider has them; None is its own end."""
        begin, end = self.whole
        if low is not None:
            begin = self._as_shown(min(max(low, self.low), self.high))
        if high is not None:
            end = self._as_shown(min(max(high, self.low), self.high))
        return min(begin, end), max(begin, end)

    def _as_shown(self, end: float) -> Any:
        if self.unit == "number":
            return end
        if self.unit == "whole":
            return int(end)
        return _day(end).year if self.unit == "year" else _day(end)

    @property
    def whole(self) -> tuple[Any, Any]:
        """The ends of the slider; those of fractions lie where steps lead."""
        if self.unit != "number":
            return self._as_shown(self.low), self._as_shown(self.high)
        places = max(self._places, 0)
        below, above = math.floor(self.low / self.step), math.ceil(self.high / self.step)
        return round(below * self.step, places), round(above * self.step, places)

    @property
    def _places(self) -> int:
        return -round(math.log10(self.step))

    def chosen(self, ends: tuple[Any, Any]) -> tuple[float | None, float | None]:
        """Return the ends of the range that a slider stands at; None at its own ends, beyond which nothing is left out."""
        low, high = ends
        if self.unit == "year":
            low, high = datetime.date(low, 1, 1), datetime.date(high, 12, 31)
        found = [_seconds(end) if isinstance(end, datetime.date) else float(end) for end in (low, high)]
        if isinstance(high, datetime.date):
            found[1] += DAY - 1
        least, most = self.whole
        return None if ends[0] == least else found[0], None if ends[1] == most else found[1]

    @property
    def form(self) -> dict[str, Any]:
        """Return step and format of the slider."""
        if self.unit != "number":
            return {} if self.unit == "day" else {"step": 1}
        few = 0 <= self._places <= MOST_PLACES
        return {"step": self.step, "format": f"%.{self._places}f" if few else "%.6g"}


def scale_of(table: Table, column: Column) -> Scale:
    """Return what a slider of a column of numbers or dates runs over, found once for all who look at this content."""

    def find() -> Scale:
        numbers = numbers_of(table, column.name)
        numbers = numbers[np.isfinite(numbers)]
        low, high = float(numbers.min()), float(numbers.max())
        if column.kind == "date":
            near = max(abs(low), abs(high)) * 1e6 < SAFE  # a slider counts microseconds since 1970
            return Scale("day" if near else "year", low, high)
        if max(abs(low), abs(high)) < SAFE and bool((numbers == np.round(numbers)).all()):
            return Scale("whole", low, high)
        fine = 10.0 ** math.floor(math.log10((high / 2 - low / 2) / (STEPS / 2))) if high > low else 1.0
        return Scale("number", low, high, fine)

    return remembered(table, ("scale", column.name), find)


def _day(seconds: float) -> datetime.date:
    return datetime.date.fromisoformat(day_of(seconds))


def _seconds(day: datetime.date) -> float:
    return float(np.datetime64(day).astype("datetime64[s]").astype(np.int64))
