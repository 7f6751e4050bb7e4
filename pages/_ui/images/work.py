"""What the lenses on pictures compute from what is remembered already; each is itself remembered (`cache.once`)."""

from embeddings_core import jobs
from embeddings_core.analysis.clustering import Clustering, density
from embeddings_core.analysis.comparison import Comparison, compare
from embeddings_core.limits import CLUSTERING_SECONDS
from embeddings_core.maps.projection import Projection
from embeddings_core.maps.request import MapOptions, MapRequest
from embeddings_core.pictures.collection import files_of
from embeddings_core.pictures.depth import depth_film, through_stages
from embeddings_core.pictures.groups import called_by_typical
from embeddings_core.pictures.picture_space import PictureSpace
from pages._ui import cache


def compared(keys: tuple[str, ...], first: PictureSpace, second: PictureSpace) -> Comparison:
    """Compare what two models make of the same pictures."""
    return compare(cache.vectors_of(keys, first), cache.vectors_of(keys, second), k=5)


def stage_maps(keys: tuple[str, ...], space: PictureSpace, options: MapOptions) -> Projection:
    """Draw the film through the stages of a network: one fit a stage, for the best of many each would leap from stage to stage."""
    found = cache.once(through_stages, keys, space).stages
    keywords = options.keywords(space)
    if "room" in keywords:
        keywords["min_dist"] = keywords.pop("room")
    if options.method == "pca":
        return depth_film(found, **keywords)
    return jobs.within(heavy=True).run(depth_film, found, **keywords)


def grouped(
    keys: tuple[str, ...], k: int, seed: int, space: PictureSpace
) -> tuple[Clustering, tuple[int, ...]]:
    """Group pictures by k-means; each group is called by its most typical picture, whose rows come along."""
    names = [file.name for file in files_of(keys, space.owner)]
    return called_by_typical(
        cache.clusters(keys, k, seed, space), cache.vectors_of(keys, space).vectors, names
    )


def dense(request: MapRequest, owner: str) -> tuple[Clustering, tuple[int, ...]]:
    """Find the dense groups of the map; each is called by its most typical picture, whose rows come along."""
    shown = cache.view(request)
    found = jobs.within(CLUSTERING_SECONDS).run(density, shown.projection.final)
    names = [file.name for file in files_of(shown.items, owner)]
    return called_by_typical(found, shown.embeddings.vectors, names)
