"""Maps of a few items: the fit that is shown keeps its neighbours, is a real one, and its film ends as its best moment."""

import time
import warnings

import numpy as np
import pytest

import embeddings_core as ec
from embeddings_core.maps.optimisers import start_layout, umap_parameters
from embeddings_core.maps.settings import SMALL, SMALL_FITS, settings
from embeddings_core.maps.small_maps import best_run, preserved_share, ranked_fits
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import unit

LISTS = {
    "12 words in 4 topics": "apple, banana, cherry, dog, cat, horse, violin, piano, drum, red, green, blue",
    "18 names and things": "Anna, Peter, Berlin, Tokyo, laptop, sushi, pizza, Everest, Amazon, Mozart, Einstein, Tesla, football, "
    "tennis, Monday, winter, coffee, bicycle",
    "30 mixed words": "house, tree, river, ocean, mountain, doctor, nurse, teacher, student, school, hospital, car, train, plane, "
    "ship, happy, sad, angry, love, hate, bread, cheese, wine, beer, sun, moon, star, king, queen, money",
    "16 office sentences": "The meeting is moved to Friday., Can we reschedule the call?, Please send me the invoice., The payment "
    "has not arrived yet., I am on vacation next week., She is out of office until Monday., The printer on the second floor is "
    "broken., My laptop does not start any more., Who has the key to the meeting room?, The coffee machine needs cleaning., We hit "
    "our sales target this quarter., Revenue grew by ten percent., The client wants a discount., The contract was signed "
    "yesterday., Welcome our new colleague in marketing., The team lunch is at noon.",
}


def nearest_kept(vectors: np.ndarray, layout: np.ndarray) -> float:
    """By the book: for how many items is the nearest in the space also the nearest on the map."""
    kept = 0
    points = vectors.astype(np.float64) / np.linalg.norm(vectors, axis=1, keepdims=True)
    for row in range(len(points)):
        true = np.linalg.norm(points - points[row], axis=1)
        drawn = np.linalg.norm(layout - layout[row], axis=1)
        true[row] = drawn[row] = np.inf
        kept += int(true.argmin() == drawn.argmin())
    return kept / len(points)


@pytest.fixture(scope="module")
def lists() -> dict[str, EmbeddingSet]:
    encoder = ec.load_encoder("minilm")
    return {title: ec.embed(items.split(", "), encoder, model="minilm") for title, items in LISTS.items()}


def test_small_maps_keep_three_of_four_nearest_neighbours(lists: dict[str, EmbeddingSet]) -> None:
    kept, seconds = {}, []
    for title, words in lists.items():
        begun = time.process_time()
        kept[title] = nearest_kept(words.vectors, ec.project(words).final)
        seconds.append(time.process_time() - begun)
    assert np.mean(list(kept.values())) >= 0.75, kept
    assert min(kept.values()) >= 0.7, kept
    assert np.mean(seconds[1:]) <= 1.0, (
        seconds
    )  # warm it takes 0.2 to 0.5 s, and double that where others compute, too


def test_the_film_of_a_small_map_is_never_more_grouped_than_its_end(lists: dict[str, EmbeddingSet]) -> None:
    for title, words in lists.items():
        film = ec.project(words)
        grouped = preserved_share(unit(words.vectors), film.frames, k=3)
        assert grouped[-1] >= grouped.max() - 1e-6, (title, grouped)
        assert film.kind == "recorded"


@pytest.mark.parametrize("title", ["12 words in 4 topics", "16 office sentences"])
def test_what_another_processor_rounds_otherwise_changes_neither(
    title: str, lists: dict[str, EmbeddingSet]
) -> None:
    """Vectors of processors differ in the seventh digit, and a fit of a dozen points ends elsewhere by that."""
    words = lists[title]
    for seed in range(4):
        noise = np.random.default_rng(seed).normal(scale=3e-7, size=words.vectors.shape)
        other = EmbeddingSet(words.items, (words.vectors + noise).astype(np.float32), model="minilm")
        film = ec.project(other)
        grouped = preserved_share(unit(other.vectors), film.frames, k=3)
        assert grouped[-1] >= grouped.max() - 1e-6, (seed, grouped)
        assert nearest_kept(other.vectors, film.final) >= 0.7, seed


def test_a_small_map_is_no_line_and_its_points_have_room(lists: dict[str, EmbeddingSet]) -> None:
    for title, words in lists.items():
        final = ec.project(words).final
        sides = np.linalg.svd(final - final.mean(axis=0), compute_uv=False)
        assert sides[1] > 0.3 * sides[0], title


def test_the_chosen_fit_is_the_plain_call_with_its_settings(lists: dict[str, EmbeddingSet]) -> None:
    points = unit(lists["16 office sentences"].vectors)
    from embeddings_core.maps.pca import principal_components

    start = start_layout(principal_components(points, 2)[0], stretch=True)
    best = best_run(points, start, settings("umap", len(points)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from umap import UMAP

        plain = UMAP(**umap_parameters(points, start, best.settings)).fit_transform(points)
    np.testing.assert_array_equal(best.states[-1], plain)
    assert round(nearest_kept(points, plain) * len(points)) == best.nearest


def test_every_fit_that_is_tried_is_ranked_by_what_it_keeps(lists: dict[str, EmbeddingSet]) -> None:
    points = unit(lists["12 words in 4 topics"].vectors)
    start = start_layout(points[:, :2], stretch=True)
    fits = ranked_fits(points, start, settings("umap", len(points)))
    assert len(fits) == SMALL_FITS[0] and len({fit.settings for fit in fits}) == SMALL_FITS[0]
    scores = [fit.score(len(points)) for fit in fits]
    assert scores == sorted(scores, reverse=True)
    assert fits[0].nearest >= max(fit.nearest for fit in fits) - 1


def test_the_card_says_how_the_fit_was_chosen(lists: dict[str, EmbeddingSet]) -> None:
    words = lists["12 words in 4 topics"]
    film = ec.project(words)
    kept = round(12 * nearest_kept(words.vectors, film.final))
    assert (
        dict(film.settings)["chosen as"]
        == f"the best of 80 fits, keeping the nearest neighbour of {kept} of 12"
    )


@pytest.mark.parametrize("given", [{"neighbours": 5}, {"min_dist": 0.2}, {"epochs": 100}])
def test_numbers_given_by_hand_are_one_fit(given: dict[str, float]) -> None:
    assert settings("umap", 20, **given).best_of is None  # type: ignore[arg-type]
    assert settings("umap", 20).best_of == SMALL_FITS[0]
    assert settings("umap", SMALL - 1).best_of == SMALL_FITS[1]
    assert settings("umap", SMALL).best_of is None


@pytest.mark.parametrize("n", range(4, 9))
@pytest.mark.parametrize("dimensions", [2, 3])
def test_the_smallest_lists_have_a_map(n: int, dimensions: int) -> None:
    if n < dimensions + 2:
        return
    vectors = np.random.default_rng(n).normal(size=(n, 8)).astype(np.float32)
    film = ec.project(EmbeddingSet(tuple(map(str, range(n))), vectors), dimensions=dimensions)
    assert film.final.shape == (n, dimensions) and np.isfinite(film.frames).all()


def test_another_seed_looks_at_other_fits_and_the_same_seed_at_the_same(
    lists: dict[str, EmbeddingSet],
) -> None:
    words = lists["18 names and things"]
    first, again, other = (ec.project(words, seed=seed).final for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_kept_neighbours_are_counted_as_by_hand() -> None:
    rng = np.random.default_rng(3)
    points = rng.normal(size=(15, 5)).astype(np.float32)
    maps = rng.normal(size=(4, 15, 2)).astype(np.float32)
    by_hand = []
    for layout in maps:
        share = []
        for row in range(15):
            true = np.argsort(np.linalg.norm(points - points[row], axis=1))[1:4]
            drawn = np.argsort(np.linalg.norm(layout - layout[row], axis=1))[1:4]
            share.append(len(set(true) & set(drawn)) / 3)
        by_hand.append(np.mean(share))
    np.testing.assert_allclose(preserved_share(points, maps, k=3), by_hand, atol=1e-6)
