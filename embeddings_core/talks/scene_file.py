"""A scene as readable JSON values, and back: every value is checked, nothing is trusted.

The names are those of `Scene`. Coordinates are one flat list of numbers a frame, rounded to five digits of the
largest: finer than any screen. Pictures are names in a table that the whole file shares.
"""

import math
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import numpy as np

from embeddings_core.limits import SCENE_NUMBERS, TEXT_CHARACTERS, TEXTS
from embeddings_core.scenes.scene import Link, Scene
from embeddings_core.talks.json_values import Values, readable

KINDS = ("recorded", "morph", "still")
STYLES = ("neighbour", "torn", "path", "arc")
ITEMS = 2 * TEXTS  # a map of 5,000 texts, their centres and further marks
FRAMES = 2_000
LARGEST_SIZE = 20.0  # times the usual size of a point
SERIES, ROWS, GROUPS, LINKS = 20, 40, 1_000, 20_000
CHANGING = 20  # items whose picture changes with the film
DIGITS = 5


def image_name(image: str) -> str:
    """Return the short name under which a data: URL stands in the table of pictures; "" for none."""
    return blake2b(image.encode(), digest_size=9).hexdigest() if image else ""


def scene_values(scene: Scene) -> dict[str, Any]:
    """Return a scene as plain values that fit JSON; what has its usual value is left out."""
    values: dict[str, Any] = {
        "id": scene.id,
        "kind": scene.kind,
        "title": scene.title,
        "caption": scene.caption,
        "alt": scene.alt,
        "dimensions": scene.dimensions,
        "items": list(scene.items),
        "keys": None if scene.keys is None else list(scene.keys),
        "frame_names": list(scene.frame_names),
        "frames": [rounded(frame) for frame in scene.frames],
        "groups": whole(scene.groups),
        "group_names": list(scene.group_names),
        "frame_groups": None if scene.frame_groups is None else [whole(row) for row in scene.frame_groups],
        "values": None if scene.values is None else rounded(scene.values),
        "values_title": scene.values_title,
        "sizes": None if scene.sizes is None else rounded(scene.sizes),
        "priority": None if scene.priority is None else rounded(scene.priority),
        "selected": scene.selected,
        "highlighted": [int(row) for row in scene.highlighted],
        "links": [link_record(link) for link in scene.links],
        "trails": [int(row) for row in scene.trails],
        "images": None if scene.images is None else [image_name(image) for image in scene.images],
        "frame_images": [
            [int(row), [image_name(image) for image in pictures]] for row, pictures in scene.frame_images
        ],
        "series": [[name, [finite(value) for value in row]] for name, row in scene.series],
        "times": None if scene.times is None else [float(time) for time in scene.times],
        "seconds": float(scene.seconds),
        "about": [list(row) for row in scene.about],
    }
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def rounded(values: Any) -> list[float]:
    """Return numbers, flat, to five digits of the largest among them."""
    array = np.nan_to_num(np.asarray(values, dtype=np.float64).ravel(), posinf=1, neginf=0)
    largest = float(np.abs(array).max(initial=0.0))
    digits = DIGITS - 1 - math.floor(math.log10(largest)) if largest > 0 else 0
    kept: list[float] = np.round(array, min(max(digits, -30), 30)).tolist()
    return kept


def whole(values: Any) -> list[int] | None:
    """Return whole numbers, flat."""
    return None if values is None else [int(value) for value in np.asarray(values).ravel()]


def finite(value: float) -> float | None:
    """Return a number that JSON can hold."""
    return float(value) if math.isfinite(value) else None


def read_scene(values: Any, images: Mapping[str, str]) -> Scene:
    """Make a scene of JSON values; `images` are the data: URLs of the file by their names.

    Raises BadInputError, in a sentence, for the first thing that does not fit.
    """
    given = Values(values, "The picture")
    items = given.texts("items", most=ITEMS) or ()
    dimensions = int(given.number("dimensions", 2, low=2, high=3))
    frames = given.rows("frames", most=FRAMES, limit=SCENE_NUMBERS)
    n = len(items)
    if not frames or frames[0].size != n * dimensions:
        raise given.wrong("frames", f"{n} × {dimensions} numbers a frame")
    frame_groups = given.rows(
        "frame_groups", most=FRAMES, limit=SCENE_NUMBERS, dtype=np.int64, low=-1, high=GROUPS
    )
    names = given.texts("images", most=ITEMS)
    own = None if names is None else tuple(images.get(name, "") for name in names)
    return Scene(
        id=given.text("id"),
        items=items,
        frames=np.stack(frames).reshape(len(frames), n, dimensions),
        frame_names=given.texts("frame_names", most=FRAMES) or (),
        kind=given.one_of("kind", KINDS),  # type: ignore[arg-type]
        title=given.text("title"),
        alt=given.text("alt"),
        caption=given.text("caption"),
        keys=given.texts("keys", most=ITEMS),
        groups=given.numbers("groups", most=ITEMS, dtype=np.int64, low=-1, high=GROUPS),
        group_names=given.texts("group_names", most=GROUPS) or (),
        frame_groups=np.stack(frame_groups) if frame_groups else None,
        values=given.numbers("values", most=ITEMS),
        values_title=given.text("values_title"),
        sizes=given.numbers("sizes", most=ITEMS, low=0, high=LARGEST_SIZE),
        priority=given.numbers("priority", most=ITEMS),
        selected=given.integer("selected"),
        highlighted=integers(given, "highlighted"),
        links=links(given),
        trails=integers(given, "trails"),
        images=own,
        frame_images=frame_images(given, own or (), images),
        series=series(given),
        times=None
        if (times := given.numbers("times", most=FRAMES, dtype=np.float64)) is None
        else tuple(times.tolist()),
        seconds=given.number("seconds", 6.0, low=0.1, high=600.0),
        about=about(given),
    )


def integers(given: Values, name: str) -> tuple[int, ...]:
    """Return rows of a scene."""
    value = given.numbers(name, most=ITEMS, dtype=np.int64)
    return () if value is None else tuple(value.tolist())


def link_record(link: Link) -> list[Any]:
    """Return a line as a list: start, end, style, rank; of an arc also its category, weight and bend, and the
    weights of one that changes.
    """
    plain: list[Any] = [int(link.start), int(link.end), link.style, int(link.rank)]
    if link.style != "arc":
        return plain
    return [*plain, int(link.group), float(link.weight), float(link.bend), *rounded(link.weights)]


def links(given: Values) -> tuple[Link, ...]:
    """Return lines: [start, end, style, rank] each, of an arc also category, weight and bend, and its weights."""
    found, numbers = [], 0
    for entry in given.listed("links", most=LINKS) or ():
        if not isinstance(entry, list) or len(entry) < 4 or entry[2] not in STYLES:
            raise given.wrong("links", f"lists of start, end, one of {', '.join(STYLES)}, and rank")
        if len(entry) < 7 if entry[2] == "arc" else len(entry) != 4:
            raise given.wrong("links", "lists of four; an arc has its category, weight and bend besides")
        numbers += len(entry)
        if numbers > SCENE_NUMBERS:
            raise given.wrong("links", f"{SCENE_NUMBERS:,} numbers at most")
        whole_ones = [entry[0], entry[1], *entry[3:5]]
        start, end, rank, *group = given.array(whole_ones, "links", dtype=np.int64).tolist()
        weight, bend, *weights = given.array(entry[5:], "links", dtype=np.float64).tolist() or (1.0, 0.0)
        found.append(Link(start, end, entry[2], rank, weight, bend, group[0] if group else 0, tuple(weights)))
    return tuple(found)


def frame_images(
    given: Values, own: tuple[str, ...], images: Mapping[str, str]
) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """Return pictures that change: [row, one name a key state] each; a lost one is the item's own picture (`own`)."""
    found = []
    for entry in given.listed("frame_images", most=CHANGING) or ():
        if (
            not isinstance(entry, list)
            or len(entry) != 2
            or type(entry[0]) is not int
            or not isinstance(entry[1], list)
            or not all(isinstance(name, str) for name in entry[1])
        ):
            raise given.wrong("frame_images", "pairs of a row and names of pictures")
        row, names = entry
        if 0 <= row < len(own) and own[row]:  # an item that lost its own picture is a point
            found.append((row, tuple(images.get(name, own[row]) for name in names)))
    return tuple(found)


def about(given: Values) -> tuple[tuple[str, str], ...]:
    """Return the rows of the recipe card: [name, value] each."""
    found = []
    for entry in given.listed("about", most=ROWS) or ():
        if not isinstance(entry, list) or len(entry) != 2 or not all(isinstance(text, str) for text in entry):
            raise given.wrong("about", "pairs of texts")
        found.append((readable(entry[0], limit=TEXT_CHARACTERS), readable(entry[1], limit=TEXT_CHARACTERS)))
    return tuple(found)


def series(given: Values) -> tuple[tuple[str, tuple[float, ...]], ...]:
    """Return curves: [name, numbers] each; an empty number is a gap."""
    found = []
    for entry in given.listed("series", most=SERIES) or ():
        if (
            not isinstance(entry, list)
            or len(entry) != 2
            or not isinstance(entry[0], str)
            or not isinstance(entry[1], list)
        ):
            raise given.wrong("series", "pairs of a name and numbers")
        gaps = [number is None for number in entry[1]]
        numbers = given.array(
            [0 if number is None else number for number in entry[1]], "series", dtype=np.float64
        )
        curve = tuple(
            float("nan") if gap else value for gap, value in zip(gaps, numbers.tolist(), strict=True)
        )
        found.append((readable(entry[0], limit=TEXT_CHARACTERS), curve))
    return tuple(found)
