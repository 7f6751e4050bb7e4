"""word2vec text, GloVe and fastText .vec, and word2vec binary: checked by us, read by gensim."""

import logging
import re
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np

from embeddings_core.errors import BadInputError, requires
from embeddings_core.limits import VECTOR_LINE_BYTES
from embeddings_core.spaces.files.source import Source, Words, capped, check_dimensions
from embeddings_core.spaces.vectors import FloatArray

HEADER = re.compile(rb"\s*(\d{1,12})[ \t]+(\d{1,12})\s*")
INNER_SPACE = b"\x1f"  # stands for a space inside a word, as in GloVe's ". . .", while the library reads it
LONGEST_WORD = 1_000  # bytes; the C tool itself cuts at 50


def read_header(line: bytes) -> tuple[int, int] | None:
    """Return the announced (words, dimensions) of a first line, None where it is not such a line."""
    found = HEADER.fullmatch(line)
    return (int(found[1]), int(found[2])) if found else None


def numbers_in(line: bytes) -> int:
    """Count how many fields at the end of a line are numbers, the word itself not counted."""
    count = 0
    for field in reversed(line.split()[1:]):
        try:
            float(field)
        except ValueError:
            break
        count += 1
    return count


class Lines:
    """The lines of a text vector file, checked: each one word and d numbers.

    `number` is the line read last; `repaired` says that a line was not yet in the form that the library
    reads.
    """

    def __init__(self, file: IO[bytes], *, dimensions: int, announced: bool) -> None:
        self._file = file
        self._dimensions = dimensions
        self.number = 0
        self.repaired = False
        if announced:
            file.readline(VECTOR_LINE_BYTES)
            self.number = 1

    def __iter__(self) -> Iterator[bytes]:
        """Give each line in the form "word number … number"; raise BadInputError for one that is not a
        vector."""
        while line := self._file.readline(VECTOR_LINE_BYTES):
            self.number += 1
            # a line of one word and d numbers with single spaces needs nothing: that is nearly all of them
            if line.rstrip(b" \r\n").count(b" ") == self._dimensions and b"\t" not in line and line[0] != 32:
                yield line
                continue
            if len(line) == VECTOR_LINE_BYTES and not line.endswith(b"\n"):
                raise BadInputError(
                    f"Line {self.number:,} is longer than 1 MB; this is not a table of vectors."
                )
            self.repaired = True
            if line.strip():
                yield self._in_form(line)

    def _in_form(self, line: bytes) -> bytes:
        fields, numbers = line.split(), self._dimensions
        if numbers_in(b"x " + line) < numbers:
            raise BadInputError(
                f"Line {self.number:,} has {numbers_in(line):,} numbers, expected {numbers:,}; "
                "repair or remove it."
            )
        word = INNER_SPACE.join(fields[:-numbers]) or INNER_SPACE
        return b" ".join([word, *fields[-numbers:]]) + b"\n"


def read_text(source: Source, *, limit: int) -> Words:
    """Read a text file of word vectors, with or without a first line that announces its size.

    Every line is checked before the library sees it. Raises BadInputError for lines of other lengths, too few
    lines, numbers that are missing or infinite.
    """
    with source.open() as file:
        first = file.readline(VECTOR_LINE_BYTES)
        announced = read_header(first)
        sample = file.readline(VECTOR_LINE_BYTES) if announced else first
    if len(sample) == VECTOR_LINE_BYTES:
        raise BadInputError("The file has a line longer than 1 MB; this is not a table of vectors.")
    dimensions = announced[1] if announced else len(sample.split()) - 1
    check_dimensions(dimensions)
    with source.open() as file:
        lines = Lines(file, dimensions=dimensions, announced=announced is not None)
        total = sum(1 for _ in islice(lines, limit + 1))
    words = min(total, limit)
    if announced and announced[0] > total and total <= limit:
        raise BadInputError(
            f"The first line announces {announced[0]:,} words, the file holds {total:,}: it was cut off. "
            "Fetch it again, or correct the first line."
        )
    if not words:
        raise BadInputError("The file holds no vectors.")
    notes = []
    if total > limit:
        notes.append(capped(limit, announced[0] if announced and announced[0] > limit else None))
    elif announced and announced[0] < total:
        notes.append(
            f"The first line announces {announced[0]:,} words; the file holds {total:,}, and all are read."
        )
    # without a first line the library reads twice and forgets to close the file
    as_it_is = announced is not None and not lines.repaired and announced[0] >= words
    try:
        if as_it_is and source.readable:
            items, vectors = _by_gensim(source.readable, limit=words)
        else:
            with tempfile.TemporaryDirectory() as folder, source.open() as file:
                lines = Lines(file, dimensions=dimensions, announced=announced is not None)
                copy = Path(folder) / "vectors.txt"
                with copy.open("wb") as out:
                    out.write(f"{words} {dimensions}\n".encode())
                    out.writelines(islice(lines, words))
                items, vectors = _by_gensim(str(copy), limit=words)
    except ValueError as error:
        raise BadInputError(_fault(source, dimensions, announced is not None)) from error
    return _checked(items, vectors, "text", notes, read=words)


def _fault(source: Source, dimensions: int, announced: bool) -> str:
    """Find the line that the library could not read."""
    with source.open() as file:
        lines = Lines(file, dimensions=dimensions, announced=announced)
        for line in lines:
            if numbers_in(line) < dimensions:
                return f"Line {lines.number:,} holds something that is not a number; repair or remove it."
    return "The file holds a line that is not a word and its vector."


def read_binary(source: Source, *, limit: int) -> Words:
    """Read the binary layout of the word2vec tool; raise BadInputError where sizes do not agree with the
    file."""
    with source.open() as file:
        first = file.readline(64)
        announced = read_header(first)
        beginning = file.read(LONGEST_WORD + 2)
    assert announced is not None
    total, dimensions = announced
    check_dimensions(dimensions)
    words = min(total, limit)
    least = len(first) + words * (4 * dimensions + 2)
    if not words or b" " not in beginning.lstrip(b"\n"):
        raise BadInputError("The file announces word vectors, but what follows is not a word and its vector.")
    if not source.packed and least > source.size:
        raise BadInputError(
            f"The file announces {total:,} words of {dimensions:,} numbers and is too short for them: "
            "it was cut off or is damaged. Fetch it again."
        )
    try:
        with source.on_disk() if source.readable is None else nullcontext(source.readable) as place:
            items, vectors = _by_gensim(str(place), binary=True, limit=words)
    except (EOFError, ValueError, AssertionError, MemoryError) as error:
        raise BadInputError(
            "The file ends in the middle of a vector: it was cut off. Fetch it again."
        ) from error
    notes = [capped(limit, total)] if total > limit else []
    used = len(first) + sum(len(item.encode()) for item in items) + words * (4 * dimensions + 2)
    if not source.packed and total <= limit and source.size - used > 4 * dimensions + 2:
        notes.append(f"The file holds more than the {total:,} words that it announces; those were read.")
    return _checked(items, vectors, "binary", notes, read=words)


def _by_gensim(path: str, **options: Any) -> tuple[list[str], FloatArray]:
    requires("gensim")
    from gensim.models import KeyedVectors

    quiet_gensim()
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numbers too large become infinite, and are reported below
        read = KeyedVectors.load_word2vec_format(path, unicode_errors="replace", **options)
    items = [
        item for item in read.index_to_key if item is not None
    ]  # words that stand twice leave gaps at the end
    return items, read.vectors[: len(items)]


def quiet_gensim() -> None:
    """Keep gensim's remarks on single words out of the terminal; ours are in the notes."""
    logger = logging.getLogger("gensim")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())


def _checked(items: list[str], vectors: FloatArray, layout: str, notes: list[str], *, read: int) -> Words:
    bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(bad):
        first = items[bad[0]][:40]
        raise BadInputError(
            f'{len(bad):,} words have missing or infinite numbers (the first is "{first}"); remove them.'
        )
    space = INNER_SPACE.decode()
    items = [item.replace(space, " ") or "(empty)" for item in items]
    if read > len(items):
        notes.append(f"{read - len(items):,} words stand there more than once; the first of each is kept.")
    broken = sum("�" in item for item in items)
    if broken:
        notes.append(f"{broken:,} words hold letters that are not UTF-8; they show as �.")
    return Words(tuple(items), vectors, layout, tuple(notes))
