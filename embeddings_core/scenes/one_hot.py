"""Scenes of the way from one-hot vectors to dense ones, and of dense ones that lose dimensions."""

import hashlib
from collections.abc import Sequence

import numpy as np

from embeddings_core.analysis.one_hot import one_hot_film
from embeddings_core.analysis.truncation import TruncationFilm
from embeddings_core.maps.map_view import MapView
from embeddings_core.maps.methods import title_of
from embeddings_core.models.registry import model_title
from embeddings_core.scenes.maps import view_metadata
from embeddings_core.scenes.metadata import map_metadata, metadata
from embeddings_core.scenes.scene import Link, Motion, Points, Scene

FATE = ("preserved neighbour", "missing neighbour", "false neighbour", "the word itself")
PRESERVED, MISSING, FALSE, OWN = range(4)


def groups_of(items: Sequence[str], known: dict[str, str]) -> tuple[np.ndarray | None, tuple[str, ...]]:
    """Number the groups of items, -1 for items without one; no groups where fewer than two are there."""
    names = tuple(dict.fromkeys(known[item] for item in items if known.get(item)))
    if len(names) < 2:
        return None, ()
    numbers = [names.index(known[item]) if known.get(item) else -1 for item in items]
    return np.array(numbers, dtype=np.int64), names


def one_hot_scene(view: MapView, *, word: str = "", groups: dict[str, str] | None = None) -> Scene:
    """Let words travel from the ring of equal distances to their places on a dense map; a morph of 2 states."""
    n = len(view.items)
    film = one_hot_film(view.projection)
    numbers, names = groups_of(view.items, groups or {})
    row = view.items.index(word) if word in view.items else None
    return Scene(
        id=f"one-hot {view.id}",
        points=Points(view.items, groups=numbers, group_names=names, selected=row),
        motion=Motion(
            film.frames, film.frame_names, kind=film.kind, trails=() if row is None else (row,), seconds=5.0
        ),
        map_id=view.id,
        title="one-hot to dense",
        alt=f"{n} words on a ring, all equally far apart, travel to a map where similar words stand together.",
        metadata=metadata(
            view_metadata(view),
            Model=f"one-hot ({n} numbers each, all pairs equally far), then {model_title(view.embeddings.model)}",
            Picture=f"a ring for the one-hot vectors, then {title_of(view.projection.method)}"
            f" in {view.projection.dimensions}-D",
        ),
    )


def truncation_scene(
    items: Sequence[str], truncation: TruncationFilm, *, word: str = "", groups: dict[str, str] | None = None
) -> Scene:
    """Play the loss of dimensions; with a word, the colours tell what becomes of its neighbours."""
    numbers, names = groups_of(items, groups or {})
    n, row = len(items), items.index(word) if word in items else None
    colours = np.full((len(truncation.dimensions), n), -1, dtype=np.int64)
    links: tuple[Link, ...] = ()
    if row is not None:
        truth = truncation.truth[row]
        for moment, near in enumerate(truncation.nearest[:, row]):
            colours[moment, near] = FALSE
            colours[moment, truth] = np.where(np.isin(truth, near), PRESERVED, MISSING)
        colours[:, row] = OWN
        links = tuple(Link(row, int(other), "neighbour", rank) for rank, other in enumerate(truth))
    digest = hashlib.sha256("\x1f".join(items).encode()).hexdigest()[:16]
    return Scene(
        id=f"truncation {digest}",
        points=Points(
            tuple(items),
            groups=numbers if row is None else colours[-1],
            group_names=names if row is None else FATE,
            selected=row,
        ),
        motion=Motion(
            truncation.film.frames,
            truncation.film.frame_names,
            kind="recorded",
            frame_groups=None if row is None else colours,
            series=(("true neighbours left", tuple(float(share) for share in truncation.recall)),),
            seconds=12.0,
        ),
        title="truncation",
        alt=f"{n} words while their vectors shrink from {truncation.dimensions[0]} to {truncation.dimensions[-1]} numbers.",
        links=links,
        metadata=metadata(
            map_metadata(
                truncation.film,
                items=items,
                model=model_title("minilm"),
                dimensions=truncation.dimensions[0],
                noun="words",
            ),
            Numbers=f"from {truncation.dimensions[0]:,} down to {truncation.dimensions[-1]}, "
            "along the main directions of everyday English",
            Nearness="the angle between two words in what is left of their numbers; rankings never use the picture",
            Trust=f"{truncation.recall[0]:.2f} of the true neighbours are left with {truncation.dimensions[0]:,} numbers, "
            f"{truncation.recall[-1]:.2f} with {truncation.dimensions[-1]}",
        ),
    )
