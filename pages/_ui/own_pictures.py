"""The pictures of this visit, and which of them its maps stand on."""

from embeddings_core.pictures.collection import OwnPictures
from pages._ui import state

USUAL_MODEL = "efficientnet-lite0"  # the bundled network looks first
OWN = "pictures-own"


def own() -> OwnPictures:
    """Return what this visit has uploaded."""
    kept: OwnPictures = state.kept(OWN, OwnPictures)
    return kept


def standing(keys: tuple[str, ...], *, page: str = "images") -> tuple[str, ...]:
    """Return the pictures whose map stays while others come and go: while at least half of it is still on screen."""
    maps: dict[str, tuple[str, ...]] = state.kept(state.PICTURES_FITTED, dict)
    old = maps.setdefault(page, keys)
    left = len(set(old) & set(keys))
    if not left or 2 * left < len(old) or not all(own().has(key) for key in old):
        maps[page] = keys
    return maps[page]
