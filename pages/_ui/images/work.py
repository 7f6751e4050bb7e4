"""What the lenses on pictures compute; each is called once a recipe (`cache.once`), under the owner of the pictures."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from embeddings_core import jobs
from embeddings_core.analysis.clustering import Clustering, density, typical_rows
from embeddings_core.analysis.comparison import Comparison, compare
from embeddings_core.limits import CLUSTERING_SECONDS
from embeddings_core.maps.projection import Projection
from embeddings_core.maps.request import MapOptions, MapRequest
from embeddings_core.models.preprocessing import Preprocessing, seen
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.vision import Stages, stages
from embeddings_core.pictures.collection import files_of
from embeddings_core.pictures.depth import agreement, depth_film
from embeddings_core.pictures.picture_space import PictureSpace
from embeddings_core.pictures.probe import Change, Travel, travel
from embeddings_core.spaces.images import open_image
from embeddings_core.spaces.vectors import unit
from pages._ui import cache


@dataclass(frozen=True, eq=False)
class Depth:
    """The pictures after every stage, and the share of nearest pictures each stage has in common with the colours
    and with the last stage."""

    stages: Stages
    colours: tuple[float, ...]
    content: tuple[float, ...]


@dataclass(frozen=True)
class Facts:
    """What a model is: its numbers, and what it does to a picture before it looks."""

    parameters: int
    preprocessing: Preprocessing


def compared(keys: tuple[str, ...], first: PictureSpace, second: PictureSpace) -> Comparison:
    """Compare what two models make of the same pictures."""
    return compare(cache.vectors_of(keys, first), cache.vectors_of(keys, second), k=5)


def travelled(key: str, kind: Change, space: PictureSpace) -> Travel:
    """Change one picture step by step and encode every step."""
    return travel(files_of((key,), space.owner)[0], load_encoder(space.model), kind=kind)


def through_stages(keys: tuple[str, ...], space: PictureSpace) -> Depth:
    """Take pictures through the stages of a network."""
    found = stages(load_encoder(space.model), files_of(keys, space.owner))
    colours = cache.vectors_of(keys, replace(space, model="colours")).vectors
    return Depth(found, agreement(found, colours), agreement(found, found.vectors[-1]))


def stage_maps(keys: tuple[str, ...], space: PictureSpace, options: MapOptions) -> Projection:
    """Draw the film through the stages of a network, each stage as the page's maps are drawn."""
    found = cache.once(through_stages, keys, space).stages
    keywords = options.keywords(space)
    if options.method == "pca":
        return depth_film(found, **keywords)
    return jobs.run(depth_film, found, **keywords)


def grouped(
    keys: tuple[str, ...], k: int, seed: int, space: PictureSpace
) -> tuple[Clustering, tuple[int, ...]]:
    """Group pictures by k-means; each group is called by its most typical picture, whose rows come along."""
    found = cache.clusters(keys, k, seed, space)
    rows = typical_rows(cache.vectors_of(keys, space).vectors, found.labels, found.centres)
    files = files_of(keys, space.owner)
    return replace(found, names=tuple(f"like {files[row].name}" for row in rows)), rows


def dense(request: MapRequest, owner: str) -> tuple[Clustering, tuple[int, ...]]:
    """Find the dense groups of the map; each is called by its most typical picture, whose rows come along."""
    shown = cache.view(request)
    found = jobs.within(CLUSTERING_SECONDS).run(density, shown.projection.final)
    vectors = unit(shown.embeddings.vectors)
    if not found.k:
        return found, ()
    centres = np.stack([vectors[found.labels == group].mean(axis=0) for group in range(found.k)])
    rows = typical_rows(vectors, found.labels, centres)
    files = files_of(shown.items, owner)
    return replace(found, names=tuple(f"like {files[row].name}" for row in rows)), rows


def has_stages(model: str) -> bool:
    """Tell whether a model is a network whose stages can be shown."""
    return hasattr(_inner(model), "stages")


def facts(model: str) -> Facts:
    """Return a model's size and preprocessing."""
    inner = _inner(model)
    return Facts(int(inner.parameters), inner.preprocessing)


def looked_at(key: str, space: PictureSpace) -> np.ndarray:
    """Return the square of a picture that a model looks at: (side, side, 3) of 0–255."""
    preprocessing = facts(space.model).preprocessing
    content = files_of((key,), space.owner)[0].content
    return np.asarray(seen(open_image(content, wanted=preprocessing.resize), preprocessing))


def _inner(model: str) -> Any:
    return load_encoder(model).inner
