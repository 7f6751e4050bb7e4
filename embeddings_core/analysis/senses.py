"""Where meanings part: one word's occurrences compared layer by layer, within a sense and between senses."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.analysis.rankers import words_of
from embeddings_core.analysis.tokens import TokenVectors, occurrences
from embeddings_core.errors import BadInputError, requires
from embeddings_core.spaces.vectors import FloatArray, frozen, unit
from embeddings_core.spaces.vocabulary import load_vocabulary

SHORTEST, COMMON = (
    4,
    500,
)  # letters of a word that may have meanings, and words of English so frequent that they say little
SMALLEST_GAP = 0.02  # cosine; below it the two curves cannot be told apart on a screen


@dataclass(frozen=True, eq=False)
class SenseCurve:
    """Mean cosine of pairs of occurrences at each layer, (layers,): of the same sense, and of different ones.

    `senses` holds one label an occurrence; `parting` is the layer from which the gap is at least half of its
    largest value, None where the senses never part. A curve with no pair to average is NaN.
    """

    word: str
    layer_names: tuple[str, ...]
    senses: tuple[str, ...]
    within: FloatArray
    between: FloatArray
    parting: int | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "within", frozen(self.within))
        object.__setattr__(self, "between", frozen(self.between))

    @property
    def sentence(self) -> str:
        """What the curve says, in one sentence."""
        if np.isnan(self.between).all():
            return f'All of these are one meaning of "{self.word}"; add a sentence with another one.'
        if np.isnan(self.within).all():
            return f'Each meaning of "{self.word}" stands in one sentence only; add a second one to compare.'
        if self.parting is None:
            return f'The model does not tell these meanings of "{self.word}" apart.'
        gap = float(self.within[self.parting] - self.between[self.parting])
        where = self.layer_names[self.parting]
        return f'The meanings of "{self.word}" part at {where}: the gap there is {gap:.2f}.'


def shared_word(texts: Sequence[str]) -> str:
    """Return the word that most of some texts hold, in small letters; "" where no two texts share one.

    Words of fewer than four letters do not count, and the most frequent ones of English only where there is no other.

    >>> shared_word(["The spring broke.", "With water from a spring.", "In spring it rains with hail."])
    'spring'
    """
    held = Counter(word for text in texts for word in dict.fromkeys(words_of(text)) if len(word) >= SHORTEST)
    frequent = set(load_vocabulary().items[:COMMON])
    shared = [word for word, count in held.items() if count > 1]
    ranked = sorted(shared, key=lambda word: (word in frequent, -held[word]))
    return next((word for word in ranked if sum(bool(occurrences(word, text)) for text in texts) > 1), "")


def find_senses(tokens: TokenVectors, *, layer: int = -1, seed: int = 0) -> tuple[str, ...]:
    """Split occurrences into two groups by 2-means on their unit vectors at one layer: "sense 1" and "sense
    2".

    Two groups are always made where two different vectors exist; the curve shows whether they are real.
    """
    vectors = unit(tokens.vectors[layer])
    if len(np.unique(vectors, axis=0)) < 2:
        return ("sense 1",) * len(tokens)
    requires("sklearn")
    from sklearn.cluster import KMeans

    labels = KMeans(2, n_init=10, random_state=seed).fit(vectors).labels_
    first = labels[0]  # the first sentence is always sense 1
    return tuple("sense 1" if label == first else "sense 2" for label in labels)


def join_senses(tokens: TokenVectors, known: Sequence[str], *, layer: int = -1) -> tuple[str, ...]:
    """Give occurrences of unknown sense ("") the known sense whose mean lies nearest at one layer (cosine).

    `known` holds one label an occurrence. Where none is known, `find_senses` makes two.
    """
    names = tuple(dict.fromkeys(name for name in known if name))
    if not names:
        return find_senses(tokens, layer=layer)
    vectors, labels = unit(tokens.vectors[layer]), np.asarray(known, dtype=object)
    means = unit(np.stack([vectors[labels == name].mean(axis=0) for name in names]))
    near = (vectors @ means.T).argmax(axis=1)
    return tuple(name or names[best] for name, best in zip(known, near, strict=True))


def sense_curve(tokens: TokenVectors, *, senses: Sequence[str] | None = None, seed: int = 0) -> SenseCurve:
    """Compare occurrences within and between senses at each layer.

    `senses` gives one label an occurrence; without it `find_senses` makes two. Raises BadInputError where the
    number of labels differs.
    """
    labels = tuple(senses) if senses is not None else find_senses(tokens, seed=seed)
    if len(labels) != len(tokens):
        raise BadInputError(f"{len(tokens)} occurrences but {len(labels)} labels; give one label for each.")
    names = np.asarray(labels, dtype=object)
    same = names[:, None] == names[None, :]
    pair = np.triu(np.ones_like(same, dtype=bool), k=1)
    within, between = [], []
    for layer in tokens.vectors:
        cosines = unit(layer) @ unit(layer).T
        within.append(_mean(cosines[same & pair]))
        between.append(_mean(cosines[~same & pair]))
    gap = np.nan_to_num(np.asarray(within) - np.asarray(between), nan=0.0)
    parting = int(np.argmax(gap >= gap.max() / 2)) if gap.max() >= SMALLEST_GAP else None
    return SenseCurve(
        tokens.word, tokens.layer_names, labels, np.asarray(within), np.asarray(between), parting
    )


def _mean(values: FloatArray) -> float:
    return float(values.mean()) if values.size else float("nan")
