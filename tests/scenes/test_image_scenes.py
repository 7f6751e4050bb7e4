"""Scenes of pictures: thumbnails are marks, keys are digests, names are labels."""

import numpy as np
import pytest

from embeddings_core.analysis.clustering import kmeans
from embeddings_core.analysis.comparison import compare
from embeddings_core.analysis.neighbours import nearest
from embeddings_core.maps.map_view import MapView
from embeddings_core.maps.morph import morph
from embeddings_core.maps.projection import project
from embeddings_core.pictures.files import ImageFile
from embeddings_core.scenes import images
from embeddings_core.scenes.metadata import MEANINGLESS
from embeddings_core.scenes.payload import scene_payload
from embeddings_core.spaces.embedding_set import EmbeddingSet

N = 9


@pytest.fixture(scope="module")
def files() -> tuple[ImageFile, ...]:
    return tuple(
        ImageFile(
            f"<b>{row}</b>.png", b"", f"digest{row}", (4, 3), f"data:image/webp;base64,{row}",
            count=1 + (row == 2), group=("cats", "dogs")[row % 2],
        )
        for row in range(N)
    )  # fmt: skip


@pytest.fixture(scope="module")
def view(files: tuple[ImageFile, ...]) -> MapView:
    vectors = np.random.default_rng(0).normal(size=(N, 5)).astype(np.float32)
    embeddings = EmbeddingSet(tuple(file.digest for file in files), vectors, "test")
    return MapView(embeddings, project(embeddings, method="pca"), True, "view")


def test_thumbnails_are_marks_and_digests_are_keys(view: MapView, files: tuple[ImageFile, ...]) -> None:
    scene = images.picture_scene(view, files)
    assert scene.pictures.images == tuple(file.thumbnail for file in files)
    assert scene.points.keys == view.items and scene.points.items[2] == "<b>2</b>.png (× 2)"
    assert (
        scene.points.group_names == ("cats", "dogs")
        and scene.points.groups is not None
        and scene.points.groups.tolist() == [0, 1] * 4 + [0]
    )
    assert scene_payload(scene)["scene"]["images"][0] == files[0].thumbnail


def test_lines_go_to_the_nearest_in_rank_order(view: MapView, files: tuple[ImageFile, ...]) -> None:
    found = nearest(view.embeddings, 3, k=4)
    scene = images.picture_neighbour_scene(view, files, found, 3)
    close = [link.end for link in sorted(scene.links, key=lambda link: link.rank)]
    assert close == found.rows.tolist()[: len(close)] and 1 <= len(close) <= 3
    assert scene.points.selected == 3 and scene.points.highlighted == tuple(close)


def test_centres_of_groups_are_points_among_pictures(view: MapView, files: tuple[ImageFile, ...]) -> None:
    found = kmeans(view.embeddings, k=2)
    scene = images.picture_cluster_scene(view, files, found)
    assert (
        scene.pictures.images is not None
        and scene.pictures.images[N:] == ("", "")
        and all(scene.pictures.images[:N])
    )
    assert scene.motion.kind == "recorded" and scene.motion.frames.shape[:2] == (len(found.steps), N + 2)
    assert (
        scene.points.groups is not None and scene.points.groups[:N].tolist() == found.labels.tolist()
    )  # not the folders


def test_two_models_morph_and_leave_trails_of_the_movers(view: MapView, files: tuple[ImageFile, ...]) -> None:
    other = EmbeddingSet(view.items, np.random.default_rng(1).normal(size=(N, 7)).astype(np.float32))
    comparison = compare(other, view.embeddings, k=3)
    film = morph(project(other, method="pca"), view.projection)
    scene = images.two_models_scene(film, files, comparison, id="eyes", titles=("A", "B"), row=None)
    assert scene.motion.kind == "morph" and scene.motion.frame_names == ("as A sees them", "as B sees them")
    assert scene.motion.trails == tuple(change.row for change in comparison.biggest_changes(5))


def test_only_the_probed_picture_travels(view: MapView, files: tuple[ImageFile, ...]) -> None:
    states = np.array([view.projection.final[4], [9, 9], [8, 7]], dtype=np.float32)
    scene = images.probe_scene(
        view,
        files,
        4,
        states=states,
        names=("0°", "30°", "60°"),
        similarity=(1.0, 0.5, 0.4),
        nearest=(1, 1, 2),
    )
    assert scene.motion.kind == "recorded" and scene.motion.series[0][1] == (1.0, 0.5, 0.4)
    assert (scene.motion.frames[:, 4] == states).all()
    assert (np.delete(scene.motion.frames, 4, axis=1) == np.delete(view.projection.final, 4, axis=0)).all()
    assert scene.points.highlighted == (1, 2) and scene.pictures.frame_images == ()


def test_the_travelling_picture_is_seen_as_it_is_changed(view: MapView, files: tuple[ImageFile, ...]) -> None:
    states, changed = np.zeros((3, 2), np.float32), tuple(f"data:image/webp;base64,new{k}" for k in range(3))
    scene = images.probe_scene(
        view, files, 4, states=states, names=("0°", "30°", "60°"), similarity=(1, 1, 1), nearest=(), thumbnails=changed
    )  # fmt: skip
    assert scene.pictures.frame_images == ((4, changed),)
    for step in range(3):
        shown = scene.pictures.at(step)
        assert shown is not None and shown[4] == changed[step] and shown[:4] == scene.pictures.images[:4]


def test_another_film_has_another_id(view: MapView, files: tuple[ImageFile, ...]) -> None:
    states = np.repeat(view.projection.final[:1], 2, axis=0)
    ids = {
        images.probe_scene(view, files, row, states=states, names=names, similarity=(1, 1), nearest=(1, 1)).id
        for row in (0, 2)
        for names in (("a", "b"), ("a", "c"))
    }
    assert len(ids) == 4


def test_the_film_of_depth_keeps_every_picture_bright(view: MapView, files: tuple[ImageFile, ...]) -> None:
    film = morph(view.projection, view.projection)
    scene = images.depth_scene(
        film, files, id="depth", row=1, trust=(0.75, 0.5), series=(("shared", (0.5, 0.25)),)
    )
    assert scene.points.selected is None and not scene.points.highlighted and scene.motion.trails == (1,)
    told = dict(scene.metadata)
    assert told["Trust"].startswith("0.50 after the last stage, 0.50 to 0.75 over the film")
    assert told["Picture"] == "PCA, in 2-D: one map a stage of the network" and told["Axes"] == MEANINGLESS
