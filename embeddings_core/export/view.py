"""Where a film is seen from: the stage's views (assets/stage/view.js) in NumPy, so that both draw in one place."""

from dataclasses import dataclass, replace

import numpy as np

from embeddings_core.export.film_states import Array, Box

REACH = float(np.tan(np.pi / 8))  # half the field of view in 3-D
AZIMUTH, ELEVATION = 0.62, 0.3
RIM = (12.0, 10.0)  # pixels that stay free round the box of a 3-D map


@dataclass(frozen=True, eq=False)
class FlatView:
    """The centre (x, y) of a flat map, and pixels a unit, the same on both axes."""

    x: float
    y: float
    k: float
    width: float
    height: float

    @staticmethod
    def home(box: Box, width: float, height: float, *, keep: tuple[float, float] = (0.0, 0.0)) -> "FlatView":
        """See all of the film, with room for labels at the rim.

        The legend keeps `keep` pixels (from the right, from the top): the map stands beside it or below it, wherever it
        is larger.
        """
        pad_x, pad_y = min(84.0, width * 0.11), min(40.0, height * 0.09)
        (across, down), half = keep, box.half

        def fit(x: float, y: float) -> float:
            k = min((width - 2 * pad_x - x) / (2 * half[0]), (height - 2 * pad_y - y) / (2 * half[1]))
            return max(float(k), 1e-12)

        beside, below = fit(across, 0), fit(0, down)
        x, y, k = float(box.centre[0]), float(box.centre[1]), max(beside, below)
        if below > beside:
            under = max(0.0, float(half[1]) * k + pad_y + down - height / 2)
            return FlatView(x, y + min(under, down / 2) / k, k, width, height)
        over = max(0.0, float(half[0]) * k + pad_x + across - width / 2)
        return FlatView(x + min(over, across / 2) / k, y, k, width, height)

    def project(self, points: Array) -> Array:
        """Return (n, 3): pixels from the left, pixels from the top, and 1, the distance on a flat map."""
        x = self.width / 2 + (points[:, 0] - self.x) * self.k
        y = self.height / 2 - (points[:, 1] - self.y) * self.k
        return np.column_stack([x, y, np.ones(len(points))])

    def nearness(self, depth: Array) -> Array:
        """Return how much larger points are drawn: all alike here."""
        return np.ones(len(depth))

    def mist(self, depth: Array) -> Array:
        """Return how clearly points are seen: all alike here."""
        return np.ones(len(depth))

    def turned(self, angle: float) -> "FlatView":
        """Return this view: a flat map does not turn."""
        return self

    def corners(self) -> Array:
        """Return no corners: a flat map has no box."""
        return np.zeros((0, 3))


@dataclass(frozen=True, eq=False)
class OrbitView:
    """A camera round the cube that holds the points (edge 1, z up); it looks at a place `lift` above the middle."""

    box: Box
    azimuth: float
    distance: float
    width: float
    height: float
    lift: float = 0.0

    @staticmethod
    def home(box: Box, width: float, height: float, *, side: float = AZIMUTH) -> "OrbitView":
        """Stand as near as keeps the whole box in sight while the camera goes round it.

        The camera looks a little below the middle: the near lower corners reach furthest. In closed form: a corner at
        distance `reach` from the axis and height z is in sight where the camera is at least (|its place across or up| ÷
        the tangent of the view) + its nearness away.
        """
        across = REACH * max(width - 2 * RIM[0], 1.0) / height
        up = REACH * max(height - 2 * RIM[1], 1.0) / height
        x, y, z = (float(half) / (2 * box.radius) for half in box.half)
        reach, cos, sin = float(np.hypot(x, y)), float(np.cos(ELEVATION)), float(np.sin(ELEVATION))
        near = (z * cos + reach * sin) / up + reach * cos - z * sin
        behind, before = (
            (z * cos + reach * sin) / up - reach * cos,
            (z * cos - reach * sin) / up + reach * cos,
        )
        far = max(behind, before) + z * sin
        lift = min(max((far - near) * up / (2 * cos), -z), z)
        distance = max(
            near + lift * (cos / up - sin),
            far - lift * (cos / up + sin),
            reach * float(np.hypot(cos, 1 / across)) + (z + abs(lift)) * sin,
            0.3,
        )
        return OrbitView(box, side, distance, width, height, lift)

    def corners(self) -> Array:
        """Return the corners (8, 3) of the box round all points."""
        signs = np.array([[1 if corner >> axis & 1 else -1 for axis in range(3)] for corner in range(8)])
        return np.asarray(self.box.centre + signs * self.box.half)

    def project(self, points: Array) -> Array:
        """Return (n, 3): pixels from the left, pixels from the top, and the distance from the camera."""
        flat = np.cos(ELEVATION) * self.distance
        eye = np.array([
            flat * np.sin(self.azimuth), -flat * np.cos(self.azimuth), self.distance * np.sin(ELEVATION)
        ])  # fmt: skip
        back = eye / np.linalg.norm(eye)
        right = np.cross([0.0, 0.0, 1.0], back)
        right /= np.linalg.norm(right)
        middle = np.array([0.0, 0.0, self.lift])
        seen = ((points - self.box.centre) / (2 * self.box.radius) - middle - eye) @ np.stack(
            [right, np.cross(back, right), back]
        ).T
        depth = -seen[:, 2]
        scale = self.height / 2 / REACH / np.where(np.abs(depth) < 1e-9, 1e-9, depth)
        return np.column_stack(
            [self.width / 2 + seen[:, 0] * scale, self.height / 2 - seen[:, 1] * scale, depth]
        )

    def nearness(self, depth: Array) -> Array:
        """Return how much larger points are drawn where they are nearer."""
        return np.asarray(np.clip(self.distance / np.maximum(depth, 1e-9), 0.4, 2.4))

    def mist(self, depth: Array) -> Array:
        """Return 1 for near points, less for those far away."""
        return np.asarray(1 - 0.6 * np.clip((depth - self.distance + 0.45) / 1.1, 0, 1))

    def turned(self, angle: float) -> "OrbitView":
        """Return the same camera further round."""
        return replace(self, azimuth=self.azimuth + angle)


View = FlatView | OrbitView


def widest_side(points: Array) -> float:
    """Return the azimuth, near the usual one, from which points (n, 3) are widest across: how a map is turned means nothing."""
    best, side = -1.0, AZIMUTH
    for step in range(13):
        azimuth = AZIMUTH + (0.1 if step % 2 else -0.1) * -(-step // 2)
        across = points[:, 0] * np.cos(azimuth) + points[:, 1] * np.sin(azimuth)
        wide = float(across.max() - across.min()) if len(across) else -np.inf
        if wide > best * 1.001:
            best, side = wide, azimuth
    return side


def home_view(
    box: Box,
    dimensions: int,
    width: float,
    height: float,
    *,
    keep: tuple[float, float] = (0.0, 0.0),
    side: float = AZIMUTH,
) -> View:
    """Return the view in which the stage shows a film at first; `side` is the azimuth of a 3-D map."""
    if dimensions == 3:
        return OrbitView.home(box, width, height, side=side)
    return FlatView.home(box, width, height, keep=keep)
