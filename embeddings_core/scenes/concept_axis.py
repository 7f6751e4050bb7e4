"""The scene of a concept axis: the items of a map fall onto a line between two poles, or onto a plane of two lines."""

from dataclasses import replace

import numpy as np

from embeddings_core.analysis.concept_axis import OnAxis, across
from embeddings_core.maps.map_view import MapView
from embeddings_core.maps.timeline import flat_to_deep
from embeddings_core.scenes.maps import map_scene, view_metadata
from embeddings_core.scenes.metadata import metadata
from embeddings_core.scenes.scene import Link, Scene
from embeddings_core.spaces.vectors import FloatArray

HIGH, MARGIN = 1.7, 0.3  # height of the ladder in units of the axis; how far the poles stand below it


def ladder(places: FloatArray) -> FloatArray:
    """Give every item a rung of its own, in the order of the axis: (n, 2)."""
    rungs = np.empty(len(places))
    rungs[np.argsort(places, kind="stable")] = (
        np.linspace(-HIGH / 2, HIGH / 2, len(places)) if len(places) > 1 else 0.0
    )
    return np.stack([places, rungs], axis=1).astype(np.float32)


def axis_scene(view: MapView, found: OnAxis, *, second: OnAxis | None = None) -> Scene:
    """Let the items of the map turn towards the axis and fall onto it; with a second axis they end in its plane."""
    n = len(view.items)
    flat = view.projection.final.astype(np.float64)
    flat = flat - flat.mean(axis=0)
    beside = np.stack([found.places, across(view.embeddings, found.axis)], axis=1)
    end = ladder(found.places) if second is None else np.stack([found.places, second.places], axis=1)
    size = float(np.sqrt((end**2).sum(axis=1).mean())) or 1.0
    own = float(np.sqrt((flat**2).sum(axis=1).mean())) or 1.0
    wide = float(np.abs(beside[:, 1]).max(initial=0.0))
    if wide > HIGH:  # what lies beside the axis is drawn smaller, so that the axis stays the measure
        beside[:, 1] *= HIGH / wide
    states = [flat * (size / own), beside, end]
    names = [
        "the map",
        f"turned: left to right is {found.axis.name}",
        f"on the axis, in order: {found.axis.name}"
        if second is None
        else f"up and down is {second.axis.name}",
    ]
    bottom = -HIGH / 2 - MARGIN if second is None else min(float(end[:, 1].min()), -1.0) - MARGIN
    poles = [(-1.0, bottom), (1.0, bottom)]
    labels = [found.axis.low, found.axis.high]
    if second is not None:
        side = min(float(end[:, 0].min()), -1.0) - MARGIN
        poles += [(side, -1.0), (side, 1.0)]
        labels += [second.axis.low, second.axis.high]
    if view.projection.dimensions == 3:
        states = [flat_to_deep(state) for state in states]
        poles = [(*pole, 0.0) for pole in poles]  # type: ignore[misc]
    frames = np.stack([np.concatenate([state, poles]) for state in states]).astype(np.float32)
    scene = map_scene(view)
    groups = scene.points.groups
    links = [Link(n, n + 1, "dashed")] + ([Link(n + 2, n + 3, "dashed")] if second is not None else [])
    told = found.sentence if second is None else f"{found.sentence} {second.sentence}"
    return replace(
        scene,
        id=f"axis {found.axis.name}{f' and {second.axis.name}' if second else ''} {view.id}",
        map_id="",
        title="Concept axis",
        alt=told,
        points=replace(
            scene.points,
            items=(*view.items, *labels),
            keys=(*view.items, *(f"\x1fpole {place}" for place in range(len(labels)))),
            groups=None if groups is None else np.append(groups, [-1] * len(labels)),
            sizes=np.array([1.0] * n + [0.5] * len(labels), dtype=np.float32),
            priority=np.array([0.5] * n + [1.0] * len(labels), dtype=np.float32),
        ),
        motion=replace(
            scene.motion,
            frames=frames,
            frame_names=tuple(names),
            kind="morph",
            trails=(),
            series=(),
            seconds=7.0,
        ),
        links=tuple(links),
        metadata=metadata(
            view_metadata(view),
            Picture="a map turned towards an axis between two poles"
            + (", then onto a second one" if second else ", then a line"),
            Settings="",
            Seed="",
            Trust="",
            Axes=f"left to right: from {found.axis.low} (−1) to {found.axis.high} (+1), in all numbers; up and down: "
            + (
                f"from {second.axis.low} (−1) to {second.axis.high} (+1)"
                if second
                else "the order on the axis"
            ),
            Lines="dashed: from one pole to the other",
        ),
    )
