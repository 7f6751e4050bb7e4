"""Which map a page asks for: its items on the map that stands while others come and go."""

from embeddings_core.maps.request import MapOptions, MapRequest
from embeddings_core.spaces.space import Space
from pages._ui import cache, state


def of(items: tuple[str, ...], options: MapOptions, space: Space) -> MapRequest:
    """Return what is to be on the map; items of an older map that this space has no vector for are forgotten."""
    fitted = cache.coverage(state.fitted(items), space).items or items
    return MapRequest(items, fitted, cache.possible(options, len(fitted)), space)
