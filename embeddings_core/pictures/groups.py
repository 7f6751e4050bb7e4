"""Groups of pictures, each called by its most typical picture."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from embeddings_core.analysis.clustering import Clustering, typical_rows
from embeddings_core.spaces.vectors import FloatArray, unit


def called_by_typical(
    found: Clustering, vectors: FloatArray, names: Sequence[str]
) -> tuple[Clustering, tuple[int, ...]]:
    """Name each group "like" the picture nearest its centre by cosine; return the rows of these pictures too.

    Takes vectors (n, d) and names of the grouped pictures, wherever the groups were found. A centre is the mean of its
    members' unit vectors; a group without members has the centre of all.
    """
    units = unit(vectors)
    if not found.k:
        return found, ()
    members = [units[found.labels == group] for group in range(found.k)]
    centres = np.stack([(own if len(own) else units).mean(axis=0) for own in members])
    rows = typical_rows(units, found.labels, centres)
    return replace(found, names=tuple(f"like {names[row]}" for row in rows)), rows
