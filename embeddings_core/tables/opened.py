"""The tables that are open: by a short id nobody can guess, in memory only, and what has been computed of them.

Who opens the same content shares the rows, the vectors and the maps of whoever opened it before; the roles of its columns
are each visitor's own. When there is no room for one more, the one that nobody looked at for longest goes.
"""

import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path

import numpy as np

from embeddings_core.errors import requires
from embeddings_core.jobs.shared import unless_stopped
from embeddings_core.limits import STAGE_POINTS, TABLES_BYTES
from embeddings_core.maps.knn_graph import coordinates
from embeddings_core.maps.map_view import rotate_widest_across
from embeddings_core.maps.methods import Method
from embeddings_core.maps.projection import Projection, project
from embeddings_core.maps.timeline import in_one_frame
from embeddings_core.maps.trust import sampled_trust
from embeddings_core.remember import size_of
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray
from embeddings_core.tables.embedding import Basis, TableSpace
from embeddings_core.tables.from_path import read_in_worker
from embeddings_core.tables.on_disk import FileOnDisk, file_on_disk
from embeddings_core.tables.samples import SAMPLES
from embeddings_core.tables.table import Role, Table, with_roles

MAPS = 6  # of one content, the oldest goes
FILE = "file"  # the id of the table that the server was started with
PATH, TEXT, LABEL = (
    f"EMBEDDINGS_VISUALIZER_TABLE{part}" for part in ("", "_TEXT", "_LABEL")
)  # variables that name it
GIVEN = "given"  # a map whose places came with the table


@dataclass(frozen=True, eq=False)
class DrawnMap:
    """A map of a table: `rows` (m,) of the table are the points that were fitted, in this order; `projection` has their film.

    `trust` is that of a sample. Where more rows were placed than fitted, `everyone` (n,) are all, and `states` (states, n, 2 or 3)
    what there is of the same film for them, called `state_names`; the last is the map.
    """

    rows: IntArray
    projection: Projection
    trust: float | None
    id: str
    everyone: IntArray | None = None
    states: FloatArray | None = None
    state_names: tuple[str, ...] = ()
    names: dict[str | None, Sequence[str]] = field(default_factory=dict)
    """What the rows are called by a column, as the stage takes it."""

    @property
    def all_rows(self) -> IntArray:
        """The rows that have a place."""
        return self.rows if self.everyone is None else self.everyone

    @property
    def all_places(self) -> FloatArray:
        """The place of each of `all_rows`, (n, 2 or 3)."""
        places: FloatArray = self.projection.final if self.states is None else self.states[-1]
        return places

    @property
    def sampled(self) -> bool:
        """Whether most rows were placed among others that were fitted."""
        return bool(self.state_names)

    @cached_property
    def shown(self) -> "DrawnMap":
        """The part that the stage draws: all, or an even sample without chance of those that were fitted."""
        if len(self.rows) <= STAGE_POINTS:
            return self
        some = np.unique(np.linspace(0, len(self.rows) - 1, STAGE_POINTS).round().astype(np.int64))
        part = replace(self.projection, frames=self.projection.frames[:, some])
        states = self.projection.final[None] if self.states is None else self.states
        return DrawnMap(self.rows[some], part, self.trust, self.id, self.all_rows, states, self.state_names)

    @cached_property
    def nearest_point(self) -> IntArray:
        """Which of the points (m,) is nearest to each of `all_rows`, (n,)."""
        requires("scipy")
        from scipy.spatial import cKDTree

        found: IntArray = cKDTree(self.projection.final).query(self.all_places)[1]
        return found

    def encircled(self, points: Sequence[int] | IntArray) -> IntArray:
        """Return the rows that belong to points of this map: theirs, and those without a point of their own next to them."""
        if len(self.all_rows) == len(self.rows):
            return self.rows[np.asarray(points, dtype=np.int64)]
        inside = np.zeros(len(self.rows), dtype=bool)
        inside[np.asarray(points, dtype=np.int64)] = True
        return self.all_rows[inside[self.nearest_point]]

    @property
    def nbytes(self) -> int:
        """Bytes of its places."""
        return self.projection.frames.nbytes + (0 if self.states is None else self.states.nbytes)


class Work:
    """What has been computed of one content: spaces by their basis, maps by how they were made."""

    def __init__(self) -> None:
        self.spaces: dict[Basis, TableSpace] = {}
        self.maps: OrderedDict[str, DrawnMap] = OrderedDict()
        self.found: dict[str, object] = {}
        self._weighed: dict[str, tuple[int, int]] = {}  # of what was found: which object, and its bytes

    def keep(self, key: str, drawn: DrawnMap) -> DrawnMap:
        """Keep a map; the oldest of too many goes."""
        self.maps[key] = drawn
        while len(self.maps) > MAPS:
            self.maps.popitem(last=False)
        return drawn

    @property
    def size(self) -> int:
        """Bytes of its vectors, its maps and what was found in them."""
        spaces = sum(space.vectors.nbytes for space in list(self.spaces.values()))
        maps = sum(drawn.nbytes for drawn in list(self.maps.values()))
        for key, value in list(self.found.items()):
            if self._weighed.get(key, (0, 0))[0] != id(value):
                self._weighed[key] = id(value), size_of(value)
        return spaces + maps + sum(size for _, size in self._weighed.values())


class OpenTables:
    """Tables by their ids; samples are always there, under names."""

    def __init__(self, *, most: int = TABLES_BYTES) -> None:
        self._most = most
        self._tables: OrderedDict[str, Table] = OrderedDict()
        self._work: OrderedDict[str, Work] = OrderedDict()
        self._read_at: dict[str, int] = {}  # when the files of the operator's folder had last changed
        self._lock = threading.Lock()

    def open(self, table: Table, *, id: str = "") -> str:
        """Open a table and return its id."""
        with self._lock:
            same = next((other for other in self._tables.values() if other.source == table.source), None)
            if same is not None and same.names == table.names:
                table = replace(table, rows=same.rows, known=same.known)
            id = id or secrets.token_urlsafe(9)
            self._tables[id] = table
            self._work.setdefault(table.source, Work())
            self._make_room()
        return id

    def to_be_read(self, id: str) -> str:
        """Return the name of the file that `find` would read now; "" where it would read none."""
        on_disk = file_on_disk(id)
        if self._is_open(id, on_disk):
            return ""
        if on_disk is not None:
            return on_disk.path.name
        return Path(from_command_line()).name if id == FILE else ""

    def _is_open(self, id: str, on_disk: FileOnDisk | None) -> bool:
        return id in self._tables and (on_disk is None or self._read_at.get(id) == on_disk.changed)

    def find(self, id: str) -> Table | None:
        """Return an open table or a sample; None where there is none under this id (any more)."""
        on_disk = file_on_disk(id)
        with self._lock:
            if self._is_open(id, on_disk):
                self._tables.move_to_end(id)
                return self._tables[id]
        if on_disk is not None:
            self.open(read_in_worker(str(on_disk.path)), id=id)
            self._read_at[id] = on_disk.changed
            return self._tables[id]
        if id == FILE and from_command_line():
            table = read_in_worker(
                from_command_line(), text=os.environ.get(TEXT, ""), label=os.environ.get(LABEL, "")
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
            self._make_room()  # what was computed meanwhile counts, too
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


@cache
def open_tables() -> OpenTables:
    """Return the tables of this process."""
    return OpenTables()


def draw(
    vectors: FloatArray,
    *,
    method: Method,
    dimensions: int = 2,
    seed: int = 0,
    metric: str = "cosine",
    progress: Callable[[int, int], object] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[Projection, float | None]:
    """Draw a map of n vectors (n, d), and measure its trust by a sample of its points.

    The frames of a recorded film are turned and sized onto the last: who opens the map later need not do it.
    `progress` gets (done, total) in epochs, or iterations. Raises JobError where it was stopped.
    """
    told = unless_stopped(progress, should_stop)
    embeddings = EmbeddingSet(tuple(map(str, range(len(vectors)))), vectors)
    if metric == "euclidean":
        projection = project(
            embeddings, method=method, dimensions=dimensions, seed=seed, metric="euclidean", progress=told
        )
    else:
        projection = project(embeddings, method=method, dimensions=dimensions, seed=seed, progress=told)
    projection = rotate_widest_across(projection)
    if projection.kind == "recorded":
        projection = replace(projection, frames=in_one_frame(projection.frames))
    points = coordinates(vectors, metric="euclidean" if metric == "euclidean" else "cosine")
    return projection, sampled_trust(points, projection.final)


def given_places(space: TableSpace) -> Projection:
    """Return the places that came with a table as a still map."""
    return Projection(space.vectors[:][None], ("as the table has them",), GIVEN, "still")
