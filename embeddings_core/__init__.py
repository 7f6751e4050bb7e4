"""Embed words, sentences and images, look at the space they live in.

    import embeddings_core as ec

    space = ec.load_vocabulary()
    ec.nearest(space, "king", k=5).items

Importing this package loads numpy only; heavy libraries are loaded by the function that needs them.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what tools see; at run time a name is imported when it is first used
    from embeddings_core.algebra import Analogy as Analogy
    from embeddings_core.algebra import analogy as analogy
    from embeddings_core.algebra import axis as axis
    from embeddings_core.clustering import Clustering as Clustering
    from embeddings_core.clustering import kmeans as kmeans
    from embeddings_core.context import token_vectors as token_vectors
    from embeddings_core.datasets import Dataset as Dataset
    from embeddings_core.datasets import word_list as word_list
    from embeddings_core.datasets import word_lists as word_lists
    from embeddings_core.embed import embed as embed
    from embeddings_core.embed import embed_words as embed_words
    from embeddings_core.embedding_set import EmbeddingSet as EmbeddingSet
    from embeddings_core.errors import BadInputError as BadInputError
    from embeddings_core.errors import EmbeddingsError as EmbeddingsError
    from embeddings_core.errors import JobError as JobError
    from embeddings_core.errors import MissingExtraError as MissingExtraError
    from embeddings_core.errors import ModelUnavailableError as ModelUnavailableError
    from embeddings_core.errors import UnknownModelError as UnknownModelError
    from embeddings_core.images import open_image as open_image
    from embeddings_core.models.catalogue import MODELS as MODELS
    from embeddings_core.models.runtime import list_models as list_models
    from embeddings_core.models.runtime import load_encoder as load_encoder
    from embeddings_core.models.spec import Encoder as Encoder
    from embeddings_core.models.spec import ModelSpec as ModelSpec
    from embeddings_core.neighbours import Neighbours as Neighbours
    from embeddings_core.neighbours import nearest as nearest
    from embeddings_core.neighbours import overlap as overlap
    from embeddings_core.neighbours import similarity_matrix as similarity_matrix
    from embeddings_core.projection import Projection as Projection
    from embeddings_core.projection import place as place
    from embeddings_core.projection import project as project
    from embeddings_core.texts import split_words as split_words
    from embeddings_core.trust import trust as trust
    from embeddings_core.vocabulary import load_vocabulary as load_vocabulary
    from embeddings_core.word_vectors import open_vectors as open_vectors

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
