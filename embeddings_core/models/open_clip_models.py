"""Image-text models that open_clip opens: CLIP, SigLIP and their kin, from the hub, its own list, or a file of weights."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from embeddings_core.models.image_text import ImageTextModel
from embeddings_core.models.preprocessing import encoded, from_open_clip
from embeddings_core.models.runtime import ready_torch
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.models.weights import fit, read_weights, split_checkpoint
from embeddings_core.spaces.vectors import FloatArray, unit


class OpenClip(ImageTextModel):
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
