"""Scenes of pictures and texts in one space: the map, who finds whom, what labels say, and the gap between them."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from embeddings_core.maps.map_view import MapView
from embeddings_core.pictures.files import ImageFile
from embeddings_core.pictures.modality_gap import ModalityGap, gap_film
from embeddings_core.scenes.maps import map_scene, view_metadata
from embeddings_core.scenes.metadata import counted, metadata
from embeddings_core.scenes.scene import Link, Motion, Pictures, Points, Scene
from embeddings_core.spaces.vectors import FloatArray

CAPTION, PICTURE = 0, 1  # the groups: captions get the first colour, pictures carry the second as a dot
KINDS = ("captions", "pictures")
CENTRE_KEYS = ("\x1fcentre of pictures", "\x1fcentre of captions")


def image_text_scene(
    view: MapView, files: Sequence[ImageFile], *, texts: Sequence[str] = (), kinds: tuple[str, str] = KINDS
) -> Scene:
    """Show pictures (the first rows of the view, as thumbnails) and texts (the others) on one map.

    `texts` are shown in place of the texts that were encoded: a label instead of its whole prompt.
    """
    n, shown = len(files), tuple(texts) or view.items[len(files) :]
    scene = map_scene(view)
    return replace(
        scene,
        alt=f"Map of {n} pictures and {len(shown)} {kinds[0]} by {scene.title}: what belongs together is near. "
        + ", ".join(shown[:20]),
        metadata=metadata(scene.metadata, Items=_both(files, shown, kinds[0])),
        points=replace(
            scene.points,
            items=(*(file.name for file in files), *shown),
            keys=view.items,
            groups=np.array([PICTURE] * n + [CAPTION] * len(shown), dtype=np.int64),
            group_names=kinds,
            priority=np.array([0.2] * n + [1.0] * len(shown), dtype=np.float32),
        ),
        motion=replace(scene.motion, frames=_in_reach(scene.motion.frames)),
        pictures=replace(scene.pictures, images=(*(file.thumbnail for file in files), *("" for _ in shown))),
    )


def _in_reach(frames: FloatArray) -> FloatArray:
    """Shrink the frames that reach beyond the last one: thumbnails need its room, and size means nothing on a map."""
    centred = frames - frames.mean(axis=1, keepdims=True)
    reach = np.abs(centred).max(axis=(1, 2), initial=0.0)
    shrink = np.minimum(1.0, reach[-1] / np.maximum(reach, 1e-12)).astype(np.float32)
    return centred * shrink[:, None, None] if len(frames) > 1 and reach[-1] > 0 else frames


def found_scene(scene: Scene, row: int, found: Sequence[int]) -> Scene:
    """Draw lines from one picture or caption to those of the other kind that match it, in rank order."""
    links = tuple(Link(row, int(other), "neighbour", rank) for rank, other in enumerate(found))
    told = metadata(scene.metadata, Lines=f"to the {len(links)} of the other kind that match best, by cosine")
    return replace(
        scene,
        links=links,
        metadata=told,
        points=replace(scene.points, selected=row, highlighted=tuple(int(other) for other in found)),
    )


def gap_scene(gap: ModalityGap, view: MapView, files: Sequence[ImageFile], *, dimensions: int = 2) -> Scene:
    """Play how two clouds slide into each other while each loses its mean; their centres are drawn and joined."""
    film = gap_film(gap, dimensions=dimensions)
    n, total = gap.images, film.frames.shape[1]
    centres = np.stack([film.frames[:, :n].mean(axis=1), film.frames[:, n:].mean(axis=1)], axis=1)
    texts = view.items[n:]
    name = hashlib.sha256(gap.vectors.tobytes()).hexdigest()[:16]
    return Scene(
        id=f"gap {name} {dimensions}",
        points=Points(
            (*(file.name for file in files), *texts, "centre of the pictures", "centre of the captions"),
            keys=(*view.items, *CENTRE_KEYS),
            groups=np.array([PICTURE] * n + [CAPTION] * (total - n) + [PICTURE, CAPTION], dtype=np.int64),
            group_names=KINDS,
            sizes=np.array([1.0] * total + [2.2, 2.2], dtype=np.float32),
            priority=np.array([0.1] * n + [0.5] * (total - n) + [1.0, 1.0], dtype=np.float32),
        ),
        motion=Motion(
            np.concatenate([film.frames, centres], axis=1),
            tuple(_taken_off(float(share)) for share in gap.shares),
            kind=film.kind,
            series=(("centres apart", tuple(round(float(value), 3) for value in gap.distances)),),
            seconds=8.0,
        ),
        pictures=Pictures((*(file.thumbnail for file in files), *("" for _ in range(total - n + 2)))),
        title="modality gap",
        caption=film.note,
        alt=f"{n} pictures and {total - n} captions as two clouds whose centres are {gap.distance:.2f} apart; "
        "they slide into each other as each cloud loses its mean.",
        links=(Link(total, total + 1, "dashed"),),
        metadata=metadata(
            view_metadata(view),
            Items=_both(files, texts, KINDS[0]),
            Picture=f"a flat cut through the space, in {dimensions}-D",
            Settings="",
            Seed="",
            Axes="left to right: the line between the two centres; up and down: the widest spread within the clouds",
            Note="",
        ),
    )


def _both(files: Sequence[ImageFile], texts: Sequence[str], kind: str) -> str:
    return f"{counted([file.name for file in files], 'pictures')}; {counted(texts, kind)}"


def _taken_off(share: float) -> str:
    if share <= 0:
        return "as the model has them"
    return "means off" if share >= 1 else f"{share:.0%} of the means off"


def text_priority(scores: FloatArray, n: int) -> FloatArray:
    """Rank labels of n pictures and some texts so that the best texts (scores) are named first."""
    order = np.argsort(np.argsort(-scores, kind="stable"), kind="stable")
    return np.concatenate([np.full(n, 0.1), 1.0 / (1.0 + order)]).astype(np.float32)
