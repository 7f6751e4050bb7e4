"""The metadata of a page's picture: what only the page knows is added here, before the stage shows it."""

from dataclasses import replace

from embeddings_core.maps.request import MapRequest
from embeddings_core.scenes.metadata import metadata, trust_words
from embeddings_core.scenes.scene import Scene
from pages._ui import cache

NEIGHBOURS = 5


def trusted(scene: Scene, request: MapRequest) -> Scene:
    """Return the scene with the trust of the page's map in its metadata, where it shows that map and does not say it yet."""
    if len(request.shown) < 3 or "Trust" in dict(scene.metadata) or cache.view(request).id != scene.map_id:
        return scene
    if not cache.view(request).projection.shows_nearness:
        return scene
    return replace(
        scene, metadata=metadata(scene.metadata, Trust=trust_words(cache.map_trust(request, NEIGHBOURS)))
    )
