"""One-hot vectors: what they cost, and why they know no similarity."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.maps.morph import morph
from embeddings_core.maps.projection import Projection
from embeddings_core.spaces.vectors import FloatArray

DIMENSIONS = (384, 256, 128, 64, 32, 16, 8, 4, 3, 2)
QUERIES, PAIRS, BINS = 500, 20_000, 40


@dataclass(frozen=True)
class OneHotCost:
    """One-hot vectors of a vocabulary, beside dense ones of `dense_dimensions`; sizes in bytes of float32.

    `zeros` is the share of numbers that are 0.
    """

    words: int
    dense_dimensions: int
    bytes: int
    dense_bytes: int
    zeros: float
    distance: float
    cosine: float

    @property
    def sentence(self) -> str:
        """The comparison in one sentence."""
        return (
            f"{self.words:,} words as one-hot vectors are {_size(self.bytes)}, {self.zeros:.3%} of them zeros; "
            f"as vectors of {self.dense_dimensions} numbers {_size(self.dense_bytes)}."
        )


def one_hot_cost(words: int, *, dense_dimensions: int = 384) -> OneHotCost:
    """Compute size and geometry of one-hot vectors for any vocabulary, without making them.

    Any two differ in two places by 1, so their distance is √2 and their cosine 0. Raises BadInputError below
    2 words.
    """
    if words < 2:
        raise BadInputError("Two words are needed to compare them.")
    return OneHotCost(
        words=words,
        dense_dimensions=dense_dimensions,
        bytes=4 * words * words,
        dense_bytes=4 * words * dense_dimensions,
        zeros=1.0 - 1.0 / words,
        distance=sqrt(2.0),
        cosine=0.0,
    )


def size_in_words(count: int) -> str:
    """Say a number of bytes as people do, with two digits where they matter.

    >>> size_in_words(1_536_000_000), size_in_words(4_000_000_000_000), size_in_words(120)
    ('1.5 gigabytes', '4 terabytes', '120 bytes')
    """
    size, names = float(count), ("bytes", "kilobytes", "megabytes", "gigabytes", "terabytes")
    for name in names:
        if round(size, 1) < 1_000 or name == names[-1]:
            break
        size /= 1_000
    return f"{size:,.0f} {name}" if size >= 10 or round(size, 1) == round(size) else f"{size:.1f} {name}"


def simplex_shadow(n: int, *, dimensions: int = 2, seed: int | None = None) -> FloatArray:
    """Return the shadow of n one-hot vectors on 2 or 3 axes, (n, 2 or 3): a ring.

    Their corners are all √2 apart, so no direction is wider than another: each of the n − 1 main axes explains
    1 / (n − 1), and any flat view is as good as any other. This one takes the first waves (discrete Fourier
    vectors), which are such axes and treat every word alike: the words stand evenly on a circle, in their
    order or, with a seed, shuffled.

    >>> (simplex_shadow(4) * 2**0.5).round().astype(int).tolist()
    [[1, 0], [0, 1], [-1, 0], [0, -1]]
    """
    turn = 2 * np.pi * np.arange(n) / max(n, 1)
    waves = [np.cos(turn), np.sin(turn), np.cos(turn * (n // 2))]
    shadow = np.zeros((n, dimensions))
    for axis, wave in enumerate(waves[: min(dimensions, n - 1)]):
        shadow[:, axis] = wave / np.linalg.norm(wave)
    if seed is not None:
        shadow = shadow[np.random.default_rng(seed).permutation(n)]
    return shadow.astype(np.float32)


def one_hot_film(dense: Projection, *, hold: str = "last") -> Projection:
    """Let the words travel from their one-hot ring into a dense map of them; two states, kind "morph".

    The ring is turned and resized onto the map, whose points stay as they are. Its order is shuffled: lists are
    often typed group by group, and a ring in that order would look as if one-hot vectors knew it.
    """
    shadow = simplex_shadow(len(dense.final), dimensions=dense.dimensions, seed=0)
    ring = Projection(shadow[None], ("one-hot",), "one-hot", "still")
    names = ("one-hot: all 1.414 apart", "dense: alike is near")
    return morph(ring, dense, hold=hold, names=names)


def _size(count: int) -> str:
    for name in ("bytes", "kB", "MB", "GB"):
        if count < 1_000:
            return f"{count:,.0f} {name}"
        count //= 1_000
    return f"{count:,.0f} TB"
