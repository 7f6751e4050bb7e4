"""Word-vector files from outside: a visitor's upload, read in the worker; a large file beside the server, prepared there."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from embeddings_core import jobs
from embeddings_core.errors import EmbeddingsError
from embeddings_core.folders import entries_of
from embeddings_core.limits import FILE_BYTES, VECTOR_SECONDS, VECTOR_WORDS, WORKER_BYTES
from embeddings_core.spaces.files import disk_cache
from embeddings_core.spaces.files.metadata import HEAD, MARKED, belongs, is_metadata, names_among, pairs
from embeddings_core.spaces.files.opener import open_vectors
from embeddings_core.spaces.files.word_vectors import WordVectors
from embeddings_core.spaces.texts import clean_label

FOLDER = "EMBEDDINGS_VISUALIZER_VECTORS"  # a folder that whoever starts the server names
ENDINGS = (".bin", ".txt", ".vec", ".ftz", ".gz", ".tsv", ".csv", ".npy", ".npz", ".zip", "")
LISTED = 30  # files of that folder on the menu
Progress = Callable[[int], object]  # files done


@dataclass(frozen=True)
class VectorBatch:
    """What an upload held: (digest of its content, word space) pairs, and one sentence for each file left out."""

    spaces: tuple[tuple[str, WordVectors], ...]
    problems: tuple[str, ...] = ()


def read_vector_uploads(
    uploads: Sequence[tuple[str, bytes]], *, progress: Progress | None = None
) -> VectorBatch:
    """Read files of word vectors, each in the worker within its limits; takes pairs of (name, content).

    A file of names gives the vectors whose name it shares their words: x.tsv and x_labels.tsv, vecs.tsv and meta.tsv. What
    cannot be read is told in `problems`; the other files go through.
    """
    titles = [shown(name) for name, _ in uploads]
    contents = [content for _, content in uploads]
    metadata = names_among([(name, content[:HEAD]) for name, content in uploads])
    paired, alone = pairs(titles, metadata)
    if not paired:
        return VectorBatch(
            (), ("A metadata file holds names only; drop the file of vectors together with it.",)
        )
    spaces = []
    problems = [
        f'"{titles[row]}" holds names only, and no file of vectors here is called as it is; name the two alike.'
        for row in alone
    ]
    for done, (row, partner) in enumerate(paired.items(), start=1):
        content, names = contents[row], None if partner is None else contents[partner]
        guess = "" if partner is None or belongs(titles[partner], titles[row]) else titles[partner]
        try:
            if len(content) > FILE_BYTES:
                open_vectors(content)  # says the limit
            space = jobs.within(VECTOR_SECONDS, reading=True).run(
                open_vectors, content, name=titles[row], metadata=names, guess=guess
            )
            digest = hashlib.sha256(content + b"\0" + (names or b"")).hexdigest()[:24]
            spaces.append((digest, space))
        except EmbeddingsError as error:
            problems.append(f'"{titles[row]}": {error}')
        if progress is not None:
            progress(done)
    return VectorBatch(tuple(spaces), tuple(problems))


def shown(name: str) -> str:
    """Return the name of an uploaded file as it may be shown: no folders, no control characters."""
    return clean_label(PurePosixPath(name.replace("\\", "/")).name, unnamed="vectors")


def local_files() -> tuple[Path, ...]:
    """List the vector files of the folder that `EMBEDDINGS_VISUALIZER_VECTORS` names; empty where it names none."""
    return tuple(
        path
        for path in entries_of(FOLDER)
        if path.suffix.lower() in ENDINGS and path.is_file() and not _is_names(path)
    )[:LISTED]


def _is_names(path: Path) -> bool:
    with path.open("rb") as file:
        return MARKED.search(path.name.lower()) is not None and is_metadata(path.name, file.read(HEAD))


def open_on_disk(path: Path, *, name: str = "") -> WordVectors:
    """Open a file on this computer: read once in the worker, and mapped from what that left behind, or handed over.

    Raises BadInputError for damaged files, JobError where it takes too long.
    """
    title = name or path.name
    if (
        path.stat().st_size < WORKER_BYTES // 2
    ):  # a larger one would not fit the worker; only its pages in use are read
        words = jobs.within(VECTOR_SECONDS, heavy=True).run(prepare, str(path), title)
        if words is not None:
            return words
    return open_vectors(path, name=title)


def prepare(path: str, name: str) -> WordVectors | None:
    """Read a file so that it opens at once from then on; return its words where nothing was kept of it."""
    words = open_vectors(path, name=name)
    return None if disk_cache.is_kept(Path(path), limit=VECTOR_WORDS) else words
