"""A scene as one flat JSON object, for a talk file and for the browser, and the JSON Schema of it: made of the types.

The parts of `Scene` lie side by side in it: no two fields share a name. In a file coordinates are one flat list of
numbers a frame, and pictures are names in a table that the whole file shares. Nothing that is read is trusted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_type_hints

import numpy as np
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, core_schema

from embeddings_core.scenes.reading import made_adapter, read, wrong
from embeddings_core.scenes.scene import Motion, Points, Scene

FILE_NAMES = {"metadata": "about"}  # what a field is called in files: its first name
NOT_STORED = ("map_id", "question", "autoplay", "loop")  # of a page, or for the player to decide
WHAT = "The picture"


@cache
def parts() -> dict[str, tuple[str, ...]]:
    """Return the fields of each part of a scene, by the part's name."""
    kinds = get_type_hints(Scene)
    return {
        field.name: tuple(each.name for each in fields(kinds[field.name]))
        for field in fields(Scene)
        if is_dataclass(kinds[field.name])
    }


@cache
def columns() -> tuple[str, ...]:
    """Return the names of the fields that hold arrays."""
    hints = {**get_type_hints(Points), **get_type_hints(Motion)}
    return tuple(name for name, kind in hints.items() if np.ndarray in (kind, *get_args(kind)))


@cache
def adapter() -> TypeAdapter[Scene]:
    """Return pydantic's reader and writer of scenes, made once."""
    return made_adapter(Scene)


def flat(values: dict[str, Any]) -> dict[str, Any]:
    """Lay the parts of a scene side by side, in the order of the types."""
    laid: dict[str, Any] = {}
    for name, value in values.items():
        laid |= value if name in parts() else {name: value}
    return laid


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Put values that lie side by side into the parts of a scene."""
    own = {name for names in parts().values() for name in names}
    return {
        **{name: value for name, value in values.items() if name not in own},
        **{part: {name: values[name] for name in names if name in values} for part, names in parts().items()},
    }


def browser_values(scene: Scene) -> dict[str, Any]:
    """Return a scene for the browser: texts cut to what is shown, arrays flat."""
    return {**flat(adapter().dump_python(scene)), "dimensions": scene.motion.dimensions}


def scene_record(scene: Scene) -> dict[str, Any]:
    """Return a scene as plain values for a file; what has its usual value is left out."""
    values = flat(adapter().dump_python(scene, mode="json")) | {"dimensions": scene.motion.dimensions}
    return {
        FILE_NAMES.get(name, name): value
        for name, value in values.items()
        if name not in NOT_STORED and value not in (None, "", [])
    }


def read_scene(record: Any, images: Mapping[str, str]) -> Scene:
    """Make a scene of a file's values; `images` are the data: URLs of the file by their names.

    Raises BadInputError, in a sentence, for the first thing that does not fit.
    """
    if not isinstance(record, dict):
        raise wrong(WHAT, "values", "an object with names")
    stored = {FILE_NAMES.get(name, name): name for name in known() if name not in NOT_STORED}
    given = {name: record[there] for there, name in stored.items() if record.get(there) is not None}
    dimensions, items = record.get("dimensions") or 2, given.get("items")
    if type(dimensions) not in (int, float) or dimensions not in (2, 3):
        raise wrong(WHAT, "dimensions", "2 or 3")
    given = {"id": "", **given, **pictures_by_name(given, images)}
    context = {"items": len(items) if isinstance(items, list) else 0, "dimensions": int(dimensions)}
    return read(adapter(), nested(given), what=WHAT, names=FILE_NAMES, context=context)


def known() -> tuple[str, ...]:
    """Return the names of all fields of a scene and of its parts."""
    inside = [name for names in parts().values() for name in names]
    return (*(field.name for field in fields(Scene) if field.name not in parts()), *inside)


def pictures_by_name(given: Mapping[str, Any], images: Mapping[str, str]) -> dict[str, Any]:
    """Put pictures in the place of their names; a lost picture is a point, or in a change the item's own picture.

    What is no name stays, and is refused later.
    """
    own = given.get("images")
    if not isinstance(own, list) or not all(isinstance(name, str) for name in own):
        return {}
    own = [images.get(name, "") for name in own]
    changes: dict[str, Any] = {"images": own}
    if isinstance(given.get("frame_images"), list):
        found = [_changing(entry, own, images) for entry in given["frame_images"]]
        changes["frame_images"] = [entry for entry in found if entry is not None]
    return changes


def _changing(entry: Any, own: list[str], images: Mapping[str, str]) -> Any:
    """Return a row and its pictures; None where that item lost its own picture, and so is a point."""
    if not isinstance(entry, list) or len(entry) != 2 or type(entry[0]) is not int:
        return entry
    row, names = entry
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return entry
    return [row, [images.get(name, own[row]) for name in names]] if 0 <= row < len(own) and own[row] else None


@dataclass(frozen=True)
class InFile:
    """Say that a scene lies flat in a file: it is read and written by the functions above."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read with the pictures of the file, which are the context's "images"."""
        return core_schema.with_info_plain_validator_function(
            lambda record, info: read_scene(record, (info.context or {})["images"]),
            serialization=core_schema.plain_serializer_function_ser_schema(scene_record),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Describe the flat values."""
        return scene_schema()


StoredScene = Annotated[Scene, InFile()]


def scene_schema() -> dict[str, Any]:
    """Return the JSON Schema of a scene in a file."""
    schema = adapter().json_schema()
    there = schema["$defs"]
    laid: dict[str, Any] = {}
    needed: list[str] = []
    for name, value in schema["properties"].items():
        part = there[value["$ref"].rpartition("/")[2]] if "$ref" in value and name in parts() else None
        laid |= part["properties"] if part else {name: value}
        needed += part.get("required", []) if part else []
    properties = {FILE_NAMES.get(name, name): value for name, value in laid.items() if name not in NOT_STORED}
    properties["dimensions"] = {"enum": [2, 3], "default": 2}
    return {
        "type": "object",
        "description": "One picture or film: states of the same items. Every list with one entry an item has the length "
        "of items.",
        "required": needed,
        "properties": {name: tidy(value) for name, value in properties.items()},
    }


def tidy(value: Any) -> Any:
    """Leave out of a JSON Schema what a person need not read: titles made of names, defaults that are nothing."""
    if isinstance(value, list):
        return [tidy(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "anyOf" in value and len(value["anyOf"]) == 2 and {"type": "null"} in value["anyOf"]:
        (one,) = (each for each in value["anyOf"] if each != {"type": "null"})
        value = {**{name: each for name, each in value.items() if name != "anyOf"}, **one}
        value["type"] = [value["type"], "null"]
    dull = ("title", "default") if value.get("default") in (None, "", []) else ("title",)
    return {name: tidy(each) for name, each in value.items() if name not in dull or isinstance(each, dict)}
