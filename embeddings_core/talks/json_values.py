"""Values of a JSON file, read one by one: what does not fit is refused in a sentence, nothing is trusted."""

from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.limits import TEXT_CHARACTERS
from embeddings_core.spaces.texts import clean

LARGEST = 1e9  # beyond, distances overflow where the stage draws


class Values:
    """The values of one JSON object, read by name; raises BadInputError, in a sentence, for what does not fit."""

    def __init__(self, values: Any, what: str) -> None:
        if not isinstance(values, dict):
            raise BadInputError(f"{what} is not an object with names.")
        self.values, self.what = values, what

    def wrong(self, name: str, should: str) -> BadInputError:
        """Say that a value is not what it should be."""
        return BadInputError(f"{self.what} has no usable “{name}”: it should be {should}.")

    def text(self, name: str, *, limit: int = TEXT_CHARACTERS, lines: bool = False) -> str:
        """Return text, readable and cut at the limit; "" where it is missing."""
        value = self.values.get(name) or ""
        if not isinstance(value, str):
            raise self.wrong(name, "text")
        if lines:
            return "\n".join(clean(line, limit=limit) for line in value[:limit].splitlines()).strip()
        return clean(value, limit=limit)

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        """Return one of a few words."""
        value = self.values.get(name)
        if value not in allowed:
            raise self.wrong(name, f"one of {', '.join(allowed)}")
        return str(value)

    def listed(self, name: str, *, most: int) -> list[Any] | None:
        """Return a list of at most so many entries; None where it is missing."""
        value = self.values.get(name)
        if value is None:
            return None
        if not isinstance(value, list):
            raise self.wrong(name, "a list")
        if len(value) > most:
            raise BadInputError(f"{self.what} has {len(value):,} {name}; the limit is {most:,}.")
        return value

    def texts(self, name: str, *, most: int, limit: int = TEXT_CHARACTERS) -> tuple[str, ...] | None:
        """Return a list of texts; blank ones stay blank."""
        value = self.listed(name, most=most)
        if value is None:
            return None
        if not all(isinstance(entry, str) for entry in value):
            raise self.wrong(name, "a list of texts")
        return tuple(readable(entry, limit=limit) for entry in value)

    def numbers(
        self, name: str, *, most: int, dtype: type = np.float32, low: float = -LARGEST, high: float = LARGEST
    ) -> np.ndarray | None:
        """Return a flat list of numbers as an array; whole ones where `dtype` is np.int64; None where it is missing."""
        value = self.listed(name, most=most)
        return None if value is None else self.array(value, name, dtype=dtype, low=low, high=high)

    def array(
        self, value: Any, name: str, *, dtype: type = np.float32, low: float = -LARGEST, high: float = LARGEST
    ) -> np.ndarray:
        """Return a list of plain numbers from `low` to `high` as an array."""
        kinds = {int} if dtype is np.int64 else {int, float}
        if not isinstance(value, list) or not set(map(type, value)) <= kinds:
            raise self.wrong(name, "a list of whole numbers" if len(kinds) == 1 else "a list of numbers")
        if not all(low <= number <= high for number in value):
            raise self.wrong(name, f"a list of numbers from {low:g} to {high:g}")
        return np.array(value, dtype=dtype)

    def rows(
        self,
        name: str,
        *,
        most: int,
        limit: int,
        dtype: type = np.float32,
        low: float = -LARGEST,
        high: float = LARGEST,
    ) -> list[np.ndarray]:
        """Return a list of at most `most` lists of numbers, all of one length, at most `limit` numbers in all."""
        value = self.listed(name, most=most) or []
        if not all(isinstance(row, list) and len(row) == len(value[0]) for row in value):
            raise self.wrong(name, "lists of numbers, all of one length")
        if sum(map(len, value)) > limit:
            raise BadInputError(
                f"{self.what} has more than {limit:,} numbers in its {name}, which is the limit."
            )
        return [self.array(row, name, dtype=dtype, low=low, high=high) for row in value]

    def number(self, name: str, default: float, *, low: float, high: float) -> float:
        """Return a number within limits."""
        value = self.values.get(name, default)
        if type(value) not in (int, float) or not low <= value <= high:
            raise self.wrong(name, f"a number from {low:g} to {high:g}")
        return float(value)

    def integer(self, name: str) -> int | None:
        """Return a whole number; None where it is missing."""
        value = self.values.get(name)
        if value is not None and type(value) is not int:
            raise self.wrong(name, "a whole number")
        return value


def readable(text: str, *, limit: int) -> str:
    """Return one line of text; a single control character that holds a place in a list becomes a blank."""
    return clean(text, limit=limit) or " " * bool(text)
