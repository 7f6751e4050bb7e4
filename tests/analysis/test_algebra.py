"""Arithmetic with meanings: worked by hand in a small plane, true to the geometry in the large space."""

import numpy as np
import pytest

from embeddings_core.analysis.algebra import analogy, analogy_film, axis, plane
from embeddings_core.errors import BadInputError
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vocabulary import load_vocabulary


def compass() -> EmbeddingSet:
    """Four words on the axes of a four-dimensional space and two in between; every length is 1."""
    half = 0.5**0.5
    vectors = [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, half, half, 0],
        [0, 0, 0, 1],
        [-half, half, 0, 0],
    ]
    return EmbeddingSet(("man", "king", "woman", "queen", "car", "anti"), np.array(vectors))


def test_a_worked_analogy() -> None:
    """king − man + woman = (−1, 1, 1, 0), length √3.

    queen (0, √½, √½, 0): cosine 2·√½ / √3 = 0.8165, and so anti (−√½, √½, 0, 0): 2·√½ / √3 = 0.8165; the first
    of the set wins the tie. queen lies √((−1)² + 2·(1 − √½)²) = 1.0824 from the target; man is √2 from king.
    """
    result = analogy(compass(), "man", "king", "woman", k=3)
    assert result.name == "king - man + woman" == result.answers.query
    assert result.answers.items[:2] == ("queen", "anti") and result.answer == "queen"
    assert result.target.tolist() == [-1, 1, 1, 0]
    np.testing.assert_allclose(result.answers.scores[:2], 0.81649658, rtol=1e-5)
    assert result.gap == pytest.approx(0.0, abs=1e-6)
    assert result.miss == pytest.approx((1 + 2 * (1 - 0.5**0.5) ** 2) ** 0.5, rel=1e-5)
    assert result.step == pytest.approx(2**0.5, rel=1e-5)
    assert not result.only_by_exclusion


def test_the_audit_tells_when_an_input_is_nearest() -> None:
    result = analogy(load_vocabulary(), "man", "king", "woman")
    assert result.answer == "queen" and result.raw.items[0] == "king" and result.only_by_exclusion
    assert not {"man", "king", "woman"} & set(result.answers.items)
    assert result.gap == pytest.approx(float(result.answers.scores[0] - result.answers.scores[1]))


def test_inputs_may_be_words_that_the_space_lacks() -> None:
    space = compass()
    mine = EmbeddingSet(("chap", "King"), space.vectors[[0, 1]], space.model)
    result = analogy(space, "chap", "King", "woman", words=mine)
    assert result.name == "King - chap + woman" and result.answer == "queen"
    assert (
        "man" in result.answers.items and "king" not in result.answers.items
    )  # the same word in the space is an input too
    with pytest.raises(BadInputError, match="nobody"):
        analogy(space, "nobody", "king", "woman", words=mine)


def test_vectors_and_rows_are_inputs_too() -> None:
    space = compass()
    result = analogy(space, 0, space.vectors[1], 2)
    assert result.name == "b - man + woman" and result.answers.items[0] == "queen"


def test_a_set_of_three_has_no_answer() -> None:
    result = analogy(compass().take([0, 1, 2]), "man", "king", "woman")
    assert result.answer == "" and result.gap == 0.0 and len(result.raw.items) == 3
    items, film = analogy_film(result)
    assert items == ("man", "king", "woman", "king - man + woman") and film.frames.shape == (4, 4, 2)


def test_the_plane_keeps_every_distance_between_its_points() -> None:
    result = analogy(load_vocabulary(), "man", "king", "woman")
    flat = plane(result, answers=3)
    assert flat.items == ("man", "king", "woman", "king - man + woman", *result.answers.items[:3])
    true = np.vstack([result.given, result.target])
    for i in range(4):
        for j in range(4):
            drawn = np.linalg.norm(flat.points[i] - flat.points[j])
            assert drawn == pytest.approx(float(np.linalg.norm(true[i] - true[j])), abs=1e-5)
    assert flat.points[0].tolist() == [0, 0] and flat.points[1, 1] == pytest.approx(0, abs=1e-6)
    assert flat.residuals[:4].tolist() == [0, 0, 0, 0]
    for place, vector in enumerate(result.found[:3], start=4):  # Pythagoras: in the plane, and above it
        in_plane = np.linalg.norm(flat.points[place] - flat.points[3])
        distance = np.hypot(in_plane, flat.residuals[place])
        assert distance == pytest.approx(float(np.linalg.norm(vector - result.target)), abs=1e-4)


@pytest.mark.parametrize(
    ("a", "b", "c"), [("man", "man", "king"), ("man", "king", "man"), ("man", "man", "man")]
)
def test_equal_inputs_are_drawn_as_a_line_or_a_point(a: str, b: str, c: str) -> None:
    result = analogy(compass(), a, b, c)
    flat = plane(result)
    assert np.isfinite(flat.points).all() and np.isfinite(flat.residuals).all()
    assert np.allclose(flat.points[3], flat.points[1] + flat.points[2], atol=1e-6)


def test_the_film_moves_one_point_through_the_arithmetic() -> None:
    result = analogy(load_vocabulary(), "france", "paris", "japan")
    items, film = analogy_film(result, answers=2)
    flat = plane(result, answers=2)
    assert film.kind == "morph" and len(items) == 6 and film.frame_names[-1] == "the nearest word: tokyo"
    still = np.delete(film.frames, 3, axis=1)
    assert np.array_equal(still, np.repeat(still[:1], 4, axis=0))
    np.testing.assert_array_equal(film.frames[:, 3], flat.points[[2, 2, 3, 4]])


def test_an_axis_by_hand() -> None:
    """From man (1,0,0,0) to king (0,1,0,0): direction (−1, 1, 0, 0)/√2; man stands at −1, king at +1, car at 0."""
    space = compass()
    line = axis(space, "man", "king")
    np.testing.assert_allclose(line.direction, [-(0.5**0.5), 0.5**0.5, 0, 0], atol=1e-6)
    np.testing.assert_allclose(line.place(space.vectors), [-1, 1, 0, 0.5**0.5, 0, 2**0.5], atol=1e-5)
    assert line.name == "man to king"


def test_an_axis_of_several_words_uses_their_mean() -> None:
    space = load_vocabulary()
    line = axis(space, ["small", "tiny", "little"], ["big", "huge", "large"])
    low, high = line.place([space.vectors[space.row(word)] for word in ("miniature", "enormous")])
    assert low < 0 < high and line.low == "small + tiny + little"


@pytest.mark.parametrize(("low", "high"), [("man", "man"), ([], "king"), ("nobody", "king")])
def test_an_impossible_axis_is_told(low: str | list[str], high: str) -> None:
    with pytest.raises(BadInputError):
        axis(compass(), low, high)
