"""How close a neighbour is: its rank in the vocabulary, and whether that is close for a *nearest* neighbour in this space.

Nearly every neighbour is closer than 99 % of random pairs, also the best match of nonsense: random pairs are no scale for
neighbours. The scale here is how near items of the space have their own nearest neighbour (`Reference.nearest`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from embeddings_core.spaces.space import Reference
from embeddings_core.spaces.vectors import FloatArray, Metric, percentile

Level = Literal["very close", "close", "loose", "not close"]
LEVELS: tuple[Level, ...] = ("very close", "close", "loose")  # from `Reference.levels` on
# where fewer of 100 words have their five nearest farther, in the mean, than the query has its own, it may be nonsense (blorf: 0);
# tests/bench/README.md has what 400 rare words and 550 strings of letters say to it
FOUND = 1.0
FIVE = 5
AMONG_THE_NEAREST = 0.001  # of the vocabulary: a known query's nearest words are never "not close"
SAME = 1e-5  # scores that differ by less are the same: two products of the same vectors round differently


@dataclass(frozen=True)
class Closeness:
    """What one similarity is worth: `share` (0-100) of items of the space have their own nearest neighbour farther away.

    `rank` is the place among the `among` words of the vocabulary; 0 where there is no vocabulary. `noun` is what an item is,
    `whose` what has it as its nearest, where that is something else. `same` has the very numbers of the query.
    """

    level: Level
    share: float
    noun: str
    rank: int = 0
    among: int = 0
    whose: str = ""
    same: bool = False

    @property
    def judgement(self) -> str:
        """Whether that is close for a nearest neighbour, in words."""
        if self.same:
            return "the same to this model"
        nearest = f"a nearest {self.noun}"
        farther = round(self.share)
        if self.level == "very close":
            return f"very close, even for {nearest}"
        if self.level == "close":
            return f"close for {nearest}"
        if self.level == "loose":
            return f"not very close for {nearest}"
        nearer = (
            f"{self.whose}s have a nearer {self.noun}" if self.whose else f"{self.noun}s have a nearer one"
        )
        return f"not close: {min(100 - farther, 99)} of 100 {nearer}"

    @property
    def beside_rank(self) -> str:
        """The same beside a rank among all, which says how many are nearer."""
        return (
            f"not close for a nearest {self.noun}"
            if self.rank and self.level == "not close"
            else self.judgement
        )

    @property
    def sentence(self) -> str:
        """Rank and judgement, as a row of a ranking says them."""
        if not self.rank or self.same:
            return self.judgement
        place = "nearest" if self.rank == 1 else f"{ordinal(self.rank)} nearest"
        return f"{place} of {self.among:,} {self.noun}s; {self.beside_rank}"


def same_as_query(scores: ArrayLike, metric: Metric) -> NDArray[np.bool_]:
    """Tell which scores (k,) are those of the query's own numbers: a model that reads neither of two signs has one vector for both.

    A dot product does not tell.

    >>> same_as_query([1.0, 0.99], "cosine").tolist(), same_as_query([0.0, -0.1], "euclidean").tolist()
    ([True, False], [True, False])
    """
    values = np.asarray(scores, dtype=np.float32)
    if metric == "dot":
        return np.zeros(values.shape, dtype=bool)
    return np.asarray(values >= (1.0 if metric == "cosine" else 0.0) - SAME)


def closeness(
    scores: ArrayLike,
    reference: Reference,
    *,
    vocabulary: FloatArray | None = None,
    metric: Metric = "cosine",
) -> tuple[Closeness, ...]:
    """Judge similarities (k,) of one query with others; larger is nearer.

    `vocabulary` (words,) are the sorted scores of the query with all other words: then each has its rank among them.
    Empty where the space has no reference distribution of nearest neighbours. Pizza is the 14th nearest of 21,358 words to sushi,
    a rare word that has no very near ones: that is loose, where the best match of nonsense is not close.

    >>> some = np.linspace(0, 1, 101, dtype=np.float32)
    >>> [each.level for each in closeness([0.9, 0.4, 0.1, 0.01], Reference(some, nearest=some))]
    ['very close', 'close', 'loose', 'not close']
    """
    if not len(reference.nearest):
        return ()
    values = np.asarray(scores, dtype=np.float32)
    shares = percentile(values, reference.nearest).tolist()
    ranks, among, few = [0] * len(values), 0, 0.0
    if vocabulary is not None:
        among = len(vocabulary)
        five = percentile(vocabulary[-FIVE:].mean(keepdims=True), reference.nearest_five) if among else (0.0,)
        if five[0] >= FOUND:
            few = AMONG_THE_NEAREST * among
        farther = np.searchsorted(vocabulary, values + SAME, side="right")
        ranks = (among - farther + 1).tolist()
    return tuple(
        Closeness(
            _level(share, reference.levels, among_nearest=0 < rank <= few),
            share,
            reference.noun,
            rank,
            among,
            reference.whose,
            same,
        )
        for share, rank, same in zip(shares, ranks, same_as_query(values, metric).tolist(), strict=True)
    )


def described(
    query: str,
    scores: FloatArray,
    reference: Reference,
    *,
    own: int | None = None,
    vocabulary: FloatArray | None = None,
    metric: Metric = "cosine",
    most: int = 500,
) -> tuple[str, ...]:
    """Say of each item what neighbour of a query it is, and whether that is close: one text an item.

    `scores` (items,) are similarities with the query, `own` its row where it is an item. Of more than `most` items the others
    have an empty text. Without a `vocabulary` the rank is that among the items.

    >>> some = np.linspace(0, 1, 101, dtype=np.float32)
    >>> for text in described("cat", some[[90, 1, 50]], Reference(some, nearest=some), own=2):
    ...     print(text or "nothing")
    nearest to cat here; very close, even for a nearest word
    2nd nearest to cat here; not close: 99 of 100 words have a nearer one
    nothing
    """
    values = np.array(scores, dtype=np.float32)
    if own is not None:
        values[own] = -np.inf
    order = np.argsort(-values, kind="stable")[: min(most, len(values) - int(own is not None))]
    judged = closeness(values[order], reference, vocabulary=vocabulary, metric=metric)
    told = [""] * len(values)
    for place, (row, each) in enumerate(zip(order.tolist(), judged, strict=False), start=1):
        if each.same:
            told[row] = f"the same as {query} to this model"
            continue
        rank = each.rank or place
        which = "nearest" if rank == 1 else f"{ordinal(rank)} nearest"
        among = f"of {each.among:,} {each.noun}s" if each.rank else "here"
        told[row] = f"{which} to {query} {among}; {each.beside_rank}"
    return tuple(told)


def nothing_close(judged: Sequence[Closeness], query: str) -> str:
    """Say that nothing is close to a query, where that is so of its nearest; else nothing."""
    if not judged or judged[0].level != "not close":
        return ""
    noun = judged[0].whose or judged[0].noun
    nothing = (
        "Nothing here" if judged[0].rank > 1 else "Nothing"
    )  # a known word has nearer ones that are not listed
    return (
        f"{nothing} is close to {query}: {min(round(100 - judged[0].share), 99)} of 100 {noun}s have a nearer neighbour than "
        "its nearest here. The list is what is least far away."
    )


def ordinal(number: int) -> str:
    """Write a place in a row.

    >>> [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 23, 512, 1013)]
    ['1st', '2nd', '3rd', '4th', '11th', '12th', '23rd', '512th', '1,013th']
    """
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th") if number % 100 not in (11, 12, 13) else "th"
    return f"{number:,}{ending}"


def _level(share: float, levels: Sequence[float], *, among_nearest: bool) -> Level:
    lowest: Level = "loose" if among_nearest else "not close"
    return next((level for level, least in zip(LEVELS, levels, strict=True) if share >= least), lowest)
