"""Scenes of a map: the same points seen through one lens after another."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from embeddings_core.analysis.algebra import Analogy, analogy_film
from embeddings_core.analysis.clustering import Clustering
from embeddings_core.analysis.model_comparison import ModelComparison
from embeddings_core.analysis.neighbours import Neighbours
from embeddings_core.maps.home_film import load_home_film
from embeddings_core.maps.map_view import MapView
from embeddings_core.maps.methods import title_of
from embeddings_core.maps.timeline import in_one_frame
from embeddings_core.maps.trust import Trust
from embeddings_core.scenes.metadata import METRIC_NAMES, METRIC_WORDS, About, about, map_about
from embeddings_core.scenes.scene import Link, Scene
from embeddings_core.spaces.datasets import groups_of
from embeddings_core.spaces.vectors import FloatArray, IntArray


def view_about(view: MapView, *, noun: str = "words", trust: Trust | None = None) -> About:
    """Return the recipe card of a map; `noun` is what its items are called."""
    space = view.embeddings
    return map_about(
        view.projection, items=view.items, model=space.model, dimensions=space.dimensions, noun=noun, trust=trust
    )  # fmt: skip


def home_scene() -> Scene:
    """Return the film of the home page: a part of the bundled word space finding its shape."""
    words, projection = load_home_film()
    groups = words.groups or ()
    names = tuple(dict.fromkeys(group for group in groups if group))
    return Scene(
        id="home",
        items=words.items,
        frames=projection.frames,
        frame_names=projection.frame_names,
        kind=projection.kind,
        title=title_of(projection.method),
        alt=f"A map of {len(words):,} English words that organises itself into islands: {', '.join(names)}.",
        groups=_numbered(groups, names),
        group_names=names,
        priority=_first_of_each(groups),
        seconds=9.0,
        about=about(
            map_about(
                projection, items=words.items, model=words.model, dimensions=words.dimensions, noun="words"
            ),
            Groups=f"{len(names)} topics, named by us; the method never saw them",
        ),
    )


def _numbered(groups: Sequence[str], names: Sequence[str]) -> IntArray:
    return np.array([names.index(group) if group in names else -1 for group in groups], dtype=np.int64)


def _first_of_each(groups: Sequence[str]) -> FloatArray:
    """Rank labels so that every group is named before one is named twice: 1 / (place within its group)."""
    seen: Counter[str] = Counter()
    ranks = []
    for group in groups:
        seen[group] += 1
        ranks.append(1.0 / seen[group])
    return np.array(ranks, dtype=np.float32)


def analogy_scene(result: Analogy, *, model: str = "minilm") -> Scene:
    """Draw "a is to b as c is to ?" step by step in the true plane of the vectors."""
    items, film = analogy_film(result)
    frames = film.frames.copy()
    frames[-1] = frames[
        -2
    ]  # the arithmetic ends where it ends; a dashed line shows how far the answer is from there
    n = len(items)
    links = [Link(0, 1, "path", 0), Link(2, 3, "path", 1)]
    if n > 4:
        links.append(Link(3, 4, "torn", 2))
    return Scene(
        id="analogy " + "|".join(items),
        items=items,
        keys=tuple(f"analogy {place} {item}" for place, item in enumerate(items)),
        frames=frames,
        frame_names=film.frame_names,
        kind=film.kind,
        title=result.name,
        caption=film.note,
        alt=f"{result.a} to {result.b} is one step; the same step from {result.c} ends near {result.answer}.",
        groups=np.array([0, 0, 1, 2, *([3] * (n - 4))], dtype=np.int64),
        group_names=("the example", "the question", "where the arithmetic ends", "the nearest words")[
            : 4 if n > 4 else 3
        ],
        priority=np.linspace(1, 0, n, dtype=np.float32),
        links=tuple(links),
        trails=(3,),
        seconds=8.0,
        about=map_about(film, items=items, model=model, dimensions=result.given.shape[1], noun="words"),
    )


def map_scene(view: MapView, *, seconds: float = 6.0) -> Scene:
    """Show the map with its film, where it has one."""
    projection = view.projection
    method = title_of(projection.method)
    n = len(view.items)
    groups = groups_of(view.items)
    names = tuple(dict.fromkeys(group for group in groups or () if group))
    return Scene(
        id=view.id,
        map_id=view.id,
        items=view.items,
        frames=in_one_frame(projection.frames) if projection.kind == "recorded" else projection.frames,
        frame_names=projection.frame_names,
        kind=projection.kind,
        title=method,
        alt=f"Map of {n} items in {projection.dimensions}-D by {method}: near points mean similar things. "
        + ", ".join(view.items[:30]),
        groups=None if groups is None else _numbered(groups, names),
        group_names=names,
        seconds=seconds if len(projection.frames) > 2 else 3.0,
        about=view_about(view),
    )


def neighbour_scene(view: MapView, neighbours: Neighbours | None) -> Scene:
    """Draw lines from one item to its nearest on the map, in rank order."""
    scene = map_scene(view)
    if neighbours is None or neighbours.query not in view.items:
        return scene
    own = view.items.index(neighbours.query)
    rows = [int(row) for row in neighbours.rows]
    links = tuple(Link(own, row, "neighbour", rank) for rank, row in enumerate(rows))
    told = about(scene.about, Lines=neighbour_words(neighbours))
    return replace(scene, selected=own, highlighted=tuple(rows), links=links, trails=(own,), about=told)


def neighbour_words(neighbours: Neighbours) -> str:
    """Say what lines to neighbours are."""
    query = f'"{neighbours.query}"' if " " in neighbours.query else neighbours.query
    return f"to the {len(neighbours.rows)} nearest to {query}, by {METRIC_NAMES[neighbours.metric]}"


def trust_scene(view: MapView, trust: Trust, row: int | None) -> Scene:
    """Colour each point by the share of its true neighbours kept; draw kept and torn ones of one item."""
    scene = replace(
        map_scene(view), values=trust.preserved, values_title="share of true neighbours kept", groups=None, group_names=(),
        autoplay=False, about=view_about(view, trust=trust),
    )  # fmt: skip
    if row is None:
        return scene
    truth = trust.of(row)
    near = [
        *((other, "neighbour") for other in truth.preserved),
        *((other, "torn") for other in truth.missing),
    ]
    links = tuple(Link(row, other, style, rank) for rank, (other, style) in enumerate(near))  # type: ignore[arg-type]
    return replace(scene, selected=row, links=links)


def cluster_scene(view: MapView, clustering: Clustering) -> Scene:
    """Play the steps of k-means on the standing map: points change colour, centres move among their members.

    A centre lies in the original space; on the map it stands at the mean of its members.
    """
    positions = view.projection.final
    n, k = len(view.items), clustering.k
    moments = list(clustering.steps) or [clustering.labels]
    frames = np.zeros((len(moments), n + k, view.projection.dimensions), dtype=np.float32)
    for moment, labels in enumerate(moments):
        frames[moment, :n] = positions
        for group in range(k):
            members = positions[labels == group]
            frames[moment, n + group] = members.mean(0) if len(members) else positions.mean(0)
    own = np.arange(k)
    names = tuple(f"{group + 1} {name}" for group, name in enumerate(clustering.names))
    outcome = hashlib.sha256(np.stack(moments).tobytes()).hexdigest()[:12]
    return replace(
        map_scene(view),
        id=f"{view.id}-kmeans-{k}-{outcome}",
        items=(*view.items, *(f"centre {name}" for name in names)),
        keys=(*view.items, *(f"\x1fcentre {group}" for group in range(k))),
        frames=frames,
        frame_names=_step_names(moments),
        kind="recorded" if len(moments) > 1 else "still",
        title="k-means",
        frame_groups=np.stack([np.concatenate([labels, own]) for labels in moments]).astype(np.int64),
        groups=np.concatenate([clustering.labels, own]).astype(np.int64),
        group_names=names,
        sizes=np.concatenate([np.ones(n), np.full(k, 2.0)]).astype(np.float32),
        series=(("silhouette", clustering.silhouettes),) if len(clustering.silhouettes) == len(moments) > 1 else (),
        seconds=max(3.0, 0.9 * len(moments)),
        about=about(
            view_about(view), Groups=f"{k} by k-means, in all {view.embeddings.dimensions:,} numbers, not on the map"
        ),
    )  # fmt: skip


def _step_names(moments: Sequence[IntArray]) -> tuple[str, ...]:
    """Say at each step of k-means how many points changed their group."""
    names = ["each point joins the nearest of the starting centres"]
    for before, after in pairwise(moments):
        moved = int((before != after).sum())
        change = "1 point changes group" if moved == 1 else f"{moved or 'no'} points change group"
        names.append(f"centres move; {change}")
    return tuple(names)


def density_scene(view: MapView, clustering: Clustering) -> Scene:
    """Colour the dense groups of the map; points between them stay grey."""
    names = tuple(f"{group + 1} {name}" for group, name in enumerate(clustering.names))
    told = about(view_about(view), Groups=f"{clustering.k} where points lie densely, on this map itself")
    labels = clustering.labels.astype(np.int64)
    return replace(map_scene(view), autoplay=False, groups=labels, group_names=names, about=told)


def model_comparison_scene(comparison: ModelComparison) -> Scene:
    """Morph the same words from the map of one model to that of the next, with trails of those that moved most."""
    frames = comparison.film.frames
    travelled = np.linalg.norm(np.diff(frames, axis=0), axis=2).sum(axis=0)
    groups = groups_of(comparison.items)
    names = tuple(dict.fromkeys(group for group in groups or () if group))
    return Scene(
        id="models " + "|".join((*comparison.titles, *comparison.items)),
        items=comparison.items,
        frames=frames,
        frame_names=comparison.film.frame_names,
        kind="morph",
        alt=f"{len(comparison.items)} words in the spaces of {', '.join(comparison.titles)}, each map turned onto the one before.",
        groups=None if groups is None else _numbered(groups, names),
        group_names=names,
        trails=tuple(int(row) for row in np.argsort(-travelled)[:3]),
        seconds=4.0 * (len(frames) - 1),
        about=about(
            map_about(
                comparison.film,
                items=comparison.items,
                model=", ".join(comparison.titles),
                dimensions=0,
                noun="words",
            ),
            Numbers=", ".join(f"{each.dimensions:,}" for each in comparison.sets),
            Nearness=METRIC_WORDS["cosine"],
            Picture=f"one map a model, each turned onto the one before, in {comparison.film.dimensions}-D",
        ),
    )
