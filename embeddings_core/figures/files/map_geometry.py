"""Where lines of a map begin and end."""

from dataclasses import dataclass

import numpy as np

from embeddings_core.figures.files.film_states import Array
from embeddings_core.figures.scene import Link


@dataclass(frozen=True)
class Area:
    """Where on the page a map stands: left, top, width and height in page pixels."""

    x: float
    y: float
    width: float
    height: float


def shortened(link: Link, places: Array, radii: Array, share: float) -> tuple[Array, Array]:
    """Return the ends of a link, from rim to rim, of which `share` has grown."""
    a, b = places[link.start][:2], places[link.end][:2]
    length = float(np.hypot(*(b - a))) or 1.0
    way = (b - a) / length
    near = min(float(radii[link.start]), length / 2)
    far = min(float(radii[link.end]) + (3 if link.style == "path" else 0), length / 2)
    start = a + way * near
    return start, start + way * max(length - near - far, 0.0) * share


def within(start: Array, end: Array, area: Area) -> tuple[float, float, float, float] | None:
    """Return the part of a line that is inside the area (Liang and Barsky 1984), None where there is none."""
    low, high = 0.0, 1.0
    for at, way, size in zip(start, end - start, (area.width, area.height), strict=True):
        for p, q in ((-way, at), (way, size - at)):
            if p == 0 and q < 0:
                return None
            if p < 0:
                low = max(low, q / p)
            elif p > 0:
                high = min(high, q / p)
    if low >= high:
        return None
    (x0, y0), (x1, y1) = start + (end - start) * low, start + (end - start) * high
    return float(x0), float(y0), float(x1), float(y1)
