"""Images and text in one space: CLIP and SigLIP by open_clip, and a bundled bridge that needs no download."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.folders import ASSETS
from embeddings_core.models.preprocessing import Preprocessing, encoded, from_open_clip
from embeddings_core.models.runtime import load_encoder, ready_torch
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.models.vision import class_probabilities, locked
from embeddings_core.models.weights import fit, read_weights, split_checkpoint
from embeddings_core.spaces.texts import clean
from embeddings_core.spaces.vectors import FloatArray, unit

TOP = 10  # classes that ConSE mixes; its authors took 10 too
PHRASES = ("{name}", "{article} {name}", "a photo of {article} {name}")


class Joint(Protocol):
    """An encoder with two doors into one space; `temperature` is what its scores are divided by in a
    softmax."""

    temperature: float
    context: int
    preprocessing: Preprocessing

    def images(self, items: Sequence[Any], /) -> FloatArray:
        """Encode pictures: (n, d), rows of length 1."""
        ...

    def texts(self, items: Sequence[str], /) -> FloatArray:
        """Encode texts: (n, d), rows of length 1."""
        ...

    def cut(self, items: Sequence[str], /) -> tuple[bool, ...]:
        """Tell which texts are longer than the model reads."""
        ...


def encode_images(encoder: Any, pictures: Sequence[Any]) -> FloatArray:
    """Encode pictures with what `load_encoder` returned for a model of images and text: (n, d), length 1."""
    joint = _joint(encoder)
    with locked(encoder):
        return joint.images(pictures) if len(pictures) else _none(encoder)


def encode_texts(encoder: Any, texts: Sequence[str]) -> FloatArray:
    """Encode texts into the space of the pictures: (n, d), length 1. Raises BadInputError for an empty
    text."""
    joint = _joint(encoder)
    cleaned = [clean(text) for text in texts]
    if not all(cleaned):
        raise BadInputError("A caption is empty; type a few words, or leave it out.")
    with locked(encoder):
        return joint.texts(cleaned) if len(cleaned) else _none(encoder)


def cut_texts(encoder: Any, texts: Sequence[str]) -> tuple[str, ...]:
    """Return the texts that the model cuts off because they are longer than it reads."""
    joint = _joint(encoder)
    with locked(encoder):
        flags = joint.cut([clean(text) for text in texts])
    return tuple(text for text, flag in zip(texts, flags, strict=True) if flag)


def _joint(encoder: Any) -> Joint:
    joint: Joint = getattr(encoder, "inner", encoder)
    if not hasattr(joint, "images") or not hasattr(joint, "texts"):
        raise BadInputError("This model does not know both images and text; choose a joint one.")
    return joint


def _none(encoder: Any) -> FloatArray:
    return np.zeros((0, encoder.spec.dimensions if hasattr(encoder, "spec") else 0), dtype=np.float32)


class _TwoDoors:
    """Lets a joint encoder take a mixed list: texts are strings, everything else is a picture."""

    def __call__(self: Any, items: Sequence[Any], /) -> FloatArray:
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


@lru_cache(maxsize=1)
def class_vectors() -> FloatArray:
    """Return the bundled text vectors of ImageNet's class names: (1000, 384), rows of length 1."""
    return unit(np.load(ASSETS / "imagenet_class_vectors.npy", allow_pickle=False))


def build_class_vectors(names: Sequence[str]) -> FloatArray:
    """Work out the text vectors of class names with MiniLM: the mean of three phrases, length 1.

    This made the bundled file (half precision): `np.save(file,
    build_class_vectors(names).astype(np.float16))`.
    """
    language = load_encoder("minilm")
    total = np.zeros((len(names), 384), dtype=np.float32)
    for phrase in PHRASES:
        total += unit(language([phrase.format(name=name, article=_article(name)) for name in names]))
    return unit(total)


class Bridge(_TwoDoors):
    """Pictures in MiniLM's text space by ConSE (Norouzi et al. 2014), bundled.

    A picture becomes the mean of the text vectors of its 10 most probable ImageNet classes, weighted by their
    probabilities. Each class is the mean of three phrases (Radford et al. 2021): "cat", "a cat", "a photo of
    a cat".
    """

    temperature = 0.05
    context = 256

    def __init__(self) -> None:
        self._network, self._language = load_encoder("efficientnet-lite0"), load_encoder("minilm")
        self.preprocessing: Preprocessing = self._network.inner.preprocessing  # type: ignore[attr-defined]
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


class OpenClip(_TwoDoors):
    """A model of open_clip (Radford et al. 2021; Zhai et al. 2023): `model` and `tokenizer` are the
    library's own."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self.model, self.tokenizer = model.eval(), tokenizer
        self.preprocessing = from_open_clip(model.visual.preprocess_cfg)
        self.parameters = sum(weight.numel() for weight in model.parameters())
        self.temperature = float((-model.logit_scale.detach()).exp())
        self.context = int(model.context_length)

    def images(self, items: Sequence[Any], /) -> FloatArray:
        """Encode pictures in small batches: (n, d), rows of length 1."""
        import torch

        def run(pixels: FloatArray) -> FloatArray:
            with torch.inference_mode():
                return np.asarray(self.model.encode_image(torch.from_numpy(pixels)).float().numpy())

        return unit(encoded(items, self.preprocessing, run))

    def texts(self, items: Sequence[str], /) -> FloatArray:
        """Encode texts, cut to the model's context: (n, d), rows of length 1."""
        import torch

        parts = []
        with torch.inference_mode():
            for start in range(0, len(items), 64):
                tokens = self.tokenizer(list(items[start : start + 64]), context_length=self.context)
                parts.append(self.model.encode_text(tokens).float().numpy())
        return unit(np.concatenate(parts))

    def cut(self, items: Sequence[str], /) -> tuple[bool, ...]:
        """Tell which texts do not fit: a context one token longer than the model's is full for those."""
        if not items:
            return ()
        inner = getattr(self.tokenizer, "tokenizer", None)
        if (
            inner is not None
        ):  # SigLIP's: it fills up with the very token that ends a text, so tokens are counted
            clean_text = self.tokenizer.clean_fn
            return tuple(
                len(inner(clean_text(item), verbose=False)["input_ids"]) > self.context for item in items
            )
        longer = self.tokenizer(list(items), context_length=self.context + 1)
        return tuple(bool(last) for last in longer[:, -1].tolist())


def load_bridge(spec: ModelSpec) -> Encoder:
    """Load the bundled bridge between pictures and text."""
    return Bridge()


def load_open_clip(spec: ModelSpec) -> Encoder:
    """Open a model of open_clip; `checkpoint` is a hub name, an architecture's "name@file", or "name:tag".

    Raises ModelUnavailableError where the weights are not on disk; nothing is fetched, no code is run.
    """
    ready_torch()
    import open_clip

    name, file = split_checkpoint(spec.checkpoint)
    architecture, _, tag = name.partition(":")
    if "/" in name:
        architecture, tag = f"hf-hub:{name}", ""
    if file is None:
        model = open_clip.create_model(
            architecture,
            pretrained=tag or None,
            require_pretrained=True,
            weights_only=True,
            **_dialect(architecture, tag),
        )
    else:
        model = open_clip.create_model(architecture, load_weights=False, **_dialect(architecture, tag))
        model.load_state_dict(fit(model, read_weights(file), name))
    return OpenClip(model, _tokenizer(architecture))


def _tokenizer(architecture: str) -> Any:
    """Open a model's own tokenizer; SigLIP's repository lacks the settings of a model that its library asks for."""
    import open_clip

    try:
        return open_clip.get_tokenizer(architecture)
    except OSError:
        from transformers import PreTrainedConfig

        return open_clip.get_tokenizer(architecture, config=PreTrainedConfig())


def _dialect(architecture: str, tag: str) -> dict[str, Any]:
    """Return how weights of this tag were trained: OpenAI's used another activation."""
    from open_clip import get_pretrained_cfg

    configuration = get_pretrained_cfg(architecture, tag) if tag else {}
    return {"force_quick_gelu": bool(configuration.get("quick_gelu", False))}
