"""What training leaves behind, as spaces of static words; and all the spaces of words that everybody on a server can use."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from embeddings_core import jobs
from embeddings_core.limits import VECTOR_SECONDS
from embeddings_core.models.catalogue_words import catalogue_spaces
from embeddings_core.spaces.files.word_vectors import WordVectors
from embeddings_core.spaces.static_words import StaticWords, WordShelf, local_spaces
from embeddings_core.training.bundled import FILES, bundled_training
from embeddings_core.training.configuration import TrainingConfig
from embeddings_core.training.news_words import news_words
from embeddings_core.training.record import Training

METHODS = {"skipgram": "skip-gram", "cbow": "CBOW", "fasttext": "fastText", "glove": "GloVe"}
TEXTS = {"world": "the little world", "news": "the news articles", "own": "my own text"}


@dataclass(frozen=True)
class RecordedTraining(StaticWords):
    """The words of a bundled training; `id` is its text."""

    def opened(self) -> WordVectors:
        """Return its words; raise ModelUnavailableError where the file is missing."""
        return _recorded(self)


@dataclass(frozen=True)
class NewsWords(StaticWords):
    """Words trained on the news articles when they are first asked for."""

    def opened(self) -> WordVectors:
        """Return its words: seconds at the first time, in the worker."""
        return _news()


NEWS_WORDS = NewsWords("news", "word2vec on 300 news articles")


def recorded_space(config: TrainingConfig) -> RecordedTraining:
    """Return the space of a bundled training."""
    return RecordedTraining(config.source, f"trained: {METHODS[config.kind]} on {TEXTS[config.source]}")


@lru_cache(maxsize=2)
def _recorded(space: RecordedTraining) -> WordVectors:
    config = next(config for config in FILES if config.source == space.id)
    return _trained(bundled_training(config), space.title)


@lru_cache(maxsize=1)
def _news() -> WordVectors:
    return jobs.within(VECTOR_SECONDS, heavy=True).run(news_words)


def _trained(training: Training, title: str) -> WordVectors:
    words = training.final
    note = f"The {len(words):,} most frequent words of the text, after {training.epochs} epochs."
    return WordVectors(words.items, words.vectors, title, layout="trained here", notes=(note,))


def keep_training(shelf: WordShelf, config: TrainingConfig, training: Training) -> StaticWords:
    """Keep what a visitor trained: its most frequent words with the vectors after the last epoch; the last one counts."""
    if config in FILES:
        return recorded_space(config)
    digest = hashlib.sha256(repr((config, training.epochs)).encode()).hexdigest()[:24]
    title = f"my training: {METHODS[config.kind]} on {TEXTS[config.source]}"
    return shelf.keep_training(digest, lambda: _trained(training, title))


def shared_spaces() -> tuple[StaticWords, ...]:
    """Return the spaces of words that everybody on this server can look into now."""
    return (*catalogue_spaces(), *local_spaces(), NEWS_WORDS, *(recorded_space(config) for config in FILES))
