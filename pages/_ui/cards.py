"""The recipe card of a page's picture: what only the page knows is added here, before the stage shows it."""

from dataclasses import replace

from embeddings_core.scenes.metadata import metadata, trust_words
from embeddings_core.scenes.scene import Scene
from pages._ui import cache
from pages._ui.cache import Order

NEIGHBOURS = 5


def trusted(scene: Scene, order: Order) -> Scene:
    """Return the scene with the trust of the page's map on its card, where it shows that map and does not say it yet."""
    if len(order.shown) < 3 or "Trust" in dict(scene.metadata) or cache.view(order).id != scene.map_id:
        return scene
    return replace(
        scene, metadata=metadata(scene.metadata, Trust=trust_words(cache.map_trust(order, NEIGHBOURS)))
    )
