"""The lens that groups words or sentences."""

import streamlit as st

from embeddings_core.analysis.claims import groups_apart
from embeddings_core.analysis.clustering import Clustering
from embeddings_core.analysis.found_groups import FEWEST, MOST, named_by_words
from embeddings_core.maps.request import MapRequest
from embeddings_core.scenes import maps
from embeddings_core.scenes.charts import basic
from embeddings_core.scenes.scene import Scene
from pages._ui import cache, controls, panels, waiting
from pages._ui.below import SENTENCE, groups_in
from pages._ui.panels import describe_density, short, silhouette_words


def clusters(request: MapRequest, *, noun: str, key: str) -> Scene:
    """Group what is on the map, with the real steps of the algorithm as a film. `key` is that of the number of groups."""
    shown = cache.view(request)
    if not waiting.engine_ready("The groups"):
        return maps.map_scene(shown)
    if controls.menu("Groups by", {"k-means": False, "density": True}, key="groups"):
        found = _named(cache.dense(request), shown.items, noun)
        panels.sentence(describe_density(found, noun=noun), key="density")
        panels.sentence(groups_apart(shown.embeddings.vectors, found.labels, noun=noun), key="claim")
        _listed(found, shown.items)
        return maps.density_scene(shown, found, noun=f"{noun}s")
    scores = cache.silhouettes(shown.items, request.space)
    best = max(scores, key=scores.__getitem__) if scores else min(len(shown.items), 1)
    k = controls.how_many("Number of groups (k)", min(12, len(shown.items)), value=best, key=key)
    found = _named(cache.clusters(shown.items, k, request.options.seed, request.space), shown.items, noun)
    panels.sentence(groups_apart(shown.embeddings.vectors, found.labels, noun=noun), key="claim")
    if scores:
        panels.sentence(describe_k(k, best, scores, noun=noun), key="silhouette")
        cut_all_the_same(request, noun=noun)
        figure = basic.curve(
            list(scores), {"silhouette": list(scores.values())}, theme=panels.theme(), x_title="number of groups",
            y_title="silhouette", mark=k,
        )  # fmt: skip
        st.plotly_chart(
            figure, key="silhouettes", height=190, alt=f"Silhouette by number of groups; best at {best}."
        )
    _listed(found, shown.items)
    return maps.cluster_scene(shown, found, noun=f"{noun}s")


def cut_all_the_same(request: MapRequest, *, noun: str) -> None:
    """Say what k-means does, and that it also divides what has no groups, where none stand apart."""
    st.caption(f"k-means: each {noun} joins the nearest of k centres, which move until nobody changes group.")
    if (
        FEWEST <= len(request.shown) <= MOST
        and cache.quick(groups_in, request.shown, request.space, noun) is None
    ):
        panels.sentence(
            f"No groups stand apart among these {noun}s, though: k-means divides whatever it gets.",
            key="all-the-same",
        )


def describe_k(k: int, best: int, scores: dict[int, float], *, noun: str = "word") -> str:
    """Say how well k groups fit, and which number fits best."""
    if k not in scores:
        return f"{best} groups separate these {noun}s best."
    value = scores[k]
    if k == best:
        return f"{k} groups separate these {noun}s best: {silhouette_words(value, noun=noun)}."
    return f"With {k} groups: {silhouette_words(value, noun=noun)}; {best} groups would separate better ({scores[best]:.2f})."


def _named(found: Clustering, items: tuple[str, ...], noun: str) -> Clustering:
    return named_by_words(found, items) if noun == SENTENCE else found


def _listed(found: Clustering, items: tuple[str, ...]) -> None:
    for cluster, name in enumerate(found.names):
        members = [short(item) for item, label in zip(items, found.labels, strict=True) if label == cluster]
        panels.sentence(
            f"{name} ({len(members)}): {', '.join(members[:12])}{' …' if len(members) > 12 else ''}"
            if len(members) != 1
            else f"{members[0]} is alone: no group, only farther from the others than they are from each other.",
            key=f"c{cluster}",
        )
