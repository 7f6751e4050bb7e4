"""Pictures named by the nearest of some labels, without any training."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.models.image_text import encode_images, encode_texts
from embeddings_core.spaces.vectors import FloatArray, frozen, similarity

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
