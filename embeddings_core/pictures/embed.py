"""Pictures and an encoder in, an embedding set out: a few at a time, so that others get their turn."""

from collections.abc import Callable, Sequence

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.limits import IMAGES
from embeddings_core.models.preprocessing import BATCH
from embeddings_core.models.spec import Encoder
from embeddings_core.pictures.files import ImageFile
from embeddings_core.spaces.embedding_set import EmbeddingSet

Progress = Callable[[int, int], None]  # pictures done, pictures in all; may raise to stop


def embed_images(
    files: Sequence[ImageFile],
    encoder: Encoder,
    *,
    model: str = "own",
    progress: Progress | None = None,
    limit: int = IMAGES,
) -> EmbeddingSet:
    """Encode pictures, eight at a time, and return them with names and folders as items and groups.

    Row i is picture i. `progress` is called with (done, total) after each eight. Raises BadInputError for no
    pictures or more than `limit`.
    """
    if not files:
        raise BadInputError("There are no pictures yet; add one.")
    if len(files) > limit:
        raise BadInputError(f"{len(files)} pictures; the limit is {limit}. Leave some out.")
    parts = []
    for start in range(0, len(files), BATCH):
        parts.append(np.asarray(encoder(files[start : start + BATCH]), dtype=np.float32))
        if progress is not None:
            progress(min(start + BATCH, len(files)), len(files))
    groups = tuple(file.group for file in files) if any(file.group for file in files) else None
    return EmbeddingSet(tuple(file.name for file in files), np.concatenate(parts), model, groups)
