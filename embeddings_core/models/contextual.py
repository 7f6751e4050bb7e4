"""Text encoders layer by layer: the hidden state of every token and the attention of every head."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np

from embeddings_core.errors import BadInputError, ModelUnavailableError, requires
from embeddings_core.models.bert_graph import attention_names, state_names
from embeddings_core.models.minilm import HEADS, LAYERS, MiniLM, OnnxRun, padded
from embeddings_core.models.registry import find_model, load_encoder
from embeddings_core.models.runtime import ready_torch, translated
from embeddings_core.models.sources import HUB_NAME, check_name
from embeddings_core.spaces.vectors import FloatArray

LONGEST = 512  # tokens; where a tokenizer names no limit this keeps attention (tokens² a head) small


@dataclass(frozen=True, eq=False)
class Reading:
    """What one network made of one text; padding is already gone.

    `layers` (layers, tokens, d) counts the embedding layer; `offsets` are (start, end) characters of each
    token, empty for the tokens that the model adds itself; `attentions` (layers - 1, heads, tokens, tokens)
    or None; `cut` says that the text was longer than the model reads, `embedded` (tokens, d) are rows of its
    word table.
    """

    tokens: tuple[str, ...]
    offsets: tuple[tuple[int, int], ...]
    layers: FloatArray
    embedded: FloatArray
    attentions: FloatArray | None
    cut: bool


class Reader(Protocol):
    """An encoder that gives hidden states and attention; `longest` is how many tokens it reads, `heads` are those of one layer."""

    longest: int

    @property
    def layer_names(self) -> tuple[str, ...]:
        """Names of the layers, the embedding layer first."""
        ...

    @property
    def heads(self) -> int:
        """Attention heads in each layer."""
        ...

    def read(self, texts: Sequence[str], *, attentions: bool = False) -> tuple[Reading, ...]:
        """Run texts through the network, all at once, and return one Reading each."""
        ...


class ContextualModel:
    """A transformer encoder of the usual library with its tokenizer, behind one lock.

    `network` and `tokenizer` are the library's own; use them only inside `with model.lock`.
    """

    def __init__(self, name: str, network: Any, tokenizer: Any) -> None:
        self.name = name
        self.network = network
        self.tokenizer = tokenizer
        self.lock = threading.RLock()
        if tokenizer.pad_token is None:  # models that only continue text have none
            tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
        tokenizer.padding_side = "right"
        positions = int(getattr(network.config, "max_position_embeddings", None) or LONGEST)
        pad = int(getattr(network.config, "pad_token_id", None) or 0)
        if network.config.model_type in ("roberta", "xlm-roberta", "camembert", "mpnet"):
            positions -= pad + 1  # their positions start after the padding's
        self.longest = min(int(tokenizer.model_max_length), positions, LONGEST)

    @property
    def layer_names(self) -> tuple[str, ...]:
        """Names of the layers, the embedding layer first."""
        depth = int(self.network.config.num_hidden_layers)
        return ("embedding", *(f"layer {number}" for number in range(1, depth + 1)))

    @property
    def heads(self) -> int:
        """Attention heads in each layer."""
        return int(self.network.config.num_attention_heads)

    def read(self, texts: Sequence[str], *, attentions: bool = False) -> tuple[Reading, ...]:
        """Run texts through the network, all at once, and return one Reading each."""
        import torch

        with self.lock, torch.inference_mode():
            batch = self.tokenizer(
                list(texts), return_tensors="pt", padding=True, truncation=True, max_length=self.longest,
                return_offsets_mapping=True, return_overflowing_tokens=False, verbose=False,
            )  # fmt: skip
            offsets = batch.pop("offset_mapping").numpy()
            tokens = [batch.encodings[row].tokens for row in range(len(texts))]
            overflow = [bool(batch.encodings[row].overflowing) for row in range(len(texts))]
            out = self.network(
                **batch, output_hidden_states=True, output_attentions=attentions, return_dict=True
            )
            layers = torch.stack(out.hidden_states).float().numpy()  # (layers, texts, tokens, d)
            table = self.network.get_input_embeddings()(batch["input_ids"]).float().numpy()
            heads = torch.stack(out.attentions).float().numpy() if attentions else None
            lengths = batch["attention_mask"].sum(1).tolist()
        readings = []
        for row, length in enumerate(lengths):
            spans = tuple((int(start), int(end)) for start, end in offsets[row, :length])
            readings.append(
                Reading(
                    tokens=tuple(tokens[row][:length]),
                    offsets=spans,
                    layers=np.ascontiguousarray(layers[:, row, :length]),
                    embedded=np.ascontiguousarray(table[row, :length]),
                    attentions=None
                    if heads is None
                    else np.ascontiguousarray(heads[:, row, :, :length, :length]),
                    cut=overflow[row],
                )
            )
        return tuple(readings)


class BundledReader:
    """The bundled MiniLM layer by layer: the network that makes its vectors, without torch.

    It shares the weights of `load_encoder("minilm")`; its tokenizer is its own and reads 512 tokens.
    """

    def __init__(self) -> None:
        requires("tokenizers")
        from tokenizers import Tokenizer

        self._encoder = load_encoder("minilm")
        inner = cast(MiniLM, self._encoder.inner)
        self.run, self.words = cast(OnnxRun, inner.run), inner.words
        self.longest, self.heads = LONGEST, HEADS
        self.layer_names = ("embedding", *(f"layer {number}" for number in range(1, LAYERS + 1)))
        self.tokenizer = Tokenizer.from_file(str(inner.folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(self.longest)

    def read(self, texts: Sequence[str], *, attentions: bool = False) -> tuple[Reading, ...]:
        """Run texts through the network, all at once, and return one Reading each."""
        wanted = (*state_names(LAYERS), *(attention_names(LAYERS) if attentions else ()))
        with self._encoder.lock:
            read = self.tokenizer.encode_batch(list(texts))
            ids, mask = padded([encoding.ids for encoding in read])
            out = self.run.ask(wanted, ids, mask)
        layers, heads = np.stack(out[: LAYERS + 1]), np.stack(out[LAYERS + 1 :]) if attentions else None
        return tuple(
            Reading(
                tokens=tuple(encoding.tokens),
                offsets=tuple(encoding.offsets),
                layers=np.ascontiguousarray(layers[:, row, : len(encoding.ids)]),
                embedded=np.asarray(self.words[encoding.ids], dtype=np.float32),
                attentions=None
                if heads is None
                else np.ascontiguousarray(heads[:, row, :, : len(encoding.ids), : len(encoding.ids)]),
                cut=bool(encoding.overflowing),
            )
            for row, encoding in enumerate(read)
        )


def contextual_model(model: str = "minilm") -> Reader:
    """Open an encoder for its layers, once a process.

    Takes a catalogue id, a folder with a transformer encoder in it, or the hub name of one that is on disk.
    Nothing is fetched, only safetensors are read, no code of the model is run. Raises BadInputError for what
    is no name, ModelUnavailableError where the files are missing or the model has no word pieces. The bundled
    model needs no torch.
    """
    return _bundled() if model == "minilm" else _open(model)


@lru_cache(maxsize=1)
def _bundled() -> BundledReader:
    return BundledReader()


@lru_cache(maxsize=1)  # 90 MB to 1.3 GB
def _open(model: str) -> ContextualModel:
    where = _where(model)
    ready_torch()
    requires("transformers")
    from transformers import AutoModel, AutoTokenizer

    with translated(f'The model "{model}"'):
        tokenizer = AutoTokenizer.from_pretrained(where, local_files_only=True, use_fast=True)
        # only the eager form of attention returns its weights
        network = AutoModel.from_pretrained(
            where, local_files_only=True, use_safetensors=True, attn_implementation="eager"
        )
        if network.config.is_encoder_decoder:
            network = network.get_encoder()
        network = network.float().eval()
    if not tokenizer.is_fast:
        raise ModelUnavailableError(
            f'"{model}" cannot say which piece stands for which letters; choose another text model.'
        )
    return ContextualModel(model, network, tokenizer)


def _where(model: str) -> str:
    if Path(model).is_dir():
        return model
    if "/" in model and ":" not in model:
        return check_name(model)
    spec = find_model(model)
    if spec.custom and spec.modality == "text":
        return spec.checkpoint
    if spec.modality != "text" or not HUB_NAME.fullmatch(spec.checkpoint):
        raise BadInputError(f"{spec.title} has no layers to look into; choose a text model.")
    return spec.checkpoint
