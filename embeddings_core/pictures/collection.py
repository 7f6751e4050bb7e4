"""Pictures by the digest of their content: samples that all share, and those of one visit, shared with nobody."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import ClassVar
from uuid import uuid4
from weakref import WeakValueDictionary

from embeddings_core.errors import BadInputError
from embeddings_core.limits import IMAGES, IMAGES_KEPT_BYTES, IMAGES_KEPT_HOURS
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
STEPS = 2 * IMAGES  # pictures of earlier steps that stay beside the present ones, so that Back finds them
_reading = threading.Lock()
_sample_vectors: OrderedDict[str, dict[str, FloatArray]] = OrderedDict()


class OwnPictures:
    """The pictures of one visit by their digests, with their vectors. The visit holds it, keys name it by `owner`.

    When the visit lets go of it, it is gone, and so are the pictures. It remembers the sets that it held before, by their
    names, so that a step can be undone.
    """

    _visits: ClassVar["WeakValueDictionary[str, OwnPictures]"] = WeakValueDictionary()

    def __init__(self) -> None:
        self.owner = uuid4().hex
        self.files: dict[str, ImageFile] = {}
        self._steps: OrderedDict[str, tuple[ImageFile, ...]] = OrderedDict()
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
        self._steps[self.name] = tuple(files)
        self._steps.move_to_end(self.name)
        while len(self._steps) > 1 and sum(map(len, self._steps.values())) > STEPS + len(files):
            self._steps.popitem(last=False)

    @property
    def name(self) -> str:
        """What the present set is called: the same pictures, each as often, have the same name; "" where there are none."""
        if not self.files:
            return ""
        held = "".join(sorted(f"{digest} {file.count} " for digest, file in tuple(self.files.items())))
        return blake2b(held.encode(), digest_size=6).hexdigest()

    def go_back(self, name: str) -> bool:
        """Make an earlier set the present one again, "" for none; tell whether it was still there."""
        if name and name not in self._steps:
            return False
        self.files.clear()
        self.files.update({file.digest: file for file in self._steps.get(name, ())})
        return True

    def forget(self) -> None:
        """Take all pictures away, and those of earlier steps."""
        self.files.clear()
        self._steps.clear()
        self._vectors.clear()

    @property
    def size(self) -> int:
        """How many bytes the pictures take, those of earlier steps included."""
        sets = (tuple(self.files.values()), *tuple(self._steps.values()))
        held = {file.digest: file for files in sets for file in files}
        return sum(len(file.content) + len(file.thumbnail) for file in held.values())

    def vectors(self, model: str) -> dict[str, FloatArray]:
        """Return the vectors by one model, by digest: a memory to read and to fill."""
        return self._vectors.setdefault(model, {})

    def has(self, key: str) -> bool:
        """Tell whether a picture is the visitor's own or a sample."""
        return key in self.files or key in samples()


class AwayPictures:
    """The pictures of visits that may come back after a reload, by the token that only that browser has.

    They stay for some hours after they were last seen (`limits.IMAGES_KEPT_HOURS`) and within a number of bytes; the
    ones seen longest ago go first. `clock` returns seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: OrderedDict[str, tuple[OwnPictures, float]] = OrderedDict()
        self._lock = threading.Lock()

    def see(self, token: str, pictures: OwnPictures) -> None:
        """Note that these pictures were just seen in this browser."""
        with self._lock:
            self._held[token] = (pictures, self._clock())
            self._held.move_to_end(token)
            self._clear()

    def find(self, token: str) -> OwnPictures | None:
        """Return the pictures of a browser; None where there are none or they have been away too long."""
        with self._lock:
            self._clear()
            pictures, _ = self._held.get(token, (None, 0.0))
            return pictures

    def forget(self, token: str) -> None:
        """Let go of a browser's pictures."""
        with self._lock:
            self._held.pop(token, None)

    def _clear(self) -> None:
        least = self._clock() - IMAGES_KEPT_HOURS * 3600
        while self._held:
            oldest, (_, seen) = next(iter(self._held.items()))
            several = len(self._held) > 1
            if seen >= least and not (several and self._size() > IMAGES_KEPT_BYTES):
                return
            del self._held[oldest]

    def _size(self) -> int:
        return sum(pictures.size for pictures, _ in self._held.values())


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
