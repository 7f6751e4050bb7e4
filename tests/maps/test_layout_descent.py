"""The optimiser for maps of many points, against umap-learn's on the same graph."""

import warnings

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from embeddings_core.maps.layout_descent import bits, forces
from embeddings_core.maps.optimisers import run_umap, start_layout
from embeddings_core.maps.pca import principal_components
from embeddings_core.maps.settings import settings
from embeddings_core.spaces.vocabulary import load_vocabulary


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
    again, _ = run_umap(points, start, chosen)
    assert states.shape == plain.shape and len(epochs) == len(states)
    np.testing.assert_array_equal(states[0], start)
    np.testing.assert_array_equal(states, again)
    ours, theirs = (trustworthiness(points, each[-1], n_neighbors=15) for each in (states, plain))
    assert ours > 0.98 * theirs
