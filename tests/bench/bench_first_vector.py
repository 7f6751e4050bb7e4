"""The first vector of an unknown word in a fresh process: ours against SentenceTransformer. CPU seconds, children too."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUARD = "from embeddings_core.models.runtime import ready_torch; ready_torch()\n"
FOLDER = "from embeddings_core.models.minilm import minilm_folder\n"
WAYS = {
    "SentenceTransformer": f"{FOLDER}{GUARD}from sentence_transformers import SentenceTransformer\n"
    "SentenceTransformer(str(minilm_folder()), device='cpu').encode(['blorft'])",
    "embed_words": "import embeddings_core as ec\nec.embed_words(['blorft'])",
    "embed_words, known word": "import embeddings_core as ec\nec.embed_words(['king'])",
}
ROUNDS = 3


def cpu_seconds(code: str) -> float:
    before = os.times()
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, capture_output=True)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


def main() -> None:
    best = dict.fromkeys(WAYS, float("inf"))
    for _ in range(ROUNDS):
        for name, code in WAYS.items():
            best[name] = min(best[name], cpu_seconds(code))
    for name, seconds in best.items():
        print(f"{name:26} {seconds:6.2f} s   {seconds / best['SentenceTransformer']:5.3f} ×")


if __name__ == "__main__":
    main()
