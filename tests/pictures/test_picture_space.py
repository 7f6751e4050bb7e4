"""Pictures as a space: only new ones are looked at, and those of a visit stay with it."""

import gc
from dataclasses import replace

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.maps.knn_graph import coordinates
from embeddings_core.maps.projection import project
from embeddings_core.maps.request import MapOptions
from embeddings_core.maps.settings import settings
from embeddings_core.maps.small_maps import preserved_share
from embeddings_core.models.registry import load_encoder
from embeddings_core.pictures import picture_space
from embeddings_core.pictures.collection import OwnPictures, sample_set, sample_vectors
from embeddings_core.pictures.image_text_space import ImageTextSpace, marked
from embeddings_core.pictures.picture_space import PictureSpace, gather

FILES = sample_set("everyday photographs")[:3]
KEYS = tuple(file.digest for file in FILES)


def test_samples_are_looked_at_once_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    sample_vectors("pixels").clear()
    first = PictureSpace("pixels").vectors(KEYS)
    assert np.allclose(first.vectors, load_encoder("pixels")(FILES), atol=1e-6)
    monkeypatch.setattr(picture_space, "embed_images", lambda *_, **__: pytest.fail("looked at again"))
    assert np.array_equal(PictureSpace("pixels").vectors(KEYS[::-1]).vectors, first.vectors[::-1])
    mine = OwnPictures()
    mine.keep([replace(FILES[0], name="the same content")])
    assert gather(mine, "photographs").owner == ""  # nothing that is not a sample


def test_pictures_of_a_visit_stay_with_it() -> None:
    own = OwnPictures()
    own.keep([replace(FILES[0], digest="mine", name="mine")])
    pictures = replace(gather(own, "only mine"), model="pixels")
    assert pictures.owner == own.owner and pictures.keys == ("mine",)
    assert pictures.space.vectors(("mine",)).vectors.shape[0] == 1 and "mine" in own.vectors("pixels")
    assert "mine" not in sample_vectors("pixels")
    for owner in ("", OwnPictures().owner):
        with pytest.raises(BadInputError, match="no longer here"):
            PictureSpace("pixels", owner).vectors(("mine",))
    space = pictures.space
    del own
    gc.collect()
    with pytest.raises(BadInputError, match="no longer here"):
        space.vectors(("mine",))


def test_pictures_and_captions_are_items_of_one_space() -> None:
    both = ImageTextSpace("bridge").vectors((*marked(KEYS), "a cup of coffee"))
    assert both.vectors.shape[0] == 4 and both.items[-1] == "a cup of coffee"
    assert np.array_equal(both.vectors[:3], PictureSpace("bridge").vectors(KEYS).vectors)
    assert ImageTextSpace("bridge").vectors(("a cat",)).vectors.shape[0] == 1


@pytest.mark.parametrize("which", ["photographs", "digits"])
def test_small_maps_of_pictures_keep_as_many_nearest_as_those_of_words(which: str) -> None:
    keys = tuple(file.digest for file in sample_set(which))
    space = PictureSpace("efficientnet-lite0")
    pictures, options = space.vectors(keys), MapOptions("umap").keywords(space)
    chosen = project(pictures, **options)
    assert dict(chosen.settings)["chosen as"].startswith("the best of")
    points = coordinates(pictures.vectors)
    kept = preserved_share(points, chosen.final[None], k=1)[0]
    one = project(pictures, method="umap", min_dist=space.min_dist)
    assert kept >= 0.6 and kept >= 2 * preserved_share(points, one.final[None], k=1)[0]
    assert (
        settings("umap", 60, room=space.min_dist).min_dist == space.min_dist
    )  # of more, one fit with room for pictures
