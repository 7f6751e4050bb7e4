"""The recorded map of the home page: words of the bundled space finding their places."""

from functools import lru_cache

import numpy as np

from embeddings_core.damage import DAMAGE
from embeddings_core.errors import ModelUnavailableError
from embeddings_core.folders import ASSETS
from embeddings_core.maps.projection import Projection
from embeddings_core.maps.settings import settings
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vocabulary import MISSING, load_vocabulary, unpacked

HOME_FILM = ASSETS / "home_film.npz"
HOME_TRUST = 0.349  # what the recorded map keeps of each word's 5 nearest; a test measures it again


@lru_cache(maxsize=1)
def load_home_film() -> tuple[EmbeddingSet, Projection]:
    """Load the recorded map of the home page: about 1,800 words in topics (groups), and UMAP's keyframes.

    Raises ModelUnavailableError where a file is missing.
    """
    space = load_vocabulary()
    try:
        with HOME_FILM.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            names = unpacked(stored["group_names"])
            rows = stored["rows"].astype(np.int64)
            groups = tuple(names[group] for group in stored["groups"])
            frames, frame_names = stored["frames"], unpacked(stored["frame_names"])
            made_by = unpacked(stored["made_by"])[0].rpartition(": ")[2]
    except DAMAGE:
        raise ModelUnavailableError(MISSING) from None
    items = tuple(space.items[row] for row in rows)
    words = EmbeddingSet(items, space.vectors[rows], space.model, groups)
    used = settings("umap", len(items)).rows()
    film = Projection(frames, frame_names, "umap", "recorded", trust=HOME_TRUST, note=made_by, settings=used)
    return words, film
