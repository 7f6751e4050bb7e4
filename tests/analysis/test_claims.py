"""Sentences that a lens proves on screen: each agrees with its numbers and with the film's last state, or denies its claim."""

from dataclasses import replace

import numpy as np
import pytest

from embeddings_core.analysis.layer_trajectory import layer_trajectory
from embeddings_core.analysis.sentence_examples import CONTEXT_LISTS
from embeddings_core.models.vision import Stages
from embeddings_core.pictures.depth import Depth
from embeddings_core.scenes.context import layer_trajectory_scene

SPRINGS = (
    "The spring broke inside the old clock.",
    "A steel spring pushes the door shut.",
    "Flowers open in spring.",
    "In spring the birds come back.",
)


@pytest.mark.parametrize(
    ("colours", "claim"),
    [
        ((0.65, 0.65), "does not give way"),
        ((0.65, 0.60), "does not give way"),
        ((0.65, 0.40), "Colour gives way to content."),
        ((0.40, 0.65), "counts for more at the end"),
    ],
)
def test_colour_gives_way_only_where_it_does(colours: tuple[float, float], claim: str) -> None:
    stages = Stages(("first", "last"), (np.zeros((3, 2), np.float32),) * 2)
    told = Depth(stages, colours, (0.3, 1.0)).sentence
    assert claim in told and f"{colours[0]:.0%}" in told and f"at the end {colours[1]:.0%}" in told
    assert ("gives way" in told) == (colours[0] - colours[1] >= 0.1)


def test_groups_that_the_model_made_prove_nothing() -> None:
    found = layer_trajectory(SPRINGS, "spring", "minilm")
    if found.given:  # a bundled list knows some of them
        pytest.skip("these sentences are in a bundled list")
    assert "proves nothing" in found.sentence and "part at" not in found.sentence and found.on_the_map == ""
    assert "proves nothing" in layer_trajectory_scene(found).alt


def test_the_visitor_says_which_sentence_has_which_meaning() -> None:
    told = ("meaning A", "meaning A", "meaning B", "")
    found = layer_trajectory(SPRINGS, "spring", "minilm", told=told)
    assert found.given and found.joined == (3,) and found.curve.senses[:3] == told[:3]
    assert "proves nothing" not in found.sentence
    crossed = layer_trajectory(SPRINGS, "spring", "minilm", told=("meaning A", "meaning B") * 2)
    assert crossed.curve.parting is None or crossed.curve.within[-1] - crossed.curve.between[-1] < 0.1
    _, true, of = crossed.own_kind_nearest()
    assert of == 4 and (2 * true > of or "does not keep these meanings apart" in crossed.on_the_map)


@pytest.mark.parametrize("word", ["bank", "crane"])
def test_what_is_said_of_the_last_map_is_counted_on_the_last_map(word: str) -> None:
    found = layer_trajectory(CONTEXT_LISTS[word].items, word, "minilm")
    senses, points = found.curve.senses, found.film.final
    near = [
        min((other for other in range(len(senses)) if other != row), key=lambda o: float(np.linalg.norm(points[o] - points[row])))
        for row in range(len(senses))
    ]  # fmt: skip
    right = sum(senses[row] == senses[other] for row, other in enumerate(near))
    shown, _, of = found.own_kind_nearest()
    assert (shown, of) == (right, len(senses)) and f"on the last map {shown}" in found.on_the_map
    mixed = replace(
        found.film, frames=found.film.frames[:, np.random.default_rng(0).permutation(len(senses))]
    )
    torn = replace(found, film=mixed)
    assert torn.own_kind_nearest()[0] < shown and "hides what the numbers know" in torn.on_the_map
