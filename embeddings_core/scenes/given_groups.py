"""Colours of a map by groups that were given: the labels of a table, or the metadata of a file of vectors."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from embeddings_core.scenes.metadata import metadata
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.space import Space
from embeddings_core.spaces.vectors import IntArray
from embeddings_core.tables.table import MOST_CATEGORIES, NO_LABEL


def label_groups(items: Sequence[str], labels: Mapping[str, str]) -> tuple[IntArray, tuple[str, ...]] | None:
    """Return the group of each item and the groups' names, the largest first, −1 for none; None where most have no label."""
    known = Counter(labels[item] for item in items if item in labels)
    if 2 * known.total() < len(items) or not known:
        return None
    names = tuple(sorted(known, key=lambda name: (-known[name], name)))
    place = {name: at for at, name in enumerate(names)}
    return np.array([place[labels[item]] if item in labels else -1 for item in items], dtype=np.int64), names


def coloured_by_labels(scene: Scene, labels: Mapping[str, str]) -> Scene:
    """Colour a scene that has no colours of its own by the label of each item, where most items have one."""
    found = None if _has_colours(scene) else label_groups(scene.points.items, labels)
    if found is None:
        return scene
    return replace(scene, points=replace(scene.points, groups=found[0], group_names=found[1]))


def coloured_by_metadata(scene: Scene, space: Space) -> Scene:
    """Colour a scene that has no colours of its own by the groups that the space's metadata gives, where they are few."""
    words = space.words()
    if _has_colours(scene) or words is None or words.groups is None:
        return scene
    found = space.vectors(scene.points.items)
    given = zip(found.items, found.groups or (), strict=False)
    coloured = coloured_by_labels(
        scene, {item: group for item, group in given if group not in ("", NO_LABEL)}
    )
    names = coloured.points.group_names
    if coloured is scene or not 1 < len(names) <= MOST_CATEGORIES:
        return scene
    told = metadata(scene.metadata, Groups=f"{len(names)}, from the metadata of {space.title}")
    return replace(coloured, metadata=told)


def _has_colours(scene: Scene) -> bool:
    return scene.points.groups is not None or scene.points.values is not None
