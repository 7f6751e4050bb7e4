"""Maps against the plain library call, side by side in one run: `python tests/bench/bench_projection.py`.

CPU seconds of whole processes, children included, so that compiling, importing and extra threads count.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

PLAIN = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np
x = np.load(sys.argv[1], allow_pickle=False)
import umap
first = time.process_time(); y = umap.UMAP().fit_transform(x)
again = time.process_time(); umap.UMAP().fit_transform(x); end = time.process_time()
np.save(sys.argv[2], y)
print(json.dumps({"total": again, "warm": end - again}))
"""
OURS = """
import json, sys, time
import numpy as np
from embeddings_core import jobs
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.maps.projection import project
x = np.load(sys.argv[1], allow_pickle=False)
items = EmbeddingSet(tuple(map(str, range(len(x)))), x)
def work():
    # the worker lives on: its own clock, read from the outside
    import os
    fields = open(f"/proc/{jobs._jobs._child.process.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK") + time.process_time()
y = jobs.run(project, items, method="umap").final
first = work(); jobs.run(project, items, method="umap"); end = work()
np.save(sys.argv[2], y)
few = EmbeddingSet(items.items[:10], x[:10])
before = work(); [jobs.run(project, few, method="umap") for _ in range(20)]; ten = (work() - before) / 20
here = time.process_time(); [jobs.run(project, few, method="umap") for _ in range(20)]; here = (time.process_time() - here) / 20
print(json.dumps({"total": first, "warm": end - first, "ten": ten, "parent": here}))
"""


def words(n: int) -> np.ndarray:
    """Return n word vectors of the bundled space, the same ones every time."""
    from embeddings_core.spaces.vocabulary import load_vocabulary

    space = load_vocabulary()
    return np.asarray(space.vectors[np.random.default_rng(0).permutation(len(space))[:n]])


def run(code: str, table: Path, result: Path) -> dict[str, float]:
    """Run code in a fresh interpreter and return what it prints."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("NUMBA")}
    done = subprocess.run(
        [sys.executable, "-c", code, str(table), str(result)],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measure and print."""
    from sklearn.manifold import trustworthiness

    with tempfile.TemporaryDirectory() as folder:
        table, ours_at, plain_at = (Path(folder) / name for name in ("x.npy", "ours.npy", "plain.npy"))
        np.save(table, words(1000))
        run(OURS, table, ours_at)  # the very first run ever fills the cache of compiled code
        seeded = PLAIN.replace("umap.UMAP()", "umap.UMAP(random_state=0, n_jobs=1)")  # on one thread
        sides = ((seeded, plain_at), (PLAIN, plain_at), (OURS, ours_at))
        runs = [[run(code, table, at) for code, at in sides] for _ in range(3)]
        x = np.load(table, allow_pickle=False)
        worth = [
            trustworthiness(x, np.load(at, allow_pickle=False), n_neighbors=15) for at in (ours_at, plain_at)
        ]
    single, plain, ours = (
        {key: float(np.median([r[side][key] for r in runs])) for key in runs[0][side]} for side in range(3)
    )
    print(f"UMAP of 1,000 words, CPU seconds{'':12}one thread   plain    ours   ours / plain (at most)")
    for title, key, limit in (("fresh process to the first map", "total", 0.25), ("warm", "warm", 0.5)):
        ratio = ours[key] / plain[key]
        print(f"  {title:44}{single[key]:6.2f}  {plain[key]:6.2f}  {ours[key]:6.2f}   {ratio:.2f} ({limit})")
    print(
        f"  trustworthiness: plain {worth[1]:.3f}, ours {worth[0]:.3f}, ratio {worth[0] / worth[1]:.3f} (at least 0.98)"
    )
    here, whole = 1000 * ours["parent"], 1000 * ours["ten"]
    print(f"UMAP of 10 words, warm: {whole:.0f} ms CPU in all, {here:.1f} ms of it in the server process")
    tsne()
    print(
        f"peak memory of a worker's parent and children: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB"
    )


def tsne() -> None:
    """Compare t-SNE, recorded, with the plain call of the same optimiser and of scikit-learn; one thread each."""
    code = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.maps.projection import tsne
from sklearn.manifold import TSNE as Scikit, trustworthiness
from openTSNE import TSNE
x = np.load(sys.argv[1], allow_pickle=False)
items = EmbeddingSet(tuple(map(str, range(len(x)))), x)
clock = [time.process_time()]
maps = [tsne(items).final]; clock.append(time.process_time())
maps.append(np.asarray(TSNE(n_jobs=1, random_state=0, neighbors="exact").fit(x))); clock.append(time.process_time())
maps.append(Scikit(random_state=0, init="random").fit_transform(x)); clock.append(time.process_time())
print(json.dumps([*np.diff(clock), *(trustworthiness(x, y, n_neighbors=15) for y in maps)]))
"""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "x.npy"
        np.save(table, words(1000))
        environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(
            [sys.executable, "-c", code, str(table)],
            check=True,
            capture_output=True,
            text=True,
            env=environment,
        )
    values = json.loads(done.stdout)
    print(
        f"t-SNE of 1,000 words, CPU seconds: recorded {values[0]:.2f}, plain {values[1]:.2f}, scikit-learn {values[2]:.2f};"
    )
    print(f"  trustworthiness {values[3]:.3f}, {values[4]:.3f}, {values[5]:.3f}")


if __name__ == "__main__":
    main()
