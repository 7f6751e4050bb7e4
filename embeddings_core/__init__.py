"""Embed words, sentences and images, look at the space they live in.

    import embeddings_core as ec

    space = ec.load_vocabulary()
    ec.nearest(space, "king", k=5).items

Importing this package loads numpy only; heavy libraries are loaded by the function that needs them.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_HOME = {
    "MODELS": "models.catalogue",
    "list_models": "models.runtime",
    "load_encoder": "models.runtime",
    "embed": "embed",
    "embed_words": "embed",
    "load_vocabulary": "vocabulary",
    "nearest": "neighbours",
    "overlap": "neighbours",
    "similarity_matrix": "neighbours",
    "analogy": "algebra",
    "axis": "algebra",
    "project": "projection",
    "place": "projection",
    "trust": "trust",
    "kmeans": "clustering",
    "open_vectors": "word_vectors",
    "token_vectors": "context",
    "open_image": "images",
    "split_words": "texts",
    "word_list": "datasets",
    "word_lists": "datasets",
    "Dataset": "datasets",
    "EmbeddingSet": "embedding_set",
    "Projection": "projection",
    "Neighbours": "neighbours",
    "Clustering": "clustering",
    "Analogy": "algebra",
    "ModelSpec": "models.spec",
    "Encoder": "models.spec",
    "EmbeddingsError": "errors",
    "UnknownModelError": "errors",
    "MissingExtraError": "errors",
    "ModelUnavailableError": "errors",
    "BadInputError": "errors",
    "JobError": "errors",
}

__all__ = list(_HOME)


class _Package(ModuleType):
    """A package whose public functions are not hidden by the modules of the same name.

    Importing `embeddings_core.embed` would else put the module in the place of the function `ec.embed`.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value  # the next look-up finds it at once
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
