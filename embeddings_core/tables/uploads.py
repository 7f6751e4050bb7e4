"""A visitor's table, read in the worker process: what a bad file breaks is not the server."""

from collections.abc import Sequence

from embeddings_core import jobs
from embeddings_core.errors import EmbeddingsError
from embeddings_core.limits import TABLE_SECONDS
from embeddings_core.tables.reading import File, read_files
from embeddings_core.tables.table import Table


def read_upload(files: Sequence[File]) -> tuple[Table | None, str]:
    """Read one file, or two that belong together; return the table, or None and what is wrong in a sentence."""
    try:
        return jobs.within(TABLE_SECONDS, heavy=True).run(read_files, list(files)), ""
    except EmbeddingsError as error:
        return None, str(error)
