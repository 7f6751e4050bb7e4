"""Scenes of a map: the same points seen through one lens after another."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from embeddings_core.analysis.algebra import Analogy, analogy_film
from embeddings_core.analysis.clustering import Clustering
from embeddings_core.analysis.found_groups import FoundGroups
from embeddings_core.analysis.model_comparison import ModelComparison
from embeddings_core.analysis.neighbours import Neighbours
from embeddings_core.maps.home_film import load_home_film
from embeddings_core.maps.map_view import MapView
from embeddings_core.maps.methods import title_of
from embeddings_core.maps.timeline import in_one_frame
from embeddings_core.maps.trust import Trust
from embeddings_core.models.registry import model_title
from embeddings_core.scenes.links import close_links
from embeddings_core.scenes.metadata import METRIC_NAMES, METRIC_WORDS, map_metadata, metadata
from embeddings_core.scenes.scene import Link, Metadata, Motion, Points, Scene
from embeddings_core.spaces.datasets import groups_of
from embeddings_core.spaces.vectors import FloatArray, IntArray


def view_metadata(view: MapView, *, noun: str = "words", trust: Trust | None = None) -> Metadata:
    """Return the metadata of a map; `noun` is what its items are called."""
    space = view.embeddings
    return map_metadata(
        view.projection, items=view.items, model=model_title(space.model), dimensions=space.dimensions, noun=noun, trust=trust
    )  # fmt: skip


def empty_scene(told: str = "", *, alt: str = "An empty map.") -> Scene:
    """Return a stage without a point; `told` is its caption."""
    motion = Motion(np.zeros((1, 0, 2), np.float32), (told,), kind="still")
    return Scene(id="empty", points=Points(()), motion=motion, alt=alt)


def home_scene() -> Scene:
    """Return the film of the home page: a part of the bundled word space finding its shape."""
    words, projection = load_home_film()
    groups = words.groups or ()
    names = tuple(dict.fromkeys(group for group in groups if group))
    return Scene(
        id="home",
        points=Points(
            words.items, groups=_numbered(groups, names), group_names=names, priority=_first_of_each(groups)
        ),
        motion=Motion(projection.frames, projection.frame_names, kind=projection.kind, seconds=9.0),
        title=title_of(projection.method),
        alt=f"A map of {len(words):,} English words that organises itself into islands: {', '.join(names)}.",
        metadata=metadata(
            map_metadata(
                projection,
                items=words.items,
                model=model_title(words.model),
                dimensions=words.dimensions,
                noun="words",
            ),
            Groups=f"{len(names)} topics, named by us; the method never saw them",
        ),
    )


def coloured_by(scene: Scene, view: MapView, found: FoundGroups | None) -> Scene:
    """Colour a scene of the items of this map by groups that were found, where it has no groups, colours or values of its own.

    Points beyond the items of the map belong to none.
    """
    points, n = scene.points, len(view.items)
    taken = points.groups is not None or points.values is not None
    if found is None or taken or points.items[:n] != view.items:
        return scene
    labels = np.full(len(points.items), -1, dtype=np.int64)
    labels[:n] = found.labels_of(view.embeddings.vectors)
    told = (
        f"{found.clustering.k}, found by k-means in all {view.embeddings.dimensions:,} numbers and named by their own words "
        f"(silhouette {found.silhouette:.2f}: 0 is no nearer to the own group than to the next, 1 perfectly apart; by chance at "
        f"most {found.chance:.2f})"
    )
    return replace(
        scene,
        points=replace(points, groups=labels, group_names=found.clustering.names),
        metadata=metadata(scene.metadata, Groups=told),
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
        links.append(Link(3, 4, "dashed", 2))
    return Scene(
        id="analogy " + "|".join(items),
        points=Points(
            items,
            keys=tuple(f"analogy {place} {item}" for place, item in enumerate(items)),
            groups=np.array([0, 0, 1, 2, *([3] * (n - 4))], dtype=np.int64),
            group_names=("the example", "the question", "where the arithmetic ends", "the nearest words")[
                : 4 if n > 4 else 3
            ],
            priority=np.linspace(1, 0, n, dtype=np.float32),
        ),
        motion=Motion(frames, film.frame_names, kind=film.kind, trails=(3,), seconds=8.0),
        title=result.name,
        caption=film.note,
        alt=f"{result.a} to {result.b} is one step; the same step from {result.c} ends near {result.answer}.",
        links=tuple(links),
        metadata=map_metadata(
            film, items=items, model=model_title(model), dimensions=result.given.shape[1], noun="words"
        ),
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
        points=Points(
            view.items, groups=None if groups is None else _numbered(groups, names), group_names=names
        ),
        motion=Motion(
            in_one_frame(projection.frames) if projection.kind == "recorded" else projection.frames,
            projection.frame_names,
            kind=projection.kind,
            seconds=seconds if len(projection.frames) > 2 else 3.0,
        ),
        map_id=view.id,
        title=method,
        alt=(
            f"Map of {n} items in {projection.dimensions}-D by {method}: near points mean similar things. "
            if projection.shows_nearness
            else f"{n} items on {method}: near points mean nothing here. "
        )
        + ", ".join(view.items[:30]),
        metadata=view_metadata(view),
    )


def neighbour_scene(view: MapView, neighbours: Neighbours | None) -> Scene:
    """Draw lines from one item to its nearest on the map, in rank order."""
    scene = map_scene(view)
    if neighbours is None or neighbours.query not in view.items:
        return scene
    own = view.items.index(neighbours.query)
    rows = [int(row) for row in neighbours.rows]
    links = close_links(
        own, rows, scores=neighbours.scores, vectors=view.embeddings.vectors, metric=neighbours.metric
    )
    told = metadata(scene.metadata, Lines=neighbour_words(neighbours, drawn=len(links)))
    return replace(
        scene,
        links=links,
        metadata=told,
        points=replace(scene.points, selected=own, highlighted=tuple(link.end for link in links)),
        motion=replace(scene.motion, trails=(own,)),
    )


def neighbour_words(neighbours: Neighbours, *, drawn: int | None = None) -> str:
    """Say what lines to neighbours are; `drawn` of them where not all are close enough for one."""
    count = len(neighbours.rows) if drawn is None else drawn
    query = f'"{neighbours.query}"' if " " in neighbours.query else neighbours.query
    if not count:
        return f"none: nothing here is close to {query}, by {METRIC_NAMES[neighbours.metric]}"
    closer = "" if drawn is None else "; thicker where closer"
    return f"to the {count} nearest to {query}, by {METRIC_NAMES[neighbours.metric]}{closer}"


def trust_scene(view: MapView, trust: Trust, row: int | None) -> Scene:
    """Colour each point by the share of its true neighbours preserved; draw preserved and missing ones of one item."""
    scene = map_scene(view)
    scene = replace(
        scene,
        metadata=view_metadata(view, trust=trust),
        points=replace(
            scene.points,
            values=trust.preserved,
            values_title="share of true neighbours preserved",
            groups=None,
            group_names=(),
        ),
        motion=replace(scene.motion, autoplay=False),
    )
    if row is None:
        return scene
    truth = trust.of(row)
    near = [
        *((other, "neighbour") for other in truth.preserved),
        *((other, "dashed") for other in truth.missing),
    ]
    links = tuple(Link(row, other, style, rank) for rank, (other, style) in enumerate(near))  # type: ignore[arg-type]
    return replace(scene, links=links, points=replace(scene.points, selected=row))


def cluster_scene(view: MapView, clustering: Clustering, *, noun: str = "words") -> Scene:
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
    scene = map_scene(view)
    return replace(
        scene,
        id=f"{view.id}-kmeans-{k}-{outcome}",
        title="k-means",
        metadata=metadata(
            view_metadata(view, noun=noun),
            Groups=f"{k} by k-means, in all {view.embeddings.dimensions:,} numbers, not on the map",
        ),
        points=replace(
            scene.points,
            items=(*view.items, *(f"centre {name}" for name in names)),
            keys=(*view.items, *(f"\x1fcentre {group}" for group in range(k))),
            groups=np.concatenate([clustering.labels, own]).astype(np.int64),
            group_names=names,
            sizes=np.concatenate([np.ones(n), np.full(k, 2.0)]).astype(np.float32),
        ),
        motion=replace(
            scene.motion,
            frames=frames,
            frame_names=_step_names(moments),
            kind="recorded" if len(moments) > 1 else "still",
            frame_groups=np.stack([np.concatenate([labels, own]) for labels in moments]).astype(np.int64),
            series=(("silhouette", clustering.silhouettes),)
            if len(clustering.silhouettes) == len(moments) > 1
            else (),
            seconds=max(3.0, 0.9 * len(moments)),
        ),
    )


def _step_names(moments: Sequence[IntArray]) -> tuple[str, ...]:
    """Say at each step of k-means how many points changed their group."""
    names = ["each point joins the nearest of the starting centres"]
    for before, after in pairwise(moments):
        moved = int((before != after).sum())
        change = "1 point changes group" if moved == 1 else f"{moved or 'no'} points change group"
        names.append(f"centres move; {change}")
    return tuple(names)


def density_scene(view: MapView, clustering: Clustering, *, noun: str = "words") -> Scene:
    """Colour the dense groups of the map; points between them stay grey."""
    names = tuple(f"{group + 1} {name}" for group, name in enumerate(clustering.names))
    told = metadata(
        view_metadata(view, noun=noun), Groups=f"{clustering.k} where points lie densely, on this map itself"
    )
    labels = clustering.labels.astype(np.int64)
    scene = map_scene(view)
    return replace(
        scene,
        metadata=told,
        points=replace(scene.points, groups=labels, group_names=names),
        motion=replace(scene.motion, autoplay=False),
    )


def model_comparison_scene(comparison: ModelComparison) -> Scene:
    """Morph the same words from the map of one model to that of the next, with trails of those that moved most."""
    frames = comparison.film.frames
    travelled = np.linalg.norm(np.diff(frames, axis=0), axis=2).sum(axis=0)
    groups = groups_of(comparison.items)
    names = tuple(dict.fromkeys(group for group in groups or () if group))
    return Scene(
        id="models " + "|".join((*comparison.titles, *comparison.items)),
        points=Points(
            comparison.items, groups=None if groups is None else _numbered(groups, names), group_names=names
        ),
        motion=Motion(
            frames,
            comparison.film.frame_names,
            kind="morph",
            trails=tuple(int(row) for row in np.argsort(-travelled)[:3]),
            seconds=4.0 * (len(frames) - 1),
        ),
        alt=f"{len(comparison.items)} words in the spaces of {', '.join(comparison.titles)}, each map turned onto the one before.",
        metadata=metadata(
            map_metadata(
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
