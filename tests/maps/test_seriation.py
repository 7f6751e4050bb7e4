"""Similar items stand together in the order of a heat map."""

import numpy as np
import pytest

from embeddings_core.maps.seriation import block_order


def test_two_hidden_groups_become_two_blocks() -> None:
    """Items 0, 2, 4 are alike (0.9), so are 1, 3, 5; across groups 0.1: each block stays together."""
    group = np.array([0, 1, 0, 1, 0, 1])
    scores = np.where(group[:, None] == group[None, :], 0.9, 0.1).astype(np.float32)
    np.fill_diagonal(scores, 1.0)
    order = block_order(scores)
    assert sorted(order.tolist()) == list(range(6))
    assert group[order].tolist() in ([0, 0, 0, 1, 1, 1], [1, 1, 1, 0, 0, 0])


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_few_and_equal_items(n: int) -> None:
    assert sorted(block_order(np.ones((n, n), dtype=np.float32)).tolist()) == list(range(n))
