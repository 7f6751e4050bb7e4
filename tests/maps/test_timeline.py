"""Motion: alignment, smoothing, keyframes, morphs."""

import numpy as np
import pytest

from embeddings_core.errors import BadInputError
from embeddings_core.maps.morph import morph
from embeddings_core.maps.projection import Projection
from embeddings_core.maps.timeline import (
    align,
    align_states,
    averaged_states,
    flat_to_deep,
    in_one_frame,
    keyframe_steps,
    keyframes,
    same_size,
    tortuosity,
)

RNG = np.random.default_rng(0)


def turned(points: np.ndarray, *, mirror: bool = False) -> np.ndarray:
    """Turn (and mirror), triple and shift points: the same shape elsewhere."""
    turn, _ = np.linalg.qr(np.random.default_rng(4).normal(size=(points.shape[1],) * 2))
    if (np.linalg.det(turn) < 0) != mirror:
        turn[:, 0] *= -1
    return points @ turn * 3.0 + 17.0


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("mirror", [False, True])
def test_the_same_shape_is_found_again(dimensions: int, mirror: bool) -> None:
    shape = RNG.normal(size=(20, dimensions))
    np.testing.assert_allclose(align(turned(shape, mirror=mirror), shape), shape, atol=1e-5)


def test_without_scale_the_size_stays() -> None:
    shape = RNG.normal(size=(20, 2))
    back = align(turned(shape), shape, scale=False)
    np.testing.assert_allclose(back - back.mean(axis=0), 3 * (shape - shape.mean(axis=0)), atol=1e-4)


def test_alignment_is_the_best_turn() -> None:
    """No other turn or mirroring of the same size comes nearer (tried in steps of one degree)."""
    moving, still = RNG.normal(size=(15, 2)), RNG.normal(size=(15, 2))
    ours = align(moving, still, scale=False)
    best = np.inf
    centred = moving - moving.mean(axis=0)
    for angle in np.radians(np.arange(360)):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        for mirror in (np.eye(2), np.diag([1.0, -1.0])):
            best = min(best, float(((centred @ turn @ mirror + still.mean(axis=0) - still) ** 2).sum()))
    assert float(((ours - still) ** 2).sum()) <= best + 1e-4
    assert float(((ours - still) ** 2).sum()) == pytest.approx(best, rel=1e-2)


def test_flat_lies_down_in_deep_space() -> None:
    """A flat map and the same one tilted in space: aligned, every distance is gone."""
    flat = RNG.normal(size=(12, 2))
    tilted = turned(flat_to_deep(flat).astype(np.float64))
    np.testing.assert_allclose(align(flat, tilted), tilted, atol=1e-4)
    assert align(flat, flat).shape == (12, 2)


def test_alignment_of_little() -> None:
    np.testing.assert_allclose(align(np.zeros((1, 2)), np.ones((1, 2))), [[1, 1]])
    np.testing.assert_allclose(align(np.ones((5, 2)), RNG.normal(size=(5, 2)) * 0 + 3), np.full((5, 2), 3))
    assert align(np.zeros((0, 2)), np.zeros((0, 2))).shape == (0, 2)
    with pytest.raises(BadInputError, match="3 and 4"):
        align(np.zeros((3, 2)), np.zeros((4, 2)))
    with pytest.raises(BadInputError):
        align_states([])


def test_states_align_outwards_from_the_anchor() -> None:
    shape = RNG.normal(size=(20, 2))
    states = [turned(shape), shape, turned(shape, mirror=True)]
    for anchor in (0, 1, 2, -1):
        aligned = align_states(states, anchor=anchor)
        np.testing.assert_array_equal(aligned[anchor], states[anchor].astype(np.float32))
        np.testing.assert_allclose(aligned, np.broadcast_to(states[anchor], (3, 20, 2)), atol=1e-4)
    assert align_states([shape, flat_to_deep(shape)]).shape == (2, 20, 3)


def test_key_moments_are_early() -> None:
    assert keyframe_steps(200) == (0, 2, 5, 10, 20, 40, 80, 140, 200)
    for length in (1, 2, 10, 500):
        keys = keyframe_steps(length)
        assert keys[0] == 0 and keys[-1] == length and list(keys) == sorted(set(keys))


def test_thin_averages_within_its_own_stretch() -> None:
    """States 0, 1, 2, … 20 on one axis: a centred mean of a straight way is the middle; the ends are raw."""
    states = np.arange(21, dtype=np.float32)[:, None, None] * np.array([1.0, 0.0], dtype=np.float32)
    np.testing.assert_allclose(averaged_states(states, (0, 3, 10, 20), half_width=5)[:, 0, 0], [0, 3, 10, 20])
    bumpy = states.copy()
    bumpy[9, 0, 0] += 3  # within ±1 of 10: the mean of 12, 10, 11 is 11
    np.testing.assert_allclose(averaged_states(bumpy, (0, 10, 20), half_width=1)[:, 0, 0], [0, 11, 20])
    np.testing.assert_array_equal(averaged_states(bumpy, (0, 10, 20)), bumpy[[0, 10, 20]])


def test_keyframes_calm_a_noisy_run_and_keep_its_ends() -> None:
    way = np.linspace(0, 1, 101)[:, None, None] * np.ones((1, 30, 2))
    noisy = (way + RNG.normal(scale=0.05, size=(101, 30, 2))).astype(np.float32)
    _, frames = keyframes(noisy)
    assert tortuosity(frames) <= 3.0 < tortuosity(noisy) and np.array_equal(frames[[0, -1]], noisy[[0, -1]])


def test_tortuosity_by_hand() -> None:
    """There and back and there again: path 3 for a distance of 1; a straight way: 1; standing still: 1."""
    there = np.array([[[0.0, 0]], [[1, 0]], [[0, 0]], [[1, 0]]])
    assert tortuosity(there) == pytest.approx(3)
    assert tortuosity(there[:2]) == pytest.approx(1)
    assert tortuosity(np.zeros((4, 3, 2))) == 1.0


def test_same_size_changes_size_only() -> None:
    shape = RNG.normal(size=(10, 2)).astype(np.float32)
    states = np.stack([shape * 1e-4 + 5, shape * 3, np.zeros_like(shape), shape])
    level = same_size(states)
    np.testing.assert_array_equal(level[-1], shape)
    np.testing.assert_allclose(level[:2], np.stack([shape, shape]), atol=2e-2)
    assert np.isfinite(level).all()


def still(points: np.ndarray, method: str) -> Projection:
    return Projection(points[None].astype(np.float32), ("one",), method, "still", note=method)


def test_morphs_join_methods_dimensions_and_models() -> None:
    shape = RNG.normal(size=(9, 2))
    deep = RNG.normal(size=(9, 3))
    ways = morph(still(turned(shape), "pca"), still(shape, "umap"))
    assert ways.kind == "morph" and ways.frame_names == ("PCA", "UMAP") and ways.method == "umap"
    np.testing.assert_array_equal(ways.final, shape.astype(np.float32))
    np.testing.assert_allclose(ways.frames[0], shape, atol=1e-4)
    rising = morph(still(shape, "tsne"), still(deep, "tsne"))
    assert rising.frame_names == ("t-SNE in 2-D", "t-SNE in 3-D")
    np.testing.assert_array_equal(rising.frames[0], flat_to_deep(shape.astype(np.float32)))
    distances = [np.linalg.norm(x[:, None] - x[None], axis=2) for x in (rising.final, deep)]
    ratio = distances[0][0, 1] / distances[1][0, 1]
    np.testing.assert_allclose(distances[0], ratio * distances[1], rtol=1e-3, atol=1e-4)
    falling = morph(still(deep, "umap"), still(shape, "umap"))
    np.testing.assert_array_equal(falling.final, flat_to_deep(shape.astype(np.float32)))
    named = morph(still(shape, "pca"), still(shape, "pca"), names=("model A", "model B"), hold="first")
    assert named.frame_names == ("model A", "model B")
    with pytest.raises(BadInputError, match="same items"):
        morph(still(shape, "pca"), still(shape[:4], "pca"))
    with pytest.raises(BadInputError):
        morph(still(shape, "pca"), still(shape, "pca"), hold="middle")


def test_no_moment_of_a_film_reaches_far_beyond_its_end() -> None:
    """One outlier at the start would shrink the map at rest to a heap in the middle of the picture."""
    rng = np.random.default_rng(3)
    last = rng.uniform(-1, 1, (30, 2)).astype(np.float32)
    first = 0.2 * last
    first[0] = (9, 9)
    frames = in_one_frame(np.stack([first, last]))
    np.testing.assert_array_equal(frames[-1], last)
    reach = np.abs(frames - last.mean(axis=0)).max(axis=1)
    assert (reach[0] <= 1.2 * reach[1] + 1e-5).all() and (reach[0] >= 1.19 * reach[1]).any()
    line = np.stack([rng.normal(size=(9, 2)), np.linspace([-1, 0], [1, 0], 9)]).astype(np.float32)
    assert (
        np.ptp(in_one_frame(line)[0], axis=0).max() > 0.2
    )  # nor does it collapse where the map ends as a line
    same = np.zeros((2, 5, 2), dtype=np.float32)
    assert np.isfinite(in_one_frame(same)).all()
