"""Pictures by the digest of their content: samples that all share, and those of one visit, shared with nobody."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import ClassVar
from uuid import uuid4
from weakref import WeakValueDictionary

from embeddings_core.errors import BadInputError
from embeddings_core.pictures.files import ImageFile
from embeddings_core.pictures.samples import (
    everyday_photographs,
    sample_digits,
    sample_images,
    sample_photographs,
)
from embeddings_core.spaces.vectors import FloatArray

SETS: dict[str, Callable[[], tuple[ImageFile, ...]]] = {
    "a mix": sample_images,
    "photographs": sample_photographs,
    "everyday photographs": everyday_photographs,
    "digits": sample_digits,
    "only mine": tuple,
}
MODELS_REMEMBERED = 12  # whose vectors of samples stay in memory: a few hundred rows each
_reading = threading.Lock()
_sample_vectors: OrderedDict[str, dict[str, FloatArray]] = OrderedDict()


class OwnPictures:
    """The pictures of one visit by their digests, with their vectors. The visit holds it, keys name it by `owner`.

    When the visit lets go of it, it is gone, and so are the pictures.
    """

    _visits: ClassVar["WeakValueDictionary[str, OwnPictures]"] = WeakValueDictionary()

    def __init__(self) -> None:
        self.owner = uuid4().hex
        self.files: dict[str, ImageFile] = {}
        self._vectors: dict[str, dict[str, FloatArray]] = {}
        self._visits[self.owner] = self

    @classmethod
    def of(cls, owner: str) -> "OwnPictures | None":
        """Find the pictures of an owner; None where the visit is over."""
        return cls._visits.get(owner)

    def keep(self, files: Sequence[ImageFile]) -> None:
        """Make these the visitor's own pictures."""
        self.files.clear()
        self.files.update({file.digest: file for file in files})

    def forget(self, key: str = "") -> None:
        """Take one picture away, or all of them."""
        for digest in [key] if key else list(self.files):
            self.files.pop(digest, None)
        self._vectors.clear()

    def vectors(self, model: str) -> dict[str, FloatArray]:
        """Return the vectors by one model, by digest: a memory to read and to fill."""
        return self._vectors.setdefault(model, {})

    def has(self, key: str) -> bool:
        """Tell whether a picture is the visitor's own or a sample."""
        return key in self.files or key in samples()


def sample_set(which: str) -> tuple[ImageFile, ...]:
    """Return a sample set by its title, the first one for an unknown title; read once, even by two at a time."""
    with _reading:
        return SETS.get(which, sample_images)()


@lru_cache(maxsize=1)
def samples() -> dict[str, ImageFile]:
    """Return every sample picture by its digest."""
    return {file.digest: file for which in ("a mix", "digits") for file in sample_set(which)}


def sample_vectors(model: str) -> dict[str, FloatArray]:
    """Return the vectors of samples by one model, by digest: a memory to read and to fill, the same for all visits."""
    with _reading:
        memory = _sample_vectors.setdefault(model, {})
        _sample_vectors.move_to_end(model)
        while len(_sample_vectors) > MODELS_REMEMBERED:
            _sample_vectors.popitem(last=False)
    return memory


def files_of(keys: Sequence[str], owner: str = "") -> list[ImageFile]:
    """Return the pictures with these digests: samples, or the owner's own.

    Raises BadInputError where one of them is no longer here.
    """
    own = OwnPictures.of(owner)
    found = [samples().get(key) or (own.files.get(key) if own else None) for key in keys]
    if any(file is None for file in found):
        raise BadInputError("Some of these pictures are no longer here; add them again.")
    return [file for file in found if file is not None]
