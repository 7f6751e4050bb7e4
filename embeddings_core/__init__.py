"""Embed words, sentences and images, look at the space they live in.

    import embeddings_core as ec

    space = ec.load_vocabulary()
    ec.nearest(space, "king", k=5).items

Importing this package loads numpy only; heavy libraries are loaded by the function that needs them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # what tools see; at run time a name is imported when it is first used
    from embeddings_core.analysis.algebra import Analogy as Analogy
    from embeddings_core.analysis.algebra import analogy as analogy
    from embeddings_core.analysis.algebra import axis as axis
    from embeddings_core.analysis.clustering import Clustering as Clustering
    from embeddings_core.analysis.clustering import kmeans as kmeans
    from embeddings_core.analysis.neighbours import Neighbours as Neighbours
    from embeddings_core.analysis.neighbours import nearest as nearest
    from embeddings_core.analysis.neighbours import overlap as overlap
    from embeddings_core.analysis.neighbours import similarity_matrix as similarity_matrix
    from embeddings_core.analysis.tokens import token_vectors as token_vectors
    from embeddings_core.errors import BadInputError as BadInputError
    from embeddings_core.errors import EmbeddingsError as EmbeddingsError
    from embeddings_core.errors import JobError as JobError
    from embeddings_core.errors import MissingExtraError as MissingExtraError
    from embeddings_core.errors import ModelUnavailableError as ModelUnavailableError
    from embeddings_core.errors import UnknownModelError as UnknownModelError
    from embeddings_core.export.notebook import show as show
    from embeddings_core.maps.out_of_sample import place as place
    from embeddings_core.maps.projection import Projection as Projection
    from embeddings_core.maps.projection import project as project
    from embeddings_core.maps.trust import trust as trust
    from embeddings_core.models.catalogue import MODELS as MODELS
    from embeddings_core.models.embed import embed as embed
    from embeddings_core.models.embed import embed_words as embed_words
    from embeddings_core.models.registry import list_models as list_models
    from embeddings_core.models.registry import load_encoder as load_encoder
    from embeddings_core.models.spec import Encoder as Encoder
    from embeddings_core.models.spec import ModelSpec as ModelSpec
    from embeddings_core.spaces.datasets import Dataset as Dataset
    from embeddings_core.spaces.datasets import word_list as word_list
    from embeddings_core.spaces.datasets import word_lists as word_lists
    from embeddings_core.spaces.embedding_set import EmbeddingSet as EmbeddingSet
    from embeddings_core.spaces.files.opener import open_vectors as open_vectors
    from embeddings_core.spaces.images import open_image as open_image
    from embeddings_core.spaces.texts import split_words as split_words
    from embeddings_core.spaces.vocabulary import load_vocabulary as load_vocabulary
    from embeddings_core.tables.embedding import embed_table as embed_table
    from embeddings_core.tables.reading import read_table as read_table
    from embeddings_core.tables.table import Table as Table

_HOME = {
    "MODELS": "models.catalogue",
    "list_models": "models.registry",
    "load_encoder": "models.registry",
    "embed": "models.embed",
    "embed_words": "models.embed",
    "load_vocabulary": "spaces.vocabulary",
    "nearest": "analysis.neighbours",
    "overlap": "analysis.neighbours",
    "similarity_matrix": "analysis.neighbours",
    "analogy": "analysis.algebra",
    "axis": "analysis.algebra",
    "project": "maps.projection",
    "place": "maps.out_of_sample",
    "trust": "maps.trust",
    "kmeans": "analysis.clustering",
    "open_vectors": "spaces.files.opener",
    "token_vectors": "analysis.tokens",
    "open_image": "spaces.images",
    "split_words": "spaces.texts",
    "word_list": "spaces.datasets",
    "word_lists": "spaces.datasets",
    "read_table": "tables.reading",
    "embed_table": "tables.embedding",
    "Table": "tables.table",
    "show": "export.notebook",
    "Dataset": "spaces.datasets",
    "EmbeddingSet": "spaces.embedding_set",
    "Projection": "maps.projection",
    "Neighbours": "analysis.neighbours",
    "Clustering": "analysis.clustering",
    "Analogy": "analysis.algebra",
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


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value  # the next look-up finds it at once
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
