"""Rows of cross-encoders, which read a query and a text together: for the few best of a search."""

from embeddings_core.models.catalogue.places import HUB
from embeddings_core.models.rerankers import load_reranker
from embeddings_core.models.spec import ModelSpec

RERANKERS: tuple[ModelSpec, ...] = (
    ModelSpec(
        id="ms-marco-minilm",
        title="MiniLM cross-encoder (ms-marco-MiniLM-L6-v2)",
        family="Cross-encoder",
        modality="reranker",
        dimensions=0,
        load=load_reranker,
        checkpoint="cross-encoder/ms-marco-MiniLM-L6-v2",
        source=HUB,
        megabytes=90.9,
        licence="Apache-2.0",
        paper="Nogueira and Cho 2019, Passage Re-ranking with BERT",
        note="A reranker: it reads the query and one sentence together, so that their words see each other; it has no vectors.",
    ),
)
