"""Groups: k-means against the plain library, its steps, suggested numbers, dense regions, names."""

import numpy as np
import pytest

from embeddings_core.analysis.clustering import (
    Clustering,
    density,
    kmeans,
    name_groups,
    named,
    silhouette,
    start_centres,
    suggest_k,
)
from embeddings_core.errors import BadInputError
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import unit
from embeddings_core.spaces.vocabulary import load_vocabulary


def numbered(vectors: np.ndarray) -> EmbeddingSet:
    return EmbeddingSet(tuple(map(str, range(len(vectors)))), np.asarray(vectors, dtype=np.float32))


def blobs(k: int, *, n: int = 30, seed: int = 0) -> EmbeddingSet:
    """k well separated directions, n items around each."""
    rng = np.random.default_rng(seed)
    return numbered(np.concatenate([10 * np.eye(6)[group] + rng.normal(size=(n, 6)) for group in range(k)]))


@pytest.fixture(scope="module")
def digits() -> EmbeddingSet:
    from sklearn.datasets import load_digits

    return numbered(load_digits().data[:500])


@pytest.mark.parametrize(("k", "seed"), [(2, 0), (7, 0), (10, 1), (10, 2)])
def test_kmeans_ends_where_the_plain_call_ends(digits: EmbeddingSet, k: int, seed: int) -> None:
    from sklearn.cluster import KMeans

    points = unit(digits.vectors).astype(np.float64)
    ours = kmeans(digits, k=k, seed=seed)
    start = ours.step_centres[0].astype(np.float64)
    plain = KMeans(k, init=start, n_init=1, tol=0, algorithm="lloyd").fit(points)
    np.testing.assert_array_equal(ours.labels, plain.labels_)
    np.testing.assert_allclose(ours.centres, plain.cluster_centers_, atol=1e-5)
    assert ours.inertias[-1] == pytest.approx(plain.inertia_, rel=1e-5)


def test_steps_are_lloyds(digits: EmbeddingSet) -> None:
    """Centres are the means of the labels before; inertia never rises; the last step changes nothing."""
    ours = kmeans(digits, k=6)
    points = unit(digits.vectors)
    assert len(ours.steps) == len(ours.step_centres) == len(ours.inertias) == len(ours.silhouettes) > 3
    for before, centres, labels in zip(ours.steps, ours.step_centres[1:], ours.steps[1:], strict=False):
        expected = np.stack([points[before == group].mean(axis=0) for group in range(6)])
        np.testing.assert_allclose(centres, expected, atol=1e-5)
        nearest = np.linalg.norm(points[:, None] - centres[None], axis=2).argmin(axis=1)
        assert (nearest != labels).mean() < 0.005
    assert (np.diff(ours.inertias) <= 1e-6).all()
    np.testing.assert_array_equal(ours.steps[-1], ours.steps[-2])
    np.testing.assert_array_equal(ours.labels, ours.steps[-1])
    np.testing.assert_array_equal(ours.labels, kmeans(digits, k=6).labels)


def test_the_start_is_drawn_from_the_items() -> None:
    """Two far places: the second centre is always in the other one; all else has distance 0."""
    points = np.array([[0.0, 0], [0, 0], [0, 0], [5, 5]])
    for seed in range(20):
        start = start_centres(points, k=2, seed=seed)
        assert sorted(start.sum(axis=1).tolist()) == [0, 10]


def test_several_starts_beat_one(digits: EmbeddingSet) -> None:
    from sklearn.cluster import KMeans

    points = unit(digits.vectors).astype(np.float64)
    plain = KMeans(10, n_init=10, random_state=0).fit(points)
    assert kmeans(digits, k=10).inertias[-1] <= 1.01 * plain.inertia_


def test_kmeans_finds_planted_groups() -> None:
    ours = kmeans(blobs(4), k=4)
    for group in range(4):
        assert len(set(ours.labels[30 * group : 30 * group + 30].tolist())) == 1
    assert len(set(ours.labels.tolist())) == 4


def test_silhouette_is_the_usual_one(digits: EmbeddingSet) -> None:
    from sklearn.metrics import silhouette_score

    labels = kmeans(digits, k=5).labels
    expected = silhouette_score(digits.vectors, labels, metric="cosine")
    assert silhouette(digits.vectors, labels) == pytest.approx(expected, abs=1e-5)
    assert silhouette(digits.vectors, np.zeros(500, dtype=np.int64)) == 0.0


def test_silhouette_by_hand() -> None:
    """Directions 0°, 60° | 180°, alone. For 0°: a = 1 − cos 60° = 0.5, b = 1 − cos 180° = 2.

    So (2 − 0.5)/2 = 0.75. For 60°: a = 0.5, b = 1 − cos 120° = 1.5: 2/3. The lonely one counts 0.
    """
    angles = np.radians([0, 60, 180])
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert silhouette(points, np.array([0, 0, 1])) == pytest.approx((0.75 + 2 / 3) / 3, abs=1e-5)


@pytest.mark.parametrize("k", [2, 3, 5])
def test_the_planted_number_is_suggested(k: int) -> None:
    suggested = suggest_k(blobs(k))
    assert suggested.k == k
    assert [tried for tried, _ in suggested.scores] == list(range(2, 11))
    assert dict(suggested.scores)[k] == max(score for _, score in suggested.scores) > 0.5


def test_few_items_and_many_groups() -> None:
    for n in (1, 2, 3, 4):
        items = numbered(np.random.default_rng(n).normal(size=(n, 5)))
        for k in range(1, n + 1):
            assert len(set(kmeans(items, k=k).labels.tolist())) == k
        with pytest.raises(BadInputError, match=f"1 to {n} groups, not {n + 1}"):
            kmeans(items, k=n + 1)
        assert suggest_k(items).k <= max(1, n - 1)
    assert suggest_k(numbered(np.zeros((0, 3)))).scores == ()


@pytest.mark.parametrize("seed", range(5))
def test_twelve_items_never_make_nine_groups(seed: int) -> None:
    """Not even twelve that lie in nine pairs and singles of their own."""
    rng = np.random.default_rng(seed)
    centres = np.eye(9, 24)[[0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8]]
    for vectors in (rng.normal(size=(12, 24)), centres + rng.normal(size=(12, 24)) * 0.01):
        suggested = suggest_k(numbered(vectors))
        assert suggested.k <= 4 and max(k for k, _ in suggested.scores) <= 4
    with pytest.raises(BadInputError, match="at least 1 item"):
        kmeans(numbered(np.zeros((0, 3))), k=1)
    same = numbered(np.ones((9, 3)))
    assert kmeans(same, k=1).labels.tolist() == [0] * 9 and suggest_k(same).k == 1
    with pytest.raises(BadInputError):
        kmeans(same, k=2)


def test_duplicates_and_extremes() -> None:
    pairs = numbered(np.repeat(np.random.default_rng(0).normal(size=(5, 4)), 4, axis=0) * 1e37)
    labels = kmeans(pairs, k=5).labels
    assert all(len(set(labels[4 * g : 4 * g + 4].tolist())) == 1 for g in range(5))
    assert np.isfinite(
        kmeans(numbered(np.random.default_rng(0).normal(size=(20, 3)) * 1e-40), k=3).centres
    ).all()


def test_density_finds_islands_and_noise() -> None:
    rng = np.random.default_rng(0)
    islands = [rng.normal(scale=0.1, size=(size, 2)) + place for size, place in ((20, (0, 0)), (40, (9, 0)))]
    lone = np.array([[4.5, 40.0], [4.5, -40.0]])
    found = density(np.concatenate([*islands, lone]).astype(np.float32))
    assert found.k == 2 and found.names == ("group 1", "group 2")
    assert (found.labels[-2:] == -1).all() and "belong to no group" in found.note
    assert (found.labels[:20] != found.labels[20:60][0]).all()
    # numbered by size: the island of 40 is group 0
    assert np.bincount(found.labels[found.labels >= 0]).argmax() == 0
    np.testing.assert_allclose(found.centres[0], [9, 0], atol=0.2)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5])
def test_density_of_few_points(n: int) -> None:
    found = density(np.random.default_rng(0).normal(size=(n, 2)).astype(np.float32))
    assert found.labels.tolist() == [-1] * n and found.k == 0


def test_density_of_one_place() -> None:
    assert density(np.zeros((50, 2), dtype=np.float32)).k == 0
    with pytest.raises(BadInputError):
        density(np.zeros((50, 2), dtype=np.float32), min_size=1)


def test_names_come_from_the_nearest_words() -> None:
    """Centres along x and y: "east" and "dawn" belong to x, "north" to y, "nowhere" a little more to y."""
    words = EmbeddingSet(
        ("east", "East", "dawn", "north", "nowhere"),
        np.array([[1, 0.0], [1, 0], [1, 0.3], [0, 1], [-1, -0.9]]),
    )
    centres = np.array([[2.0, 0], [0, 3]], dtype=np.float32)
    assert name_groups(centres, words, count=2) == ("east, dawn", "north, nowhere")
    assert name_groups(np.eye(2, dtype=np.float32), words.take([0]))[1] == "group 2"
    assert name_groups(np.zeros((0, 2), dtype=np.float32), words) == ()


def test_groups_of_words_get_telling_names() -> None:
    from embeddings_core.spaces.vocabulary import load_vocabulary

    space = load_vocabulary()
    typed = ["cat", "dog", "horse", "red", "blue", "green", "monday", "friday", "sunday"]
    some = space.take([space.row(word) for word in typed])
    found = kmeans(some, k=3)
    assert sorted(sorted(name.split(", ")) for name in found.names) == [
        ["blue", "green", "red"],
        ["cat", "dog", "horse"],
        ["friday", "monday", "sunday"],
    ]
    wider = kmeans(some, k=3, vocabulary=space)
    assert any("animals" in name or "cat" in name or "dog" in name or "horse" in name for name in wider.names)
    flat = (
        np.repeat(np.arange(3.0), 3)[:, None] * np.ones((9, 2))
        + np.random.default_rng(0).normal(size=(9, 2)) / 99
    )
    again = named(density(flat.astype(np.float32)), some)
    assert sorted(again.names) == sorted(again.names) and all("group" not in name for name in again.names)
    assert again.k == 3


def test_names_and_groups_must_fit() -> None:
    with pytest.raises(BadInputError):
        Clustering(np.zeros(3, dtype=np.int64), np.zeros((2, 2), dtype=np.float32), "k-means", ("one",))


def test_groups_of_many_items_are_as_tight_as_the_plain_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    from sklearn.cluster import KMeans

    words = load_vocabulary()
    embeddings = numbered(np.array(words.vectors[:1_200]))
    monkeypatch.setattr("embeddings_core.analysis.clustering.MANY", 100)
    ours = kmeans(embeddings, k=12)
    plain = KMeans(12, n_init=3, random_state=0).fit(unit(embeddings.vectors))
    assert ours.inertias[-1] <= 1.01 * plain.inertia_
    assert (np.diff(ours.inertias) <= 1e-3).all()
    points = unit(embeddings.vectors)
    for labels, centres, inertia in zip(ours.steps, ours.step_centres, ours.inertias, strict=True):
        assert inertia == pytest.approx(float(((points - centres[labels]) ** 2).sum()), rel=1e-4)
    expected = np.stack([points[ours.steps[0] == group].mean(axis=0) for group in range(12)])
    np.testing.assert_allclose(ours.step_centres[1], expected, atol=1e-5)


def test_an_empty_group_of_many_items_restarts_far_away() -> None:
    from embeddings_core.analysis import lloyd

    points = np.random.default_rng(0).normal(size=(300, 3)).astype(np.float32)
    squares = (points**2).sum(axis=1)
    start = np.concatenate([points[:2], np.full((2, 3), 1e3, np.float32)])
    run = lloyd._run(points, squares, start, 0.0)
    assert set(run.labels[-1].tolist()) == {0, 1, 2, 3}
