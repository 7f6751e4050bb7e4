"""Words come and go; nobody else moves."""

import numpy as np

from embeddings_core.maps.map_view import rotate_widest_across, view_map
from embeddings_core.maps.projection import Projection, project
from embeddings_core.spaces.vocabulary import load_vocabulary

WORDS = ("king", "queen", "man", "woman", "cat", "dog", "car", "truck")


def words(*items: str):
    space = load_vocabulary()
    return space.take([space.row(item) for item in items])


def test_the_fitted_words_show_the_film_itself() -> None:
    fitted = words(*WORDS)
    projection = project(fitted, method="pca")
    view = view_map(fitted, fitted=fitted, projection=projection)
    assert view.settled and view.projection is projection


def test_a_newcomer_and_a_leaver_move_nobody() -> None:
    fitted = words(*WORDS)
    projection = project(fitted, method="pca")
    shown = words("king", "prince", "queen", "man", "woman", "cat", "dog", "car")  # prince came, truck left
    view = view_map(shown, fitted=fitted, projection=projection)
    assert not view.settled and view.projection.kind == "still"
    for item in set(shown.items) & set(WORDS):
        np.testing.assert_array_equal(
            view.projection.final[shown.row(item)], projection.final[fitted.row(item)]
        )
    assert np.isfinite(view.projection.final).all()


def test_a_word_on_top_of_an_old_one_lands_there() -> None:
    """A newcomer whose vector an old word has already lands exactly on it."""
    fitted = words(*WORDS)
    projection = project(fitted, method="pca")
    twin = type(fitted)(
        (*fitted.items, "cat again"), np.vstack([fitted.vectors, fitted.vectors[fitted.row("cat")]])
    )
    view = view_map(twin, fitted=fitted, projection=projection)
    np.testing.assert_allclose(view.projection.final[-1], projection.final[fitted.row("cat")], atol=1e-4)


def test_the_id_tells_maps_apart_and_repeats_itself() -> None:
    fitted = words(*WORDS)
    projection = project(fitted, method="pca")
    first = view_map(fitted, fitted=fitted, projection=projection, recipe="a").id
    assert first == view_map(fitted, fitted=fitted, projection=projection, recipe="a").id
    assert first != view_map(fitted, fitted=fitted, projection=projection, recipe="b").id
    assert first != view_map(fitted.take(range(7)), fitted=fitted, projection=projection, recipe="a").id


def test_a_standing_map_is_laid_down_without_changing_a_distance() -> None:
    """Points on the line x = y/2 stand taller than wide; afterwards they lie along x, as far apart as before."""
    standing = np.array([[0, 0], [1, 2], [2, 4]], dtype=np.float32)
    still = Projection(standing[None], ("still",), "umap", "still")
    lying = rotate_widest_across(still).final
    assert np.ptp(lying[:, 0]) > 10 * np.ptp(lying[:, 1])
    for a in range(3):
        np.testing.assert_allclose(
            np.linalg.norm(lying - lying[a], axis=1),
            np.linalg.norm(standing - standing[a], axis=1),
            atol=1e-5,
        )
