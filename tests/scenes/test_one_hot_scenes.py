"""One-hot films and pictures: the numbers drawn are the numbers, typed words stay text."""

import numpy as np
import pytest

from embeddings_core.analysis.one_hot import one_hot_cost
from embeddings_core.analysis.truncation import everyday_space, everyday_truncation, truncation_film
from embeddings_core.maps.map_view import view_map
from embeddings_core.maps.projection import pca
from embeddings_core.models.one_hot import one_hot
from embeddings_core.scenes.charts.one_hot import (
    distance_histograms,
    grid_height,
    memory_bars,
    truncation_curve,
    two_triangles,
    vector_grids,
)
from embeddings_core.scenes.one_hot import (
    FALSE,
    MISSING,
    OWN,
    PRESERVED,
    groups_of,
    one_hot_scene,
    truncation_scene,
)
from embeddings_core.scenes.theme import LIGHT
from embeddings_core.spaces.embedding_set import EmbeddingSet


def view(n: int):
    words = everyday_space().take(range(300, 300 + n))
    return view_map(words, fitted=words, projection=pca(words))


@pytest.mark.parametrize("n", [1, 2, 3, 20])
def test_words_travel_from_the_ring(n: int) -> None:
    shown = view(n)
    scene = one_hot_scene(shown, word=shown.items[0])
    assert scene.motion.kind == "morph" and len(scene.motion.frames) == 2 and scene.points.selected == 0
    assert scene.id == one_hot_scene(shown).id and one_hot_scene(shown, word="nobody").points.selected is None


def test_groups_colour_what_is_known() -> None:
    numbers, names = groups_of(("cat", "x", "king"), {"cat": "pets", "king": "royalty"})
    assert numbers.tolist() == [0, -1, 1] and names == ("pets", "royalty")
    assert groups_of(("cat", "dog"), {"cat": "pets", "dog": "pets"}) == (None, ())
    assert groups_of((), {}) == (None, ())


def test_colours_of_a_truncation_say_what_became_of_the_neighbours() -> None:
    words = everyday_space().take(range(300, 320))
    truncation = truncation_film(words, everyday_space(), k=4)
    scene = truncation_scene(words.items, truncation, word=words.items[2])
    first, last = scene.motion.frame_groups[0], scene.motion.frame_groups[-1]
    assert first[2] == OWN and set(np.flatnonzero(first == PRESERVED)) == set(truncation.truth[2])
    assert not (first == MISSING).any() and not (first == FALSE).any()
    near, truth = set(truncation.nearest[-1, 2]), set(truncation.truth[2])
    assert (
        set(np.flatnonzero(last == MISSING)) == truth - near
        and set(np.flatnonzero(last == FALSE)) == near - truth
    )
    assert scene.motion.series[0][1] == tuple(float(share) for share in truncation.recall)
    assert (
        truncation_scene(words.items, truncation).motion.frame_groups is None
        and truncation_scene(words.items, truncation).id == scene.id
    )


def test_both_grids_hold_the_vectors_themselves() -> None:
    items = ("<b>cat</b>", "dog")
    dense = np.array([[0.1, -0.2, 0.3], [0.0, 0.5, 0.2]], dtype=np.float32)
    figure = vector_grids(items, one_hot(items), dense, theme=LIGHT)
    np.testing.assert_array_equal(figure.data[0].z, np.eye(2))
    np.testing.assert_array_equal(figure.data[1].z, dense)
    assert figure.layout.yaxis.ticktext == ("&lt;b&gt;cat&lt;/b&gt;", "dog")


def test_one_triangle_is_root_two_the_other_is_the_truth() -> None:
    distances = np.array([[0, 0.5, 0.7], [0.5, 0, 0.9], [0.7, 0.9, 0]])
    z = np.asarray(two_triangles(("a", "b", "c"), distances, theme=LIGHT).data[0].z)
    np.testing.assert_allclose(z[np.triu_indices(3, 1)], np.sqrt(2))
    np.testing.assert_allclose(z[np.tril_indices(3, -1)], [0.5, 0.7, 0.9])
    assert np.isnan(np.diag(z)).all()


def test_bars_and_curves_hold_what_was_computed() -> None:
    costs = [one_hot_cost(30), one_hot_cost(1_000_000)]
    dense, sparse = memory_bars(costs, theme=LIGHT).data
    assert tuple(sparse.x) == (3_600, 4 * 10**12) and tuple(dense.x) == (46_080, 1_536_000_000)
    assert sparse.text[1] == "4 terabytes"
    layout = memory_bars(
        costs, theme=LIGHT
    ).layout  # in a narrow panel all the width is the bars' and their numbers'
    assert not layout.yaxis.showticklabels and [each.text for each in layout.annotations] == list(sparse.y)
    axis = memory_bars(costs, theme=LIGHT).layout.xaxis
    assert axis.type == "log" and "logarithmic" in axis.title.text  # a bar of half the length is no half
    assert (
        "one-hot" in sparse.name and "one-hot" not in dense.name and sparse.marker.color != dense.marker.color
    )
    curve = truncation_curve({"<i>": ((384, 2), (1.0, 0.25))}, theme=LIGHT)
    assert tuple(curve.data[0].y) == (100, 25) and curve.data[0].name == "&lt;i&gt;"


def test_the_hill_narrows_with_more_dimensions() -> None:
    truncation = everyday_truncation()
    assert (
        truncation.recall[0] == 1 and (np.diff(truncation.spread) > 0).all()
    )  # from 384 down to 2 it widens
    figure = distance_histograms(truncation, theme=LIGHT)
    assert [trace.name for trace in figure.data] == ["2", "8", "32", "384"]
    assert figure.layout.legend.title.text.strip() == "dimensions"  # and the key says of what
    heights = [max(trace.y) for trace in figure.data]
    assert heights == sorted(heights)


def test_a_scene_of_hostile_words() -> None:
    words = EmbeddingSet(("<img src=x>", "", "\u202e"), np.eye(3, dtype=np.float32))
    shown = view_map(words, fitted=words, projection=pca(words))
    assert one_hot_scene(shown, word="<img src=x>").points.selected == 0


@pytest.mark.parametrize("n", [2, 20, 30, 60])
def test_names_of_rows_do_not_touch(n: int) -> None:
    items = tuple(f"word{i}" for i in range(n))
    vectors = np.random.default_rng(0).normal(size=(n, 8)).astype(np.float32)
    for figure in (
        vector_grids(items, one_hot(items), vectors, theme=LIGHT),
        two_triangles(items, np.ones((n, n), np.float32), theme=LIGHT),
    ):
        axis = figure.layout.yaxis
        pitch = (grid_height(n) - 80) / n  # pixels a row
        steps = np.diff(axis.tickvals)
        assert (steps == steps[0]).all() and steps[0] * pitch > 1.07 * axis.tickfont.size >= 14
        assert [items[row] for row in axis.tickvals] == list(axis.ticktext)
        assert steps[0] == (2 if n == 60 else 1) and 400 <= grid_height(n) <= 680
