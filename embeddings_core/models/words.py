"""Static word vectors as models: one vector a word, from files that gensim's catalogue names; and their mean."""

import contextlib
import zlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import cast

import numpy as np

from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.folders import cache_folder, make_room, written_whole
from embeddings_core.limits import WORD_FILES_BYTES
from embeddings_core.models.locked_encoder import LockedEncoder
from embeddings_core.models.sources import InstalledPackage, gensim_files
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.files.word_vectors import WordVectors
from embeddings_core.spaces.segmentation import words_in
from embeddings_core.spaces.vectors import FloatArray

AVERAGED = "Averaged word vectors"  # the family of models that take the mean of words
SMALL_LETTERS = "All words are in small letters."
NAMED = 5  # unknown words that a message names


class StaticWords:
    """A word space as an encoder: words → (n, d), the same vector in every sentence. `space` is what it
    reads."""

    def __init__(self, space: EmbeddingSet) -> None:
        self.space = (
            space if isinstance(space, WordVectors) else WordVectors(space.items, space.vectors, space.model)
        )

    def unknown(self, items: Sequence[str]) -> tuple[str, ...]:
        """Return the words that have no vector here, each once."""
        return tuple(dict.fromkeys(self.space.look_up(items)[1]))

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Return the vectors of words; raise BadInputError that names the unknown ones and the nearest
        spelling."""
        vectors, unknown = self.space.look_up(items)
        if unknown:
            raise BadInputError(_missing(unknown, self.space.items))
        return vectors


class AveragedWords:
    """The mean of a text's word vectors: texts → (n, d), whatever the order of the words.

    Words without a vector are skipped. With `blank` a text of such words only is a row of zeros, not an error.
    """

    def __init__(self, space: EmbeddingSet, *, blank: bool = False) -> None:
        self.words = StaticWords(space)
        self.blank = blank

    def left_out(self, items: Sequence[str]) -> tuple[str, ...]:
        """Return the words of texts that have no vector here and are skipped, each once."""
        return self.words.unknown([word for item in items for word in words_in(item)])

    def readable(self, items: Sequence[str]) -> tuple[str, ...]:
        """Return the texts of which at least one word has a vector here, in order."""
        unknown = set(self.left_out(items))
        return tuple(item for item in items if any(word not in unknown for word in words_in(item)))

    def __call__(self, items: Sequence[str], /) -> FloatArray:
        """Average. Raise BadInputError for a text of which no word is known, unless such texts may be blank."""
        vectors = np.zeros((len(items), self.words.space.dimensions), dtype=np.float32)
        for row, item in enumerate(items):
            # sorted: the same words give the same mean to the last bit, in whatever order they stand
            found, unknown = self.words.space.look_up(sorted(words_in(item)))
            if len(found):
                vectors[row] = found.mean(axis=0, dtype=np.float64)
            elif not self.blank:
                raise BadInputError(
                    f'No word of "{item[:60]}" is in this model ({len(unknown)} tried); leave the text out.'
                )
        return vectors


def load_static_words(spec: ModelSpec) -> Encoder:
    """Open word vectors from gensim's data folder by their catalogue name, or from a file.

    The program that gensim downloads beside the numbers is not run. Raises ModelUnavailableError where
    nothing was fetched.
    """
    return StaticWords(word_space(spec))


def load_packaged_words(spec: ModelSpec) -> Encoder:
    """Open the word vectors that an installed package carries; raise ModelUnavailableError where it is not installed."""
    return StaticWords(packaged_words(spec))


def load_mean_of_part(spec: ModelSpec, words: LockedEncoder) -> Encoder:
    """Average the word vectors of another row, which opens them once for both."""
    return AveragedWords(cast(StaticWords, words.inner).space)


def packaged_words(spec: ModelSpec) -> WordVectors:
    """Read a table of vectors (.npy, mapped from the disk) and its words (.parquet, one column) as plain data.

    The words of glove.6B stand in the order of their frequency, all in small letters. They are read once a process.
    """
    assert isinstance(spec.source, InstalledPackage)
    if not spec.source.on_disk(spec):
        raise ModelUnavailableError(spec.source.absent(spec))
    vectors, index = spec.source.paths()
    return _packaged(vectors, index, spec.title)


@lru_cache(maxsize=2)
def _packaged(vectors: Path, index: Path, title: str) -> WordVectors:
    table = np.load(vectors, mmap_mode="r", allow_pickle=False)
    words = _words_of(index, len(table))
    if table.ndim != 2 or table.dtype != np.float32 or len(words) != len(table):
        raise ModelUnavailableError(f"{title} could not be opened: its files do not fit each other.")
    return WordVectors(words, table, title, layout="NumPy, mapped from the disk", notes=(SMALL_LETTERS,))


def _words_of(index: Path, rows: int) -> tuple[str, ...]:
    """Read the words of a .parquet; as lines of plain text they are kept, which a later process reads in a third of the time."""
    found = index.stat()
    identity = f"{index.resolve()}|{found.st_size}|{found.st_mtime_ns}"
    kept = cache_folder() / "word-vectors" / f"{zlib.crc32(identity.encode()):08x}-{found.st_size}.words"
    words = kept_words(kept, identity)
    if words is not None and len(words) == rows:
        return words
    import pyarrow.parquet as pq

    batches = pq.ParquetFile(index).iter_batches()  # read_table would load pandas
    read = tuple(word for batch in batches for word in batch.column(0).to_pylist())
    if not any("\n" in word for word in read):
        body = "\n".join(read).encode()
        with (
            contextlib.suppress(OSError),
            written_whole(kept) as unready,
        ):  # a full or read-only disk is no error
            unready.write_bytes(f"{identity}|{zlib.crc32(body)}\n".encode() + body)
        make_room(kept.parent, WORD_FILES_BYTES, spared=kept)
    return read


def kept_words(file: Path, identity: str = "") -> tuple[str, ...] | None:
    """Return the words of a kept file; None where there is none, it is damaged, or it was made of something else."""
    try:
        told, _, body = file.read_bytes().partition(b"\n")
        made_of, _, sum_of_bytes = told.decode().rpartition("|")
        if sum_of_bytes != str(zlib.crc32(body)) or made_of != (identity or made_of):
            return None
        return tuple(body.decode().split("\n"))
    except (OSError, UnicodeDecodeError):
        return None


def word_space(spec: ModelSpec) -> WordVectors:
    """Return the word space of a row."""
    files = gensim_files(spec.checkpoint)
    if not files:
        raise ModelUnavailableError(
            f"{spec.title} is not on this computer ({spec.size}); download it first. "
            "The bundled word space works without."
        )
    from embeddings_core.spaces.files.opener import open_vectors

    return open_vectors(files[0], name=spec.id)


def load_mean_of_words(spec: ModelSpec) -> Encoder:
    """Average the vectors of the bundled word space."""
    from embeddings_core.spaces.vocabulary import load_vocabulary

    return AveragedWords(load_vocabulary())


def load_mean_of_download(spec: ModelSpec) -> Encoder:
    """Average the vectors of a downloaded word space."""
    return AveragedWords(word_space(spec))


def _missing(unknown: Sequence[str], known: Sequence[str]) -> str:
    names = ", ".join(f'"{word[:40]}"' for word in unknown[:NAMED]) + (" …" if len(unknown) > NAMED else "")
    import difflib

    near = difflib.get_close_matches(unknown[0].lower(), known[:50_000], n=1, cutoff=0.8)
    hint = (
        f' Did you mean "{near[0]}"?' if near else " Leave them out, or choose a model that reads any word."
    )
    return f"{len(unknown)} words have no vector in this model: {names}.{hint}"
