"""Sentences compared: four rankers side by side, which word makes two alike, and a sentence that grows."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.limits import TEXTS
from embeddings_core.models.spec import Encoder
from embeddings_core.spaces.corpus import WORD
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.texts import clean
from embeddings_core.spaces.vectors import FloatArray, frozen, unit
from embeddings_core.spaces.vocabulary import load_vocabulary

Ranker = Callable[[str, Sequence[str]], FloatArray]
SPOKEN = re.compile(r"\S+")
LONGEST = 60  # words of a sentence that is taken apart: each is one more text for the model


@dataclass(frozen=True, eq=False)
class RankRace:
    """One query, the same sentences, several rankers.

    `scores` and `ranks` (rankers, sentences): higher scores are nearer, rank 1 is nearest. Sentences of equal
    score share the better rank. `notes` say what a ranker could not use.
    """

    query: str
    sentences: tuple[str, ...]
    rankers: tuple[str, ...]
    scores: FloatArray
    ranks: tuple[tuple[int, ...], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "scores", frozen(self.scores))


@dataclass(frozen=True, eq=False)
class WhySimilar:
    """Each word's share in a similarity: `first` and `second` (words,) tell by how much the cosine falls
    without it.

    Positive: the word brings the two together. `cosine` is that of the whole sentences; words are as they
    were typed.
    """

    sentences: tuple[str, str]
    cosine: float
    words: tuple[tuple[str, ...], tuple[str, ...]]
    first: FloatArray
    second: FloatArray

    @property
    def sentence(self) -> str:
        """What matters most, in one sentence."""
        pairs = [*zip(self.words[0], self.first, strict=True), *zip(self.words[1], self.second, strict=True)]
        if not pairs:
            return "Both are a single word: there is nothing to leave out."
        word, share = max(pairs, key=lambda pair: float(pair[1]))
        if share <= 0:
            return "No single word brings these two together."
        return f'"{word}" does most: without it the cosine of {self.cosine:.2f} falls by {share:.2f}.'


@dataclass(frozen=True, eq=False)
class GrowingSentence:
    """A sentence word by word: `vectors` (words, d) of its beginnings, `to_whole` (words,) their cosines with
    the end.

    `steps` (words,) is how far each word moved the vector, as 1 − cosine; the first counts as 0.
    """

    beginnings: tuple[str, ...]
    words: tuple[str, ...]
    vectors: FloatArray
    to_whole: FloatArray
    steps: FloatArray

    @property
    def space(self) -> EmbeddingSet:
        """The beginnings as a set, to be mapped."""
        return EmbeddingSet(self.beginnings, self.vectors, "growing sentence")


def words_of(text: str) -> list[str]:
    """Split a text into lower-case words."""
    return WORD.findall(text.lower())


def rank_by_exact_words(query: str, sentences: Sequence[str]) -> FloatArray:
    """Score by the share of the query's different words that a sentence holds, 0–1."""
    wanted = set(words_of(query))
    return np.array(
        [len(wanted & set(words_of(text))) / max(len(wanted), 1) for text in sentences], dtype=np.float32
    )


def rank_by_tfidf(query: str, sentences: Sequence[str]) -> FloatArray:
    """Score by the cosine of word counts, rare words weighing more (Spärck Jones 1972)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    table = TfidfVectorizer(tokenizer=words_of, token_pattern=None, lowercase=False)
    try:
        documents = table.fit_transform(sentences)
    except ValueError:  # no sentence holds a word at all
        return np.zeros(len(sentences), dtype=np.float32)
    return np.asarray((documents @ table.transform([query]).T).toarray()[:, 0], dtype=np.float32)


def mean_of_words(
    texts: Sequence[str], space: EmbeddingSet | None = None
) -> tuple[FloatArray, tuple[str, ...]]:
    """Average word vectors: (texts, d), whatever the order of the words; and the words that have none.

    Words come from `space`, by default the bundled one. A text of unknown words only is a row of zeros.
    """
    known = space if space is not None else load_vocabulary()
    rows = {word: row for row, word in reversed(list(enumerate(known.items)))}
    vectors = np.zeros((len(texts), known.dimensions), dtype=np.float64)
    unknown: dict[str, None] = {}
    for place, text in enumerate(texts):
        spoken = words_of(text)
        unknown.update(dict.fromkeys(word for word in spoken if word not in rows))
        # sorted: the same words give the same sum to the last bit, in whatever order they were said
        found = sorted(rows[word] for word in spoken if word in rows)
        if found:
            vectors[place] = known.vectors[found].mean(axis=0, dtype=np.float64)
    return vectors.astype(np.float32), tuple(unknown)


def rank_by_mean_of_words(
    query: str, sentences: Sequence[str], *, space: EmbeddingSet | None = None
) -> FloatArray:
    """Score by the cosine of averaged word vectors; 0 where no word is known."""
    vectors, _ = mean_of_words([query, *sentences], space)
    units = unit(vectors)
    return np.asarray(units[1:] @ units[0], dtype=np.float32)


def rank_by_model(query: str, sentences: Sequence[str], *, encoder: Encoder) -> FloatArray:
    """Score by the cosine of a sentence model; query and sentences each get the prompt that its authors give
    them."""
    prompted = getattr(encoder, "prompted", None)
    asked = prompted([query], "query") if prompted else [query]
    answers = prompted(sentences, "passage") if prompted else list(sentences)
    return np.asarray(unit(encoder(answers)) @ unit(encoder(asked))[0], dtype=np.float32)


def rank_race(query: str, sentences: Sequence[str], rankers: Encoder | dict[str, Ranker]) -> RankRace:
    """Rank the same sentences by each ranker.

    `rankers` is a sentence encoder, raced against exact words, TF-IDF and the mean of word vectors, or your
    own rankers by name. Raises BadInputError for an empty query or fewer than 2 sentences.
    """
    asked = clean(query)
    texts = [text for text in (clean(sentence) for sentence in sentences) if text]
    if not asked:
        raise BadInputError("Type a query first: one word or more.")
    if not 2 <= len(texts) <= TEXTS:
        raise BadInputError(f"A race needs 2 to {TEXTS:,} sentences, this has {len(texts):,}.")
    notes: tuple[str, ...] = ()
    if not isinstance(rankers, dict):
        _, unknown = mean_of_words([asked, *texts])
        if unknown:
            some = ", ".join(unknown[:5]) + (" …" if len(unknown) > 5 else "")
            notes = (f"The mean of words leaves out {len(unknown)} unknown words: {some}.",)
        rankers = four_rankers(rankers)
    scores = np.stack([rank(asked, texts) for rank in rankers.values()])
    rounded = np.round(scores, 6)  # what differs by rounding only is equal
    ranks = tuple(tuple(1 + int((row > score).sum()) for score in row) for row in rounded)
    return RankRace(asked, tuple(texts), tuple(rankers), scores, ranks, notes)


def four_rankers(encoder: Encoder) -> dict[str, Ranker]:
    """Return the four rankers of the race: from the same letters to the same meaning."""
    return {
        "exact words": rank_by_exact_words,
        "TF-IDF": rank_by_tfidf,
        "mean of word vectors": rank_by_mean_of_words,
        "sentence model": lambda query, sentences: rank_by_model(query, sentences, encoder=encoder),
    }


def why_similar(first: str, second: str, encoder: Encoder) -> WhySimilar:
    """Leave out one word at a time of either sentence and see how the cosine changes.

    Raises BadInputError for an empty sentence or one of more than 60 words.
    """
    texts = (_sentence(first), _sentence(second))
    parts = tuple(tuple(SPOKEN.findall(text)) for text in texts)
    shorter = [
        [
            " ".join((*words[:place], *words[place + 1 :]))
            for place in range(len(words) if len(words) > 1 else 0)
        ]
        for words in parts
    ]
    vectors = unit(_encoded(encoder, [*texts, *shorter[0], *shorter[1]]))
    whole = float(vectors[0] @ vectors[1])
    split = 2 + len(shorter[0])
    words = tuple(part if short else () for part, short in zip(parts, shorter, strict=True))
    return WhySimilar(
        texts,
        whole,
        (words[0], words[1]),
        frozen(whole - vectors[2:split] @ vectors[1]),
        frozen(whole - vectors[split:] @ vectors[0]),
    )


def sentence_grows(sentence: str, encoder: Encoder) -> GrowingSentence:
    """Encode a sentence's beginnings, one word longer each time: the path of its vector.

    Raises BadInputError for an empty sentence or one of more than 60 words.
    """
    words = tuple(SPOKEN.findall(_sentence(sentence)))
    beginnings = tuple(" ".join(words[: length + 1]) for length in range(len(words)))
    vectors = _encoded(encoder, beginnings)
    units = unit(vectors)
    steps = 1.0 - np.einsum("ij,ij->i", units[1:], units[:-1])
    return GrowingSentence(
        beginnings, words, frozen(vectors), frozen(units @ units[-1]), frozen(np.concatenate([[0.0], steps]))
    )


def _encoded(encoder: Encoder, texts: Sequence[str]) -> FloatArray:
    prompted = getattr(encoder, "prompted", None)
    return np.asarray(encoder(prompted(texts, "passage") if prompted else list(texts)), dtype=np.float32)


def _sentence(text: str) -> str:
    cleaned = clean(text)
    count = len(SPOKEN.findall(cleaned))
    if not 1 <= count <= LONGEST:
        raise BadInputError(f"A sentence of 1 to {LONGEST} words is needed, this has {count}.")
    return cleaned
