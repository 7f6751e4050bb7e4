"""What a model is: one row of the catalogue, and the protocol of what its loader returns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from embeddings_core.spaces.vectors import FloatArray

Modality = Literal["word", "text", "image", "image-text", "tokens", "sparse", "reranker"]
STATIC = "Static embeddings"  # the family of sentence models without a network: no layers, no context
Role = Literal["query", "passage", "symmetric"]


class Encoder(Protocol):
    """Any callable that turns items into vectors: (n items) → (n, d) float32."""

    def __call__(self, items: Sequence[Any], /) -> FloatArray:
        """Encode all items in one call; the encoder sorts and batches them itself."""
        ...


@dataclass(frozen=True)
class Prompt:
    """What a model's authors put in front of a text, by its role; empty where they put nothing.

    `symmetric` is for texts that are compared with each other; None is the passage's.
    """

    query: str = ""
    passage: str = ""
    symmetric: str | None = None

    def of(self, role: Role) -> str:
        """Return what stands in front of a text in this role."""
        if role == "symmetric" and self.symmetric is not None:
            return self.symmetric
        return self.query if role == "query" else self.passage


class Source(Protocol):
    """Where the weights of a row come from; `sources.py` has one class for each kind of place."""

    @property
    def address(self) -> str:
        """What is asked whether it answers before a download begins; "" is the Hugging Face hub."""
        ...

    def on_disk(self, spec: "ModelSpec", /) -> bool:
        """Tell whether the weights of a row are on this computer; loads no library."""
        ...

    def folder(self, spec: "ModelSpec", /) -> Path:
        """Return the folder in which a download arrives."""
        ...

    def download(self, spec: "ModelSpec", /) -> tuple[str, ...]:
        """Return what `download_command` is asked for; nothing where a row is not to be fetched."""
        ...


@dataclass(frozen=True)
class ModelSpec:
    """One model: where its weights are, what it costs, how it is loaded.

    `load` takes this row, and the loaded encoders of its `parts` (ids of other rows) where it is built on others, and
    returns an Encoder; heavy libraries are imported inside it. `checkpoint` is what the family's own library calls the
    weights. `bundled` rows work with no download, others name the `source` of their weights. `extra` names the optional
    dependency group a row needs. `megabytes` is the size of the weights, `estimated` where it was not read off their own
    page. `dimensions` is 0 where the model decides when it is opened; `truncates_to` are the fewer dimensions that it was
    trained to be cut to (Kusupati et al. 2022, Matryoshka Representation Learning), none where it was not. `terms` is the
    address of a licence that has to be accepted before the download, `refused` says why a row is known but not offered. A
    `custom` row is not in the catalogue: somebody opened it by its name, and it gives way to the next ones.
    """

    id: str
    title: str
    family: str
    modality: Modality
    dimensions: int
    load: Callable[..., Encoder]
    checkpoint: str = ""
    bundled: bool = False
    extra: str = ""
    megabytes: float = 0.0
    estimated: bool = False
    licence: str = ""
    prompt: Prompt = Prompt()
    paper: str = ""
    note: str = ""
    source: Source | None = None
    parts: tuple[str, ...] = ()
    custom: bool = False
    truncates_to: tuple[int, ...] = ()
    terms: str = ""
    refused: str = ""

    @property
    def size(self) -> str:
        """Say how large the weights are: "about" where that is estimated, mostly from how many numbers they are."""
        return f"{'about ' if self.estimated else ''}{self.megabytes:,.0f} MB"
