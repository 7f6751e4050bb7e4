"""E5 from 4-bit weights: first vector in a fresh process, texts a CPU second, peak memory, agreement with the published engine."""

import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

import embeddings_core as ec
from embeddings_core.models.text_space import ReadWords, TextModel

ROOT = Path(__file__).resolve().parents[2]
FIRST = (
    "import resource, time, embeddings_core as ec\n"
    "ec.embed(['Katze'], ec.load_encoder('e5-small-q4'))\n"
    "print(time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
)


def main() -> None:
    runs = [
        subprocess.run([sys.executable, "-c", FIRST], check=True, cwd=ROOT, capture_output=True, text=True)
        for _ in range(3)
    ]
    seconds, memory = np.array([run.stdout.split() for run in runs], dtype=float).T
    print(f"first vector, fresh process: {seconds.min():.2f} CPU s, peak {memory.max():.0f} MB")
    encoder = ec.load_encoder("e5-small-q4")
    with np.load(ROOT / "tests" / "data" / "e5_truth.npz", allow_pickle=False) as truth:
        texts = [str(text) for text in truth["texts"]]
        for role in ("query", "passage"):
            vectors = ec.embed(texts, encoder, role=role).vectors
            agreed = np.einsum("ij,ij->i", vectors, truth[role].astype(np.float32))
            print(
                f'as "{role}: ": cosine to the published engine {agreed.min():.5f} or more, mean {agreed.mean():.5f}'
            )
    many = [f"{text} {turn}" for turn in range(20) for text in texts]
    start, wall = time.process_time(), time.perf_counter()
    ec.embed(many, encoder)
    spent, took = time.process_time() - start, time.perf_counter() - wall
    tokens = np.mean([len(encoder.inner.tokens(text)) for text in encoder.prompted(many, "passage")])
    print(
        f"{len(many):,} short texts of {tokens:.0f} tokens: {len(many) / spent:.0f} a CPU second, {len(many) / took:.0f} a second"
    )
    for title, space in (
        ("E5, sentence pairs", TextModel("e5-small-q4")),
        ("E5, word pairs", ReadWords("e5-small-q4")),
        ("MiniLM, sentence pairs", TextModel("minilm")),
    ):
        low, middle, high = np.percentile(space.reference().scores, [1, 50, 99])
        print(f"unrelated pairs, {title}: {low:.2f} to {high:.2f}, the middle one {middle:.2f}")


if __name__ == "__main__":
    main()
