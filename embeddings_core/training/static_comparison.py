"""A model beside the static one made of it, on the same texts: how fast, how small, and which neighbours are lost."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.analysis.comparison import Comparison, compare
from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import Projection
from embeddings_core.maps.timeline import align_states
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray, unit

LEAST = 3  # texts: among two each is the other's neighbour
TIMED, MANY = 16, 1_024  # texts that the network and the table are timed with
ROUNDS = 5


@dataclass(frozen=True)
class Cost:
    """What a model costs: texts a second, measured on this computer, and the size of its numbers."""

    title: str
    texts_a_second: float
    megabytes: float


def texts_a_second(
    encode: Callable[[Sequence[str]], FloatArray], texts: Sequence[str], *, at_once: int
) -> float:
    """Measure how many of such texts an encoder reads in a second: the best of five rounds, after the first call."""
    many = (list(texts) * (at_once // len(texts) + 1))[:at_once]
    encode(many[:1])
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        encode(many)
        best = min(best, time.perf_counter() - begun)
    return len(many) / max(best, 1e-9)


def rounded(value: float) -> str:
    """Write a measured number with two digits that count: more would not be the same the next time.

    >>> rounded(123_456), rounded(347.0), rounded(3.42)
    ('120,000', '350', '3.4')
    """
    return f"{float(f'{value:.2g}'):,.0f}" if value >= 10 else f"{value:.1f}"


@dataclass(frozen=True, eq=False)
class StaticComparison:
    """The same texts under a network and under the static model made of it.

    `comparison` names each text's nearest neighbour under either (k = 1); `places` (n,) say which nearest neighbour, from 1,
    the one under the network is under the static model. `network` and `static` are what they cost, `film` morphs from the map
    of the first to that of the second. `whole` is whether the static model is more than a preview.
    """

    comparison: Comparison
    places: IntArray
    network: Cost
    static: Cost
    film: Projection
    whole: bool

    @property
    def items(self) -> tuple[str, ...]:
        """The texts."""
        return self.comparison.items

    @property
    def lost(self) -> tuple[int, ...]:
        """The rows of the texts whose nearest neighbour is another one under the static model."""
        same = self.comparison.first[:, 0] == self.comparison.second[:, 0]
        return tuple(row for row, kept in enumerate(same.tolist()) if not kept)

    @property
    def sentence(self) -> str:
        """What distilling costs and brings, in one sentence of measured numbers."""
        n, kept = len(self.items), self.comparison.same_nearest
        faster = self.static.texts_a_second / self.network.texts_a_second
        return (
            f"{kept} of {n} sentences keep their nearest neighbour in the static model. Here it reads {rounded(faster)} times as "
            f"many texts a second as {self.network.title}, and it has {self.static.megabytes:.0f} MB instead of "
            f"{self.network.megabytes:.0f}."
        )


def compare_static(
    network: EmbeddingSet,
    static: EmbeddingSet,
    *,
    costs: tuple[Cost, Cost],
    maps: tuple[Projection, Projection],
    whole: bool,
) -> StaticComparison:
    """Compare a network's vectors with those of the static model, and turn the first map onto the second's.

    Raises BadInputError below 3 texts, or where the vectors are of different texts.
    """
    if len(network) < LEAST:
        raise BadInputError(
            f"At least {LEAST} sentences are needed to have neighbours, this has {len(network)}."
        )
    found = compare(network, static, k=1)
    units = unit(static.vectors)
    scores = units @ units.T
    np.fill_diagonal(scores, -np.inf)
    former = np.take_along_axis(scores, found.first[:, :1], axis=1)
    places = 1 + (scores > former).sum(axis=1)
    titles = tuple(f"{cost.title}: {cost.megabytes:,.0f} MB" for cost in costs)
    film = Projection(
        align_states([each.final for each in maps], anchor=0),
        titles,
        maps[1].method,
        "morph",
        settings=maps[1].settings,
    )
    return StaticComparison(found, places, *costs, film, whole)
