"""What is looked for in a table in the background: groups, dense regions, what is odd, what changes between two spaces."""

import numpy as np

from embeddings_core.limits import CLUSTERING_SECONDS, PROJECTION_SECONDS
from embeddings_core.maps.knn_graph import MapMetric
from embeddings_core.maps.large_map import representative_rows
from embeddings_core.spaces.vectors import IntArray
from embeddings_core.tables import large_tables
from embeddings_core.tables.embedding import TableSpace, part_of, words_column
from embeddings_core.tables.groups import (
    FITTED,
    FoundTableGroups,
    as_categories,
    dense_groups,
    dense_steps,
    group_steps,
    named_by_table,
    table_groups,
)
from embeddings_core.tables.health import Finding, findings, health_steps
from embeddings_core.tables.opened import DrawnMap, Work
from embeddings_core.tables.questions import Categories
from embeddings_core.tables.table import Table, texts_at
from embeddings_core.tables.table_jobs import Search
from embeddings_core.tables.two_spaces import RowChanges, change_steps, row_changes


def group_search(
    table: Table, space: TableSpace, *, work: Work, key: str, metric: MapMetric, large: bool = False
) -> Search[Categories]:
    """Look for groups in the vectors of a table, as colours at two levels; rows without a vector belong to none.

    Of `large` ones they are found from representatives, at one level, and the other rows join the nearest.
    """
    n, named = len(space.rows), bool(words_column(table, space.basis))

    def look(job: Search[Categories]) -> Categories:
        if not large:
            found = job.within(CLUSTERING_SECONDS * 2).run(
                table_groups, space.vectors[:], texts=_texts(table, space, space.rows), metric=metric
            )
        else:
            sample = representative_rows(n, count=FITTED)
            texts = _texts(table, space, space.rows[sample])
            with large_tables.where_the_worker_reads(space.vectors) as source:
                found = job.in_large_lane().run(
                    large_tables.group_large, source, sample=sample, texts=texts, metric=metric
                )
        return as_categories(_by_columns(found, table, space, space.rows), space.rows, n=len(table))

    steps = (
        large_tables.large_group_steps(n, sampled=min(n, FITTED), named=named)
        if large
        else group_steps(n, named=named)
    )
    return Search(look, work=work, key=key, what="Finding groups", steps=steps)


def dense_search(
    table: Table, space: TableSpace, drawn: DrawnMap, *, work: Work, key: str
) -> Search[Categories]:
    """Look for the dense regions of a map, as colours at two levels; rows between them, or without a place, belong to none."""

    def look(job: Search[Categories]) -> Categories:
        found = job.within(CLUSTERING_SECONDS * 2).run(
            dense_groups, drawn.projection.final, texts=_texts(table, space, drawn.rows)
        )
        if len(drawn.all_rows) > len(
            drawn.rows
        ):  # placed rows belong to the region of the nearest fitted one
            found = found.at(drawn.nearest_point)
        return as_categories(_by_columns(found, table, space, drawn.all_rows), drawn.all_rows, n=len(table))

    steps = dense_steps(len(drawn.rows), named=bool(words_column(table, space.basis)))
    return Search(look, work=work, key=key, what="Finding dense regions", steps=steps)


def health_search(
    table: Table,
    space: TableSpace,
    label: str,
    *,
    work: Work,
    key: str,
    metric: MapMetric,
    large: bool = False,
) -> Search[tuple[Finding, ...]]:
    """Look for what is odd about a table, by the column `label` too where there is one; of `large` ones in a sample of the rows."""
    n = len(space.rows)
    some = representative_rows(n) if large else np.arange(n)

    def look(job: Search[tuple[Finding, ...]]) -> tuple[Finding, ...]:
        rows = space.rows[some]
        texts = texts_at(table, space.basis.column, rows) if space.basis.kind == "text" else []
        labels = texts_at(table, label, rows) if label else []
        vectors = space.vectors[some] if large else space.vectors[:]
        return job.within(PROJECTION_SECONDS * 3, heavy=True).run(
            findings, vectors, rows=rows, texts=texts, labels=labels, metric=metric
        )

    what = f"Looking at {len(some):,} rows" if large else "Looking at all rows"
    steps = health_steps(len(some), labelled=bool(label), metric=metric)
    return Search(look, work=work, key=key, what=what, steps=steps)


def change_search(
    spaces: tuple[TableSpace, TableSpace],
    rows: IntArray,
    *,
    work: Work,
    key: str,
    metrics: tuple[MapMetric, MapMetric],
) -> Search[RowChanges]:
    """Look for what changes between the neighbours of some rows (m,) of a table in two spaces."""

    def look(job: Search[RowChanges]) -> RowChanges:
        ours, theirs = (part_of(space, rows).vectors[:] for space in spaces)
        return job.within(PROJECTION_SECONDS * 2, heavy=True).run(
            row_changes, ours, theirs, rows=rows, metrics=metrics
        )

    return Search(look, work=work, key=key, what="Comparing neighbours", steps=change_steps(len(rows)))


def _texts(table: Table, space: TableSpace, rows: IntArray) -> list[str]:
    """Return the texts that say what some rows (m,) are about; nothing where the table has none."""
    column = words_column(table, space.basis)
    return texts_at(table, column, rows) if column else []


def _by_columns(found: FoundTableGroups, table: Table, space: TableSpace, rows: IntArray) -> FoundTableGroups:
    """Name groups of some rows (m,) by columns of numbers where no text of the table names them."""
    return found if words_column(table, space.basis) else named_by_table(found, table, rows)
