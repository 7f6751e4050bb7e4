"""Where lines of a map begin and end."""

from dataclasses import dataclass

import numpy as np

from embeddings_core.export.film_states import Array
from embeddings_core.scenes.scene import Link


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


def arc(link: Link, places: Array, share: float) -> Array:
    """Return the strokes (m, 4) of half an ellipse on the left of the way from start to end, of which `share` has grown."""
    (x, y), (dx, dy) = places[link.start][:2], places[link.end][:2] - places[link.start][:2]
    steps = 2 * int(np.clip(np.ceil(np.hypot(dx, dy) / 14), 8, 32))  # even: one meets the top
    turn = np.pi * share * np.arange(steps + 1) / steps
    along, rise = (1 - np.cos(turn)) / 2, link.bend * np.sin(turn)
    spots = np.column_stack([x + dx * along + dy * rise, y + dy * along - dx * rise])
    return np.concatenate([spots[:-1], spots[1:]], axis=1)


def overlapping(strokes: Array, by: float) -> Array:
    """Return strokes (m, 4) that are longer by some pixels at both ends: no gap then opens where they bend."""
    way = strokes[:, 2:] - strokes[:, :2]
    more = way / np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None] * by
    return np.concatenate([strokes[:, :2] - more, strokes[:, 2:] + more], axis=1)


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
