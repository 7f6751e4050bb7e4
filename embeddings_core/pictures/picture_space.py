"""Pictures as a space: a model looks at them, and they are known by the digests of their content."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from embeddings_core.models.model_space import ModelSpace
from embeddings_core.models.registry import load_encoder
from embeddings_core.pictures.collection import OwnPictures, files_of, sample_set, sample_vectors, samples
from embeddings_core.pictures.embed import embed_images
from embeddings_core.pictures.files import ImageFile
from embeddings_core.pictures.samples import sample_photographs
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.space import Reference, Role
from embeddings_core.spaces.vectors import FloatArray, Metric, nearest_scores, similarity

LEVELS = (
    60.0,
    40.0,
    15.0,
)  # of `Reference`: of random photo pairs 5 % are nearer than 0.31, where close begins
ROOM = 0.6  # UMAP's usual 0.1 piles thumbnails up


@dataclass(frozen=True)
class PictureSpace(ModelSpace):
    """What a model makes of pictures; `owner` is whose they are, "" for samples that all share.

    The owner is part of every key, so that one visitor's uploads never answer another's question.
    """

    owner: str = ""

    busy: ClassVar[str] = "Looking at the pictures"
    min_dist: ClassVar[float | None] = ROOM

    @property
    def about(self) -> str:
        """See `Space.about`."""
        return f"{self.title} looks at each picture."

    def vectors(self, items: Sequence[str], /, *, role: Role = "passage") -> EmbeddingSet:
        """See `Space.vectors`; items are digests, and only pictures that are new are looked at.

        Those of samples are remembered for all, those of a visitor's own pictures in the visit.
        """
        shared, own = sample_vectors(self.model), OwnPictures.of(self.owner)
        known = self._filled(shared, [key for key in items if key in samples()])
        known |= self._filled(
            own.vectors(self.model) if own else {}, [key for key in items if key not in samples()]
        )
        if not items:
            return embed_images((), load_encoder(self.model))  # says what is missing
        return EmbeddingSet(tuple(items), np.stack([known[key] for key in items]), self.model)

    def _filled(self, memory: dict[str, FloatArray], keys: Sequence[str]) -> dict[str, FloatArray]:
        """Look at those of these pictures that are not in the memory yet; return the vectors of all of them."""
        files = files_of(keys, self.owner)
        new = {key: file for key, file in zip(keys, files, strict=True) if key not in memory}
        if new:
            found = embed_images(
                list(new.values()), load_encoder(self.model), model=self.model, limit=len(new)
            )
            memory.update(zip(new, found.vectors, strict=True))
        return {key: memory[key] for key in keys}

    def reference(self, metric: Metric = "cosine", /) -> Reference:
        """See `Space.reference`; all pairs of sample photographs."""
        keys = tuple(file.digest for file in sample_photographs())
        vectors = PictureSpace(self.model).vectors(keys).vectors
        scores = similarity(vectors, vectors, metric=metric)[np.triu_indices(len(keys), 1)]
        nearest = nearest_scores(vectors, metric=metric)
        return Reference(np.sort(scores), "photo pairs", nearest, "photo", levels=LEVELS)


@dataclass(frozen=True, eq=False)
class Pictures:
    """The pictures on a page, row by row, and the model that looks at them.

    Names are unique among them; `owner` is "" where all of them are samples.
    """

    files: tuple[ImageFile, ...]
    owner: str = ""
    model: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """One content digest a picture: what requests and caches know a picture by."""
        return tuple(file.digest for file in self.files)

    @property
    def names(self) -> tuple[str, ...]:
        """One name a picture, no two alike."""
        return tuple(file.name for file in self.files)

    @property
    def space(self) -> PictureSpace:
        """The space in which the model sees them."""
        return PictureSpace(self.model, self.owner)


def gather(own: OwnPictures, which: str) -> Pictures:
    """Return a sample set (a title of SETS) and a visitor's own pictures; the same content is there once."""
    found = {file.digest: file for file in sample_set(which)}
    for digest, file in own.files.items():
        same = found.get(digest)
        found[digest] = replace(same, count=same.count + file.count) if same else file
    mine = any(digest not in samples() for digest in own.files)
    return Pictures(tuple(found.values()), own.owner if mine else "")
