"""The kinds of values in a scene: how each is read from a talk file, written to one, shown in the browser and described.

`scene.py` says with these types what a scene is made of; pydantic makes the reader, both writers and the JSON Schema of
them. A value is checked where it comes in from outside (a file); code that builds a scene is checked by mypy.
Of pydantic's two ways of writing, "json" is the file and "python" is the browser's payload.
"""

import math
from dataclasses import dataclass
from hashlib import blake2b
from typing import Annotated, Any

import numpy as np
from numpy.typing import ArrayLike
from pydantic import (
    AfterValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainSerializer,
    SerializationInfo,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from embeddings_core.limits import SCENE_NUMBERS, TEXT_CHARACTERS, TEXTS
from embeddings_core.scenes.labels import CAPTION_LENGTH, LABEL_LENGTH, TEXT_LENGTH, label
from embeddings_core.spaces.texts import clean

ITEMS = 2 * TEXTS  # a map of 5,000 texts, their centres and further marks
FRAMES = 2_000
LARGEST = 1e9  # beyond, distances overflow where the stage draws
LARGEST_SIZE = 20.0  # times the usual size of a point
SERIES, ROWS, GROUPS, LINKS = 20, 40, 1_000, 20_000
CHANGING = 20  # items whose picture changes with the film
DIGITS = 5  # of a number in a file, counted from the largest of its list: finer than any screen


# ---- texts ---------------------------------------------------------------------------------------------------


def readable(text: str) -> str:
    """Return one line of text; a single control character that holds a place in a list becomes a blank."""
    return clean(text, limit=TEXT_CHARACTERS) or " " * bool(text)


def shown(length: int) -> PlainSerializer:
    """Cut a text to `length` characters where it is shown; files keep it whole."""

    def cut(text: str, info: SerializationInfo) -> str:
        return text if info.mode_is_json() else label(text, length=length)

    return PlainSerializer(cut)


Text = Annotated[str, Field(strict=True), AfterValidator(readable)]
Label = Annotated[Text, shown(LABEL_LENGTH)]
Caption = Annotated[Text, shown(CAPTION_LENGTH)]  # two lines
Prose = Annotated[Text, shown(TEXT_LENGTH)]  # may take more than a line


# ---- numbers -------------------------------------------------------------------------------------------------

Row = Annotated[int, Field(strict=True, ge=0), PlainSerializer(int)]
Rows = Annotated[tuple[Row, ...], Field(max_length=ITEMS)]
Number = Annotated[float, Field(strict=True, ge=-LARGEST, le=LARGEST), PlainSerializer(float)]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]


def finite(value: float) -> float | None:
    """Return a finite number, or None, which JSON can hold.

    >>> finite(0.5), finite(float("nan"))
    (0.5, None)
    """
    return float(value) if math.isfinite(value) else None


def _gap(value: Any, check: Any) -> float:
    number: float = math.nan if value is None else check(value)
    return number


@dataclass(frozen=True)
class Gaps:
    """Let a number be missing: None in files and in the browser, NaN here."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Let None through, and check every other number."""
        return core_schema.no_info_wrap_validator_function(
            _gap, handler(source), serialization=core_schema.plain_serializer_function_ser_schema(finite)
        )


Gap = Annotated[Number, Gaps(), WithJsonSchema({"type": ["number", "null"]})]


def relative(times: tuple[float, ...] | None) -> list[float] | None:
    """Return moments as shares of the whole film, from 0 to 1."""
    if times is None or len(times) < 2:
        return None
    return [float((time - times[0]) / (times[-1] - times[0])) for time in times]


def _times(times: tuple[float, ...], info: SerializationInfo) -> list[float] | None:
    return [float(time) for time in times] if info.mode_is_json() else relative(times)


Times = Annotated[tuple[Number, ...], Field(max_length=FRAMES), PlainSerializer(_times)]


@dataclass(frozen=True)
class Column:
    """An array with a number an item, or, with `rows`, a list of numbers a key state.

    `dtype` is the browser's; `low` and `high` are the limits of a number in a file. Where the file's context says how
    many "coordinates" a point has, a list a key state is folded to (frames, items, coordinates).
    """

    dtype: type[np.generic] = np.float32
    low: float = -LARGEST
    high: float = LARGEST
    rows: bool = False
    folded: bool = False

    @property
    def whole(self) -> bool:
        """Whether these are whole numbers."""
        return self.dtype is np.int16

    @property
    def should(self) -> str:
        """What a list of a file should be."""
        number = "whole numbers" if self.whole else "numbers"
        return f"a list of {number} from {self.low:g} to {self.high:g}"

    def read(self, value: Any, info: ValidationInfo) -> np.ndarray:
        """Make an array of the lists of a file."""
        lists = value if self.rows else [value]
        if not isinstance(lists, list) or not all(isinstance(row, list) for row in lists):
            raise unusable(f"lists of numbers, {self.should} each" if self.rows else self.should)
        if any(len(row) != len(lists[0]) for row in lists):
            raise unusable("lists of numbers, all of one length")
        if len(lists) > FRAMES or sum(map(len, lists)) > SCENE_NUMBERS:
            raise over(f"more than {SCENE_NUMBERS:,} numbers or {FRAMES:,} key states", SCENE_NUMBERS)
        kinds = {int} if self.whole else {int, float}
        for row in lists:
            if not set(map(type, row)) <= kinds or not all(self.low <= number <= self.high for number in row):
                raise unusable(self.should)
        array = np.array(lists if self.rows else value, dtype=np.int64 if self.whole else np.float32)
        if not self.folded:
            return array
        n, dimensions = (info.context or {})["items"], (info.context or {})["dimensions"]
        if not lists or array.shape[1] != n * dimensions:
            raise unusable(f"{n} × {dimensions} numbers a frame")
        return array.reshape(len(array), n, dimensions)

    def write(self, array: np.ndarray, info: SerializationInfo) -> Any:
        """Return a flat array for the browser, lists of numbers for a file."""
        if not info.mode_is_json():
            return np.nan_to_num(array, posinf=1, neginf=0).astype(self.dtype, copy=False).reshape(-1)
        if self.whole:
            flat: list[Any] = array.tolist()
            return flat
        return [rounded(row) for row in array] if self.rows else rounded(array)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read and write by the two functions above."""
        writing = core_schema.plain_serializer_function_ser_schema(self.write, info_arg=True)
        return core_schema.with_info_plain_validator_function(self.read, serialization=writing)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the lists of a file."""
        number: dict[str, Any] = {"type": "integer" if self.whole else "number"}
        number |= {"minimum": self.low} if self.low > -LARGEST else {}
        number |= {"maximum": self.high} if self.high < LARGEST else {}
        numbers = {"type": "array", "items": number}
        return {"type": "array", "items": numbers, "maxItems": FRAMES} if self.rows else numbers


def rounded(values: ArrayLike) -> list[float]:
    """Return numbers, flat, to five digits of the largest among them."""
    array = np.nan_to_num(np.asarray(values, dtype=np.float64).ravel(), posinf=1, neginf=0)
    largest = float(np.abs(array).max(initial=0.0))
    digits = DIGITS - 1 - math.floor(math.log10(largest)) if largest > 0 else 0
    kept: list[float] = np.round(array, min(max(digits, -30), 30)).tolist()
    return kept


Numbers = Annotated[np.ndarray, Column()]
Sizes = Annotated[np.ndarray, Column(low=0, high=LARGEST_SIZE)]
Categories = Annotated[np.ndarray, Column(np.int16, low=-1, high=GROUPS)]
CategoriesByFrame = Annotated[np.ndarray, Column(np.int16, low=-1, high=GROUPS, rows=True)]
Frames = Annotated[np.ndarray, Column(rows=True, folded=True)]


# ---- pictures ------------------------------------------------------------------------------------------------


def image_name(image: str) -> str:
    """Return the short name under which a data: URL stands in a file's table of pictures; "" for none."""
    return blake2b(image.encode(), digest_size=9).hexdigest() if image else ""


def _image(image: str, info: SerializationInfo) -> str:
    return image_name(image) if info.mode_is_json() else image


Image = Annotated[str, Field(strict=True), PlainSerializer(_image)]


# ---- what is wrong -------------------------------------------------------------------------------------------


def unusable(should: str) -> PydanticCustomError:
    """Refuse a value, saying what it should be."""
    return PydanticCustomError("unusable", "{should}", {"should": should})


def over(what: str, limit: int) -> PydanticCustomError:
    """Refuse what is too much, with the limit."""
    return PydanticCustomError("over", "{what}", {"what": what, "limit": limit})
