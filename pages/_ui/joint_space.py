"""Pictures and captions as items of one space: how a recipe names them, and what is asked of the model."""

from dataclasses import dataclass

import numpy as np

from embeddings_core.models.image_text import cut_texts, encode_texts
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.vision import TopClasses, classify
from embeddings_core.pictures.caption_examples import every_caption
from embeddings_core.pictures.samples import sample_photographs
from embeddings_core.spaces.vectors import FloatArray, similarity
from pages._ui import picture_store
from pages._ui.picture_store import PictureSpace

MARK = "\x1f"  # before a picture's digest: no typed text can hold this character


@dataclass(frozen=True)
class JointSpace(PictureSpace):
    """A space of pictures and captions; its items are marked digests first, then captions as they were typed."""


def marked(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return digests of pictures as items of a joint space."""
    return tuple(MARK + key for key in keys)


def parted(items: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the digests of the pictures and the captions among items."""
    keys = tuple(item[len(MARK) :] for item in items if item.startswith(MARK))
    return keys, tuple(item for item in items if not item.startswith(MARK))


def caption_vectors(captions: tuple[str, ...], model: str) -> FloatArray:
    """Encode captions with a model of pictures and text: (n, d), rows of length 1."""
    return encode_texts(load_encoder(model), captions)


def cut_captions(captions: tuple[str, ...], model: str) -> tuple[str, ...]:
    """Return the captions that the model cuts off."""
    return cut_texts(load_encoder(model), captions)


def reads(model: str) -> int:
    """Return how many tokens of a text a model reads."""
    return int(load_encoder(model).inner.context)  # type: ignore[attr-defined]


def own_temperature(model: str) -> float:
    """Return what a model divides its cosines by before they become shares."""
    return float(load_encoder(model).inner.temperature)  # type: ignore[attr-defined]


def seen(key: str) -> TopClasses:
    """Name what the network inside the bridge sees in a picture (its digest)."""
    return classify(load_encoder("efficientnet-lite0"), picture_store.files((key,)), k=3)[0]


def sample_pairs(model: str) -> FloatArray:
    """Return the sorted cosines of every sample photograph with every bundled caption: what one is compared with."""
    from pages._ui import cache  # it knows this module

    keys = tuple(file.digest for file in sample_photographs())
    pictures = cache.picture_vectors(keys, PictureSpace(model)).vectors
    return np.sort(similarity(pictures, caption_vectors(every_caption(), model)).ravel())
