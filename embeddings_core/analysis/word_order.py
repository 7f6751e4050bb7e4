"""Two sentences of the same words: one point to a mean of word vectors, two to a sentence model."""

from dataclasses import dataclass

import numpy as np

from embeddings_core.analysis.sentences import LONGEST, SPOKEN, words_of
from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import Projection
from embeddings_core.models.spec import Encoder
from embeddings_core.spaces.texts import clean
from embeddings_core.spaces.vectors import FloatArray, frozen, unit


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
    spoken = [words_of(text) or SPOKEN.findall(text.lower()) for text in texts]
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
