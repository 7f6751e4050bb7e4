"""What is computed once: the only caches of the application; every key is a recipe, never an array."""

import gc
import logging
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import streamlit as st

from embeddings_core import jobs
from embeddings_core.analysis.clustering import Clustering, density, kmeans, named, suggest_k
from embeddings_core.analysis.layer_trajectory import layer_trajectory
from embeddings_core.analysis.model_comparison import known_in
from embeddings_core.analysis.warm_up import warm_up_kernels
from embeddings_core.limits import CLUSTERING_SECONDS, PROJECTION_SECONDS
from embeddings_core.maps.map_view import MapView, rotate_widest_across, view_map
from embeddings_core.maps.morph import morph
from embeddings_core.maps.projection import Projection, project
from embeddings_core.maps.trust import Trust, trust
from embeddings_core.models.embed import EmbeddedWords, embed, embed_words
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.spec import Role
from embeddings_core.pictures.embed import embed_images
from embeddings_core.scenes.maps import home_scene as make_home_scene
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.datasets import BANK
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, Metric, random_pair_scores
from embeddings_core.spaces.vocabulary import load_vocabulary, reference_scores, vocabulary_rows
from embeddings_core.talks.ready_talk import ready_talk_json
from embeddings_core.training.runs import TrainingRuns
from pages._ui import picture_store, word_store
from pages._ui.joint_space import JointSpace, caption_vectors, parted
from pages._ui.picture_store import PictureSpace
from pages._ui.recipe import Recipe
from pages._ui.text_readers import MeanSpace, Reader, encoder_of
from pages._ui.word_store import StaticSpace

R = TypeVar("R")
LOG = logging.getLogger("embeddings_visualizer")
WORD_SPACE = "words"
HEAD_START = 3.0  # seconds: the first page and its browser need the same cores as the warm-up
Space = str | PictureSpace | StaticSpace | MeanSpace


@dataclass(frozen=True)
class Order:
    """What is to be on a map: the items shown, those it was fitted to, how, and in which space.

    `space` is "words" (the bundled words, live ones among them), the id of a text model, a space of static words or
    the mean in one, or a space of pictures, whose items are the digests of the pictures.
    """

    shown: tuple[str, ...]
    fitted: tuple[str, ...]
    recipe: Recipe
    space: Space = WORD_SPACE


@st.cache_resource(show_spinner=False)
def warm_up() -> threading.Thread:
    """Make ready, in the background and once, what the first visitors would wait for."""
    import pandas  # noqa: F401 # whole before threads begin: a chart drawn while another thread loads it fails

    def work() -> None:
        time.sleep(HEAD_START)
        try:
            load_vocabulary(), vocabulary_rows(), reference_scores()
            jobs.warm_up(warm_up_kernels)
            embed_words(("a phrase that the vocabulary lacks",))
            ready_talk_json()
            embed_images(picture_store.sample_set("a mix")[:8], load_encoder(picture_store.USUAL_MODEL))
            load_encoder("bridge")
            once(layer_trajectory, BANK.items, "bank", "minilm", 2, "")
        except Exception:  # a page that needs it will say so; the server must live
            LOG.exception("Warming up failed")
        gc.collect()
        gc.freeze()

    # no daemon: to end in the middle of native code would be a crash
    thread = threading.Thread(target=work, name="warm-up")
    thread.start()
    return thread


def once(
    function: Callable[..., R], *recipe: Hashable, child: bool = False, seconds: float = PROJECTION_SECONDS
) -> R:
    """Call a module-level function with this recipe once, and remember what it returned.

    `child` runs it in the worker process, at most `seconds` long: for what is heavy or could crash.
    """
    result: R = _computed(function, f"{function.__module__}:{function.__qualname__}", recipe, child, seconds)
    return result


@st.cache_resource(max_entries=256, show_spinner="Computing …", show_time=True)
def _computed(
    _function: Callable[..., Any], name: str, recipe: tuple[Hashable, ...], child: bool, _seconds: float
) -> Any:
    return jobs.within(_seconds).run(_function, *recipe) if child else _function(*recipe)


@st.cache_resource(show_spinner=False)
def training_runs() -> TrainingRuns:
    """Return the trainings of all visitors."""
    return TrainingRuns()


@st.cache_resource(show_spinner=False)
def home_scene() -> Scene:
    """Return the film of the home page."""
    return make_home_scene()


@st.cache_resource(max_entries=32, show_spinner="Reading the words …", show_time=True)
def word_vectors(items: tuple[str, ...]) -> EmbeddedWords:
    """Return the vectors of words: from the bundled space, or from the live model where that lacks one."""
    return embed_words(items)


@st.cache_resource(max_entries=64, show_spinner="Opening the word vectors …", show_time=True)
def known_words(items: tuple[str, ...], space: StaticSpace) -> EmbeddingSet:
    """Return the words that a space of static words knows, with their vectors."""
    return known_in(word_store.opened(space), items)


@st.cache_resource(max_entries=32, show_spinner="Reading the sentences …", show_time=True)
def sentence_vectors(items: tuple[str, ...], model: Reader, role: Role = "passage") -> EmbeddingSet:
    """Return the vectors of texts by a text model, with the prompt that its authors give this role, or by a mean."""
    return embed(items, encoder_of(model), model=model if isinstance(model, str) else model.title, role=role)


@st.cache_resource(max_entries=48, show_spinner="Looking at the pictures …", show_time=True)
def picture_vectors(keys: tuple[str, ...], space: PictureSpace) -> EmbeddingSet:
    """Return the vectors of pictures, named by their digests; only those that are new are looked at.

    Those of samples are remembered for all, those of a visitor's own pictures in the visit, under its owner.
    """
    if not space.owner:
        return _looked_at(keys, space.model)
    shared = tuple(key for key in keys if key in picture_store.samples())
    own = picture_store.vectors(space.model)
    if new := tuple(key for key in keys if key not in own and key not in picture_store.samples()):
        own.update(zip(new, _looked_at(new, space.model).vectors, strict=True))
    of_samples = picture_vectors(shared, PictureSpace(space.model)).vectors if shared else ()
    known = {**own, **dict(zip(shared, of_samples, strict=True))}
    return EmbeddingSet(keys, np.stack([known[key] for key in keys]), space.model)


def _looked_at(keys: tuple[str, ...], model: str) -> EmbeddingSet:
    files = picture_store.files(keys)
    return EmbeddingSet(
        keys, embed_images(files, load_encoder(model), model=model, limit=len(files)).vectors, model
    )


@st.cache_resource(max_entries=48, show_spinner="Reading the captions …", show_time=True)
def joint_vectors(items: tuple[str, ...], space: JointSpace) -> EmbeddingSet:
    """Return the vectors of pictures and captions in the one space of a model of both."""
    keys, captions = parted(items)
    parts = [picture_vectors(keys, PictureSpace(space.model, space.owner)).vectors] if keys else []
    parts += [caption_vectors(captions, space.model)] if captions else []
    return EmbeddingSet(items, np.concatenate(parts), space.model)


def vectors_of(items: tuple[str, ...], space: Space) -> EmbeddingSet:
    """Return the vectors of items in a space, as `Order` names it."""
    if isinstance(space, JointSpace):
        return joint_vectors(items, space)
    if isinstance(space, PictureSpace):
        return picture_vectors(items, space)
    if isinstance(space, StaticSpace):
        return known_words(items, space)
    return word_vectors(items).words if space == WORD_SPACE else sentence_vectors(items, space)


@st.cache_resource(max_entries=128, show_spinner="Drawing the map …", show_time=True)
def fit(items: tuple[str, ...], recipe: Recipe, space: Space = WORD_SPACE) -> Projection:
    """Compute a map and the film that leads to it."""
    if recipe.start is not None:
        return morph(fit(items, recipe.start, space), fit(items, recipe.end, space))
    wishes = recipe.wishes()
    if isinstance(space, PictureSpace):
        wishes = picture_store.roomy(wishes)
    if recipe.method == "pca":
        return project(vectors_of(items, space), **wishes)
    return rotate_widest_across(jobs.run(project, vectors_of(items, space), **wishes))


@st.cache_resource(max_entries=128, show_spinner=False)
def view(order: Order) -> MapView:
    """Return what is on screen: the shown items on the map of the fitted ones."""
    return view_map(
        vectors_of(order.shown, order.space),
        fitted=vectors_of(order.fitted, order.space),
        projection=fit(order.fitted, order.recipe, order.space),
        recipe=f"{order.space} {order.recipe!r}",
    )


@st.cache_resource(max_entries=24, show_spinner=False)
def random_pairs(metric: Metric, space: Space = WORD_SPACE) -> FloatArray:
    """Return the sorted similarities of random word pairs of a space: what one similarity is compared with."""
    if metric == "cosine" and not isinstance(space, StaticSpace):
        return reference_scores()
    vectors = word_store.words_of(space).vectors
    return random_pair_scores(vectors, metric=metric) if len(vectors) > 1 else np.zeros(1, dtype=np.float32)


def possible(recipe: Recipe) -> Recipe:
    """Return the recipe, or PCA in its place while the engine of the other methods is still warming up."""
    return recipe if recipe.method == "pca" or jobs.is_warm() else Recipe("pca", recipe.dimensions)


@st.cache_resource(max_entries=64, show_spinner=False)
def map_trust(order: Order, k: int) -> Trust:
    """Return how far a map can be trusted."""
    shown = view(order)
    if len(shown.items) > 1_000:  # a second of work belongs into the child, where it slows nobody's typing
        return jobs.within(CLUSTERING_SECONDS).run(trust, shown.embeddings, shown.projection, k=k)
    return trust(shown.embeddings, shown.projection, k=k)


@st.cache_resource(max_entries=64, show_spinner="Grouping …")
def clusters(items: tuple[str, ...], k: int, seed: int, space: Space = WORD_SPACE) -> Clustering:
    """Group items by k-means in the original space."""
    return jobs.within(CLUSTERING_SECONDS).run(kmeans, vectors_of(items, space), k=k, seed=seed)


@st.cache_resource(max_entries=64, show_spinner=False)
def silhouettes(items: tuple[str, ...], space: Space = WORD_SPACE) -> dict[int, float]:
    """Return the silhouette of each number of clusters."""
    return dict(jobs.within(CLUSTERING_SECONDS).run(suggest_k, vectors_of(items, space)).scores)


@st.cache_resource(max_entries=64, show_spinner=False)
def dense(order: Order) -> Clustering:
    """Find the dense groups of a map."""
    shown = view(order)
    return named(jobs.within(CLUSTERING_SECONDS).run(density, shown.projection.final), shown.embeddings)
