"""A scene: what the stage plays. Described here, once.

A scene is made of parts: its points, their motion, links between them, pictures, and what is told about it. Each part
checks itself when it is made; a scene only checks that its parts fit together, so `replace(scene, links=…)` costs next
to nothing. The reader and writer of talk files, the limits, the browser's payload and the JSON Schema are made of these
types by pydantic (`scene_json.py`, `payload.py`); the texts under the fields are the schema's descriptions.

A new field stands here, and nowhere else until something draws it.
"""

from dataclasses import KW_ONLY, dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import Kind
from embeddings_core.scenes.fields import (
    CHANGING,
    FRAMES,
    GROUPS,
    ITEMS,
    ROWS,
    SERIES,
    Caption,
    Categories,
    CategoriesByFrame,
    Frames,
    Gap,
    Image,
    Label,
    Number,
    Numbers,
    Prose,
    Row,
    Rows,
    Sizes,
    Text,
    Times,
)
from embeddings_core.scenes.links import Link as Link
from embeddings_core.scenes.links import LinkLists
from embeddings_core.spaces.vectors import frozen

Asked = Literal["", "place"]
Metadata = Annotated[tuple[tuple[Label, Prose], ...], Field(max_length=ROWS)]
"""What a picture is, as (name, value) rows of plain text, so that it travels in talk files."""
DESCRIBED = {"use_attribute_docstrings": True}  # the texts under the fields


@dataclass(frozen=True, eq=False)
class Points:
    """What the points are, and how they look. Every list has an entry an item.

    Arrays are read-only: `groups` and `finer` (items,) int64; `values`, `sizes` and `priority` (items,) float32.
    Raises BadInputError where lengths do not fit or a row does not exist.
    """

    __pydantic_config__ = DESCRIBED

    items: Annotated[tuple[Label, ...], Field(max_length=ITEMS)]
    """What the points are."""
    _: KW_ONLY
    keys: Annotated[tuple[Text, ...], Field(max_length=ITEMS)] | None = None
    """Which points are the same across scenes: those move on, new ones fly in, missing ones fade; by default the items."""
    groups: Categories | None = None
    """A category an item; -1 for none."""
    group_names: Annotated[tuple[Label, ...], Field(max_length=GROUPS)] = ()
    """What the categories are called."""
    finer: Categories | None = None
    """The finer category that each item is in, within its category; -1 for none. Both are outlined on a flat map."""
    finer_names: Annotated[tuple[Label, ...], Field(max_length=GROUPS)] = ()
    """What those are called: named where the view is near."""
    values: Numbers | None = None
    """0 to 1 an item: a place on a scale of colour, instead of a category."""
    values_title: Label = ""
    """What the scale of colour shows."""
    sizes: Sizes | None = None
    """Times the usual size of a point."""
    priority: Numbers | None = None
    """Whose label stays where there is no room for all; below zero, an item is only named when it is looked at."""
    selected: Row | None = None
    """The item that is looked at."""
    highlighted: Rows = ()
    """Items to be seen before the others."""
    notes: Annotated[tuple[Caption, ...], Field(max_length=ITEMS)] = ()
    """What is said of a point that is looked at; nothing, or a text an item."""

    def __post_init__(self) -> None:
        n = len(self.items)
        for name in ("groups", "finer", "values", "sizes", "priority"):
            if getattr(self, name) is not None:
                column = read_only(getattr(self, name), whole=name in ("groups", "finer"))
                object.__setattr__(self, name, column)
                if column.shape != (n,):
                    raise BadInputError(f"{name} must have one entry an item.")
        if self.keys is not None and len(self.keys) != n:
            raise BadInputError("keys must have one entry an item.")
        if len(self.notes) not in (0, n):
            raise BadInputError("notes must have one entry an item.")
        check_rows(self.highlighted if self.selected is None else (*self.highlighted, self.selected), n)


@dataclass(frozen=True, eq=False)
class Motion:
    """Where the points are in each key state, and how the film goes from one to the next, in one fixed axis range.

    `frames` is (frames, items, 2 or 3) float32 and read-only, `frame_groups` (frames, items) int64.
    Raises BadInputError where lengths do not fit, a coordinate is not a number, or times do not rise.
    """

    __pydantic_config__ = DESCRIBED

    frames: Frames
    """Key states; each is x, y (, z) of the first item, then of the second, and so on."""
    frame_names: Annotated[tuple[Caption, ...], Field(min_length=1, max_length=FRAMES)]
    """One name a key state: its caption."""
    _: KW_ONLY
    kind: Kind
    """recorded: real states of a computation; morph: interpolated between two real states."""
    frame_groups: CategoriesByFrame | None = None
    """A category an item in each key state."""
    trails: Rows = ()
    """Items whose way is drawn."""
    series: Annotated[tuple[tuple[Label, tuple[Gap, ...]], ...], Field(max_length=SERIES)] = ()
    """Curves beside the film, linked to it: name, one number a key state."""
    times: Times | None = None
    """Rising moments of the key states; by default evenly spaced."""
    seconds: Annotated[Number, Field(ge=0.1, le=600)] = 6.0
    """How long the film takes."""
    autoplay: bool = True
    """Whether the film begins by itself."""
    loop: bool = False
    """Whether it begins again at its end."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "frames", frozen(self.frames))
        count = len(self.frame_names)
        if self.frames.ndim != 3 or self.frames.shape[2] not in (2, 3):
            raise BadInputError("The frames must be frames × items × (2 or 3) coordinates.")
        if count != len(self.frames):
            raise BadInputError("Each frame needs a name.")
        if not count:
            raise BadInputError("A scene needs at least one frame.")
        if not np.isfinite(self.frames).all():
            raise BadInputError("Every coordinate of a scene must be a number.")
        if self.frame_groups is not None:
            object.__setattr__(self, "frame_groups", read_only(self.frame_groups, whole=True))
            if self.frame_groups.shape != self.frames.shape[:2]:
                raise BadInputError("frame_groups must be frames × items.")
        per_frame = [numbers for _, numbers in self.series] + ([self.times] if self.times is not None else [])
        if any(len(numbers) != count for numbers in per_frame):
            raise BadInputError("series and times must have one number a frame.")
        if self.times is not None and not (np.diff(self.times) > 0).all():
            raise BadInputError("times must rise.")
        check_rows(self.trails, self.frames.shape[1])

    @property
    def dimensions(self) -> int:
        """2 or 3."""
        return int(self.frames.shape[2])


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures in place of points: data: URLs, "" where an item keeps its point.

    Above 200 of them all are points, and pictures appear under the pointer. Each picture of an item in `frame_images`
    fades into the next in the middle of the way.
    Raises BadInputError where an image is not a data: URL, or a point is to change its picture.
    """

    __pydantic_config__ = DESCRIBED

    images: Annotated[tuple[Image, ...], Field(max_length=ITEMS)] | None = None
    """A name in the file's images, or nothing, an item."""
    _: KW_ONLY
    frame_images: Annotated[tuple[tuple[Row, tuple[Image, ...]], ...], Field(max_length=CHANGING)] = ()
    """Items whose picture changes with the film: row, one name in the file's images a key state."""

    def __post_init__(self) -> None:
        changing = [row for row, _ in self.frame_images]
        if any(
            not self.images or not 0 <= row < len(self.images) or not self.images[row] for row in changing
        ):
            raise BadInputError("Only an item that is a picture can change it.")
        if len(set(changing)) < len(changing):
            raise BadInputError("A picture that changes needs one picture a frame.")
        if not all(image.startswith("data:image/") or not image for image in self.images or ()) or not all(
            image.startswith("data:image/") for _, pictures in self.frame_images for image in pictures
        ):
            raise BadInputError("Images of a scene must be data: URLs.")

    def at(self, frame: int) -> tuple[str, ...] | None:
        """Return the picture of every item in a key state, or None where there are no pictures."""
        if self.images is None or not self.frame_images:
            return self.images
        changed = {row: pictures[frame] for row, pictures in self.frame_images}
        return tuple(changed.get(row, image) for row, image in enumerate(self.images))

    @property
    def all(self) -> tuple[str, ...]:
        """Every picture that the film shows at some time, item by item, those that change at the end."""
        changing = (image for _, pictures in self.frame_images for image in pictures)
        return (*(image for image in self.images or () if image), *changing)


@dataclass(frozen=True, eq=False)
class Scene:
    """One animated map.

    `metadata` says what the picture is, as (name, value) rows that are read on request, as alt text and as the caption
    of exports (`metadata.py` makes them). `question` "place" makes a click on a flat map report its place instead of
    the item under it.

    Raises BadInputError where the parts do not fit together.
    """

    __pydantic_config__ = DESCRIBED

    id: Text
    """Names the film: the stage plays from the start when it changes, and only restyles when it stays."""
    points: Points
    motion: Motion
    _: KW_ONLY
    map_id: str = ""
    """The id of the `MapView` that the scene draws: what is said of that map (its trust) holds for this picture."""
    title: Label = ""
    """What is shown, in a word or two."""
    alt: Prose = ""
    """What is seen, for those who do not see it."""
    caption: Caption = ""
    """Small print of the picture."""
    links: Annotated[tuple[Link, ...], LinkLists()] = ()
    pictures: Pictures = Pictures()
    question: Asked = ""
    """What a click on a flat map tells: "place" reports the place, nothing the item."""
    metadata: Metadata = ()
    """What the picture is: name and value a row."""

    def __post_init__(self) -> None:
        n, count = len(self.points.items), len(self.motion.frames)
        if self.motion.frames.shape[1] != n:
            raise BadInputError(f"The frames must be frames × {n} items × (2 or 3) coordinates.")
        if self.pictures.images is not None and len(self.pictures.images) != n:
            raise BadInputError("images must have one entry an item.")
        if any(len(pictures) != count for _, pictures in self.pictures.frame_images):
            raise BadInputError("A picture that changes needs one picture a frame.")
        check_rows([row for link in self.links for row in (link.start, link.end)], n)
        if any(len(link.weights) not in (0, count) for link in self.links):
            raise BadInputError("An arc that changes needs one weight a frame.")
        if not all(len(row) == 2 and all(isinstance(text, str) for text in row) for row in self.metadata):
            raise BadInputError("Each row of metadata is a name and a value, both text.")


def read_only(values: np.ndarray, *, whole: bool) -> np.ndarray:
    """Return a column as a read-only array: int64 where it is of whole numbers, or else float32."""
    if not whole:
        return frozen(values)
    array = np.ascontiguousarray(values, dtype=np.int64)
    if array.flags.writeable:
        array = array.view()
        array.flags.writeable = False
    return array


def check_rows(rows: tuple[int, ...] | list[int], n: int) -> None:
    """Refuse rows that n items do not have."""
    if any(not 0 <= row < n for row in rows):
        raise BadInputError(f"Rows of a scene go from 0 to {n - 1}.")


def unique_keys(scene: Scene) -> tuple[str, ...]:
    """Return one distinct key an item: the second "cat" becomes "cat #2"."""
    names = scene.points.keys or scene.points.items
    taken = set(names)
    if len(taken) == len(names):
        return names
    seen: dict[str, int] = {}
    keys = []
    for name in names:
        count = seen[name] = seen.get(name, 0) + 1
        key = name if count == 1 else f"{name} #{count}"
        while count > 1 and key in taken:
            count += 1
            key = f"{name} #{count}"
        taken.add(key)
        keys.append(key)
    return tuple(keys)
