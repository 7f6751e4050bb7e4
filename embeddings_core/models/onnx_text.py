"""MiniLM without torch: the graph of `bert_graph.py` run by onnxruntime or OpenVINO.

A fresh process has its first vector after a tenth of the time that the usual library needs.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from embeddings_core.models.bert_graph import Weights, graph
from embeddings_core.vectors import FloatArray, IntArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENS_A_BATCH = 512  # larger batches leave the processor's cache: the same work, slower


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
