"""A map of very many vectors on disk, and a search among them through LanceDB: time, peak memory, trust, recall.

    OPENBLAS_NUM_THREADS=1 python tests/bench/bench_large.py map FILE.npy [rows]
    OPENBLAS_NUM_THREADS=1 python tests/bench/bench_large.py plain FILE.npy
    python tests/bench/bench_large.py search FILE.npy FOLDER
    python tests/bench/bench_large.py page FILE.npy FOLDER

The vectors (384 dimensions, float16) are made where FILE is not there: MiniLM's of the bundled words and of the sentences of the
300 news articles, each row a random mean of one of them and three of its ten nearest, with noise of length 0.2, scaled to length 1.
So neighbourhoods overlap as those of real texts do, and no row is a copy.
"""

import asyncio
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from embeddings_core.maps.knn_graph import coordinates, neighbour_graph
from embeddings_core.maps.large_map import large_map, representative_rows
from embeddings_core.maps.trust import sampled_trust
from embeddings_core.spaces.corpus import news_texts
from embeddings_core.spaces.vocabulary import load_vocabulary
from embeddings_core.tables.embedding import embed_texts
from tests.bench.bench_tables import trustworthiness

if TYPE_CHECKING:
    from tests.bench.visitors import Visitor

SAMPLE, QUESTIONS = 100_000, 200
NOISE, BLOCK = 0.2, 50_000


def made(path: Path, n: int) -> np.ndarray:
    """Return the vectors, mapped from their file, which is made once."""
    if not path.exists():
        sentences = [part.strip() for text in news_texts() for part in text.split(". ") if len(part) > 20]
        real = coordinates(np.concatenate([load_vocabulary().vectors, embed_texts(sentences, "minilm")]))
        near = neighbour_graph(real, 10)[0]
        rng = np.random.default_rng(0)
        out = np.lib.format.open_memmap(path, mode="w+", dtype=np.float16, shape=(n, real.shape[1]))
        for start in range(0, n, BLOCK):
            count = min(BLOCK, n - start)
            own = rng.integers(0, len(real), count)
            others = near[own[:, None], rng.integers(0, 10, (count, 3))]
            shares = rng.dirichlet((1.0, 0.7, 0.7, 0.7), count).astype(np.float32)
            rows = shares[:, :1] * real[own]
            for at in range(3):
                rows += shares[:, at + 1 : at + 2] * real[others[:, at]]
            rows = coordinates(rows)
            rows += rng.normal(scale=NOISE / rows.shape[1] ** 0.5, size=rows.shape).astype(np.float32)
            out[start : start + count] = coordinates(rows)
        out.flush()
    found: np.ndarray = np.load(path, mmap_mode="r")
    return found


def peak() -> str:
    used = Path("/proc/self/status").read_text("ascii")
    lines = dict(line.split(":", 1) for line in used.splitlines())
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GB peak, now {lines['RssAnon'].strip()} of its own"


def warm() -> None:
    some = load_vocabulary().vectors[:7_000]
    large_map(some, count=6_500, sample=1_000)


def draw(path: Path, n: int) -> None:
    vectors = made(path, n)
    warm()
    print(f"{vectors.shape[0]:,} × {vectors.shape[1]} in {path}, {peak()}")
    wall, cpu = time.perf_counter(), time.process_time()
    told: dict[str, float] = {}

    def progress(done: int, total: int) -> None:
        told.setdefault("fitted" if done >= total - len(vectors) else "begun", time.perf_counter() - wall)

    drawn = large_map(vectors, sample=SAMPLE, progress=progress)
    print(
        f"  map: {time.perf_counter() - wall:.1f} s, {time.process_time() - cpu:.1f} CPU s "
        f"(fitted after {told.get('fitted', 0):.1f} s); {peak()}"
    )
    rows = representative_rows(len(vectors), count=SAMPLE, seed=1)
    points = coordinates(np.asarray(vectors[rows], dtype=np.float32))
    print(
        f"  kept neighbours of a sample of {len(rows):,}: {sampled_trust(points, drawn.frames[-1, rows]):.4f}"
    )
    print(f"  trustworthiness of the same: {trustworthiness(points, drawn.frames[-1, rows]):.4f}")
    own = coordinates(np.asarray(vectors[drawn.rows], dtype=np.float32))
    final = drawn.projection.final
    print(f"  of the representatives: {sampled_trust(own, final):.4f}, {trustworthiness(own, final):.4f}")


def plain(path: Path) -> None:
    from umap import UMAP

    vectors = made(path, 1_000_000)
    rows = representative_rows(len(vectors), count=SAMPLE, seed=1)
    points = coordinates(np.asarray(vectors[rows], dtype=np.float32))
    UMAP(n_epochs=5, n_jobs=1, random_state=0).fit(points[:5_000])
    wall, cpu = time.perf_counter(), time.process_time()
    places = np.asarray(UMAP(n_jobs=1, random_state=0).fit_transform(points), dtype=np.float32)
    print(
        f"plain umap-learn of {len(rows):,}: {time.perf_counter() - wall:.1f} s, {time.process_time() - cpu:.1f} CPU s"
    )
    print(
        f"  kept neighbours {sampled_trust(points, places):.4f}, trustworthiness {trustworthiness(points, places):.4f}"
    )


def asked(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return 200 questions near rows of a table, and the 10 rows that are nearest to each in truth."""
    rng = np.random.default_rng(3)
    width = vectors.shape[1]
    rows = rng.integers(0, len(vectors), QUESTIONS)
    queries = coordinates(
        np.asarray(vectors[rows], dtype=np.float32)
        + rng.normal(scale=0.01, size=(QUESTIONS, width)).astype(np.float32)
    )
    best = np.full((QUESTIONS, 10), -np.inf, dtype=np.float32)
    true = np.zeros((QUESTIONS, 10), dtype=np.int64)
    for start in range(0, len(vectors), BLOCK):
        part = coordinates(np.asarray(vectors[start : start + BLOCK], dtype=np.float32))
        scores = np.concatenate([best, queries @ part.T], axis=1)
        numbers = np.concatenate(
            [true, np.broadcast_to(np.arange(start, start + len(part)), (QUESTIONS, len(part)))], axis=1
        )
        order = np.argsort(-scores, axis=1)[:, :10]
        best, true = np.take_along_axis(scores, order, axis=1), np.take_along_axis(numbers, order, axis=1)
    return queries, true


def answered(
    nearest: Callable[[np.ndarray], np.ndarray], queries: np.ndarray, true: np.ndarray, told: str
) -> None:
    """Ask all questions, one after the other, and print how long that takes and how much of the truth is found."""
    nearest(queries[0])
    times, shared, cpu = [], [], time.process_time()
    for query, wanted in zip(queries, true, strict=True):
        wall = time.perf_counter()
        near = nearest(query)
        times.append(time.perf_counter() - wall)
        shared.append(len(set(near.tolist()) & set(wanted.tolist())) / 10)
    spent = (time.process_time() - cpu) / len(queries)
    middle, late = 1000 * np.percentile(times, [50, 95])
    print(
        f"{told}: median {middle:.1f} ms, 95th percentile {late:.1f} ms, {1000 * spent:.1f} CPU ms; "
        f"recall of 10 {np.mean(shared):.4f}; {peak()}",
        flush=True,
    )


def index(path: Path, folder: Path, n: int) -> None:
    """Make our own index of vectors in a mapped file, and search through it."""
    from embeddings_core.tables.search_index import make_index, open_index

    vectors = made(path, n)[:n]
    place = folder / f"index-{n}"
    if not place.exists():
        wall, cpu = time.perf_counter(), time.process_time()
        source = path if len(vectors) == len(made(path, n)) else folder / f"first-{n}.npy"
        if not source.exists():
            np.save(source, vectors)
        make_index(str(source), str(place))
        print(
            f"indexed {n:,} rows in {time.perf_counter() - wall:.0f} s, {time.process_time() - cpu:.0f} CPU s; {peak()}"
        )
    size = sum(file.stat().st_size for file in place.iterdir())
    found = open_index(place)
    assert found is not None
    print(f"{size / 2**20:.0f} MB on disk")
    queries, true = asked(vectors)
    answered(
        lambda query: found.nearest(query, 10, vectors=lambda rows: vectors[rows])[0], queries, true, "search"
    )


def search(path: Path, folder: Path, n: int) -> None:
    import lancedb
    import pyarrow as pa
    from lancedb.index import IvfRq

    from embeddings_core.tables.embedding import bases, given_space
    from embeddings_core.tables.index_jobs import Indexing
    from embeddings_core.tables.lance_rows import open_lance

    vectors = made(path, n)[:n]
    width = vectors.shape[1]

    def batches() -> "object":
        for start in range(0, len(vectors), BLOCK):
            part = np.asarray(vectors[start : start + BLOCK], dtype=np.float32)
            numbers = np.arange(start, start + len(part))
            cells = pa.FixedSizeListArray.from_arrays(pa.array(part.ravel()), width)
            text = pa.array([f"row {number} of a large table" for number in numbers])
            yield pa.record_batch([text, pa.array(numbers), cells], schema=schema)

    schema = pa.schema(
        [("text", pa.string()), ("row_number", pa.int64()), ("vector", pa.list_(pa.float32(), width))],
        metadata={"model": "minilm", "text": "text", "rows": str(len(vectors))},
    )
    out = folder / f"space-{n}.lance"
    if not out.exists():
        wall = time.perf_counter()
        lancedb.connect(str(folder)).create_table(out.stem, batches(), schema=schema)
        print(f"written in {time.perf_counter() - wall:.0f} s", flush=True)
    queries, true = asked(vectors)
    opened = open_lance(out)
    space = given_space(opened, bases(opened)[0])
    if not space.vectors.indexed:
        wall = time.perf_counter()
        space.vectors.nearest(queries[0], 10)
        print(f"without an index: {time.perf_counter() - wall:.1f} s a search")
        wall = time.perf_counter()
        job = Indexing(space, f"{out} {n}")
        job.watch("bench", here=lambda: True)
        job.begin()
        job.outcome()
        print(f"our index: made in {time.perf_counter() - wall:.0f} s", flush=True)
        answered(lambda query: space.search(query, 10)[0], queries, true, "search through our index")
        wall, cpu = time.perf_counter(), time.process_time()
        table = lancedb.connect(str(folder)).open_table(out.stem)
        table.create_index("vector", config=IvfRq(distance_type="cosine"))
        print(
            f"LanceDB's index: made in {time.perf_counter() - wall:.0f} s, {time.process_time() - cpu:.0f} CPU s",
            flush=True,
        )
    wall = time.perf_counter()
    found = open_lance(out).rows.vectors("vector")
    print(f"opened in {time.perf_counter() - wall:.2f} s, index: {found.indexed}; {peak()}")
    answered(lambda query: found.nearest(query, 10)[0], queries, true, "search through LanceDB's index")


async def until_drawn(visitor: "Visitor") -> float:
    """Look again, as a browser does by itself, until the map is there; return the seconds."""
    wall = time.perf_counter()
    while not any(text.startswith("Trust") for text in visitor.texts):
        await asyncio.sleep(0.2)
        await visitor.run()
    return time.perf_counter() - wall


async def page(path: Path, folder: Path) -> None:
    """Ten visitors at one table of 100,000 rows: seconds, and what each costs the server."""
    import os

    import pyarrow as pa
    import pyarrow.parquet as pq

    from tests.bench.visitors import Visitor, cpu_seconds, memory_mb, server

    vectors = np.asarray(made(path, 1_000_000)[:SAMPLE], dtype=np.float32)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "large.parquet"
    if not file.exists():
        numbers = np.arange(len(vectors))
        texts = [
            f"row {number} of a large table, with {number % 97} and {number % 89}"
            for number in numbers.tolist()
        ]
        cells = pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1])
        labels = [f"kind {number % 23}" for number in numbers.tolist()]
        pq.write_table(
            pa.table({"text": texts, "kind": labels, "price": numbers * 1.5, "vector": cells}), file
        )
    os.environ["EMBEDDINGS_VISUALIZER_TABLES"] = str(folder)
    from embeddings_core.tables.on_disk import files_on_disk

    [id] = [each.id for each in files_on_disk() if each.path == file]
    with server() as (port, pid):
        first = await Visitor.arrive(port, "", "")
        await asyncio.sleep(90)  # the worker warms up
        wall = time.perf_counter()
        visitor = await Visitor.arrive(port, "data", f"table={id}")
        print(
            f"file → page: {time.perf_counter() - wall:.1f} s, {memory_mb(pid, 'RssAnon'):.0f} MB",
            *visitor.errors,
        )
        drawn = await until_drawn(visitor)
        print(f"→ map: {drawn:.1f} s more (0 where it was drawn before), {memory_mb(pid, 'RssAnon'):.0f} MB")
        cpu, wall = cpu_seconds(pid), time.perf_counter()
        second = await Visitor.arrive(port, "data", f"table={id}")
        await until_drawn(second)
        print(
            f"a second visitor: {time.perf_counter() - wall:.2f} s, {cpu_seconds(pid) - cpu:.2f} CPU s, "
            f"{second.bytes / 2**20:.1f} MB sent, {memory_mb(pid, 'RssAnon'):.0f} MB"
        )
        await second.leave()
        for what in ("searched", "searched anew", "searched again"):
            cpu = cpu_seconds(pid)
            took = await visitor.type("search-data", f"{what[-3:]} 5")
            print(f"{what}: {took:.2f} s, {cpu_seconds(pid) - cpu:.2f} CPU s; {len(visitor.texts)} texts")
        others: list[Visitor] = []
        for turn in range(3):
            before = memory_mb(pid, "RssAnon")
            more = [await Visitor.arrive(port, "data", f"table={id}") for _ in range(10)]
            for other in more:
                await until_drawn(other)
                await other.type("search-data", f"row {turn}")
            await asyncio.sleep(2)
            print(f"{(memory_mb(pid, 'RssAnon') - before) / 10:.1f} MB a visitor, of ten more who stay")
            others += more
        for each in (first, visitor, *others):
            await each.leave()
    with server() as (port, pid):  # the same file after a start of the server: its map is on disk
        first = await Visitor.arrive(port, "", "")
        await asyncio.sleep(30)
        cpu, wall = cpu_seconds(pid), time.perf_counter()
        visitor = await Visitor.arrive(port, "data", f"table={id}")
        await until_drawn(visitor)
        print(
            f"opened again → map: {time.perf_counter() - wall:.1f} s, {cpu_seconds(pid) - cpu:.1f} CPU s of the server"
        )
        for each in (first, visitor):
            await each.leave()


if __name__ == "__main__":
    what, file = sys.argv[1], Path(sys.argv[2])
    if what == "map":
        draw(file, int(sys.argv[3]) if len(sys.argv) > 3 else 1_000_000)
    elif what == "plain":
        plain(file)
    elif what == "page":
        asyncio.run(page(file, Path(sys.argv[3])))
    else:
        folder, rows = Path(sys.argv[3]), int(sys.argv[4]) if len(sys.argv) > 4 else 1_000_000
        folder.mkdir(parents=True, exist_ok=True)
        (index if what == "index" else search)(file, folder, rows)
