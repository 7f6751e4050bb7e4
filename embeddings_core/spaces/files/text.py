"""word2vec text, GloVe and fastText .vec, and word2vec binary: one word and its numbers a line or record."""

import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

from embeddings_core.errors import BadInputError, requires
from embeddings_core.limits import VECTOR_LINE_BYTES
from embeddings_core.spaces.files.form import MISSING, QUOTED, Form, is_number, numbers_in
from embeddings_core.spaces.files.source import Source, Words, capped, check_dimensions
from embeddings_core.spaces.texts import PAIRS
from embeddings_core.spaces.vectors import FloatArray

HEADER = re.compile(rb"\s*(\d{1,12})[ \t]+(\d{1,12})\s*")
LONGEST_WORD = 1_000  # bytes; the C tool itself cuts at 50
BLOCK = 2_000  # lines whose numbers are read at once


def read_header(line: bytes) -> tuple[int, int] | None:
    """Return the announced (words, dimensions) of a first line, None where it is not such a line."""
    found = HEADER.fullmatch(line)
    return (int(found[1]), int(found[2])) if found else None


@dataclass(frozen=True)
class Line:
    """One line of a text: its `number`, its word as bytes, its numbers with blanks between."""

    number: int
    word: bytes
    numbers: bytes


class Lines:
    """The lines of a text vector file, checked: each one word and d numbers, or d numbers alone.

    `with_numbers` holds the first line whose word ends with a number, which could be read otherwise.
    """

    def __init__(self, file: IO[bytes], *, form: Form, announced: bool) -> None:
        self._file, self._form = file, form
        self.number, self.with_numbers, self.several = 0, b"", 0
        for _ in range(form.above + (announced or form.titled)):
            self._pass_over()

    def _pass_over(self) -> None:
        """Read the next line that is not blank, and leave it out."""
        while line := self._file.readline(VECTOR_LINE_BYTES):
            self.number += line.endswith(b"\n")
            if line.strip():
                break

    def __iter__(self) -> Iterator[Line]:
        """Give each line; raise BadInputError for one that is not a vector."""
        plain = not self._form.comma and self._form.named
        blanks = self._form.dimensions - 1
        while line := self._file.readline(VECTOR_LINE_BYTES):
            self.number += 1
            if plain:  # a line of one word and d numbers with single spaces: nearly all of them
                word, _, numbers = line.partition(b" ")
                numbers = numbers.rstrip(b" \r\n")
                if (
                    word
                    and numbers.count(b" ") == blanks
                    and b"\t" not in line
                    and b"\v" not in line
                    and b"\f" not in line
                ):
                    yield Line(self.number, word, numbers)
                    continue
            if len(line) == VECTOR_LINE_BYTES and not line.endswith(b"\n"):
                raise BadInputError(
                    f"Line {self.number:,} is longer than 1 MB; this is not a table of vectors."
                )
            if line.strip():
                yield self._parted(line)

    def _parted(self, line: bytes) -> Line:
        expected, comma = self._form.dimensions, self._form.comma
        fields = line.split()
        if not self._form.named:
            cells = line.rstrip(b"\r\n").split(b"\t")
            if len(fields) < expected == len(cells):  # an empty cell between tabs is a missing number
                fields = [cell.strip() or b"nan" for cell in cells]
            for field in fields:
                if not is_number(field, comma=comma) and field.lower() not in MISSING:
                    raise BadInputError(
                        f"Line {self.number:,} holds something that is not a number; repair or remove it."
                    )
            if len(fields) != expected:
                raise BadInputError(
                    f"Line {self.number:,} has {len(fields):,} numbers, expected {expected:,}."
                )
            return Line(self.number, b"", self._pointed(fields))
        cells = line.rstrip(b"\r\n").split(b"\t")
        if len(cells) == expected + 1 and all(len(cell.split()) < 2 for cell in cells[1:]):
            return Line(
                self.number,
                cells[0].strip(b" "),
                self._pointed([cell.strip() or b"nan" for cell in cells[1:]]),
            )
        found = numbers_in(b"x " + line, comma=comma)
        if found < expected and not all(_holds(field, comma) for field in fields[-expected:]):
            raise BadInputError(
                f"Line {self.number:,} has {numbers_in(line, comma=comma):,} numbers, expected {expected:,}; "
                "repair or remove it."
            )
        if len(fields) < expected:
            raise BadInputError(
                f"Line {self.number:,} has {found:,} numbers, expected {expected:,}; repair or remove it."
            )
        bare = line.strip() if line[:1] not in (b" ", b"\t") else b" " + line.strip()
        word = b"" if len(fields) == expected else bare.rsplit(None, expected)[0].strip()
        if found > expected and b" " in word:
            self.several += 1
            self.with_numbers = self.with_numbers or (f'line {self.number:,}: "'.encode() + word[:60] + b'"')
        return Line(self.number, word, self._pointed(fields[-expected:]))

    def _pointed(self, fields: list[bytes]) -> bytes:
        if self._form.comma:
            fields = [field.replace(b",", b".") for field in fields]
        return b" ".join(b"nan" if field.lower() in MISSING else field for field in fields)


def _holds(field: bytes, comma: bool) -> bool:
    return is_number(field, comma=comma) or field.lower() in MISSING


def parsed(lines: list[Line], dimensions: int) -> FloatArray:
    """Read the numbers of lines, (lines, d); raise BadInputError that names the line where one is none."""
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):  # too large ones become infinite, and are counted
        warnings.simplefilter("error")
        try:
            table = np.fromstring(
                b" ".join(line.numbers for line in lines).decode("latin-1"), np.float32, sep=" "
            )
            if len(table) == len(lines) * dimensions:
                return table.reshape(len(lines), dimensions)
        except (ValueError, DeprecationWarning):
            pass
        rows = []
        for line in lines:
            fields = [b"nan" if field.lower() in MISSING else field for field in line.numbers.split()]
            if len(fields) != dimensions:
                raise BadInputError(
                    f"Line {line.number:,} has {len(fields):,} numbers, expected {dimensions:,}; repair or remove it."
                )
            if not all(map(is_number, fields)):
                raise BadInputError(
                    f"Line {line.number:,} holds something that is not a number; repair or remove it."
                )
            rows.append(np.array([float(field) for field in fields]).astype(np.float32))
        return np.stack(rows)


def read_text(
    source: Source, *, form: Form, limit: int, announced: tuple[int, int] | None, unique: bool = True
) -> Words:
    """Read a text file of word vectors, with or without a first line that announces its size.

    Every line is checked. Raises BadInputError for lines of other lengths and too few lines. With `unique` the words are
    `usable`; without it every row stays, for another file to name it.
    """
    dimensions, notes = form.dimensions, list(form.notes)
    check_dimensions(dimensions)
    items: list[bytes] = []
    tables: list[FloatArray] = []
    more = False
    with source.open() as file:
        lines = Lines(file, form=form, announced=announced is not None)
        block: list[Line] = []
        for line in lines:
            if len(items) + len(block) == limit:
                more = True
                break
            block.append(line)
            if len(block) == BLOCK:
                items += [each.word for each in block]
                tables.append(parsed(block, dimensions))
                block = []
        if block:
            items += [each.word for each in block]
            tables.append(parsed(block, dimensions))
    if not items:
        raise BadInputError("The file holds no vectors.")
    if announced and announced[0] > len(items) and not more:
        raise BadInputError(
            f"The first line announces {announced[0]:,} words, the file holds {len(items):,}: it was cut off. "
            "Fetch it again, or correct the first line."
        )
    if more:
        notes.append(capped(limit, announced[0] if announced and announced[0] > limit else None))
    elif announced and announced[0] < len(items):
        notes.append(
            f"The first line announces {announced[0]:,} words; the file holds {len(items):,}, and all are read."
        )
    vectors = np.concatenate(tables) if len(tables) > 1 else tables[0]
    if not form.named:
        return Words((), vectors, "numbers", tuple(notes), more=more)
    if lines.several:
        shown = lines.with_numbers.decode("utf-8", "replace")
        notes.append(
            f"{lines.several:,} words end with a number, because the last {dimensions:,} of a line are its vector ({shown})."
        )
    words = [
        word or "(empty)" for word in unquoted([item.decode("utf-8", "replace") for item in items], notes)
    ]
    found = Words(tuple(words), vectors, "text", tuple(notes), more=more)
    return usable(found) if unique else found


def usable(words: Words) -> Words:
    """Keep the first of equal words, leave out rows with missing or infinite numbers, and say how many; as `finite`."""
    items, vectors, notes = list(words.items), words.vectors, list(words.notes)
    groups = None if words.groups is None else list(words.groups)
    kept = sorted({item: row for row, item in reversed(list(enumerate(items)))}.values())
    if len(kept) < len(items):
        notes.append(
            f"{len(items) - len(kept):,} words stand there more than once; the first of each is kept."
        )
        items, vectors = [items[row] for row in kept], vectors[kept]
        groups = None if groups is None else [groups[row] for row in kept]
    return finite(items, vectors, words.layout, notes, groups=groups)


def unquoted(words: list[str], notes: list[str]) -> list[str]:
    """Take marks away where every word stands between the same ones, and quotation marks also around a phrase."""
    opening = words[0][:1]
    if opening != '"' and len(words) > 1 and (closing := PAIRS.get(opening)):
        inner = [word[1:-1] for word in words if len(word) > 2 and (word[0], word[-1]) == (opening, closing)]
        if len(inner) == len(words) and not any(closing in word for word in inner):
            notes.append(f"The marks {opening} {closing} around all words were taken away.")
            return inner
    marked = [QUOTED.fullmatch(word) is not None for word in words]
    every = all(marked)
    plain = [
        word[1:-1].replace('""', '"') if is_marked and (every or " " in word or '""' in word) else word
        for word, is_marked in zip(words, marked, strict=True)
    ]
    changed = sum(word != before for word, before in zip(plain, words, strict=True))
    if changed:
        notes.append(f"The quotation marks around {changed:,} words were taken away.")
    return plain


def finite(
    items: list[str], vectors: FloatArray, layout: str, notes: list[str], *, groups: list[str] | None = None
) -> Words:
    """Leave out rows with missing or infinite numbers, and say how many; raise BadInputError where none is left."""
    good = np.asarray(np.isfinite(vectors).all(axis=1))
    if not good.all():
        first = items[int(np.argmin(good))][:40]
        count = int(len(good) - good.sum())
        told = f'{count:,} rows have missing or infinite numbers (the first is "{first}")'
        if not good.any():
            raise BadInputError(f"{told}; no other is left.")
        notes = [*notes, f"{told}; they are left out."]
        rows = np.flatnonzero(good)
        items, vectors = [items[row] for row in rows], vectors[rows]
        groups = None if groups is None else [groups[row] for row in rows]
    broken = sum("�" in item for item in items)
    if broken:
        notes = [*notes, f"{broken:,} words hold letters that are not UTF-8; they show as �."]
    return Words(
        tuple(items), vectors, layout, tuple(notes), groups=None if groups is None else tuple(groups)
    )


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
    if words > len(items):
        notes.append(f"{words - len(items):,} words stand there more than once; the first of each is kept.")
    return finite([item or "(empty)" for item in items], vectors, "binary", notes)


def _by_gensim(path: str, **options: Any) -> tuple[list[str], FloatArray]:
    requires("gensim")
    from gensim.models import KeyedVectors

    quiet_gensim()
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # numbers too large become infinite, and are reported
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
