"""The modality gap: how far pictures and texts keep to themselves in one space, and its removal (Liang et al. 2022)."""

from dataclasses import dataclass

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import Projection
from embeddings_core.spaces.vectors import FloatArray, frozen, similarity, unit

STEPS = 21  # key states of the film that closes the gap


@dataclass(frozen=True, eq=False)
class ModalityGap:
    """The gap between the cloud of pictures and the cloud of texts, and its removal (Liang et al. 2022).

    `distance` is the length between the two centres, `distances` (steps,) say how it falls along the film.
    `vectors` (steps, pictures + texts, d) are real states: at share t of `shares` each cloud has lost t of
    its own mean; the first `images` rows are pictures.
    """

    distance: float
    shares: FloatArray
    distances: FloatArray
    vectors: FloatArray
    images: int


@dataclass(frozen=True, eq=False)
class PairScores:
    """Cosines of all pairs: of two pictures, of two texts, and of a picture with a text; each flat."""

    images: FloatArray
    texts: FloatArray
    across: FloatArray


def pair_scores(images: FloatArray, texts: FloatArray) -> PairScores:
    """Score every pair of pictures (n, d) and texts (m, d) by cosine: n(n - 1)/2, m(m - 1)/2 and n × m of them.

    >>> pair_scores(np.eye(2, 2), np.eye(1, 2)).across.tolist()
    [1.0, 0.0]
    """
    within = [similarity(rows, rows)[np.triu_indices(len(rows), 1)] for rows in (images, texts)]
    return PairScores(frozen(within[0]), frozen(within[1]), frozen(similarity(images, texts).ravel()))


def same_kind(images: FloatArray, texts: FloatArray) -> float:
    """Return the share (0–1) of pictures and texts whose nearest other item is of their own kind.

    Two clouds that do not mix have 1. Raises BadInputError for fewer than 2 items in all.
    """
    n, everything = len(images), np.concatenate([unit(images), unit(texts)])
    if len(everything) < 2:
        raise BadInputError("Nearest items need at least 2 items.")
    scores = everything @ everything.T
    np.fill_diagonal(scores, -np.inf)
    nearest = scores.argmax(axis=1)
    return float(((nearest < n) == (np.arange(len(everything)) < n)).mean())


def gap_by_chance(images: FloatArray, texts: FloatArray, *, shuffles: int = 200, seed: int = 0) -> float:
    """Return how far apart the centres would be if pictures and texts were parted at random.

    The mean of `shuffles` of them, in the same unit as the distance of `modality_gap`: what a gap is compared
    with. Raises BadInputError without at least 1 picture and 1 text.
    """
    if not len(images) or not len(texts):
        raise BadInputError("The gap needs at least 1 picture and 1 text.")
    everything = np.concatenate([unit(images), unit(texts)]).astype(np.float64)
    rng = np.random.default_rng(seed)
    total, n = everything.sum(axis=0), len(images)
    distances = []
    for _ in range(shuffles):
        drawn = everything[rng.permutation(len(everything))[:n]].sum(axis=0)
        distances.append(np.linalg.norm(drawn / n - (total - drawn) / len(texts)))
    return float(np.mean(distances))


def modality_gap(images: FloatArray, texts: FloatArray, *, steps: int = STEPS) -> ModalityGap:
    """Measure the distance between the centres of pictures (n, d) and texts (m, d), and remove it step by
    step.

    At every step both clouds have lost the same share of their own mean; nothing is scaled back, so that the
    distance falls in a straight line to 0. Raises BadInputError without at least 1 picture and 1 text.
    """
    if not len(images) or not len(texts):
        raise BadInputError("The gap needs at least 1 picture and 1 text.")
    left, right = unit(images), unit(texts)
    left_mean, right_mean = left.mean(0), right.mean(0)
    gone = np.linspace(0.0, 1.0, max(steps, 2), dtype=np.float32)
    states = np.stack([np.concatenate([left - t * left_mean, right - t * right_mean]) for t in gone])
    n = len(left)
    centres = states[:, :n].mean(1) - states[:, n:].mean(1)
    distances = np.linalg.norm(centres, axis=1)
    return ModalityGap(float(distances[0]), frozen(gone), frozen(distances), frozen(states), n)


def gap_film(gap: ModalityGap, *, dimensions: int = 2) -> Projection:
    """Map the closing of the gap: (steps, pictures + texts, 2 or 3), a morph between two real states.

    Across runs the line between the two centres, up (and towards the eye) the widest spread within the
    clouds, so that the clouds slide into each other and nothing else moves. Every frame is the same linear
    picture.
    """
    if dimensions not in (2, 3):
        raise BadInputError(f"A map has 2 or 3 dimensions, not {dimensions}.")
    first, last = gap.vectors[0].astype(np.float64), gap.vectors[-1].astype(np.float64)
    line = first[gap.images :].mean(0) - first[: gap.images].mean(0)
    line /= max(float(np.linalg.norm(line)), 1e-12)
    rest = last - np.outer(last @ line, line)
    _, sizes, directions = np.linalg.svd(rest, full_matrices=False)
    spread = directions[: dimensions - 1][
        sizes[: dimensions - 1] > 1e-5
    ]  # one item a cloud: nothing is left to spread
    axes = np.vstack([line, spread, np.zeros((dimensions - 1 - len(spread), len(line)))])
    names = tuple(
        f"{share:.0%} of each mean taken off: centres {distance:.2f} apart"
        for share, distance in zip(gap.shares, gap.distances, strict=True)
    )
    note = "Across: the line between the two centres. Up: the widest spread within the clouds."
    return Projection(gap.vectors @ axes.T.astype(np.float32), names, "pca", "morph", note=note)


def without_means(images: FloatArray, texts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return both clouds with their own mean taken off: rankings without the gap."""
    left, right = unit(images), unit(texts)
    return frozen(left - left.mean(0)), frozen(right - right.mean(0))
