"""An archive of pictures for a table: opened, and embedded by a model."""

import re

import numpy as np

from embeddings_core.errors import EmbeddingsError
from embeddings_core.limits import TABLE_PICTURES
from embeddings_core.models.registry import load_encoder
from embeddings_core.pictures.embed import embed_images
from embeddings_core.pictures.files import open_images
from embeddings_core.spaces.images import ArchivePictures

BUNDLED = "efficientnet-lite0"
NO_PICTURE = re.compile(
    r'"[^"]*\.(csv|tsv|tab|txt|jsonl?|ndjson|parquet|xlsx?|xlsm|ods|np[yz]|md)"', re.I
)  # beside pictures in an archive


def embed_archive(name: str, content: bytes, *, model: str = BUNDLED) -> ArchivePictures:
    """Open the pictures of an archive and read them by a model; where it is not here there are no vectors, and a note."""
    batch = open_images([(name, content)], limit=TABLE_PICTURES)
    kept = [problem for problem in batch.problems if not NO_PICTURE.match(problem)]
    notes = [*batch.notes, *kept[:3]]
    if len(kept) > 3:
        notes.append(f"… and {len(kept) - 3} more files that are no pictures.")
    vectors = None
    if batch.files:
        try:
            vectors = np.asarray(
                embed_images(batch.files, load_encoder(model), model=model, limit=TABLE_PICTURES).vectors
            )
        except EmbeddingsError as error:
            notes.append(str(error))
    files = batch.files
    return ArchivePictures(
        tuple(file.name for file in files), tuple(file.group for file in files), tuple(file.thumbnail for file in files),
        vectors, tuple(notes),
    )  # fmt: skip
