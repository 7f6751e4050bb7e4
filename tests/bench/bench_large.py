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
from pathlib import Path

import numpy as np

from embeddings_core.maps.knn_graph import coordinates, neighbour_graph
from embeddings_core.maps.large_map import large_map, representative_rows
from embeddings_core.maps.trust import sampled_trust
from embeddings_core.spaces.corpus import news_texts
from embeddings_core.spaces.vocabulary import load_vocabulary
from embeddings_core.tables.embedding import embed_texts
from tests.bench.bench_tables import trustworthiness

SAMPLE = 100_000
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


def search(path: Path, folder: Path) -> None:
    import lancedb
    import pyarrow as pa

    from embeddings_core.tables.lance_rows import open_lance

    vectors = made(path, 1_000_000)
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
    out = folder / "space.lance"
    if not out.exists():
        wall = time.perf_counter()
        table = lancedb.connect(str(folder)).create_table("space", batches(), schema=schema)
        print(f"written in {time.perf_counter() - wall:.0f} s", flush=True)
        wall = time.perf_counter()
        table.create_index(metric="cosine", vector_column_name="vector", index_type="IVF_HNSW_SQ")
        print(f"indexed in {time.perf_counter() - wall:.0f} s", flush=True)
    wall = time.perf_counter()
    found = open_lance(out).rows.vectors("vector")
    print(f"opened in {time.perf_counter() - wall:.2f} s, index: {found.indexed}; {peak()}")
    rng = np.random.default_rng(3)
    rows = rng.integers(0, len(vectors), 200)
    queries = coordinates(
        np.asarray(vectors[rows], dtype=np.float32)
        + rng.normal(scale=0.01, size=(200, width)).astype(np.float32)
    )
    best = np.full((200, 10), -np.inf, dtype=np.float32)
    true = np.zeros((200, 10), dtype=np.int64)
    for start in range(0, len(vectors), BLOCK):
        part = coordinates(np.asarray(vectors[start : start + BLOCK], dtype=np.float32))
        scores = np.concatenate([best, queries @ part.T], axis=1)
        numbers = np.concatenate(
            [true, np.broadcast_to(np.arange(start, start + len(part)), (200, len(part)))], axis=1
        )
        order = np.argsort(-scores, axis=1)[:, :10]
        best, true = np.take_along_axis(scores, order, axis=1), np.take_along_axis(numbers, order, axis=1)
    found.nearest(queries[0], 10)
    times, shared = [], []
    for query, wanted in zip(queries, true, strict=True):
        wall = time.perf_counter()
        near, _ = found.nearest(query, 10)
        times.append(time.perf_counter() - wall)
        shared.append(len(set(near.tolist()) & set(wanted.tolist())) / 10)
    middle, late = 1000 * np.percentile(times, [50, 95])
    print(
        f"search: median {middle:.1f} ms, 95th percentile {late:.1f} ms; recall of 10 {np.mean(shared):.4f}; {peak()}"
    )


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
        wall = time.perf_counter()
        await (await Visitor.arrive(port, "data", f"table={id}")).leave()
        print(f"a second visitor: {time.perf_counter() - wall:.2f} s, {memory_mb(pid, 'RssAnon'):.0f} MB")
        for what in ("searched", "searched anew", "searched again"):
            cpu = cpu_seconds(pid)
            took = await visitor.type("search-data", f"{what[-3:]} 5")
            print(f"{what}: {took:.2f} s, {cpu_seconds(pid) - cpu:.2f} CPU s; {len(visitor.texts)} texts")
        before = memory_mb(pid, "RssAnon")
        others = [await Visitor.arrive(port, "data", f"table={id}") for _ in range(10)]
        for other in others:
            await other.type("search-data", "row 7")
        print(f"{(memory_mb(pid, 'RssAnon') - before) / 10:.1f} MB a visitor, of ten who stay")
        for each in (first, visitor, *others):
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
        search(file, Path(sys.argv[3]))
