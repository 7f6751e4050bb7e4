"""The depth film: the same pictures after every stage of a network, from edges and colours to content."""

from embeddings_core.errors import BadInputError
from embeddings_core.maps.neighbour_table import coordinates, neighbour_table
from embeddings_core.maps.principal_axes import principal_axes
from embeddings_core.models.vision import Stages
from embeddings_core.projection import Projection
from embeddings_core.timeline import align_states, same_size
from embeddings_core.vectors import FloatArray, unit


def depth_film(stages: Stages, *, dimensions: int = 2) -> Projection:
    """Map pictures at every stage of a network: one recorded frame a stage, (stages, pictures, 2 or 3).

    Each stage is its own PCA of unit vectors, turned, mirrored and brought to one size (stages differ in
    their number of channels) onto the stage after, backwards from the last (orthogonal Procrustes,
    Schönemann 1966). Raises BadInputError for other dimensions than 2 or 3.
    """
    if dimensions not in (2, 3):
        raise BadInputError(f"A map has 2 or 3 dimensions, not {dimensions}.")
    states = [principal_axes(unit(vectors), dimensions)[0] for vectors in stages.vectors]
    frames = same_size(align_states(states, anchor=-1, scale=False))
    note = "Each frame is one stage's own map (PCA), turned onto the next stage and brought to one size."
    return Projection(frames, stages.names, "pca", "recorded", note=note)


def agreement(stages: Stages, reference: FloatArray, *, k: int = 5) -> tuple[float, ...]:
    """Return, for each stage, the share (0-1) of the k nearest pictures that it has in common with a reference.

    `reference` is (n, d) for the same n pictures: the last stage, or a histogram of colours. By cosine; k is at
    most n/2.
    """
    n = len(reference)
    k = min(max(k, 1), max(1, n // 2), max(n - 1, 0))
    true = neighbour_table(coordinates(reference, metric="cosine"), k)[0]
    tables = (neighbour_table(coordinates(vectors, metric="cosine"), k)[0] for vectors in stages.vectors)
    return tuple(
        float((table[:, :, None] == true[:, None, :]).any(axis=2).mean()) if k else 1.0 for table in tables
    )
