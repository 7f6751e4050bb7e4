"""GloVe's figures on WordSim-353 and the Google analogies, by us and by gensim on the same vectors; and its first answer.

Run: python tests/bench/bench_glove_truth.py [questions a section, default 100].
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import embeddings_core as ec

FIRST = """
import time, embeddings_core as ec
start = time.process_time()
import numpy
middle = time.process_time()
space = ec.load_encoder("glove-50").inner.space
ec.nearest(space, "bank", k=10)
print(time.process_time() - start, middle - start)
"""


def main() -> None:
    """Print the figures side by side."""
    from gensim.models import KeyedVectors
    from gensim.test.utils import datapath

    space = ec.load_encoder("glove-50").inner.space
    theirs = KeyedVectors(50)
    theirs.add_vectors(list(space.items), np.asarray(space.vectors))
    pairs = [
        line.split("\t")
        for line in Path(datapath("wordsim353.tsv")).read_text().splitlines()
        if line[0] != "#"
    ]
    ours, human = [], []
    for a, b, score, *_ in pairs:
        vectors, unknown = space.look_up([a, b])
        if not unknown:
            x, y = vectors.astype(np.float64)
            ours.append(x @ y / np.linalg.norm(x) / np.linalg.norm(y))
            human.append(float(score))
    _, spearman, left_out = theirs.evaluate_word_pairs(datapath("wordsim353.tsv"))
    print(
        f"WordSim-353, Spearman: ours {spearmanr(ours, human)[0]:.4f}, gensim {spearman[0]:.4f} ({left_out:.1f} % left out)"
    )

    asked = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    sections: dict[str, list[list[str]]] = {}
    for line in Path(datapath("questions-words.txt")).read_text().splitlines():
        if line.startswith(":"):
            section = sections.setdefault(line[2:], [])
        elif len(section) < asked:
            section.append(line.lower().split())
    right = [0, 0]
    asked_in_all = 0
    for questions in sections.values():
        for a, b, c, d in questions:
            if any(word not in space.rows for word in (a, b, c, d)):
                continue
            asked_in_all += 1
            right[0] += ec.analogy(space, a, b, c).answers.items[0] == d
            right[1] += theirs.most_similar(positive=[b, c], negative=[a], topn=1)[0][0] == d
    print(
        f"Google analogies, {asked_in_all} questions: ours {right[0] / asked_in_all:.4f}, gensim {right[1] / asked_in_all:.4f}"
    )

    query = space.vectors[space.rows["bank"]]
    times: list[list[float]] = [[], []]
    for _ in range(60):
        start = time.process_time()
        ec.nearest(space, "bank", k=10)
        middle = time.process_time()
        space.vectors @ query
        times[0].append(middle - start)
        times[1].append(time.process_time() - middle)
    print(f"top 10 of 400,000 against one product: {np.median(times[0]) / np.median(times[1]):.2f} x")
    with tempfile.TemporaryDirectory() as cache:
        told = []
        # what an installation compiles is compiled here too: in the first run, which is told apart
        surroundings = {
            **os.environ,
            "EMBEDDINGS_VISUALIZER_CACHE": cache,
            "PYTHONPYCACHEPREFIX": f"{cache}/code",
        }
        surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(8):
            done = subprocess.run(
                [sys.executable, "-c", FIRST], capture_output=True, text=True, check=True,
                env=surroundings,
            )  # fmt: skip
            told.append([float(each) for each in done.stdout.split()])
    first, (whole, numpy_alone) = told[0], np.median(told[1:], axis=0)
    print(
        f"first answer in a fresh process, after `import embeddings_core`: {whole:.2f} CPU s, {numpy_alone:.2f} of it numpy's "
        f"import; {first[0]:.2f} and {first[1]:.2f} in the first process ever, "
        "which compiles the code and reads the words from Parquet"
    )


if __name__ == "__main__":
    main()
