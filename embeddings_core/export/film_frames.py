"""One moment of a scene as a finished picture: sentence, caption, map, legend, curves and the recipe in small print.

A page is 1280 × 720 whatever the file's size: a larger file is the same page, sharper.
"""

from typing import Literal

import numpy as np

from embeddings_core.export import lettering
from embeddings_core.export.film_states import Array
from embeddings_core.export.map_geometry import Area
from embeddings_core.export.map_painter import MapPainter
from embeddings_core.export.page_parts import Curves, Legend, kind_and_words
from embeddings_core.export.raster_renderer import AggPen
from embeddings_core.export.renderer import Pen
from embeddings_core.export.svg_renderer import SvgPen
from embeddings_core.scenes.labels import TEXT_LENGTH, label
from embeddings_core.scenes.metadata import described, metadata_line
from embeddings_core.scenes.scene import Scene
from embeddings_core.scenes.theme import DARK, LIGHT, rgb

WIDTH, HEIGHT = 1280.0, 720.0
MARGIN = 36.0
HEADLINE, CAPTION, KIND, LETTERS, SMALL = 32.0, 20.0, 16.0, 18.0, 15.0
GROW = 1.25  # points on a page for a hall, against those of a small stage
Mode = Literal["light", "dark"]


class FilmFrames:
    """The pictures of one scene on one kind of page; `headline` is the sentence at the top, "" for none."""

    def __init__(self, scene: Scene, *, headline: str = "", mode: Mode = "light", ratio: float = 1.0) -> None:
        self.scene, self._ratio = scene, ratio
        dark = mode == "dark"
        theme = DARK if dark else LIGHT
        self._ground, self._ink = rgb(theme.ground), rgb(theme.ink)
        self._quiet = mixed(self._ink, self._ground, 0.28)
        self._headline = lettering.lines(
            label(headline, length=TEXT_LENGTH), HEADLINE, WIDTH - 2 * MARGIN, weight=lettering.BOLD
        )
        self._recipe = lettering.lines(metadata_line(scene), SMALL, WIDTH - 2 * MARGIN, count=2)
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
        self._pen: AggPen | None = None
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
        if self._pen is None:
            self._pen = AggPen(WIDTH, HEIGHT, ratio=self._ratio)
            self._frame(self._pen)
            self._setting = self._pen.pixels.copy()
        assert self._setting is not None
        self._pen.clear(self._setting)
        self._moving(self._pen, p, moment, step)
        return self._pen.pixels

    def svg(self, p: float) -> bytes:
        """Return moment p as an SVG file whose words are words."""
        pen = SvgPen(WIDTH, HEIGHT, title=label(self.scene.title or "Map"), description=described(self.scene))
        self._frame(pen)
        self._moving(pen, p, np.inf, 0.0)
        return pen.content()

    def _frame(self, pen: Pen) -> None:
        """Draw what does not change."""
        pen.clear(self._ground)
        for place, line in enumerate(self._headline):
            y = 22 + 1.2 * HEADLINE * (place + 0.5)
            pen.text(line, MARGIN, y, size=HEADLINE, weight=lettering.BOLD, ink=self._ink)
        for place, line in enumerate(reversed(self._recipe)):
            pen.text(line, MARGIN, HEIGHT - 18 - 1.25 * SMALL * place, size=SMALL, ink=self._quiet)
        self._legend.draw(pen)

    def _moving(self, pen: Pen, p: float, moment: float, step: float) -> None:
        self._map.draw(pen, p, moment=moment, step=step)
        kind, lines = self._told(p)
        x, y = MARGIN, self._caption_y
        if kind:
            wide = lettering.measure(kind, KIND) + 20
            edge = np.array([*self._ink, 0.3])
            pen.box(x, y - 13, wide, 26, np.array([*self._ground, 0.0]), corner=13, edge=edge)
            pen.text(kind, x + 10, y, size=KIND, ink=self._quiet)
            x += wide + 12
        for place, line in enumerate(lines):
            pen.text(line, x, y + 1.2 * CAPTION * place, size=CAPTION, ink=self._ink)
        self._curves.draw(pen, p)

    def _told(self, p: float) -> tuple[str, list[str]]:
        """Return the kind of moment p and its caption, in two lines at most."""
        kind, words = kind_and_words(self.scene, p)
        room = self._curves.left - MARGIN - 20 - (lettering.measure(kind, KIND) + 32 if kind else 0)
        lines = lettering.lines(words, CAPTION, room, count=3)
        if len(lines) > 2:
            lines = lettering.lines(kind_and_words(self.scene, p, brief=True)[1], CAPTION, room)
        return kind, lines or [""]


def mixed(
    a: tuple[float, float, float], b: tuple[float, float, float], share: float
) -> tuple[float, float, float]:
    """Return a colour on the way from a to b."""
    red, green, blue = (x + (y - x) * share for x, y in zip(a, b, strict=True))
    return red, green, blue
