"""The names that a file beside a table of numbers gives its rows, and which file belongs to which."""

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from pathlib import Path, PurePosixPath

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.limits import UNPACKED_BYTES
from embeddings_core.spaces.files.form import NAMES, QUOTED, REPEATING, first_lines, form_of
from embeddings_core.spaces.files.source import Columns, Source, Words
from embeddings_core.spaces.texts import GUARDS, guards_in, without_guard

VECTORS_WORDS = r"tensors?|vectors?|vecs?|embeddings?|emb|values|data"
NAMES_WORDS = r"metadata|meta|labels?|names?|words?|vocab(?:ulary)?|tokens?|items?"
MARKED = re.compile(rf"(?:^|[^a-z])(?:{NAMES_WORDS})(?:$|[^a-z])")
PART = re.compile(rf"(?:(?<=[^a-z])|^)(?:{VECTORS_WORDS}|{NAMES_WORDS})(?=[^a-z]|$)|[^a-z0-9]+")
ENDING = re.compile(r"\.(?:tsv|csv|txt|vec|tab|bytes|npy|npz|bin|gz)")
BESIDE = (".tsv", ".csv", ".txt")  # endings of a file of names
CONFIGURATION = "projector_config.json"  # of the Embedding Projector: which files belong together
GROUP = "group"  # the title of a column of groups
HEAD = 2**16  # bytes that tell names from numbers
COLUMNS = 20  # that can be chosen as names or groups
REASON = re.compile(r'[\s,;]|""')  # in a cell: why it stands between quotation marks
MARKS_TAKEN = "The quotation marks around {} of the metadata were taken away."
OVER_LINES = "Cells of the metadata stand in quotation marks over several lines; each is read as one."


Fitted = tuple[
    tuple[str, ...], tuple[tuple[str, ...], ...], list[str]
]  # titles, the cells of each row, remarks


@dataclass(frozen=True)
class Metadata:
    """The rows of a file of names, as cells; `several` where it has more columns than one, and so a line of titles.

    `notes` say how it was read, `others` are other readings, for where this one does not fit the vectors. `guess` is the name of
    a file that only came with the vectors: nothing in it says that it names them.
    """

    rows: tuple[tuple[str, ...], ...]
    several: bool = False
    sure: bool = False  # that the first line holds titles
    notes: tuple[str, ...] = ()
    others: "tuple[Metadata, ...]" = ()
    guess: str = ""

    @property
    def likely_rows(self) -> int:
        """How many rows it names if it is as the Embedding Projector writes it."""
        rows = _without_empty_end(self.rows)
        return len(rows) - self.several

    @property
    def possible_rows(self) -> tuple[int, ...]:
        """How many rows it may name, the likeliest first: what looks like a title can be a name, the last lines empty."""
        titled = self.several or self.rows[0][0].strip().lower() in NAMES
        lines = (len(_without_empty_end(self.rows)), len(self.rows))
        ordered = [count - skipped for skipped in dict.fromkeys((titled, False)) for count in lines]
        ordered += [count for other in self.others for count in other.possible_rows]
        return tuple(dict.fromkeys(count for count in ordered if count > 0))

    def fitted(self, count: int) -> "Fitted | None":
        """Return titles, the rows' cells and remarks for `count` vectors; None where no reading fits them.

        One column has no title and several have one, unless the count says otherwise; empty lines at the end count only
        where they are needed.
        """
        titled = self.several or self.rows[0][0].strip().lower() in NAMES
        found = self._with(count, titled)
        for other in self.others:
            found = found or other.fitted(count)
        return found or (None if self.sure else self._with(count, not titled))

    def _with(self, count: int, titled: bool) -> "Fitted | None":
        for rows in (self.rows, _without_empty_end(self.rows)):
            body = rows[1:] if titled else rows
            if len(body) != count:
                continue
            notes = list(self.notes)
            if titled and not self.several:
                notes.append(f'The first line of the metadata, "{rows[0][0][:40]}", is taken as its title.')
            if not titled and self.several:
                notes.append("The metadata has no line of titles: every line is taken as a row.")
            if len(rows) < len(self.rows):
                notes.append("Empty lines at the end of the metadata do not count.")
            return (rows[0] if titled else ()), body, notes
        return None


def _without_empty_end(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    end = len(rows)
    while end > 1 and not any(cell.strip() for cell in rows[end - 1]):
        end -= 1
    return rows[:end]


def read_metadata(source: Source) -> Metadata:
    """Read a file of names: a column, or several between tabs (or, with a title line, commas or semicolons)."""
    with source.open() as file:
        text = file.read(UNPACKED_BYTES).decode("utf-8", errors="replace")
    # not splitlines: names hold other characters that it takes for line ends
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n")
    separator = separator_of(lines)
    others = [found for sign in "\t,;" if '"' in text and (found := _over_lines(text, sign))]
    if separator in (",", ";"):
        rows = tuple(tuple(next(csv.reader([line], delimiter=separator), ("",))) for line in lines)
        others.append(_read(tuple((line,) for line in lines), ""))  # names hold commas, too
    else:
        rows = tuple(tuple(line.split(separator)) if separator else (line,) for line in lines)
    return replace(_read(rows, separator), others=tuple(others))


def _read(rows: tuple[tuple[str, ...], ...], separator: str) -> Metadata:
    columns = separator in (",", ";")
    found, count = (rows, 0) if columns else without_marks(rows)
    notes = (MARKS_TAKEN.format(f"{count:,} cell{'s' if count > 1 else ''}"),) if count else ()
    return Metadata(found, several=bool(separator) and len(found[0]) > 1, notes=notes, sure=columns)


def _over_lines(text: str, separator: str) -> Metadata | None:
    """Read cells between quotation marks whole, over several lines; None where none stands so, or a mark is never closed."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error:
        return None
    while rows and not any(rows[-1]):
        rows.pop()
    if not any("\n" in cell for row in rows for cell in row) or len(set(map(len, rows))) > 1:
        return None
    several = len(rows[0]) > 1
    if separator != "\t" and not (several and NAMES & {title.strip().lower() for title in rows[0]}):
        return None
    flat = tuple(tuple(" ".join(cell.split()) if "\n" in cell else cell for cell in row) for row in rows)
    return Metadata(flat, several=several, notes=(OVER_LINES,), sure=separator != "\t")


def without_marks(rows: Sequence[tuple[str, ...]]) -> tuple[tuple[tuple[str, ...], ...], int]:
    """Take quotation marks away from around cells, and count them: where all cells of a column have them, or where there is a
    reason for them, as a blank, a comma or a doubled mark. A word between marks among others without is itself.

    >>> without_marks([('"cat"',), ("dog",), ('"New York"',)])
    ((('"cat"',), ('dog',), ('New York',)), 1)
    """
    width = max(map(len, rows), default=0)
    every = []
    for place in range(width):
        cells = [row[place] for row in (rows[1:] or rows) if len(row) > place and row[place]]
        every.append(bool(cells) and all(map(QUOTED.fullmatch, cells)))
    count = 0

    def plain(cell: str, all_marked: bool) -> str:
        nonlocal count
        if not QUOTED.fullmatch(cell) or not (all_marked or REASON.search(cell[1:-1])):
            return cell
        count += 1
        return cell[1:-1].replace('""', '"')

    found = tuple(tuple(plain(cell, every[place]) for place, cell in enumerate(row)) for row in rows)
    return found, count


def separator_of(lines: Sequence[str]) -> str:
    """Return what separates the columns of a file of names; "" where it has one column."""
    if "\t" in lines[0]:
        return "\t"
    first = lines[0].lower()
    for (
        sign
    ) in ",;":  # names hold commas too: only where the first line names a column, and all lines have as many
        titles = [cell.strip().strip('"') for cell in first.split(sign)]
        if len(titles) > 1 and NAMES & set(titles):
            counts = {len(next(csv.reader([line], delimiter=sign))) for line in lines[:200] if line.strip()}
            if counts == {len(titles)}:
                return sign
    return ""


def named(words: Words, metadata: Metadata | None, *, rows: int | None = None) -> Words:
    """Give rows of numbers their names: `metadata`'s, or their numbers where there is none.

    `rows` is how many the file has where not all were read. Rows with missing or infinite numbers are left out and counted.
    Raises BadInputError where the counts differ.
    """
    from embeddings_core.spaces.files.text import finite

    count = len(words.vectors)
    notes, columns = list(words.notes), Columns()
    if metadata is None:
        notes.append("The file holds no names; the rows are numbered.")
        items = [f"row {number}" for number in range(1, count + 1)]
        groups = None if words.groups is None else list(words.groups)
    else:
        found = fitting(words, metadata, rows=rows)
        if found is None and metadata.guess:
            return named(replace(words, notes=(*notes, not_names(metadata))), None)
        if found is None:
            raise BadInputError(
                f"There are {metadata.likely_rows:,} names for {count if rows is None else rows:,} vectors; give one for each."
            )
        titles, cells, told = found
        items, groups, columns, chosen = _chosen(titles, cells[:count])
        notes += [
            *told,
            *chosen,
            *([f'The names come from "{metadata.guess[:60]}".'] if metadata.guess else []),
        ]
    usable = finite(items, words.vectors, words.layout, notes, groups=groups)
    if len(usable.items) < count:
        good = np.asarray(np.isfinite(words.vectors).all(axis=1))
        columns = tuple((title, tuple(compress(kept, good))) for title, kept in columns)
    return replace(usable, subwords=words.subwords, columns=columns)


def not_names(metadata: Metadata) -> str:
    """Say that a file which came with the vectors is not used."""
    return (
        f'"{metadata.guess[:60]}" was not used: nothing says that it names the rows, as metadata.tsv would.'
    )


def fitting(words: Words, metadata: Metadata, *, rows: int | None = None) -> Fitted | None:
    """Return the reading of a file of names that fits these vectors, of which the file may have had more; None without one."""
    count = len(words.vectors)
    if rows is None:  # of a file that was not read to its end nobody counted the rows
        rows = metadata.likely_rows if words.more and metadata.likely_rows > count else count
    return metadata.fitted(rows)


def _chosen(
    titles: tuple[str, ...], cells: tuple[tuple[str, ...], ...]
) -> tuple[list[str], list[str] | None, Columns, list[str]]:
    """Return names, groups, all columns with a title, and what is to be said about the columns they come from."""
    width = max(map(len, cells), default=1)
    columns = [[row[place] if place < len(row) else "" for row in cells] for place in range(width)]
    repeating = [
        place for place, column in enumerate(columns)
        if place and 1 < len(set(column)) <= REPEATING * len(column)
    ]  # fmt: skip
    called = next(
        (place for place, title in enumerate(titles) if title == GROUP and place), None
    )  # as we write it
    by = called if called is not None else next(iter(repeating), None)
    notes = []
    if width > 1 and titles:
        notes.append(names_told(titles[0]))
        if by is not None and by < len(titles):
            notes.append(groups_told(titles[by]))
    if count := guards_in(cell for column in columns for cell in column):
        columns = [list(map(without_guard, column)) for column in columns]
        notes.append(GUARDS.format(f"{count:,} name{'s' if count > 1 else ''}"))
    columns = [[cell or "(empty)" for cell in column] for column in columns]
    kept = tuple((title, tuple(column)) for title, column in dict(zip(titles, columns, strict=False)).items())
    return columns[0], None if by is None else columns[by], kept[:COLUMNS], notes


def names_told(title: str) -> str:
    """Say which column gives the names."""
    return f'The column "{title[:40]}" gives the names.'


def groups_told(title: str) -> str:
    """Say which column gives the groups."""
    return f'The column "{title[:40]}" gives the groups.'


def is_metadata(name: str, head: bytes) -> bool:
    """Tell a file of names from a file of vectors: by its content, and where that could be both, by its name."""
    if b"\0" in head or not head.strip() or head.startswith((b"PK", b"\x1f\x8b", b"\x93NUMPY")):
        return False
    lines = first_lines(Source(head).head(HEAD), whole=len(head) < HEAD)
    marked = MARKED.search(name.lower()) is not None
    form = form_of(lines)
    if form is None:  # no numbers at all, or a header of a binary file
        return marked or PurePosixPath(name.lower()).suffix in BESIDE
    return marked and not form.dimensions > 4  # "word, count, year" are numbers too


def names_among(files: Sequence[tuple[str, bytes]]) -> list[bool]:
    """Tell files of names among files that came together; takes each one's name and first bytes.

    Names can have more columns of numbers than of text: where a line of titles stands over them and the name says so, they
    belong to the numbers that are called alike.
    """
    found = [is_metadata(name, head) for name, head in files]

    def titled(head: bytes) -> bool:
        form = form_of(first_lines(Source(head).head(HEAD), whole=len(head) < HEAD))
        return form is not None and form.titled

    for row, (name, head) in enumerate(files):
        if not found[row] and MARKED.search(name.lower()) and titled(head):
            found[row] = any(
                stem(other) == stem(name) and not MARKED.search(other.lower()) and not found[place]
                for place, (other, _) in enumerate(files)
            )
    return found


def stem(name: str) -> str:
    """Return what a pair of files has in common: "x" of x.tsv, x_labels.tsv, x-tensors.tsv and metadata_x.tsv."""
    bare = ENDING.sub("", PurePosixPath(name.replace("\\", "/")).name.lower())
    return PART.sub("", bare)


def pairs(names: Sequence[str], metadata: Sequence[bool]) -> tuple[dict[int, int | None], tuple[int, ...]]:
    """Pair files of vectors with files of names, by their names; takes whether each is a file of names.

    Returns each vector file's file of names, or None, and the files of names that belong to none. One of each belong
    together whatever they are called; one file of names alone among several is everybody's.
    """
    vectors = [row for row, is_names in enumerate(metadata) if not is_names]
    free = [row for row, is_names in enumerate(metadata) if is_names]
    found: dict[int, int | None] = dict.fromkeys(vectors)
    for row in vectors:
        partner = next((other for other in free if stem(names[other]) == stem(names[row])), None)
        if partner is not None:
            found[row] = partner
            free.remove(partner)
    alone = [row for row in vectors if found[row] is None]
    marked = [row for row in free if MARKED.search(names[row].lower())]
    if len(marked) == 1:  # what is beside it, such as a description, names nothing
        free = marked
    if len(free) == 1 and (len(alone) == 1 or len(alone) == len(vectors)):
        for row in alone:
            found[row] = free[0]
        free = []
    return found, tuple(free)


def belongs(names: str, vectors: str) -> bool:
    """Tell whether the name of a file says that it names the rows of another."""
    return MARKED.search(names.lower()) is not None or stem(names) == stem(vectors)


def configured(configuration: bytes, names: Sequence[str]) -> dict[int, int | None]:
    """Return which files the Embedding Projector's configuration calls vectors, and which names belong to each; {} where none."""
    found: dict[int, int | None] = {}
    places = {PurePosixPath(name).name: row for row, name in reversed(list(enumerate(names)))}
    try:
        for tensor in json.loads(configuration)["embeddings"]:
            vectors, words = (
                PurePosixPath(str(tensor.get(key, ""))).name for key in ("tensorPath", "metadataPath")
            )
            if vectors in places:
                found[places[vectors]] = places.get(words)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    return found


def beside(path: Path) -> Path | None:
    """Return the file of names beside a file of numbers, told by its name: metadata.tsv, x_labels.tsv; None without one."""
    try:
        others = [
            other for other in sorted(path.parent.iterdir())
            if other != path and other.suffix.lower() in BESIDE and MARKED.search(other.name.lower())
            and stem(other.name) == stem(path.name) and other.is_file()
        ]  # fmt: skip
    except OSError:
        return None
    return others[0] if others and not MARKED.search(path.name.lower()) else None
