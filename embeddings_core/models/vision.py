"""What a network for pictures shows beside vectors: the classes it sees, and what each of its stages makes of a picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.folders import ASSETS
from embeddings_core.models.locked_encoder import lock_of
from embeddings_core.spaces.vectors import FloatArray

CLASSES = 1000  # of ImageNet


@dataclass(frozen=True)
class TopClasses:
    """What a network sees in one picture: class names and probabilities, the most probable first."""

    names: tuple[str, ...]
    probabilities: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Stages:
    """The same pictures after every stage of a network: `vectors[s]` is (n, channels of stage s)."""

    names: tuple[str, ...]
    vectors: tuple[FloatArray, ...]


@lru_cache(maxsize=1)
def imagenet_classes() -> tuple[str, ...]:
    """Return the names of ImageNet's 1,000 classes in the order of every network trained on them."""
    return tuple((ASSETS / "imagenet_classes.txt").read_text("utf-8").splitlines())


def classify(encoder: Any, pictures: Sequence[Any], *, k: int = 5) -> tuple[TopClasses, ...]:
    """Name the `k` most probable ImageNet classes of each picture.

    Takes what `load_encoder` returned for a network with classes. Raises BadInputError for an encoder
    without.
    """
    probabilities = class_probabilities(encoder, pictures)
    names = imagenet_classes()
    found = []
    for row in probabilities:
        best = np.argsort(-row, kind="stable")[: k + 3]
        shares: dict[str, float] = {}
        for index in best:  # two names stand for two classes each: "missile" is also "projectile"
            shares[names[index]] = shares.get(names[index], 0.0) + float(row[index])
        ranked = sorted(shares.items(), key=lambda pair: -pair[1])[:k]
        found.append(TopClasses(tuple(name for name, _ in ranked), tuple(share for _, share in ranked)))
    return tuple(found)


def class_probabilities(encoder: Any, pictures: Sequence[Any]) -> FloatArray:
    """Return the probabilities of ImageNet's classes, (n, 1000), rows that sum to 1; raises as `classify`."""
    network = getattr(encoder, "inner", encoder)
    if not has_classes(encoder):
        raise BadInputError("This model names no classes; choose a network that was trained to classify.")
    if not len(pictures):
        return np.zeros((0, CLASSES), dtype=np.float32)
    with lock_of(encoder):
        return softmax(network.logits(pictures))


def has_classes(encoder: Any) -> bool:
    """Tell whether a model names ImageNet's classes."""
    network = getattr(encoder, "inner", encoder)
    return hasattr(network, "logits") and getattr(network, "classes", CLASSES) == CLASSES


def stages(encoder: Any, pictures: Sequence[Any]) -> Stages:
    """Return the pictures' vectors after every stage of a network, from edges and colours to content.

    Each stage's channels are averaged over the picture. Raises BadInputError for an encoder without stages.
    """
    network = getattr(encoder, "inner", encoder)
    if not hasattr(network, "stages"):
        raise BadInputError("This model has no stages to show; choose a network.")
    if not len(pictures):
        raise BadInputError("The film of the stages needs at least 1 picture.")
    with lock_of(encoder):
        found: Stages = network.stages(pictures)
    return found


def softmax(scores: FloatArray, *, temperature: float = 1.0) -> FloatArray:
    """Turn scores into shares that sum to 1 along the last axis."""
    scaled = np.asarray(scores, dtype=np.float64) / temperature
    shares = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True), dtype=np.float32)
