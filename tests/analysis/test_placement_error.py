"""A guessed place against the true one, by plain arithmetic."""

import numpy as np
import pytest

from embeddings_core.analysis.questions import PlacementError, placement_error
from embeddings_core.errors import BadInputError

MAP = np.array([[0, 0], [10, 0], [0, 5], [4, 3]], np.float32)  # 10 wide, 5 high


def test_the_miss_is_a_share_of_the_larger_side_and_a_rank_among_the_others() -> None:
    told = placement_error(MAP, 3, (4, 1))
    assert told == PlacementError(0.2, 0, 3) and not told.right
    assert placement_error(MAP, 3, (4, 8.1)).nearer == 2  # 5.1 away; 5 and 4.47 are nearer
    near = placement_error(MAP, 3, (4.5, 3))
    assert near.share == pytest.approx(0.05) and near.right
    assert (
        near.sentence
        == "Right: your click is 5 % of the map away from its place; nothing else lies nearer to it."
    )


def test_it_is_said_in_words() -> None:
    assert placement_error(MAP, 3, (4, 3)).sentence.startswith("Right: your click is right on its place;")
    assert "1 of the 3 others lies nearer" in PlacementError(0.4, 1, 3).sentence
    assert PlacementError(0.4, 2, 3).sentence.startswith("Not quite: your click is 40 % of the map away")
    assert PlacementError(0.1, 0, 3).right and not PlacementError(0.101, 0, 3).right


def test_a_map_of_one_place_is_no_division_by_zero() -> None:
    assert placement_error(np.zeros((3, 2), np.float32), 0, (0, 0)).right


@pytest.mark.parametrize(
    ("positions", "row", "point"),
    [(np.zeros((3, 3)), 0, (0, 0)), (MAP, 4, (0, 0)), (MAP, 0, (0,)), (MAP, 0, (float("nan"), 0))],
)
def test_what_is_no_guess_is_refused(positions: np.ndarray, row: int, point: tuple[float, ...]) -> None:
    with pytest.raises(BadInputError):
        placement_error(positions, row, point)
