"""Open a file of word vectors, whatever its layout: word2vec, GloVe, fastText, the Embedding Projector's, NumPy's."""

import zipfile
from dataclasses import replace
from pathlib import Path, PurePosixPath

from embeddings_core.damage import DAMAGE
from embeddings_core.errors import BadInputError
from embeddings_core.limits import FILE_BYTES, UNPACKED_BYTES, VECTOR_WORDS
from embeddings_core.spaces.files import arrays, disk_cache, text
from embeddings_core.spaces.files.delimited import read_delimited
from embeddings_core.spaces.files.fasttext import looks_like_fasttext, read_fasttext
from embeddings_core.spaces.files.form import (
    Form,
    first_lines,
    form_of,
    is_number,
    numbers_in,
    without_comments,
)
from embeddings_core.spaces.files.metadata import (
    CONFIGURATION,
    Metadata,
    belongs,
    beside,
    configured,
    fitting,
    named,
    names_among,
    not_names,
    pairs,
    read_metadata,
)
from embeddings_core.spaces.files.source import GZIP, ZIP, Source, Words, check_dimensions
from embeddings_core.spaces.files.word_vectors import WordVectors

COMMENT = "Line 1 begins with # and is left out as a comment."
COMMENTS = "The first {:,} lines begin with # and are left out as comments."
HEAD = 2**18  # bytes: a first line, and a line of 4,096 numbers
HEAD_OF_MEMBER = 2**16  # bytes of each file of an archive
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
    name_column: str = "",
    group_column: str = "",
    guess: str = "",
) -> WordVectors:
    """Open a file of word vectors, whatever its name, and return its words as an EmbeddingSet (words, d).

    Takes a path or the file's bytes: word2vec text or binary, GloVe, fastText .vec, .bin or .ftz with subwords, the
    Embedding Projector's tensors.tsv or tensors.bytes with its `metadata`, tables with commas, semicolons or tabs between,
    .npy, .npz; plain, packed by gzip or in a zip archive. `name_column` and `group_column` choose columns of the metadata
    by their titles; `guess` is the name of the metadata's file where nothing but that it came along says that it belongs to
    the vectors. At most `limit` words are read. `.notes` say what was cut, left out, repaired, and how it was read
    where more readings are possible. Raises BadInputError for what is none of these, is damaged, or could run code. A
    large file on disk opens ten times as fast the second time.
    """
    if limit < 1:
        raise BadInputError("At least 1 word must be read.")
    given = bytes(path_or_bytes) if isinstance(path_or_bytes, (bytearray, memoryview)) else path_or_bytes
    if isinstance(given, bytes) and len(given) > FILE_BYTES:
        raise BadInputError(
            f"The file has {len(given) / 2**20:,.0f} MB; the limit is {FILE_BYTES // 2**20} MB."
        )
    source = Source(given)
    aside = beside(source.path) if metadata is None and source.path is not None else None
    kept = metadata is None and aside is None
    words = disk_cache.recall(source, limit=limit) if kept else None
    if words is None:
        given_names = metadata if metadata is not None else aside
        names = None if given_names is None else replace(read_metadata(Source(given_names)), guess=guess)
        words = _read(source, limit=limit, names=names, surely=metadata is not None)
        if kept:
            disk_cache.keep(source, words, limit=limit)
    subwords = words.subwords[0] if words.subwords else None
    model = name or (source.path.name if source.path else "own vectors")
    space = WordVectors(
        words.items,
        words.vectors,
        model,
        words.groups,
        layout=words.layout,
        notes=words.notes,
        subwords=subwords,
        columns=words.columns,
    )
    return space.by(name=name_column, group=group_column) if name_column or group_column else space


def _read(
    source: Source,
    *,
    limit: int,
    names: Metadata | None,
    surely: bool = False,
) -> Words:
    """Read what a source holds. `surely`: the names were given and not only found beside the file."""
    head = source.head(HEAD)
    if not head.strip():
        raise BadInputError("The file is empty.")
    if head.startswith(PROGRAM_OBJECTS):
        raise BadInputError(arrays.OBJECTS)
    if head.startswith(b"\x93NUMPY"):
        return arrays.read_npy(source, limit=limit, names=names)
    if head.startswith(ZIP):
        return _in_archive(source, limit=limit, names=names, surely=surely)
    if looks_like_fasttext(head):
        return read_fasttext(source, limit=limit)
    lines = first_lines(head, whole=len(head) < HEAD)
    above = 0
    if b"\0" not in head[: 2**16]:
        everything, lines = lines, without_comments(lines)
        above = len(everything) - len(lines)
    announced = None
    if lines and len(lines[0]) < 64 and (b"\t" not in lines[0] or _is_tabbed_size(lines)):
        announced = text.read_header(lines[0])
    form = None
    if announced is not None:
        form = _announced_form(lines, announced, whole=len(head) < HEAD)
        if form is None and _is_row(lines):
            announced = None
        elif form is None:
            return _binary(source, head, announced, limit=limit)
    if len(head) == HEAD and b"\n" not in head and b"\0" not in head:
        raise BadInputError("The file has a line longer than 1 MB; this is not a table of vectors.")
    if form is None and b"\0" not in head[: 2**16]:
        form = form_of(lines, bare=names is not None)
    if form is None:
        if names is not None and surely and (raw := arrays.read_raw(source, limit=limit, names=names)):
            return raw
        raise BadInputError(_what_else(source, head, names if surely else None))
    if above:
        form = replace(
            form, above=above, notes=(*form.notes, COMMENTS.format(above) if above > 1 else COMMENT)
        )
    if form.separator and announced is None:
        found = read_delimited(source, form=form, limit=limit, unique=not surely)
    else:
        found = text.read_text(source, form=form, limit=limit, announced=announced, unique=not surely)
    if not found.items:
        return named(found, names)
    return _renamed(found, names) if names is not None and surely else found


def _is_tabbed_size(lines: list[bytes]) -> bool:
    """Tell whether two numbers with a tab between are a size: the line below has a word and as many numbers as it says."""
    found = text.read_header(lines[0])
    return (
        found is not None
        and found[1] > 1
        and len(lines) > 1
        and len(lines[1].rstrip().split(b"\t")) == found[1] + 1
    )


def _announced_form(lines: list[bytes], announced: tuple[int, int], *, whole: bool) -> Form | None:
    """Return the form of the lines after a first line with a size; None where they do not fit it."""
    check_dimensions(announced[1])
    if len(lines) < 2:
        if whole:
            raise BadInputError("The file holds no vectors.")
        return None
    line, dimensions = lines[1], announced[1]
    if b"\0" in line:
        return None
    fields = line.split()
    every = all(is_number(field) for field in fields)
    if dimensions == 1 and whole and announced[0] != len(lines) - 1 and _is_row(lines):
        return None  # a table of two columns, not a size over it
    for comma in (False, True):
        if numbers_in(line, comma=comma) >= dimensions:
            notes = ("The numbers are read with a decimal comma.",) if comma else ()
            return Form("", dimensions, comma=comma, notes=notes)
    if (
        every
        and len(fields) == dimensions
        and not (dimensions == 2 and _is_row(lines) and announced[0] != len(lines) - 1)
    ):
        note = "The first line announces as many numbers as line 2 has: all are taken as the vector, none as a name."
        return Form("", dimensions, named=False, notes=(note,))
    return None


def _is_row(lines: list[bytes]) -> bool:
    """Tell whether a first line of two whole numbers is a row like all others and no size."""
    return len(lines) > 1 and all(
        len(line.split()) == 2 and all(map(is_number, line.split())) for line in lines
    )


def _binary(source: Source, head: bytes, announced: tuple[int, int], *, limit: int) -> Words:
    rest = head.partition(b"\n")[2]
    if not rest.strip():
        raise BadInputError("The file holds no vectors.")
    if b"\0" in rest or not _readable(rest):
        return text.read_binary(source, limit=limit)
    found = numbers_in(rest.partition(b"\n")[0])
    raise BadInputError(
        f"The first line announces vectors of {announced[1]:,} numbers; line 2 has {found:,}. Correct it."
    )


def _renamed(words: Words, metadata: Metadata) -> Words:
    """Give a file with words of its own the names that came with it, where they fit; say what was taken."""
    if metadata.guess:
        return text.usable(replace(words, notes=(*words.notes, not_names(metadata))))
    if fitting(words, metadata) is None:
        told = f"The metadata holds {metadata.likely_rows:,} names for {len(words.items):,} words and was not used."
        return text.usable(replace(words, notes=(*words.notes, told)))
    told = "The file names its rows itself; the names of the metadata are used instead."
    bare = replace(words, items=(), groups=None, notes=(*words.notes, told))
    return named(bare, metadata)


def _in_archive(source: Source, *, limit: int, names: Metadata | None, surely: bool) -> Words:
    """Read a NumPy archive, or the one file of vectors in a zip archive with the names beside it."""
    members = _members(source)
    if not members or any(member.endswith(".npy") for member in members):
        return arrays.read_npz(source, limit=limit, names=names)
    if source.packed:
        raise BadInputError("The archive lies inside another one; unpack it once.")
    inside = [Source(source.path or source.given, member=member) for member in members]
    heads = [one.head(HEAD_OF_MEMBER) for one in inside]
    if any(head.startswith((GZIP, ZIP)) for head in heads):
        raise BadInputError("The archive lies inside another one; unpack it once.")
    paired, configured_so = _paired(members, heads)
    if not paired:
        raise BadInputError("The archive holds no file of vectors.")
    first = next(iter(paired))
    beside_it = paired[first]
    if names is None and beside_it is not None:
        sure = configured_so or belongs(members[beside_it], members[first])
        guess = "" if sure else PurePosixPath(members[beside_it]).name
        names, surely = replace(read_metadata(inside[beside_it]), guess=guess), True
    found = _read(inside[first], limit=limit, names=names, surely=surely)
    if len(paired) == 1:
        return found
    title = PurePosixPath(members[first]).name
    told = f'The archive holds {len(paired):,} files of vectors; "{title[:60]}" was read. Open the others one by one.'
    return replace(found, notes=(*found.notes, told))


def _paired(members: list[str], heads: list[bytes]) -> tuple[dict[int, int | None], bool]:
    """Return the files of vectors in an archive with the file of names of each, and whether its configuration says so."""
    for member, head in zip(members, heads, strict=True):
        if PurePosixPath(member).name == CONFIGURATION and (told := configured(head, members)):
            return told, True
    are_names = names_among(list(zip(members, heads, strict=True)))
    vectors = [
        not is_names and _may_hold_vectors(head) for is_names, head in zip(are_names, heads, strict=True)
    ]
    if not any(vectors):  # what is beside them, such as a description, is no file of vectors
        return pairs(members, are_names)[0], False
    rows = [row for row in range(len(members)) if vectors[row] or are_names[row]]
    found, _ = pairs([members[row] for row in rows], [are_names[row] for row in rows])
    return {rows[row]: None if names is None else rows[names] for row, names in found.items()}, False


def _may_hold_vectors(head: bytes) -> bool:
    """Tell what can be a file of vectors from a text that is none, such as a description or a configuration."""
    if b"\0" in head:
        return True
    lines = first_lines(Source(head).head(HEAD_OF_MEMBER), whole=len(head) < HEAD_OF_MEMBER)
    form = form_of(lines)
    if form is None or form.separator:
        return form is not None or (bool(lines) and text.read_header(lines[0]) is not None)
    fitting_lines = sum(numbers_in(b"x " + line, comma=form.comma) >= form.dimensions for line in lines)
    return 2 * fitting_lines > len(lines) - form.titled  # sentences end with numbers, too, but seldom


def _members(source: Source) -> list[str]:
    """Return the files of an archive; raise BadInputError where it is damaged or unpacks to too much."""
    with source.open() as file:
        try:
            with zipfile.ZipFile(file) as archive:
                listed = archive.infolist()
        except DAMAGE as error:
            raise BadInputError(arrays.DAMAGED) from error
    if source.path is None and sum(member.file_size for member in listed) > UNPACKED_BYTES:
        raise BadInputError(f"The file unpacks to more than {UNPACKED_BYTES // 2**20} MB, the limit.")
    shown = [member.filename for member in listed if not member.is_dir() and member.file_size]
    return [
        name
        for name in shown
        if not name.startswith("__MACOSX") and not PurePosixPath(name).name.startswith(".")
    ]


def _what_else(source: Source, head: bytes, names: Metadata | None) -> str:
    """Say what a file is that cannot be opened."""
    if b"\0" in head and not source.packed and source.size % 4 == 0 and not head.startswith(b"\x89PNG"):
        if names is not None:
            return (
                f"{_UNKNOWN} It could be {source.size // 4:,} bare numbers of 32 bits, but {names.likely_rows:,} names make "
                "no table of them: give one name for each row, or save it as .npy."
            )
        return (
            f"{_UNKNOWN} It could be {source.size // 4:,} bare numbers of 32 bits without a shape: open it together with "
            "the file of its names, or save it as .npy."
        )
    return _UNKNOWN


_UNKNOWN = (
    "This is not a file of word vectors: its first line is neither a size nor a word with numbers. "
    "word2vec, GloVe, fastText, tensors.tsv, .csv, .npy and .npz can be opened."
)


def _readable(content: bytes) -> bool:
    """Tell text from numbers in binary: control characters do not stand in a text."""
    return not any(byte < 9 or 13 < byte < 31 for byte in content[:4096])
