"""The map itself in a part of a page: box, trails, links, points, pictures, rings and words, as the stage draws them.

The counterpart of `Loop.draw` and what it calls in assets/stage. It works with any `Renderer`.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from embeddings_core.export.film_states import Array, FilmStates
from embeddings_core.export.labels import Box, Labels
from embeddings_core.export.renderer import Renderer
from embeddings_core.export.spreading import PULL, spread
from embeddings_core.export.thumbnails import shape
from embeddings_core.export.view import FlatView, View, home_view, widest_side
from embeddings_core.scenes.links import weighed
from embeddings_core.scenes.scene import Link, Scene
from embeddings_core.scenes.theme import DARK, LIGHT, rgb

FIRST_LINK, NEXT_LINK, GROWS = 0.35, 0.12, 0.32  # seconds
ORBIT = 0.09  # radians a second, while a film plays
FINE = 6  # points of a trail between two key states
TRAILS = 60
ALL_LINKS = 2.4  # seconds until the last of many has begun
THICKEST = 14.0  # pixels, of an arc that holds all of the weight
FAINTEST = 0.02  # weight from which an arc that changes comes into sight; at twice as much it is all there


@dataclass(frozen=True)
class Area:
    """Where on the page a map stands: left, top, width and height in page pixels."""

    x: float
    y: float
    width: float
    height: float


class MapPainter:
    """One scene in one area; `letters` is the size of its words, `taken` room that is not theirs (in the area)."""

    def __init__(
        self, scene: Scene, area: Area, *, dark: bool, letters: float, grow: float, taken: tuple[Box, ...] = (),
        most: int | None = None,
    ) -> None:  # fmt: skip
        self.states = FilmStates(scene, dark, grow)
        self.area = area
        theme = DARK if dark else LIGHT
        self.ground, self.ink, self.accent = rgb(theme.ground), rgb(theme.ink), rgb(theme.accent)
        self._dark = dark
        narrow = [box for box in taken if box[2] - box[0] < area.width * 0.4]
        narrow = [] if self.states.in_row else narrow  # a row needs the width, and ends under the legend
        beside = max((area.width - box[0] for box in narrow), default=0.0)
        below = max((box[3] for box in narrow), default=0.0)
        self._offsets: Array | None = None
        self._side = widest_side(self.states.frames[-1])
        # beside the legend or below it, the same for the whole film
        self._keep = max(
            ((beside, 0.0), (0.0, below)),
            key=lambda keep: FlatView.home(self.states.box, area.width, area.height, keep=keep).k,
        )
        self._labels = Labels(
            self.states, width=area.width, height=area.height, size=letters, taken=taken, most=most
        )

    def view(self, p: float) -> View:
        """Return the view of moment p, which fits the points of that moment."""
        box, dimensions = self.states.box_at(p), self.states.scene.motion.dimensions
        return home_view(box, dimensions, self.area.width, self.area.height, keep=self._keep, side=self._side)

    def draw(self, renderer: Renderer, p: float, *, moment: float = np.inf, step: float = 0.0) -> None:
        """Draw moment p of the film, `moment` seconds after its start; a step of 0 draws a still, with all its links."""
        states = self.states
        turns = states.last > 0 and step > 0
        view = self.view(p).turned(ORBIT * moment) if turns else self.view(p)
        places = view.project(states.positions(p))
        marks = np.where([bool(image) for image in states.images], states.mark_radius, states.diameters / 2)
        radii = marks * view.nearness(places[:, 2])
        places = self._parted(places, radii, moving=step > 0)
        self._box(renderer, view)
        self._trails(renderer, view, p)
        self._links(renderer, places, radii, p, moment)
        self._points(renderer, places, radii, p, view)
        self._pictures(renderer, places, radii, p)
        self._rings(renderer, places, radii)
        self._labels.advance(places, radii, moment=moment, step=step, p=p)
        mist = view.mist(places[:, 2])
        for row, word, x, y, anchor, held in self._labels.drawn(places, radii):
            renderer.text(
                word, self.area.x + x, self.area.y + y, size=self._labels.size(row), weight=self._labels.weight(row),
                ink=self._ink_of(row), halo=self.ground, anchor=anchor,
                alpha=held.alpha * (1.0 if held.strong else 0.9 * float(mist[row])),
            )  # fmt: skip

    def _ink_of(self, row: int) -> tuple[float, float, float]:
        """Return the colour of a label: a group's name has its own, as dark or light as reading needs."""
        if row >= 0:
            return self.ink
        red, green, blue = (np.array(self.states.colour_of_group(-1 - row)) + np.array(self.ink)) / 2
        return float(red), float(green), float(blue)

    @cached_property
    def _sides_of_pictures(self) -> Array:
        """Width and height of each picture, the longer side 1; 0 for what is no picture."""
        return np.array([shape(image) if image else (0.0, 0.0) for image in self.states.images]).reshape(
            -1, 2
        )

    def _parted(self, places: Array, radii: Array, *, moving: bool) -> Array:
        """Let pictures on a flat map part, as on the stage; in a film they go on from where they were."""
        images = self.states.images
        if self.states.scene.motion.dimensions == 3 or not any(images):
            return places
        halves = self._sides_of_pictures * radii[:, None]
        first = self._offsets is None
        before = np.zeros((len(places), 2)) if self._offsets is None else self._offsets
        self._offsets = spread(
            places[:, :2], halves, before if moving else 0 * before, (self.area.width, self.area.height),
            steps=24 if moving and not first else 400, pull=PULL if moving else 0.0,
        )  # fmt: skip
        return np.column_stack([places[:, :2] + self._offsets, places[:, 2]])

    def _lines(
        self, renderer: Renderer, ends: list[Any], widths: list[float], colours: list[Any], **more: Any
    ) -> None:
        if ends:
            shift = np.array([self.area.x, self.area.y] * 2)
            renderer.lines(
                np.array(ends, dtype=float).reshape(-1, 4) + shift,
                np.array(widths),
                np.array(colours),
                **more,
            )

    def _box(self, renderer: Renderer, view: View) -> None:
        """Draw the box of a 3-D map, faint: depth needs something that turns."""
        corners = view.project(view.corners())
        pairs = [
            (i, i | axis) for i in range(len(corners)) for axis in (1, 2, 4)
            if i | axis != i and min(corners[i][2], corners[i | axis][2]) >= 0.05
        ]  # fmt: skip
        mist = view.mist(corners[:, 2])
        for a, b in pairs:
            seen = within(corners[a][:2], corners[b][:2], self.area)
            if seen is not None:
                self._lines(renderer, [seen], [1.0], [(*self.ink, 0.17 * (mist[a] + mist[b]) / 2)])

    @cached_property
    def trail_rows(self) -> tuple[int, ...]:
        """The rows whose way is drawn, where the scene asks for trails."""
        scene = self.states.scene
        chosen = scene.motion.trails[:TRAILS]
        if chosen and scene.points.selected is not None and scene.points.selected not in chosen:
            return (*chosen, scene.points.selected)
        return chosen

    @cached_property
    def _ways(self) -> Array:
        rows = list(self.trail_rows)
        return np.stack([self.states.positions(k / FINE)[rows] for k in range(self.states.last * FINE + 1)])

    def _trails(self, renderer: Renderer, view: View, p: float) -> None:
        states = self.states
        if not self.trail_rows or not states.last or p <= 0:
            return
        rows = list(self.trail_rows)
        whole = min(int(np.ceil(p * FINE - 1e-9)), len(self._ways) - 1)
        ways = np.concatenate([self._ways[:whole], states.positions(p)[rows][None]])
        if len(ways) < 2:
            return
        seen = view.project(ways.reshape(-1, 3))[:, :2].reshape(*ways.shape[:2], 2)
        age = np.arange(1, len(ways)) / len(ways)
        width = (0.8 + 2.2 * age) * states.grow
        colours = states.colours(p)
        groups = states.groups(round(p))
        ends, widths, inks = [], [], []
        for at, row in enumerate(rows):
            plain = groups is None and states.scene.points.values is None
            colour = self.accent if plain and row == states.scene.points.selected else colours[row, :3]
            ends.append(np.concatenate([seen[:-1, at], seen[1:, at]], axis=1))
            widths.append(width)
            inks.append(np.column_stack([np.broadcast_to(colour, (len(age), 3)), 0.74 * age**2]))
        shift = np.array([self.area.x, self.area.y] * 2)
        renderer.lines(np.concatenate(ends) + shift, np.concatenate(widths), np.concatenate(inks))

    def _links(self, renderer: Renderer, places: Array, radii: Array, p: float, moment: float) -> None:
        """Draw the links, each growing in its turn, in rank order; what ranks first lies on top."""
        grow = self.states.grow
        ranked = sorted(self.states.scene.links, key=lambda link: link.rank)
        wait = min(NEXT_LINK, ALL_LINKS / max(len(ranked), 1))
        for turn, link in reversed(list(enumerate(ranked))):
            age = min(max((moment - FIRST_LINK - wait * turn) / GROWS, 0.0), 1.0)
            if age <= 0 or min(places[link.start][2], places[link.end][2]) <= 0.02:
                continue
            if link.style == "arc":
                self._arc(renderer, link, places, p, age * age * (3 - 2 * age))
                continue
            (x0, y0), (x1, y1) = shortened(link, places, radii, age * age * (3 - 2 * age))
            width = (2.6 if link.style == "path" else 1 + 3 * link.weight if weighed(link) else 2.0) * grow
            if link.style == "dashed":
                self._lines(
                    renderer,
                    [(x0, y0, x1, y1)],
                    [width],
                    [(*self.states.colour_of_group(3), 0.75)],
                    dash=(6.0, 5.0),
                )
                continue
            colour = (*(self.ink if link.style == "path" else self.accent), 0.82)
            ends = [(x0, y0, x1, y1)]
            reach = float(np.hypot(x1 - x0, y1 - y0))
            if link.style == "path" and reach > 4:
                ux, uy = (x1 - x0) / reach, (y1 - y0) / reach
                ends += [
                    (x1 - ux * 11 - side * uy * 5.5, y1 - uy * 11 + side * ux * 5.5, x1 + ux, y1 + uy) for side in (1, -1)
                ]  # fmt: skip
            self._lines(renderer, ends, [width] * len(ends), [colour] * len(ends))

    def _arc(self, renderer: Renderer, link: Link, places: Array, p: float, share: float) -> None:
        """Draw one arc in one solid colour, so that its strokes may overlap."""
        ground, weight = np.array(self.ground), self.states.weight(link, p)
        seen = min(max((weight - FAINTEST) / FAINTEST, 0.0), 1.0) if link.weights else 1.0
        if not seen:
            return
        strength = seen * (0.3 + 0.7 * min(1.5 * weight, 1.0))
        colour = (*(ground + (np.array(self.states.colour_of_group(link.group)) - ground) * strength), 1.0)
        width = max(1.0, THICKEST * weight) * self.states.grow
        strokes = overlapping(arc(link, places, share), 0.08 * width)
        self._lines(renderer, list(strokes), [width] * len(strokes), [colour] * len(strokes))

    def _points(self, renderer: Renderer, places: Array, radii: Array, p: float, view: View) -> None:
        states = self.states
        keep = np.array([not image for image in states.images], dtype=bool) & (places[:, 2] > 0.02)
        rows = np.flatnonzero(keep)
        rows = rows[np.argsort(-places[rows, 2], kind="stable")]
        if not len(rows):
            return
        fills = states.colours(p)[rows]
        edge = np.array(self.ground) / 2 if self._dark else np.ones(3)
        fog = (1 - view.mist(places[rows, 2]))[:, None]
        rim_colours = fills.copy()
        rim_colours[:, :3] += (edge - fills[:, :3]) * (0.7 if self._dark else 0.85)
        for colours in (fills, rim_colours):
            colours[:, :3] += (np.array(self.ground) - colours[:, :3]) * fog
        shift = np.array([self.area.x, self.area.y])
        rims = np.minimum(1.15, radii[rows] * 0.35)
        renderer.marks(
            places[rows, :2] + shift, radii[rows], fills, states.symbols(round(p))[rows], rim_colours, rims
        )

    def _pictures(self, renderer: Renderer, places: Array, radii: Array, p: float) -> None:
        states = self.states
        rows = [row for row in reversed(states.order) if states.images[row] and places[row][2] > 0.02]
        if states.scene.motion.dimensions == 3:
            rows.sort(key=lambda row: -places[row][2])
        elif states.stressed:  # what matters lies on top
            rows.sort(key=lambda row: (row in states.stressed) + (row == states.scene.points.selected))
        groups = states.groups(round(p))
        for row in rows:
            x, y = self.area.x + places[row][0], self.area.y + places[row][1]
            half, alpha = float(radii[row]), 1.0
            if states.stressed and row not in states.stressed:  # greyed, not glassy: pictures must not blend
                alpha, (wide, tall) = 0.45, (2 * half * share for share in shape(states.images[row]))
                renderer.box(
                    x - wide / 2, y - tall / 2, wide, tall, np.array([*self.ground, 1.0]), corner=half * 0.16
                )
            for source, share in states.turning(row, p):
                renderer.picture(source, x, y, 2 * half, alpha=alpha * share)
            if groups is not None and groups[row] >= 0:
                place, size = (
                    np.array([[x + half * 0.82, y - half * 0.82]]),
                    np.array([max(4.0, half * 0.16)]),
                )
                fill = np.array([[*states.colour_of_group(int(groups[row])), alpha]])
                renderer.marks(place, size, fill, np.zeros(1, dtype=int), fill, np.zeros(1))

    def _rings(self, renderer: Renderer, places: Array, radii: Array) -> None:
        row = self.states.scene.points.selected
        if row is None or places[row][2] <= 0.02:
            return
        x, y, r = self.area.x + places[row][0], self.area.y + places[row][1], float(radii[row]) + 3
        ring, none = np.array([*self.accent, 0.95]), np.array([*self.accent, 0.0])
        if self.states.images[row]:
            for grown in (0.0, 0.75):  # a rim of two and a half pixels
                renderer.box(
                    x - r - grown, y - r - grown, 2 * (r + grown), 2 * (r + grown), none, corner=8, edge=ring
                )
            return
        renderer.marks(
            np.array([[x, y]]),
            np.array([r + 1.25]),
            none[None],
            np.zeros(1, dtype=int),
            ring[None],
            np.array([2.5]),
        )


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
