"""Where the bytes of a vector file come from, and what its reader hands back."""

import gzip
import io
import re
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import IO, Any, cast

from embeddings_core.damage import DAMAGE, PACKED
from embeddings_core.errors import BadInputError
from embeddings_core.limits import DIMENSIONS, UNPACKED_BYTES
from embeddings_core.spaces.vectors import FloatArray

DAMAGED = "The packed file is damaged; pack it again, or use the unpacked one."
GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
UTF8_MARK = b"\xef\xbb\xbf"
WIDE_MARKS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
PACKED_ENDINGS = (".gz", ".bz2", ".xz", ".zst", ".lz4", ".zip")
UNPACKED_FILE_BYTES = 8 * 2**30  # from disk, not uploaded: the largest fastText model in use is 7 GB
CONTROLS = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")  # that stand in no text
FIRST_LINES = 2**16  # bytes that tell how the lines end


Columns = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, eq=False)
class Words:
    """What a reader found: words, their vectors (n, d), remarks, fastText's subwords and groups where there are
    some; `more` where the file has rows beyond those. `columns` are those of the metadata, each title with a cell a row."""

    items: tuple[str, ...]
    vectors: FloatArray
    layout: str
    notes: tuple[str, ...] = ()
    subwords: Any = None
    groups: tuple[str, ...] | None = None
    more: bool = False
    columns: Columns = ()


class Source:
    """A file on disk or bytes in memory, packed by gzip, a `member` of a zip archive or plain; told by its first
    bytes, not by its name.

    Of a text the byte order mark is taken away, UTF-16 and lines that end in a bare carriage return are rewritten.
    """

    def __init__(self, given: str | Path | bytes, *, member: str = "") -> None:
        self.path = None if isinstance(given, bytes) else Path(given)
        self.given = given if isinstance(given, bytes) else b""
        self.member = member
        if self.path is not None and not self.path.is_file():
            raise BadInputError(f'There is no file called "{self.path.name}".')
        self.size = self.path.stat().st_size if self.path else len(self.given)
        with self._raw() as file:
            self._gzip = file.read(2) == GZIP
        self.packed = self._gzip or bool(member)

    @cached_property
    def readable(self) -> str | None:
        """The path from which a library can read it as it is; None where it must be unpacked or rewritten first."""
        # the library tells a packed file by its name: what is called otherwise than it is needs another place
        if self.path is None or self.member or self._rewriting:
            return None
        ending = self.path.suffix.lower()
        plain = not self.packed and ending not in PACKED_ENDINGS
        return str(self.path.resolve()) if plain or (self.packed and ending == ".gz") else None

    @cached_property
    def _rewriting(self) -> str:
        """What has to be done to the bytes before they are text in UTF-8 with lines that end as everywhere."""
        try:
            with self.unpacked() as file:
                head = file.read(FIRST_LINES)
        except BadInputError:  # whoever opens it is told
            return ""
        for mark, encoding in WIDE_MARKS:
            if head.startswith(mark):
                try:
                    head[: len(head) // 4 * 4].decode(encoding)
                except UnicodeDecodeError:
                    return ""
                return encoding
        carriage = b"\r" in head and b"\n" not in head and not CONTROLS.search(head)
        return "carriage" if carriage else "mark" if head.startswith(UTF8_MARK) else ""

    def _raw(self) -> IO[bytes]:
        return self.path.open("rb") if self.path else io.BytesIO(self.given)

    @contextmanager
    def unpacked(self) -> Iterator[IO[bytes]]:
        """Open the unpacked bytes as they are, such as bare numbers; translate a damaged archive."""
        try:
            with ExitStack() as opened:
                yield self._unpacking(opened.enter_context(self._raw()), opened)
        except PACKED as error:
            if not self.packed:
                raise
            raise BadInputError(DAMAGED) from error
        except EOFError as error:
            raise BadInputError("The packed file ends too early; it was cut off. Fetch it again.") from error

    def _unpacking(self, raw: IO[bytes], opened: ExitStack) -> IO[bytes]:
        try:
            if self._gzip:
                return cast(
                    IO[bytes], opened.enter_context(gzip.GzipFile(fileobj=raw))
                )  # a binary file in all but name
            if self.member:
                archive = opened.enter_context(zipfile.ZipFile(raw))
                return opened.enter_context(archive.open(self.member))
        except DAMAGE as error:
            raise BadInputError(DAMAGED) from error
        return raw

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the unpacked bytes for reading, a text as UTF-8 without a mark; translate a damaged archive."""
        with self.unpacked() as file:
            if self._rewriting == "mark":
                file.read(len(UTF8_MARK))
            yield io.BytesIO(self._rewritten(file)) if self._rewriting not in ("", "mark") else file

    def _rewritten(self, file: IO[bytes]) -> bytes:
        content = file.read(UNPACKED_BYTES + 1)
        if len(content) > UNPACKED_BYTES:
            raise BadInputError(
                f"A text of more than {UNPACKED_BYTES // 2**20} MB must be in UTF-8 with usual line ends; save it so."
            )
        if self._rewriting == "carriage":
            return content.removeprefix(UTF8_MARK).replace(b"\r", b"\n")
        return content.decode(self._rewriting, "replace").replace("\r\n", "\n").replace("\r", "\n").encode()

    def head(self, count: int) -> bytes:
        """Return the first unpacked bytes."""
        with self.open() as file:
            return file.read(count)

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """Give the unpacked bytes a place on disk, for readers that need one; removed afterwards."""
        if self.path is not None and self.readable and not self.packed:
            yield self.path
            return
        room = UNPACKED_FILE_BYTES if self.path else UNPACKED_BYTES
        with tempfile.TemporaryDirectory() as folder, self.open() as file:
            place, written = Path(folder) / "vectors", 0
            with place.open("wb") as copy:
                while chunk := file.read(2**20):
                    written += len(chunk)
                    if written > room:
                        raise BadInputError(
                            f"The file unpacks to more than {room // 2**20:,} MB, which is the limit."
                        )
                    copy.write(chunk)
            yield place


def check_dimensions(dimensions: int) -> None:
    """Raise BadInputError where a vector is shorter than 1 or longer than the limit."""
    if not 1 <= dimensions <= DIMENSIONS:
        raise BadInputError(
            f"The file announces vectors of {dimensions:,} numbers; 1 to {DIMENSIONS:,} are possible."
        )


def capped(limit: int, total: int | None = None) -> str:
    """Say that only the first words were read."""
    held = f"{total:,} words" if total else f"more than {limit:,} words"
    return f"The file holds {held}; the first {limit:,} are used, in most files the most frequent ones."
