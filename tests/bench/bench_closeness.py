"""How often a rare real word, and a string of letters, is said to have something close among the bundled words.

Run: python tests/bench/bench_closeness.py
"""

import random
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.stats import rankdata

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import embeddings_core as ec
from embeddings_core.analysis.closeness import closeness, nothing_close
from embeddings_core.models.bundled_words import BUNDLED_WORDS
from embeddings_core.models.embed import embed_words

KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
LETTERS = "".join(sorted("".join(KEYS)))


def strings(make: Callable[[], str], many: int, known: set[str]) -> list[str]:
    """Make different strings that are no word of GloVe's."""
    made: set[str] = set()
    while len(made) < many:
        made |= {make()} - known
    return sorted(made)


def main() -> None:
    """Print the shares, and how well the two statistics tell words from strings (area under the ROC curve)."""
    space, reference = ec.load_vocabulary(), BUNDLED_WORDS.reference()
    glove = ec.load_encoder("glove-50").inner.space.items
    known, bundled, rng = set(glove), set(space.items), random.Random(0)
    rare = [
        word for word in glove[15_000:45_000] if re.fullmatch("[a-z]{4,12}", word) and word not in bundled
    ]

    def row() -> str:
        keys = rng.choice(KEYS)
        return "".join(rng.choice(keys) for _ in range(rng.randint(5, 10)))

    def syllables() -> str:
        pairs = (rng.choice("bcdfghjklmnprstvwz") + rng.choice("aeiou") for _ in range(rng.randint(2, 4)))
        return "".join(pairs) + rng.choice(["", "n", "r", "x", "k"])

    kinds = {
        "rare words": rng.sample(rare, 400),
        "letters at random": strings(
            lambda: "".join(rng.choice(LETTERS) for _ in range(rng.randint(5, 10))), 200, known
        ),
        "keys of one row": strings(row, 150, known),
        "syllables that are no word": strings(syllables, 200, known),
    }
    one, five = {}, {}
    for kind, words in kinds.items():
        scores = np.sort(embed_words(tuple(words)).words.vectors @ space.vectors.T, axis=1)
        one[kind], five[kind] = scores[:, -1], scores[:, -5:].mean(axis=1)
        found = [
            not nothing_close(closeness(each[-5:][::-1], reference, vocabulary=each), "") for each in scores
        ]
        print(f"{kind}: {100 * np.mean(found):.1f} of 100 have something close")
    for name, each in (("the nearest", one), ("the mean of the five nearest", five)):
        words, *others = each.values()
        ranks = rankdata(np.concatenate([words, *others]))[: len(words)]
        area = (ranks.sum() - len(words) * (len(words) + 1) / 2) / len(words) / sum(map(len, others))
        print(f"area under the ROC curve by {name}: {area:.3f}")


if __name__ == "__main__":
    main()
