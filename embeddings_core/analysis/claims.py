"""What a lens claims, in one sentence made of its own numbers: the one contrast that proves it, or that the numbers deny it."""

from collections.abc import Sequence

import numpy as np

from embeddings_core.analysis.rankers import words_of
from embeddings_core.spaces.vectors import FloatArray, IntArray, unit

NEAR = 5  # neighbours that a map is held to
CLEAR = 0.05  # a difference of cosines that can be seen in bars and colours
FAR_ABOVE = 1.5  # times chance
BARE = 0.02  # below, two cosines are the same to a reader
SHORTEST = 4  # letters of a word that says something


def near_on_map(
    query: str, names: Sequence[str], rows: IntArray, points: FloatArray, own: int, *, same: int = 0
) -> str:
    """Say who is nearest, and whether the map shows it: `points` (items, 2 or 3) is its last state.

    `rows` are the nearest of the item in row `own`, in the original space, nearest first; `names` are what all items are called.
    The first `same` of them have the very numbers of the item: of such neighbours nothing is claimed but that.
    """
    n, k = len(points), min(NEAR, max((len(points) - 1) // 2, 1), len(rows))
    if n < 3 or not k:
        return ""
    away = np.linalg.norm(points - points[own], axis=1)
    away[own] = np.inf
    shown = np.argsort(away, kind="stable")
    place = int(np.flatnonzero(shown == rows[0])[0]) + 1
    kept = len(set(shown[:k].tolist()) & set(np.asarray(rows)[:k].tolist()))
    if same:
        others = f"{names[rows[0]]} and {same - 1} more are" if same > 1 else f"{names[rows[0]]} is"
        return (
            f"To this model {others} the same as {query}: their numbers are equal, so no map can part them."
        )
    first = f"Of these {names[rows[0]]} is nearest to {query}"
    here = f"{first}, on this map too" if place == 1 else f"{first}; on this map it is number {place}"
    if k == 1:
        return f"{here}."
    if 2 * kept >= k:
        return f"{here}. Of its {k} nearest the map keeps {kept} near."
    return f"{here}. The map keeps only {kept} of its {k} nearest near: trust the list."


def most_alike(items: Sequence[str], scores: FloatArray) -> str:
    """Contrast the most and the least alike of all pairs with the mean pair; `scores` (items, items) are cosines."""
    if len(items) < 3:
        return ""
    (least, low), (most, high), mean = _extreme_pairs(items, scores)
    if high - low < CLEAR:
        return (
            f"All pairs are about equally alike ({low:.2f} to {high:.2f}): there is nothing to see in blocks."
        )
    return f"Most alike are {most} ({high:.2f}), least {least} ({_signed(low)}); the mean pair has {_signed(mean)}."


def _extreme_pairs(
    items: Sequence[str], values: FloatArray
) -> tuple[tuple[str, float], tuple[str, float], float]:
    """Return the pair with the smallest value of a table (items, items), that with the largest, and the mean of all pairs."""
    rows, columns = np.triu_indices(len(items), 1)
    found = np.asarray(values)[rows, columns]
    lowest, highest = (
        (f"{items[rows[at]]} and {items[columns[at]]}", found[at]) for at in (found.argmin(), found.argmax())
    )
    return lowest, highest, float(found.mean())


def groups_apart(vectors: FloatArray, labels: IntArray, *, noun: str) -> str:
    """Contrast the mean cosine of two items of one group with that of two items of different groups.

    `labels` (n,) are those of the film's last state; -1 is in no group. Nothing where there are no two groups.
    """
    labels = np.asarray(labels)
    rows = np.flatnonzero(labels >= 0)
    if len(set(labels[rows].tolist())) < 2:
        return ""
    units = unit(np.asarray(vectors, dtype=np.float32)[rows]).astype(np.float64)
    cosines, same = units @ units.T, labels[rows][:, None] == labels[rows][None]
    pairs = np.triu(np.ones_like(same), 1)
    if not (same & pairs).any():
        return f"Every group is a single {noun}: that is no grouping."
    within, across = float(cosines[same & pairs].mean()), float(cosines[~same & pairs].mean())
    told = f"Two {noun}s of one group have a mean cosine of {_signed(within)}, two of different groups {_signed(across)}"
    return f"{told}." if within - across >= CLEAR else f"{told}: these groups hardly stand apart."


def found_by_meaning(query: str, best: str, *, meant: bool) -> str:
    """Say whether the nearest text shares a word with the query: without one, counting words could not have found it.

    `meant` says that the model is known to read meaning and that its nearest text is close: only then it was found by that.
    """
    shared = [word for word in dict.fromkeys(words_of(query)) if word in set(words_of(best))]
    telling = [word for word in shared if len(word) >= SHORTEST]
    if telling:
        return f"The nearest shares {_words(telling)} with the query: counting words could find it, too."
    common = f" but {_words(shared)}" if shared else ""
    found = "it is found by meaning" if meant else "counting words could not find it"
    return f"The nearest shares no word with the query{common}: {found}."


def _words(words: Sequence[str]) -> str:
    return ", ".join(f'"{word}"' for word in words[:3])


def chooses_back(asker: str, found: str, back: str) -> str:
    """Say whether the best match of `asker`, which is `found`, has `asker` as its own best match; `back` is that match."""
    if back == asker:
        return f'"{found}" suits "{asker}" best, and the other way round.'
    return f'"{found}" suits "{asker}" best; to itself "{back}" suits better.'


def mutual_choices(scores: FloatArray, pairs: int) -> str:
    """Compare how many pairs choose each other in a table (n, m) of scores with what random scores would give.

    Of random scores a cell is the best of its row and of its column in one of n + m - 1 cases (they share that one cell).
    """
    n, m = scores.shape
    if not n or not m:
        return ""
    chance = n * m / (n + m - 1)
    told = f"{pairs} of {min(n, m)} possible pairs choose each other; with random scores about {chance:.0f} would"
    if pairs <= chance:
        return f"{told}: no more than chance."
    return (
        f"{told}."
        if pairs >= FAR_ABOVE * chance
        else f"{told}: hardly more, so look whether they are the right ones."
    )


def wins_by(labels: Sequence[str], scores: FloatArray, shares: FloatArray, judgement: str) -> str:
    """Say which label wins, by how much in cosine, and what its cosine is worth (`judgement`)."""
    order = np.argsort(-np.asarray(scores), kind="stable")
    first = int(order[0])
    worth = f" Its cosine of {_signed(scores[first])} is {judgement}." if judgement else ""
    if len(order) < 2:
        return f'"{labels[first]}" is alone, so it takes all.{worth}'
    second = int(order[1])
    lead = float(scores[first] - scores[second])
    told = f'"{labels[first]}" takes {shares[first]:.0%} and leads "{labels[second]}" by {lead:.2f} in cosine'
    return f"{told}.{worth}" if lead >= BARE else f"{told}, which is next to nothing.{worth}"


def learnt(word: str, before: Sequence[str], after: Sequence[str]) -> str:
    """Contrast the nearest words after training with those before it."""
    k = len(after)
    if not k:
        return ""
    kept = len(set(before) & set(after))
    told = f"Of the {k} words nearest to {word} after training {kept} were among its {k} nearest before"
    if 2 * kept > k:
        return f"{told}: training has changed little here."
    return f"{told}: what was near by chance has gone, and {after[0]} has come."


def one_pass(pairs: Sequence[tuple[str, str]], wrong: Sequence[Sequence[str]]) -> str:
    """Count what one pass over a sentence pulls together and pushes apart, and the wrong words that are right by chance.

    `wrong` are the wrong words of each pair.
    """
    if not pairs:
        return ""
    true = {frozenset(pair) for pair in pairs}
    drawn = [(pair[0], word) for pair, words in zip(pairs, wrong, strict=True) for word in words]
    by_chance = sum(frozenset(each) in true for each in drawn)
    told = f"This pass pulls {len(pairs)} true pairs together and pushes {len(drawn)} wrong ones apart"
    if not by_chance:
        return f"{told}; none of the wrong ones stands in a window here."
    return f"{told}; {by_chance} of the wrong ones {'stands' if by_chance == 1 else 'stand'} in a window here, drawn by chance."


def loss_fell(losses: Sequence[float] | FloatArray, name: str) -> str:
    """Say how far the loss fell, and how much of it in the first quarter of the epochs; or that it did not fall."""
    first, last = float(losses[0]), float(losses[-1])
    told = f"How wrong the guesses are: {first:.3g} in the first epoch, {last:.3g} in the last ({name})"
    if len(losses) < 4 or last >= first:
        return f"{told}." if last < first else f"{told}: it has not fallen."
    quarter = float(losses[len(losses) // 4])
    share = (first - quarter) / (first - last)
    if share > 0.5:
        return f"{told}; {min(share, 1.0):.0%} of the fall is in the first quarter."
    return f"{told}; only {max(share, 0.0):.0%} of the fall is in the first quarter: it was still falling."


def one_hot_contrast(items: Sequence[str], distances: FloatArray) -> str:
    """Contrast the equal distances of one-hot vectors with the nearest and farthest pair of dense ones (items, items)."""
    if len(items) < 3:
        return ""
    (near, low), (far, high), _ = _extreme_pairs(items, distances)
    told = "One-hot: every two words are 1.41 apart. Dense:"
    if high - low < 2 * CLEAR:
        return f"{told} here too all are about equally far ({low:.2f} to {high:.2f})."
    return f"{told} {near} {low:.2f}, {far} {high:.2f}."


def stays_itself(
    name: str, steps: Sequence[str], own: FloatArray, others: FloatArray, near: Sequence[str]
) -> str:
    """Say from which step on another picture is nearer to the changed one than the unchanged is.

    `own` (steps,) are cosines with the unchanged picture, `others` (steps,) with the nearest other one, called `near`.
    """
    lost = [place for place in range(len(steps)) if others[place] > own[place]]
    if lost:
        at = lost[0]
        return (
            f"From “{steps[at]}” on {near[at]} is nearer ({_signed(others[at])}) than {name} unchanged "
            f"({_signed(own[at])})"
            + ("." if len(lost) == len(steps) - at else ", though not at every later step.")
        )
    least = int(np.argmin(own - others))
    return (
        f"At every step {name} unchanged stays nearest: even “{steps[least]}” it has {_signed(own[least])}, "
        f"{near[least]} {_signed(others[least])}."
    )


def near_and_far(name: str, near: str, far: str, scores: Sequence[float] | FloatArray) -> str:
    """Contrast how far the numbers of an item agree with those of its nearest and of its farthest (`scores`, cosines)."""
    told = f"The numbers of {name} agree with those of {near} ({_signed(scores[0])})"
    if scores[0] - scores[1] < CLEAR:
        return f"{told} no more than with those of {far} ({_signed(scores[1])})."
    return f"{told}, far more than with those of {far} ({_signed(scores[1])})."


def tokens_mix(together: FloatArray) -> str:
    """Say how far the tokens of a sentence take each other up; `together` (layers,) is the mean cosine of two of them."""
    first, last = float(together[0]), float(together[-1])
    told = f"Before any layer two tokens have a cosine of {_signed(first)} on average; at the end {_signed(last)}"
    if last - first < CLEAR:
        return f"{told}: here they do not become more alike."
    return f"{told}: each has taken up {'much' if last > first + 0.2 else 'something'} of the whole sentence."


def _signed(value: float) -> str:
    return f"{value:.2f}".replace("-", "−")
