"""What is odd about a table: copies, near copies, outliers, hubs, and labels that their neighbours disagree with."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.jobs.steps import Step, Steps
from embeddings_core.maps.knn_graph import coordinates, neighbour_graph
from embeddings_core.spaces.vectors import FloatArray, IntArray, random_pair_scores

K = 10
NEAR_COPY = 0.97  # cosine; two sentences that differ in a word or two
HUB = 4.0  # times as often a neighbour as the average: skewed k-occurrence (Radovanović et al. 2010)
SHOWN = 200  # rows of a finding
SEARCH = 30  # times as long as one look at a row takes the search of its neighbours


@dataclass(frozen=True)
class Finding:
    """One kind of oddity: its `title`, what it means in a sentence, how many rows it concerns, and the first of them."""

    title: str
    told: str
    count: int
    rows: tuple[int, ...]


def health_steps(n: int, *, labelled: bool, metric: str = "cosine") -> tuple[Step, ...]:
    """Return the steps of `findings` among n rows; `labelled` where their labels are asked too."""
    steps = [Step(f"neighbours of {n:,} rows are looked for", SEARCH * n), Step("copies", n)]
    if metric == "cosine":
        steps.append(Step("near copies", n))
    steps += [Step("outliers", n), Step("hubs", n)]
    if labelled:
        steps.append(Step("labels that disagree", n))
    return (*steps, Step("random pairs", n)) if metric == "cosine" else tuple(steps)


def findings(
    vectors: FloatArray,
    *,
    rows: IntArray,
    texts: Sequence[str] = (),
    labels: Sequence[str] = (),
    metric: str = "cosine",
    progress: Callable[[int, int], object] | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> tuple[Finding, ...]:
    """Look at n vectors (n, d) whose row numbers in the table are `rows` (n,), with their texts and labels where there are any.

    Each finding's rows are the worst first. `progress(done, total)` hears of `health_steps`. Raises JobError where it was stopped.
    """
    n = len(vectors)
    if n < 3:
        return ()
    listed = health_steps(n, labelled=bool(labels), metric=metric)
    steps = Steps(listed, progress=progress, should_stop=should_stop)
    points = coordinates(vectors, metric="cosine" if metric == "cosine" else "euclidean")
    k = min(K, n - 1)
    near, distances = neighbour_graph(points, k, progress=steps.inside)
    found: list[Finding] = []

    def have(finding: Finding) -> None:
        found.append(finding)
        steps.next()

    steps.next()
    have(_copies(points, texts, rows))
    if metric == "cosine":
        have(_near_copies(near, distances, texts, rows))
    have(_outliers(distances, rows))
    have(_hubs(near, rows))
    if labels:
        have(_disagreements(near, labels, rows))
    if metric == "cosine":
        mean = float(random_pair_scores(vectors).mean())
        have(Finding("Random pairs", f"Two rows at random have a cosine of {mean:.2f} on average.", 0, ()))
    return tuple(found)


def _named(rows: IntArray, order: Sequence[int] | IntArray) -> tuple[int, ...]:
    return tuple(int(row) for row in rows[np.asarray(order, dtype=np.int64)][:SHOWN])


def _copies(points: FloatArray, texts: Sequence[str], rows: IntArray) -> Finding:
    keys: list[object] = list(texts) if texts else [point.tobytes() for point in points]
    counts = Counter(keys)
    copies = [row for row, key in enumerate(keys) if counts[key] > 1]
    copies.sort(key=lambda row: (-counts[keys[row]], str(keys[row]), row))
    groups = sum(count > 1 for count in counts.values())
    told = (
        f"{len(copies):,} rows say the same as another, in {groups:,} groups."
        if copies
        else "No two rows are the same."
    )
    return Finding("Copies", told, len(copies), _named(rows, copies))


def _near_copies(near: IntArray, distances: FloatArray, texts: Sequence[str], rows: IntArray) -> Finding:
    cosines = 1.0 - distances.astype(np.float64) ** 2 / 2.0
    best: dict[int, float] = {}
    for row, (others, scores) in enumerate(zip(near.tolist(), cosines.tolist(), strict=True)):
        for other, score in zip(others, scores, strict=True):
            if score < NEAR_COPY:
                break
            if (texts and texts[row] == texts[other]) or (not texts and score > 0.999999):
                continue
            best[row] = max(best.get(row, 0.0), score)
    order = sorted(best, key=lambda row: -best[row])
    told = (
        f"{len(order):,} rows have another with a cosine of {NEAR_COPY} or more."
        if order
        else "No two rows are nearly the same."
    )
    return Finding("Near copies", told, len(order), _named(rows, order))


def _outliers(distances: FloatArray, rows: IntArray) -> Finding:
    """Rows far from their neighbours: more than three times the spread above the median (median absolute deviation)."""
    mean = distances.mean(axis=1).astype(np.float64)
    middle = float(np.median(mean))
    spread = 1.4826 * float(np.median(np.abs(mean - middle))) or 1e-9
    odd = np.flatnonzero(mean > middle + 3 * spread)
    odd = odd[np.argsort(-mean[odd], kind="stable")]
    told = (
        f"{len(odd):,} rows are far from everything, even from their nearest."
        if len(odd)
        else "No row is far from all others."
    )
    return Finding("Outliers", told, len(odd), _named(rows, odd))


def _hubs(near: IntArray, rows: IntArray) -> Finding:
    n, k = near.shape
    often = np.bincount(near.reshape(-1), minlength=n)
    hubs = np.flatnonzero(often > HUB * k)
    hubs = hubs[np.argsort(-often[hubs], kind="stable")]
    told = "No row is the neighbour of unusually many."
    if len(hubs):
        told = f"{len(hubs):,} rows are among the {k} nearest of more than {HUB * k:.0f} others; {k} is the average."
    return Finding("Hubs", told, len(hubs), _named(rows, hubs))


def _disagreements(near: IntArray, labels: Sequence[str], rows: IntArray) -> Finding:
    wrong: list[tuple[float, int]] = []
    k = near.shape[1]
    for row, others in enumerate(near.tolist()):
        if not labels[row]:
            continue
        votes = Counter(labels[other] for other in others if labels[other])
        if not votes:
            continue
        name, count = votes.most_common(1)[0]
        if name != labels[row] and count > 0.7 * k and votes[labels[row]] <= 0.1 * k:
            wrong.append((votes[labels[row]] - count, row))
    order = [row for _, row in sorted(wrong)]
    told = (
        f"{len(order):,} rows have another label than most of their {k} nearest."
        if order
        else "Every label agrees with its neighbours."
    )
    return Finding("Labels that disagree", told, len(order), _named(rows, order))
