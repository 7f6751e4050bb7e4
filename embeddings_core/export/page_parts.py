"""What stands round the map on a page: the caption of the moment, the key to the colours, the linked curves."""

import numpy as np

from embeddings_core.export import lettering
from embeddings_core.export.film_labels import Box
from embeddings_core.export.film_states import FilmStates
from embeddings_core.export.map_geometry import Area
from embeddings_core.export.renderer import Colour, Pen
from embeddings_core.scenes.labels import CAPTION_LENGTH, label
from embeddings_core.scenes.scene import Scene

GROUPS, CURVES = 16, 3  # more cannot be told apart, or read
WIDEST = 230.0  # of a group's name, in pixels


def kind_and_words(scene: Scene, p: float, *, brief: bool = False) -> tuple[str, str]:
    """Say what is on screen: computed ("recorded") or interpolated ("morph"), and which moment; as the stage does.

    `brief` says only where a morph leads, for want of room.
    """
    names = [label(name, length=CAPTION_LENGTH) for name in scene.motion.frame_names]
    last = len(scene.motion.frames) - 1
    if not last:
        return "", label(scene.caption or scene.title, length=CAPTION_LENGTH) or names[0]
    low = int(np.floor(p + 1e-6))
    if scene.motion.kind == "morph" and 0.02 < p - low < 0.98:
        return "morph", f"{'' if brief else names[low] + ' '}→ {names[low + 1]}"
    return "" if scene.motion.kind == "still" else scene.motion.kind, names[int(np.floor(p + 0.5))]


class Legend:
    """The key to the colours, in the top right corner of an area; `taken` is the room it needs there."""

    def __init__(
        self, scene: Scene, area: Area, *, dark: bool, ink: Colour, ground: Colour, size: float
    ) -> None:
        self._states, self._area, self._ink, self._ground, self._size = (
            FilmStates(scene, dark),
            area,
            ink,
            ground,
            size,
        )
        self._names: list[str] = []
        self._values = ""
        if scene.points.values is not None:
            self._values = label(scene.points.values_title) or "value"
            width, height = max(lettering.measure(self._values, size), 190.0) + 16, 58.0
        elif scene.points.groups is not None or scene.motion.frame_groups is not None:
            self._names = [
                lettering.cut(label(name), size, WIDEST) for name in scene.points.group_names[:GROUPS]
            ]
            width = max((lettering.measure(name, size) for name in self._names), default=0.0) + 40
            height = self._row * len(self._names) + 8
        self.taken: tuple[Box, ...] = ()
        if self._values or self._names:
            left = area.width - width - 22
            self.taken = ((left, 0.0, left + width, height),)

    @property
    def _row(self) -> float:
        return min(1.5 * self._size, self._area.height / (GROUPS + 1))

    def draw(self, pen: Pen) -> None:
        """Draw it."""
        if not self.taken:
            return
        left, top, right, _ = self.taken[0]
        x, y = self._area.x + left, self._area.y + top
        if self._values:
            self._scale(pen, x + 8, y, self._area.x + right - 8)
            return
        n = len(self._names)
        places = np.array([[x + 14, y + 4 + self._row * (at + 0.5)] for at in range(n)])
        fills = np.array([[*self._states.colour_of_group(at), 1.0] for at in range(n)])
        symbols = np.array([at // 8 % 8 if at > 7 else 0 for at in range(n)])
        pen.marks(places, np.full(n, 5.5), fills, symbols, fills, np.zeros(n))
        for name, (_, row) in zip(self._names, places, strict=True):
            pen.text(name, x + 28, row, size=self._size, ink=self._ink, halo=self._ground)

    def _scale(self, pen: Pen, x: float, y: float, right: float) -> None:
        pen.text(self._values, x, y + 16, size=self._size, ink=self._ink, halo=self._ground)
        start, end = x + 16, right - 16
        steps = 60
        edges = np.linspace(start, end, steps + 1)
        colours = self._states.sequential(np.linspace(0, 1, steps))
        for at in range(steps):
            pen.box(edges[at], y + 36, edges[1] - edges[0] + 0.6, 11, np.array([*colours[at], 1.0]))
        for text, place in (("0", x), ("1", end + 6)):
            pen.text(text, place, y + 41.5, size=self._size - 1, ink=self._ink)


class Curves:
    """Curves that belong to the film, each with a dot and its value at the present moment; drawn up to `right`."""

    def __init__(self, scene: Scene, *, right: float, y: float, ink: Colour, accent: Colour) -> None:
        self._series = [
            (label(name), np.array(values, dtype=float)) for name, values in scene.motion.series[:CURVES]
        ]
        self._y, self._ink, self._accent, self._last = y, ink, accent, len(scene.motion.frames) - 1
        self._lefts: list[float] = []
        self.left = right
        for name, _ in reversed(self._series):
            self.left -= lettering.measure(name, 16.0) + 96 + 62
            self._lefts.insert(0, self.left)

    def draw(self, pen: Pen, p: float) -> None:
        """Draw them at moment p."""
        for (name, values), left in zip(self._series, self._lefts, strict=True):
            pen.text(name, left, self._y, size=16.0, ink=self._ink)
            start = left + lettering.measure(name, 16.0) + 8
            real = values[np.isfinite(values)]
            if not len(real):
                continue
            low, span = float(real.min()), float(real.max() - real.min()) or 1.0
            x = start + 4 + 88 * np.arange(len(values)) / max(self._last, 1)
            y = self._y + 9 - 18 * (values - low) / span
            known = np.flatnonzero(np.isfinite(values))
            ends = np.column_stack([x[known[:-1]], y[known[:-1]], x[known[1:]], y[known[1:]]])
            pen.lines(ends, np.full(len(ends), 1.5), np.tile([*self._ink, 0.45], (len(ends), 1)))
            now = float(np.interp(p, np.arange(len(values)), values))
            if not np.isfinite(now):
                pen.text("–", start + 102, self._y, size=16.0, ink=self._ink)
                continue
            place = np.array(
                [[start + 4 + 88 * p / max(self._last, 1), self._y + 9 - 18 * (now - low) / span]]
            )
            fill = np.array([[*self._accent, 1.0]])
            pen.marks(place, np.array([3.5]), fill, np.zeros(1, dtype=int), fill, np.zeros(1))
            said = f"{now:.0f}" if abs(now) >= 100 else f"{now:.2g}"
            pen.text(said, start + 102, self._y, size=16.0, weight=lettering.BOLD, ink=self._ink)
