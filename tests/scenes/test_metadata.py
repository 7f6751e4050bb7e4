"""The metadata say what a picture is: from real settings, and never more than is known."""

import numpy as np
import pytest

from embeddings_core.maps.home_film import HOME_TRUST, load_home_film
from embeddings_core.maps.projection import Projection, project
from embeddings_core.maps.trust import trust
from embeddings_core.models.registry import model_title
from embeddings_core.scenes.metadata import MEANINGLESS, axes_of, counted, map_metadata, metadata
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.talks.ready_vectors import load_talk

WORDS = EmbeddingSet(
    tuple("abcdefgh"), np.random.default_rng(0).normal(size=(8, 6)).astype(np.float32), "minilm"
)


def full_metadata(projection: Projection, **more: object) -> dict[str, str]:
    return dict(
        map_metadata(projection, items=WORDS.items, model=model_title(WORDS.model), dimensions=6, **more)
    )  # type: ignore[arg-type]


def test_a_pca_map_says_what_its_axes_are_and_how_much_they_leave_out() -> None:
    projection = project(WORDS, method="pca")
    rows = full_metadata(projection, noun="words")
    first, second = projection.explained or (0, 0)
    left, up = round(100 * first), round(100 * second)
    assert f"left to right {left} %, up and down {up} % of all variance" in rows["Axes"]
    assert f"{100 - left - up} % is not in the picture" in rows["Axes"]
    assert rows["Items"] == "8 words: a, b, c, d, e, f, g, h"
    assert rows["Model"] == "MiniLM (all-MiniLM-L6-v2)" and rows["Numbers"] == "6 for each"
    assert "Seed" not in rows and "Trust" not in rows  # PCA has no seed; nobody measured trust


def test_a_umap_map_gives_its_exact_parameters_and_no_meaning_to_its_axes() -> None:
    projection = project(WORDS, method="umap", seed=3, neighbours=4, epochs=20)
    rows = full_metadata(projection, trust=trust(WORDS, projection, k=3))
    assert rows["Axes"] == MEANINGLESS == "axes mean nothing; nearness does"
    assert rows["Settings"] == "epochs 20, neighbours 4, min dist 0.1" and rows["Seed"] == "3"
    assert rows["Trust"].startswith(f"{trust(WORDS, projection, k=3).score:.2f}: of each item's 3 nearest")


def test_where_the_method_gave_way_the_card_tells_of_the_one_that_was_used() -> None:
    alike = EmbeddingSet(tuple("abcdef"), np.ones((6, 3), dtype=np.float32))
    rows = dict(map_metadata(project(alike, method="umap"), items=alike.items, model="own", dimensions=3))
    assert rows["Picture"] == "PCA, in 2-D" and "the same" in rows["Note"] and "Settings" not in rows


def test_rows_keep_their_order_and_leave_by_name() -> None:
    rows = metadata((("Axes", "x"), ("Model", "m"), ("Mine", "!")), Items="2 words", Axes="")
    assert rows == (("Items", "2 words"), ("Model", "m"), ("Mine", "!"))


@pytest.mark.parametrize(
    ("items", "told"),
    [((), "0 words"), (("cat",), "1 word: cat"), ((" ", "cat"), "1 word: cat"), 
     (tuple("abcdefghij"), "10 words: a, b, c, d, e, f, g, h …")],
)  # fmt: skip
def test_items_are_counted_and_named(items: tuple[str, ...], told: str) -> None:
    assert counted(items, "words") == told


def test_a_model_that_the_catalogue_lacks_keeps_its_name() -> None:
    assert model_title("my own") == "my own"


def test_stored_films_tell_the_settings_they_were_made_with() -> None:
    words, film = load_home_film()
    stored = [film, *(view.projection for view in load_talk().maps.values())]
    for projection in stored:
        epochs = dict(projection.settings)["epochs"]
        assert projection.frame_names[-1] == f"UMAP epoch {epochs} of {epochs}" and axes_of(projection)
    assert trust(words, film, k=5).score == pytest.approx(HOME_TRUST, abs=1e-3)
