"""The one table you edit to add a model: a model is a row."""

from embeddings_core.models.spec import ModelSpec

MODELS: tuple[ModelSpec, ...] = ()
