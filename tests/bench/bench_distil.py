"""The distillation of MiniLM: CPU seconds and seconds for all its word pieces, texts a CPU second of both, what is kept."""

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

import embeddings_core as ec
from embeddings_core.analysis.comparison import compare
from embeddings_core.models.static_model import described, open_static_model, zipped
from embeddings_core.spaces.corpus import news_sentences
from embeddings_core.spaces.datasets import SENTENCES
from embeddings_core.training.distillation import distil, pieces


def a_cpu_second(encode: object, texts: list[str]) -> float:
    encode(texts[:1])  # type: ignore[operator]
    begun = time.process_time()
    encode(texts)  # type: ignore[operator]
    return len(texts) / (time.process_time() - begun)


def main() -> None:
    network = ec.load_encoder("minilm")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "model"
        count, begun = len(pieces().names), time.process_time()
        seconds = distil(folder)
        spent = time.process_time() - begun
        static = open_static_model(folder)
        kept = described(folder)["explained_variance"]
        print(
            f"{count:,} pieces: {spent:.1f} CPU s, {seconds:.1f} s; 256 directions keep {kept} of the variance"
        )
        print(f"ZIP: {len(zipped(folder)) / 1e6:.1f} MB")
    many = [f"{text} {turn}" for turn in range(250) for text in SENTENCES.items]
    slow, fast = a_cpu_second(network, many[:240]), a_cpu_second(static, many)
    print(f"short texts a CPU second: MiniLM {slow:.0f}, static {fast:,.0f}, {fast / slow:.0f} times")
    for title, texts in (("the page's sentences", SENTENCES.items), ("news sentences", news_sentences())):
        first, second = (ec.embed(list(texts), encoder) for encoder in (network, static))
        nearest, ten = compare(first, second, k=1), compare(first, second, k=10)
        print(
            f"{title}: {nearest.same_nearest} of {len(texts)} keep their nearest, {100 * np.mean(ten.shared):.0f} in 100 of "
            f"{ten.k} stay"
        )


if __name__ == "__main__":
    main()
