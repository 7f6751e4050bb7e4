"""Work out what the ready talk shows: python -m embeddings_core.rebuild.ready_talk (about a minute).

Encodes its texts and pictures with the bundled models, reads "bank" layer by layer, and records three maps of UMAP.
Everything is kept as it came from the models; the scenes are drawn from it when the talk begins.
"""

from importlib.metadata import version
from pathlib import Path

import numpy as np

from embeddings_core.analysis.rankers import words_of
from embeddings_core.analysis.tokens import token_vectors
from embeddings_core.maps.map_view import rotate_widest_across
from embeddings_core.maps.projection import project
from embeddings_core.models.image_text import encode_images, encode_texts
from embeddings_core.models.registry import load_encoder
from embeddings_core.pictures.embed import embed_images
from embeddings_core.rebuild.vocabulary import packed, save_arrays
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.talks.ready_vectors import (
    BALANCE,
    CAPTIONS,
    OCCURRENCES,
    PAIR,
    QUERY,
    SENTENCES,
    TALK,
    WORD,
    photographs,
    pictures,
)


def talk_texts() -> tuple[str, ...]:
    """List every text that MiniLM reads for the talk, each once."""
    words = [word for sentence in PAIR for word in words_of(sentence)]
    return tuple(dict.fromkeys([*words, *PAIR, *SENTENCES.items, QUERY]))


def image_text_set() -> EmbeddingSet:
    """Encode the photographs, then the captions, into the one space of the bridge."""
    files, bridge = photographs(), load_encoder("bridge")
    vectors = np.concatenate([encode_images(bridge, list(files)), encode_texts(bridge, CAPTIONS)])
    return EmbeddingSet((*(file.digest for file in files), *CAPTIONS), vectors, "bridge")


def picture_set() -> EmbeddingSet:
    """Encode photographs and digits by their looks."""
    files, model = pictures(), "efficientnet-lite0"
    vectors = embed_images(files, load_encoder(model), model=model).vectors
    return EmbeddingSet(tuple(file.digest for file in files), vectors, model)


def recorded(name: str, space: EmbeddingSet, *, balance: float = 0.5) -> dict[str, np.ndarray]:
    """Record UMAP on a set, from local (balance 0) to global (1), and return the arrays of the file."""
    film = rotate_widest_across(project(space, method="umap", seed=0, balance=balance))
    made_by = f"UMAP (umap-learn {version('umap-learn')}) of {len(space)} items, cosine, seed 0; key states of the run"
    return {
        f"{name}_items": packed(space.items),
        f"{name}_vectors": space.vectors.astype(np.float32),
        f"{name}_frames": film.frames.astype(np.float32),
        f"{name}_frame_names": packed(film.frame_names),
        f"{name}_made_by": packed([space.model, made_by]),
    }


def build_talk(path: Path = TALK) -> None:
    """Run the models and write the file."""
    texts, language = talk_texts(), load_encoder("minilm")
    found = token_vectors(OCCURRENCES.items, word=WORD)
    sentences = EmbeddingSet(SENTENCES.items, language(list(SENTENCES.items)), "minilm")
    save_arrays(
        path,
        texts=packed(texts),
        text_vectors=np.asarray(language(list(texts)), dtype=np.float32),
        word_vectors=found.vectors,
        word_static=found.static,
        layer_names=packed(found.layer_names),
        **recorded("sentences", sentences),
        **recorded("pictures", picture_set(), balance=BALANCE["pictures"]),
        **recorded("joint", image_text_set()),
    )


if __name__ == "__main__":
    build_talk()
