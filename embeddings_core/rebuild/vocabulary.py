"""Rebuild the bundled word space: python -m embeddings_core.rebuild.vocabulary (about a minute).

Takes the whole words of MiniLM's own vocabulary (three letters or more, a to z), in its order, which is
roughly by how common they are; encodes each once; keeps 8 bits a number. Then records the film of the home
page: UMAP arranging about 1,800 of these words.
"""

import io
import json
import zipfile
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import numpy as np

from embeddings_core.folders import ASSETS
from embeddings_core.maps.home_film import HOME_FILM
from embeddings_core.maps.projection import project
from embeddings_core.models.minilm import minilm_folder
from embeddings_core.models.registry import load_encoder
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray, unit
from embeddings_core.spaces.vocabulary import VOCABULARY, load_vocabulary

FILM_WORDS_A_TOPIC = 105
CLEARLY = 0.04  # a word this much nearer to one topic than to the next belongs to it; others blur the islands
LEFT_OUT = "left out, for a room with children"


def vocabulary_words() -> tuple[str, ...]:
    """List the whole words of MiniLM's vocabulary with at least three letters, all of them a to z."""
    lines = (minilm_folder() / "vocab.txt").read_text(encoding="utf-8").splitlines()
    return tuple(word for word in lines if len(word) >= 3 and word.isascii() and word.isalpha())


def quantise(vectors: FloatArray) -> np.ndarray:
    """Keep 8 bits a number: each row (n, d) scaled so that its largest value is ±127.

    Rows of length 1 need no stored scale: the length gives it back.
    """
    scale = 127.0 / np.abs(vectors).max(axis=1, keepdims=True)
    return np.asarray(np.rint(vectors * scale), dtype=np.int8)


def save_arrays(path: Path, **arrays: np.ndarray) -> None:
    """Write arrays as .npz with fixed dates, so that the same content is the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.asanyarray(array), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (2020, 1, 1, 0, 0, 0)), content.getvalue())


def build_vocabulary(path: Path = VOCABULARY) -> None:
    """Encode the vocabulary with the real model and write the file."""
    words = vocabulary_words()
    vectors = load_encoder("minilm")(words)
    save_arrays(path, words=packed(words), rows=quantise(vectors))


def packed(lines: Iterable[str]) -> np.ndarray:
    """Turn lines of text into an array of bytes."""
    return np.frombuffer("\n".join(lines).encode(), dtype=np.uint8)


def topic_words(space: EmbeddingSet, *, each: int = FILM_WORDS_A_TOPIC) -> tuple[IntArray, tuple[str, ...]]:
    """Choose the words of the home page's map: rows and topics.

    The seeds of each list in `assets/topics.json`, then the words nearest to their mean, by cosine.
    A word goes to the topic it is clearly nearest to; a plural or another form of a chosen word is left out,
    so that the map shows many things and not one thing many times.
    """
    lists: dict[str, str] = json.loads((ASSETS / "topics.json").read_text(encoding="utf-8"))
    unwanted = set(lists.pop(LEFT_OUT).split())
    row_of = {word: row for row, word in enumerate(space.items)}
    seeds = {
        topic: [row_of[word] for word in words.split() if word in row_of] for topic, words in lists.items()
    }
    means = unit(np.stack([space.vectors[rows].mean(axis=0) for rows in seeds.values()]))
    scores = space.vectors.astype(np.float64) @ means.T.astype(
        np.float64
    )  # (words, topics), the same on every processor
    nearest_topic = scores.argmax(axis=1)
    second, first = np.partition(scores, -2, axis=1)[:, -2:].T
    clear = first - second >= CLEARLY
    taken = {row for rows in seeds.values() for row in rows}
    chosen: list[int] = []
    topics: list[str] = []
    for column, (topic, rows) in enumerate(seeds.items()):
        members = list(dict.fromkeys(rows))
        stems = {stem(space.items[row]) for row in members}
        for row in np.argsort(-scores[:, column], kind="stable"):
            word = space.items[row]
            if len(members) >= each:
                break
            if not clear[row] or nearest_topic[row] != column or int(row) in taken or word in unwanted:
                continue
            if stem(word) not in stems:
                members.append(int(row))
                stems.add(stem(word))
        chosen.extend(members)
        topics.extend([topic] * len(members))
    kept = np.sort(np.unique(chosen, return_index=True)[1])  # a seed of two lists stays in the first
    return np.asarray(chosen, dtype=np.int64)[kept], tuple(topics[place] for place in kept)


def stem(word: str) -> str:
    """Return the first five letters without a plural's s: forms of one word share it, most others do not."""
    return word.removesuffix("s")[:5] if len(word) > 3 else word


def build_home_film(path: Path = HOME_FILM) -> None:
    """Let UMAP organise the words of the home page and record its real keyframes."""
    space = load_vocabulary()
    rows, topics = topic_words(space)
    projection = project(space.take([int(row) for row in rows]), method="umap", dimensions=2, seed=0)
    names = tuple(dict.fromkeys(topics))
    made_by = (
        f"embeddings_core.rebuild.vocabulary: umap-learn {version('umap-learn')} from the PCA layout of "
        f"{len(rows)} words of the bundled space (cosine, seed 0); key states of the real run"
    )
    save_arrays(
        path,
        rows=rows.astype(np.int32),
        groups=np.array([names.index(topic) for topic in topics], dtype=np.uint8),
        group_names=packed(names),
        frames=projection.frames.astype(np.float32),
        frame_names=packed(projection.frame_names),
        made_by=packed([made_by]),
    )


if __name__ == "__main__":
    build_vocabulary()
    build_home_film()
