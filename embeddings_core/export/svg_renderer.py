"""The renderer for SVG: words stay words, so that slides and print stay crisp."""

from collections.abc import Iterable
from xml.etree import ElementTree

import numpy as np

from embeddings_core.export import text_rendering
from embeddings_core.export.raster_renderer import OUTLINES
from embeddings_core.export.renderer import Anchor, Array, Colour
from embeddings_core.export.thumbnails import ALLOWED, RIMS, decoded
from embeddings_core.scenes.theme import STAGE_SYMBOLS

SPACE = "http://www.w3.org/2000/svg"


class SvgRenderer:
    """One page of `width` × `height`; `title` and `description` are for those who do not see it."""

    def __init__(self, width: float, height: float, *, title: str, description: str) -> None:
        self._width, self._height = width, height
        ElementTree.register_namespace("", SPACE)
        size = {"viewBox": f"0 0 {width:g} {height:g}", "width": f"{width:g}", "height": f"{height:g}"}
        self.root = ElementTree.Element(f"{{{SPACE}}}svg", {**size, "role": "img"})
        for tag, words in (("title", title), ("desc", description)):
            ElementTree.SubElement(self.root, f"{{{SPACE}}}{tag}").text = _lawful(words)

    def content(self) -> bytes:
        """Return the file."""
        return bytes(ElementTree.tostring(self.root, encoding="utf-8", xml_declaration=True))

    def _add(self, tag: str, text: str | None = None, /, **attributes: object) -> None:
        named = {
            name.replace("_", "-"): _number(value) for name, value in attributes.items() if value is not None
        }
        ElementTree.SubElement(self.root, f"{{{SPACE}}}{tag}", named).text = text

    def clear(self, ground: Colour) -> None:
        """Fill the page with its ground."""
        self._add("rect", width=self._width, height=self._height, fill=_hex(ground))

    def lines(
        self, ends: Array, widths: Array, colours: Array, *, dash: tuple[float, float] | None = None
    ) -> None:
        """Draw lines (m, 4): x, y to x, y; widths (m,), colours (m, 4)."""
        for (x1, y1, x2, y2), width, colour in zip(ends, widths, colours, strict=True):
            self._add(
                "line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=_hex(colour), stroke_opacity=_share(colour[3]), stroke_width=width,
                stroke_linecap=None if dash else "round", stroke_dasharray=f"{dash[0]:g} {dash[1]:g}" if dash else None,
            )  # fmt: skip

    def marks(
        self, places: Array, radii: Array, fills: Array, symbols: Array, edges: Array, rims: Array
    ) -> None:
        """Draw marks in the order given: places (m, 2), radii (m,), fills (m, 4), edges (m, 4) of width rims (m,)."""
        for (x, y), radius, fill, symbol, edge, rim in zip(
            places, radii, fills, symbols, edges, rims, strict=True
        ):
            r = max(radius - rim / 2, 0.1)
            look = {
                "fill": _hex(fill), "fill_opacity": _share(fill[3]), "stroke": _hex(edge), "stroke_opacity": _share(edge[3]),
                "stroke_width": rim,
            } if rim > 0 else {"fill": _hex(fill), "fill_opacity": _share(fill[3])}  # fmt: skip
            if not symbol:
                self._add("circle", cx=x, cy=y, r=r, **look)
                continue
            corners = " ".join(f"{x + r * a:.2f},{y - r * b:.2f}" for a, b in OUTLINES[STAGE_SYMBOLS[symbol]])
            self._add("polygon", points=corners, **look)

    def box(
        self, x: float, y: float, width: float, height: float, fill: Array, *, corner: float = 0.0, edge: Array | None = None
    ) -> None:  # fmt: skip
        """Fill a rectangle with round corners; `edge` draws its rim of one pixel."""
        rim = {} if edge is None else {"stroke": _hex(edge), "stroke_opacity": _share(edge[3])}
        self._add(
            "rect",
            x=x,
            y=y,
            width=width,
            height=height,
            rx=corner or None,
            fill=_hex(fill),
            fill_opacity=_share(fill[3]),
            **rim,
        )

    def text(
        self, words: str, x: float, y: float, *, size: float, ink: Colour, weight: int = text_rendering.REGULAR,
        halo: Colour | None = None, alpha: float = 1.0, anchor: Anchor = "start",
    ) -> None:  # fmt: skip
        """Write words: x is their start, middle or end, y the middle line of their capitals.

        The halo is a text of its own underneath: programs for slides do not know `paint-order`.
        """
        if not words or alpha <= 0.004:
            return
        place = {
            "x": x, "y": y + size * 0.34, "font_family": text_rendering.WEB_FAMILIES, "font_size": size, "font_weight": weight,
            "text_anchor": None if anchor == "start" else anchor,
        }  # fmt: skip
        words = _lawful(words)
        if halo is not None:
            self._add(
                "text", words, **place, fill="none", stroke=_hex(halo), stroke_width=2 * text_rendering.HALO,
                stroke_opacity=_share(0.88 * alpha), stroke_linejoin="round", aria_hidden="true",
            )  # fmt: skip
        self._add("text", words, **place, fill=_hex(ink), fill_opacity=_share(alpha))

    def picture(self, source: str, x: float, y: float, side: float, *, alpha: float = 1.0) -> None:
        """Draw the picture of a data: URL in the middle of (x, y), its longer edge `side` long."""
        seen = decoded(source) if ALLOWED.match(source) else None
        if seen is None:
            return
        wide, high = (side * edge / max(seen.size) for edge in seen.size)
        self._add(
            "image",
            x=x - wide / 2,
            y=y - high / 2,
            width=wide,
            height=high,
            href=source,
            opacity=_share(alpha),
        )
        for share, (red, green, blue, _), strength in RIMS:
            rim, half = side * share, side * share / 2
            self._add(
                "rect", x=x - wide / 2 + half, y=y - high / 2 + half, width=wide - rim, height=high - rim, rx=side * 0.08,
                fill="none", stroke=f"#{red:02x}{green:02x}{blue:02x}", stroke_opacity=_share(strength / 255 * alpha),
                stroke_width=rim,
            )  # fmt: skip


def _number(value: object) -> str:
    return (
        f"{float(value):.2f}".rstrip("0").rstrip(".")
        if isinstance(value, float | np.floating)
        else str(value)
    )


def _hex(colour: Iterable[float]) -> str:
    red, green, blue = (round(float(share) * 255) for share in list(colour)[:3])
    return f"#{red:02x}{green:02x}{blue:02x}"


def _share(alpha: float) -> str | None:
    return None if alpha >= 0.999 else f"{alpha:.3g}"


def _lawful(words: str) -> str:
    """Leave out what XML cannot hold."""
    return "".join(
        letter for letter in words
        if letter in "\t\n" or "\x20" <= letter <= "\ud7ff" or "\ue000" <= letter <= "\ufffd" or letter > "\uffff"
    )  # fmt: skip
