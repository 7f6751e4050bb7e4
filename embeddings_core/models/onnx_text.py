"""MiniLM without torch: the graph of `bert_graph.py` run by onnxruntime or OpenVINO.

A fresh process has its first vector after a tenth of the time that the usual library needs.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from embeddings_core.models.bert_graph import Weights, graph
from embeddings_core.models.openvino_graph import bfloat16_request
from embeddings_core.spaces.vectors import FloatArray, IntArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

TOKENS_A_BATCH = 512  # larger batches leave the processor's cache: the same work, slower
SHORT, SHORT_A_BATCH = 8, 2_048  # OpenVINO's fixed cost a batch weighs on words: they go in larger ones


class Run(Protocol):
    """One batch through the network: ids, mask (texts, tokens) → vectors (texts, d)."""

    def __call__(self, ids: IntArray, mask: IntArray, /) -> FloatArray:
        """Run the network."""
        ...


class OnnxRun:
    """The graph in onnxruntime, float32: vectors of a batch, or its insides, from one copy of the weights."""

    def __init__(self, arranged: Weights, *, layers: int, heads: int, threads: int) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        # a server has other things to do
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._weights = {  # the session borrows them
            name: onnxruntime.OrtValue.ortvalue_from_numpy(array) for name, array in arranged.items()
        }
        options.add_external_initializers(list(self._weights), list(self._weights.values()))
        self._session = onnxruntime.InferenceSession(
            graph(arranged, layers=layers, heads=heads), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, ids: IntArray, mask: IntArray, /) -> FloatArray:
        """Run the network: ids, mask (texts, tokens) → vectors (texts, d)."""
        return np.asarray(self.ask(("vectors",), ids, mask)[0], dtype=np.float32)

    def ask(self, names: Sequence[str], ids: IntArray, mask: IntArray) -> list[FloatArray]:
        """Run the network and return the outputs of these names."""
        return list(self._session.run(list(names), {"ids": ids, "mask": mask}))


def openvino_run(arranged: Weights, *, layers: int, heads: int, threads: int) -> Run:
    """Open the graph in OpenVINO, which computes in bfloat16 where the processor can."""
    request = bfloat16_request(graph(arranged, layers=layers, heads=heads, inside=True), threads=threads)

    def run(ids: IntArray, mask: IntArray, /) -> FloatArray:
        request.infer({"ids": ids, "mask": mask})
        return np.array(request.get_output_tensor(0).data, dtype=np.float32)

    return run


def batches(lengths: Sequence[int], *, budget: int = TOKENS_A_BATCH, short: int = 0) -> list[IntArray]:
    """Group texts of like length, longest first, so that little padding is computed.

    Returns rows a batch; a batch holds at most `budget` tokens, padding included; one of texts of 8 tokens or fewer
    at most `short`, where that is more.
    """
    order = np.argsort(-np.asarray(lengths, dtype=np.int64), kind="stable")
    groups: list[IntArray] = []
    start = 0
    while start < len(order):
        width = max(int(lengths[order[start]]), 1)
        room = max(short, budget) if width <= SHORT else budget
        stop = min(start + max(room // width, 1), len(order))
        groups.append(order[start:stop])
        start = stop
    return groups


def encode(
    texts: Sequence[str], tokenizer: "Tokenizer", run: Run, *, dimensions: int, short: int = 0
) -> FloatArray:
    """Encode texts in the given order: (texts, d), rows of length 1; `short` as in `batches`."""
    vectors = np.empty((len(texts), dimensions), dtype=np.float32)
    tokens = [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts))]
    for rows in batches([len(ids) for ids in tokens], short=short):
        vectors[rows] = run(*padded([tokens[row] for row in rows]))
    return vectors


def padded(tokens: Sequence[Sequence[int]]) -> tuple[IntArray, IntArray]:
    """Put token numbers of texts into one table: ids and mask, (texts, longest); padding is 0 in both."""
    ids = np.zeros((len(tokens), max(map(len, tokens))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for place, row in enumerate(tokens):
        ids[place, : len(row)] = row
        mask[place, : len(row)] = 1
    return ids, mask
