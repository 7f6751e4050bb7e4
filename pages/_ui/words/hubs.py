"""The lens on hubs: which words are everybody's neighbour, and what subtracting the mean vector does to it."""

from embeddings_core.analysis.hubs import Hubs, hubs
from embeddings_core.maps.request import MapRequest
from embeddings_core.models.registry import model_title
from embeddings_core.scenes.hubs import hub_scene
from embeddings_core.scenes.maps import map_scene
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.space import Space
from pages._ui import cache, panels
from pages._ui.panels import Bar, ranking

MOST, FEWEST = 5_000, 20  # words among which hubs are counted


def everybodys(request: MapRequest) -> Scene:
    """Count whose neighbour each word is, in the vocabulary or, where a space has none, among the words typed."""
    words = request.space.words()
    if (len(request.shown) if words is None else len(words)) < FEWEST:
        panels.sentence(f"Hubs show among {FEWEST} words or more; type more of them.", key="few-hubs")
        return map_scene(cache.view(request))
    found = cache.once(counted, request.shown if words is None else (), request.space)
    panels.sentence(found.sentence, key="hubs")
    most = max(int(found.before.max()), 1)
    bars = [
        Bar(
            found.items[row], f"{found.before[row]:,}", float(found.before[row]) / most,
            f"{found.after[row]:,} with the mean subtracted",
        )
        for row in found.largest(8).tolist()
    ]  # fmt: skip
    ranking(bars, key="hub-bars", film=request.space.key, delay=200)
    own = [row for row, item in enumerate(found.items) if item in set(request.shown)]
    if own and words is not None:
        mine = max(own, key=lambda row: int(found.before[row]))
        panels.sentence(
            f"Of the words on your map {found.items[mine]} is the strongest hub: among the {found.k} nearest of "
            f"{found.before[mine]:,}.",
            key="own-hub",
        )
    return hub_scene(found, model=model_title(cache.view(request).embeddings.model))


def counted(items: tuple[str, ...], space: Space) -> Hubs:
    """Count the hubs among some items, or among the commonest words of a space's vocabulary."""
    words = space.words()
    return hubs(
        cache.vectors_of(items, space) if items or words is None else words.take(range(min(MOST, len(words))))
    )
