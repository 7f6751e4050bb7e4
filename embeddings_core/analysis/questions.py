"""Questions about real vectors, asked before the picture tells the answer, and how far a placed guess is off."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from embeddings_core.analysis.neighbours import scores_of
from embeddings_core.errors import BadInputError
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, Metric, similarity

QuestionKind = Literal["nearest", "odd", "land"]
KINDS = ("nearest", "odd", "land")
OPTIONS = 4
WITHIN = 30  # wrong options come from among the nearest so many, of few items from the nearest third: others are too easy
DRAWS = 5  # groups that are drawn for an odd one out; the clearest is asked
SAME = 1e-5  # scores that differ by less are a tie


@dataclass(frozen=True)
class Question:
    """A question to an audience and its answer: plain values, so that talk files hold them and need no model.

    "nearest": which of `options` is nearest; "odd": which of `options` does not belong; `answer` is the number
    of the right option, from 0. "land": where on the map an item lands; no options, `answer` is the item's row in
    the scene. `rows` are the options' rows in the scene and `asked` the row that the question is about (None where
    there is none): what a stage hides until the answer. `why` says the answer with its numbers.

    Raises BadInputError where the parts do not fit together.
    """

    kind: QuestionKind
    question: str
    options: tuple[str, ...]
    answer: int
    why: str
    rows: tuple[int, ...] = ()
    asked: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BadInputError(f'There is no question of the kind "{self.kind}"; choose {", ".join(KINDS)}.')
        if not self.question.strip():
            raise BadInputError("A guess needs a question; write one.")
        if self.kind == "land":
            if self.options or self.answer < 0:
                raise BadInputError("Where something lands is asked without options; the answer is its row.")
            return
        if not 2 <= len(self.options) <= 6 or not 0 <= self.answer < len(self.options):
            raise BadInputError(
                f"A question has 2 to 6 options, one of them right; this has {len(self.options)} and number "
                f"{self.answer + 1} as the answer."
            )
        if self.rows and len(self.rows) != len(self.options):
            raise BadInputError("Each option of a question needs its row, or none has one.")

    @property
    def hidden(self) -> tuple[int, ...]:
        """The rows of the scene that would give the answer away: they stay off the map until it is told."""
        if self.kind == "odd":
            return self.rows
        row = self.answer if self.kind == "land" else self.asked
        return () if row is None else (row,)


def nearest_question(
    embeddings: EmbeddingSet,
    row: int,
    *,
    seed: int = 0,
    options: int = OPTIONS,
    metric: Metric = "cosine",
    within: Sequence[int] | None = None,
) -> Question:
    """Ask which of a few items is nearest to the one in this row.

    The right option is the item with the highest score in the original space, of all or of the rows `within`. The
    wrong ones are drawn with `seed` from the next in the ranking (a third of it, 9 to 30), without those that tie
    with the right one (scores within 1e-5) and without items of the same text. Options are shuffled by the same
    seed. Raises BadInputError for a row outside the set, where fewer than 2 options are left, or where nothing has
    a direction (a vector of zeros).
    """
    _check(embeddings, row)
    asked = embeddings.items[row]
    scores = scores_of(embeddings, embeddings.vectors[row], metric=metric).astype(np.float64)
    allowed = set(range(len(embeddings)) if within is None else within) - {row}
    first: dict[str, int] = {}  # "cat" twice cannot be told apart
    for other in np.argsort(-scores, kind="stable").tolist():
        if other in allowed and embeddings.items[other] != asked:
            first.setdefault(embeddings.items[other], other)
    distinct = list(first.values())
    if len(distinct) < 2:
        raise BadInputError(
            f"A question about the nearest needs 3 different items, this has {len(distinct) + 1}; add {2 - len(distinct)}."
        )
    right = distinct[0]
    reach = min(WITHIN, max(3 * (options - 1), len(distinct) // 3))
    wrong = [other for other in distinct[1 : reach + 1] if scores[right] - scores[other] > SAME]
    if not wrong:
        raise BadInputError(f'All are equally near to "{asked[:60]}"; ask about another item.')
    rng = np.random.default_rng(seed)
    drawn = rng.choice(len(wrong), size=min(options - 1, len(wrong)), replace=False)
    rows = [right, *(wrong[at] for at in sorted(drawn.tolist()))]
    told = ", ".join(f"{_named(embeddings.items[other])} {_figure(scores[other], metric)}" for other in rows)
    shuffled = rng.permutation(len(rows))
    return Question(
        "nearest",
        f"Which of these is nearest to {_named(asked)}?",
        tuple(embeddings.items[rows[at]] for at in shuffled),
        int(np.flatnonzero(shuffled == 0)[0]),
        f"{MEASURES[metric]}: {told}.",
        tuple(rows[at] for at in shuffled),
        row,
    )


def odd_one_out(
    embeddings: EmbeddingSet, rows: Sequence[int] | None = None, *, seed: int = 0, options: int = OPTIONS
) -> Question:
    """Ask which of a few items does not belong with the others.

    Each option's score is the mean of its cosines with the other options; the odd one has the lowest. Without
    `rows`, options are an item drawn with `seed`, its nearest (together one less than `options`), and one drawn from
    the half of the others that is furthest from these; of 5 such draws the clearest. Raises BadInputError below 3
    different items, or where two options tie for the lowest (within 1e-5).
    """
    rng = np.random.default_rng(seed)
    chosen = list(rows) if rows is not None else _clearest_draw(embeddings, rng, options)
    for row in chosen:
        _check(embeddings, row)
    if len({embeddings.items[row] for row in chosen}) < max(3, len(chosen)):
        raise BadInputError(
            f"An odd one out needs 3 different items or more, this has "
            f"{len({embeddings.items[row] for row in chosen})}; add some."
        )
    belongs = belonging(embeddings.vectors[chosen])
    order = np.argsort(belongs, kind="stable")
    if belongs[order[1]] - belongs[order[0]] <= SAME:
        raise BadInputError("None of these stands out from the others; choose other items.")
    shuffled = rng.permutation(len(chosen)) if rows is None else np.arange(len(chosen))
    told = ", ".join(f"{_named(embeddings.items[chosen[at]])} {_figure(belongs[at])}" for at in order[::-1])
    return Question(
        "odd",
        "Which one does not belong with the others?",
        tuple(embeddings.items[chosen[at]] for at in shuffled),
        int(np.flatnonzero(shuffled == order[0])[0]),
        f"Mean cosine with the others: {told}.",
        tuple(chosen[at] for at in shuffled),
    )


def belonging(vectors: FloatArray) -> np.ndarray:
    """Return each vector's mean cosine with the others: (m, d) → (m,), for m of 2 or more."""
    table = similarity(vectors, vectors).astype(np.float64)
    return np.asarray((table.sum(axis=1) - np.diag(table)) / (len(table) - 1))


def _clearest_draw(embeddings: EmbeddingSet, rng: np.random.Generator, options: int) -> list[int]:
    """Draw a few groups, each an item, its nearest and one from the far half of the rest; keep the clearest.

    Clearest: where the lowest mean cosine lies furthest below the next one.
    """
    first = {item: row for row, item in reversed(list(enumerate(embeddings.items)))}
    rows = np.array(sorted(first.values()), dtype=np.int64)
    if len(rows) < 3:
        raise BadInputError(
            f"An odd one out needs 3 different items or more, this has {len(rows)}; add some."
        )
    many, best, clearest = min(options, len(rows)), [], -1.0
    for anchor in rng.choice(rows, size=min(DRAWS, len(rows)), replace=False).tolist():
        near = scores_of(embeddings, embeddings.vectors[anchor])[rows]
        ranking = rows[np.argsort(-near, kind="stable")].tolist()
        ranking.remove(anchor)
        group, rest = [anchor, *ranking[: many - 2]], ranking[many - 2 :]
        away = np.mean([scores_of(embeddings, embeddings.vectors[row])[rest] for row in group], axis=0)
        far = [rest[at] for at in np.argsort(away, kind="stable")[: max(len(rest) // 2, 1)]]
        drawn = [*group, int(rng.choice(far))]
        lowest, second = np.sort(belonging(embeddings.vectors[drawn]))[:2]
        if second - lowest > clearest:
            best, clearest = drawn, float(second - lowest)
    return best


def placement_question(embeddings: EmbeddingSet, row: int, *, k: int = 3) -> Question:
    """Ask where on the map the item of this row lands; the answer is its real place, told with its k nearest.

    Raises BadInputError for a row outside the set, or where fewer than 2 others are there to be found near.
    """
    _check(embeddings, row)
    if len(embeddings) < 3:
        raise BadInputError(
            f"A guess on the map needs 3 items, this has {len(embeddings)}; add {3 - len(embeddings)}."
        )
    scores = scores_of(embeddings, embeddings.vectors[row])
    near = [other for other in np.argsort(-scores, kind="stable").tolist() if other != row][:k]
    told = ", ".join(f"{_named(embeddings.items[other])} {_figure(scores[other])}" for other in near)
    item = _named(embeddings.items[row])
    return Question("land", f"Where will {item} land?", (), row, f"Nearest to {item} in truth: {told}.")


def questions(
    embeddings: EmbeddingSet,
    *,
    row: int | None = None,
    seed: int = 0,
    kinds: Sequence[str] = KINDS,
    within: Sequence[int] | None = None,
) -> tuple[Question, ...]:
    """Make each kind of question that these vectors allow: nearest, odd one out, where it lands; none is forced.

    For a page that adds its picture to a talk: the vectors are at hand there, and a guess is plain text and rows,
    so that one can be chosen later without a model. Row i must be item i of the scene. `row` is the item to ask
    about, by default one drawn with `seed`.
    """
    about = int(np.random.default_rng(seed).integers(max(len(embeddings), 1))) if row is None else row
    made: list[Question] = []
    makers: dict[str, Callable[[], Question]] = {
        "nearest": lambda: nearest_question(embeddings, about, seed=seed, within=within),
        "odd": lambda: odd_one_out(embeddings, seed=seed),
        "land": lambda: placement_question(embeddings, about),
    }
    for kind in kinds:
        try:
            made.append(makers[kind]())
        except BadInputError:  # too few items, or all alike: that kind is not offered
            continue
    return tuple(made)


MEASURES: dict[Metric, str] = {"cosine": "Cosine", "dot": "Dot product", "euclidean": "Distance"}


def _named(item: str) -> str:
    """Put a phrase or a sentence into quotation marks, without its full stop; a word stands as it is."""
    return f'"{item[:120].removesuffix(".")}"' if " " in item else item[:120]


def _figure(score: float, metric: Metric = "cosine") -> str:
    told = f"{-score if metric == 'euclidean' else score:.2f}"
    return "0.00" if told == "-0.00" else told


def _check(embeddings: EmbeddingSet, row: int) -> None:
    if not 0 <= row < len(embeddings):
        raise BadInputError(f"There is no row {row}; this set has rows 0 to {len(embeddings) - 1}.")


NEAR = 0.1  # of the map's larger side: a guess that near counts as right


@dataclass(frozen=True)
class PlacementError:
    """How far a placed guess is off: `share` is their distance ÷ the map's larger side; `nearer` of `of` others lie nearer."""

    share: float
    nearer: int
    of: int

    @property
    def right(self) -> bool:
        """Whether the guess counts: within a tenth of the map."""
        return self.share <= NEAR

    @property
    def sentence(self) -> str:
        """Say it in words.

        >>> PlacementError(0.07, 2, 20).sentence
        'Right: your click is 7 % of the map away from its place; 2 of the 20 others lie nearer to it.'
        """
        place = (
            "right on its place"
            if self.share < 0.005
            else f"{max(round(100 * self.share), 1)} % of the map away from its place"
        )
        others = "nothing else lies" if not self.nearer else (
            f"{self.nearer} of the {self.of} others {'lies' if self.nearer == 1 else 'lie'}"
        )  # fmt: skip
        return f"{'Right' if self.right else 'Not quite'}: your click is {place}; {others} nearer to it."


def placement_error(positions: FloatArray, row: int, point: Sequence[float]) -> PlacementError:
    """Compare a guessed point (2,) with the place of a row on a flat map, positions (n, 2).

    share = |point − place| ÷ the larger of the map's width and height, both over all n points. Raises BadInputError
    for a map in 3-D, a row outside it, or a point that is none.
    """
    flat = np.asarray(positions, dtype=np.float64)
    guess = np.asarray(point, dtype=np.float64)
    if flat.ndim != 2 or flat.shape[1] != 2:
        raise BadInputError("Where something lands can be guessed on a flat map only; choose 2-D.")
    if not 0 <= row < len(flat) or guess.shape != (2,) or not np.isfinite(guess).all():
        raise BadInputError(f"A guess is a point of two numbers about one of the rows 0 to {len(flat) - 1}.")
    away = np.linalg.norm(flat - flat[row], axis=1)
    own = float(np.linalg.norm(guess - flat[row]))
    side = float(np.ptp(flat, axis=0).max()) or 1.0
    others = np.delete(away, row)
    return PlacementError(own / side, int((others < own).sum()), len(others))
