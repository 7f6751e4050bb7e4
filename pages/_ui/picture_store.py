"""The pictures of one visitor: what was uploaded stays in the visit, named by content, and is shared with nobody."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import uuid4

from embeddings_core.errors import BadInputError
from embeddings_core.pictures.files import ImageFile
from embeddings_core.pictures.samples import (
    everyday_photographs,
    sample_digits,
    sample_images,
    sample_photographs,
)
from embeddings_core.spaces.vectors import FloatArray
from pages._ui import state

SETS: dict[str, Callable[[], tuple[ImageFile, ...]]] = {
    "a mix": sample_images,
    "photographs": sample_photographs,
    "everyday photographs": everyday_photographs,
    "digits": sample_digits,
    "only mine": tuple,
}
USUAL_MODEL = "efficientnet-lite0"  # the bundled network looks first
ROOM = 0.6  # UMAP's smallest distance on maps of pictures; the usual 0.1 piles them up
_reading = threading.Lock()
UPLOADED, OWNER, VECTORS = "pictures-uploaded", "pictures-owner", "pictures-vectors"


@dataclass(frozen=True)
class PictureSpace:
    """A space of pictures: which model looks at them, and whose they are ("" for samples that all share).

    It is part of every key under which something about pictures is remembered, so that one visitor's uploads
    never answer another's question.
    """

    model: str
    owner: str = ""


@dataclass(frozen=True, eq=False)
class Pictures:
    """The pictures on a page, row by row; `keys` name their content, names are unique among them."""

    files: tuple[ImageFile, ...]
    owner: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """One content digest a picture: what recipes and caches know a picture by."""
        return tuple(file.digest for file in self.files)

    @property
    def names(self) -> tuple[str, ...]:
        """One name a picture, no two alike."""
        return tuple(file.name for file in self.files)

    def space(self, model: str) -> PictureSpace:
        """Return the space in which a model sees these pictures."""
        return PictureSpace(model, self.owner)


def sample_set(which: str) -> tuple[ImageFile, ...]:
    """Return a sample set by its title, the first one for an unknown title; read once, even by two at a time."""
    with _reading:
        return SETS.get(which, sample_images)()


@lru_cache(maxsize=1)
def samples() -> dict[str, ImageFile]:
    """Return every sample picture by its digest."""
    return {file.digest: file for which in ("a mix", "digits") for file in sample_set(which)}


def uploaded() -> dict[str, ImageFile]:
    """Return this visitor's own pictures by their digest."""
    own: dict[str, ImageFile] = state.kept(UPLOADED, dict)
    return own


def keep(files: Sequence[ImageFile]) -> None:
    """Make these the visitor's own pictures."""
    own = uploaded()
    own.clear()
    own.update({file.digest: file for file in files})


def forget(key: str = "") -> None:
    """Take one of the visitor's pictures away, or all of them."""
    for digest in [key] if key else list(uploaded()):
        uploaded().pop(digest, None)
    state.kept(VECTORS, dict).clear()


def gather(which: str) -> Pictures:
    """Return a sample set (a title of SETS) and the visitor's own pictures; the same content is there once."""
    found = {file.digest: file for file in sample_set(which)}
    own = uploaded()
    for digest, file in own.items():
        same = found.get(digest)
        found[digest] = replace(same, count=same.count + file.count) if same else file
    mine = any(digest not in samples() for digest in own)
    return Pictures(tuple(found.values()), state.kept(OWNER, lambda: uuid4().hex) if mine else "")


def roomy(wishes: dict[str, Any]) -> dict[str, Any]:
    """Ask UMAP for more room between points, where nothing else is asked: thumbnails would lie on each other."""
    return {"min_dist": ROOM, **wishes} if wishes["method"] == "umap" else wishes


def standing(keys: tuple[str, ...], *, page: str = "images") -> tuple[str, ...]:
    """Return the pictures whose map stays while others come and go: while at least half of it is still on screen."""
    maps: dict[str, tuple[str, ...]] = state.kept(state.PICTURES_FITTED, dict)
    old = maps.setdefault(page, keys)
    left = len(set(old) & set(keys))
    if not left or 2 * left < len(old) or not all(key in uploaded() or key in samples() for key in old):
        maps[page] = keys
    return maps[page]


def files(keys: Sequence[str]) -> list[ImageFile]:
    """Return the pictures with these digests: this visitor's own, or samples."""
    found = [samples().get(key) or uploaded().get(key) for key in keys]
    if any(file is None for file in found):
        raise BadInputError("Some of these pictures are no longer here; add them again.")
    return [file for file in found if file is not None]


def vectors(model: str) -> dict[str, FloatArray]:
    """Return the vectors of this visitor's own pictures by one model, by digest: a memory to read and to fill."""
    memory: dict[str, dict[str, FloatArray]] = state.kept(VECTORS, dict)
    return memory.setdefault(model, {})
