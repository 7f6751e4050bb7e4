"""5,000 words and 2,000 sentences: ours against plain SentenceTransformer.encode, one thread. Items a CPU second."""

import os
import sys
import time
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from embeddings_core.doctor import has_bfloat16
from embeddings_core.models.minilm import minilm_folder
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.runtime import ready_torch
from embeddings_core.spaces.vocabulary import load_vocabulary

ROUNDS = 2


def main() -> None:
    os.environ["EMBEDDINGS_VISUALIZER_THREADS"] = "1"
    words = list(load_vocabulary().items[:5_000])
    rng = np.random.default_rng(0)
    sentences = [" ".join(rng.choice(words, rng.integers(8, 25))) + "." for _ in range(2_000)]

    torch = ready_torch()
    torch.set_num_threads(1)
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(minilm_folder()), device="cpu", local_files_only=True)
    ways = {
        "SentenceTransformer": lambda texts: plain.encode(texts, show_progress_bar=False),
        "minilm (float32)": load_encoder("minilm"),
    }
    if find_spec("openvino") is not None:
        ways["minilm-bfloat16"] = load_encoder("minilm-bfloat16")
    x = torch.randn(1024, 1024)
    rates = []
    for kind in (torch.float32, torch.bfloat16):
        y = x.to(kind)
        y @ y
        start = time.process_time()
        for _ in range(8):
            y @ y
        rates.append(8 * 2 * 1024**3 / (time.process_time() - start) / 1e9)
    print(
        f"this processor: bfloat16 {'yes' if has_bfloat16() else 'no'}; "
        f"products of 1,024 × 1,024: {rates[0]:.0f} GFLOP/s in float32, {rates[1]:.0f} in bfloat16"
    )
    for title, texts in (("words", words), ("sentences", sentences)):
        best: dict[str, float] = dict.fromkeys(ways, float("inf"))
        vectors = {}
        for _ in range(ROUNDS):
            for name, way in ways.items():
                start = time.process_time()
                vectors[name] = np.asarray(way(texts))
                best[name] = min(best[name], time.process_time() - start)
        truth = vectors["SentenceTransformer"]
        for name, seconds in best.items():
            unit = vectors[name] / np.linalg.norm(vectors[name], axis=1, keepdims=True)
            cosine = float(np.einsum("ij,ij->i", unit, truth).min())
            faster = best["SentenceTransformer"] / seconds
            print(
                f"{title:10} {name:20} {len(texts) / seconds:7.0f} a second   {faster:4.2f} × as fast   cosine ≥ {cosine:.6f}"
            )


if __name__ == "__main__":
    main()
