"""Maps: what they are made of, against the plain library call; awkward input; the films."""

import subprocess
import sys
import warnings
from itertools import product

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.jobs.child import environment as worker_environment
from embeddings_core.maps.knn_graph import coordinates, knn_graph, representatives
from embeddings_core.maps.out_of_sample import place
from embeddings_core.maps.pca import _of_few, principal_components
from embeddings_core.maps.projection import Projection, pca, project, tsne, umap
from embeddings_core.maps.settings import best_method, settings
from embeddings_core.maps.timeline import tortuosity
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import unit
from embeddings_core.spaces.vocabulary import load_vocabulary


def numbered(vectors: np.ndarray) -> EmbeddingSet:
    return EmbeddingSet(
        tuple(f"item {row}" for row in range(len(vectors))), np.asarray(vectors, dtype=np.float32)
    )


@pytest.fixture(scope="module")
def digits() -> EmbeddingSet:
    from sklearn.datasets import load_digits

    return numbered(load_digits().data[:400])


@pytest.fixture(scope="module")
def words() -> EmbeddingSet:

    space = load_vocabulary()
    rows = np.random.default_rng(3).permutation(len(space))[:400]
    return space.take(rows.tolist())


@pytest.fixture(scope="module")
def few() -> EmbeddingSet:
    return numbered(np.random.default_rng(5).normal(size=(12, 6)))


# --- PCA


@pytest.mark.parametrize("dimensions", [2, 3])
def test_pca_is_the_plain_decomposition(digits: EmbeddingSet, dimensions: int) -> None:
    from sklearn.decomposition import PCA

    plain = PCA(dimensions, svd_solver="full").fit(unit(digits.vectors).astype(np.float64))
    ours = pca(digits, dimensions=dimensions)
    expected = plain.transform(unit(digits.vectors).astype(np.float64))
    np.testing.assert_allclose(ours.final, expected, atol=1e-5)
    np.testing.assert_allclose(ours.explained, plain.explained_variance_ratio_, atol=1e-6)
    assert ours.kind == "still" and ours.frame_names == ("PCA layout",)


def test_pca_by_hand() -> None:
    """Points (0,0), (2,0), (0,1), (2,1): variance 1 along x, 1/4 along y; shares 0.8 and 0.2."""
    square = numbered(np.array([[0, 0], [2, 0], [0, 1], [2, 1]]))
    ours = pca(square, metric="euclidean")
    np.testing.assert_allclose(ours.explained, (0.8, 0.2), atol=1e-6)
    np.testing.assert_allclose(2 * ours.final, [[-1, -0.5], [1, -0.5], [-1, 0.5], [1, 0.5]], atol=1e-6)


def test_pca_of_many_rows_is_that_of_few() -> None:
    spread = (10 / np.arange(1, 301)).astype(np.float32)
    points = np.random.default_rng(3).normal(size=(9_000, 300)).astype(np.float32) * spread
    points[:, 0] += 40  # far from the middle: nothing may be lost by not centring
    many, shares = principal_components(points, 3)
    few, expected = _of_few(points, 3)
    np.testing.assert_allclose(many, few, atol=2e-2)
    np.testing.assert_allclose(shares, expected, rtol=1e-3)
    same = np.repeat(points[:1], 9_000, axis=0)
    assert not principal_components(same, 2)[0].round(3).any()


def test_many_rows_have_length_one() -> None:
    vectors = np.random.default_rng(1).normal(size=(6_000, 40)).astype(np.float32)
    vectors[5], vectors[7] = 0, 1e-30
    np.testing.assert_array_equal(unit(vectors)[4_000:4_010], unit(vectors[4_000:4_010]))
    np.testing.assert_allclose(coordinates(vectors), unit(vectors), atol=1e-6)
    np.testing.assert_allclose(coordinates(vectors[10:]), unit(vectors[10:]), atol=1e-6)
    copied = np.concatenate([vectors, vectors[:3]])
    assert representatives(copied, tolerance=0.0)[-3:].tolist() == [0, 1, 2]


def test_pca_of_wide_and_long_tables_agrees() -> None:
    """More than 1,024 either way takes another road; it must come to the same place."""
    table = np.random.default_rng(0).normal(size=(1200, 1100)) * np.linspace(3, 0.1, 1100)
    positions, shares = principal_components(table.astype(np.float32), 3)
    centred = table - table.mean(axis=0)
    values = np.linalg.svd(centred, compute_uv=False)
    np.testing.assert_allclose(shares, values[:3] ** 2 / (values**2).sum(), rtol=1e-3)
    np.testing.assert_allclose(np.linalg.norm(positions, axis=0), values[:3], rtol=1e-3)


@pytest.mark.parametrize(("n", "dimensions"), list(product([1, 2, 3, 4], [2, 3])))
def test_one_to_four_items_work(n: int, dimensions: int) -> None:
    vectors = np.random.default_rng(n).normal(size=(n, 5))
    drawn = pca(numbered(vectors), dimensions=dimensions)
    assert drawn.final.shape == (n, dimensions)
    if 1 < n <= dimensions + 1:  # n points span n - 1 dimensions: every distance is kept
        units = unit(vectors)
        true = np.linalg.norm(units[:, None] - units[None], axis=2)
        np.testing.assert_allclose(
            np.linalg.norm(drawn.final[:, None] - drawn.final[None], axis=2), true, atol=1e-5
        )


# --- UMAP and t-SNE against the plain call


@pytest.mark.parametrize("dimensions", [2, 3])
def test_umap_is_the_plain_fit(digits: EmbeddingSet, dimensions: int) -> None:
    """The same parameters, given to the library without our recording, end at the same numbers."""
    points = coordinates(digits.vectors)
    chosen = settings("umap", len(digits), dimensions=dimensions)
    assert chosen.neighbours is not None
    layout = principal_components(points, dimensions)[0].astype(np.float64)
    start = (10 * (layout - layout.min(axis=0)) / np.ptp(layout, axis=0)).astype(np.float32)
    rows, distances = knn_graph(points, chosen.neighbours - 1)
    own = np.arange(len(points))[:, None]
    table = (np.hstack([own, rows]), np.hstack([0 * own, distances]).astype(np.float32))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from umap import UMAP

        plain = UMAP(
            n_neighbors=chosen.neighbours,
            min_dist=0.1,
            n_components=dimensions,
            n_epochs=200,
            init=start,
            precomputed_knn=table,
            random_state=0,
            n_jobs=1,
        ).fit_transform(points)
    ours = umap(digits, dimensions=dimensions)
    np.testing.assert_allclose(ours.frames[0], start, atol=2e-6)
    np.testing.assert_allclose(ours.final, plain, atol=2e-3 * np.ptp(plain))
    assert np.corrcoef(ours.final.ravel(), plain.ravel())[0, 1] > 0.999999


def test_umap_starts_and_ends_raw_to_the_last_bit(digits: EmbeddingSet) -> None:
    from embeddings_core.maps.optimisers import run_umap, start_layout, umap_parameters

    points = coordinates(digits.vectors)
    start = start_layout(principal_components(points, 2)[0], stretch=True)
    states, epochs = run_umap(points, start, settings("umap", len(digits)))
    film = umap(digits)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from umap import UMAP

        plain = UMAP(**umap_parameters(points, start, settings("umap", len(digits)))).fit_transform(points)
    np.testing.assert_array_equal(film.final, plain)
    assert states.shape == (201, 400, 2) and epochs == tuple(range(201))
    np.testing.assert_array_equal(film.frames[0], start)
    np.testing.assert_array_equal(film.final, states[-1])
    assert film.kind == "recorded" and film.frame_names[0] == "PCA layout"
    assert film.frame_names[-1] == "UMAP epoch 200 of 200" and "UMAP epoch 20 of 200" in film.frame_names
    again = umap(digits)
    np.testing.assert_array_equal(film.frames, again.frames)  # seeded
    assert not np.array_equal(film.final, umap(digits, seed=1).final)


def test_tsne_is_the_plain_fit(digits: EmbeddingSet) -> None:
    """The same start and affinities, no callback: as good an end; the film starts at the PCA layout."""
    from openTSNE import TSNE
    from openTSNE.affinity import PerplexityBasedNN

    points = coordinates(digits.vectors)
    layout = principal_components(points, 2)[0].astype(np.float64)
    start = (layout - layout.mean(axis=0)) / layout.std(axis=0).max() * 1e-4
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        affinities = PerplexityBasedNN(points.astype(np.float64), perplexity=30, method="exact", n_jobs=1)
        plain = TSNE(negative_gradient_method="bh", n_jobs=1, random_state=0).fit(
            affinities=affinities, initialization=start
        )
    film = tsne(digits)
    # the optimiser is chaotic: rounding of the distances grows, the quality stays
    from sklearn.manifold import trustworthiness

    ours, theirs = (trustworthiness(points, np.asarray(y), n_neighbors=10) for y in (film.final, plain))
    assert ours == pytest.approx(theirs, abs=0.003) and ours > 0.98
    first, expected = film.frames[0], layout
    scale = np.linalg.norm(first - first.mean(axis=0)) / np.linalg.norm(expected)
    np.testing.assert_allclose(first - first.mean(axis=0), scale * expected, atol=1e-4 * np.abs(first).max())
    assert film.frame_names[-1] == "t-SNE iteration 750 of 750" and film.kind == "recorded"


def test_tsne_records_what_it_does() -> None:
    """Every fifth state of the running optimiser, with its iteration, and progress on the way."""
    from embeddings_core.maps.optimisers import run_tsne, start_layout

    points = coordinates(np.random.default_rng(2).normal(size=(40, 8)))
    start = start_layout(principal_components(points, 2)[0], stretch=False)
    seen: list[tuple[int, int]] = []
    chosen = settings("tsne", 40, epochs=60)
    states, moments = run_tsne(points, start, chosen, progress=lambda *both: seen.append(both))
    # 20 exaggerated iterations, then 40; every fifth call sees the state before its own update
    assert moments == (0, 4, 9, 14, 19, 24, 29, 34, 39, 44, 49, 54, 59, 60) and len(states) == len(moments)
    assert seen == [(moment, 60) for moment in moments[1:-1]]
    assert np.linalg.norm(states[0]) < 0.01 < np.linalg.norm(states[-1])
    moved = np.linalg.norm(np.diff(states, axis=0), axis=(1, 2))
    assert (moved > 0).all()


def test_three_dimensions_are_a_fit_of_their_own(digits: EmbeddingSet) -> None:
    flat, deep = umap(digits), umap(digits, dimensions=3)
    assert deep.final.shape == (400, 3)
    assert not np.allclose(deep.final[:, :2], flat.final)


@pytest.mark.parametrize("method", ["umap", "tsne"])
@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("name", ["digits", "words", "few"])
def test_films_do_not_boil(method: str, dimensions: int, name: str, request: pytest.FixtureRequest) -> None:
    embeddings = request.getfixturevalue(name)
    film = project(embeddings, method=method, dimensions=dimensions, epochs=None if method == "umap" else 250)
    assert len(film.frames) >= 2
    assert tortuosity(film.frames) <= 3.0


def test_maps_put_groups_apart(digits: EmbeddingSet) -> None:
    """The neighbours on a map are mostly true ones; a random map would keep 10 of 399."""
    from embeddings_core.maps.trust import trust

    for drawn in (umap(digits), tsne(digits)):
        assert trust(digits, drawn).score > 0.5


# --- settings


def test_the_slider_has_exact_parameters() -> None:
    """15 · 4^(2b − 1): 3.75 → 4, 15, 60; 0.1 · 5^(2b − 1): 0.02, 0.1, 0.5; 30 · 3^(2b − 1): 10, 30, 90."""
    ends = [settings("umap", 1000, balance=b) for b in (0, 0.5, 1)]
    assert [s.neighbours for s in ends] == [4, 15, 60] and [s.min_dist for s in ends] == [0.02, 0.1, 0.5]
    assert [settings("tsne", 1000, balance=b).perplexity for b in (0, 0.5, 1)] == [10, 30, 90]
    assert settings("umap", 1000, neighbours=7, min_dist=0.3).neighbours == 7
    assert ("neighbours", "15") in settings("umap", 1000).rows()
    assert "perplexity" not in dict(settings("umap", 1000).rows())


def test_settings_stay_within_the_items() -> None:
    for n in range(4, 60):
        for balance in (0.0, 0.5, 1.0):
            assert 2 <= (settings("umap", n, balance=balance).neighbours or 0) <= n - 1
            assert 1 <= (settings("tsne", n, balance=balance).perplexity or 0) <= max((n - 1) / 3, 1)
    assert settings("tsne", 12).perplexity == 2  # of few items a wider view keeps fewer nearest neighbours
    narrowed = settings("tsne", 10, perplexity=30)
    assert narrowed.perplexity == 3 and "at most 3" in narrowed.note
    assert "11 are used" in settings("umap", 12, neighbours=50).note


@pytest.mark.parametrize(
    ("method", "n", "dimensions", "text"),
    [
        ("umap", 4, 3, "UMAP to 3-D needs 5 items, this has 4; add one or choose PCA."),
        ("tsne", 2, 2, "t-SNE to 2-D needs 4 items, this has 2; add 2 or choose PCA."),
        ("som", 9, 2, 'There is no map called "som"; choose pca, umap or tsne.'),
        ("pca", 9, 4, "A map has 2 or 3 dimensions, not 4."),
    ],
)
def test_settings_that_cannot_be_are_refused_with_a_way_out(
    method: str, n: int, dimensions: int, text: str
) -> None:
    with pytest.raises(BadInputError) as caught:
        project(numbered(np.random.default_rng(0).normal(size=(n, 8))), method=method, dimensions=dimensions)
    assert str(caught.value) == text


def test_values_outside_their_range_are_refused() -> None:
    for options in (
        {"balance": 1.5},
        {"balance": float("nan")},
        {"min_dist": -1.0},
        {"epochs": 5},
        {"epochs": 10**9},
    ):
        with pytest.raises(BadInputError):
            settings("umap", 100, **options)  # type: ignore[arg-type]
    with pytest.raises(BadInputError):
        project(numbered(np.ones((5, 3))), metric="dot")  # type: ignore[arg-type]
    with pytest.raises(BadInputError, match="at least 1 item"):
        project(numbered(np.zeros((0, 3))))
    assert [best_method(n) for n in (1, 7, 8, 900)] == ["pca", "pca", "umap", "umap"]


# --- awkward vectors

RNG = np.random.default_rng(11)
AWKWARD = {
    "constant": np.ones((30, 16)),
    "zeros": np.zeros((40, 8)),
    "tiny": RNG.normal(size=(30, 8)) * 1e-40,
    "huge": RNG.normal(size=(30, 8)) * 1e37,
    "duplicates": np.repeat(RNG.normal(size=(9, 8)), 4, axis=0),
    "two places": np.repeat(RNG.normal(size=(2, 8)), 20, axis=0),
    "line": np.linspace(1, 2, 30)[:, None] * np.ones(4) + np.arange(4),
    "one dimension": RNG.normal(size=(30, 1)),
    "some zeros": np.vstack([np.zeros((3, 8)), RNG.normal(size=(12, 8))]),
    "five": RNG.normal(size=(5, 8)),
}


@pytest.mark.parametrize(("name", "method"), list(product(AWKWARD, ["pca", "umap", "tsne"])))
def test_awkward_vectors_are_drawn(name: str, method: str) -> None:
    vectors = AWKWARD[name].astype(np.float32)
    for dimensions in (2, 3):
        drawn = project(numbered(vectors), method=method, dimensions=dimensions, epochs=50)
        assert drawn.frames.shape[1:] == (len(vectors), dimensions)
        assert np.isfinite(drawn.frames).all()
        representative = representatives(coordinates(vectors))
        np.testing.assert_array_equal(
            drawn.frames, drawn.frames[:, representative]
        )  # equal vectors, equal places


@pytest.mark.parametrize("name", ["constant", "zeros"])
@pytest.mark.parametrize("method", ["pca", "umap", "tsne"])
def test_equal_vectors_are_one_point_and_it_is_said(name: str, method: str) -> None:
    drawn = project(numbered(AWKWARD[name]), method=method)
    assert len(np.unique(drawn.final, axis=0)) == 1
    assert "nothing to map" in drawn.note and drawn.kind == "still"


def test_what_was_merged_is_said() -> None:
    assert "27 items have the same vector" in umap(numbered(AWKWARD["duplicates"])).note
    assert "3 of 15 vectors hold only zeros" in pca(numbered(AWKWARD["some zeros"])).note
    assert "Only 2 different vectors" in umap(numbered(AWKWARD["two places"])).note
    assert umap(numbered(AWKWARD["five"])).note == ""


def test_leaders_by_brute_force() -> None:
    """Rows 3 and 7 repeat row 1, row 9 lies 0.0001 from row 4; all else is far."""
    vectors = np.random.default_rng(0).normal(size=(600, 12)).astype(np.float32)
    vectors[3], vectors[7], vectors[9] = vectors[1], vectors[1], vectors[4] + np.float32(1e-5)
    expected = np.arange(600)
    expected[[3, 7, 9]] = [1, 1, 4]
    np.testing.assert_array_equal(representatives(unit(vectors)), expected)
    expected[9] = 9
    np.testing.assert_array_equal(representatives(vectors, tolerance=0.0), expected)


def test_knn_graph_by_brute_force() -> None:
    points = np.random.default_rng(1).normal(size=(70, 5)).astype(np.float32)
    rows, distances = knn_graph(points, 6)
    true = np.linalg.norm(points[:, None].astype(float) - points[None], axis=2)
    np.fill_diagonal(true, np.inf)
    np.testing.assert_array_equal(rows, np.argsort(true, axis=1)[:, :6])
    np.testing.assert_allclose(distances, np.sort(true, axis=1)[:, :6], atol=1e-4)


# --- placing


def test_a_new_word_lands_near_its_neighbours(words: EmbeddingSet) -> None:
    drawn = umap(words)
    newcomers, old = words.take(range(40)), words.take(range(40, 400))
    shown = Projection(drawn.frames[:, 40:], drawn.frame_names, "umap", "recorded")
    placed = place(shown, old, newcomers)
    assert placed.shape == (40, 2)
    true = drawn.final[:40]  # where the fit put them itself
    at_random = np.random.default_rng(0).permutation(40)
    miss = np.median(np.linalg.norm(placed - true, axis=1))
    assert miss < 0.5 * np.median(np.linalg.norm(placed - true[at_random], axis=1))
    low, high = shown.final.min(axis=0), shown.final.max(axis=0)
    assert ((placed >= low) & (placed <= high)).all()


@pytest.mark.parametrize("method", ["pca", "umap", "tsne"])
def test_an_old_vector_lands_on_its_point(digits: EmbeddingSet, method: str) -> None:
    drawn = project(digits, method=method, epochs=50)
    np.testing.assert_allclose(place(drawn, digits, digits.take([5, 77])), drawn.final[[5, 77]], atol=1e-4)


def test_placing_is_exact_on_pca(digits: EmbeddingSet) -> None:
    """PCA of 300, the other 100 projected by the library's own transform; also when the map was turned."""
    from sklearn.decomposition import PCA

    old, new = digits.take(range(300)), digits.take(range(300, 400))
    drawn = pca(old)
    plain = PCA(2, svd_solver="full").fit(unit(old.vectors).astype(np.float64))
    expected = plain.transform(unit(new.vectors).astype(np.float64))
    np.testing.assert_allclose(place(drawn, old, new), expected, atol=1e-4)
    turn = np.array([[0.0, 2.0], [-2.0, 0.0]], dtype=np.float32)
    turned = Projection(drawn.frames @ turn + 7, drawn.frame_names, "pca", "still")
    np.testing.assert_allclose(place(turned, old, new), expected @ turn + 7, atol=1e-3)


def test_placing_worked_example() -> None:
    """Old points at 0, 1, 3 on a line; new at 2, k = 2: distances 1 (to 1), 1 (to 3), R = 2 (to 0).

    Both weights ((2 − 1) / (2 · 1))² = 1/4: the middle of their places, (10 + 30) / 2 = 20.
    """
    old, new = numbered(np.array([[0.0], [1.0], [3.0]])), numbered(np.array([[2.0]]))
    drawn = Projection(np.array([[[0, 0], [10, 0], [30, 0]]]), ("x",), "umap", "still")
    np.testing.assert_allclose(place(drawn, old, new, k=2, metric="euclidean"), [[20, 0]], atol=1e-5)


def test_placing_with_few_or_equal_points() -> None:
    drawn = Projection(np.array([[[4.0, 5.0]]]), ("x",), "umap", "still")
    one = numbered(np.array([[1.0, 0.0]]))
    np.testing.assert_allclose(place(drawn, one, numbered(np.array([[0.0, 1.0]]))), [[4, 5]])
    with pytest.raises(BadInputError, match="dimensions"):
        place(drawn, one, numbered(np.ones((1, 3))))
    with pytest.raises(BadInputError, match="the same"):
        place(drawn, numbered(np.ones((2, 2))), one)
    assert place(drawn, one, numbered(np.zeros((0, 2)))).shape == (0, 2)


# --- threads


def test_direct_calls_from_threads_do_not_abort() -> None:
    """Two fits at once end the process on this threading layer (SIGABRT); so it is tried in a process."""
    code = (
        "import threading, numpy as np\n"
        "from embeddings_core.jobs.compiled import keep_compiled_code\n"
        "keep_compiled_code(kept=True)\n"
        "from embeddings_core.spaces.embedding_set import EmbeddingSet\n"
        "from embeddings_core.maps.projection import umap\n"
        "vectors = np.random.default_rng(0).normal(size=(60, 8)).astype('f4')\n"
        "some = EmbeddingSet(tuple(map(str, range(60))), vectors)\n"
        "done = []\n"
        "threads = [threading.Thread(target=lambda: done.append(umap(some).final)) for _ in range(4)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]\n"
        "assert len(done) == 4 and all(np.array_equal(d, done[0]) for d in done)\n"
        "import numba; print(numba.threading_layer())\n"
    )
    environment = {**worker_environment(), "NUMBA_NUM_THREADS": "2"}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == "workqueue"


@pytest.mark.parametrize("method", ["pca", "umap", "tsne"])
@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("n", [5, 7, 40])
def test_equal_distances_are_said_and_not_mapped(method: str, dimensions: int, n: int) -> None:
    rng = np.random.default_rng(n)
    turned = np.linalg.qr(rng.normal(size=(64, 64)))[0][:n].astype(
        np.float32
    )  # orthogonal, as one-hot vectors are
    items = tuple(f"item {row}" for row in range(n))
    found = project(EmbeddingSet(items, turned), method=method, dimensions=dimensions)
    assert found.kind == "still" and not found.shows_nearness and len(found.frames) == 1
    assert f"All {n} are equally far apart; there is nothing to map" in found.note
    np.testing.assert_allclose(np.linalg.norm(found.final, axis=1), 1, atol=1e-6)
    apart = np.linalg.norm(found.final[:, None] - found.final[None], axis=2)[~np.eye(n, dtype=bool)]
    assert apart.min() > 0.1


def test_copies_among_equally_far_vectors_share_a_place() -> None:
    vectors = np.eye(6, dtype=np.float32)[[0, 1, 2, 3, 4, 5, 2]]
    found = project(EmbeddingSet(tuple("abcdefg"), vectors), method="tsne")
    assert "One item has the same vector as another and shares its place." in found.note
    np.testing.assert_array_equal(found.final[2], found.final[6])


def test_three_equally_far_vectors_are_a_true_triangle() -> None:
    found = project(EmbeddingSet(tuple("abc"), np.eye(3, dtype=np.float32)), method="pca")
    assert found.method == "pca" and found.shows_nearness


@pytest.mark.parametrize("words", ["hammer oboe owl moon", "hammer oboe owl moon soup"])
def test_few_words_are_no_line(words: str) -> None:
    items = words.split()
    space = load_vocabulary()
    few = space.take([space.row(word) for word in items])
    found = project(few, method="tsne")
    spread = np.linalg.svd(found.final - found.final.mean(axis=0), compute_uv=False)
    assert spread[-1] > 0.1 * spread[0] and found.method == "pca"
    assert f"t-SNE draws these {len(items)} on a line" in found.note


def test_enough_words_stay_with_t_sne() -> None:
    space = load_vocabulary()
    rows = [space.row(word) for word in ["anchor", "violet", "soup", "kettle", "crow", "bread", "mouse"]]
    found = project(space.take(rows), method="tsne")
    assert found.method == "tsne" and found.kind == "recorded"
