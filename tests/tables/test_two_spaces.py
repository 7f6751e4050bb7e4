"""The same rows in two spaces: who keeps whom, and the film from the one map to the other."""

import numpy as np

from embeddings_core.analysis.comparison import compare
from embeddings_core.maps.projection import Projection
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.tables.opened import DrawnMap
from embeddings_core.tables.two_spaces import RowChanges, joined_film, row_changes

CHANCE = np.random.default_rng(3)
FIRST = CHANCE.normal(size=(60, 8)).astype(np.float32)
SECOND = np.concatenate([FIRST[:50], CHANCE.normal(size=(10, 8))]).astype(np.float32)


def test_neighbours_are_compared_as_between_models() -> None:
    rows = np.arange(60) * 2 + 1
    found = row_changes(FIRST, SECOND, rows=rows, metrics=("cosine", "cosine"), k=5)
    names = tuple(map(str, rows.tolist()))
    known = compare(EmbeddingSet(names, FIRST), EmbeddingSet(names, SECOND), k=5)
    np.testing.assert_allclose(found.shared, known.shared)
    assert (found.same_nearest, found.chance) == (known.same_nearest, known.chance)
    place = int(found.movers(1)[0])
    assert place >= 50 or found.shared[place] == found.shared.min()
    left, joined = found.change(place)
    change = known.change(place)
    assert tuple(map(str, left)) == change.lost and tuple(map(str, joined)) == change.gained
    labels = [""] * 121
    for row in rows[:50].tolist():
        labels[row] = "same"
    for row in rows[50:].tolist():
        labels[row] = "other"
    assert [label for label, _ in found.by_label(labels)] == ["other", "same"]


def test_the_same_space_twice_moves_nobody() -> None:
    found = row_changes(FIRST, FIRST, rows=np.arange(60), metrics=("euclidean", "euclidean"))
    assert (
        found.shared.min() == 1
        and len(found.movers(5)) == 0
        and "60 of 60 rows keep" in found.told("one", "two")
    )


def test_the_second_map_is_turned_onto_the_first_over_the_rows_of_both() -> None:
    flat = CHANCE.normal(size=(30, 2)).astype(np.float32)
    turned = (flat @ np.array([[0, 3], [-3, 0]], dtype=np.float32))[
        :, ::-1
    ] + 7  # turned, mirrored, larger, elsewhere
    one = DrawnMap(
        np.arange(30), Projection(np.stack([flat * 0, flat]), ("a", "b"), "pca", "recorded"), 0.5, "one"
    )
    two = DrawnMap(np.arange(5, 30), Projection(turned[None, 5:], ("a",), "pca", "still"), 0.6, "two")
    film, displacements = joined_film(one, two, names=("before", "after"))
    assert film.rows.tolist() == list(range(5, 30)) and film.projection.frame_names == ("before", "after")
    assert film.projection.kind == "morph" and displacements.max() < 1e-4  # nothing moves but by turning


def test_a_hundred_thousand_labels_are_told_in_a_moment() -> None:
    n = 100_000
    near = np.zeros((n, 1), dtype=np.int64)
    found = RowChanges(np.arange(n), near, near, np.ones(n, dtype=np.float32), n, 0.0)
    assert found.by_label([f"label {row}" for row in range(n - 6)] + ["often"] * 6) == (("often", 1.0),)
