"""Spaces of static words: one vector a word, whatever the sentence. Files of a visitor, files beside the server."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import ClassVar
from uuid import uuid4
from weakref import WeakValueDictionary

from embeddings_core.errors import BadInputError
from embeddings_core.limits import VECTOR_SPACES_BYTES
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.files.uploads import local_files, open_on_disk
from embeddings_core.spaces.files.word_vectors import WordVectors
from embeddings_core.spaces.space import Coverage, Reference, Role, pairs_among
from embeddings_core.spaces.texts import unlike
from embeddings_core.spaces.vectors import Metric

GONE = "This word space is no longer here; open its file again, or choose another model."
CELLS = 400_000  # of the metadata of an opened file, of which the first columns stay to be chosen


@dataclass(frozen=True)
class StaticWords:
    """A space of static words; a class of its own for each source, which says in `opened` where the vectors are.

    `id` names the content within its source. The title is part of the key, because films and metadata name it.
    """

    id: str
    title: str
    owner: str = ""  # whose visit it belongs to; "" where all share it

    busy: ClassVar[str] = "Opening the word vectors"
    min_dist: ClassVar[float | None] = None

    @property
    def key(self) -> str:
        """See `Space.key`."""
        return repr((type(self).__name__, self.id, self.title, self.owner))

    @property
    def about(self) -> str:
        """See `Space.about`."""
        return f"{self.title}, one list a word, whatever the sentence."

    @property
    def size(self) -> str:
        """How many words, how long a vector, and the layout of the file."""
        words = self.opened()
        return f"{len(words):,} words × {words.dimensions:,} numbers ({words.layout})"

    def opened(self) -> WordVectors:
        """Return its words; raise BadInputError where they are no longer here."""
        raise NotImplementedError

    def vectors(self, items: Sequence[str], /, *, role: Role = "passage") -> EmbeddingSet:
        """See `Space.vectors`; items that it has no vector for are left out."""
        space = self.opened()
        vectors, unknown = space.look_up(items)
        missing = set(unknown)
        known = tuple(item for item in items if item not in missing)
        groups = None
        if space.groups is not None:
            spelled = [space.spelled(item) for item in known]
            groups = tuple("" if word is None else space.groups[space.row(word)] for word in spelled)
        return EmbeddingSet(known, vectors, space.model, groups)

    def coverage(self, items: Sequence[str], /) -> Coverage:
        """See `Space.coverage`."""
        words = self.opened()
        missing = set(words.look_up(items)[1])
        spelled = ((item, words.spelled(item)) for item in items if item not in missing)
        return Coverage(
            tuple(item for item in items if item not in missing),
            missing=tuple(item for item in items if item in missing),
            taken=tuple((item, word) for item, word in spelled if word is not None and word != item),
        )

    def words(self) -> WordVectors:
        """See `Space.words`."""
        return self.opened()

    def reference(self, metric: Metric = "cosine", /) -> Reference:
        """See `Space.reference`."""
        return pairs_among(self.opened().vectors, metric)

    def notes(self) -> tuple[str, ...]:
        """See `Space.notes`."""
        size = f"{self.title}: {self.size}, one vector a word, whatever the sentence."
        return (size, *self.opened().notes)


@dataclass(frozen=True)
class OwnWords(StaticWords):
    """Word vectors of one visit: an opened file, or what a visitor trained."""

    def opened(self) -> WordVectors:
        """Return its words; raise BadInputError where its visit is over or has let go of it."""
        shelf = WordShelf.of(self.owner)
        words = None if shelf is None else shelf.get(self)
        if words is None:
            raise BadInputError(GONE)
        return words


class WordShelf:
    """The word spaces of one visit, the oldest first. The visit holds it, keys name it by `owner`.

    When the visit lets go of it, it is gone, and so are the vectors.
    """

    _shelves: ClassVar["WeakValueDictionary[str, WordShelf]"] = WeakValueDictionary()

    def __init__(self) -> None:
        self.owner = uuid4().hex
        self._words: dict[OwnWords, WordVectors] = {}
        self._training: OwnWords | None = None
        self._shelves[self.owner] = self

    @classmethod
    def of(cls, owner: str) -> "WordShelf | None":
        """Find the shelf of an owner; None where the visit is over."""
        return cls._shelves.get(owner)

    def __iter__(self) -> Iterator[OwnWords]:
        return iter(tuple(self._words))

    def __reversed__(self) -> Iterator[OwnWords]:
        return reversed(tuple(self._words))

    def get(self, space: OwnWords) -> WordVectors | None:
        """Return the vectors of a space; None where it is not here."""
        return self._words.get(space)

    def keep_file(self, digest: str, words: WordVectors, *, taken: Sequence[str] = ()) -> OwnWords:
        """Keep an opened file, by its digest; `taken` are titles of other spaces on the menu.

        The oldest files go where all together would be too large.
        """
        titles = {*taken, *(space.title for space in self if space.id != digest)}
        space = OwnWords(digest, unlike(words.model, titles), self.owner)
        for same in [each for each in self if each.id == digest]:  # also under another name
            self.forget(same)
        columns = words.columns[: CELLS // max(len(words), 1)]
        # what films and metadata call it
        self._words[space] = replace(words, model=space.title, columns=columns)
        while (
            sum(each.vectors.nbytes for each in self._words.values()) > VECTOR_SPACES_BYTES
            and len(self._words) > 1
        ):
            del self._words[next(iter(self._words))]
        return space

    def choose(self, space: OwnWords, *, name: str, group: str | None) -> OwnWords:
        """Take names and groups of an opened file from these columns of its metadata; it is another space then."""
        words = self._words.pop(space).by(name=name, group=group)
        chosen = zlib.crc32(f"{name}\0{group}".encode())
        return self.keep_file(f"{space.id.partition('-')[0]}-{chosen:08x}", words)

    def keep_training(self, digest: str, words: Callable[[], WordVectors]) -> OwnWords:
        """Keep what a visitor trained, by its digest; it takes the place of the training before."""
        if self._training is not None and self._training.id == digest and self._training in self._words:
            return self._training
        trained = words()
        if self._training is not None:
            self.forget(self._training)
        self._training = space = OwnWords(digest, trained.model, self.owner)
        self._words[space] = trained
        return space

    def forget(self, space: OwnWords) -> None:
        """Take a space away."""
        self._words.pop(space, None)


@dataclass(frozen=True)
class LocalFile(StaticWords):
    """A file of word vectors in the folder that whoever started the server named; `id` is its name, size and date."""

    def opened(self) -> WordVectors:
        """Return its words; raise BadInputError where the file is gone or has changed."""
        return _opened(self.id)


def local_spaces() -> tuple[LocalFile, ...]:
    """Return a space for each file of the folder."""
    return tuple(LocalFile(_identity(path), path.name) for path in local_files())


def _identity(path: Path) -> str:
    told = path.stat()
    return f"{path.name}|{told.st_size}|{told.st_mtime_ns}"


@lru_cache(maxsize=2)  # those of 200,000 words are mapped from the disk
def _opened(id: str) -> WordVectors:
    for path in local_files():
        if _identity(path) == id:
            return open_on_disk(path)
    raise BadInputError(GONE)
