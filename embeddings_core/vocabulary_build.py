"""Rebuild the bundled word space: python -m embeddings_core.vocabulary_build (about 20 seconds).

Takes the whole words of MiniLM's own vocabulary (three letters or more, a to z), in its order, which is
roughly by how common they are; encodes each once; keeps 8 bits a number.
"""

import io
import zipfile
from pathlib import Path

import numpy as np

from embeddings_core.models.runtime import load_encoder
from embeddings_core.models.text import minilm_folder
from embeddings_core.vectors import FloatArray
from embeddings_core.vocabulary import VOCABULARY


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


def build(path: Path = VOCABULARY) -> None:
    """Encode the vocabulary with the real model and write the file."""
    words = vocabulary_words()
    vectors = load_encoder("minilm")(words)
    save_arrays(
        path, words=np.frombuffer("\n".join(words).encode("ascii"), dtype=np.uint8), rows=quantise(vectors)
    )


if __name__ == "__main__":
    build()
