"""The BERT encoder written down as a graph of operators, and its weights read in place.

Nothing is exported and nothing is cached: the graph is a page of operators, and the weights are the very
bytes of `model.safetensors`.
"""

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

Weights = dict[str, np.ndarray]
LAYER_NORM_EPSILON = 1e-12
PACKED, SCALES = (
    ".packed",
    ".scales",
)  # of a matrix in four bits: (columns, blocks, 16 bytes), (columns, blocks)
STORED = ".stored"  # of a matrix as its file has it: (columns, rows)


def initialisers(weights: Weights, *, layers: int, stored: bool = False) -> Weights:
    """Arrange the weights as the graph wants them: transposed, queries, keys and values side by side.

    With `stored` matrices stay as they are, under their name with `STORED`: nothing is copied but queries, keys and values.
    """
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
        names = [f"{there}attention.self.{name}." for name in ("query", "key", "value")]
        matrices = {"qkv": np.concatenate([weights[f"{name}weight"] for name in names])}
        arranged[f"{here}qkv.bias"] = np.concatenate([weights[f"{name}bias"] for name in names])
        dense = (
            ("attention.output", "mix"),
            ("intermediate", "up"),
            ("output", "down"),
        )
        for source, name in dense:
            matrices[name] = weights[f"{there}{source}.dense.weight"]
            arranged[f"{here}{name}.bias"] = weights[f"{there}{source}.dense.bias"]
        for source, name in (("attention.output", "mix"), ("output", "down")):
            arranged[f"{here}{name}.scale"] = weights[f"{there}{source}.LayerNorm.weight"]
            arranged[f"{here}{name}.shift"] = weights[f"{there}{source}.LayerNorm.bias"]
        for name, matrix in matrices.items():
            arranged[f"{here}{name}{STORED}" if stored else here + name] = matrix if stored else matrix.T
    return {name: np.ascontiguousarray(array) for name, array in arranged.items()}


def _attention(node: Callable[..., str], state: str, at: str) -> None:
    """Let every token look at all tokens of its text, with all heads at once."""
    node("MatMul", f"{state} {at}qkv", f"{at}product")
    node("Add", f"{at}product {at}qkv.bias", f"{at}biased")
    node("Reshape", f"{at}biased split", f"{at}split")
    node("Transpose", f"{at}split", f"{at}turned", perm=[0, 2, 1, 3])  # (texts, 3 × heads, tokens, d / heads)
    node("Split", f"{at}turned", f"{at}q {at}k {at}v", axis=1)
    node("Transpose", f"{at}k", f"{at}kt", perm=[0, 1, 3, 2])
    node("MatMul", f"{at}q {at}kt", f"{at}raw")
    node("Mul", f"{at}raw narrow", f"{at}scores")
    node("Add", f"{at}scores hide", f"{at}masked")
    node("Softmax", f"{at}masked", f"{at}attention", axis=-1)
    node("MatMul", f"{at}attention {at}v", f"{at}context")
    node("Transpose", f"{at}context", f"{at}back", perm=[0, 2, 1, 3])
    node("Reshape", f"{at}back join", f"{at}joined")


def state_names(layers: int) -> tuple[str, ...]:
    """Name the states of the tokens, (texts, tokens, d) each: after the embedding and after every layer."""
    return ("embed.out", *(f"{layer}.down.out" for layer in range(layers)))


def attention_names(layers: int) -> tuple[str, ...]:
    """Name the attention of every layer, (texts, heads, tokens, tokens) each; a row sums to 1."""
    return tuple(f"{layer}.attention" for layer in range(layers))


def graph(
    arranged: Weights, *, layers: int, heads: int, fused: bool = False, given: Collection[str] = ()
) -> bytes:
    """Write the BERT encoder (Devlin et al. 2019) with mean pooling as an ONNX model.

    `ids`, `mask` (texts, tokens) → `vectors` (texts, d), length 1. Weights are part of the model, but those whose names are
    `given`: these are only named, and handed to the session. With `fused` attention is one operator, for OpenVINO, which then
    loses less in bfloat16; without, plain ones, for onnxruntime, where that one is slower. Then every layer's state and
    attention (`state_names`, `attention_names`) can be asked for too, in no more time. A matrix may also be there as its file
    has it, under its name with `STORED`, or in four bits, with `PACKED` and `SCALES`; the table of words may be left out
    and is then an input, `words` (rows, d).
    """
    from onnx import TensorProto, helper, numpy_helper

    nodes: list[Any] = []
    size = arranged["positions"].shape[1]

    def node(kind: str, inputs: str, output: str, *, domain: str = "", **attributes: Any) -> str:
        names = inputs.split()
        if (packed := arranged.get(f"{names[-1]}{PACKED}")) is not None:
            kind, domain = "MatMulNBits", "com.microsoft"
            names = [names[0], names[1] + PACKED, names[1] + SCALES]
            columns, blocks, half = packed.shape
            block = 2 * half
            attributes = {
                "N": columns,
                "K": blocks * block,
                "bits": 4,
                "block_size": block,
                "accuracy_level": 1,
            }
        elif f"{names[-1]}{STORED}" in arranged:
            kind, domain, attributes = "FusedMatMul", "com.microsoft", {"transB": 1}
            names = [names[0], names[1] + STORED]
        nodes.append(helper.make_node(kind, names, output.split(), domain=domain, **attributes))
        return output

    def norm(state: str, name: str) -> str:
        inputs = f"{state} {name}.scale {name}.shift"
        return node("LayerNormalization", inputs, f"{name}.out", epsilon=LAYER_NORM_EPSILON)

    constants = {
        "zero": np.array([0], dtype=np.int64),
        "one": np.array([1], dtype=np.int64),
        "two": np.array([2], dtype=np.int64),
        "middle": np.array([1, 2], dtype=np.int64),
        "split": np.array([0, 0, 3 * heads, size // heads], dtype=np.int64),
        "join": np.array([0, 0, size], dtype=np.int64),
        "masked_score": np.array(-1e9, dtype=np.float32),
        "full": np.array(1.0, dtype=np.float32),
        "narrow": np.array((size / heads) ** -0.5, dtype=np.float32),
    }
    node("Cast", "mask", "mask32", to=TensorProto.INT32)
    node("Cast", "mask", "real", to=TensorProto.FLOAT)
    node("Unsqueeze", "real middle", "real4")
    node("Sub", "full real4", "padding")
    node("Mul", "padding masked_score", "hide")  # (texts, 1, 1, tokens): padding gets no attention
    node("Shape", "ids", "shape")
    node("Slice", "shape one two zero", "tokens")
    node("Slice", "positions zero tokens zero", "place")
    node("Gather", "words ids", "word")
    node("Add", "word place", "embedded")
    state = norm("embedded", "embed")
    for layer in range(layers):
        at = f"{layer}."
        if fused:
            wanted = f"{state} {at}qkv {at}qkv.bias mask32"
            node("Attention", wanted, f"{at}joined", domain="com.microsoft", num_heads=heads)
        else:
            _attention(node, state, at)
        node("MatMul", f"{at}joined {at}mix", f"{at}mixed")
        node("Add", f"{at}mixed {at}mix.bias", f"{at}mixed.biased")
        node("Add", f"{at}mixed.biased {state}", f"{at}mixed.sum")
        state = norm(f"{at}mixed.sum", f"{at}mix")
        node("MatMul", f"{state} {at}up", f"{at}wide")
        node("BiasGelu", f"{at}wide {at}up.bias", f"{at}active", domain="com.microsoft")
        node("MatMul", f"{at}active {at}down", f"{at}narrow")
        node("Add", f"{at}narrow {at}down.bias", f"{at}narrow.biased")
        node("Add", f"{at}narrow.biased {state}", f"{at}narrow.sum")
        state = norm(f"{at}narrow.sum", f"{at}down")
    node("Unsqueeze", "real one", "row")  # (texts, 1, tokens)
    node("MatMul", f"row {state}", "sums")  # over real tokens; dividing by their number changes no direction
    node("Squeeze", "sums one", "sum")
    node("LpNormalization", "sum", "vectors", axis=1, p=2)

    tensors = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    for name, array in arranged.items():
        if name not in given:
            tensors.append(numpy_helper.from_array(array, name))
            continue
        tensor = TensorProto(
            name=name, dims=array.shape, data_type=helper.np_dtype_to_tensor_dtype(array.dtype)
        )
        tensor.data_location = TensorProto.EXTERNAL
        tensor.external_data.add(
            key="location", value="given.bin"
        )  # never opened: the session gets the arrays
        tensors.append(tensor)
    asked = [helper.make_tensor_value_info(name, TensorProto.INT64, ["n", "t"]) for name in ("ids", "mask")]
    if "words" not in arranged:
        asked.append(helper.make_tensor_value_info("words", TensorProto.FLOAT, ["rows", size]))
    result = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["n", size])]
    if not fused:
        for name in (*state_names(layers), *attention_names(layers)):
            result.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(
        helper.make_graph(nodes, "bert", asked, result, tensors), opset_imports=opsets, ir_version=9
    )
    return bytes(model.SerializeToString())
