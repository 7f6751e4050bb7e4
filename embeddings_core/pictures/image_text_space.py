"""Pictures and captions in the one space of an image-text model."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

import numpy as np

from embeddings_core.models.image_text import ImageTextModel, cut_texts, encode_texts
from embeddings_core.models.model_space import ModelSpace
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.vision import TopClasses, classify
from embeddings_core.pictures.caption_examples import every_caption
from embeddings_core.pictures.collection import files_of
from embeddings_core.pictures.picture_space import ROOM, PictureSpace
from embeddings_core.pictures.samples import sample_photographs
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.space import Reference, Role
from embeddings_core.spaces.vectors import FloatArray, Metric, similarity

# of captions: the middle one of 300 random words finds a picture that would else be close (tests/bench/README.md)
LEVELS = (75.0, 50.0, 25.0)
MARK = "\x1f"  # before a picture's digest: no typed text can hold this character


def marked(keys: Sequence[str]) -> tuple[str, ...]:
    """Return digests of pictures as items of an image-text space."""
    return tuple(MARK + key for key in keys)


@dataclass(frozen=True)
class ImageTextSpace(ModelSpace):
    """Items are marked digests of pictures first, then captions as they were typed; `owner` as in `PictureSpace`."""

    owner: str = ""

    busy: ClassVar[str] = "Reading the captions"
    min_dist: ClassVar[float | None] = ROOM

    @property
    def about(self) -> str:
        """See `Space.about`."""
        return f"{self.title} looks at pictures and reads captions."

    def vectors(self, items: Sequence[str], /, *, role: Role = "passage") -> EmbeddingSet:
        """See `Space.vectors`."""
        keys = tuple(item[len(MARK) :] for item in items if item.startswith(MARK))
        captions = tuple(item for item in items if not item.startswith(MARK))
        parts = [PictureSpace(self.model, self.owner).vectors(keys).vectors] if keys else []
        parts += [encode_texts(load_encoder(self.model), captions)] if captions or not keys else []
        return EmbeddingSet(tuple(items), np.concatenate(parts), self.model)

    def reference(self, metric: Metric = "cosine", /) -> Reference:
        """See `Space.reference`; every sample photograph with every bundled caption, most of which do not belong together.

        The nearest are each photograph's nearest caption; those of the captions are `nearest_pictures`.
        """
        scores = self._sample_scores(metric)
        nearest = np.sort(scores.max(axis=1))
        return Reference(
            np.sort(scores.ravel()), "sample pairs", nearest, "caption", "picture", levels=LEVELS
        )

    def nearest_pictures(self, metric: Metric = "cosine", /) -> Reference:
        """Return what the score of a caption's nearest picture is compared with."""
        scores = self._sample_scores(metric)
        nearest = np.sort(scores.max(axis=0))
        return Reference(
            np.sort(scores.ravel()), "sample pairs", nearest, "picture", "caption", levels=LEVELS
        )

    def _sample_scores(self, metric: Metric) -> FloatArray:
        keys = tuple(file.digest for file in sample_photographs())
        pictures = PictureSpace(self.model).vectors(keys).vectors
        return similarity(pictures, encode_texts(load_encoder(self.model), every_caption()), metric=metric)

    @property
    def temperature(self) -> float:
        """What the model divides its cosines by before they become shares."""
        return self._model.temperature

    @property
    def context(self) -> int:
        """How many tokens of a text the model reads."""
        return self._model.context

    @property
    def _model(self) -> ImageTextModel:
        return cast(ImageTextModel, load_encoder(self.model).inner)


def cut_captions(captions: Sequence[str], space: ImageTextSpace) -> tuple[str, ...]:
    """Return the captions that the model cuts off."""
    return cut_texts(load_encoder(space.model), captions)


def classes_seen(key: str, owner: str) -> TopClasses:
    """Name what the network inside the bridge sees in a picture (its digest)."""
    return classify(load_encoder("efficientnet-lite0"), files_of((key,), owner), k=3)[0]


def nearest_pictures(space: ImageTextSpace) -> Reference:
    """Return what the score of a caption's nearest picture is compared with."""
    return space.nearest_pictures()
