"""Rows of models that keep one vector a token, for late interaction (Khattab and Zaharia 2020, ColBERT), or one weight."""

from embeddings_core.models.bge_m3 import load_m3_tokens, load_m3_word_weights
from embeddings_core.models.catalogue.places import HUB_NESTED, M3_TOKENS, M3_WORDS
from embeddings_core.models.spec import ModelSpec
from embeddings_core.models.token_models import load_token_model

M3_PAPER = "Chen et al. 2024, BGE M3"


def _tokens(
    id: str,
    title: str,
    dimensions: int,
    checkpoint: str,
    megabytes: float,
    licence: str,
    paper: str,
    note: str,
) -> ModelSpec:
    return ModelSpec(
        id=id, title=title, family="ColBERT", modality="tokens", dimensions=dimensions, load=load_token_model,
        checkpoint=checkpoint, source=HUB_NESTED, megabytes=megabytes, licence=licence, paper=paper, note=note,
    )  # fmt: skip


TOKEN_MODELS: tuple[ModelSpec, ...] = (
    _tokens("colbert-small", "ColBERT small (answerai-colbert-small-v1)", 96, "answerdotai/answerai-colbert-small-v1", 134,
            "Apache-2.0", "Clavié 2024, JaColBERTv2.5", "English, 33 million numbers; the smallest of its kind."),
    _tokens("moderncolbert", "GTE ModernColBERT", 128, "lightonai/GTE-ModernColBERT-v1", 596, "Apache-2.0",
            "Chaffin and Sourty 2025, PyLate", "English; made from GTE ModernBERT."),
    ModelSpec(
        id="bge-m3-tokens", title="BGE M3, vectors of tokens", family="BGE", modality="tokens", dimensions=1024,
        load=load_m3_tokens, checkpoint="BAAI/bge-m3", source=M3_TOKENS, parts=("bge-m3",), megabytes=2270, licence="MIT",
        paper=M3_PAPER, note="100 languages; a layer on the same network that gives BGE M3's one vector.",
    ),
)  # fmt: skip

SPARSE_MODELS: tuple[ModelSpec, ...] = (
    ModelSpec(
        id="bge-m3-words", title="BGE M3, word weights", family="BGE", modality="sparse", dimensions=0,
        load=load_m3_word_weights, checkpoint="BAAI/bge-m3", source=M3_WORDS, parts=("bge-m3",), megabytes=2270, licence="MIT",
        paper=M3_PAPER, note="A weight for each word piece, learned instead of counted; texts score by the pieces that they share.",
    ),
)  # fmt: skip
