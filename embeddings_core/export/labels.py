"""Which labels a frame shows: they take free room greedily, keep their side, and fade instead of flickering.

The counterpart of `Labels` in assets/stage/labels.js.
"""

from dataclasses import dataclass, replace

import numpy as np

from embeddings_core.export import text_rendering
from embeddings_core.export.film_states import Array, FilmStates
from embeddings_core.export.group_names import SMALL_MAP, GroupNames, Place
from embeddings_core.export.renderer import Anchor
from embeddings_core.export.thumbnails import shape
from embeddings_core.scenes.labels import forms, label

LEADING = 1.15  # of a label of two lines
FADE = 0.22  # seconds
AGAIN = 0.06  # seconds between two choices while points move: oftener than the stage, since a file may be paused anywhere
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Label:
    """A word on the picture: which of its sides (as `Labels` lists them) it is on, and how much of it is there.

    `form` counts in `labels.forms` of scenes: above 0 it is cut, there was no room for more.
    """

    side: int
    strong: bool
    alpha: float
    wanted: bool
    form: int = 0


class Labels:
    """The labels of one film, from frame to frame; `size` is that of the letters in pixels.

    Items are known by row, the names of groups by -1 and down.
    """

    def __init__(
        self,
        states: FilmStates,
        *,
        width: float,
        height: float,
        size: float,
        taken: tuple[Box, ...] = (),
        most: int | None = None,
    ) -> None:
        self._states, self._width, self._height, self._size, self._taken = states, width, height, size, taken
        self._most = most or int(np.clip(round(width * height / 9500), 14, 80))
        self._words = tuple(label(item) for item in states.scene.points.items)
        self._shapes = np.array([shape(image) if image else (1.0, 1.0) for image in states.images]).reshape(
            -1, 2
        )
        self._in_row = states.in_row
        self.names = GroupNames(states)
        self._groups: dict[int, Place] = {}
        self._shown: dict[int, Label] = {}
        self._next = 0.0
        scene = states.scene
        first = [
            *(() if scene.points.selected is None else (scene.points.selected,)),
            *scene.points.highlighted,
            *sorted(states.stressed),
        ]
        self._first = tuple(dict.fromkeys(first))
        self._strong = {
            *scene.points.highlighted,
            *(() if scene.points.selected is None else (scene.points.selected,)),
        }

    def advance(
        self, places: Array, radii: Array, *, moment: float, step: float, p: float | None = None
    ) -> None:
        """Go on to `moment` (seconds; `step` since the last frame): choose anew when it is time, fade the rest.

        `places` (items, 3) are pixels and distance at moment p of the film (by default its end), `radii` (items,) pixels. A
        step of 0 shows the choice at once.
        """
        self._groups = self.names.places(places, self._states.last if p is None else p)
        first = self._next == 0.0
        if moment >= self._next or not step:
            self._choose(places, radii, moving=step > 0)
            self._next = moment + AGAIN
        change = step / FADE if step and not first else 1.0  # the first picture of a file often stands for it
        for row, held in list(self._shown.items()):
            alpha = min(1.0, held.alpha + change) if held.wanted else held.alpha - change
            if alpha <= 0:
                del self._shown[row]
            else:
                self._shown[row] = replace(held, alpha=alpha)

    def drawn(self, places: Array, radii: Array) -> list[tuple[int, str, float, float, Anchor, Label]]:
        """Return (row, line, x, y of its middle line, which part of it is at x, label) of every line on this frame.

        A word that fades gives way at once to one that stays: a frame may be looked at for long.
        """
        found, taken = [], list(self._taken)
        for row, held in sorted(self._shown.items(), key=lambda shown: not shown[1].wanted):
            if places[row][2] <= 0.02 and row >= 0:
                continue
            sides = self._seats(row, places, radii, form=held.form)
            if not sides:
                continue
            box = left, top, right, bottom = sides[held.side]
            x = (left + right) / 2 if row < 0 else places[row][0]
            if not held.wanted and any(_meet(box, other) for other in taken):
                continue
            taken.append(box)
            # a reader without our font has wider or narrower letters: they must grow away from the point
            part = (x - left) / (right - left)
            anchor: Anchor = "start" if part < 0.25 else "end" if part > 0.75 else "middle"
            at = {"start": left + 2, "end": right - 2, "middle": (left + right) / 2}[anchor]
            lines = self._forms(row)[held.form]
            for place, line in enumerate(lines):
                y = (top + bottom) / 2 + (place - (len(lines) - 1) / 2) * LEADING * self.size(row)
                found.append((row, line, at, y, anchor, held))
        return found

    def size(self, row: int) -> float:
        """Return the size of a word's letters."""
        return self._size + 2 if row < 0 or row in self._strong else self._size

    def weight(self, row: int) -> int:
        """Return the weight of a word's letters."""
        return text_rendering.BOLD if row < 0 or row in self._strong else text_rendering.REGULAR

    def _choose(self, places: Array, radii: Array, *, moving: bool) -> None:
        states, taken = self._states, list(self._taken)
        images = states.images
        few = len(self._words) <= SMALL_MAP
        pictured = np.array([bool(image) for image in images], dtype=bool)
        half = np.where(pictured, 0.9 * radii, 3.0)[:, None] * self._shapes
        rim, tall = np.where(pictured, half[:, 0], 3.0), np.where(pictured, half[:, 1], 0.0)
        # lying on a point or on a picture that stands back costs 1, on a picture that matters 10
        cost = np.where(pictured & np.isin(np.arange(len(images)), list(states.stressed)), 10, 1)
        kept: dict[int, Label] = {}

        def seat(row: int, form: int) -> bool:
            before, strong, best = self._shown.get(row), row < 0 or row in self._strong, None
            sides = self._seats(row, places, radii, form=form)
            ways = range(4 if row >= 0 and (states.in_row or len(self._forms(row)) < 2) else len(sides))
            turn = sorted(ways, key=lambda side: before is None or side != before.side)
            for side in (0, 2) if states.listed else turn:
                box = sides[side]
                if box[0] < 0 or box[1] < 0 or box[2] > self._width or box[3] > self._height:
                    continue
                if any(_meet(box, other) for other in taken):
                    continue
                covered = 0
                if few:
                    inside = (places[:, 0] > box[0] - rim) & (places[:, 0] < box[2] + rim)
                    inside &= (places[:, 1] > box[1] - tall) & (places[:, 1] < box[3] + tall)
                    if row >= 0:
                        inside[row] = False
                    covered = int(cost[inside].sum())
                if covered and row not in self._first and not (states.listed and row >= 0):
                    continue  # only words that are asked about lie on points
                if (
                    pictured.any()
                    and covered >= (10 if strong else 1)
                    and row != states.scene.points.selected
                ):
                    continue  # words never lie on pictures that matter
                if states.listed and side and covered:
                    continue  # over the list, not in it
                if best is None or covered < best[0]:
                    best = (covered, side, box)
                if not best[0] or states.listed:
                    break
            if best is None:
                return False
            taken.append(best[2])
            kept[row] = Label(best[1], strong, before.alpha if before else 0.0, True, form)
            return True

        without: list[tuple[int, int]] = []  # words that found no room, with the form to try next

        def claim(row: int, form: int) -> None:
            if seat(row, form) or form + 1 >= len(self._forms(row)):
                return
            if moving and row in self._shown:
                return  # it fades whole, and is not cut on the way
            if row in self._first:  # what matters need not wait
                claim(row, form + 1)
            else:
                without.append((row, form + 1))

        rest = states.order[: 160 if moving else 500]
        stays = [row for row in self._shown if row >= 0] if moving else []
        own = [-1 - group for group in self._groups]
        for row in dict.fromkeys([*self._first, *([] if few else own), *stays, *rest, *(own if few else [])]):
            if len(kept) >= self._most:
                break
            if row < 0:
                claim(row, 0)
                continue
            x, y, depth = places[row]
            if (
                depth <= 0.02
                or not (-20 <= x <= self._width + 20 and -20 <= y <= self._height + 20)
                or not self._words[row]
            ):
                continue
            # what was cut stays so while points move
            claim(row, self._shown[row].form if moving and row in self._shown else 0)
        while without:
            again, without[:] = tuple(without), ()
            for row, form in again:
                if len(kept) < self._most:
                    claim(row, form)
        for row, held in self._shown.items():
            if row not in kept and held.alpha > 0.02:
                kept[row] = replace(held, strong=False, wanted=False)
        self._shown = kept

    def _forms(self, row: int) -> tuple[tuple[str, ...], ...]:
        if row < 0:
            return ((self.names.names[-1 - row],),)
        return forms(self._words[row], listed=self._states.listed)

    def _seats(self, row: int, places: Array, radii: Array, *, form: int) -> tuple[Box, ...]:
        """Return the boxes in which a label may stand; none where its group has no place."""
        if row >= 0:
            x, y = places[row][:2]
            return self._sides(row, x, y, radii[row] + 1, form=form)
        place, size = self._groups.get(-1 - row), self.size(row)
        if place is None:
            return ()
        wide = text_rendering.measure(self.names.names[-1 - row], size, self.weight(row)) + 4
        return self.names.seats(place, wide, size * 1.25 + 2)

    def _sides(self, row: int, x: float, y: float, gap: float, *, form: int = 0) -> tuple[Box, ...]:
        size, lines = self.size(row), self._forms(row)[form]
        wide = max(text_rendering.measure(line, size, self.weight(row)) for line in lines) + 4
        high = size * (1.25 + LEADING * (len(lines) - 1)) + 2
        half, away = high / 2, max(gap, size * 0.625 + 2)  # above and below: clear of the labels at the sides
        right, left = (
            (x + gap, y - half, x + gap + wide, y + half),
            (x - gap - wide, y - half, x - gap, y + half),
        )
        over = (x - wide / 2, y - away - high, x + wide / 2, y - away)
        under = (x - wide / 2, y + away, x + wide / 2, y + away + high)
        if self._in_row:  # in two lines below and above, never on the row
            lower, upper = (
                (box[0], box[1] + by, box[2], box[3] + by) for box, by in ((under, high), (over, -high))
            )
            return under, over, lower, upper
        # for long words only: above and below, to the right and left
        aside = (
            (box[0] + by, box[1], box[2] + by, box[3])
            for box in (over, under)
            for by in (wide / 2 - 8, 8 - wide / 2)
        )
        first = (under, over, right, left) if self._states.images[row] else (right, left, over, under)
        return (*first, *aside)


def _meet(box: Box, other: Box) -> bool:
    return box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1]
