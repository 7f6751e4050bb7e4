"""The optimiser for maps of many points, against umap-learn's on the same graph."""

import warnings

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from embeddings_core.errors import JobError
from embeddings_core.maps.layout_descent import bits, forces
from embeddings_core.maps.optimisers import run_umap, start_layout
from embeddings_core.maps.pca import principal_components
from embeddings_core.maps.settings import settings
from embeddings_core.spaces.vocabulary import load_vocabulary
from embeddings_core.tables.opened import draw


def test_forces_are_those_of_the_formula() -> None:
    a, b = 1.577, 0.895
    pull, push = forces(a, b)
    for distance in (1e-4, 0.03, 1.0, 7.3, 400.0):
        at = bits(distance) - bits(2.0**-24)
        grown = a * distance**b + 1
        assert pull[at] == pytest.approx(-2 * a * b * distance ** (b - 1) / grown, rel=0.01)
        assert push[at] == pytest.approx(2 * b / ((0.001 + distance) * grown), rel=0.01)


@pytest.mark.parametrize("dimensions", [2, 3])
def test_the_map_is_as_good_as_the_plain_one(dimensions: int, monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.array(load_vocabulary().vectors[:800])
    chosen = settings("umap", len(points), dimensions=dimensions)
    start = start_layout(principal_components(points, dimensions)[0], stretch=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        plain, _ = run_umap(points, start, chosen)
    monkeypatch.setattr("embeddings_core.maps.optimisers.OWN_DESCENT", 100)
    states, epochs = run_umap(points, start, chosen)
    told: list[tuple[int, int]] = []
    again, _ = run_umap(points, start, chosen, progress=lambda *at: told.append(at))
    assert told == sorted(told) and len(told) > 10 and told[-1][0] == told[-1][1] > len(epochs)
    assert states.shape == plain.shape and len(epochs) == len(states)
    np.testing.assert_array_equal(states[0], start)
    np.testing.assert_array_equal(states, again)
    ours, theirs = (trustworthiness(points, each[-1], n_neighbors=15) for each in (states, plain))
    assert ours > 0.98 * theirs


@pytest.mark.parametrize("many", [False, True])
def test_a_fit_tells_how_far_it_is_and_ends_when_it_is_told_to(
    many: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("embeddings_core.maps.optimisers.TOLD", 100)
    monkeypatch.setattr("embeddings_core.maps.optimisers.OWN_DESCENT", 100 if many else 10_000)
    points = np.array(load_vocabulary().vectors[:1_500])
    told: list[int] = []

    def should_stop() -> bool:
        return len(told) > 1 and told[-1] > told[0]

    with pytest.raises(JobError, match="stopped"):
        draw(points, method="umap", progress=lambda done, total: told.append(done), should_stop=should_stop)
    assert len(told) < 10
