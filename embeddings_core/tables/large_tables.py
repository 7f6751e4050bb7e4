"""Maps, groups and what is odd of tables with more rows than are all looked at: in the worker, from where the vectors lie."""

import secrets
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

import numpy as np

from embeddings_core.errors import BadInputError, requires
from embeddings_core.folders import UNREADY, cache_folder, remove_abandoned
from embeddings_core.jobs import Jobs
from embeddings_core.jobs.shared import unless_stopped
from embeddings_core.jobs.steps import Step, Steps
from embeddings_core.limits import IDLE_SECONDS, REPRESENTATIVES, WORKER_BYTES
from embeddings_core.maps.knn_graph import MapMetric, coordinates
from embeddings_core.maps.large_map import LargeMap, blocks, large_map
from embeddings_core.maps.methods import Method
from embeddings_core.spaces.vectors import FloatArray, IntArray
from embeddings_core.tables.groups import FoundTableGroups, how_many, named_groups, numbered
from embeddings_core.tables.lance_rows import LanceVectors

Source = str | LanceVectors  # a file of numbers, or a table of LanceDB


@contextmanager
def where_the_worker_reads(vectors: FloatArray | LanceVectors) -> Iterator[Source]:
    """Give the worker a place to read vectors from: those in memory lie in a file meanwhile, instead of crossing a pipe twice."""
    if isinstance(vectors, LanceVectors):
        yield vectors
        return
    remove_abandoned(cache_folder())
    files = [
        folder / f"for-the-worker-{secrets.token_hex(6)}{UNREADY}"
        for folder in (cache_folder(), Path(tempfile.gettempdir()))
    ]
    try:
        place = next((file for file in files if _saved(file, vectors)), None)
        if place is None:
            raise BadInputError(
                f"The cache folder has no room for {vectors.nbytes / 2**20:,.0f} MB of vectors on their way to the map; make "
                "room, or name another folder in EMBEDDINGS_VISUALIZER_CACHE."
            )
        yield str(place)
    finally:
        for file in files:
            with suppress(OSError):
                file.unlink(missing_ok=True)


def _saved(file: Path, vectors: FloatArray) -> bool:
    try:
        with file.open("wb") as out:
            np.save(out, vectors, allow_pickle=False)
    except OSError:
        return False
    return True


def read_source(source: Source) -> "np.ndarray | LanceVectors":
    """Return the vectors of a source, which stay on the disk."""
    return (
        source
        if isinstance(source, LanceVectors)
        else np.load(Path(source), mmap_mode="r", allow_pickle=False)
    )


def draw_large(
    source: Source,
    *,
    method: Method,
    dimensions: int = 2,
    seed: int = 0,
    metric: MapMetric = "cosine",
    count: int = REPRESENTATIVES,
    progress: Callable[[int, int], object] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> LargeMap:
    """Draw a map by representatives; see `large_map`. Raises JobError where it was stopped."""
    return large_map(
        read_source(source), method=method, dimensions=dimensions, seed=seed, metric=metric, count=count,
        progress=unless_stopped(progress, should_stop),
    )  # fmt: skip


def large_group_steps(n: int, *, sampled: int, named: bool) -> tuple[Step, ...]:
    """Return the steps of `group_large` of n rows, of which so many are `sampled`; `named` where their texts name the groups."""
    return (
        Step(f"k-means of {sampled:,} rows", 10 * sampled),
        Step(f"every one of {n:,} rows joins the nearest centre", n),
        Step("the words that stand out in each", 5 * sampled * named),
    )


def group_large(
    source: Source,
    *,
    sample: IntArray,
    texts: Sequence[str] = (),
    metric: MapMetric = "cosine",
    seed: int = 0,
    progress: Callable[[int, int], object] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> FoundTableGroups:
    """Group n vectors by k-means of a `sample` of rows; every other row joins the nearest centre, block by block.

    `texts` are those of the sample, and name the groups. `progress(done, total)` hears of `large_group_steps`. Raises JobError
    where it was stopped.
    """
    requires("sklearn")
    from sklearn.cluster import KMeans

    vectors = read_source(source)
    n = vectors.shape[0]
    listed = large_group_steps(n, sampled=len(sample), named=bool(len(texts)))
    steps = Steps(listed, progress=progress, should_stop=should_stop)
    own = np.asarray(vectors[sample], dtype=np.float32)
    own = coordinates(own) if metric == "cosine" else own
    k = min(how_many(n), len(np.unique(own[:5_000], axis=0)))
    if k < 2:
        steps.finish()
        return FoundTableGroups(np.zeros(n, dtype=np.int64), ("all alike",))
    model = KMeans(n_clusters=k, n_init=1, random_state=seed).fit(own)
    steps.next()
    labels = np.empty(n, dtype=np.int64)
    for part, block in blocks(vectors):
        labels[part] = model.predict(coordinates(block) if metric == "cosine" else block)
        steps.inside(part.stop, n)
    steps.next()
    order = np.argsort(-np.bincount(labels, minlength=k), kind="stable")
    labels = np.argsort(order)[labels].astype(np.int64)
    names = named_groups(texts, labels[sample], k) if len(texts) else numbered(k)
    steps.finish()
    return FoundTableGroups(labels, names)


@cache
def large_lane() -> Jobs:
    """Return the worker of large tables: minutes of work, behind which nobody else's map waits."""
    return Jobs(memory=4 * WORKER_BYTES, idle=IDLE_SECONDS, pace=60.0)
