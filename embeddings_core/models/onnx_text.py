"""MiniLM without torch: its graph written down here, run by onnxruntime or OpenVINO.

A fresh process has its first vector after a tenth of the time that the usual library needs. Nothing is
exported and nothing is cached: the graph is a page of operators, and the weights are the very bytes of
`model.safetensors`.
"""

import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from embeddings_core.vectors import FloatArray, IntArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Weights = dict[str, np.ndarray]
TOKENS_A_BATCH = 4_096  # larger batches leave the processor's cache: the same work, slower
LAYER_NORM_EPSILON = 1e-12


def read_safetensors(path: Path) -> Weights:
    """Map the tensors of a safetensors file into memory, without reading them yet.

    Format: 8 bytes of header length, a JSON header with data offsets, the raw numbers.
    """
    kinds = {"F32": np.float32, "I64": np.int64, "F16": np.float16, "I32": np.int32}
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header: dict[str, Any] = json.loads(file.read(length))
    content = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + length)
    tensors: Weights = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            tensors[name] = content[start:end].view(kinds[entry["dtype"]]).reshape(entry["shape"])
    return tensors


def initialisers(weights: Weights, *, layers: int) -> Weights:
    """Arrange the weights as the graph wants them: transposed, queries, keys and values side by side."""
    arranged: Weights = {
        "words": np.asarray(weights["embeddings.word_embeddings.weight"]),
        # every text is "sentence A", so its token type is one constant row
        "positions": weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0],
        "embed.scale": weights["embeddings.LayerNorm.weight"],
        "embed.shift": weights["embeddings.LayerNorm.bias"],
    }
    for layer in range(layers):
        there, here = f"encoder.layer.{layer}.", f"{layer}."
        heads = [f"{there}attention.self.{name}." for name in ("query", "key", "value")]
        arranged[f"{here}qkv"] = np.concatenate([weights[f"{head}weight"].T for head in heads], axis=1)
        arranged[f"{here}qkv.bias"] = np.concatenate([weights[f"{head}bias"] for head in heads])
        dense = (
            ("attention.output", "mix"),
            ("intermediate", "up"),
            ("output", "down"),
        )
        for source, name in dense:
            arranged[here + name] = weights[f"{there}{source}.dense.weight"].T
            arranged[f"{here}{name}.bias"] = weights[f"{there}{source}.dense.bias"]
        for source, name in (("attention.output", "mix"), ("output", "down")):
            arranged[f"{here}{name}.scale"] = weights[f"{there}{source}.LayerNorm.weight"]
            arranged[f"{here}{name}.shift"] = weights[f"{there}{source}.LayerNorm.bias"]
    return {name: np.ascontiguousarray(array) for name, array in arranged.items()}


def graph(arranged: Weights, *, layers: int, heads: int, inside: bool = False) -> bytes:
    """Write the BERT encoder (Devlin et al. 2019) with mean pooling as an ONNX model.

    `ids`, `mask` (texts, tokens) → `vectors` (texts, d), length 1. With `inside` the weights are part of the
    model; without, they are only named and handed to the session.
    """
    from onnx import TensorProto, helper, numpy_helper

    nodes: list[Any] = []

    def node(kind: str, inputs: list[str], output: str, *, domain: str = "", **attributes: Any) -> str:
        nodes.append(helper.make_node(kind, inputs, [output], domain=domain, **attributes))
        return output

    def skip_norm(state: str, skip: str, name: str) -> str:
        inputs = [state, skip, f"{name}.scale", f"{name}.shift", f"{name}.bias"]
        out = f"{name}.out"
        return node("SkipLayerNormalization", inputs, out, domain="com.microsoft", epsilon=LAYER_NORM_EPSILON)

    constants = {
        "zero": np.array([0], dtype=np.int64),
        "one": np.array([1], dtype=np.int64),
        "two": np.array([2], dtype=np.int64),
    }
    node("Cast", ["mask"], "mask32", to=TensorProto.INT32)
    node("Shape", ["ids"], "shape")
    node("Slice", ["shape", "one", "two", "zero"], "tokens")
    node("Slice", ["positions", "zero", "tokens", "zero"], "place")
    node("Gather", ["words", "ids"], "word")
    node("Add", ["word", "place"], "embedded")
    state = node(
        "LayerNormalization",
        ["embedded", "embed.scale", "embed.shift"],
        "embed.out",
        epsilon=LAYER_NORM_EPSILON,
    )
    for layer in range(layers):
        here = f"{layer}."
        inputs = [state, f"{here}qkv", f"{here}qkv.bias", "mask32"]
        node("Attention", inputs, f"{here}heads", domain="com.microsoft", num_heads=heads)
        node("MatMul", [f"{here}heads", f"{here}mix"], f"{here}mixed")
        state = skip_norm(f"{here}mixed", state, f"{here}mix")
        node("MatMul", [state, f"{here}up"], f"{here}wide")
        node("BiasGelu", [f"{here}wide", f"{here}up.bias"], f"{here}active", domain="com.microsoft")
        node("MatMul", [f"{here}active", f"{here}down"], f"{here}narrow")
        state = skip_norm(f"{here}narrow", state, f"{here}down")
    node("Cast", ["mask"], "weight", to=TensorProto.FLOAT)
    node("Unsqueeze", ["weight", "one"], "row")  # (texts, 1, tokens)
    node("MatMul", ["row", state], "sum3")  # the sum over real tokens; its length is divided out below
    node("Squeeze", ["sum3", "one"], "sum")
    node("LpNormalization", ["sum"], "vectors", axis=1, p=2)

    tensors = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    for name, array in arranged.items():
        if inside:
            tensors.append(numpy_helper.from_array(array, name))
            continue
        tensor = TensorProto(name=name, dims=array.shape, data_type=TensorProto.FLOAT)
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(
            key="location", value="given.bin"
        )  # never opened: the session gets the arrays
        tensors.append(tensor)
    size = arranged["words"].shape[1]
    pair = [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"]) for name in ("ids", "mask")]
    result = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", size])]
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(
        helper.make_graph(nodes, "minilm", pair, result, tensors), opset_imports=opsets, ir_version=9
    )
    return bytes(model.SerializeToString())


class Run(Protocol):
    """One batch through the network: ids, mask (texts, tokens) → vectors (texts, d)."""

    def __call__(self, ids: IntArray, mask: IntArray, /) -> FloatArray:
        """Run the network."""
        ...


def onnxruntime_run(arranged: Weights, *, layers: int, heads: int, threads: int) -> Run:
    """Open the graph in onnxruntime, float32."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry(
        "session.intra_op.allow_spinning", "0"
    )  # a server has other things to do
    options.log_severity_level = 3
    values = {name: onnxruntime.OrtValue.ortvalue_from_numpy(array) for name, array in arranged.items()}
    options.add_external_initializers(list(values), list(values.values()))
    session = onnxruntime.InferenceSession(
        graph(arranged, layers=layers, heads=heads), options, providers=["CPUExecutionProvider"]
    )

    def run(ids: IntArray, mask: IntArray, /) -> FloatArray:
        return np.asarray(session.run(None, {"ids": ids, "mask": mask})[0], dtype=np.float32)

    run.weights = values  # type: ignore[attr-defined] # the session borrows them
    return run


def openvino_run(arranged: Weights, *, layers: int, heads: int, threads: int) -> Run:
    """Open the graph in OpenVINO, which computes in bfloat16 where the processor can."""
    import openvino

    core = openvino.Core()
    model = core.read_model(graph(arranged, layers=layers, heads=heads, inside=True))
    hints = {
        "INFERENCE_NUM_THREADS": threads,
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_PRECISION_HINT": "bf16",
    }
    request = core.compile_model(model, "CPU", hints).create_infer_request()

    def run(ids: IntArray, mask: IntArray, /) -> FloatArray:
        request.infer({"ids": ids, "mask": mask})
        return np.array(request.get_output_tensor(0).data, dtype=np.float32)

    return run


def batches(lengths: Sequence[int], *, budget: int = TOKENS_A_BATCH) -> list[IntArray]:
    """Group texts of like length, longest first, so that little padding is computed.

    Returns rows a batch; a batch holds at most `budget` tokens, padding included.
    """
    order = np.argsort(-np.asarray(lengths, dtype=np.int64), kind="stable")
    groups: list[IntArray] = []
    start = 0
    while start < len(order):
        width = max(int(lengths[order[start]]), 1)
        stop = min(start + max(budget // width, 1), len(order))
        groups.append(order[start:stop])
        start = stop
    return groups


def encode(texts: Sequence[str], tokenizer: "Tokenizer", run: Run, *, dimensions: int) -> FloatArray:
    """Encode texts in the given order: (texts, d), rows of length 1."""
    vectors = np.empty((len(texts), dimensions), dtype=np.float32)
    tokens = [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts))]
    for rows in batches([len(ids) for ids in tokens]):
        width = len(tokens[rows[0]])
        ids = np.zeros((len(rows), width), dtype=np.int64)
        mask = np.zeros_like(ids)
        for place, row in enumerate(rows):
            ids[place, : len(tokens[row])] = tokens[row]
            mask[place, : len(tokens[row])] = 1
        vectors[rows] = run(ids, mask)
    return vectors
