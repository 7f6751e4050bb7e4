"""Rows of models that keep one vector a token, for late interaction (Khattab and Zaharia 2020, ColBERT)."""

from embeddings_core.models.catalogue.places import HUB_NESTED
from embeddings_core.models.spec import ModelSpec
from embeddings_core.models.token_models import load_token_model


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
)  # fmt: skip
