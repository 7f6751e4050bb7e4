"""Where every point of a scene is at any moment, and how it looks there: the stage's own arithmetic, in NumPy.

The counterpart of assets/stage/film.js, for films that are written to files. A test compares the two in a browser.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from embeddings_core.maps.timeline import flat_to_deep
from embeddings_core.scenes.fields import relative
from embeddings_core.scenes.scene import Link, Scene
from embeddings_core.scenes.theme import STAGE_BACKGROUND, STAGE_COLOURS, STAGE_SCALE, STAGE_SYMBOLS, rgb

HOLD = 0.22  # of a morph's time is spent on its key states
PICTURES = 200  # above that many only those that matter are marks, as on the stage
LEAST = 0.05  # of a film's largest extent: nearer than that the view does not go
Array = np.ndarray


@dataclass(frozen=True)
class Box:
    """The box round some points: centre (3,), half its edges (3,), and the largest of them."""

    centre: Array
    half: Array
    radius: float


def box_of(low: Array, high: Array, *, least: float = 0.0) -> Box:
    """Return the box between two corners; no flatter than a thousandth of its longest edge, no smaller than `least`."""
    half = (high - low) / 2
    longest = float(half.max()) or (0.0 if least else 1.0)
    radius = max(longest, least)
    return Box((low + high) / 2, np.where(half == longest, radius, np.maximum(half, radius * 1e-3)), radius)


@dataclass(frozen=True, eq=False)
class FilmStates:
    """A scene as the stage plays it: `grow` is how much larger points are than on a small stage."""

    scene: Scene
    dark: bool = False
    grow: float = 1.0

    @cached_property
    def frames(self) -> Array:
        """All key states (frames, items, 3): a flat map lies in the plane z = 0."""
        return flat_to_deep(self.scene.motion.frames).astype(np.float64)

    @property
    def last(self) -> int:
        """The number of the last key state."""
        return len(self.scene.motion.frames) - 1

    @cached_property
    def box(self) -> Box:
        """One box round every key state."""
        if not self.frames.size:
            return Box(np.zeros(3), np.ones(3), 1.0)
        low, high = self._edges
        return box_of(low.min(axis=0), high.max(axis=0))

    def box_at(self, p: float) -> Box:
        """Return the box round all points at moment p.

        Its edges travel as the points do, so it holds them on the way too. A state in which all stand in one place is not
        blown up.
        """
        if not self.frames.size or not self.last:
            return self.box
        low, high = (self._between(edge, p) for edge in self._edges)
        return box_of(low, high, least=LEAST * self.box.radius)

    @cached_property
    def _edges(self) -> tuple[Array, Array]:
        """The lowest and the highest coordinates in each key state, (states, 3) each, with the room of arcs."""
        apexes = self._apexes()
        places = np.concatenate([self.frames, np.stack(apexes, axis=1)], axis=1) if apexes else self.frames
        return places.min(axis=1), places.max(axis=1)

    def _apexes(self) -> list[Array]:
        """Return how high arcs rise (frames, 3) each, and the same on their other side, so that the view need not jump."""
        found = []
        for link in (link for link in self.scene.links if link.style == "arc"):
            start, way = self.frames[:, link.start], self.frames[:, link.end] - self.frames[:, link.start]
            rise = np.column_stack([-way[:, 1], way[:, 0], 0 * way[:, 2]]) * link.bend
            found += [start + way / 2 + rise, start + way / 2 - rise]
        return found

    def weight(self, link: Link, p: float) -> float:
        """Return the weight of an arc at moment p."""
        k, u = self.leg(p)
        here, there = (
            (link.weights[k], link.weights[min(k + 1, self.last)]) if link.weights else (link.weight,) * 2
        )
        return here + (there - here) * u

    @cached_property
    def in_row(self) -> bool:
        """Do all points of a flat map stand in one row? Their words then stand under them.

        Seen from the places, not declared: it is about room for words, and holds for every scene and saved talk.
        """
        heights = self.frames[:, :, 1]
        return (
            self.scene.motion.dimensions == 2
            and heights.shape[1] > 2
            and bool((heights == heights[0, 0]).all())
        )

    @cached_property
    def listed(self) -> bool:
        """Do the points of a flat map stand in columns, line by line? Their words then stand to the right, in one line."""
        frames = np.asarray(self.scene.motion.frames)
        n = frames.shape[1]
        columns = [len(np.unique(frame[:, 0])) for frame in frames] if 4 < n <= 160 else [n]
        return self.scene.motion.dimensions == 2 and all(count <= n / 3 for count in columns)

    def leg(self, p: float) -> tuple[int, float]:
        """Return the key state before moment p, and how far along p is to the next."""
        k = min(max(int(np.floor(p)), 0), max(self.last - 1, 0))
        return k, p - k if self.last else 0.0

    def positions(self, p: float) -> Array:
        """Return where all points are at moment p (0 to the last key state): (items, 3)."""
        return self._between(self.frames, p)

    def _between(self, states: Array, p: float) -> Array:
        """Return what goes from key state to key state, (states, ...), at moment p."""
        k, u = self.leg(p)
        here, there = states[k], states[min(k + 1, self.last)]
        if self.scene.motion.kind != "recorded":
            return np.asarray(here + (there - here) * (u * u * (3 - 2 * u)))
        before, after = states[max(k - 1, 0)], states[min(k + 2, self.last)]
        start, end = _tangent(here - before, there - here), _tangent(there - here, after - there)
        v, w = u * u, u**3
        curve = (2 * w - 3 * v + 1) * here + (w - 2 * v + u) * start + (3 * v - 2 * w) * there + (w - v) * end
        return np.asarray(curve)

    def moments(self, count: int, *, rest: float) -> Array:
        """Return the moment of each of `count` frames: from the first key state to the last, which then stays.

        `rest` is the share of the time that the end stays. Morphs rest a breath on every key state, recorded
        films do not; `times` of the scene weigh the legs.
        """
        if not self.last or count < 2:
            return np.full(count, float(self.last))
        times = relative(self.scene.motion.times) or np.linspace(0, 1, self.last + 1)
        weights = np.maximum(np.diff(times) * self.last, 1e-3)
        holds = 0.0 if self.scene.motion.kind == "recorded" else HOLD
        clock, at, moment = [0.0], [0.0], 0.0
        for leg, weight in enumerate(weights):
            moment += (1 - holds) * float(weight)
            clock, at = [*clock, moment], [*at, leg + 1.0]
            if holds and leg + 1 < self.last:
                moment += holds
                clock, at = [*clock, moment], [*at, leg + 1.0]
        now = np.arange(count) / (count - 1) / max(1 - rest, 1e-6)
        return np.interp(now, np.array(clock) / clock[-1], at)

    # ---- how points look --------------------------------------------------------------------------------------

    def groups(self, frame: int) -> Array | None:
        """Return the category of every point in a key state; None where there are none."""
        if self.scene.motion.frame_groups is not None:
            return np.asarray(self.scene.motion.frame_groups[frame])
        return None if self.scene.points.groups is None else np.asarray(self.scene.points.groups)

    @cached_property
    def stressed(self) -> frozenset[int]:
        """The rows that stand out; empty where all are alike."""
        scene = self.scene
        rows = {
            *scene.points.highlighted,
            *(() if scene.points.selected is None else (scene.points.selected,)),
        }
        if rows:
            rows |= {end for link in scene.links for end in (link.start, link.end)}
        return frozenset(rows)

    def colour_of_group(self, group: int) -> tuple[float, float, float]:
        """Return the colour of a category; that of points that stand back for none."""
        mode = "dark" if self.dark else "light"
        colours = STAGE_COLOURS[mode]
        return rgb(
            STAGE_BACKGROUND[mode] if group < 0 else colours[group if group < len(colours) else group % 8]
        )

    def sequential(self, values: Array) -> Array:
        """Return colours of the sequential scale: (n,) in 0-1 becomes (n, 3)."""
        scale = np.array([rgb(colour) for colour in STAGE_SCALE])[2 if self.dark else 0 :]
        at = np.clip(np.nan_to_num(np.asarray(values, dtype=float)), 0, 1) * (len(scale) - 1)
        return np.stack([np.interp(at, np.arange(len(scale)), scale[:, c]) for c in range(3)], axis=-1)

    def paint(self, frame: int) -> Array:
        """Return the colour of every point in a key state: (items, 4) from 0 to 1."""
        n, scene, groups = len(self.scene.points.items), self.scene, self.groups(frame)
        if scene.points.values is not None:
            colours = self.sequential(np.asarray(scene.points.values))
        else:
            of = np.zeros(n, dtype=int) if groups is None else groups
            colours = np.array([self.colour_of_group(int(group)) for group in of]).reshape(n, 3)
        alpha = np.full(n, 0.8 if n > 4000 else 0.94)
        if self.stressed:
            back = np.array([row not in self.stressed for row in range(n)], dtype=bool)
            pale = 0.35 if scene.points.values is not None else 0.75
            colours[back] += (np.array(self.colour_of_group(-1)) - colours[back]) * pale
            alpha[back] = 0.28 if n > 300 else 0.45
        return np.column_stack([colours, alpha])

    def colours(self, p: float) -> Array:
        """Return the colours at moment p; categories that change with the film cross-fade in the middle of a leg."""
        k, u = self.leg(p)
        if self.scene.motion.frame_groups is None or not self.last:
            return self._still
        fade = min(max(u * 3 - 1, 0.0), 1.0)
        here, there = self.paint(k), self.paint(min(k + 1, self.last))
        return np.asarray(here + (there - here) * fade)

    @cached_property
    def _still(self) -> Array:
        return self.paint(0)

    def symbols(self, frame: int) -> Array:
        """Return the symbol of every point: another one for each eight categories."""
        groups = self.groups(frame)
        if groups is None:
            return np.zeros(len(self.scene.points.items), dtype=int)
        return np.where(groups > 7, groups // 8 % len(STAGE_SYMBOLS), 0)

    @cached_property
    def diameters(self) -> Array:
        """The diameter of every point in pixels: smaller where there are many."""
        n = len(self.scene.points.items)
        steps = ((40, 14.0), (150, 11.0), (600, 8.5), (2500, 6.5), (8000, 5.0))
        base = next((size for most, size in steps if n <= most), 4.0)
        sizes = np.ones(n) if self.scene.points.sizes is None else np.clip(self.scene.points.sizes, 0.2, 5)
        return np.asarray(base * self.grow * sizes)

    @cached_property
    def images(self) -> tuple[str, ...]:
        """The picture of every item that is shown as one; "" where an item keeps its point."""
        images = self.scene.pictures.images or ("",) * len(self.scene.points.items)
        if sum(map(bool, images)) <= PICTURES:
            return images
        return tuple(image if row in self.stressed else "" for row, image in enumerate(images))

    def turning(self, row: int, p: float) -> tuple[tuple[str, float], ...]:
        """Return what an item that is a picture shows at moment p, as (picture, opacity), the lowest first.

        A picture that changes with the film fades into the next in the middle of a leg.
        """
        changing = dict(self.scene.pictures.frame_images).get(row)
        if changing is None:
            return ((self.images[row], 1.0),)
        k, u = self.leg(p)
        fade, here, there = min(max(u * 3 - 1, 0.0), 1.0), changing[k], changing[min(k + 1, self.last)]
        return tuple(step for step in ((here, float(fade < 1)), (there, fade)) if step[1])

    @cached_property
    def mark_radius(self) -> float:
        """Half the side of a picture in pixels: smaller where there are many, or where words share the map."""
        count = sum(map(bool, self.scene.pictures.images or ()))
        size = 175 / np.sqrt(max(2 * len(self.scene.points.items) - count, 1))
        return float(np.clip(size, 15, 40)) * self.grow

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The rows in the order in which labels claim their place."""
        n, priority = len(self.scene.points.items), self.scene.points.priority
        if priority is None:
            return tuple(range(n))
        ranks = np.nan_to_num(np.asarray(priority))
        return tuple(int(row) for row in np.argsort(-ranks, kind="stable") if ranks[row] >= 0)


def _tangent(a: Array, b: Array) -> Array:
    """Return the tangent that never overshoots (Fritsch and Carlson 1980): 0 where a point turns round."""
    same = a * b > 0
    return np.where(same, 2 * a * b / np.where(same, a + b, 1.0), 0.0)
