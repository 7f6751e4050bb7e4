"""Sentence models to download: Sentence-BERT, E5, BGE, the Universal Sentence Encoder, plain BERT.

Prompts are the authors' own and are put in front of a text by `LockedEncoder.prompted`, nowhere else.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from embeddings_core.errors import MissingExtraError, ModelUnavailableError
from embeddings_core.models.downloads import check_name
from embeddings_core.models.runtime import ready_torch, translated
from embeddings_core.models.spec import Encoder, ModelSpec, Prompt
from embeddings_core.models.text import SentenceEncoder, load_sentence_model
from embeddings_core.spaces.vectors import FloatArray

NONE = Prompt()
E5 = Prompt(query="query: ", passage="passage: ")
BGE = Prompt(query="Represent this sentence for searching relevant passages: ")
USE_HANDLE = "https://tfhub.dev/google/universal-sentence-encoder/4"


def load_from_pickled_weights(spec: ModelSpec) -> Encoder:
    """Open a model that is published without safetensors: its .bin is read as numbers only, no object is
    made."""
    ready_torch()
    from sentence_transformers import SentenceTransformer

    where = spec.checkpoint
    if not Path(where).is_dir():
        check_name(where)
    wishes = {"use_safetensors": None, "weights_only": True}
    return SentenceEncoder(
        SentenceTransformer(where, device="cpu", local_files_only=True, model_kwargs=wishes)
    )


def load_plain_encoder(spec: ModelSpec) -> Encoder:
    """Open a bare transformer encoder and take the mean of its last layer's tokens: it was not trained for
    this."""
    ready_torch()
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer

    where = spec.checkpoint
    if not Path(where).is_dir():
        check_name(where)
    local = {"local_files_only": True}
    network = Transformer(
        where, model_kwargs={"use_safetensors": True, **local}, processor_kwargs=local, config_kwargs=local
    )
    pooling = Pooling(network.get_embedding_dimension(), pooling_mode="mean")
    return SentenceEncoder(SentenceTransformer(modules=[network, pooling], device="cpu"))


class UniversalSentenceEncoder:
    """Cer et al. 2018 through TensorFlow Hub: texts → (n, 512) float32; `model` is the loaded graph."""

    def __init__(self, model: Callable[[Sequence[str]], Any]) -> None:
        self.model = model

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Encode all texts in one call."""
        return np.asarray(self.model([str(item) for item in items]), dtype=np.float32)


def use_folder(handle: str = USE_HANDLE) -> Path:
    """Return where TensorFlow Hub keeps a model (`TFHUB_CACHE_DIR` decides): a folder named by its address's
    hash."""
    home = os.environ.get("TFHUB_CACHE_DIR") or Path(tempfile.gettempdir()) / "tfhub_modules"
    return Path(home) / hashlib.sha1(handle.encode(), usedforsecurity=False).hexdigest()


def load_universal(spec: ModelSpec, *, opener: Callable[[str], Any] | None = None) -> Encoder:
    """Open the original Universal Sentence Encoder from disk: `spec.checkpoint` is its address or a folder.

    `opener` takes the folder and returns the model; by default TensorFlow Hub's. Raises MissingExtraError
    without TensorFlow Hub, ModelUnavailableError where the model was not fetched.
    """
    folder = Path(spec.checkpoint) if Path(spec.checkpoint).is_dir() else use_folder(spec.checkpoint)
    if opener is None:
        try:
            import tensorflow_hub
        except ImportError:
            raise MissingExtraError("The Universal Sentence Encoder", "use") from None
        opener = tensorflow_hub.load
    if not (folder / "saved_model.pb").is_file():
        raise ModelUnavailableError(
            f"{spec.title} is not on this computer ({spec.megabytes:,.0f} MB); download it first, "
            "or choose its distilled form, which needs no extra packages."
        )
    with translated(spec.title):
        return UniversalSentenceEncoder(opener(str(folder)))


def _row(
    id: str, title: str, family: str, dimensions: int, checkpoint: str, megabytes: float, licence: str,
    paper: str, note: str, *, prompt: Prompt = NONE, load: Callable[[ModelSpec], Encoder] = load_sentence_model,
) -> ModelSpec:  # fmt: skip
    return ModelSpec(
        id=id, title=title, family=family, modality="text", dimensions=dimensions, load=load, checkpoint=checkpoint,
        megabytes=megabytes, licence=licence, prompt=prompt, paper=paper, note=note,
    )  # fmt: skip


SBERT_PAPER = "Reimers and Gurevych 2019, Sentence-BERT"
E5_PAPER = "Wang et al. 2022, Text Embeddings by Weakly-Supervised Contrastive Pre-training"
E5_MANY = "Wang et al. 2024, Multilingual E5 Text Embeddings"
BGE_PAPER = "Xiao et al. 2023, C-Pack"
E5_NOTE = 'Every text needs "query: " or "passage: " in front; cosines lie between 0.7 and 1.'
BGE_NOTE = "A query gets an instruction in front, a passage does not."

SENTENCE_MODELS: tuple[ModelSpec, ...] = (
    _row("mpnet", "MPNet (all-mpnet-base-v2)", "Sentence-BERT", 768, "sentence-transformers/all-mpnet-base-v2",
         438, "Apache-2.0", SBERT_PAPER, "The larger sister of MiniLM: better, five times slower."),
    _row("multi-qa-mpnet", "MPNet for questions (multi-qa)", "Sentence-BERT", 768,
         "sentence-transformers/multi-qa-mpnet-base-cos-v1", 438, "Apache-2.0", SBERT_PAPER,
         "Trained on 215 million pairs of question and answer."),
    _row("multilingual-minilm", "MiniLM, 50 languages", "Sentence-BERT", 384,
         "sentence-transformers/paraphrase-multilingual-MiniLM-L12-v2", 471, "Apache-2.0",
         "Reimers and Gurevych 2020, Making Monolingual Sentence Embeddings Multilingual",
         "The same sentence in two languages lands in one place."),
    _row("e5-small", "E5 small", "E5", 384, "intfloat/e5-small-v2", 134, "MIT", E5_PAPER, E5_NOTE, prompt=E5),
    _row("e5-base", "E5 base", "E5", 768, "intfloat/e5-base-v2", 438, "MIT", E5_PAPER, E5_NOTE, prompt=E5),
    _row("e5-large", "E5 large", "E5", 1024, "intfloat/e5-large-v2", 1340, "MIT", E5_PAPER, E5_NOTE, prompt=E5),
    _row("multilingual-e5-small", "E5 small, 94 languages", "E5", 384, "intfloat/multilingual-e5-small", 471,
         "MIT", E5_MANY, E5_NOTE, prompt=E5),
    _row("multilingual-e5-base", "E5 base, 94 languages", "E5", 768, "intfloat/multilingual-e5-base", 1110,
         "MIT", E5_MANY, E5_NOTE, prompt=E5),
    _row("bge-small", "BGE small", "BGE", 384, "BAAI/bge-small-en-v1.5", 133, "MIT", BGE_PAPER, BGE_NOTE, prompt=BGE),
    _row("bge-base", "BGE base", "BGE", 768, "BAAI/bge-base-en-v1.5", 438, "MIT", BGE_PAPER, BGE_NOTE, prompt=BGE),
    _row("bge-large", "BGE large", "BGE", 1024, "BAAI/bge-large-en-v1.5", 1340, "MIT", BGE_PAPER, BGE_NOTE,
         prompt=BGE),
    _row("bge-m3", "BGE M3, 100 languages", "BGE", 1024, "BAAI/bge-m3", 2270, "MIT", "Chen et al. 2024, BGE M3",
         "Reads up to 8,192 tokens; needs no instruction.", load=load_from_pickled_weights),
    _row("use-multilingual", "Universal Sentence Encoder, distilled, 50 languages", "Universal Sentence Encoder", 512,
         "sentence-transformers/distiluse-base-multilingual-cased-v2", 539, "Apache-2.0",
         "Yang et al. 2020, Multilingual Universal Sentence Encoder; Reimers and Gurevych 2020",
         "A DistilBERT that learnt to answer as the Universal Sentence Encoder does."),
    ModelSpec(
        id="use", title="Universal Sentence Encoder", family="Universal Sentence Encoder", modality="text",
        dimensions=512, load=load_universal, checkpoint=USE_HANDLE, extra="use", megabytes=1000,
        licence="Apache-2.0", paper="Cer et al. 2018, Universal Sentence Encoder",
        note="The original of 2018, an average of words and pairs of words put through a network.",
    ),
    _row("bert", "BERT (bert-base-uncased)", "BERT", 768, "google-bert/bert-base-uncased", 440, "Apache-2.0",
         "Devlin et al. 2019, BERT", "For words in context; as a mean of tokens it is a poor sentence model.",
         load=load_plain_encoder),
)  # fmt: skip
