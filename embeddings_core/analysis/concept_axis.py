"""Items on one or two concept axes: where each stands, and how much of what tells them apart the axis carries."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.analysis.algebra import Axis, axis
from embeddings_core.errors import BadInputError
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, frozen, unit

RANDOM_AXES = 200  # between random pairs of words: what an axis is compared with


@dataclass(frozen=True, eq=False)
class OnAxis:
    """Items read off an axis: `places` (n,), −1 at the low pole and +1 at the high one.

    `free` are the rows that are no pole themselves: what is said is said of them. `share` is how much of their variance
    lies along the axis, `by_chance` what axes between random pairs of words carry: the middle one, and that which nineteen
    in twenty stay below.
    """

    items: tuple[str, ...]
    axis: Axis
    places: FloatArray
    share: float
    by_chance: tuple[float, float]
    free: tuple[int, ...]

    @property
    def sentence(self) -> str:
        """Who stands at the ends, and whether this axis tells the items apart better than a random one."""
        if not self.free:
            return (
                "Only the ends of the axis are on the map: add other words, to see where they stand between."
            )
        low = min(self.free, key=lambda row: float(self.places[row]))
        high = max(self.free, key=lambda row: float(self.places[row]))
        ends = self._ends(low, high)
        percent, usual, most = (f"{100 * value:.1f} %" for value in (self.share, *self.by_chance))
        carried = f"The axis carries {percent} of what tells these items apart"
        if len(self.free) < 3 or not self.by_chance[1]:
            return f"{ends}."
        if self.share > self.by_chance[1]:
            return f"{ends}. {carried}, more than nineteen in twenty axes between random words do ({most})."
        if self.share > self.by_chance[0]:
            return f"{ends}. {carried}; half of the axes between random words carry {usual} or more, so take the order with care."
        return f"{ends}. {carried}, no more than an axis between two random words does ({usual}): it says little about them."

    def _ends(self, low: int, high: int) -> str:
        """Say who stands furthest to either side; where all are on one side of the middle, that."""
        above, below = self.places[low] > 0, self.places[high] < 0  # not even the last is on the other side
        first, last, pole = (high, low, self.axis.high) if not below else (low, high, self.axis.low)
        told = f"{self.items[first]} stands furthest towards {pole} ({_signed(self.places[first])})"
        if above or below:
            return f"{told}, {self.items[last]} least ({_signed(self.places[last])}): all are on that side of the middle"
        return f"{told}, {self.items[last]} towards {self.axis.low} ({_signed(self.places[last])})"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "−")


def on_axis(
    items: EmbeddingSet,
    low: Sequence[str],
    high: Sequence[str],
    *,
    poles: EmbeddingSet,
    words: EmbeddingSet,
    seed: int = 0,
) -> OnAxis:
    """Let items fall onto the axis between two poles, each a word or the mean of several, whose vectors `poles` holds.

    `words` are those between which random axes are drawn. Raises BadInputError as `algebra.axis` does, and without items.
    """
    if not len(items):
        raise BadInputError("At least one item is needed to stand on an axis.")
    found = axis(poles, low, high)
    poled = {word.lower() for word in (*low, *high)}
    free = tuple(row for row, item in enumerate(items.items) if item.lower() not in poled)
    units = unit(items.vectors[list(free)]).astype(np.float64)
    centred = units - units.mean(axis=0) if free else units
    total = float((centred**2).sum())
    rng, n = np.random.default_rng(seed), len(words)
    chance = np.zeros(1)
    if n > 2 and total > 1e-12:
        left = rng.integers(0, n, RANDOM_AXES)
        right = (left + rng.integers(1, n, RANDOM_AXES)) % n
        ways = unit(words.vectors[right]).astype(np.float64) - unit(words.vectors[left])
        lengths = np.linalg.norm(ways, axis=1)
        ways = ways[lengths > 1e-6] / lengths[lengths > 1e-6, None]
        chance = ((centred @ ways.T) ** 2).sum(axis=0) / total if len(ways) else chance
    along = (
        float(((centred @ found.direction.astype(np.float64)) ** 2).sum()) / total if total > 1e-12 else 0.0
    )
    middle, most = np.quantile(chance, [0.5, 0.95]).tolist()
    return OnAxis(items.items, found, frozen(found.place(items.vectors)), along, (middle, most), free)


def across(items: EmbeddingSet, found: Axis) -> FloatArray:
    """Return where items lie in the direction in which they differ most beside the axis, (n,), in units of its reach."""
    units = unit(items.vectors).astype(np.float64)
    centred = units - units.mean(axis=0)
    rest = centred - np.outer(centred @ found.direction, found.direction)
    values, axes = np.linalg.eigh(rest @ rest.T)
    return np.asarray(axes[:, -1] * np.sqrt(max(float(values[-1]), 0.0)) / found.reach, dtype=np.float32)
