"""Maps of tables on their way: one job for all who wait for the same map, with how far it is; stopped, it leaves nothing."""

from embeddings_core.limits import PROJECTION_SECONDS
from embeddings_core.maps.knn_graph import MapMetric
from embeddings_core.maps.methods import Method, title_of
from embeddings_core.maps.optimisers import share_of_neighbours
from embeddings_core.maps.settings import fewest
from embeddings_core.tables import kept_maps, large_tables
from embeddings_core.tables.embedding import TableSpace
from embeddings_core.tables.opened import DrawnMap, Work, draw
from embeddings_core.tables.table_jobs import TableJob


class Drawing(TableJob[DrawnMap]):
    """The map of a space on its way, kept under its id by `work` and on disk; of `representatives` where not all are fitted."""

    def __init__(
        self,
        space: TableSpace,
        work: Work,
        id: str,
        *,
        method: Method,
        dimensions: int,
        seed: int,
        metric: MapMetric,
        representatives: int = 0,
    ) -> None:
        super().__init__(0)
        n = len(space.rows)
        self._space, self._work, self._id, self._representatives = space, work, id, representatives
        self.method: Method = method if representatives or n >= fewest(method, dimensions) else "pca"
        self._dimensions, self._seed, self._metric = dimensions, seed, metric

    def begin(self) -> None:
        """Begin to draw, in a thread of its own."""
        self._begin(self._draw, name="drawing")

    def _doing(self) -> str:
        n = len(self._space.rows)
        fitted, whole = n, self.total
        if self._representatives:
            fitted = whole = self.total - n
            if self.done > fitted > 0:
                return f"Drawing the map: {self.done - fitted:,} of {n:,} rows placed …"
        if whole <= 0:
            return f"Drawing the map of {n:,} rows …"
        if self.method == "umap" and self.done < share_of_neighbours(fitted) * whole:
            return f"Drawing the map: neighbours of {fitted:,} rows are looked for …"
        return f"Drawing the map: {title_of(self.method)} moves {fitted:,} rows …"

    def _draw(self) -> DrawnMap:
        drawn = self._large() if self._representatives else self._whole()
        self._work.keep(self._id, drawn)
        kept_maps.keep(drawn)
        return drawn

    def _whole(self) -> DrawnMap:
        vectors = self._space.vectors[:]
        projection, trust = self.within(PROJECTION_SECONDS * max(1.0, len(vectors) / 4_000)).run(
            draw,
            vectors,
            method=self.method,
            dimensions=self._dimensions,
            seed=self._seed,
            metric=self._metric,
        )
        return DrawnMap(self._space.rows, projection, trust, self._id)

    def _large(self) -> DrawnMap:
        rows = self._space.rows
        with large_tables.where_the_worker_reads(self._space.vectors) as source:
            made = self.in_large_lane().run(
                large_tables.draw_large,
                source,
                method=self.method,
                count=self._representatives,
                dimensions=self._dimensions,
                seed=self._seed,
                metric=self._metric,
            )
        return DrawnMap(
            rows[made.rows], made.projection, made.trust, self._id, rows, made.frames, made.frame_names
        )
