"""An order of items in which similar ones stand next to each other: what makes blocks visible in a heat map."""

import numpy as np

from embeddings_core.errors import requires
from embeddings_core.spaces.vectors import FloatArray, IntArray


def block_order(scores: FloatArray) -> IntArray:
    """Order n items so that neighbours in the list are alike, by their scores (n, n), larger is nearer.

    The leaves of an average-linkage tree, turned so that adjacent ones are as near as they can be (Bar-Joseph,
    Gifford & Jaakkola 2001). Returns (n,) rows; up to two items keep their order.

    >>> block_order(np.array([[1, 0, 0.9, 0], [0, 1, 0, 0.9], [0.9, 0, 1, 0], [0, 0.9, 0, 1]], dtype=np.float32)).tolist()
    [0, 2, 1, 3]
    """
    n = len(scores)
    if n < 3:
        return np.arange(n, dtype=np.int64)
    requires("scipy")
    from scipy.cluster.hierarchy import leaves_list, linkage

    rows, columns = np.triu_indices(n, 1)
    apart = (float(scores.max()) - scores[rows, columns]).astype(np.float64)
    leaves = leaves_list(linkage(apart, method="average", optimal_ordering=True))
    return np.asarray(leaves if leaves[0] < leaves[-1] else leaves[::-1], dtype=np.int64)
