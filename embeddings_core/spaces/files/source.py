"""Where the bytes of a vector file come from, and what its reader hands back."""

import gzip
import io
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from embeddings_core.errors import BadInputError
from embeddings_core.limits import DIMENSIONS, UNPACKED_BYTES
from embeddings_core.spaces.vectors import FloatArray

GZIP = b"\x1f\x8b"
PACKED_ENDINGS = (".gz", ".bz2", ".xz", ".zst", ".lz4", ".zip")
UNPACKED_FILE_BYTES = 8 * 2**30  # from disk, not uploaded: the largest fastText model in use is 7 GB


@dataclass(frozen=True, eq=False)
class Words:
    """What a reader found: words, their vectors (n, d), remarks, and fastText's subwords where there are
    some."""

    items: tuple[str, ...]
    vectors: FloatArray
    layout: str
    notes: tuple[str, ...] = ()
    subwords: Any = None


class Source:
    """A file on disk or bytes in memory, packed by gzip or plain; told by its first bytes, not by its
    name."""

    def __init__(self, given: str | Path | bytes) -> None:
        self.path = None if isinstance(given, bytes) else Path(given)
        self.given = given if isinstance(given, bytes) else b""
        if self.path is not None and not self.path.is_file():
            raise BadInputError(f'There is no file called "{self.path.name}".')
        self.size = self.path.stat().st_size if self.path else len(self.given)
        with self._raw() as file:
            self.packed = file.read(2) == GZIP
        # the library tells a packed file by its name: what is called otherwise than it is needs another place
        ending = self.path.suffix.lower() if self.path else ""
        plain = not self.packed and ending not in PACKED_ENDINGS
        self.readable = (
            str(self.path.resolve()) if self.path and (plain or (self.packed and ending == ".gz")) else None
        )

    def _raw(self) -> IO[bytes]:
        return self.path.open("rb") if self.path else io.BytesIO(self.given)

    @contextmanager
    def open(self) -> Iterator[IO[bytes]]:
        """Open the unpacked bytes for reading; translate a damaged archive."""
        try:
            with self._raw() as raw:
                if self.packed:
                    with gzip.GzipFile(fileobj=raw) as file:
                        yield file  # type: ignore[misc] # gzip's file is a binary file in all but name
                else:
                    yield raw
        except (gzip.BadGzipFile, zlib.error) as error:
            raise BadInputError(
                "The packed file is damaged; pack it again, or use the unpacked one."
            ) from error
        except EOFError as error:
            raise BadInputError("The packed file ends too early; it was cut off. Fetch it again.") from error

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
