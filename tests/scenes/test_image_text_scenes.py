"""Scenes and charts of pictures and texts: thumbnails and points, links, the gap's film, the matrix's marks."""

import numpy as np
import pytest

from embeddings_core.maps.map_view import MapView, view_map
from embeddings_core.maps.projection import project
from embeddings_core.pictures.files import ImageFile
from embeddings_core.pictures.modality_gap import modality_gap, pair_scores, without_means
from embeddings_core.scenes.charts.image_text import pair_boxes, retrieval_matrix
from embeddings_core.scenes.image_text import found_scene, gap_scene, image_text_scene
from embeddings_core.scenes.maps import empty_scene
from embeddings_core.scenes.payload import payload_json, scene_payload
from embeddings_core.scenes.theme import DARK, LIGHT
from embeddings_core.spaces.embedding_set import EmbeddingSet

RNG = np.random.default_rng(3)
DOT = "data:image/webp;base64,UklGRhYAAABXRUJQVlA4TAoAAAAvAAAAAAfQ//73v/+BiOh/AAA="


def files(n: int) -> list[ImageFile]:
    return [ImageFile(f"picture {i}", b"", f"{i:032x}", (8, 8), DOT) for i in range(n)]


def view(n: int, m: int, method: str = "pca") -> MapView:
    items = (*(f"\x1f{i:032x}" for i in range(n)), *(f"text {i}" for i in range(m)))
    both = EmbeddingSet(items, RNG.normal(size=(n + m, 12)))
    return view_map(both, fitted=both, projection=project(both, method=method, dimensions=2))


@pytest.mark.parametrize(("n", "m"), [(3, 4), (1, 0), (0, 1), (1, 1)])
def test_pictures_are_thumbnails_and_texts_are_points(n: int, m: int) -> None:
    shown = view(n, m)
    scene = image_text_scene(shown, files(n))
    assert scene.pictures.images == (DOT,) * n + ("",) * m
    assert scene.points.items == (*(f"picture {i}" for i in range(n)), *(f"text {i}" for i in range(m)))
    assert scene.points.keys == shown.items
    assert scene.points.groups is not None and scene.points.groups.tolist() == [1] * n + [0] * m
    assert scene.id == shown.id
    assert payload_json(scene_payload(scene))


def test_labels_stand_for_their_prompts_but_travel_under_them() -> None:
    scene = image_text_scene(view(2, 2), files(2), texts=("cat", "dog"), kinds=("labels", "pictures"))
    assert (
        scene.points.items[2:] == ("cat", "dog")
        and scene.points.keys is not None
        and scene.points.keys[2:] == ("text 0", "text 1")
    )


def test_no_frame_reaches_beyond_the_map_and_shapes_stay() -> None:
    shown = view(6, 6, method="umap")
    scene = image_text_scene(shown, files(6))
    centred = scene.motion.frames - scene.motion.frames.mean(axis=1, keepdims=True)
    reach = np.abs(centred).max(axis=(1, 2))
    assert len(reach) > 1 and (reach <= reach[-1] * 1.001).all()
    for frame, before in zip(centred, shown.projection.frames, strict=True):  # only moved, turned or scaled
        a, b = (np.linalg.norm(x[:, None] - x[None], axis=2) for x in (frame, before))
        assert np.allclose(a / a.max(), b / b.max(), atol=1e-3)


def test_links_follow_the_ranking() -> None:
    scene = found_scene(image_text_scene(view(3, 4), files(3)), 5, [2, 0])
    assert [(link.start, link.end, link.rank) for link in scene.links] == [(5, 2, 0), (5, 0, 1)]
    assert scene.points.selected == 5 and scene.points.highlighted == (2, 0)


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize(("n", "m"), [(4, 5), (1, 1), (1, 3)])
def test_the_gap_closes_on_the_stage(dimensions: int, n: int, m: int) -> None:
    shown = view(n, m)
    vectors = shown.embeddings.vectors
    gap = modality_gap(vectors[:n], vectors[n:], steps=5)
    scene = gap_scene(gap, shown, files(n), dimensions=dimensions)
    assert scene.motion.frames.shape == (5, n + m + 2, dimensions)
    apart = np.linalg.norm(scene.motion.frames[:, -2] - scene.motion.frames[:, -1], axis=1)
    assert np.allclose(apart, gap.distances, atol=1e-4)  # what is drawn is what is measured
    assert np.allclose(scene.motion.series[0][1], gap.distances, atol=1e-3)
    assert scene.motion.kind == "morph" and scene.motion.frame_names[0] == "as the model has them"
    assert scene.motion.frame_names[2] == "50% of the means off"
    assert payload_json(scene_payload(scene))


def test_nothing_is_a_scene_too() -> None:
    assert len(scene_payload(empty_scene())["frames"]) == 0


def test_the_matrix_marks_the_best_of_rows_and_columns() -> None:
    scores = RNG.uniform(-0.1, 0.9, size=(5, 4)).astype(np.float32)
    texts = ("<b>bold</b>", "$x$", "a & b", "x" * 200)
    figure = retrieval_matrix(scores, [f.name for f in files(5)], [DOT] * 5, texts, theme=LIGHT)
    heat, *marks = figure.data
    assert np.array_equal(np.asarray(heat.z), scores)
    rings = [mark for mark in marks if mark.marker.symbol == "circle-open"]
    squares = [mark for mark in marks if mark.marker.symbol == "square-open"]
    assert {tuple(ring.x) for ring in rings} == {tuple(scores.argmax(1))}
    assert {tuple(square.y) for square in squares} == {tuple(scores.argmax(0))}
    assert len(figure.layout.images) == 5 and all(image.source == DOT for image in figure.layout.images)
    assert "<" not in "".join(figure.layout.xaxis.ticktext) and "$" not in "".join(
        figure.layout.xaxis.ticktext
    )
    assert retrieval_matrix(scores[:1, :1], ["a"], [DOT], ["b"], theme=DARK).data[0].z.shape == (1, 1)


def test_boxes_hold_every_pair() -> None:
    images, texts = RNG.normal(size=(4, 8)), RNG.normal(size=(5, 8))
    figure = pair_boxes(pair_scores(images, texts), pair_scores(*without_means(images, texts)), theme=LIGHT)
    assert [len(box.x) for box in figure.data] == [6 + 10 + 20] * 2
