"""Items on an axis, each figure recomputed in plain numpy."""

import numpy as np
import pytest

from embeddings_core.analysis.concept_axis import on_axis
from embeddings_core.errors import BadInputError
from embeddings_core.maps.map_view import view_map
from embeddings_core.maps.projection import project
from embeddings_core.scenes.concept_axis import axis_scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vocabulary import load_vocabulary

WORDS = ("king", "queen", "actor", "actress", "uncle", "aunt", "table")


def chosen(*words: str) -> EmbeddingSet:
    space = load_vocabulary()
    return space.take([space.row(word) for word in words])


def test_places_and_share_are_those_of_plain_numpy() -> None:
    found = on_axis(chosen(*WORDS), ["man"], ["woman"], poles=chosen("man", "woman"), words=load_vocabulary())
    vectors = {word: chosen(word).vectors[0].astype(np.float64) for word in (*WORDS, "man", "woman")}
    units = {word: vector / np.linalg.norm(vector) for word, vector in vectors.items()}
    way, middle = units["woman"] - units["man"], (units["woman"] + units["man"]) / 2
    table = np.stack([units[word] for word in WORDS])
    places = (table - middle) @ way / (way @ way / 2)
    np.testing.assert_allclose(found.places, places, atol=1e-4)
    for male, female in (("king", "queen"), ("actor", "actress"), ("uncle", "aunt")):
        assert places[WORDS.index(male)] < places[WORDS.index(female)]
    centred = table - table.mean(axis=0)
    share = ((centred @ way / np.linalg.norm(way)) ** 2).sum() / (centred**2).sum()
    assert found.share == pytest.approx(share, abs=1e-5)
    assert f"{WORDS[int(places.argmax())]} stands furthest towards woman" in found.sentence


def test_it_says_so_where_the_axis_tells_nothing() -> None:
    flat = np.zeros((6, 8), np.float32)
    flat[:, :4] = np.random.default_rng(0).normal(size=(6, 4))
    poles = EmbeddingSet(("a", "b"), np.eye(8, dtype=np.float32)[6:8], "made")
    items = EmbeddingSet(tuple("uvwxyz"), flat, "made")
    found = on_axis(items, ["a"], ["b"], poles=poles, words=items)
    assert found.share == pytest.approx(0, abs=1e-9)
    assert "between two random words does" in found.sentence
    only = on_axis(poles, ["a"], ["b"], poles=poles, words=items)
    assert only.places.tolist() == [-1, 1] and "add other words" in only.sentence
    clear = EmbeddingSet(
        ("c", "d", "e"), np.array([[1, 0, 0], [0.7, 0.7, 0], [0, 1, 0]], dtype=np.float32), "made"
    )
    ends = EmbeddingSet(("a", "b"), np.eye(3, dtype=np.float32)[:2], "made")
    told = on_axis(clear, ["a"], ["b"], poles=ends, words=ends)
    np.testing.assert_allclose(told.places, [-1, 0, 1], atol=1e-6)
    with pytest.raises(BadInputError, match="same vector"):
        on_axis(clear, ["a"], ["a"], poles=ends, words=ends)


@pytest.mark.parametrize(("one", "other"), [("a", "b"), ("b", "a")])
def test_items_that_are_all_on_one_side_are_not_said_to_stand_at_both_ends(one: str, other: str) -> None:
    near = EmbeddingSet(("c", "d"), np.array([[0.2, 0.9, 0], [0.4, 0.6, 0]], dtype=np.float32), "made")
    ends = EmbeddingSet(("a", "b"), np.eye(3, dtype=np.float32)[:2], "made")
    told = on_axis(near, [one], [other], poles=ends, words=ends)
    sign = "+" if other == "b" else "−"
    assert told.sentence.startswith(f"c stands furthest towards b ({sign}")
    assert f"d least ({sign}" in told.sentence and "all are on that side of the middle" in told.sentence
    assert "towards a" not in told.sentence


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("plane", [False, True])
def test_the_scene_ends_on_the_axis(dimensions: int, plane: bool) -> None:
    items = chosen(*WORDS)
    view = view_map(items, fitted=items, projection=project(items, method="pca", dimensions=dimensions))
    found = on_axis(items, ["man"], ["woman"], poles=chosen("man", "woman"), words=load_vocabulary())
    other = on_axis(items, ["small"], ["large"], poles=chosen("small", "large"), words=load_vocabulary())
    scene = axis_scene(view, found, second=other if plane else None)
    n = len(WORDS)
    frames = scene.motion.frames
    assert frames.shape == (3, n + (4 if plane else 2), dimensions) and scene.motion.kind == "morph"
    np.testing.assert_allclose(frames[1, :n, 0], found.places, atol=1e-6)
    np.testing.assert_allclose(frames[2, :n, 0], found.places, atol=1e-6)
    if plane:
        np.testing.assert_allclose(frames[2, :n, 1], other.places, atol=1e-6)
    else:
        assert (np.argsort(frames[2, :n, 1]) == np.argsort(found.places)).all()
    assert scene.points.items[n : n + 2] == ("man", "woman") and (frames[:, n, 0] == -1).all()
