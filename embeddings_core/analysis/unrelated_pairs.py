"""The same random pairs under several models: where "nothing to do with each other" lies on each model's scale of cosines.

The vectors of many models lie in a narrow cone (Ethayarajh 2019, How Contextual are Contextualized Word Representations?;
Wang et al. 2022 train E5 with a temperature that leaves cosines between 0.7 and 1), so the same number says other things.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, IntArray, frozen, unit

PAIRS = 300  # dots that can be told apart in a picture
OTHER_SCALE = 0.2  # difference of the median cosines of random pairs


@dataclass(frozen=True, eq=False)
class UnrelatedPairs:
    """Cosines of the same random pairs under each model, (models, pairs), and of own pairs, (models, own).

    `all_pairs` (models, every pair of the sentences), sorted, is what a cosine is compared with: the dots are a sample of it.
    """

    titles: tuple[str, ...]
    scores: FloatArray
    own: FloatArray
    all_pairs: FloatArray

    def percentile(self, cosine: float) -> tuple[float, ...]:
        """Return the share of random pairs, 0 to 100, that are less near than this under each model."""
        return tuple(
            100.0 * int(np.searchsorted(row, cosine, side="left")) / len(row) for row in self.all_pairs
        )

    def same_as(self, cosine: float, *, model: int, other: int) -> float | None:
        """Return the cosine under another model that as many random pairs reach; None where none or all of them do."""
        reached = int(np.searchsorted(self.all_pairs[model], cosine, side="left"))
        many = len(self.all_pairs[model])
        return None if reached in (0, many) else float(self.all_pairs[other][reached])

    def middle(self, model: int) -> tuple[float, float, float]:
        """Return between which cosines nine in ten random pairs lie, and the one in the middle: low, middle, high."""
        low, middle, high = np.quantile(self.all_pairs[model], [0.05, 0.5, 0.95]).tolist()
        return low, middle, high

    def sentence(self, cosine: float) -> str:
        """Say where random pairs lie under each model, and what one cosine is worth under the last that has another scale."""
        ranges = [self.middle(model) for model in range(len(self.titles))]
        least = min(range(len(ranges)), key=lambda model: ranges[model][1])
        lie = [
            f"between {_number(low)} and {_number(high)} under {title}"
            for title, (low, _, high) in zip(self.titles, ranges, strict=True)
        ]
        where = f"Nine in ten random pairs of news sentences lie {', '.join(lie[:-1])}{' and ' if lie[1:] else ''}{lie[-1]}"
        others = [
            model for model, (_, middle, _) in enumerate(ranges) if middle - ranges[least][1] >= OTHER_SCALE
        ]
        if not others:
            return f"{where}{': these models use nearly the same scale' if lie[1:] else ''}."
        other = others[-1]
        same = self.same_as(cosine, model=other, other=least)
        if same is not None:
            return f"{where}: {cosine:.2f} under {self.titles[other]} is what {_number(same)} is under {self.titles[least]}."
        reached = (
            "no random pair reaches" if self.percentile(cosine)[other] >= 100 else "every random pair reaches"
        )
        return f"{where}: {cosine:.2f} is a cosine that {reached} under {self.titles[other]}."


def _number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")


def unrelated_pairs(
    texts: Sequence[EmbeddingSet],
    titles: Sequence[str],
    *,
    own: Sequence[EmbeddingSet] = (),
    pairs: int = PAIRS,
    seed: int = 0,
) -> UnrelatedPairs:
    """Score random pairs of the same texts under each model, and each own text with its nearest other one.

    `texts` and `own` are one set a model. The own pairs are those that the first model finds nearest, each once.
    Raises BadInputError with fewer than 3 texts, or where models read different ones.
    """
    if not texts or len(texts) != len(titles) or len(texts[0]) < 3:
        raise BadInputError("Random pairs need one set of at least 3 texts a model.")
    if any(each.items != texts[0].items for each in texts) or any(each.items != own[0].items for each in own):
        raise BadInputError("All models must have read the same texts.")
    n = len(texts[0])
    left, right = np.triu_indices(n, 1)
    chosen = np.random.default_rng(seed).permutation(len(left))[:pairs]
    every = np.stack([_cosines(each, left, right) for each in texts])
    near = nearest_pairs(own[0]) if own else np.zeros((0, 2), dtype=np.int64)
    mine = [_cosines(each, near[:, 0], near[:, 1]) for each in own] or [np.zeros(0, np.float32)] * len(texts)
    return UnrelatedPairs(
        tuple(titles), frozen(every[:, chosen]), frozen(np.stack(mine)), frozen(np.sort(every, axis=1))
    )


def _cosines(space: EmbeddingSet, left: IntArray, right: IntArray) -> FloatArray:
    units = unit(space.vectors)
    return np.asarray(np.einsum("ij,ij->i", units[left], units[right]), dtype=np.float32)


def nearest_pairs(space: EmbeddingSet, *, most: int = 20) -> IntArray:
    """Return each item with its nearest other one, (pairs, 2), each pair once, the nearest first."""
    n = len(space)
    if n < 2:
        return np.zeros((0, 2), dtype=np.int64)
    units = unit(space.vectors)
    scores = np.asarray(units @ units.T, dtype=np.float64)
    np.fill_diagonal(scores, -np.inf)
    best = scores.argmax(axis=1)
    pairs = {(min(row, other), max(row, other)) for row, other in enumerate(best.tolist())}
    return np.array(sorted(pairs, key=lambda pair: -scores[pair])[:most], dtype=np.int64)
