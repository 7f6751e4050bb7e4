"""The one table you edit to add a model: a model is a row."""

from embeddings_core.models.spec import ModelSpec
from embeddings_core.models.text import load_minilm

MODELS: tuple[ModelSpec, ...] = (
    ModelSpec(
        id="minilm",
        title="MiniLM (all-MiniLM-L6-v2)",
        family="Sentence-BERT",
        modality="text",
        dimensions=384,
        load=load_minilm,
        checkpoint="sentence-transformers/all-MiniLM-L6-v2",
        bundled=True,
        megabytes=91.0,
        licence="Apache-2.0",
        paper="Wang et al. 2020, MiniLM; Reimers and Gurevych 2019, Sentence-BERT",
        note="Trained on a billion sentence pairs; reads words, phrases and sentences up to 256 tokens.",
    ),
)
