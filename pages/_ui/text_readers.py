"""Who reads the sentences: a text model, or the mean of a space of static words; what is computed once for either."""

from dataclasses import dataclass

import numpy as np

from embeddings_core.analysis import sentences
from embeddings_core.analysis.sentence_reference import news_sentences, sentence_yardstick
from embeddings_core.analysis.sentences import WordOrder
from embeddings_core.analysis.sentences import word_order as compare_order
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.spec import Encoder, ModelSpec
from embeddings_core.models.words import AVERAGED, AveragedWords
from embeddings_core.spaces.vectors import FloatArray, random_pair_scores
from pages._ui import word_store
from pages._ui.word_store import StaticSpace

ENOUGH = 40  # sentences of the news of which a space knows a word; below, pairs of words are the yardstick
SENTENCE_PAIRS, WORD_PAIRS = "random sentence pairs", "random pairs of its words"


@dataclass(frozen=True)
class MeanSpace:
    """The mean of a text's words in a space of static words, as part of a key."""

    words: StaticSpace

    @property
    def title(self) -> str:
        """What this reader is called."""
        return f"Mean of {self.words.title}"


Reader = str | MeanSpace  # the id of a text model, or a mean


@dataclass(frozen=True)
class Chosen:
    """What is to read the sentences: its row, and the key under which its results are remembered."""

    spec: ModelSpec
    reader: Reader

    @property
    def is_mean(self) -> bool:
        """Whether it is a mean of word vectors, which knows no order."""
        return self.spec.family == AVERAGED


@dataclass(frozen=True)
class Heard:
    """The texts that a reader can read, those of which it knows no word, and the words that it skips."""

    items: tuple[str, ...]
    silent: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()


def encoder_of(reader: Reader) -> Encoder:
    """Return what turns texts into vectors: (n texts) → (n, d); a mean gives a text of unknown words zeros."""
    if (mean := mean_of(reader)) is not None:
        return mean
    assert isinstance(reader, str)
    return load_encoder(reader)


def mean_of(reader: Reader) -> AveragedWords | None:
    """Return the reader as a mean of word vectors; None where it is a model that reads whole sentences."""
    if isinstance(reader, MeanSpace):
        return AveragedWords(word_store.opened(reader.words), blank=True)
    inner = load_encoder(reader).inner
    return AveragedWords(inner.words.space, blank=True) if isinstance(inner, AveragedWords) else None


def heard(items: tuple[str, ...], reader: Reader) -> Heard:
    """Say what a reader can read: everything, unless it is a mean of word vectors."""
    mean = mean_of(reader)
    if mean is None:
        return Heard(items)
    known = mean.readable(items)
    there = set(known)
    return Heard(known, tuple(item for item in items if item not in there), mean.left_out(items))


def yardstick(reader: Reader) -> tuple[FloatArray, str]:
    """Return the sorted cosines of random pairs, and what was paired: news sentences, or words where it knows few."""
    mean, texts = mean_of(reader), news_sentences()
    if mean is None:
        return sentence_yardstick(encoder_of(reader)), SENTENCE_PAIRS
    known = mean.readable(texts)
    if len(known) >= ENOUGH:
        return sentence_yardstick(mean, known), SENTENCE_PAIRS
    vectors = mean.words.space.vectors
    return (random_pair_scores(vectors) if len(vectors) > 1 else np.zeros(1, dtype=np.float32)), WORD_PAIRS


def why_similar(first: str, second: str, reader: Reader) -> sentences.WhySimilar:
    """Leave out one word at a time of either sentence; see `sentences.why_similar`."""
    return sentences.why_similar(first, second, encoder_of(reader))


def sentence_grows(sentence: str, reader: Reader) -> sentences.GrowingSentence:
    """Encode a sentence's beginnings; see `sentences.sentence_grows`."""
    return sentences.sentence_grows(sentence, encoder_of(reader))


def word_order(first: str, second: str, reader: Reader) -> WordOrder:
    """Compare two sentences of the same words; see `word_order.word_order`."""
    return compare_order(first, second, encoder_of(reader))
