"""The bridge: pictures in MiniLM's text space by the names of what a classifier sees in them; bundled, no download."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from embeddings_core.folders import ASSETS
from embeddings_core.models.image_text import ImageTextModel
from embeddings_core.models.locked_encoder import LockedEncoder
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.models.vision import class_probabilities
from embeddings_core.spaces.vectors import FloatArray, unit

TOP = 10  # classes that ConSE mixes; its authors took 10 too
PHRASES = ("{name}", "{article} {name}", "a photo of {article} {name}")


@lru_cache(maxsize=1)
def class_vectors() -> FloatArray:
    """Return the bundled text vectors of ImageNet's class names: (1000, 384), rows of length 1."""
    return unit(np.load(ASSETS / "imagenet_class_vectors.npy", allow_pickle=False))


def build_class_vectors(names: Sequence[str], language: Encoder) -> FloatArray:
    """Work out the text vectors of class names with MiniLM: the mean of three phrases, length 1.

    This made the bundled file (half precision):
    `np.save(file, build_class_vectors(names, ec.load_encoder("minilm")).astype(np.float16))`.
    """
    total = np.zeros((len(names), 384), dtype=np.float32)
    for phrase in PHRASES:
        total += unit(language([phrase.format(name=name, article=_article(name)) for name in names]))
    return unit(total)


class Bridge(ImageTextModel):
    """Pictures in MiniLM's text space by ConSE (Norouzi et al. 2014), bundled.

    A picture becomes the mean of the text vectors of its 10 most probable ImageNet classes, weighted by their
    probabilities. Each class is the mean of three phrases (Radford et al. 2021): "cat", "a cat", "a photo of
    a cat".
    """

    temperature = 0.05
    context = 256

    def __init__(self, network: LockedEncoder, language: LockedEncoder) -> None:
        self._network, self._language = network, language
        self.preprocessing = self._network.inner.preprocessing  # type: ignore[attr-defined]
        self.parameters = int(self._network.inner.parameters) + 22_713_216  # type: ignore[attr-defined]

    def images(self, items: Sequence[Any], /) -> FloatArray:
        """Encode pictures by the names of what is in them: (n, 384)."""
        probabilities = class_probabilities(self._network, items)
        least = np.partition(probabilities, -TOP, axis=1)[:, -TOP, None]
        return unit(np.where(probabilities >= least, probabilities, 0.0) @ class_vectors())

    def texts(self, items: Sequence[str], /) -> FloatArray:
        """Encode texts with MiniLM: (n, 384)."""
        return unit(self._language(items))

    def cut(self, items: Sequence[str], /) -> tuple[bool, ...]:
        """Tell which texts have more than 256 tokens."""
        with self._language.lock:
            tokenizer = self._language.inner.tokenizer  # type: ignore[attr-defined]
            return tuple(bool(encoding.overflowing) for encoding in tokenizer.encode_batch(list(items)))


def _article(name: str) -> str:
    return "an" if name[:1].lower() in "aeiou" else "a"


def load_bridge(spec: ModelSpec, network: LockedEncoder, language: LockedEncoder) -> Encoder:
    """Make the bridge of its two parts: a network that names ImageNet's classes, and MiniLM."""
    return Bridge(network, language)
