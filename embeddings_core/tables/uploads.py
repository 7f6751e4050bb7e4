"""A visitor's table, read in the worker process: what a bad file breaks is not the server."""

import hashlib
from collections.abc import Callable, Sequence

from embeddings_core import jobs
from embeddings_core.errors import BadInputError, EmbeddingsError
from embeddings_core.limits import ARCHIVE_SECONDS, TABLE_SECONDS
from embeddings_core.spaces.images import ArchivePictures
from embeddings_core.tables.packed import has_pictures, picture_table, tables_in
from embeddings_core.tables.reading import File, read_files
from embeddings_core.tables.table import Table


def read_upload(
    files: Sequence[File], *, embed: Callable[[str, bytes], ArchivePictures] | None = None
) -> tuple[Table | None, str]:
    """Read one file, or two that belong together; return the table, or None and what is wrong in a sentence.

    `embed` opens and embeds the pictures of an archive, in the worker, too.
    """
    try:
        name, content = files[0] if files else ("", b"")
        if embed is not None and len(files) == 1 and name.lower().endswith(".zip"):
            packed = jobs.within(TABLE_SECONDS, reading=True).run(has_pictures, content)
            if packed:
                return _pictured(name, content, embed), ""
        return jobs.within(TABLE_SECONDS, reading=True).run(read_files, list(files)), ""
    except EmbeddingsError as error:
        return None, str(error)


def _pictured(name: str, content: bytes, embed: Callable[[str, bytes], ArchivePictures]) -> Table:
    pictures = jobs.within(2 * ARCHIVE_SECONDS, heavy=True).run(embed, name, content)
    if not pictures.names:
        raise BadInputError("No picture of this archive can be read; pack JPEG, PNG or WebP files.")
    inside = jobs.within(TABLE_SECONDS, reading=True).run(tables_in, content)
    beside = jobs.within(TABLE_SECONDS, reading=True).run(read_files, inside) if inside else None
    return picture_table(
        name, pictures.names, pictures.thumbnails, folders=pictures.folders, vectors=pictures.vectors, beside=beside,
        source=hashlib.sha256(content).hexdigest()[:32], notes=pictures.notes,
    )  # fmt: skip
