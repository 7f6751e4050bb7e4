"""One-hot vectors as a model: each different item is an axis of its own."""

from collections.abc import Sequence

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.limits import DIMENSIONS
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.spaces.vectors import FloatArray


def one_hot(items: Sequence[str], /) -> FloatArray:
    """Give each different item its own axis, in order of appearance: (n, different items), a single 1 in each
    row.

    >>> one_hot(["cat", "dog", "cat"]).tolist()
    [[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
    """
    axes = {item: axis for axis, item in enumerate(dict.fromkeys(items))}
    if len(axes) > DIMENSIONS:
        raise BadInputError(
            f"{len(axes):,} different items need as many axes; the limit is {DIMENSIONS:,}. Take fewer."
        )
    vectors = np.zeros((len(items), len(axes)), dtype=np.float32)
    vectors[np.arange(len(items)), [axes[item] for item in items]] = 1.0
    return vectors


def load_one_hot(spec: ModelSpec) -> Encoder:
    """Return the encoder; there is nothing to load."""
    return one_hot
