"""The depth film: the same pictures after every stage of a network, from edges and colours to content."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.maps.knn_graph import coordinates, knn_graph, representatives
from embeddings_core.maps.map_view import rotate_widest_across
from embeddings_core.maps.projection import Projection, project
from embeddings_core.maps.settings import SMALLEST_FOR_UMAP
from embeddings_core.maps.timeline import align_states
from embeddings_core.maps.trust import trust
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.vision import Stages, stages
from embeddings_core.pictures.collection import files_of
from embeddings_core.pictures.picture_space import PictureSpace
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray

CLEAR = 10  # of 100 nearest pictures: of twelve pictures one other neighbour in ten is chance
WIDE = 1.4  # width ÷ height of the box that every frame of a flat film fills


@dataclass(frozen=True, eq=False)
class Depth:
    """Pictures after every stage of a network: `colours` (stages,) and `content` (stages,) are the shares of nearest
    pictures that a stage has in common with the colours alone and with the last stage."""

    stages: Stages
    colours: tuple[float, ...]
    content: tuple[float, ...]

    @property
    def sentence(self) -> str:
        """What the two shares say, whichever way they go."""
        first, last = self.colours[0], self.colours[-1]
        told = f"After the first stage {first:.0%} of the nearest pictures are also nearest by colour alone, at the end {last:.0%}"
        before = self.content[-2] if len(self.content) > 1 else self.content[-1]
        shared = (
            f"Shared with the last stage: {self.content[0]:.0%} at first, {before:.0%} one stage before it."
        )
        if round(100 * last) <= round(100 * first) - CLEAR:
            return f"Colour gives way to content. {told}. {shared}"
        if round(100 * last) >= round(100 * first) + CLEAR:
            return f"Among these pictures colour counts for more at the end, not for less. {told}. {shared}"
        return f"Among these pictures colour does not give way: it counts at the end as at first. {told}. {shared}"


def through_stages(keys: Sequence[str], space: PictureSpace) -> Depth:
    """Take pictures, by their digests, through the stages of the network that looks at them."""
    found = stages(load_encoder(space.model), files_of(keys, space.owner))
    colours = replace(space, model="colours").vectors(keys).vectors
    return Depth(found, agreement(found, colours), agreement(found, found.vectors[-1]))


def depth_film(stages: Stages, *, method: str = "umap", dimensions: int = 2, **options: Any) -> Projection:
    """Map pictures at every stage of a network: one recorded frame a stage, (stages, pictures, 2 or 3).

    Each frame is a fit of its own stage (`options` go to `project`), begun from the map of the stage after it, backwards
    from the last, so that little moves by chance; then turned onto that map (orthogonal Procrustes, Schönemann 1966).
    The last is, apart from its size, the map that `rotate_widest_across(project(...))` draws of the last stage alone. Every frame
    is as large as one box allows: how large a map is means nothing, and pictures need the room. Fewer than 8 different
    pictures are drawn by PCA. Raises BadInputError for other dimensions than 2 or 3, and as `project` does.
    """
    if dimensions not in (2, 3):
        raise BadInputError(f"A map has 2 or 3 dimensions, not {dimensions}.")
    different = min(len(np.unique(representatives(coordinates(vectors)))) for vectors in stages.vectors)
    used = method if different >= SMALLEST_FOR_UMAP else "pca"
    fits: list[Projection] = []
    for embeddings in reversed(_sets(stages)):
        begin = fits[-1].final if fits else None
        fits.append(project(embeddings, method=used, dimensions=dimensions, start=begin, **options))
    frames = align_states([fit.final for fit in reversed(fits)], anchor=-1)
    begun = "turned onto" if used == "pca" else "begun from"
    note = f"Each stage has its own map, {begun} that of the stage after it."
    settings = fits[0].settings
    return _filled(
        rotate_widest_across(Projection(frames, stages.names, used, "recorded", note=note, settings=settings))
    )


def film_trust(stages: Stages, film: Projection, *, k: int = 5) -> tuple[float, ...]:
    """Return, for each stage, the share (0-1) of its own k true nearest pictures that its frame of the film keeps near."""
    return tuple(trust(own, frame, k=k).score for own, frame in zip(_sets(stages), film.frames, strict=True))


def _sets(stages: Stages) -> list[EmbeddingSet]:
    return [EmbeddingSet(tuple(map(str, range(len(vectors)))), vectors) for vectors in stages.vectors]


def _filled(film: Projection) -> Projection:
    """Let every frame fill the same box round the origin: 1.4 by 1, or a cube."""
    low, high = film.frames.min(axis=1, keepdims=True), film.frames.max(axis=1, keepdims=True)
    box = np.array([WIDE, 1.0] if film.dimensions == 2 else [1.0, 1.0, 1.0], dtype=np.float32)
    size = ((high - low) / 2 / box).max(axis=2, keepdims=True)
    centred = film.frames - (low + high) / 2
    return replace(film, frames=np.divide(centred, size, out=np.zeros_like(centred), where=size > 1e-12))


def agreement(stages: Stages, reference: FloatArray, *, k: int = 5) -> tuple[float, ...]:
    """Return, for each stage, the share (0-1) of the k nearest pictures that it has in common with a reference.

    `reference` is (n, d) for the same n pictures: the last stage, or a histogram of colours. By cosine; k is at
    most n/2.
    """
    n = len(reference)
    k = min(max(k, 1), max(1, n // 2), max(n - 1, 0))
    true = knn_graph(coordinates(reference, metric="cosine"), k)[0]
    tables = (knn_graph(coordinates(vectors, metric="cosine"), k)[0] for vectors in stages.vectors)
    return tuple(
        float((table[:, :, None] == true[:, None, :]).any(axis=2).mean()) if k else 1.0 for table in tables
    )
