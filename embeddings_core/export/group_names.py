"""Names of groups on the map of a file: each stands where its group does.

The counterpart of `GroupNames` in assets/stage/names.js. A test compares the two in a browser.
"""

from dataclasses import dataclass

import numpy as np

from embeddings_core.export.film_states import Array, FilmStates
from embeddings_core.scenes.labels import label

NAMED = 24  # groups at most
SAMPLED = 60  # of a group's points: its middle is found well enough
TOGETHER = 0.75  # of the spread of all points: a group that is scattered wider has no place to be named at
ASKED = 600  # points at most that are asked whose they are, where a group stands
OWN = 0.6  # of the points where a group stands: with fewer of its own the place is not its place; two that are mixed have half
FOUND = 0.5  # of as many points as the group has, the nearest to where it stands: with fewer its own a few met by chance
SMALL_MAP = 160  # items up to which points are kept free of names
CROWD = 1000  # items from which names of groups stand in their midst, for no place beside them is free
GAP = 10.0  # pixels between a group and its name
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Place:
    """Where a group is: the middle of its points, and the box round most of them (left, top, right, bottom)."""

    x: float
    y: float
    box: Box


class GroupNames:
    """The names of one film's groups."""

    def __init__(self, states: FilmStates) -> None:
        self._states = states
        self.names = tuple(label(name) for name in states.scene.points.group_names)
        self._members: dict[int, list[Array]] = {}
        self._mixed: dict[int, frozenset[int]] = {}

    @property
    def wanted(self) -> bool:
        """Whether this film's groups may be named on the map."""
        states, points = self._states, self._states.scene.points
        if points.values is not None or self._states.scene.question or states.in_row or states.listed:
            return False
        names = points.group_names
        centres = any(item.startswith("centre ") and item[7:] in names for item in points.items)
        return states.groups(states.last) is not None and 1 < len(names) <= NAMED and not centres

    def places(self, places: Array, p: float) -> dict[int, Place]:
        """Return where groups stand by number; `places` (items, 3) are pixels and distance at moment p."""
        if not self.wanted:
            return {}
        members = self._rows(p)
        known = [rows for rows in members if len(rows)]
        whole = spread_of(places[np.concatenate(known), :2])[1] if known else 0.0
        found, mixed = {}, self._among_others(p, members)
        for group, rows in enumerate(members):
            if len(rows) < 2 or group in mixed or (places[rows, 2] <= 0.02).any():
                continue
            place, wide = spread_of(places[rows, :2])
            if wide <= TOGETHER * whole:
                found[group] = place
        return found

    def _rows(self, p: float) -> list[Array]:
        """Return some rows of each group that stand together where the film ends or, where groups change on the way, now."""
        states = self._states
        state = int(np.floor(p + 0.5)) if states.scene.motion.frame_groups is not None else states.last
        if state not in self._members:
            groups = states.groups(state)
            of = np.full(len(states.scene.points.items), -1) if groups is None else groups
            self._members[state] = []
            for group in range(len(self.names)):
                rows = np.flatnonzero(of == group)
                some = rows[:: max(-(-len(rows) // SAMPLED), 1)]
                self._members[state].append(some[together(states.frames[state, some])])
        return self._members[state]

    def _among_others(self, p: float, members: list[Array]) -> frozenset[int]:
        """Return the groups that stand among others in the key state that is nearest to p: no place there is theirs."""
        states = self._states
        state = min(max(int(np.floor(p + 0.5)), 0), states.last)
        if state not in self._mixed:
            groups = states.groups(state)
            n = len(states.scene.points.items)
            asked = np.arange(n)[:: max(-(-n // ASKED), 1)]
            whose = np.full(len(asked), -1) if groups is None else groups[asked]
            frame = states.frames[state]
            self._mixed[state] = frozenset(
                group
                for group, rows in enumerate(members)
                if len(rows) and among_others(frame[rows], frame[asked], whose == group)
            )
        return self._mixed[state]

    def seats(self, place: Place, wide: float, high: float) -> tuple[Box, ...]:
        """Return the boxes where a name may stand, the best first: in the middle of a large map's group, round a small one's."""
        left, top, right, bottom = place.box
        x, y = place.x, place.y

        def at(across: float, down: float) -> Box:
            return across - wide / 2, down - high / 2, across + wide / 2, down + high / 2

        if len(self._states.scene.points.items) > CROWD:
            return tuple(
                at(x + aside * wide, y + down * high)
                for down in (0, -1, 1, -2, 2, -3, 3)
                for aside in (0, -0.5, 0.5)
            )
        over, under = top - GAP - high / 2, bottom + GAP + high / 2
        after, before = right + GAP + wide / 2, left - GAP - wide / 2
        return (
            at(x, over), at(x, under), at(after, y), at(before, y), at(x, y),
            *(at(across, down) for down in (over, under, over - high - 4, under + high + 4) for across in (left, right, x)),
            *(at(across, down) for across in (after, before) for down in (top, bottom, over, under)),
        )  # fmt: skip


def among_others(own: Array, places: Array, its: Array) -> bool:
    """Tell whether a group stands among others.

    `own` (m, 2 or 3) are the places of some rows that stand for it, `places` (n, 2 or 3) those of rows of every group, `its` (n,)
    says which of these are the group's.
    """
    centre = np.sort(own, axis=0)[len(own) // 2]
    reach = np.sort(np.linalg.norm(own - centre, axis=1))[int(0.8 * (len(own) - 1))]
    far = np.linalg.norm(places - centre, axis=1)
    nearest = its[np.argsort(far, kind="stable")]
    there, whole = int((far <= reach).sum()), int(its.sum())
    return bool(nearest[:there].sum() < OWN * there or nearest[:whole].sum() < FOUND * whole)


def together(spots: Array) -> Array:
    """Return which of the spots (n, 2 or 3) stand together: the one that has half of the others nearest, and that half.

    >>> together(np.array([[0.0, 0.0], [9.0, 9.0], [0.1, 0.0], [0.0, 0.1]])).tolist()
    [0, 2]
    """
    if not len(spots):
        return np.zeros(0, dtype=np.int64)
    far = np.linalg.norm(spots[:, None] - spots[None], axis=-1)
    order = np.argsort(far, axis=1, kind="stable")
    half = min(max(2, -(-len(spots) // 2)), len(spots))
    reach = far[np.arange(len(spots)), order[:, half - 1]]
    return np.asarray(order[int(np.argmin(reach)), :half])


def spread_of(spots: Array) -> tuple[Place, float]:
    """Return the middle of some spots (n, 2) with the box round most of them, and how far the median one is from the middle."""
    ordered, n = np.sort(spots, axis=0), len(spots)

    def at(share: float) -> Array:
        return np.asarray(ordered[min(int(n * share), n - 1)])

    middle = (at(0.5) + ordered[n - 1 - min(n // 2, n - 1)]) / 2
    far = np.sort(np.hypot(*(spots - middle).T))
    low, high = at(0.2), at(0.8)
    box = float(low[0]), float(low[1]), float(high[0]), float(high[1])
    return Place(float(middle[0]), float(middle[1]), box), float(far[min(n // 2, n - 1)])
