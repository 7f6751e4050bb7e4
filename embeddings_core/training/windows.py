"""What a trainer sees of one sentence: words dropped at random, windows, true pairs and sampled wrong
ones."""

from dataclasses import dataclass

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.corpus import Vocabulary, split_sentences
from embeddings_core.spaces.vectors import FloatArray

NOISE_POWER = 0.75
SAMPLE = 1e-3  # the library's threshold for frequent words


@dataclass(frozen=True)
class Window:
    """One word, the words of its window, and for each of these pairs the wrong words drawn beside it.

    `place` and `contexts` count among the kept words of the sentence; `radius` is the drawn width.
    """

    word: str
    place: int
    radius: int
    contexts: tuple[int, ...]
    pairs: tuple[tuple[str, str], ...]
    negatives: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False)
class SentenceWindows:
    """One pass over a sentence, as training makes it.

    `words` are those of the sentence in the vocabulary, `keep` (words,) the chance that each is kept, `kept`
    whether it was, this time; `unknown` are those the vocabulary does not hold.
    """

    words: tuple[str, ...]
    keep: FloatArray
    kept: tuple[bool, ...]
    windows: tuple[Window, ...]
    unknown: tuple[str, ...]


def keep_chance(vocabulary: Vocabulary, *, sample: float = SAMPLE) -> FloatArray:
    """Return the chance that a word of each kind is kept: √(t/f) + t/f, at most 1, with the word's share f.

    Frequent words are dropped at random (Mikolov et al. 2013, as their program computes it).
    """
    if sample <= 0:
        return np.ones(len(vocabulary), dtype=np.float32)
    ratio = sample * vocabulary.counts.sum() / vocabulary.counts
    return np.asarray(np.minimum(1.0, np.sqrt(ratio) + ratio), dtype=np.float32)


def noise_chance(vocabulary: Vocabulary) -> FloatArray:
    """Return the chance that each word is drawn as a wrong one: its count to the power of ¾."""
    powers = vocabulary.counts.astype(np.float64) ** NOISE_POWER
    return np.asarray(powers / powers.sum(), dtype=np.float32)


def sentence_windows(
    sentence: str,
    vocabulary: Vocabulary,
    *,
    window: int = 5,
    negatives: int = 5,
    sample: float = SAMPLE,
    seed: int = 0,
) -> SentenceWindows:
    """Make one training pass over a sentence by the rules of skip-gram with negative sampling.

    Frequent words are dropped, each word draws a radius from 1 to `window`, and for each pair `negatives`
    words are drawn from the noise table; where the draw hits the true word it is skipped, as in the original
    program. Raises BadInputError where no word is known.
    """
    if window < 1 or negatives < 0:
        raise BadInputError("A window needs at least 1 word and no fewer than 0 wrong words.")
    spoken = [word for part in split_sentences(sentence) for word in part]
    rows = vocabulary.rows()
    known = [word for word in spoken if word in rows]
    if not known:
        raise BadInputError("None of these words is in the text that was learnt; type a sentence from it.")
    rng = np.random.default_rng(seed)
    keep = keep_chance(vocabulary, sample=sample)[[rows[word] for word in known]]
    kept = rng.random(len(known)) < keep
    left = [word for word, stays in zip(known, kept, strict=True) if stays]
    table = np.cumsum(noise_chance(vocabulary), dtype=np.float64)
    windows = []
    for place, word in enumerate(left):
        radius = int(rng.integers(1, window + 1))
        around = [
            other
            for other in range(max(place - radius, 0), min(place + radius + 1, len(left)))
            if other != place
        ]
        drawn = []
        for other in around:
            picks = np.searchsorted(table, rng.random(negatives) * table[-1], side="right")
            names = (vocabulary.words[pick] for pick in picks)
            drawn.append(tuple(name for name in names if name != left[other]))
        pairs = tuple((word, left[other]) for other in around)
        windows.append(Window(word, place, radius, tuple(around), pairs, tuple(drawn)))
    unknown = tuple(dict.fromkeys(word for word in spoken if word not in rows))
    return SentenceWindows(tuple(known), keep, tuple(bool(stays) for stays in kept), tuple(windows), unknown)
