"""What the stage says of a point under the pointer, and to those who hear it: the same fair scale as in the rankings.

It is computed once for a query on a map, so that a further run of the page costs nothing.
"""

from embeddings_core.analysis.closeness import described
from embeddings_core.analysis.neighbours import Neighbours, scores_of
from embeddings_core.scenes.judged import judged_scene
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.space import Space
from embeddings_core.spaces.vectors import Metric
from pages._ui import cache, panels, text_models

Items = tuple[str, ...]


def judged(
    scene: Scene, found: Neighbours, items: Items, space: Space, *, query: str = "", asks: bool = False
) -> Scene:
    """Say of every point which neighbour of the query it is; `found` are the nearest on the map, `items` those of the space.

    `query` is what the space reads, where that is not what the query is called (a picture's digest). It `asks` where it is
    a search: some models read questions and answers differently.
    """
    if not found.items or len(scene.points.items) < len(items):
        return scene
    notes = cache.quick(notes_of, items, query or found.query, found.query, space, found.metric, asks)
    return judged_scene(scene, notes, rows=found.rows.tolist())


def notes_of(items: Items, query: str, name: str, space: Space, metric: Metric, asks: bool) -> Items:
    """Describe the items of a map as neighbours of a word, a sentence or a picture."""
    shown = text_models.passages(items, space) if asks else cache.vectors_of(items, space)
    asked = cache.vectors_of((query,), space, role="query" if asks else "symmetric")
    if not len(asked):
        return ("",) * len(items)
    own = shown.items.index(query) if query in shown.items else None
    return described(
        panels.short(name, characters=40),
        scores_of(shown, asked.vectors[0], metric=metric),
        cache.reference(space, metric),
        own=own,
        vocabulary=cache.word_scores(query, space, metric),
        metric=metric,
    )
