"""Word vectors of the catalogue (word2vec, GloVe, fastText) as spaces of static words."""

from dataclasses import dataclass
from typing import cast

from embeddings_core.models.downloads import on_disk
from embeddings_core.models.recent import recent
from embeddings_core.models.registry import find_model, list_models, load_encoder
from embeddings_core.models.sources import gensim_files
from embeddings_core.models.spec import ModelSpec
from embeddings_core.models.words import AveragedWords
from embeddings_core.models.words import StaticWords as StaticEncoder
from embeddings_core.spaces.files.uploads import open_on_disk
from embeddings_core.spaces.files.word_vectors import WordVectors
from embeddings_core.spaces.static_words import StaticWords

GLOVE = "glove-50"  # the row whose package is installed with the app


@dataclass(frozen=True)
class CatalogueWords(StaticWords):
    """The word vectors of a row of the catalogue, or those that a row averages; `id` is the row's."""

    def opened(self) -> WordVectors:
        """Return its words; raise ModelUnavailableError where they are not on this computer."""
        spec = find_model(self.id)
        for path in gensim_files(spec.checkpoint)[:1]:
            open_on_disk(path, name=spec.title)  # prepared in the worker, so that it opens at once here
        inner = load_encoder(spec).inner
        return (inner.words if isinstance(inner, AveragedWords) else cast(StaticEncoder, inner)).space


def downloads() -> tuple[ModelSpec, ...]:
    """Return the catalogue's rows of static words that can be fetched."""
    return tuple(spec for spec in list_models("word") if not spec.bundled)


def catalogue_spaces() -> tuple[CatalogueWords, ...]:
    """Return the spaces of the rows whose vectors are on this computer."""
    return tuple(CatalogueWords(spec.id, spec.title) for spec in list_models("word") if recent(on_disk, spec))


def glove_words() -> CatalogueWords | None:
    """Return GloVe's words, shown wherever static word vectors are spoken of; None where its package is not installed."""
    spec = find_model(GLOVE)
    return CatalogueWords(spec.id, spec.title) if recent(on_disk, spec) else None
