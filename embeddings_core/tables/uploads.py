"""A visitor's table, read in the worker process: what a bad file breaks is not the server."""

import hashlib
from collections.abc import Callable, Sequence
from typing import Protocol

from embeddings_core import jobs
from embeddings_core.errors import BadInputError, EmbeddingsError
from embeddings_core.limits import ARCHIVE_SECONDS, TABLE_SECONDS
from embeddings_core.spaces.vectors import FloatArray
from embeddings_core.tables.packed import has_pictures, picture_table, tables_in
from embeddings_core.tables.reading import File, read_files
from embeddings_core.tables.table import Table


class Seen(Protocol):
    """Pictures of an archive: names, folders, thumbnails (data: URLs), vectors (n, d) by a model or None, and notes."""

    @property
    def names(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def folders(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def thumbnails(self) -> Sequence[str]: ...  # noqa: D102
    @property
    def vectors(self) -> FloatArray | None: ...  # noqa: D102
    @property
    def notes(self) -> Sequence[str]: ...  # noqa: D102


def read_upload(
    files: Sequence[File], *, look: Callable[[str, bytes], Seen] | None = None
) -> tuple[Table | None, str]:
    """Read one file, or two that belong together; return the table, or None and what is wrong in a sentence.

    `look` reads the pictures of an archive, in the worker, too.
    """
    try:
        name, content = files[0] if files else ("", b"")
        if look is not None and len(files) == 1 and name.lower().endswith(".zip"):
            packed = jobs.within(TABLE_SECONDS, heavy=True).run(has_pictures, content)
            if packed:
                return _pictured(name, content, look), ""
        return jobs.within(TABLE_SECONDS, heavy=True).run(read_files, list(files)), ""
    except EmbeddingsError as error:
        return None, str(error)


def _pictured(name: str, content: bytes, look: Callable[[str, bytes], Seen]) -> Table:
    seen = jobs.within(2 * ARCHIVE_SECONDS, heavy=True).run(look, name, content)
    if not seen.names:
        raise BadInputError("No picture of this archive can be read; pack JPEG, PNG or WebP files.")
    inside = jobs.within(TABLE_SECONDS, heavy=True).run(tables_in, content)
    beside = jobs.within(TABLE_SECONDS, heavy=True).run(read_files, inside) if inside else None
    return picture_table(
        name, seen.names, seen.thumbnails, folders=seen.folders, vectors=seen.vectors, beside=beside,
        source=hashlib.sha256(content).hexdigest()[:32], notes=seen.notes,
    )  # fmt: skip
