"""Scenes of sentences: what stands where is what was computed."""

import numpy as np
import pytest

from embeddings_core.analysis.neighbours import nearest
from embeddings_core.analysis.rankers import RankRace
from embeddings_core.analysis.sentences import GrowingSentence, WhySimilar, WordOrder
from embeddings_core.maps.map_view import MapView, view_map
from embeddings_core.maps.projection import project
from embeddings_core.scenes import sentences as scenes
from embeddings_core.scenes.maps import empty_scene
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import unit


def view(n: int = 6) -> MapView:
    vectors = np.random.default_rng(0).normal(size=(n, 8)).astype(np.float32)
    items = EmbeddingSet(tuple(f"sentence {row}" for row in range(n)), vectors, "test")
    return view_map(items, fitted=items, projection=project(items, method="pca"))


def race(n: int = 4) -> RankRace:
    """Two rankers; the first finds nothing in the last two sentences."""
    scores = np.array([[0.5, 1.0] + [0.0] * (n - 2), np.linspace(0.1, 0.9, n)], dtype=np.float32)
    ranks = tuple(tuple(1 + int((row > score).sum()) for score in row) for row in scores)
    return RankRace(
        "query", tuple(f"sentence {row}" for row in range(n)), ("exact words", "model"), scores, ranks
    )


def test_a_query_flies_in_and_is_tied_to_its_nearest() -> None:
    shown = view()
    vector = shown.embeddings.vectors[2] + 0.01
    found = nearest(shown.embeddings, vector, k=3)
    scene = scenes.query_scene(shown, "query", vector, found)
    assert scene.points.items[-1] == "query" and scene.points.selected == 6
    close = [link.end for link in scene.links]
    assert close == list(found.rows)[: len(close)] and found.rows[0] == 2 and 1 <= len(close) <= 2
    np.testing.assert_allclose(scene.motion.frames[-1, -1], scene.motion.frames[-1, 2], atol=0.02)
    np.testing.assert_array_equal(scene.motion.frames[:, :-1], scenes.sentence_scene(shown).motion.frames)
    other = scenes.query_scene(shown, "another", vector, found, film=False)
    assert other.id != scene.id and len(other.motion.frames) == 1 and other.points.keys == scene.points.keys


def test_a_query_that_is_a_sentence_is_no_new_point() -> None:
    shown = view()
    found = nearest(shown.embeddings, 2, k=3)
    scene = scenes.query_scene(shown, "sentence 2", shown.embeddings.vectors[2], found)
    assert len(scene.points.items) == 6 and scene.points.selected == 2


def test_in_a_race_height_is_rank() -> None:
    """Sentence 1 leads with exact words (1.0 before 0.5); the model turns the order round: 3, 2, 1, 0."""
    scene = scenes.race_scene(race(), model="m")
    assert np.argsort(-scene.motion.frames[0, :4, 1]).tolist() == [1, 0, 2, 3]
    assert np.argsort(-scene.motion.frames[1, :4, 1]).tolist() == [3, 2, 1, 0]
    assert scene.motion.frames[0, 0, 0] < scene.motion.frames[1, 0, 0]
    assert scene.motion.frame_groups is not None
    assert (
        scene.motion.frame_groups[0, :4].tolist() == [0, 1, -1, -1] and scene.motion.frame_groups[1, 0] == 0
    )
    assert scene.motion.series[0][1] == (3.0, 1.0) and scene.points.selected == 3
    assert (
        scene.motion.frame_names == ("exact words: sentence 1", "model: sentence 3")
        and scene.motion.kind == "morph"
    )


def test_a_race_keeps_those_who_are_ever_ahead() -> None:
    assert scenes.race_rows(race(40), most=4) == (0, 1, 38, 39)
    assert len(scenes.race_scene(race(40), model="m").motion.trails) == scenes.RACERS


def test_a_ranker_that_finds_nothing_says_so() -> None:
    nothing = RankRace("q", ("a", "b"), ("exact words",), np.zeros((1, 2)), ((1, 1),))
    assert "no sentence has anything in common" in scenes.race_caption(nothing, 0)
    assert np.isfinite(scenes.race_scene(nothing, model="m").motion.frames).all()


def test_words_go_as_far_as_the_cosine_does() -> None:
    """Leaving out the second word costs 0.4, twice as much as the first; the third one's absence helps."""
    result = WhySimilar(
        ("a well-known c", "d"), 0.8, (("a", "well-known", "c"), ()), np.array([0.2, 0.4, -0.1]), np.zeros(0)
    )
    scene = scenes.why_scene(result, model="m")
    x = scene.motion.frames[1, :3, 0]
    assert x[1] == pytest.approx(2 * x[0]) and x[1] < 0 < x[2]
    assert (scene.motion.frames[0, :3, 0] == 0).all() and (np.diff(scene.motion.frames[0, :3, 1]) < 0).all()
    assert scene.points.items[:3] == ("a  −0.20", "well-known  −0.40", "c  +0.10")
    single = WhySimilar(("a", "b"), 0.1, ((), ()), np.zeros(0), np.zeros(0))
    assert len(scenes.why_scene(single, model="m").motion.trails) == 0


def test_a_growing_sentence_ends_where_the_whole_one_stands() -> None:
    shown = view()
    whole = shown.embeddings.vectors[4]
    vectors = np.stack([shown.embeddings.vectors[1], whole])
    growing = GrowingSentence(
        ("sentence", "sentence 4"),
        ("sentence", "4"),
        vectors,
        unit(vectors) @ unit(whole),
        np.array([0.0, 0.5]),
    )
    scene = scenes.growing_scene(shown, growing, model="m")
    np.testing.assert_allclose(scene.motion.frames[0, -1], shown.projection.final[1], atol=1e-4)
    np.testing.assert_allclose(scene.motion.frames[1, -1], shown.projection.final[4], atol=1e-4)
    assert scene.motion.frame_names == growing.beginnings and scene.motion.kind == "recorded"
    assert scene.motion.series[0][1][-1] == pytest.approx(1)


def test_word_order_shows_two_points_become_two_places() -> None:
    basis = np.eye(4, dtype=np.float32)
    mean = unit(basis[:2].sum(0))
    result = WordOrder(
        ("a b", "b a"), ("a", "b"), basis[:2], np.stack([mean, mean]), basis[2:], 1.0, 1.0, 0.0
    )
    scene = scenes.order_scene(result, model="m")
    np.testing.assert_allclose(scene.motion.frames[0, 2], scene.motion.frames[0, 3], atol=1e-6)
    assert np.linalg.norm(scene.motion.frames[1, 2] - scene.motion.frames[1, 3]) == pytest.approx(
        np.sqrt(2), rel=1e-5
    )


def test_an_empty_stage_is_a_scene() -> None:
    assert empty_scene().points.items == ()
