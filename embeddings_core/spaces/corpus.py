"""Text to learn from: its sentences of words, counted."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from embeddings_core.errors import BadInputError, ModelUnavailableError
from embeddings_core.limits import TRAINING_CHARACTERS
from embeddings_core.spaces.segmentation import words_in
from embeddings_core.spaces.sentence_ends import sentence_parts
from embeddings_core.spaces.vectors import IntArray

Sentences = tuple[tuple[str, ...], ...]
NEWS_END = re.compile(r"(?<=[.!?…。！？])\s+|\n+")
ENOUGH, AT_LEAST, OFTEN = (
    6_000,
    1_000,
    10,
)  # words of a text; fewer do where each is said often, but never so few
LONG_ENOUGH = 40 * ENOUGH  # characters, of which nobody counts the words


def too_few(text: str) -> str:
    """Say that a text is too short to learn from; nothing of one that is long enough, and of none.

    What is enough is measured (tests/bench/bench_training.py): how many of the 5 nearest of a word are the same from another
    random start. Of news, where each word is said a few times, half are with 6,000 words and three of four with 25,000; of the
    little world, where each is said more often, as many already with 1,400.

    >>> too_few("a cat and a dog " * 200), too_few(" ".join(f"w{n}x" for n in range(1_400)))[:37]
    ('', '1,400 words are too few to learn from')
    """
    if len(text) > LONG_ENOUGH:
        return ""
    words = [word.casefold() for word in words_in(text)]
    if (
        not words
        or len(words) >= ENOUGH
        or (len(words) >= AT_LEAST and len(words) >= OFTEN * len(set(words)))
    ):
        return ""
    return (
        f"{len(words):,} {'word is' if len(words) == 1 else 'words are'} too few to learn from: from another random start most "
        f"words would have other neighbours. Of {ENOUGH:,} words of news half stay the same."
    )


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Words of a text, most frequent first, with how often they occur: `counts` (n,)."""

    words: tuple[str, ...]
    counts: IntArray

    def __len__(self) -> int:
        return len(self.words)

    def rows(self) -> dict[str, int]:
        """Return each word's row."""
        return {word: row for row, word in enumerate(self.words)}


def news_texts() -> tuple[str, ...]:
    """Return 300 short news articles of the Australian Broadcasting Corporation (Lee et al. 2005), as gensim
    ships them."""
    package = find_spec("gensim")  # finds the files without loading the library, which takes a second
    if package is None or package.origin is None:
        raise ModelUnavailableError("The news articles are not on this computer; choose another text.")
    file = Path(package.origin).parent / "test" / "test_data" / "lee_background.cor"
    return tuple(file.read_text("utf-8").splitlines())


def news_sentences(count: int = 160) -> tuple[str, ...]:
    """Return sentences of the news, one from each article in turn: they have nothing to do with each other.

    160 make 12,720 different pairs, and take half a second to encode.
    """
    articles = (
        [part for part in NEWS_END.split(text) if 5 <= len(part.split()) <= 40] for text in news_texts()
    )
    middles = dict.fromkeys(parts[len(parts) // 2] for parts in articles if parts)  # some are printed twice
    return tuple(middles)[:count]


def split_sentences(texts: str | Iterable[str]) -> Sentences:
    """Split texts into sentences of lower-case words; a sentence of one word teaches nothing and is left out.

    A word is one whatever the Unicode form of its letters (NFC).

    Raises BadInputError where there is too much text or no sentence of two words.
    """
    whole = [texts] if isinstance(texts, str) else list(texts)
    size = sum(len(text) for text in whole)
    if size > TRAINING_CHARACTERS:
        raise BadInputError(
            f"The text has {size:,} characters; the limit is {TRAINING_CHARACTERS:,}. Take a part of it."
        )
    parts = (part for text in whole for part in sentence_parts(text))
    sentences = (tuple(words_in(unicodedata.normalize("NFC", part).lower())) for part in parts)
    kept = tuple(sentence for sentence in sentences if len(sentence) > 1)
    if not kept:
        raise BadInputError("There is no sentence of two words in this text; paste some sentences.")
    return kept


def count_words(sentences: Sequence[Sequence[str]], *, min_count: int | None = None) -> Vocabulary:
    """Count words and keep those that occur `min_count` times or more, most frequent first.

    Without `min_count` it is 5 for texts of 20,000 words and more, 2 from 2,000, else 1: a word that occurs
    once in a long text has not been learnt. Raises BadInputError where fewer than 2 words are left.
    """
    counts = Counter(word for sentence in sentences for word in sentence)
    least = frequent_enough(sum(counts.values())) if min_count is None else min_count
    kept = [(word, count) for word, count in counts.most_common() if count >= least]
    if len(kept) < 2:
        raise BadInputError(
            f"Only {len(kept)} words occur {least} times or more; training needs 2. Paste a longer text."
        )
    return Vocabulary(tuple(word for word, _ in kept), np.array([count for _, count in kept], dtype=np.int64))


def frequent_enough(words: int) -> int:
    """Return how often a word must occur in a text of so many words."""
    return 5 if words >= 20_000 else 2 if words >= 2_000 else 1
