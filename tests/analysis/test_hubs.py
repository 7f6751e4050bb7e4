"""Hubs, counted again with loops in plain numpy."""

import numpy as np
import pytest

from embeddings_core.analysis.hubs import Hubs, hubs
from embeddings_core.errors import BadInputError
from embeddings_core.scenes.hubs import hub_scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vocabulary import load_vocabulary


def plain(vectors: np.ndarray, k: int) -> list[int]:
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    counts = [0] * len(units)
    for row, scores in enumerate(units @ units.T):
        others = [other for other in range(len(units)) if other != row]
        for other in sorted(others, key=lambda other, scores=scores: -scores[other])[:k]:  # type: ignore[misc]
            counts[other] += 1
    return counts


def test_counts_are_those_of_loops() -> None:
    space = load_vocabulary().take(range(1_100))  # more than one chunk
    found = hubs(space, k=10)
    units = space.vectors.astype(np.float64)
    units /= np.linalg.norm(units, axis=1, keepdims=True)
    assert np.abs(found.before - plain(units, 10)).sum() <= 4  # rounding may part what is equally near
    assert np.abs(found.after - plain(units - units.mean(axis=0), 10)).sum() <= 8
    assert found.before.sum() == found.after.sum() == 11_000
    row = int(found.before.argmax())
    assert found.sentence.startswith(
        f"{space.items[row]} is among the 10 nearest of {found.before[row]:,} of 1,100 words"
    )


def test_centring_takes_a_cone_apart_and_it_is_said_where_it_does_not() -> None:
    vectors = np.random.default_rng(0).normal(size=(300, 40))
    vectors[:, 0] += 12 * np.random.default_rng(1).random(300)
    found = hubs(EmbeddingSet(tuple(map(str, range(300))), vectors.astype(np.float32), "made"))
    before, after = found.skewness()
    assert after < before and "less lopsided" in found.sentence
    counts = found.before - found.before.mean()
    assert before == pytest.approx((counts**3).mean() / counts.std() ** 3)
    turned = Hubs(found.items, found.k, found.after, found.before)
    assert "does not help here" in turned.sentence
    with pytest.raises(BadInputError):
        hubs(EmbeddingSet(("a", "b"), np.eye(2, dtype=np.float32), "made"))


def test_the_scene_moves_hubs_to_their_counts() -> None:
    found = hubs(load_vocabulary().take(range(200)))
    scene = hub_scene(found, model="MiniLM")
    rows = found.largest(16)
    start, end = scene.motion.frames[0, :16, 0], scene.motion.frames[1, :16, 0]
    scale = start[0] / found.before[rows[0]]
    np.testing.assert_allclose(start, found.before[rows] * scale, rtol=1e-5)
    np.testing.assert_allclose(end, found.after[rows] * scale, rtol=1e-5)
    assert scene.points.items[0] == found.items[rows[0]] and scene.motion.kind == "morph"
