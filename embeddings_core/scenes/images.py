"""Scenes of pictures: their thumbnails are the marks on the map."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from embeddings_core.analysis.clustering import Clustering
from embeddings_core.analysis.comparison import Comparison
from embeddings_core.analysis.neighbours import Neighbours
from embeddings_core.maps.map_view import MapView
from embeddings_core.maps.methods import title_of
from embeddings_core.maps.projection import Projection
from embeddings_core.models.registry import model_title
from embeddings_core.pictures.files import ImageFile
from embeddings_core.scenes.links import close_links
from embeddings_core.scenes.maps import cluster_scene, density_scene, map_scene, view_metadata
from embeddings_core.scenes.metadata import (
    MEANINGLESS,
    METRIC_NAMES,
    METRIC_WORDS,
    counted,
    map_metadata,
    metadata,
)
from embeddings_core.scenes.scene import Motion, Points, Scene
from embeddings_core.spaces.vectors import FloatArray

MOST_GROUPS = 8  # more colours than that nobody tells apart
Files = Sequence[ImageFile]


def titled(file: ImageFile) -> str:
    """Return a picture's name, with how often its content is there."""
    return file.name if file.count == 1 else f"{file.name} (× {file.count})"


def dressed(scene: Scene, files: Files) -> Scene:
    """Give a scene of digests the pictures' names, thumbnails and folders; row i is `files[i]`.

    Items beyond the files (centres) keep a point.
    """
    n, rest = len(files), len(scene.points.items) - len(files)
    folders = tuple(dict.fromkeys(file.group for file in files if file.group))
    if scene.points.groups is None and scene.points.values is None and 2 <= len(folders) <= MOST_GROUPS:
        numbers = [folders.index(file.group) if file.group else -1 for file in files]
        scene = replace(
            scene,
            points=replace(
                scene.points, groups=np.array(numbers + [-1] * rest, dtype=np.int64), group_names=folders
            ),
        )
    names = (*(titled(file) for file in files), *scene.points.items[n:])
    return replace(
        scene,
        alt=f"Map of {n} pictures in {scene.motion.dimensions}-D ({scene.title}): pictures that the model finds alike "
        f"stand together. {', '.join(names[:20])}",
        metadata=metadata(scene.metadata, Items=counted(names[:n], "pictures")),
        points=replace(scene.points, items=names, keys=scene.points.keys or scene.points.items),
        pictures=replace(scene.pictures, images=(*(file.thumbnail for file in files), *[""] * rest)),
    )


def picture_scene(view: MapView, files: Files) -> Scene:
    """Show the map of pictures with its film, where it has one."""
    return dressed(map_scene(view), files)


def picture_neighbour_scene(
    view: MapView, files: Files, neighbours: Neighbours | None, row: int | None
) -> Scene:
    """Draw lines from one picture to its nearest, in rank order."""
    scene = map_scene(view)
    if neighbours is None or row is None:
        return dressed(scene, files)
    rows = tuple(int(other) for other in neighbours.rows)
    links = close_links(
        row, rows, scores=neighbours.scores, vectors=view.embeddings.vectors, metric=neighbours.metric
    )
    close = tuple(link.end for link in links)
    lines = f"to the {len(close)} nearest to {files[row].name}, by {METRIC_NAMES[neighbours.metric]}; thicker where closer"
    told = metadata(scene.metadata, Lines=lines)
    return dressed(
        replace(
            scene, links=links, metadata=told, points=replace(scene.points, selected=row, highlighted=close)
        ),
        files,
    )


def picture_cluster_scene(view: MapView, files: Files, clustering: Clustering) -> Scene:
    """Play the steps of k-means: the coloured corners change, the centres move among their members."""
    return dressed(cluster_scene(view, clustering), files)


def picture_density_scene(view: MapView, files: Files, clustering: Clustering) -> Scene:
    """Mark the pictures of the dense groups of the map; those between them get no colour."""
    return dressed(density_scene(view, clustering), files)


def two_models_scene(
    film: Projection,
    files: Files,
    comparison: Comparison,
    *,
    id: str,
    titles: tuple[str, str],
    row: int | None,
) -> Scene:
    """Move the pictures from one model's map to another's; those whose company changes most leave a trail."""
    movers = tuple(change.row for change in comparison.biggest_changes(5))
    scene = Scene(
        id=id,
        points=Points(
            tuple(file.digest for file in files),
            selected=row,
            highlighted=movers if row is None else tuple(sorted({*movers, *comparison.second[row].tolist()})),
        ),
        motion=Motion(
            film.frames,
            tuple(f"as {title} sees them" for title in titles),
            kind=film.kind,
            trails=movers if row is None else (*movers, row),
            seconds=4.0,
        ),
        title=f"{titles[0]} to {titles[1]}"[:70],
        metadata=metadata(
            map_metadata(film, items=(), model=" and ".join(titles), dimensions=0),
            Numbers="",
            Nearness=METRIC_WORDS["cosine"],
            Picture=f"{title_of(film.method)}, in {film.dimensions}-D, of each model",
        ),
    )
    return dressed(scene, files)


def probe_scene(
    view: MapView,
    files: Files,
    row: int,
    *,
    states: FloatArray,
    names: Sequence[str],
    similarity: Sequence[float],
    nearest: Sequence[int],
    thumbnails: Sequence[str] = (),
) -> Scene:
    """Let one picture travel while the others stay: `states` (steps, 2 or 3) are the real places of its changes.

    `nearest` (steps,) is the row of the nearest other picture at each step; `thumbnails` (steps,) are the changed
    copies as data: URLs, the marks at those places.
    """
    positions = view.projection.final
    frames = np.repeat(positions[None], len(states), axis=0)
    frames[:, row] = states
    near = tuple(dict.fromkeys(int(other) for other in nearest))
    scene = Scene(
        id=f"{view.id}-probe-{view.items[row]}-{'|'.join(names)}-{float(np.sum(states)):.5f}",
        points=Points(view.items, selected=row, highlighted=near),
        motion=Motion(
            frames,
            tuple(names),
            kind="recorded",
            trails=(row,),
            series=(("similarity to the unchanged picture", tuple(float(value) for value in similarity)),),
            seconds=max(3.0, 0.9 * len(states)),
        ),
        map_id=view.id,
        title=title_of(view.projection.method),
        metadata=metadata(
            view_metadata(view), Lines="the path of one picture while it is changed; the others stay"
        ),
    )
    scene = dressed(scene, files)
    return (
        replace(scene, pictures=replace(scene.pictures, frame_images=((row, tuple(thumbnails)),)))
        if thumbnails
        else scene
    )


def depth_scene(
    film: Projection,
    files: Files,
    *,
    id: str,
    row: int | None,
    model: str = "efficientnet-lite0",
    trust: tuple[float, ...],
    series: tuple[tuple[str, tuple[float, ...]], ...],
) -> Scene:
    """Play the same pictures through the stages of a network; `trust` (stages,) is what each stage's map keeps (0-1)."""
    scene = Scene(
        id=id,
        points=Points(tuple(file.digest for file in files)),
        motion=Motion(
            film.frames,
            film.frame_names,
            kind=film.kind,
            trails=() if row is None else (row,),  # nobody selected: here all pictures are looked at
            series=series,
            seconds=max(4.0, 1.4 * len(film.frames)),
        ),
        title="Through the network",
        caption=film.note,
        metadata=metadata(
            map_metadata(film, items=(), model=model_title(model), dimensions=0),
            Numbers="as many as each stage has",
            Nearness=METRIC_WORDS["cosine"],
            Picture=f"{title_of(film.method)}, in {film.dimensions}-D: one map a stage of the network",
            Trust=f"{trust[-1]:.2f} after the last stage, {min(trust):.2f} to {max(trust):.2f} over the film: the share of each "
            "picture's nearest after a stage that are near in that stage's map too",
            Axes=MEANINGLESS,
        ),
    )
    return dressed(scene, files)
