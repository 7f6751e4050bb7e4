"""Maps of very many points: what the browser gets of them, a few bytes a point.

Beyond `LARGE_MAP` points the stage neither names single points nor moves from one scene into the next: it draws every point
in place, shows where many lie on each other, and finds the one under the pointer and those within a line by itself. A flat
`Scene` of so many points without pictures is sent this way of its own accord (`scene_payload`); who has no texts for
its points makes a `LargeScene`.

The payload, beside the plain values under "scene" (those of a `Scene` with empty `items`):

- `scene.large`: `count` (points), `low` and `step` ([x, y] each: a place is low + step × number), `none` (the code of a
  point without a colour), `levels` (how many codes a scale of colour has; 0 where the codes are categories).
- `places`: uint16, (states, points, 2), flat. 65,535 steps across the map: half a pixel at 30 times its size on the screen.
- `codes`: uint8, or uint16 from 255 categories on, one a point, where points have colours.
- `names`: uint8, the names in UTF-8 with a line break between them, where they are given and few enough.

A million points with one state and up to 254 categories are 5 MB. Key states beyond `LARGE_MAP_BYTES` are left out evenly,
never the first or the last. Points lie in row order; the browser draws them in a shuffled one, so that the
first of them are a fair sample while it has no time for all.
"""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, overload

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.limits import LARGE_MAP, LARGE_MAP_BYTES, LARGE_MAP_NAMES
from embeddings_core.maps.projection import Kind
from embeddings_core.scenes.labels import in_one_line, label
from embeddings_core.scenes.scene import Link, Metadata, Scene, check_rows, read_only
from embeddings_core.spaces.vectors import FloatArray, IntArray, frozen

STEPS = 65_535
LEVELS = 255  # of a scale of colour; the last code is left for what has no value
NAME = 48  # characters of a name under the pointer


@dataclass(frozen=True, eq=False)
class LargeScene:
    """A map of very many points on a plane, as the stage takes it beside a `Scene`.

    `frames` is (frames, points, 2) float32, or (points, 2) for a picture that stands still; points are coloured by `groups`
    (points,) int, -1 for none, with `group_names`, or by `values` (points,) from 0 to 1, NaN for none. Points of no group
    stand back behind the others. `names`, one a point, are shown under the pointer; without them the page tells who a point is
    once it is clicked (its row comes back, as from a `Scene`). The other fields mean what they mean in a `Scene`.

    Raises BadInputError where lengths do not fit, a coordinate is not a number, or a row does not exist.
    """

    id: str
    frames: FloatArray
    _: KW_ONLY
    frame_names: tuple[str, ...] = ("",)
    kind: Kind = "still"
    groups: IntArray | None = None
    group_names: tuple[str, ...] = ()
    values: FloatArray | None = None
    values_title: str = ""
    names: Sequence[str] | None = None
    selected: int | None = None
    links: tuple[Link, ...] = ()
    series: tuple[tuple[str, tuple[float, ...]], ...] = ()
    times: tuple[float, ...] | None = None
    seconds: float = 6.0
    autoplay: bool = True
    loop: bool = False
    map_id: str = ""
    title: str = ""
    alt: str = ""
    caption: str = ""
    metadata: Metadata = ()

    def __post_init__(self) -> None:
        frames = frozen(self.frames)
        frames = frames[None] if frames.ndim == 2 else frames
        object.__setattr__(self, "frames", frames)
        if frames.ndim != 3 or frames.shape[2] != 2:
            raise BadInputError("The frames of a large map must be frames × points × 2 coordinates.")
        if len(self.frame_names) != len(frames) or not len(frames):
            raise BadInputError("Each frame needs a name.")
        if not np.isfinite(frames).all():
            raise BadInputError("Every coordinate of a scene must be a number.")
        for name in ("groups", "values"):
            if getattr(self, name) is not None:
                column = read_only(getattr(self, name), whole=name == "groups")
                object.__setattr__(self, name, column)
                if column.shape != (self.count,):
                    raise BadInputError(f"{name} must have one entry a point.")
        if self.names is not None and len(self.names) != self.count:
            raise BadInputError("names must have one entry a point.")
        ends = [row for link in self.links for row in (link.start, link.end)]
        check_rows(ends if self.selected is None else [*ends, self.selected], self.count)

    @property
    def count(self) -> int:
        """How many points there are."""
        return int(self.frames.shape[1])


def is_large(scene: Scene) -> bool:
    """Return whether a scene is sent in the compact form: very many points on a plane, and no pictures."""
    return (
        len(scene.points.items) > LARGE_MAP
        and scene.motion.dimensions == 2
        and scene.pictures.images is None
        and not scene.question
    )


def large_scene(scene: Scene) -> LargeScene:
    """Return a scene as a map of very many points; where categories change with the film, they are those of its end."""
    points, motion = scene.points, scene.motion
    return LargeScene(
        scene.id, motion.frames, frame_names=motion.frame_names, kind=motion.kind,
        groups=points.groups if motion.frame_groups is None else motion.frame_groups[-1],
        group_names=points.group_names, values=points.values, values_title=points.values_title, names=points.items,
        selected=points.selected, links=scene.links, series=motion.series, times=motion.times, seconds=motion.seconds,
        autoplay=motion.autoplay, loop=motion.loop, map_id=scene.map_id, title=scene.title, alt=scene.alt,
        caption=scene.caption, metadata=scene.metadata,
    )  # fmt: skip


def large_values(
    scene: LargeScene, *, states: tuple[int, ...]
) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """Return what stands under "scene.large", and the flat arrays beside it, of these key states."""
    flat = scene.frames[list(states)].reshape(-1, 2)
    low, high = (flat.min(axis=0), flat.max(axis=0)) if len(flat) else (np.zeros(2), np.ones(2))
    low, high = low.astype(np.float64), high.astype(np.float64)
    longest = float((high - low).max()) or 1.0
    step = np.maximum(high - low, longest * 1e-6) / STEPS
    arrays = {"places": np.rint((flat - low) / step).astype(np.uint16).ravel()}
    coded = codes(scene)
    if coded is not None:
        arrays["codes"] = coded
    if scene.names is not None and scene.count <= LARGE_MAP_NAMES:
        arrays["names"] = packed(scene.names)
    large = {
        "count": scene.count,
        "low": low.tolist(),
        "step": step.tolist(),
        "none": 0 if coded is None else int(np.iinfo(coded.dtype).max),
        "levels": 0 if scene.values is None else LEVELS,
    }
    return large, arrays


def kept_states(states: int, count: int, *, taken: int) -> tuple[int, ...]:
    """Return which key states are sent: all, or as many as there are bytes for, evenly, the first and the last among them.

    >>> kept_states(9, 100_000, taken=0), kept_states(9, 500_000, taken=500_000), kept_states(9, 1_000_000, taken=0)
    ((0, 1, 2, 3, 4, 5, 6, 7, 8), (0, 4, 8), (0, 8))
    """
    most = max(1, (LARGE_MAP_BYTES - taken) // max(4 * count, 1))
    if states <= most:
        return tuple(range(states))
    if most == 1:
        return (states - 1,)
    return tuple(np.linspace(0, states - 1, int(most)).astype(int).tolist())


def codes(scene: LargeScene) -> np.ndarray | None:
    """Return one code of colour a point, (points,) uint8 or uint16; None where all have one colour."""
    if scene.values is not None:
        known = np.isfinite(scene.values)
        levels = np.rint(np.clip(np.where(known, scene.values, 0.0), 0.0, 1.0) * (LEVELS - 1))
        return np.where(known, levels, LEVELS).astype(np.uint8)
    if scene.groups is None:
        return None
    kind: type[np.uint8] | type[np.uint16] = (
        np.uint8 if len(scene.groups) == 0 or scene.groups.max() < 255 else np.uint16
    )
    most = int(np.iinfo(kind).max)
    return np.where((scene.groups >= 0) & (scene.groups < most), scene.groups, most).astype(kind)


class PackedNames(Sequence[str]):
    """Names that are packed once, however often they are sent."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names, self.bytes = names, packed(names)

    @overload
    def __getitem__(self, at: int) -> str: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[str]: ...
    def __getitem__(self, at: int | slice) -> str | Sequence[str]:
        return self._names[at]

    def __len__(self) -> int:
        return len(self._names)


def packed(names: Sequence[str]) -> np.ndarray:
    """Return names as bytes, one a line, cut to what is shown under the pointer."""
    if isinstance(names, PackedNames):
        return names.bytes
    parts = [names[start : start + 1_000] for start in range(0, len(names), 1_000)]
    lines = "\n".join(
        "\n".join(part if in_one_line(part, length=NAME) else [label(name, length=NAME) for name in part])
        for part in parts
    )  # in one line each
    return np.frombuffer(lines.encode("utf-8", "replace"), dtype=np.uint8)
