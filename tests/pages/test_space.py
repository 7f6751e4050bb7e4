"""A new kind of space is one class in one file: what the pages ask for works over it, and none of them knows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

from embeddings_core.maps.request import MapOptions, MapRequest
from embeddings_core.models.averaged_space import AVERAGED_BUNDLED_WORDS, AveragedWordVectors
from embeddings_core.models.bundled_words import BUNDLED_WORDS
from embeddings_core.models.text_space import TextModel
from embeddings_core.pictures.image_text_space import ImageTextSpace
from embeddings_core.pictures.picture_space import PictureSpace
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.space import Coverage, Reference, Role, Space, pairs_among
from embeddings_core.spaces.vectors import Metric
from embeddings_core.training.word_spaces import NEWS_WORDS
from pages._ui import cache

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Lengths:
    """Numbers by how they are written: their digits and their value. It knows numbers only."""

    salt: str = ""

    title: ClassVar[str] = "lengths"
    about: ClassVar[str] = "counts digits"
    busy: ClassVar[str] = "Counting"
    min_dist: ClassVar[float | None] = 0.3

    @property
    def key(self) -> str:
        return f"lengths {self.salt}"

    def vectors(self, items: Sequence[str], /, *, role: Role = "passage") -> EmbeddingSet:
        known = tuple(item for item in items if item.isdecimal())
        rows = [(1.0, float(len(item)), int(item) / 10) for item in known]
        return EmbeddingSet(known, np.array(rows, dtype=np.float32).reshape(len(known), 3), self.title)

    def coverage(self, items: Sequence[str], /) -> Coverage:
        known = tuple(item for item in items if item.isdecimal())
        return Coverage(known, missing=tuple(item for item in items if item not in known))

    def words(self) -> EmbeddingSet:
        return self.vectors([str(number) for number in range(200)])

    def reference(self, metric: Metric = "cosine", /) -> Reference:
        return pairs_among(self.words().vectors, metric, pairs="pairs of numbers")

    def notes(self) -> tuple[str, ...]:
        return ()


ITEMS = tuple(str(number) for number in (1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 233))


def test_the_caches_work_over_a_space_that_they_have_never_heard_of() -> None:
    space: Space = Lengths()
    found = cache.vectors_of((*ITEMS, "king"), space)
    assert found.items == ITEMS and found.vectors.shape == (12, 3)
    assert cache.coverage((*ITEMS, "king"), space).missing == ("king",)
    request = MapRequest(ITEMS, ITEMS[:-1], MapOptions("umap"), space)
    assert request.options.keywords(space)["room"] == 0.3
    view = cache.view(request)
    assert view.items == ITEMS and not view.settled and view.projection.final.shape == (12, 2)
    assert cache.fit(ITEMS[:-1], MapOptions("pca", film="from UMAP 2-D"), space).kind == "morph"
    assert len(cache.reference(space, "euclidean").scores) == 20_000
    assert cache.clusters(ITEMS, 3, 0, space).k == 3 and cache.silhouettes(ITEMS, space)
    assert 0 <= cache.map_trust(request, 3).score <= 1
    assert cache.dense(request).labels.shape == (12,)


def test_a_result_is_remembered_by_the_key_of_its_space() -> None:
    assert cache.vectors_of(ITEMS, Lengths()) is cache.vectors_of(ITEMS, Lengths())
    assert cache.vectors_of(ITEMS, Lengths()) is not cache.vectors_of(ITEMS, Lengths("other"))
    assert cache.once(_told, Lengths(), (Lengths("a"), Lengths("b"))) == ("", "a", "b")
    assert cache.once(_told, Lengths(), (Lengths("a"), Lengths("c"))) == ("", "a", "c")


def _told(one: Lengths, others: tuple[Lengths, ...]) -> tuple[str, ...]:
    return (one.salt, *(other.salt for other in others))


def test_every_kind_has_a_key_of_its_own() -> None:
    spaces: tuple[Space, ...] = (
        BUNDLED_WORDS,
        NEWS_WORDS,
        TextModel("minilm"),
        TextModel("bridge"),
        AVERAGED_BUNDLED_WORDS,
        AveragedWordVectors(BUNDLED_WORDS),
        AveragedWordVectors(NEWS_WORDS),
        PictureSpace("bridge"),
        PictureSpace("bridge", "somebody"),
        ImageTextSpace("bridge"),
    )
    assert len({space.key for space in spaces}) == len(spaces)
    assert TextModel("minilm").key == TextModel("minilm").key
    assert all(space.title and space.about and space.busy for space in spaces)


def test_no_page_tells_spaces_apart() -> None:
    for path in (ROOT / "pages").rglob("*.py"):
        assert "isinstance" not in "".join(
            line for line in path.read_text("utf-8").splitlines() if "Space" in line or "Words" in line
        ), path
