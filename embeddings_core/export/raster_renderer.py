"""The renderer for pixels: lines, marks, words and pictures, drawn by matplotlib's own (Agg) in the order they come.

`ratio` makes a larger picture of the same page.
No figure and no axes are made: the artists live on and are moved, its pixels are the frame.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from embeddings_core.errors import requires
from embeddings_core.export import text_rendering
from embeddings_core.export.renderer import Anchor, Array, Colour
from embeddings_core.export.thumbnails import rounded
from embeddings_core.scenes.theme import STAGE_SYMBOLS

CURVE = 12  # so many strokes at once are a curve
STAR = [(r * np.sin(i * np.pi / 5), r * np.cos(i * np.pi / 5)) for i, r in enumerate((1.08, 0.444) * 5)]
CROSS = [
    (-0.38, -1), (0.38, -1), (0.38, -0.38), (1, -0.38), (1, 0.38), (0.38, 0.38),
    (0.38, 1), (-0.38, 1), (-0.38, 0.38), (-1, 0.38), (-1, -0.38), (-0.38, -0.38),
]  # fmt: skip
OUTLINES: dict[str, list[tuple[float, float]]] = {
    "square": [(-0.86, -0.86), (0.86, -0.86), (0.86, 0.86), (-0.86, 0.86)],
    "diamond": [(0, 1.16), (1.16, 0), (0, -1.16), (-1.16, 0)],
    "triangle-up": [(0, 1.1), (1, -0.65), (-1, -0.65)],
    "triangle-down": [(0, -1.1), (1, 0.65), (-1, 0.65)],
    "cross": CROSS,
    "x": [((x - y) * 0.7071, (x + y) * 0.7071) for x, y in CROSS],
    "star": STAR,
}
"""Each symbol as corners round (0, 0) for radius 1, y up, as the stage's own SVG has them."""


class RasterRenderer:
    """One picture of `width` × `height` page pixels at `ratio`; `pixels` is (height, width, 4) bytes."""

    def __init__(self, width: float, height: float, *, ratio: float = 1.0) -> None:
        requires("matplotlib")
        from matplotlib.backends import backend_agg
        from matplotlib.collections import LineCollection, PathCollection
        from matplotlib.figure import Figure
        from matplotlib.path import Path
        from matplotlib.transforms import IdentityTransform

        self.ratio = ratio
        self.size = round(width * ratio), round(height * ratio)
        agg: Any = backend_agg
        self._renderer: Any = agg.RendererAgg(*self.size, 72)
        self.pixels: Array = np.asarray(self._renderer.buffer_rgba())
        outlines = [Path([*OUTLINES[name], OUTLINES[name][0]], closed=True) for name in STAGE_SYMBOLS[1:]]
        self._symbols = [path.transformed(_half()) for path in (Path.unit_circle(), *outlines)]
        figure, still = Figure(dpi=72), IdentityTransform()
        self._marks: Any = PathCollection([self._symbols[0]], offset_transform=still, transform=still)
        self._lines: Any = LineCollection([], capstyle="butt", transform=still)
        self._dashed: Any = LineCollection([], capstyle="butt", transform=still)
        for artist in (self._marks, self._lines, self._dashed):
            artist.set_figure(figure)

    def clear(self, ground: Colour | Array) -> None:
        """Begin anew on a ground of one colour, or on a copy of an earlier picture."""
        if isinstance(ground, np.ndarray):
            self.pixels[:] = ground
        else:
            self.pixels[:] = [*(round(share * 255) for share in ground), 255]

    def _up(self, x: Array, y: Array) -> Array:
        return np.column_stack([x * self.ratio, self.size[1] - y * self.ratio])

    def lines(
        self, ends: Array, widths: Array, colours: Array, *, dash: tuple[float, float] | None = None
    ) -> None:
        """Draw lines (m, 4): x, y to x, y; widths (m,), colours (m, 4)."""
        if not len(ends):
            return
        artist = self._dashed if dash else self._lines
        artist.set_segments(
            np.stack([self._up(ends[:, 0], ends[:, 1]), self._up(ends[:, 2], ends[:, 3])], axis=1)
        )
        artist.set_color(colours)
        artist.set_snap(
            False if len(ends) > CURVE else None
        )  # strokes of a curve keep their place between the pixels
        artist.set_linewidth(widths * self.ratio)
        if dash:
            width = float(widths.max()) * self.ratio  # dashes are counted in widths
            artist.set_linestyle((0, [part * self.ratio / width for part in dash]))
        artist.draw(self._renderer)

    def marks(
        self, places: Array, radii: Array, fills: Array, symbols: Array, edges: Array, rims: Array
    ) -> None:
        """Draw marks in the order given: places (m, 2), radii (m,), fills (m, 4), edges (m, 4) of width rims (m,)."""
        if not len(places):
            return
        artist = self._marks
        artist.set_paths(
            [self._symbols[0]] if not symbols.any() else [self._symbols[symbol] for symbol in symbols]
        )
        artist.set_offsets(self._up(places[:, 0], places[:, 1]))
        artist.set_sizes((np.maximum(2 * radii - rims, 0.2) * self.ratio) ** 2, dpi=72)
        artist.set_facecolors(fills)
        artist.set_edgecolors(edges)
        artist.set_linewidths(rims * self.ratio)
        artist.draw(self._renderer)

    def box(
        self, x: float, y: float, width: float, height: float, fill: Array, *, corner: float = 0.0, edge: Array | None = None
    ) -> None:  # fmt: skip
        """Fill a rectangle with round corners; `edge` draws its rim of one pixel."""
        from matplotlib.patches import BoxStyle
        from matplotlib.transforms import IdentityTransform

        r = self.ratio
        path = BoxStyle.Round(pad=0, rounding_size=corner * r)(
            x * r, self.size[1] - (y + height) * r, width * r, height * r, 1.0
        )
        graphics = self._renderer.new_gc()
        graphics.set_linewidth(r if edge is not None else 0)
        graphics.set_foreground(tuple(fill if edge is None else edge), isRGBA=True)
        self._renderer.draw_path(graphics, path, IdentityTransform(), tuple(fill))

    def text(
        self, words: str, x: float, y: float, *, size: float, ink: Colour, weight: int = text_rendering.REGULAR,
        halo: Colour | None = None, alpha: float = 1.0, anchor: Anchor = "start",
    ) -> None:  # fmt: skip
        """Write words: x is their start, middle or end, y the middle line of their capitals."""
        if not words or alpha <= 0.004:
            return
        rim = max(2, round((text_rendering.HALO + 1) * self.ratio)) if halo else 1
        wide = text_rendering.measure(words, size * self.ratio, weight)
        left = x * self.ratio - rim - {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * wide
        sprite = _sprite(words, round(size * self.ratio, 2), weight, ink, halo, rim)
        self._paste(sprite, left, y * self.ratio - sprite.shape[0] / 2, alpha)

    def picture(self, source: str, x: float, y: float, side: float, *, alpha: float = 1.0) -> None:
        """Draw the picture of a data: URL in the middle of (x, y), its longer edge `side` long, with round corners."""
        sprite = _standing(source, max(round(side * self.ratio), 2))
        if sprite is not None:
            high, wide = sprite.shape[:2]
            self._paste(sprite, x * self.ratio - wide / 2, y * self.ratio - high / 2, alpha)

    def _paste(self, sprite: Array, left: float, top: float, alpha: float) -> None:
        x, y = round(left * 4) / 4, round(top * 4) / 4  # quarters of a pixel, so that words glide
        whole_x, whole_y = int(np.floor(x)), int(np.floor(y))
        strength = round(32 * min(max(alpha, 0.0), 1.0)) / 32
        if x != whole_x or y != whole_y or strength < 1:
            sprite = _shifted(_Held(sprite), x - whole_x, y - whole_y, strength)
        high, wide = sprite.shape[:2]
        if whole_x + wide <= 0 or whole_y + high <= 0 or whole_x >= self.size[0] or whole_y >= self.size[1]:
            return
        self._renderer.draw_image(self._renderer.new_gc(), whole_x, self.size[1] - whole_y - high, sprite)


class _Held:
    """An array that a cache can hold: itself is the key."""

    def __init__(self, array: Array) -> None:
        self.array = array

    def __hash__(self) -> int:
        return id(self.array)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.array is self.array


@lru_cache(maxsize=1024)
def _standing(source: str, side: int) -> Array | None:
    picture = rounded(source, side)
    return (
        None if picture is None else np.ascontiguousarray(picture[::-1])
    )  # the renderer counts rows from below


@lru_cache(maxsize=2048)
def _sprite(words: str, size: float, weight: int, ink: Colour, halo: Colour | None, rim: int) -> Array:
    return np.ascontiguousarray(text_rendering.paint(words, size, weight, ink, halo, rim)[::-1])


@lru_cache(maxsize=2048)
def _shifted(held: _Held, right: float, down: float, strength: float) -> Array:
    """Move a picture by a part of a pixel, and let the ground through it: the renderer itself does neither."""
    picture = held.array[::-1].astype(np.float32)
    picture[..., :3] *= picture[..., 3:] / 255
    high, wide = picture.shape[:2]
    moved = np.zeros((high + 1, wide + 1, 4), np.float32)
    shares = np.outer([1 - down, down], [1 - right, right])
    for y, x in np.ndindex(2, 2):
        moved[y : y + high, x : x + wide] += picture * shares[y, x]
    moved[..., :3] *= 255 / np.maximum(moved[..., 3:], 1e-3)
    moved[..., 3] *= strength
    return np.ascontiguousarray((moved[::-1] + 0.5).clip(0, 255).astype(np.uint8))


def _half() -> Any:
    from matplotlib.transforms import Affine2D

    return Affine2D().scale(0.5)
