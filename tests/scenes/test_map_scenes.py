"""Scenes of the words page: what is drawn is what was computed."""

from functools import lru_cache

import numpy as np
import pytest

from embeddings_core.analysis.algebra import analogy
from embeddings_core.analysis.clustering import density, kmeans, named
from embeddings_core.analysis.neighbours import nearest
from embeddings_core.maps.map_view import MapView, view_map
from embeddings_core.maps.projection import project
from embeddings_core.maps.timeline import tortuosity
from embeddings_core.maps.trust import trust
from embeddings_core.scenes import maps
from embeddings_core.scenes.links import close_links
from embeddings_core.scenes.payload import scene_payload
from embeddings_core.scenes.scene_json import read_scene, scene_record
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vocabulary import load_vocabulary

WORDS = (  # noqa: SIM905
    "king queen prince princess man woman boy girl cat dog horse lion car truck train boat bread cheese apple orange"
).split()


@lru_cache(maxsize=4)
def view(method: str = "umap") -> MapView:
    space = load_vocabulary()
    words = space.take([space.row(word) for word in WORDS])
    return view_map(words, fitted=words, projection=project(words, method=method))


@pytest.mark.parametrize("method", ["umap", "tsne"])
def test_the_film_ends_on_the_map_and_walks_straight(method: str) -> None:
    scene = maps.map_scene(view(method))
    np.testing.assert_array_equal(scene.motion.frames[-1], view(method).projection.final)
    assert scene.motion.kind == "recorded" and tortuosity(scene.motion.frames) <= 3


def test_the_first_frame_is_the_first_state_up_to_place_turn_and_size() -> None:
    """All pairwise distances of the shown first frame are those of the raw first state, times one number."""
    shown, raw = maps.map_scene(view()).motion.frames[0], view().projection.frames[0]

    def distances(points: np.ndarray) -> np.ndarray:
        return np.linalg.norm(points[:, None] - points[None], axis=2)[np.triu_indices(len(points), 1)]

    ratio = distances(shown) / distances(raw)
    assert ratio.std() / ratio.mean() < 1e-4


def test_no_frame_reaches_far_beyond_the_last_and_the_film_only_grows() -> None:
    frames = maps.map_scene(view()).motion.frames
    size = np.array([np.sqrt(((frame - frame.mean(0)) ** 2).sum(1).mean()) for frame in frames])
    assert (np.diff(size) > -1e-4).all() and size[0] > 0.3 * size[-1]
    reach = np.abs(frames - frames[-1].mean(axis=0)).max(axis=1)
    assert (reach <= 1.2 * reach[-1] + 1e-4).all()


def test_lines_reach_the_true_neighbours_in_rank_order() -> None:
    found = nearest(view().embeddings, "king", k=4)
    scene = maps.neighbour_scene(view(), found)
    assert scene.points.selected == WORDS.index("king")
    close = [link.end for link in sorted(scene.links, key=lambda link: link.rank)]
    assert close == found.rows.tolist()[: len(close)] and close
    assert {link.start for link in scene.links} == {scene.points.selected}


def test_lines_go_to_close_neighbours_only_and_are_thicker_where_closer() -> None:
    """Three that lie together, one a little further, and eight in all directions: two lines of eleven, not eight."""
    vectors = np.zeros((12, 10), np.float32)
    vectors[:4, 0] = 1
    vectors[1, 1], vectors[2, 1], vectors[3, 1] = 0.1, 0.3, 6
    vectors[4:, 2:] = np.eye(8)
    space = EmbeddingSet(tuple("abcdefghijkl"), vectors, model="test")
    found = nearest(space, 0, k=8)
    links = close_links(0, found.rows.tolist(), scores=found.scores, vectors=vectors, metric="cosine")
    assert [link.end for link in links] == [1, 2] and links[0].weight > links[1].weight > 0.5
    alike = np.ones((12, 10), np.float32) + np.eye(12, 10, dtype=np.float32) / 50
    many = nearest(EmbeddingSet(space.items, alike, model="test"), 0, k=8)
    drawn = close_links(0, many.rows.tolist(), scores=many.scores, vectors=alike, metric="cosine")
    assert len(drawn) <= 4
    crowd = (
        np.random.default_rng(1).normal(size=(60, 30)).astype(np.float32)
    )  # nobody has anything to do with anybody
    strangers = EmbeddingSet(tuple(f"w{row}" for row in range(60)), crowd, model="test")
    lines = []
    for own in range(60):
        near = nearest(strangers, own, k=8)
        lines.append(
            len(close_links(own, near.rows.tolist(), scores=near.scores, vectors=crowd, metric="cosine"))
        )
    assert 1 <= np.mean(lines) <= 3 and min(lines) >= 1
    scene = maps.neighbour_scene(view(), nearest(view().embeddings, "king", k=4))
    assert read_scene(scene_record(scene), {}).links == scene.links
    sent = scene_payload(scene)["scene"]["links"]
    assert [entry[3] for entry in sent] == [pytest.approx(link.weight, abs=1e-3) for link in scene.links]


def test_a_word_that_is_not_on_the_map_draws_no_line() -> None:
    found = nearest(load_vocabulary(), "queen", k=3)
    assert maps.neighbour_scene(view(), None).links == ()
    assert maps.neighbour_scene(view(), nearest(load_vocabulary(), "tokyo", k=3)).links == ()
    assert found.items


def test_trust_paints_shares_and_dashes_missing_neighbours() -> None:
    result = trust(view().embeddings, view().projection, k=5)
    row = int(np.argmin(result.preserved))
    scene = maps.trust_scene(view(), result, row)
    np.testing.assert_array_equal(scene.points.values, result.preserved)
    torn = {link.end for link in scene.links if link.style == "dashed"}
    assert torn == set(result.of(row).missing)
    assert len(scene.links) == 5


def test_clusters_play_the_real_steps() -> None:
    found = kmeans(view().embeddings, k=3, seed=0)
    scene = maps.cluster_scene(view(), found)
    assert len(scene.points.items) == len(WORDS) + 3
    np.testing.assert_array_equal(scene.motion.frame_groups[-1][: len(WORDS)], found.labels)
    np.testing.assert_array_equal(scene.motion.frames[0][: len(WORDS)], view().projection.final)
    for group in range(3):
        members = view().projection.final[found.labels == group]
        np.testing.assert_allclose(scene.motion.frames[-1][len(WORDS) + group], members.mean(0), atol=1e-5)
    assert scene.motion.kind == ("recorded" if len(found.steps) > 1 else "still")
    assert scene.id == maps.cluster_scene(view(), kmeans(view().embeddings, k=3, seed=0)).id
    assert scene.id != maps.cluster_scene(view(), kmeans(view().embeddings, k=4, seed=0)).id


def test_density_leaves_the_rest_grey() -> None:
    found = named(density(view().projection.final), view().embeddings)
    scene = maps.density_scene(view(), found)
    np.testing.assert_array_equal(scene.points.groups, found.labels)
    assert len(scene.points.group_names) == found.k


def test_the_analogy_takes_the_same_step_twice() -> None:
    """b − a and target − c are one vector, so they are one arrow in the plane too."""
    scene = maps.analogy_scene(analogy(load_vocabulary(), "man", "king", "woman", k=3))
    a, b, c, target = scene.motion.frames[2][:4]
    np.testing.assert_allclose(b - a, target - c, atol=1e-5)
    np.testing.assert_array_equal(scene.motion.frames[0][3], scene.motion.frames[0][2])
    np.testing.assert_array_equal(
        scene.motion.frames[-1], scene.motion.frames[2]
    )  # the end of the sum does not jump onto queen
    assert scene.motion.kind == "morph"


def test_home_names_every_group_before_any_twice() -> None:
    scene = maps.home_scene()
    first = np.argsort(-scene.points.priority, kind="stable")[: len(scene.points.group_names)]
    assert {int(scene.points.groups[row]) for row in first} >= set(range(len(scene.points.group_names)))
