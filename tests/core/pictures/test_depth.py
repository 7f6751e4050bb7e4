"""Depth and groups of pictures: agreement of stages with a reference, the typical member of a group."""

import numpy as np
import pytest

from embeddings_core.cluster_names import typical_rows
from embeddings_core.errors import BadInputError
from embeddings_core.models.vision import Stages
from embeddings_core.pictures.depth import agreement, depth_film


def made(rows: int = 12) -> tuple[Stages, np.ndarray]:
    rng = np.random.default_rng(0)
    last = rng.normal(size=(rows, 20)).astype(np.float32)
    other = rng.normal(size=(rows, 6)).astype(np.float32)
    return Stages(("first", "last"), (other, last)), last


def test_agreement_is_the_share_of_common_nearest_by_brute_force() -> None:
    stages, last = made()
    found = agreement(stages, last, k=3)
    assert found[1] == 1.0

    def nearest(vectors: np.ndarray) -> list[set[int]]:
        units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        scores = units @ units.T
        np.fill_diagonal(scores, -2)
        return [set(row[:3]) for row in np.argsort(-scores, axis=1)]

    shared = [len(a & b) / 3 for a, b in zip(nearest(stages.vectors[0]), nearest(last), strict=True)]
    assert found[0] == pytest.approx(np.mean(shared))
    assert 0 < found[0] < 1


def test_the_film_has_one_recorded_frame_a_stage() -> None:
    stages, _ = made()
    film = depth_film(stages, dimensions=3)
    assert (
        film.frames.shape == (2, 12, 3) and film.kind == "recorded" and film.frame_names == ("first", "last")
    )
    with pytest.raises(BadInputError, match="2 or 3"):
        depth_film(stages, dimensions=4)


def test_the_typical_member_is_the_nearest_within_its_group() -> None:
    """Group 0 is rows 0 and 1; row 2 is nearer to its centre but belongs to group 1."""
    vectors = np.array([[1, 0.4], [1, -0.3], [1, 0.0], [0, 1]], dtype=np.float32)
    labels = np.array([0, 0, 1, 1])
    centres = np.array([[1, 0], [0, 1], [0, -1]], dtype=np.float32)
    assert typical_rows(vectors, labels, centres) == (1, 3, 1)
