"""What the stage plays: states of the same items and how they look. Plain values; the stage draws them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import Kind
from embeddings_core.scenes.metadata import About
from embeddings_core.spaces.vectors import FloatArray, frozen

LinkStyle = Literal["neighbour", "torn", "path", "arc"]
BEND = 2.0  # times the distance of its ends an arc may rise


@dataclass(frozen=True)
class Link:
    """A line between two items (rows); drawn in the order of `rank`, one after the other.

    "neighbour" is a solid line in the accent colour, "torn" a dashed one (near in truth, far on the map),
    "path" an arrow (analogies, trajectories), "arc" half an ellipse (who looks at whom): it rises to the left of
    its way, `bend` times as high as its ends are apart, as thick as its `weight` (0-1), in the colour of the
    category `group`. What lies on its left shows which way it goes: arcs to the right rise, arcs to the left hang.
    In a film whose arcs change, `weights` are one a key state and `weight` is the largest; between two states an arc
    goes from the one to the other, and where it has next to no weight it is not seen.

    Raises BadInputError where an arc's weight, bend or category is none.
    """

    start: int
    end: int
    style: LinkStyle = "neighbour"
    rank: int = 0
    weight: float = 1.0
    bend: float = 0.0
    group: int = 0
    weights: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        weighed = all(0 <= weight <= 1 for weight in (self.weight, *self.weights))
        if not (weighed and 0 <= self.bend <= BEND and self.group >= 0):
            raise BadInputError(f"An arc has a weight from 0 to 1, a bend from 0 to {BEND:g} and a category.")


@dataclass(frozen=True, eq=False)
class Scene:
    """One animated map.

    `id` names the film: the stage plays from the start when it changes, and only restyles when it stays.
    `keys` tell which points are the same across scenes (default: the items): those move on from where
    they are, new ones fly in, missing ones fade. `frames` is (frames, items, 2 or 3), in one fixed axis
    range. `frame_names` caption each key state. `groups` (items,) is a category a point, -1 for none;
    `values` (items,) in 0–1 paints a sequential scale instead, and `values_title` says of what.
    `frame_groups` (frames, items) changes the category with the film. `priority` (items,) orders labels
    where there is no room for all. `images` are data: URLs used as marks, "" where an item keeps its
    point; above 200 of them all are points, and pictures appear under the pointer. `frame_images` are (row,
    pictures) pairs for items whose picture changes with the film: one data: URL a key state, each fading into the
    next in the middle of the way. `sizes` (items,) multiply the point size (1 is usual). `series` are curves
    shown beside the film and linked to it: name → one number a frame. `about` is the recipe of the picture as
    (name, value) rows, read on request, as alt text and as the caption of exports (`recipe_card.map_about` makes
    them, `cards.card` completes them); plain text, so that it travels in talk files. `asks` makes a click on a
    flat map report its place instead of the item under it. `times` (frames,), rising, space the key states
    (default: evenly).
    `seconds` is how long the film takes. `map_id` is the id of the `MapView` that the scene draws, "" where it draws
    none: what is said of that map (its trust) holds for this picture.

    Raises BadInputError where lengths do not fit, a row does not exist, a coordinate is not a number, an image
    is not a data: URL, a point is to change its picture or a row of `about` is not a pair of texts.
    """

    id: str
    items: tuple[str, ...]
    frames: FloatArray
    frame_names: tuple[str, ...]
    kind: Kind
    title: str = ""
    alt: str = ""
    caption: str = ""
    keys: tuple[str, ...] | None = None
    groups: np.ndarray | None = None
    group_names: tuple[str, ...] = ()
    frame_groups: np.ndarray | None = None
    values: FloatArray | None = None
    values_title: str = ""
    sizes: FloatArray | None = None
    priority: FloatArray | None = None
    selected: int | None = None
    highlighted: tuple[int, ...] = ()
    links: tuple[Link, ...] = ()
    trails: tuple[int, ...] = ()
    images: tuple[str, ...] | None = None
    frame_images: tuple[tuple[int, tuple[str, ...]], ...] = ()
    series: tuple[tuple[str, tuple[float, ...]], ...] = ()
    times: tuple[float, ...] | None = None
    seconds: float = 6.0
    autoplay: bool = True
    loop: bool = False
    about: About = ()
    asks: bool = False
    map_id: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "frames", frozen(self.frames))
        n = len(self.items)
        if self.frames.ndim != 3 or self.frames.shape[1] != n or self.frames.shape[2] not in (2, 3):
            raise BadInputError(f"The frames must be frames × {n} items × (2 or 3) coordinates.")
        if len(self.frame_names) != len(self.frames):
            raise BadInputError("Each frame needs a name.")
        if not len(self.frame_names):
            raise BadInputError("A scene needs at least one frame.")
        if not np.isfinite(self.frames).all():
            raise BadInputError("Every coordinate of a scene must be a number.")
        for name in ("keys", "groups", "values", "sizes", "priority", "images"):
            value = getattr(self, name)
            if value is not None and len(value) != n:
                raise BadInputError(f"{name} must have one entry an item.")
        if self.frame_groups is not None and np.shape(self.frame_groups) != self.frames.shape[:2]:
            raise BadInputError("frame_groups must be frames × items.")
        per_frame = [numbers for _, numbers in self.series] + ([self.times] if self.times is not None else [])
        if any(len(numbers) != len(self.frames) for numbers in per_frame):
            raise BadInputError("series and times must have one number a frame.")
        if self.times is not None and not (np.diff(self.times) > 0).all():
            raise BadInputError("times must rise.")
        ends = [row for link in self.links for row in (link.start, link.end)]
        rows = [*self.highlighted, *self.trails, *ends, *([] if self.selected is None else [self.selected])]
        if any(not 0 <= row < n for row in rows):
            raise BadInputError(f"Rows of a scene go from 0 to {n - 1}.")
        if any(len(link.weights) not in (0, len(self.frames)) for link in self.links):
            raise BadInputError("An arc that changes needs one weight a frame.")
        changing = [row for row, _ in self.frame_images]
        if any(not 0 <= row < n or not self.images or not self.images[row] for row in changing):
            raise BadInputError("Only an item that is a picture can change it.")
        if len(set(changing)) < len(changing) or any(
            len(pictures) != len(self.frames) for _, pictures in self.frame_images
        ):
            raise BadInputError("A picture that changes needs one picture a frame.")
        if not all(image.startswith("data:image/") or not image for image in self.images or ()) or not all(
            image.startswith("data:image/") for _, pictures in self.frame_images for image in pictures
        ):
            raise BadInputError("Images of a scene must be data: URLs.")
        if not all(len(row) == 2 and all(isinstance(text, str) for text in row) for row in self.about):
            raise BadInputError("Each row of a recipe card is a name and a value, both text.")

    def images_at(self, frame: int) -> tuple[str, ...] | None:
        """Return the picture of every item in a key state, or None where the scene has no pictures."""
        if self.images is None or not self.frame_images:
            return self.images
        changed = {row: pictures[frame] for row, pictures in self.frame_images}
        return tuple(changed.get(row, image) for row, image in enumerate(self.images))

    @property
    def pictures(self) -> tuple[str, ...]:
        """Every picture that the film shows at some time, item by item, those that change at the end."""
        changing = (image for _, pictures in self.frame_images for image in pictures)
        return (*(image for image in self.images or () if image), *changing)

    @property
    def dimensions(self) -> int:
        """2 or 3."""
        return int(self.frames.shape[2])


def unique_keys(scene: Scene) -> tuple[str, ...]:
    """Return one distinct key an item: the second "cat" becomes "cat #2"."""
    seen: dict[str, int] = {}
    taken = set(scene.keys or scene.items)
    keys = []
    for name in scene.keys or scene.items:
        count = seen[name] = seen.get(name, 0) + 1
        key = name if count == 1 else f"{name} #{count}"
        while count > 1 and key in taken:
            count += 1
            key = f"{name} #{count}"
        taken.add(key)
        keys.append(key)
    return tuple(keys)
