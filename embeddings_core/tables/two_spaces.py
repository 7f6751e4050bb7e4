"""The same rows of a table in two spaces: two models, two columns, or one of each; one film, and whose neighbours change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from embeddings_core.jobs.steps import Step, Steps
from embeddings_core.maps.knn_graph import coordinates, neighbour_graph
from embeddings_core.maps.morph import morph
from embeddings_core.spaces.vectors import FloatArray, IntArray
from embeddings_core.tables.embedding import TableSpace
from embeddings_core.tables.opened import DrawnMap

K = 10  # neighbours that are compared
FEWEST = 3  # rows that make a film
FEWEST_OF_LABEL = 5  # rows of a label whose mean says something


@dataclass(frozen=True, eq=False)
class RowChanges:
    """The `rows` (m,) of a table that have a vector in both of two spaces, and their k nearest in each.

    `first` and `second` (m, k) are rows of the table, the nearest first. `shared` (m,) is the share of neighbours that both
    spaces name, `same_nearest` how many rows keep their nearest one, `chance` what unrelated spaces would share.
    """

    rows: IntArray
    first: IntArray
    second: IntArray
    shared: FloatArray
    same_nearest: int
    chance: float

    @property
    def k(self) -> int:
        """How many neighbours were compared."""
        return int(self.first.shape[1])

    def told(self, before: str, after: str) -> str:
        """Say how many neighbours are kept from the one space to the other."""
        kept = round(100 * float(self.shared.mean()))
        return (
            f"From {before} to {after}, {kept} in 100 of the {self.k} nearest rows stay; {self.same_nearest:,} of "
            f"{len(self.rows):,} rows keep their nearest one. By chance {round(100 * self.chance)} in 100 would."
        )

    def movers(self, count: int, *, displacements: FloatArray | None = None) -> IntArray:
        """Return places (at most `count`) of the rows that keep fewest neighbours; among equals the most displaced."""
        far = np.zeros(len(self.rows)) if displacements is None else displacements
        order = np.lexsort((-far, self.shared))
        return np.asarray(order[: min(count, int((self.shared < 1).sum()))], dtype=np.int64)

    def change(self, place: int) -> tuple[list[int], list[int]]:
        """Return the neighbours that one row leaves, and those that it joins, as rows of the table."""
        before, after = self.first[place].tolist(), self.second[place].tolist()
        return [row for row in before if row not in after], [row for row in after if row not in before]

    def by_label(self, labels: Sequence[str]) -> tuple[tuple[str, float], ...]:
        """Return the mean share of kept neighbours of each label (of all rows of the table), the lowest first."""
        own = [labels[row] for row in self.rows.tolist()]
        names, places = np.unique(np.array(own, dtype=str), return_inverse=True)
        counts = np.bincount(places, minlength=len(names))
        means = np.bincount(places, weights=self.shared, minlength=len(names)) / np.maximum(counts, 1)
        often = [at for at in np.flatnonzero(counts >= FEWEST_OF_LABEL).tolist() if names[at]]
        found = [(str(names[at]), float(means[at])) for at in often]
        return tuple(sorted(found, key=lambda each: each[1]))


def common_rows(first: TableSpace, second: TableSpace) -> IntArray:
    """Return the rows of the table that have a vector in both spaces."""
    return np.intersect1d(first.rows, second.rows)


def change_steps(m: int) -> tuple[Step, ...]:
    """Return the steps of `row_changes` of m rows."""
    both = (Step(f"those of {m:,} rows in the {which} space", 30 * m) for which in ("first", "second"))
    return (*both, Step("which are the same", m))


def row_changes(
    first: FloatArray,
    second: FloatArray,
    *,
    rows: IntArray,
    metrics: tuple[str, str],
    k: int = K,
    progress: Callable[[int, int], object] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> RowChanges:
    """Compare who is nearest to whom in two spaces of the same m rows: vectors (m, d) and (m, e).

    k is at most m / 2. Beyond 6,000 rows nearly all neighbours are found, by descent. `progress(done, total)` hears of
    `change_steps`. Raises JobError where it was stopped.
    """
    m = len(rows)
    steps = Steps(change_steps(m), progress=progress, should_stop=should_stop)
    k = min(k, max(1, m // 2), max(m - 1, 0))
    near = []
    for vectors, metric in zip((first, second), metrics, strict=True):
        points = coordinates(vectors, metric="euclidean" if metric == "euclidean" else "cosine")
        near.append(neighbour_graph(points, k, progress=steps.inside)[0])
        steps.next()
    common = np.zeros(m)
    for place in range(k):
        common += (near[1] == near[0][:, place : place + 1]).any(axis=1)
    steps.finish()
    return RowChanges(
        rows,
        rows[near[0]],
        rows[near[1]],
        (common / max(k, 1)).astype(np.float32),
        int((near[0][:, 0] == near[1][:, 0]).sum()) if k else m,
        k / (m - 1) if m > 1 else 1.0,
    )


def joined_film(first: DrawnMap, second: DrawnMap, *, names: tuple[str, str]) -> tuple[DrawnMap, FloatArray]:
    """Join two maps of a table into one film over the rows of both; return it with the displacement of each row on the map (m,).

    The second map is turned, mirrored and sized onto the first (orthogonal Procrustes), so that what moves has changed place
    among the others. The film is a morph: nothing between the two maps was computed.
    """
    rows, one, two = np.intersect1d(first.rows, second.rows, return_indices=True)
    start, end = (
        replace(
            drawn.projection,
            frames=drawn.projection.frames[-1:, at],
            frame_names=drawn.projection.frame_names[-1:],
        )
        for drawn, at in ((first, one), (second, two))
    )
    film = morph(start, end, hold="first", names=names)
    displacements = np.linalg.norm(film.frames[-1] - film.frames[0], axis=1).astype(np.float32)
    return DrawnMap(rows, film, second.trust, f"{first.id} → {second.id}"), displacements
