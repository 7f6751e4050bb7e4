"""What the words of a sentence add to its vector: one left out, one more read, the same words in another order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.analysis.rankers import words_of
from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import Projection
from embeddings_core.models.spec import Encoder
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.texts import clean
from embeddings_core.spaces.vectors import FloatArray, frozen, similarity, unit

TYPED_WORD = re.compile(r"\S+")
LONGEST = 60  # words of a sentence that is taken apart: each is one more text for the model


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


def why_similar(first: str, second: str, encoder: Encoder) -> WhySimilar:
    """Leave out one word at a time of either sentence and see how the cosine changes.

    Raises BadInputError for an empty sentence or one of more than 60 words.
    """
    texts = (_sentence(first), _sentence(second))
    parts = tuple(tuple(TYPED_WORD.findall(text)) for text in texts)
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
    words = tuple(TYPED_WORD.findall(_sentence(sentence)))
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
    count = len(TYPED_WORD.findall(cleaned))
    if not 1 <= count <= LONGEST:
        raise BadInputError(f"A sentence of 1 to {LONGEST} words is needed, this has {count}.")
    return cleaned


@dataclass(frozen=True, eq=False)
class WordOrder:
    """Two sentences, their words, and both in one space.

    `word_vectors` (words, d), `means` (2, d) of each sentence's word vectors, `wholes` (2, d) as the model reads
    the sentences; all of length 1. `by_words` is the share of words in common, `by_mean` and `by_model` are cosines.
    """

    sentences: tuple[str, str]
    words: tuple[str, ...]
    word_vectors: FloatArray
    means: FloatArray
    wholes: FloatArray
    by_words: float
    by_mean: float
    by_model: float

    def film(self, *, still: bool = False) -> Projection:
        """Draw the words, and both sentences on their way from the mean to the model's vector: a morph.

        The frames show (words, first sentence, second sentence) in one fixed plane: across is the direction in
        which the model tells the two apart, so that their distance on screen is the true one; upwards is the
        widest spread of the rest. `still` shows the vectors of the whole sentences only: for a mean nothing moves.
        """
        points = np.concatenate([self.word_vectors, self.means, self.wholes]).astype(np.float64)
        apart = points[-1] - points[-2]
        length = np.linalg.norm(apart)
        centred = points - points.mean(axis=0)
        axes = []
        if length > 1e-4:
            axes.append(apart / length)
            centred = centred - np.outer(centred @ axes[0], axes[0])
        axes.extend(np.linalg.svd(centred, full_matrices=False)[2][: 2 - len(axes)])
        if len(axes) < 2:
            axes.append(np.zeros(points.shape[1]))
        flat = (points - points.mean(axis=0)) @ np.stack(axes).T
        n = len(self.words)
        frames = np.stack([flat[: n + 2], np.concatenate([flat[:n], flat[n + 2 :]])]).astype(np.float32)
        names = (
            f"mean of word vectors: cosine {self.by_mean:.3f}",
            f"sentence model: cosine {self.by_model:.3f}",
        )
        if still:
            return Projection(
                frames[1:], (f"mean of word vectors: cosine {self.by_model:.3f}",), "plane", "still"
            )
        return Projection(frames, names, "plane", "morph")


def word_order(first: str, second: str, encoder: Encoder) -> WordOrder:
    """Compare two sentences by their words, by the mean of their word vectors, and by a sentence model.

    Word vectors are what the same model makes of each word alone, so that all lie in one space. Raises
    BadInputError for an empty sentence or one of more than 60 words.
    """
    texts = clean(first), clean(second)
    spoken = [words_of(text) or TYPED_WORD.findall(text.lower()) for text in texts]
    for part in spoken:
        if not 1 <= len(part) <= LONGEST:
            raise BadInputError(f"A sentence of 1 to {LONGEST} words is needed, this has {len(part)}.")
    words = tuple(dict.fromkeys(word for part in spoken for word in part))
    prompted = getattr(encoder, "prompted", None)
    asked = [*words, *texts]
    vectors = unit(encoder(prompted(asked, "passage") if prompted else asked))
    rows = {word: row for row, word in enumerate(words)}
    # sorted: the same words give the same mean to the last bit, in whatever order they were said
    means = unit(
        np.stack(
            [vectors[sorted(rows[word] for word in part)].mean(axis=0, dtype=np.float64) for part in spoken]
        )
    )
    wholes = vectors[len(words) :]
    common = len(set(spoken[0]) & set(spoken[1])) / len(set(spoken[0]) | set(spoken[1]))
    return WordOrder(
        (texts[0], texts[1]),
        words,
        frozen(vectors[: len(words)]),
        frozen(means),
        frozen(wholes),
        common,
        float(means[0].astype(np.float64) @ means[1]),
        float(wholes[0].astype(np.float64) @ wholes[1]),
    )


def suggested_queries(embeddings: EmbeddingSet, *, most: int = 2) -> tuple[str, ...]:
    """Return sentences worth searching for among n of them: each has a near one, and they are not each other's.

    The first is one of the closest pair; the next is the one with the nearest other sentence outside of the three that
    the first finds, and so on. Ties go by the order of the list. Empty for fewer than two sentences.
    """
    scores = similarity(embeddings.vectors, embeddings.vectors).astype(np.float64)
    np.fill_diagonal(scores, -np.inf)
    free = np.ones(len(scores), dtype=bool)
    chosen: list[int] = []
    while len(chosen) < most and free.sum() > 1:
        among = np.where(free[:, None] & free[None, :], scores, -np.inf)
        row = int(np.round(among.max(axis=1), 6).argmax())
        chosen.append(row)
        free[[row, *np.argsort(-scores[row], kind="stable")[:3].tolist()]] = False
    return tuple(embeddings.items[row] for row in chosen)
