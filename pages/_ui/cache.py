"""What is computed once: the only caches of the application; every key is a recipe, never an array.

Nothing here knows what kinds of spaces there are: a space says by its `key` what a result is remembered under.
"""

from collections.abc import Callable, Hashable
from contextlib import nullcontext
from typing import Any, TypeVar, cast

import numpy as np
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from embeddings_core import jobs
from embeddings_core.analysis.clustering import Clustering, density, kmeans, named, suggest_k
from embeddings_core.analysis.neighbours import row_or_none, scores_of
from embeddings_core.limits import CACHE_BYTES, CLUSTERING_SECONDS, PROJECTION_SECONDS
from embeddings_core.maps.map_view import MapView, rotate_widest_across, view_map
from embeddings_core.maps.morph import morph
from embeddings_core.maps.projection import Projection, project
from embeddings_core.maps.request import MapOptions, MapRequest
from embeddings_core.maps.trust import Trust, trust
from embeddings_core.maps.trust import nearest_kept as counted_on_map
from embeddings_core.remember import remember
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.space import Coverage, Reference, Role, Space
from embeddings_core.spaces.vectors import FloatArray, Metric

R = TypeVar("R")
Items = tuple[str, ...]


def once(
    function: Callable[..., R],
    *recipe: Hashable | Space,
    child: bool = False,
    seconds: float = PROJECTION_SECONDS,
) -> R:
    """Call a module-level function with this recipe once, and remember what it returned.

    Spaces and map requests in the recipe are remembered by their keys. `child` runs the function in the worker
    process, at most `seconds` long: for what is heavy or could crash.
    """
    keys = tuple(_key(part) for part in recipe)
    name = f"{function.__module__}:{function.__qualname__}"
    result: R = _computed(name, keys, child, function, recipe, seconds)
    return result


def _key(part: Hashable | Space) -> Hashable:
    """Return what a part of a recipe is remembered by."""
    if isinstance(part, tuple) and part and not isinstance(part[0], str):
        return tuple(_key(each) for each in part)
    return cast(Hashable, getattr(part, "key", part))


@remember(CACHE_BYTES["computed"])
def _computed(
    name: str,
    keys: tuple[Hashable, ...],
    child: bool,
    _function: Callable[..., Any],
    _recipe: tuple[Any, ...],
    _seconds: float,
) -> Any:
    told = (
        st.spinner("Computing …", show_time=True)
        if get_script_run_ctx(suppress_warning=True)
        else nullcontext()
    )
    with told:  # the warm-up has nobody to tell
        return jobs.within(_seconds).run(_function, *_recipe) if child else _function(*_recipe)


def quick(function: Callable[..., R], *recipe: Hashable | Space) -> R:
    """Do as `once` does, for milliseconds of work: nothing on screen tells of it."""
    name = f"{function.__module__}:{function.__qualname__}"
    result: R = _quickly(name, tuple(_key(part) for part in recipe), function, recipe)
    return result


@remember(CACHE_BYTES["quick results"])
def _quickly(
    name: str, keys: tuple[Hashable, ...], _function: Callable[..., Any], _recipe: tuple[Any, ...]
) -> Any:
    return _function(*_recipe)


def vectors_of(items: Items, space: Space, *, role: Role = "symmetric") -> EmbeddingSet:
    """Return the items that a space has vectors for, with their vectors; read as texts that are compared with each other."""
    return _vectors(items, space.key, role, space)


@remember(CACHE_BYTES["vectors"])
def _vectors(items: Items, key: str, role: Role, _space: Space) -> EmbeddingSet:
    if _has_words(key, _space) and not coverage(items, _space).guessed:
        return _space.vectors(items, role=role)  # they are only looked up
    with st.spinner(f"{_space.busy} …", show_time=True):
        return _space.vectors(items, role=role)


@remember(CACHE_BYTES["coverage"])
def _has_words(key: str, _space: Space) -> bool:
    with st.spinner(f"{_space.busy} …", show_time=True):
        return _space.words() is not None


def coverage(items: Items, space: Space) -> Coverage:
    """Return which items a space has vectors for."""
    return _coverage(items, space.key, space)


@remember(CACHE_BYTES["coverage"])
def _coverage(items: Items, key: str, _space: Space) -> Coverage:
    return _space.coverage(items)


def reference(space: Space, metric: Metric = "cosine") -> Reference:
    """Return the similarities of random pairs of a space: what one similarity is compared with."""
    return _reference(space.key, metric, space)


@remember(CACHE_BYTES["reference distributions"])
def _reference(key: str, metric: Metric, _space: Space) -> Reference:
    with st.spinner("Comparing random pairs …"):
        return _space.reference(metric)


def word_scores(word: str, space: Space, metric: Metric = "cosine") -> FloatArray | None:
    """Return the sorted similarities (words,) of a word with every word of a space; its own is last in rank.

    None where the space has no vocabulary, or no vector for the word.
    """
    return _word_scores(word, space.key, metric, space)


@remember(CACHE_BYTES["scores of all words"])
def _word_scores(word: str, key: str, metric: Metric, _space: Space) -> FloatArray | None:
    words, vectors = _space.words(), vectors_of((word,), _space).vectors
    if words is None or not len(vectors):
        return None
    scores = scores_of(words, vectors[0], metric=metric)
    if (own := row_or_none(words, word)) is not None:
        scores[own] = -np.inf
    return np.sort(scores)


def fit(items: Items, options: MapOptions, space: Space) -> Projection:
    """Compute a map and the film that leads to it."""
    return _fit(items, options, space.key, space)


@remember(CACHE_BYTES["maps"])
def _fit(items: Items, options: MapOptions, key: str, _space: Space) -> Projection:
    if options.start is not None:
        return morph(fit(items, options.start, _space), fit(items, options.end, _space))
    given, keywords = vectors_of(items, _space), options.keywords(_space)
    if options.method == "pca":
        return project(given, **keywords)
    with st.spinner("Drawing the map …", show_time=True):
        return rotate_widest_across(jobs.run(project, given, **keywords))


def view(request: MapRequest) -> MapView:
    """Return what is on screen: the shown items on the map of the fitted ones."""
    return _view(request.key, request)


@remember(CACHE_BYTES["maps on screen"])
def _view(key: str, _request: MapRequest) -> MapView:
    options, space = _request.options, _request.space
    return view_map(
        vectors_of(_request.shown, space),
        fitted=vectors_of(_request.fitted, space),
        projection=fit(_request.fitted, options, space),
        recipe=f"{space.key} {options!r}",
    )


def possible(options: MapOptions, n: int) -> MapOptions:
    """Return the options as n items can be drawn; PCA while the engine of the other methods is still warming up."""
    if options.method != "pca" and not jobs.is_warm():
        return MapOptions("pca", options.dimensions)
    return options.fitting(n)


def map_trust(request: MapRequest, k: int) -> Trust:
    """Return how far a map can be trusted."""
    return _map_trust(request.key, k, request)


@remember(CACHE_BYTES["trust"])
def _map_trust(key: str, k: int, _request: MapRequest) -> Trust:
    shown = view(_request)
    if len(shown.items) > 1_000:  # a second of work belongs into the child, where it slows nobody's typing
        return jobs.within(CLUSTERING_SECONDS).run(trust, shown.embeddings, shown.projection, k=k)
    return trust(shown.embeddings, shown.projection, k=k)


def nearest_kept(request: MapRequest) -> int:
    """Return how many items of a small map keep their nearest neighbour on it."""
    return _nearest_kept(request.key, request)


@remember(CACHE_BYTES["trust"])
def _nearest_kept(key: str, _request: MapRequest) -> int:
    shown = view(_request)
    return counted_on_map(shown.embeddings, shown.projection)


def clusters(items: Items, k: int, seed: int, space: Space) -> Clustering:
    """Group items by k-means in the original space."""
    return _clusters(items, k, seed, space.key, space)


@remember(CACHE_BYTES["groups"])
def _clusters(items: Items, k: int, seed: int, key: str, _space: Space) -> Clustering:
    with st.spinner("Grouping …"):
        return jobs.within(CLUSTERING_SECONDS).run(kmeans, vectors_of(items, _space), k=k, seed=seed)


def silhouettes(items: Items, space: Space) -> dict[int, float]:
    """Return the silhouette of each number of clusters."""
    return _silhouettes(items, space.key, space)


@remember(CACHE_BYTES["groups"])
def _silhouettes(items: Items, key: str, _space: Space) -> dict[int, float]:
    return dict(jobs.within(CLUSTERING_SECONDS).run(suggest_k, vectors_of(items, _space)).scores)


def dense(request: MapRequest) -> Clustering:
    """Find the dense groups of a map."""
    return _dense(request.key, request)


@remember(CACHE_BYTES["groups"])
def _dense(key: str, _request: MapRequest) -> Clustering:
    shown = view(_request)
    return named(jobs.within(CLUSTERING_SECONDS).run(density, shown.projection.final), shown.embeddings)
