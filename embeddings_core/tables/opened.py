"""The tables that are open: by a short id nobody can guess, in memory only, and what has been computed of them.

Who opens the same content shares the rows, the vectors and the maps of whoever opened it before; the roles of its columns
are each visitor's own. When there is no room for one more, the one that nobody looked at for longest goes.
"""

import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from embeddings_core import jobs
from embeddings_core.limits import EMBED_SECONDS, MAP_ROWS, TABLES_BYTES
from embeddings_core.maps.knn_graph import coordinates, nearest_rows
from embeddings_core.maps.map_view import rotate_widest_across
from embeddings_core.maps.methods import Method
from embeddings_core.maps.projection import Projection, project
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray
from embeddings_core.tables.embedding import Basis, TableSpace
from embeddings_core.tables.reading import read_table
from embeddings_core.tables.samples import SAMPLES
from embeddings_core.tables.table import Role, Table, with_roles

ASKED, K = 1_000, 10  # rows whose neighbours are compared for the trust of a map, and how many of them
MAPS = 6  # of one content, the oldest goes
FILE = "file"  # the id of the table that the server was started with
PATH, TEXT, LABEL = (
    f"EMBEDDINGS_VISUALIZER_TABLE{part}" for part in ("", "_TEXT", "_LABEL")
)  # variables that name it
GIVEN = "given"  # a map whose places came with the table


@dataclass(frozen=True, eq=False)
class DrawnMap:
    """A map of a table: `rows` (m,) of the table are its points, in this order; `trust` is that of a sample of them."""

    rows: IntArray
    projection: Projection
    trust: float | None
    id: str


class Work:
    """What has been computed of one content: spaces by their basis, maps by how they were made."""

    def __init__(self) -> None:
        self.spaces: dict[Basis, TableSpace] = {}
        self.maps: OrderedDict[str, DrawnMap] = OrderedDict()
        self.found: dict[str, object] = {}

    def keep(self, key: str, drawn: DrawnMap) -> DrawnMap:
        """Keep a map; the oldest of too many goes."""
        self.maps[key] = drawn
        while len(self.maps) > MAPS:
            self.maps.popitem(last=False)
        return drawn

    @property
    def size(self) -> int:
        """Bytes of its vectors and maps."""
        spaces = sum(space.vectors.nbytes for space in self.spaces.values())
        return spaces + sum(drawn.projection.frames.nbytes for drawn in self.maps.values())


class OpenTables:
    """Tables by their ids; samples are always there, under names."""

    def __init__(self, *, most: int = TABLES_BYTES) -> None:
        self._most = most
        self._tables: OrderedDict[str, Table] = OrderedDict()
        self._work: OrderedDict[str, Work] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, table: Table, *, id: str = "") -> str:
        """Open a table and return its id."""
        with self._lock:
            same = next((other for other in self._tables.values() if other.source == table.source), None)
            if same is not None and same.names == table.names:
                table = replace(table, rows=same.rows)
            id = id or secrets.token_urlsafe(9)
            self._tables[id] = table
            self._work.setdefault(table.source, Work())
            self._make_room()
        return id

    def find(self, id: str) -> Table | None:
        """Return an open table or a sample; None where there is none under this id (any more)."""
        with self._lock:
            if id in self._tables:
                self._tables.move_to_end(id)
                return self._tables[id]
        if id == FILE and from_command_line():
            table = jobs.within(EMBED_SECONDS, heavy=True).run(
                read_chosen,
                from_command_line(),
                text=os.environ.get(TEXT, ""),
                label=os.environ.get(LABEL, ""),
            )
            self.open(table, id=FILE)
            return table
        sample = next((sample for sample in SAMPLES if sample.id == id), None)
        return None if sample is None else sample.read()

    def change(self, id: str, roles: dict[str, Role]) -> str:
        """Use columns of a table otherwise; return its id, of a sample a new one."""
        table = self.find(id)
        if table is None:
            return id
        changed = with_roles(table, roles)
        return self.open(changed, id="" if any(sample.id == id for sample in SAMPLES) else id)

    def work(self, table: Table) -> Work:
        """Return what has been computed of a table's content."""
        with self._lock:
            work = self._work.setdefault(table.source, Work())
            self._work.move_to_end(table.source)
            return work

    def _make_room(self) -> None:
        while len(self._tables) > 1 and self._size() > self._most:
            self._tables.popitem(last=False)
            sources = {table.source for table in self._tables.values()}
            for source in [
                each for each in self._work if each not in sources and not each.startswith("sample-")
            ]:
                del self._work[source]

    def _size(self) -> int:
        rows = {id(table.rows): table.rows.nbytes for table in self._tables.values()}
        return int(sum(rows.values())) + sum(work.size for work in self._work.values())


def from_command_line() -> str:
    """Return the path of the table that the server was started with; "" where it was started without."""
    return os.environ.get(PATH, "")


def read_chosen(path: str, *, text: str = "", label: str = "") -> Table:
    """Read a table from a path, with these columns as its text and its label: they stand first.

    Raises BadInputError where there is no such column.
    """
    return chosen_columns(read_table(path), text=text, label=label)


def chosen_columns(table: Table, *, text: str = "", label: str = "") -> Table:
    """Return a table with these columns as its text and its label: they stand first.

    Raises BadInputError where there is no such column.
    """
    roles: dict[str, Role] = {}
    if text:
        column = table.column(text)
        roles |= {other.name: "other" for other in table.of_role("text")}
        roles[column.name] = "text"
    if label:
        roles[table.column(label).name] = "label"
    changed = with_roles(table, roles)
    first = [name for name in (text, label) if name]
    names = list(dict.fromkeys([*first, *changed.names]))
    return replace(
        changed, columns=tuple(changed.column(name) for name in names), rows=changed.rows.select(names)
    )


@cache
def open_tables() -> OpenTables:
    """Return the tables of this process."""
    return OpenTables()


def drawn_rows(space: TableSpace, *, most: int = MAP_ROWS) -> IntArray:
    """Return which rows of a space are drawn, as places in it (m,): all, or an even sample without chance."""
    n = len(space.rows)
    return np.arange(n) if n <= most else np.unique(np.linspace(0, n - 1, most).round().astype(np.int64))


def draw(
    vectors: FloatArray,
    *,
    method: Method,
    dimensions: int = 2,
    seed: int = 0,
    metric: str = "cosine",
    progress: Callable[[int, int], object] | None = None,
) -> tuple[Projection, float | None]:
    """Draw a map of n vectors (n, d), and measure its trust by a sample of its points."""
    embeddings = EmbeddingSet(tuple(map(str, range(len(vectors)))), vectors)
    if metric == "euclidean":
        projection = project(
            embeddings, method=method, dimensions=dimensions, seed=seed, metric="euclidean", progress=progress
        )
    else:
        projection = project(embeddings, method=method, dimensions=dimensions, seed=seed, progress=progress)
    projection = rotate_widest_across(projection)
    points = coordinates(vectors, metric="euclidean" if metric == "euclidean" else "cosine")
    return projection, sampled_trust(points, projection.final)


def sampled_trust(points: FloatArray, positions: FloatArray, *, k: int = K, seed: int = 0) -> float | None:
    """Return the share (0–1) of the k true nearest neighbours that are among the k nearest on the map, for up to 1,000 rows.

    Takes points (n, d) whose straight-line distance counts, and positions (n, 2 or 3). None for fewer than 3 points.
    """
    n = len(points)
    if n < 3:
        return None
    k = min(k, max(1, n // 2), n - 1)
    asked = np.sort(np.random.default_rng(seed).permutation(n)[:ASKED])
    true = nearest_rows(points[asked], points, k=k + 1)[0]
    drawn = nearest_rows(positions[asked], positions, k=k + 1)[0]
    kept = 0
    for row, near, shown in zip(asked.tolist(), true.tolist(), drawn.tolist(), strict=True):
        others = [[other for other in found if other != row][:k] for found in (near, shown)]
        kept += len(set(others[0]) & set(others[1]))
    return kept / (k * len(asked))


def given_places(space: TableSpace) -> Projection:
    """Return the places that came with a table as a still map."""
    return Projection(space.vectors[None], ("as the table has them",), GIVEN, "still")
