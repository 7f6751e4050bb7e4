"""Images against texts: worked examples of every number, and the film that closes the gap."""

import numpy as np
import pytest
from PIL import Image

from embeddings_core.errors import BadInputError
from embeddings_core.pictures.modality_gap import gap_film, modality_gap, without_means
from embeddings_core.pictures.retrieval import retrieve
from embeddings_core.pictures.zero_shot import prompts, shares, zero_shot


class TwoColours:
    """A joint space of two axes, red and blue, that needs no weights: passed in, not patched."""

    temperature = 0.5
    dimensions = 2

    def images(self, items: list[Image.Image]) -> np.ndarray:
        colours = np.array(
            [np.asarray(item).reshape(-1, 3).mean(0)[[0, 2]] for item in items], dtype=np.float32
        )
        return colours / np.linalg.norm(colours, axis=1, keepdims=True)

    def texts(self, items: list[str]) -> np.ndarray:
        return np.array([[1.0, 0.0] if "red" in item else [0.0, 1.0] for item in items], dtype=np.float32)


RED, BLUE = Image.new("RGB", (4, 4), (255, 0, 0)), Image.new("RGB", (4, 4), (0, 0, 255))


def test_zero_shot_by_hand() -> None:
    """Cosines (1, 0) and (0, 1) at temperature 0.5: e² / (e² + 1) = 0.881."""
    result = zero_shot(TwoColours(), [RED, BLUE], ["red", "blue "])
    assert result.prompts == ("a photo of a red", "a photo of a blue")
    assert result.labels == ("red", "blue")
    np.testing.assert_allclose(result.scores, np.eye(2), atol=1e-6)
    np.testing.assert_allclose(result.shares, [[0.8808, 0.1192], [0.1192, 0.8808]], atol=1e-4)
    surer = zero_shot(TwoColours(), [RED], ["red", "blue"], template="{}", temperature=0.01)
    assert surer.shares[0, 0] == pytest.approx(1.0)
    assert surer.prompts == ("red", "blue")
    assert zero_shot(TwoColours(), [RED], ["red"]).shares.tolist() == [[1.0]]


def test_bad_templates_labels_and_temperatures() -> None:
    for template in ("no place", "{} and {}", ""):
        with pytest.raises(BadInputError, match="template"):
            prompts(["cat"], template=template)
    for labels in ([], ["cat", " "]):
        with pytest.raises(BadInputError, match="label"):
            prompts(labels)
    assert prompts(["{0.__class__}"]) == ("a photo of a {0.__class__}",)  # typed braces stay typed braces
    for temperature in (0.0, -1.0, float("nan")):
        with pytest.raises(BadInputError, match="temperature"):
            shares(np.eye(2, dtype=np.float32), temperature=temperature)
    assert np.isfinite(shares(np.array([[1.0, -1.0]], dtype=np.float32), temperature=1e-6)).all()


def test_retrieval_ranks_both_ways() -> None:
    images = np.array([[1, 0], [1, 1], [0, 1]], dtype=np.float32)
    texts = np.array([[2, 0.2], [0, 3]], dtype=np.float32)
    found = retrieve(images, texts)
    assert found.scores.shape == (3, 2)
    assert found.texts_of.tolist() == [[0, 1], [0, 1], [1, 0]]
    assert found.images_of.tolist() == [[0, 1, 2], [2, 1, 0]]


def test_the_gap_by_hand_and_its_removal() -> None:
    """Two clouds of unit vectors whose centres are (0.8, 0.6) and (0.8, −0.6): 1.2 apart."""
    images = np.array([[0.8, 0.6, 0.0], [0.8, 0.6, 0.0]], dtype=np.float32)
    texts = np.array([[0.8, -0.6, 0.0]], dtype=np.float32)
    gap = modality_gap(images * 3, texts, steps=5)
    assert gap.distance == pytest.approx(1.2)
    np.testing.assert_allclose(gap.distances, [1.2, 0.9, 0.6, 0.3, 0.0], atol=1e-6)
    assert gap.vectors.shape == (5, 3, 3)
    assert gap.images == 2
    with pytest.raises(BadInputError, match="at least 1"):
        modality_gap(images, texts[:0])


@pytest.mark.parametrize("dimensions", [2, 3])
def test_the_film_of_the_gap_is_a_true_picture(dimensions: int) -> None:
    """Seen from the side: the centres' distance on screen is the true one in every frame."""
    rng = np.random.default_rng(0)
    images = rng.normal(0, 0.2, (30, 64)).astype(np.float32) + np.eye(64, dtype=np.float32)[0]
    texts = rng.normal(0, 0.2, (20, 64)).astype(np.float32) + np.eye(64, dtype=np.float32)[1]
    gap = modality_gap(images, texts)
    film = gap_film(gap, dimensions=dimensions)
    assert film.frames.shape == (21, 50, dimensions)
    assert film.kind == "morph"
    centres = film.frames[:, :30].mean(1) - film.frames[:, 30:].mean(1)
    np.testing.assert_allclose(np.linalg.norm(centres, axis=1), gap.distances, atol=1e-4)
    assert gap.distances[0] > 0.7
    assert gap.distances[-1] < 1e-5
    assert "centres 0.00 apart" in film.frame_names[-1]
    left, right = without_means(images, texts)
    np.testing.assert_allclose(np.concatenate([left, right]), gap.vectors[-1], atol=1e-6)


def test_the_film_of_one_picture_and_one_text() -> None:
    one = np.array([[1.0, 0.0]], dtype=np.float32)
    film = gap_film(modality_gap(one, one), dimensions=3)
    assert np.isfinite(film.frames).all()
    assert film.frames.shape == (21, 2, 3)
    with pytest.raises(BadInputError, match="2 or 3"):
        gap_film(modality_gap(one, one), dimensions=4)
