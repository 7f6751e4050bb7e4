"""Image-text models: pictures and texts as vectors of one space."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.models.locked_encoder import lock_of
from embeddings_core.models.preprocessing import Preprocessing
from embeddings_core.spaces.texts import clean
from embeddings_core.spaces.vectors import FloatArray


class ImageTextModel(ABC):
    """An encoder of pictures and texts into one space.

    `temperature` is what its scores are divided by in a softmax, `context` how many tokens of a text it reads.
    """

    temperature: float
    context: int
    preprocessing: Preprocessing
    parameters: int

    @abstractmethod
    def images(self, items: Sequence[Any], /) -> FloatArray:
        """Encode pictures: (n, d), rows of length 1."""

    @abstractmethod
    def texts(self, items: Sequence[str], /) -> FloatArray:
        """Encode texts: (n, d), rows of length 1."""

    @abstractmethod
    def cut(self, items: Sequence[str], /) -> tuple[bool, ...]:
        """Tell which texts are longer than the model reads."""

    def __call__(self, items: Sequence[Any], /) -> FloatArray:
        """Encode a mixed list: strings are texts, everything else is a picture; (n, d), rows of length 1."""
        texts = [row for row, item in enumerate(items) if isinstance(item, str)]
        pictures = [row for row, item in enumerate(items) if not isinstance(item, str)]
        parts = []
        if texts:
            parts.append(self.texts([items[row] for row in texts]))
        if pictures:
            parts.append(self.images([items[row] for row in pictures]))
        stacked = np.concatenate(parts)
        vectors = np.empty_like(stacked)
        vectors[texts + pictures] = stacked
        return vectors


def encode_images(encoder: Any, pictures: Sequence[Any]) -> FloatArray:
    """Encode pictures with what `load_encoder` returned for an image-text model: (n, d), length 1."""
    model = _image_text(encoder)
    with lock_of(encoder):
        return model.images(pictures) if len(pictures) else _no_rows(encoder)


def encode_texts(encoder: Any, texts: Sequence[str]) -> FloatArray:
    """Encode texts into the space of the pictures: (n, d), length 1. Raises BadInputError for an empty text."""
    model = _image_text(encoder)
    cleaned = [clean(text) for text in texts]
    if not all(cleaned):
        raise BadInputError("A caption is empty; type a few words, or leave it out.")
    with lock_of(encoder):
        return model.texts(cleaned) if len(cleaned) else _no_rows(encoder)


def cut_texts(encoder: Any, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the texts that the model cuts off because they are longer than it reads."""
    model = _image_text(encoder)
    with lock_of(encoder):
        flags = model.cut([clean(text) for text in texts])
    return tuple(text for text, flag in zip(texts, flags, strict=True) if flag)


def _no_rows(encoder: Any) -> FloatArray:
    return np.zeros((0, encoder.spec.dimensions if hasattr(encoder, "spec") else 0), dtype=np.float32)


def _image_text(encoder: Any) -> ImageTextModel:
    model: ImageTextModel = getattr(encoder, "inner", encoder)
    if not hasattr(model, "images") or not hasattr(
        model, "texts"
    ):  # an encoder of one's own may be of any class
        raise BadInputError("This model does not know both images and text; choose an image-text model.")
    return model
