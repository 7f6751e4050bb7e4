"""A film on paper: up to five of its key states side by side, each with its name, the key to the colours below."""

import numpy as np

from embeddings_core.export import text_rendering
from embeddings_core.export.film_frames import kind_and_words, mixed
from embeddings_core.export.film_states import Array
from embeddings_core.export.map_painter import Area, MapPainter
from embeddings_core.export.options import Mode
from embeddings_core.export.raster_renderer import RasterRenderer
from embeddings_core.export.renderer import Renderer
from embeddings_core.export.svg_renderer import SvgRenderer
from embeddings_core.scenes.labels import TEXT_LENGTH, label
from embeddings_core.scenes.metadata import described, metadata_line
from embeddings_core.scenes.scene import Scene
from embeddings_core.scenes.theme import DARK, LIGHT, rgb

STILLS = 5
PANEL, TALL, GAP, MARGIN = 380.0, 285.0, 16.0, 28.0  # a line of five on A4 across: letters of 3 mm
LETTERS, NAME, HEADLINE, SMALL = 16.0, 19.0, 30.0, 16.0
SHARP = 2.0  # pixels of a PNG for one of the page: 360 to the inch on A4


def still_moments(last: int) -> list[int]:
    """Return the key states of the sheet: the first, the last, and evenly between; all where there are few.

    >>> still_moments(8), still_moments(2)
    ([0, 2, 4, 6, 8], [0, 1, 2])
    """
    count = min(STILLS, last + 1)
    return [int(np.floor(i * last / max(count - 1, 1) + 0.5)) for i in range(count)]


class ContactSheet:
    """The page of the stills: `width` and `height` are its size."""

    def __init__(self, scene: Scene, *, headline: str, mode: Mode) -> None:
        self._scene, self._moments = scene, still_moments(len(scene.motion.frames) - 1)
        theme = DARK if mode == "dark" else LIGHT
        self._ground, self._ink = rgb(theme.ground), rgb(theme.ink)
        self.width = 2 * MARGIN + len(self._moments) * (PANEL + GAP) - GAP
        inner = self.width - 2 * MARGIN
        words = label(headline, length=TEXT_LENGTH)
        self._headline = text_rendering.lines(words, HEADLINE, inner, weight=text_rendering.BOLD)
        self._recipe = text_rendering.lines(metadata_line(scene), SMALL, inner, count=3)
        self._top = MARGIN + 1.25 * HEADLINE * len(self._headline)
        self._names = self._top + TALL + 20
        self._told = [
            text_rendering.lines(kind_and_words(scene, float(moment))[1], NAME, PANEL)
            for moment in self._moments
        ]
        dark = mode == "dark"
        self._maps = [
            MapPainter(
                scene, Area(MARGIN + at * (PANEL + GAP), self._top, PANEL, TALL), dark=dark, letters=LETTERS, grow=0.9, most=14
            )
            for at in range(len(self._moments))
        ]  # fmt: skip
        self._key = self._key_rows(inner)
        self._below = 24 + 1.2 * NAME * (max(map(len, self._told)) - 1)
        self.height = (
            self._names + self._below + 26 * len(self._key) + 1.3 * SMALL * len(self._recipe) + MARGIN
        )

    def _key_rows(self, inner: float) -> list[list[tuple[float, int, str]]]:
        """Lay the names of the groups out in lines: (x, group, name)."""
        scene, x = self._scene, np.inf
        rows: list[list[tuple[float, int, str]]] = []
        if scene.points.values is not None or (
            scene.points.groups is None and scene.motion.frame_groups is None
        ):
            return []
        for group, name in enumerate(scene.points.group_names[:16]):
            words = text_rendering.cut(label(name), SMALL, 260.0)
            wide = text_rendering.measure(words, SMALL) + 44
            if x + wide > inner:
                rows.append([])
                x = 0.0
            rows[-1].append((MARGIN + x, group, words))
            x += wide
        return rows

    def draw(self, renderer: Renderer) -> None:
        """Draw the page."""
        renderer.clear(self._ground)
        for place, line in enumerate(self._headline):
            y = MARGIN - 6 + 1.25 * HEADLINE * (place + 0.5)
            renderer.text(line, MARGIN, y, size=HEADLINE, weight=text_rendering.BOLD, ink=self._ink)
        for painter, moment, told in zip(self._maps, self._moments, self._told, strict=True):
            area = painter.area
            edge, none = np.array([*self._ink, 0.25]), np.array([*self._ground, 0.0])
            painter.draw(renderer, float(moment))
            renderer.box(area.x, area.y, area.width, area.height, none, corner=8, edge=edge)
            for place, line in enumerate(told):
                y, middle = self._names + 1.2 * NAME * place, area.x + area.width / 2
                renderer.text(line, middle, y, size=NAME, ink=self._ink, anchor="middle")
        states = self._maps[0].states
        y = self._names + self._below + 6
        for row in self._key:
            for x, group, words in row:
                fill = np.array([[*states.colour_of_group(group), 1.0]])
                symbol = np.array([group // 8 % 8 if group > 7 else 0])
                renderer.marks(np.array([[x + 7, y]]), np.array([5.5]), fill, symbol, fill, np.zeros(1))
                renderer.text(words, x + 20, y, size=SMALL, ink=self._ink)
            y += 26
        for line in self._recipe:
            renderer.text(line, MARGIN, y + 6, size=SMALL, ink=mixed(self._ink, self._ground, 0.28))
            y += 1.3 * SMALL


def contact_sheet_png(scene: Scene, *, headline: str = "", mode: Mode = "light") -> Array:
    """Return the sheet as (height, width, 4) bytes."""
    sheet = ContactSheet(scene, headline=headline, mode=mode)
    renderer = RasterRenderer(sheet.width, sheet.height, ratio=SHARP)
    sheet.draw(renderer)
    return renderer.pixels


def contact_sheet_svg(scene: Scene, *, headline: str = "", mode: Mode = "light") -> bytes:
    """Return the sheet as SVG, words as words."""
    sheet = ContactSheet(scene, headline=headline, mode=mode)
    renderer = SvgRenderer(
        sheet.width, sheet.height, title=label(scene.title or "Film in stills"), description=described(scene)
    )
    sheet.draw(renderer)
    return renderer.content()
