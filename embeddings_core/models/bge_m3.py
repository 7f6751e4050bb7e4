"""BGE M3 (Chen et al. 2024): beside one vector a text a weight for each word piece, and a vector for each token.

Both come from one linear layer each, saved beside the checkpoint (`sparse_linear.pt`, `colbert_linear.pt`), on the last state
of the network that also gives the one vector. The formulas are those of the paper and of its authors' library, FlagEmbedding.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np

from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.models.locked_encoder import LockedEncoder
from embeddings_core.models.minilm import batches
from embeddings_core.models.sentence_models import SentenceEncoder
from embeddings_core.models.sources import repository_folder
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.models.token_models import Tokens
from embeddings_core.models.weights import read_weights
from embeddings_core.spaces.vectors import FloatArray, frozen, unit

SPARSE, MULTIPLE = "sparse_linear.pt", "colbert_linear.pt"
LONGEST = 8_192  # tokens that it was trained to read
TOKENS_A_BATCH = 2_048


class M3Layer:
    """The network of BGE M3 with one linear layer (outputs, d) on its last state."""

    def __init__(self, dense: LockedEncoder, head: Path) -> None:
        self.dense = dense
        self.model: Any = cast(SentenceEncoder, dense.inner).model
        state = read_weights(head)
        try:
            self.weight = state["weight"].float().numpy()
            self.bias = state["bias"].float().numpy()
        except (KeyError, AttributeError) as error:
            raise ModelUnavailableError(
                f"{dense.spec.title}: {head.name} holds no linear layer; fetch the model again."
            ) from error
        if (
            self.weight.ndim != 2
            or self.bias.shape != self.weight.shape[:1]
            or self.weight.shape[1] != self.width
        ):
            raise ModelUnavailableError(
                f"{dense.spec.title}: {head.name} does not fit its network; fetch the model again."
            )

    @property
    def width(self) -> int:
        """Numbers in the last state of a token."""
        return int(self.model[0].get_embedding_dimension())

    def outputs(self, texts: Sequence[str]) -> tuple[tuple[list[int], FloatArray], ...]:
        """Read texts: the numbers of the pieces of each (tokens,), and what the layer says to them (tokens, outputs)."""
        import torch

        tokenizer, network = self.model.tokenizer, self.model[0].auto_model
        found: dict[int, tuple[list[int], FloatArray]] = {}
        with self.dense.lock, torch.inference_mode():
            limit = min(LONGEST, self.model.max_seq_length or LONGEST)
            ids = [tokenizer(str(text), truncation=True, max_length=limit)["input_ids"] for text in texts]
            for rows in batches([len(each) for each in ids], budget=TOKENS_A_BATCH):
                given = tokenizer.pad({"input_ids": [ids[row] for row in rows]}, return_tensors="pt")
                states = network(**given).last_hidden_state.float().numpy()
                for row, state in zip(rows.tolist(), states, strict=True):
                    # whichever side is padded
                    own = (
                        state[: len(ids[row])]
                        if tokenizer.padding_side == "right"
                        else state[-len(ids[row]) :]
                    )
                    found[row] = ids[row], own @ self.weight.T + self.bias
        return tuple(found[row] for row in range(len(texts)))

    def names(self, ids: Sequence[int]) -> list[str]:
        """Write word pieces as they are in the vocabulary."""
        return list(self.model.tokenizer.convert_ids_to_tokens(list(ids)))


class M3Tokens(M3Layer):
    """One vector a token: the layer on every token after the first mark, scaled to length 1; queries are read as passages are."""

    def read(self, texts: Sequence[str], *, role: Literal["query", "passage"]) -> tuple[Tokens, ...]:
        """Return the tokens that count in its authors' own score: the mark at the end does, that at the beginning does not."""
        return tuple(
            Tokens(str(text), tuple(self.names(ids[1:])), frozen(unit(outputs[1:])))
            for text, (ids, outputs) in zip(texts, self.outputs(texts), strict=True)
        )

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Return the mean of a text's token vectors, length 1 (n, d)."""
        return unit(np.stack([each.vectors.mean(axis=0) for each in self.read(items, role="passage")]))


class M3WordWeights(M3Layer):
    """One weight a word piece: what the layer gives where that is above 0, the largest of equal pieces, no marks."""

    def weights(self, texts: Sequence[str]) -> tuple[dict[str, float], ...]:
        """Return the weights of each text's pieces, in the order in which they stand."""
        tokenizer = self.model.tokenizer
        special = (
            tokenizer.cls_token_id,
            tokenizer.eos_token_id,
            tokenizer.pad_token_id,
            tokenizer.unk_token_id,
        )
        told = []
        for ids, outputs in self.outputs(texts):
            weighed: dict[int, float] = {}
            for piece, weight in zip(ids, outputs[:, 0].tolist(), strict=True):
                if piece not in special and weight > 0:
                    weighed[piece] = max(weight, weighed.get(piece, 0.0))
            told.append(dict(zip(self.names(list(weighed)), weighed.values(), strict=True)))
        return tuple(told)

    def score(self, query: str, texts: Sequence[str]) -> FloatArray:
        """Score texts by the pieces that they share with the query: the sum of the products of both weights, (n,)."""
        asked, *read = self.weights([query, *texts])
        shared = [sum(weight * each.get(piece, 0.0) for piece, weight in asked.items()) for each in read]
        return np.array(shared, dtype=np.float32)

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Raise BadInputError: weights of pieces are not drawn as a map."""
        raise BadInputError(
            "Word weights have a number for each word piece; they rank texts and make no map."
        )


def load_m3_tokens(spec: ModelSpec, dense: LockedEncoder) -> Encoder:
    """Put the layer for vectors of tokens on BGE M3, which is opened once for all its rows."""
    return M3Tokens(dense, _beside(spec, MULTIPLE))


def load_m3_word_weights(spec: ModelSpec, dense: LockedEncoder) -> Encoder:
    """Put the layer for word weights on BGE M3, which is opened once for all its rows."""
    return M3WordWeights(dense, _beside(spec, SPARSE))


def _beside(spec: ModelSpec, name: str) -> Path:
    """Return a file beside the checkpoint: in a folder, or in the newest snapshot of the hub's cache."""
    folder = Path(spec.checkpoint)
    if folder.is_dir():
        return folder / name
    found = sorted(
        repository_folder(spec.checkpoint).glob(f"snapshots/*/{name}"), key=lambda path: path.stat().st_mtime
    )
    return found[-1] if found else folder / name
