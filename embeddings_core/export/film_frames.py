"""One moment of a scene as a finished picture: sentence, caption, map, legend, curves and the recipe in small print.

A page is 1280 × 720 whatever the file's size: a larger file is the same page, sharper.
"""

import re

import numpy as np

from embeddings_core.export import text_rendering
from embeddings_core.export.film_states import Array, FilmStates
from embeddings_core.export.labels import Box
from embeddings_core.export.map_painter import Area, MapPainter
from embeddings_core.export.options import Mode
from embeddings_core.export.raster_renderer import RasterRenderer
from embeddings_core.export.renderer import Colour, Renderer
from embeddings_core.export.svg_renderer import SvgRenderer
from embeddings_core.scenes.labels import CAPTION_LENGTH, TEXT_LENGTH, label
from embeddings_core.scenes.metadata import described, metadata_line
from embeddings_core.scenes.scene import Scene
from embeddings_core.scenes.theme import DARK, LIGHT, rgb

WIDTH, HEIGHT = 1280.0, 720.0
MARGIN = 36.0
HEADLINE, CAPTION, KIND, LETTERS, SMALL = 32.0, 20.0, 16.0, 18.0, 15.0
GROW = 1.25  # points on a page for a hall, against those of a small stage
GROUPS, CURVES = 16, 3  # more cannot be told apart, or read
WIDEST = 230.0  # of a group's name, in pixels


class FilmFrames:
    """The pictures of one scene on one kind of page; `headline` is the sentence at the top, "" for none."""

    def __init__(self, scene: Scene, *, headline: str = "", mode: Mode = "light", ratio: float = 1.0) -> None:
        self.scene, self._ratio = scene, ratio
        dark = mode == "dark"
        theme = DARK if dark else LIGHT
        self._ground, self._ink = rgb(theme.ground), rgb(theme.ink)
        self._quiet = mixed(self._ink, self._ground, 0.28)
        self._headline = text_rendering.lines(
            label(headline, length=TEXT_LENGTH), HEADLINE, WIDTH - 2 * MARGIN, weight=text_rendering.BOLD
        )
        self._recipe = text_rendering.lines(metadata_line(scene), SMALL, WIDTH - 2 * MARGIN, count=2)
        top = 22 + 1.2 * HEADLINE * len(self._headline)
        self._caption_y = top + 20
        foot = 14 + 1.25 * SMALL * len(self._recipe)
        self._curves = Curves(
            scene, right=WIDTH - MARGIN, y=self._caption_y, ink=self._ink, accent=rgb(theme.accent)
        )
        halves = np.arange(2 * len(scene.motion.frames) - 1) / 2  # every key state, and half way to the next
        lines = max(len(self._told(float(p))[1]) for p in halves)
        below = 40 + 1.2 * CAPTION * (lines - 1)  # the same for the whole film: the map must not jump
        room = Area(0, top + below, WIDTH, HEIGHT - foot - top - below)
        self._legend = Legend(scene, room, dark=dark, ink=self._ink, ground=self._ground, size=17.0)
        self._map = MapPainter(scene, room, dark=dark, letters=LETTERS, grow=GROW, taken=self._legend.taken)
        self._renderer: RasterRenderer | None = None
        self._setting: Array | None = None

    @property
    def last(self) -> int:
        """The number of the last key state."""
        return self._map.states.last

    def moments(self, count: int, *, rest: float) -> Array:
        """Return the moment of the film (0 to its last key state) that each of `count` frames shows."""
        return self._map.states.moments(count, rest=rest)

    def pixels(self, p: float, *, moment: float = np.inf, step: float = 0.0) -> Array:
        """Return moment p as (height, width, 4) bytes, to be read before the next call.

        `moment` is the seconds since the film began and `step` those since the last frame: words fade and links
        grow by them. A step of 0 draws a still.
        """
        if self._renderer is None:
            self._renderer = RasterRenderer(WIDTH, HEIGHT, ratio=self._ratio)
            self._frame(self._renderer)
            self._setting = self._renderer.pixels.copy()
        assert self._setting is not None
        self._renderer.clear(self._setting)
        self._moving(self._renderer, p, moment, step)
        return self._renderer.pixels

    def svg(self, p: float) -> bytes:
        """Return moment p as an SVG file whose words are words."""
        renderer = SvgRenderer(
            WIDTH, HEIGHT, title=label(self.scene.title or "Map"), description=described(self.scene)
        )
        self._frame(renderer)
        self._moving(renderer, p, np.inf, 0.0)
        return renderer.content()

    def _frame(self, renderer: Renderer) -> None:
        """Draw what does not change."""
        renderer.clear(self._ground)
        for place, line in enumerate(self._headline):
            y = 22 + 1.2 * HEADLINE * (place + 0.5)
            renderer.text(line, MARGIN, y, size=HEADLINE, weight=text_rendering.BOLD, ink=self._ink)
        for place, line in enumerate(reversed(self._recipe)):
            renderer.text(line, MARGIN, HEIGHT - 18 - 1.25 * SMALL * place, size=SMALL, ink=self._quiet)
        self._legend.draw(renderer)

    def _moving(self, renderer: Renderer, p: float, moment: float, step: float) -> None:
        self._map.draw(renderer, p, moment=moment, step=step)
        kind, lines = self._told(p)
        x, y = MARGIN, self._caption_y
        if kind:
            wide = text_rendering.measure(kind, KIND) + 20
            edge = np.array([*self._ink, 0.3])
            renderer.box(x, y - 13, wide, 26, np.array([*self._ground, 0.0]), corner=13, edge=edge)
            renderer.text(kind, x + 10, y, size=KIND, ink=self._quiet)
            x += wide + 12
        for place, line in enumerate(lines):
            renderer.text(line, x, y + 1.2 * CAPTION * place, size=CAPTION, ink=self._ink)
        self._curves.draw(renderer, p)

    def _told(self, p: float) -> tuple[str, list[str]]:
        """Return the kind of moment p and its caption, in two lines at most."""
        kind, words = kind_and_words(self.scene, p)
        room = self._curves.left - MARGIN - 20 - (text_rendering.measure(kind, KIND) + 32 if kind else 0)
        lines = text_rendering.lines(words, CAPTION, room, count=3)
        if len(lines) > 2:
            lines = text_rendering.lines(kind_and_words(self.scene, p, brief=True)[1], CAPTION, room)
        return kind, lines or [""]


def mixed(
    a: tuple[float, float, float], b: tuple[float, float, float], share: float
) -> tuple[float, float, float]:
    """Return a colour on the way from a to b."""
    red, green, blue = (x + (y - x) * share for x, y in zip(a, b, strict=True))
    return red, green, blue


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
        self._values, self._ends = "", ("0", "1")
        if scene.points.values is not None:
            said = scene.points.values_title
            if ends := re.fullmatch(r"(.*) \((.+) … (.+)\)", said):  # as legend.js reads it
                said, self._ends = ends[1], (ends[2], ends[3])
            self._values = label(said) or "value"
            width, height = max(text_rendering.measure(self._values, size), 190.0) + 16, 58.0
        elif scene.points.groups is not None or scene.motion.frame_groups is not None:
            self._names = [
                text_rendering.cut(label(name), size, WIDEST) for name in scene.points.group_names[:GROUPS]
            ]
            width = max((text_rendering.measure(name, size) for name in self._names), default=0.0) + 40
            height = self._row * len(self._names) + 8
        self.taken: tuple[Box, ...] = ()
        if self._values or self._names:
            left = area.width - width - 22
            self.taken = ((left, 0.0, left + width, height),)

    @property
    def _row(self) -> float:
        return min(1.5 * self._size, self._area.height / (GROUPS + 1))

    def draw(self, renderer: Renderer) -> None:
        """Draw it."""
        if not self.taken:
            return
        left, top, right, _ = self.taken[0]
        x, y = self._area.x + left, self._area.y + top
        if self._values:
            self._scale(renderer, x + 8, y, self._area.x + right - 8)
            return
        n = len(self._names)
        places = np.array([[x + 14, y + 4 + self._row * (at + 0.5)] for at in range(n)])
        fills = np.array([[*self._states.colour_of_group(at), 1.0] for at in range(n)])
        symbols = np.array([at // 8 % 8 if at > 7 else 0 for at in range(n)])
        renderer.marks(places, np.full(n, 5.5), fills, symbols, fills, np.zeros(n))
        for name, (_, row) in zip(self._names, places, strict=True):
            renderer.text(name, x + 28, row, size=self._size, ink=self._ink, halo=self._ground)

    def _scale(self, renderer: Renderer, x: float, y: float, right: float) -> None:
        renderer.text(self._values, x, y + 16, size=self._size, ink=self._ink, halo=self._ground)
        start, end = x + 16, right - 16
        steps = 60
        edges = np.linspace(start, end, steps + 1)
        colours = self._states.sequential(np.linspace(0, 1, steps))
        for at in range(steps):
            renderer.box(edges[at], y + 36, edges[1] - edges[0] + 0.6, 11, np.array([*colours[at], 1.0]))
        for text, place in ((self._ends[0], x), (self._ends[1], end + 6)):
            renderer.text(text, place, y + 41.5, size=self._size - 1, ink=self._ink)


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
            self.left -= text_rendering.measure(name, 16.0) + 96 + 62
            self._lefts.insert(0, self.left)

    def draw(self, renderer: Renderer, p: float) -> None:
        """Draw them at moment p."""
        for (name, values), left in zip(self._series, self._lefts, strict=True):
            renderer.text(name, left, self._y, size=16.0, ink=self._ink)
            start = left + text_rendering.measure(name, 16.0) + 8
            real = values[np.isfinite(values)]
            if not len(real):
                continue
            low, span = float(real.min()), float(real.max() - real.min()) or 1.0
            x = start + 4 + 88 * np.arange(len(values)) / max(self._last, 1)
            y = self._y + 9 - 18 * (values - low) / span
            known = np.flatnonzero(np.isfinite(values))
            ends = np.column_stack([x[known[:-1]], y[known[:-1]], x[known[1:]], y[known[1:]]])
            renderer.lines(ends, np.full(len(ends), 1.5), np.tile([*self._ink, 0.45], (len(ends), 1)))
            now = float(np.interp(p, np.arange(len(values)), values))
            if not np.isfinite(now):
                renderer.text("–", start + 102, self._y, size=16.0, ink=self._ink)
                continue
            place = np.array(
                [[start + 4 + 88 * p / max(self._last, 1), self._y + 9 - 18 * (now - low) / span]]
            )
            fill = np.array([[*self._accent, 1.0]])
            renderer.marks(place, np.array([3.5]), fill, np.zeros(1, dtype=int), fill, np.zeros(1))
            said = f"{now:.0f}" if abs(now) >= 100 else f"{now:.2g}"
            renderer.text(said, start + 102, self._y, size=16.0, weight=text_rendering.BOLD, ink=self._ink)
