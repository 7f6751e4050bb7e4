"""The index of a table's vectors on its way: made once in the worker of large tables, for all who search this content."""

from functools import cache, partial

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.jobs.shared import SharedJob, SharedJobs
from embeddings_core.limits import INDEXED_NUMBERS, LARGE_MAP_SECONDS
from embeddings_core.tables import large_tables
from embeddings_core.tables.embedding import TableSpace
from embeddings_core.tables.lance_rows import LanceVectors
from embeddings_core.tables.search_index import SearchIndex, index_folder, make_index, open_index

FROM_DISK = 20  # times as long as numbers in memory take numbers that are read from a LanceDB table


def needs_index(space: TableSpace) -> bool:
    """Tell whether a search by cosine through all rows would take too long, and no index is there yet."""
    if space.basis.kind not in ("text", "vector", "picture") or space.search is not None:
        return False
    numbers = int(np.prod(space.vectors.shape))
    if isinstance(space.vectors, np.ndarray):
        return numbers > INDEXED_NUMBERS
    whole = isinstance(space.vectors, LanceVectors) and space.vectors.whole
    return whole and numbers * FROM_DISK > INDEXED_NUMBERS and not space.vectors.indexed


class Indexing(SharedJob[SearchIndex]):
    """The index of a space on its way: `done` of `total` rows, and half as many for its centres; at the end the space has it."""

    def __init__(self, space: TableSpace, key: str) -> None:
        super().__init__(0)
        self._space, self._folder = space, index_folder(key)

    def begin(self) -> None:
        """Begin to make it, in a thread of its own; what was made before is opened."""
        self._begin(self._make, name="indexing")

    def _make(self) -> SearchIndex:
        found = open_index(self._folder)
        if found is None or len(found) != len(self._space.rows):
            how = large_tables.large_lane().within(
                LARGE_MAP_SECONDS, progress=self._progress, ahead=self._wait, stop=self._stop
            )
            with large_tables.where_the_worker_reads(self._space.vectors) as source:
                how.run(make_index, source, str(self._folder))
            found = open_index(self._folder)
        if found is None:
            raise BadInputError("The index of the search can not be opened; searches look at every row.")
        vectors = self._space.vectors
        self._space.search_by(partial(found.nearest, vectors=lambda rows: vectors[rows]))
        return found


@cache
def indexings() -> SharedJobs:
    """Return the indexes that are being made for all visitors."""
    return SharedJobs()
