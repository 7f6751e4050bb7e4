"""What an image model is: its size, what it does to a picture before it looks, and whether its stages can be shown."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from embeddings_core.models.preprocessing import Preprocessing, seen
from embeddings_core.models.registry import load_encoder
from embeddings_core.pictures.collection import files_of
from embeddings_core.pictures.picture_space import PictureSpace
from embeddings_core.spaces.images import open_image


@dataclass(frozen=True)
class ModelFacts:
    """How many numbers an image model has learnt, and what it does to a picture before it looks."""

    parameters: int
    preprocessing: Preprocessing


def has_stages(model: str) -> bool:
    """Tell whether a model is a network whose stages can be shown."""
    return hasattr(_inner(model), "stages")


def facts_of(model: str) -> ModelFacts:
    """Return a model's size and preprocessing."""
    inner = _inner(model)
    return ModelFacts(int(inner.parameters), inner.preprocessing)


def seen_square(key: str, space: PictureSpace) -> np.ndarray:
    """Return the square of a picture that the model looks at: (side, side, 3) of 0–255."""
    preprocessing = facts_of(space.model).preprocessing
    content = files_of((key,), space.owner)[0].content
    return np.asarray(seen(open_image(content, wanted=preprocessing.resize), preprocessing))


def _inner(model: str) -> Any:
    return load_encoder(model).inner
