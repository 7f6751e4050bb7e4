"""Images against texts in one space: who matches whom, naming without training, and the gap between the two
clouds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import Projection
from embeddings_core.models.image_text import encode_images, encode_texts
from embeddings_core.spaces.vectors import FloatArray, frozen, similarity, unit

STEPS = 21  # key states of the film that closes the gap
TEMPLATE = "a photo of a {}"


@dataclass(frozen=True, eq=False)
class ZeroShot:
    """Shares of labels, without training: row i of `shares` (pictures, labels) sums to 1; `scores` are
    cosines.

    `prompts` are what was really encoded, `temperature` what the cosines were divided by.
    """

    labels: tuple[str, ...]
    prompts: tuple[str, ...]
    scores: FloatArray
    shares: FloatArray
    temperature: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "scores", frozen(self.scores))
        object.__setattr__(self, "shares", frozen(self.shares))


@dataclass(frozen=True, eq=False)
class Retrieval:
    """Every picture against every text: `scores` (pictures, texts), cosines.

    `texts_of` (pictures, texts) ranks the texts of each picture, best first; `images_of` (texts, pictures)
    the other way round.
    """

    scores: FloatArray
    texts_of: np.ndarray
    images_of: np.ndarray


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


def prompts(labels: Sequence[str], *, template: str = TEMPLATE) -> tuple[str, ...]:
    """Put labels into a template at {}; raise BadInputError where it has none or labels are missing."""
    if template.count("{}") != 1:
        raise BadInputError('The template needs {} once, where the label goes: "a photo of a {}".')
    kept = [label.strip() for label in labels]
    if not kept or not all(kept):
        raise BadInputError("Naming needs at least 1 label, and none may be empty.")
    before, after = template.split("{}")
    return tuple(f"{before}{label}{after}".strip() for label in kept)


def zero_shot(
    encoder: Any,
    pictures: Sequence[Any],
    labels: Sequence[str],
    *,
    template: str = TEMPLATE,
    temperature: float | None = None,
) -> ZeroShot:
    """Name pictures by the nearest of some labels (Radford et al. 2021), without any training.

    The cosines are divided by `temperature` (the model's own where none is given; lower is surer) and turned
    into shares by a softmax. Raises BadInputError for a template without {}, no labels, or a temperature of
    0 or less.
    """
    texts = prompts(labels, template=template)
    scores = similarity(encode_images(encoder, pictures), encode_texts(encoder, texts))
    own = float(getattr(getattr(encoder, "inner", encoder), "temperature", 0.01))
    return ZeroShot(
        labels=tuple(label.strip() for label in labels),
        prompts=texts,
        scores=scores,
        shares=shares(scores, temperature=own if temperature is None else temperature),
        temperature=own if temperature is None else temperature,
    )


def shares(scores: FloatArray, *, temperature: float) -> FloatArray:
    """Turn scores (n, labels) into shares that sum to 1 a row: softmax of scores / temperature.

    >>> shares(np.array([[0.0, np.log(3.0)]]), temperature=1.0).round(2).tolist()
    [[0.25, 0.75]]
    """
    if not temperature > 0:
        raise BadInputError("The temperature must be above 0; CLIP was trained with 0.01.")
    scaled = np.asarray(scores, dtype=np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=-1, keepdims=True, initial=-np.inf))
    return frozen(powers / powers.sum(axis=-1, keepdims=True))


def retrieve(images: FloatArray, texts: FloatArray) -> Retrieval:
    """Compare all pictures (n, d) with all texts (m, d) by cosine, and rank both ways."""
    scores = similarity(images, texts)
    return Retrieval(
        scores=frozen(scores),
        texts_of=np.argsort(-scores, axis=1, kind="stable"),
        images_of=np.argsort(-scores.T, axis=1, kind="stable"),
    )


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
