"""Open a 100 MB text file of vectors: ours against gensim's own loader, in CPU seconds of one run."""

import os
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np

WORDS, DIMENSIONS = 120_000, 100


def seconds(action):
    start = time.process_time()
    action()
    return time.process_time() - start


def main():
    folder = tempfile.TemporaryDirectory()
    os.environ["EMBEDDINGS_VISUALIZER_CACHE"] = str(Path(folder.name) / "cache")
    rng = np.random.default_rng(0)
    rows = [b"w%d " % n + b" ".join(b"%.5f" % v for v in rng.normal(size=DIMENSIONS)) for n in range(WORDS)]
    glove, vec = Path(folder.name) / "glove.txt", Path(folder.name) / "words.vec"
    glove.write_bytes(b"\n".join(rows) + b"\n")
    vec.write_bytes(b"%d %d\n" % (WORDS, DIMENSIONS) + b"\n".join(rows) + b"\n")
    from gensim.models import KeyedVectors

    from embeddings_core.spaces.files.opener import open_vectors

    warnings.simplefilter("ignore")
    loaders = ((vec, {}), (glove, {"no_header": True}))
    for path, options in loaders:
        plain = seconds(
            lambda path=path, options=options: KeyedVectors.load_word2vec_format(str(path), **options)
        )
        first = seconds(lambda path=path: open_vectors(path))
        second = seconds(lambda path=path: open_vectors(path))
        size = path.stat().st_size / 1e6
        print(
            f"{path.name}, {size:.0f} MB: gensim {plain:.2f} s; first opening {first:.2f} s, "
            f"{first / plain:.2f} × (at most 1.2); again {second:.2f} s, {second / plain:.3f} × (at most 0.1)"
        )
    folder.cleanup()


if __name__ == "__main__":
    main()
