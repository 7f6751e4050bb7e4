"""What a picture is drawn with, whatever comes of it: pixels (`RasterRenderer`) or SVG (`SvgRenderer`).

Places and lengths are in pixels of the page, from its top left corner.
"""

from typing import Literal, Protocol

import numpy as np

from embeddings_core.export import text_rendering

Array = np.ndarray
Colour = tuple[float, float, float]
"""Red, green and blue from 0 to 1; arrays of colours have a fourth column, how far they cover."""
Anchor = Literal["start", "middle", "end"]


class Renderer(Protocol):
    """Draws in the order of its calls, later over earlier."""

    def clear(self, ground: Colour) -> None:
        """Begin on a ground of one colour."""

    def lines(
        self, ends: Array, widths: Array, colours: Array, *, dash: tuple[float, float] | None = None
    ) -> None:
        """Draw lines (m, 4): x, y to x, y; widths (m,), colours (m, 4)."""

    def marks(
        self, places: Array, radii: Array, fills: Array, symbols: Array, edges: Array, rims: Array
    ) -> None:
        """Draw marks: places (m, 2), radii (m,), fills (m, 4), symbols (m,) that count in `theme.STAGE_SYMBOLS`,
        edges (m, 4) of width rims (m,)."""

    def box(
        self, x: float, y: float, width: float, height: float, fill: Array, *, corner: float = 0.0, edge: Array | None = None
    ) -> None:  # fmt: skip
        """Fill a rectangle with corners of this radius; `edge` is the colour of a rim of one pixel. Colours are (4,)."""

    def text(
        self, words: str, x: float, y: float, *, size: float, ink: Colour, weight: int = text_rendering.REGULAR,
        halo: Colour | None = None, alpha: float = 1.0, anchor: Anchor = "start",
    ) -> None:  # fmt: skip
        """Write words: x is their start, middle or end, y the middle line of their capitals."""

    def picture(self, source: str, x: float, y: float, side: float, *, alpha: float = 1.0) -> None:
        """Draw the picture of a data: URL in the middle of (x, y), its longer edge `side` long, with round corners."""
