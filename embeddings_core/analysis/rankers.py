"""Sentences ranked by one query in four ways, from the same letters to the same meaning."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.errors import BadInputError, requires
from embeddings_core.limits import TEXTS
from embeddings_core.models.averaged_space import mean_name, usual_mean
from embeddings_core.models.spec import Encoder
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.segmentation import words_in
from embeddings_core.spaces.texts import clean
from embeddings_core.spaces.vectors import FloatArray, frozen, unit

Ranker = Callable[[str, Sequence[str]], FloatArray]


@dataclass(frozen=True, eq=False)
class RankRace:
    """One query, the same sentences, several rankers.

    `scores` and `ranks` (rankers, sentences): higher scores are nearer, rank 1 is nearest. Sentences of equal
    score share the better rank. `notes` say what a ranker could not use. `years` (rankers,) are those of their papers, "" where
    one is not known, or nothing.
    """

    query: str
    sentences: tuple[str, ...]
    rankers: tuple[str, ...]
    scores: FloatArray
    ranks: tuple[tuple[int, ...], ...]
    notes: tuple[str, ...] = ()
    years: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "scores", frozen(self.scores))


def words_of(text: str) -> list[str]:
    """Split a text into lower-case words."""
    return words_in(text.lower())


def rank_by_exact_words(query: str, sentences: Sequence[str]) -> FloatArray:
    """Score by the share of the query's different words that a sentence holds, 0–1."""
    wanted = set(words_of(query))
    return np.array(
        [len(wanted & set(words_of(text))) / max(len(wanted), 1) for text in sentences], dtype=np.float32
    )


def rank_by_tfidf(query: str, sentences: Sequence[str]) -> FloatArray:
    """Score by the cosine of word counts, rare words weighing more (Spärck Jones 1972)."""
    requires("sklearn")
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

    Words come from `space`, by default GloVe, or the bundled one where its package is not installed. A text of
    unknown words only is a row of zeros.
    """
    known = space if space is not None else usual_mean().encoder().words.space
    rows = known.rows
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
        mean_name(usual_mean()): rank_by_mean_of_words,
        "sentence model": lambda query, sentences: rank_by_model(query, sentences, encoder=encoder),
    }
