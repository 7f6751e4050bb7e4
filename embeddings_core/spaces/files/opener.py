"""Open a file of word vectors, whatever its layout: word2vec, GloVe, fastText, the Embedding Projector's, NumPy's."""

from pathlib import Path

from embeddings_core.errors import BadInputError
from embeddings_core.limits import FILE_BYTES, VECTOR_WORDS
from embeddings_core.spaces.files import arrays, disk_cache, text
from embeddings_core.spaces.files.fasttext import looks_like_fasttext, read_fasttext
from embeddings_core.spaces.files.source import Source, Words, check_dimensions
from embeddings_core.spaces.files.word_vectors import WordVectors

HEAD = 2**18  # bytes: a first line, and a line of 4,096 numbers
PROGRAM_OBJECTS = (
    b"\x80\x02",
    b"\x80\x03",
    b"\x80\x04",
    b"\x80\x05",
    b"cnumpy",
    b"ccollections",
    b"(dp0",
    b"(lp0",
)


def open_vectors(
    path_or_bytes: str | Path | bytes,
    *,
    limit: int = VECTOR_WORDS,
    name: str | None = None,
    metadata: str | Path | bytes | None = None,
) -> WordVectors:
    """Open a file of word vectors, whatever its name, and return its words as an EmbeddingSet (words, d).

    Takes a path or the file's bytes: word2vec text or binary, GloVe, fastText .vec, .bin or .ftz with subwords, the
    Embedding Projector's tensors.tsv with its `metadata`, .npy, .npz; plain or packed by gzip. At most
    `limit` words are read, and `.notes` says so. Raises BadInputError for what is none of these, is damaged,
    or could run code. A large file on disk opens ten times as fast the second time.
    """
    if limit < 1:
        raise BadInputError("At least 1 word must be read.")
    given = bytes(path_or_bytes) if isinstance(path_or_bytes, (bytearray, memoryview)) else path_or_bytes
    if isinstance(given, bytes) and len(given) > FILE_BYTES:
        raise BadInputError(
            f"The file has {len(given) / 2**20:,.0f} MB; the limit is {FILE_BYTES // 2**20} MB."
        )
    source = Source(given)
    words = None if metadata is not None else disk_cache.recall(source, limit=limit)
    if words is None:
        words = _read(source, limit=limit, metadata=metadata)
        if metadata is None:
            disk_cache.keep(source, words, limit=limit)
    subwords = words.subwords[0] if words.subwords else None
    model = name or (source.path.name if source.path else "own vectors")
    return WordVectors(
        words.items, words.vectors, model, layout=words.layout, notes=words.notes, subwords=subwords
    )


def _read(source: Source, *, limit: int, metadata: str | Path | bytes | None) -> Words:
    head = source.head(HEAD)
    if not head.strip():
        raise BadInputError("The file is empty.")
    if head.startswith(PROGRAM_OBJECTS):
        raise BadInputError(arrays.OBJECTS)
    beside = metadata
    if beside is None and source.path is not None:
        beside = arrays.sibling_metadata(source.path)
    names = arrays.read_metadata(Source(beside)) if beside is not None else None
    if head.startswith(b"\x93NUMPY"):
        return arrays.read_npy(source, limit=limit, names=names)
    if head.startswith(b"PK\x03\x04"):
        return arrays.read_npz(source, limit=limit, names=names)
    if looks_like_fasttext(head):
        return read_fasttext(source, limit=limit)
    first, _, rest = head.partition(b"\n")
    announced = text.read_header(first) if len(first) < 64 and b"\t" not in first else None
    if announced:
        check_dimensions(announced[1])
        if not rest.strip():
            raise BadInputError("The file holds no vectors.")
        line = rest.partition(b"\n")[0]
        if text.numbers_in(line) >= announced[1] and b"\0" not in line:
            return text.read_text(source, limit=limit)
        return (
            text.read_binary(source, limit=limit)
            if b"\0" in rest or not _readable(rest)
            else _refuse(line, announced)
        )
    fields = first.split()
    if b"\0" in first or not fields:
        raise BadInputError(_UNKNOWN)
    numbers = text.numbers_in(first)
    if b"\t" in first and numbers == len(fields) - 1 and text.numbers_in(b"x " + fields[0]):
        return arrays.read_tensors(source, limit=limit, names=names)
    if numbers:
        return text.read_text(source, limit=limit)
    if len(first) == len(head):
        raise BadInputError("The file has a line longer than 1 MB; this is not a table of vectors.")
    raise BadInputError(_UNKNOWN)


_UNKNOWN = (
    "This is not a file of word vectors: its first line is neither a size nor a word with numbers. "
    "word2vec, GloVe, fastText, tensors.tsv, .npy and .npz can be opened."
)


def _readable(content: bytes) -> bool:
    """Tell text from numbers in binary: control characters do not stand in a text."""
    return not any(byte < 9 or 13 < byte < 31 for byte in content[:4096])


def _refuse(line: bytes, announced: tuple[int, int]) -> Words:
    found = text.numbers_in(line)
    raise BadInputError(
        f"The first line announces vectors of {announced[1]:,} numbers; line 2 has {found:,}. Correct it."
    )
