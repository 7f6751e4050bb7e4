"""Any network of torchvision or timm as an image encoder: ResNet50, Vision Transformers, DINOv2, your own
files.

A checkpoint is written "name" (weights from the library's own cache) or "name@file". Files are safetensors,
or torch files read without running what is in them.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.models.preprocessing import Preprocessing, batches, encoded, from_timm, from_torchvision
from embeddings_core.models.runtime import ready_torch
from embeddings_core.models.sources import torchvision_folder
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.models.vision import Stages
from embeddings_core.models.weights import fit, read_weights, split_checkpoint
from embeddings_core.spaces.vectors import FloatArray, frozen

HEADS = ("fc", "heads", "classifier", "head")  # what torchvision calls the layers after the features
OLD_DENSE = re.compile(
    r"^(.*denselayer\d+\.(?:norm|relu|conv))\.([12]\.)"
)  # how DenseNet's files name their parts
DEPTHS = ("encoder.layers", "blocks", "stages", "layers", "features")  # where networks keep their stages


class TorchNetwork:
    """A torch network as an image encoder: `features` makes vectors of prepared pixels, `head` scores of
    vectors.

    `classes` is how many classes it names, 0 for none. `model` is the library's own object.
    """

    def __init__(
        self,
        model: Any,
        preprocessing: Preprocessing,
        *,
        features: Callable[[Any], Any],
        head: Callable[[Any], Any] | None,
        classes: int,
    ) -> None:
        self.model = model.eval()
        self.preprocessing = preprocessing
        self.classes = classes
        self.parameters = sum(weight.numel() for weight in model.parameters())
        self._features, self._head = features, head

    def __call__(self, items: Sequence[Any], /) -> FloatArray:
        """Encode pictures in small batches: (n, d)."""
        return encoded(items, self.preprocessing, lambda pixels: self._run(pixels, scores=False))

    def logits(self, items: Sequence[Any], /) -> FloatArray:
        """Score ImageNet's classes: (n, 1000)."""
        return encoded(items, self.preprocessing, lambda pixels: self._run(pixels, scores=True))

    def _run(self, pixels: FloatArray, *, scores: bool) -> FloatArray:
        import torch

        with torch.inference_mode():
            vectors = self._features(torch.from_numpy(pixels))
            result = self._head(vectors) if scores and self._head is not None else vectors
            return np.asarray(result.float().numpy(), dtype=np.float32)

    def stages(self, items: Sequence[Any], /) -> Stages:
        """Average every channel (of a transformer: every token) after each stage, then the vector itself."""
        import torch

        modules = _stage_modules(self.model)
        seen: list[Any] = []
        hooks = [
            module.register_forward_hook(lambda _module, _inputs, output: seen.append(_pooled(output)))
            for _, module in modules
        ]
        rows: list[list[FloatArray]] = []
        try:
            with torch.inference_mode():
                for pixels in batches(items, self.preprocessing):
                    seen.clear()
                    vectors = self._features(torch.from_numpy(pixels))
                    rows.append([np.asarray(part.float().numpy()) for part in (*seen, vectors)])
        finally:
            for hook in hooks:
                hook.remove()
        parts = tuple(frozen(np.concatenate(column)) for column in zip(*rows, strict=True))
        return Stages((*(name for name, _ in modules), f"the vector, {parts[-1].shape[1]} numbers"), parts)


def _pooled(output: Any) -> Any:
    """Average (n, channels, height, width) or (n, tokens, d) to one row a picture; some keep channels
    last."""
    output = output[0] if isinstance(output, tuple) else output
    if output.ndim == 4:
        last = output.shape[1] == output.shape[2] != output.shape[3]
        return output.mean((1, 2)) if last else output.mean((2, 3))
    return output.mean(1) if output.ndim == 3 else output


def _stage_modules(model: Any) -> list[tuple[str, Any]]:
    named = dict(model.named_modules())
    layers = [
        (f"stage {number} of 4", named[f"layer{number}"])
        for number in range(1, 5)
        if f"layer{number}" in named
    ]
    if layers:
        return layers
    for place in DEPTHS:
        children = [child for _, child in named[place].named_children()] if place in named else []
        if len(children) > 1:
            return [
                (f"stage {number} of {len(children)}", child)
                for number, child in enumerate(children, start=1)
            ]
    raise BadInputError("This network has no stages that could be told apart; choose another one.")


def torchvision_file(weights: Any) -> str:
    """Return what torchvision calls the file of an entry of its list (`torchvision_weights`)."""
    return str(weights.url).rsplit("/", 1)[-1]


def torchvision_weights(name: str) -> Any:
    """Return torchvision's entry for a network's ImageNet weights: address, classes and transforms."""
    ready_torch()
    from torchvision.models import get_model_weights

    try:
        return get_model_weights(name.partition(":")[0])[name.partition(":")[2] or "DEFAULT"]
    except (ValueError, KeyError):
        raise BadInputError(
            f'There is no network called "{name[:80]}" in torchvision; check its name.'
        ) from None


def load_torchvision(spec: ModelSpec) -> Encoder:
    """Open a torchvision network with its head taken off; `checkpoint` is "resnet50:IMAGENET1K_V2" or
    "name@file".

    The transforms are the weights' own. Raises ModelUnavailableError where the weights are not on disk.
    """
    torch = ready_torch()
    name, file = split_checkpoint(spec.checkpoint)
    weights = torchvision_weights(name)
    file = file or torchvision_folder() / torchvision_file(weights)
    if not file.is_file():
        raise ModelUnavailableError(
            f"{spec.title} is not on this computer ({spec.size} to download). "
            "Download it, or choose a bundled model."
        )
    state = {OLD_DENSE.sub(r"\1\2", key): part for key, part in read_weights(file).items()}
    model = torchvision_network(name, state)
    model.load_state_dict(fit(model, state, name))
    place, head = last_layer(model)
    parent, _, child = place.rpartition(".")
    setattr(model.get_submodule(parent), child, torch.nn.Identity())
    linear = isinstance(head, torch.nn.Linear)
    return TorchNetwork(
        model,
        from_torchvision(weights.transforms()),
        features=model,
        head=head.eval() if linear else None,
        classes=len(head.weight) if linear else 0,
    )


def torchvision_network(name: str, state: dict[str, Any] | None) -> Any:
    """Make a torchvision network without weights, with as many classes as a checkpoint names (None: the usual)."""
    from torchvision.models import get_model

    own = {"init_weights": False} if name.startswith(("googlenet", "inception")) else {}
    own |= {"transform_input": True} if own else {}  # what their ImageNet weights were made with
    plain = name.partition(":")[0]
    if state is None:
        return get_model(plain, weights=None, **own)
    last = [key for key in state if key.split(".")[0] in HEADS and getattr(state[key], "ndim", 0) in (2, 4)]
    if not last:
        raise ModelUnavailableError("These weights do not belong to a network of torchvision.")
    model = get_model(plain, weights=None, num_classes=len(state[last[-1]]), **own)
    if name.startswith("googlenet") and not any(key.startswith("aux") for key in state):
        model.aux_logits, model.aux1, model.aux2 = False, None, None
    return model


def last_layer(model: Any) -> tuple[str, Any]:
    """Return the place and the layer that names the classes: the last matrix of what torchvision calls the head."""
    layers = [
        (place, layer)
        for place, layer in model.named_modules()
        if place.split(".")[0] in HEADS and getattr(getattr(layer, "weight", None), "ndim", 0) in (2, 4)
    ]
    return layers[-1]


def load_timm(spec: ModelSpec) -> Encoder:
    """Open a timm network with its head taken off; `checkpoint` is a hub name, a timm name, or "name@file".

    Pooling, pixels and colours are the model's own. Raises ModelUnavailableError where it is not on disk.
    """
    ready_torch()
    import timm

    name, file = split_checkpoint(spec.checkpoint)
    if file is not None:
        model = timm_network(name, state := read_weights(file))
        model.load_state_dict(fit(model, state, name))
    else:
        model = timm.create_model(f"hf-hub:{name}" if "/" in name else name, pretrained=True)
    classes = int(model.num_classes)
    return TorchNetwork(
        model,
        from_timm(timm.data.resolve_model_data_config(model)),
        features=lambda pixels: model.forward_head(model.forward_features(pixels), pre_logits=True),
        head=model.get_classifier() if classes else None,
        classes=classes,
    )


def timm_network(name: str, state: dict[str, Any] | None) -> Any:
    """Make a timm network without weights, with as many classes as a checkpoint names (None: the usual)."""
    import timm

    if state is None:
        return timm.create_model(name, pretrained=False)
    keys = ("head.weight", "classifier.weight", "fc.weight", "head.fc.weight")
    heads = [state[key] for key in keys if key in state]
    return timm.create_model(name, pretrained=False, num_classes=len(heads[0]) if heads else 0)
