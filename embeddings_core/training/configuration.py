"""A training as people choose it: which text, which method, which settings; enough to do it again."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from embeddings_core.analysis.clustering import Clustering, kmeans
from embeddings_core.spaces.corpus import count_words, news_texts, split_sentences
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray
from embeddings_core.training.cooccurrence import cooccurrence
from embeddings_core.training.glove import train_glove
from embeddings_core.training.little_world import KINDS, little_world
from embeddings_core.training.record import Progress, Training
from embeddings_core.training.windows import keep_chance
from embeddings_core.training.word2vec import train_word2vec

Source = Literal["news", "world", "own"]
TrainingKind = Literal["skipgram", "cbow", "fasttext", "glove"]
TOP = 400  # words whose way is kept: more could not be read, and 61 epochs of them are 10 MB
RATES = {"skipgram": 0.025, "cbow": 0.025, "fasttext": 0.025, "glove": 0.05}
COMMON = 0.9  # a word that training keeps less often than this (of, said …) says little on a map


@dataclass(frozen=True)
class TrainingConfig:
    """What is learnt and how; `own` is the visitor's text, empty for the bundled ones.

    `learning_rate` None is the usual one of the method; `negatives` mean nothing to GloVe.
    """

    source: Source = "world"
    kind: TrainingKind = "skipgram"
    window: int = 5
    dimensions: int = 50
    negatives: int = 5
    epochs: int = 20
    learning_rate: float | None = None
    seed: int = 0
    own: str = ""

    @property
    def rate(self) -> float:
        """The learning rate in force."""
        return self.learning_rate or RATES[self.kind]


def training_texts(config: TrainingConfig) -> tuple[str, ...]:
    """Return the text that a configuration names."""
    if config.source == "news":
        return news_texts()
    return (little_world() if config.source == "world" else config.own,)


def run_training(
    config: TrainingConfig, *, progress: Progress | None = None, should_stop: Callable[[], bool] | None = None
) -> Training:
    """Train as configured; a stop keeps the epochs that were done.

    The map keeps the 400 most frequent words. Raises BadInputError for a text that is too short or settings
    outside their range.
    """
    texts = training_texts(config)
    if config.kind == "glove":
        return train_glove(
            texts, dimensions=config.dimensions, window=config.window, epochs=config.epochs,
            learning_rate=config.rate, seed=config.seed, top=TOP, progress=progress, should_stop=should_stop,
        )  # fmt: skip
    return train_word2vec(
        texts, kind=config.kind, dimensions=config.dimensions, window=config.window, negatives=config.negatives,
        epochs=config.epochs, learning_rate=config.rate, seed=config.seed, top=TOP, progress=progress,
        should_stop=should_stop,
    )  # fmt: skip


def informative_words(training: Training, *, most: int, first: Collection[str] = ()) -> tuple[str, ...]:
    """Choose words for a map, the most frequent ones first: without those so common that training itself thins
    them out, and in a small text without those that are twice as common as the mean.

    Words of `first` are taken before all others. All are taken where hardly any would be left.
    """
    vocabulary = training.vocabulary
    shares = vocabulary.counts / vocabulary.counts.sum()
    telling = (keep_chance(vocabulary) >= COMMON) | (shares < 2 / len(vocabulary))
    fit = {word for word, tells in zip(vocabulary.words, telling, strict=True) if tells}
    kept = [word for word in training.words if word in first]
    kept += [word for word in training.words if word in fit and word not in first]
    return tuple((kept if len(kept) >= min(10, len(training.words)) else training.words)[:most])


@lru_cache(maxsize=1)
def known_kinds() -> dict[str, str]:
    """Return what each word of the little world is one of."""
    return {word: kind for kind, words in KINDS.items() for word in words}


def example_sentences(
    config: TrainingConfig, *, most: int = 8, words: Sequence[int] = (6, 14)
) -> tuple[str, ...]:
    """Pick sentences of the text that are short enough to be shown and made of learnt words, spread over it."""
    sentences = split_sentences(training_texts(config))
    known = set(count_words(sentences).words)
    least, longest = words
    fit = [
        " ".join(sentence)
        for sentence in sentences
        if least <= len(sentence) <= longest and all(word in known for word in sentence)
    ] or [" ".join(sentence[:longest]) for sentence in sentences[:most]]
    fit = list(dict.fromkeys(fit))
    return tuple(fit[:: max(len(fit) // most, 1)][:most])


def cooccurrence_counts(config: TrainingConfig, words: tuple[str, ...]) -> FloatArray:
    """Count how often words of a text stand together within the window, near pairs more (as GloVe counts)."""
    sentences = split_sentences(training_texts(config))
    return cooccurrence(sentences, count_words(sentences), window=config.window).table(words)


def word_groups(training: Training, words: Sequence[str], *, most: int = 6) -> Clustering | None:
    """Group words by k-means on their final vectors; None where there are too few to group."""
    rows = {word: row for row, word in enumerate(training.words)}
    vectors = training.snapshots[-1][[rows[word] for word in words]]
    k = min(most, len(words) // 4, len(np.unique(vectors, axis=0)))
    return kmeans(EmbeddingSet(tuple(words), vectors, training.kind), k=k) if k >= 2 else None
