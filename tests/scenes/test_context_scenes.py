"""Scenes of a word in its sentences: numbers on screen are the numbers."""

import numpy as np
import pytest

from embeddings_core.analysis.layer_trajectory import layer_film, layer_trajectory
from embeddings_core.analysis.sentence_examples import CONTEXT_LISTS
from embeddings_core.analysis.tokens import token_matrix
from embeddings_core.scenes.charts.basic import one_point
from embeddings_core.scenes.context import layer_trajectory_scene, snippet, togetherness, tokens_scene
from embeddings_core.scenes.metadata import MEANINGLESS
from embeddings_core.scenes.theme import LIGHT
from embeddings_core.spaces.vectors import unit


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("bank", "bank", "bank"),
        ("The bank.", "bank", "The bank."),
        ("I sat by the river bank and watched the boats.", "bank", "… by the river bank and watched …"),
        ("x" * 90 + " bank " + "y" * 90, "bank", "… bank …"),
    ],
)
def test_a_snippet_keeps_the_word_in_its_middle(text: str, word: str, expected: str) -> None:
    start = text.index(word)
    assert snippet(text, (start, start + len(word))) == expected


def test_the_film_carries_every_occurrence() -> None:
    sentences = (*CONTEXT_LISTS["bank"].items, "From bank to bank.")
    trajectory = layer_trajectory(sentences, "bank", "minilm")
    scene = layer_trajectory_scene(trajectory)
    assert len(scene.points.items) == 10 and len(set(scene.points.keys or ())) == 10
    np.testing.assert_array_equal(scene.motion.frames, trajectory.film.frames)
    assert scene.motion.kind == "recorded" and len(scene.motion.frame_names) == 7
    assert scene.motion.frame_names[trajectory.curve.parting or 0].endswith("the meanings part")
    np.testing.assert_allclose(
        scene.motion.series[0][1], trajectory.curve.within - trajectory.curve.between, atol=1e-6
    )
    assert scene.points.group_names == ("river", "money")
    assert dict(scene.metadata)["Picture"].startswith("one map (PCA) a layer, in 2-D")


def test_the_card_of_a_film_by_umap_says_umap() -> None:
    items = (
        *CONTEXT_LISTS["bank"].items,
        *(f"The bank {verb} us." for verb in ("paid", "told", "sued", "saw", "met", "owes", "fits")),
    )
    told = dict(layer_trajectory_scene(layer_trajectory(items, "bank", "minilm")).metadata)
    assert told["Picture"].startswith("one map (UMAP) a layer") and told["Seed"] == "0"
    assert told["Axes"] == MEANINGLESS


def test_one_sentence_alone_has_a_scene() -> None:
    scene = layer_trajectory_scene(layer_trajectory(("My bank.",), "bank", "minilm"))
    assert scene.motion.series == () and np.isfinite(scene.motion.frames).all()


def test_all_tokens_of_a_sentence() -> None:
    matrix = token_matrix("Cats sleep.")
    scene = tokens_scene(matrix, layer_film(matrix))
    assert scene.points.items == ("[CLS]", "cats", "sleep", ".", "[SEP]")
    units = unit(matrix.vectors[3])
    cosines = (units @ units.T)[np.triu_indices(5, 1)]
    assert scene.motion.series[0][1][3] == pytest.approx(float(cosines.mean()), abs=1e-5)
    assert togetherness(np.ones((2, 1, 4), dtype=np.float32)).tolist() == [1, 1]


def test_the_static_vector_is_one_point_whatever_is_typed() -> None:
    figure = one_point("<img src=x>", 1, theme=LIGHT)
    assert len(figure.data[0].x) == 1 and figure.data[0].text[0] == "&lt;img src=x&gt; in 1 sentence"
