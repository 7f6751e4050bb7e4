"""Arithmetic with meanings: analogies and concept axes, each with the figures that show how well it works."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from embeddings_core.analysis.neighbours import Neighbours, Query, nearest, query_vector, row_or_none
from embeddings_core.errors import BadInputError
from embeddings_core.maps.projection import Projection
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, frozen, unit


@dataclass(frozen=True, eq=False)
class Analogy:
    """The answer to "a is to b as c is to ?", and what to think of it.

    `answers` are nearest to `target` (d,) with the three inputs left out, as is the custom; `raw` leaves out
    nothing. `given` (3, d) are the vectors of a, b and c, `found` (k, d) the answers', length 1. `gap` is
    the score of the first answer less that of the second. `miss` is the distance from the target to the first
    answer, `step` the one from a to b.
    """

    a: str
    b: str
    c: str
    given: FloatArray
    target: FloatArray
    answers: Neighbours
    raw: Neighbours
    found: FloatArray
    gap: float
    miss: float
    step: float

    @property
    def name(self) -> str:
        """How the target came about, such as "king - man + woman"."""
        return f"{self.b} - {self.a} + {self.c}"

    @property
    def answer(self) -> str:
        """The first answer; empty where the set holds nothing but the inputs."""
        return self.answers.items[0] if self.answers.items else ""

    @property
    def only_by_exclusion(self) -> bool:
        """Whether the nearest of all is one of the inputs: the answer wins only because they are left out."""
        return bool(self.raw.items) and self.raw.items[0] != self.answer


def analogy(
    space: EmbeddingSet, a: Query, b: Query, c: Query, *, k: int = 10, words: EmbeddingSet | None = None
) -> Analogy:
    """Answer "a is to b as c is to ?" by the items nearest to b − a + c, by cosine of vectors of length 1.

    Inputs are items, rows or vectors; items are looked up in `words` first where that is given (so that the
    inputs may be words that the space lacks), answers come from `space`. Raises BadInputError for unknown
    items. Mikolov, Yih and Zweig 2013; the audit after Rogers, Drozd and Li 2017.
    """
    names: list[str] = []
    vectors: list[FloatArray] = []
    rows: list[int] = []
    for place, query in zip("abc", (a, b, c), strict=True):
        inside = (
            words
            if words is not None and isinstance(query, str) and row_or_none(words, query) is not None
            else space
        )
        name, vector, row = query_vector(inside, query)
        names.append(place if row < 0 else name)
        vectors.append(unit(vector))
        there = row if inside is space else row_or_none(space, name)  # the same word is an input there too
        rows.extend([] if there is None or there < 0 else [there])
    given = np.stack(vectors)
    target = given[1] - given[0] + given[2]
    title = f"{names[1]} - {names[0]} + {names[2]}"
    answers = nearest(space, target, k=k, exclude=rows, name=title)
    scores = answers.scores
    found = unit(space.vectors[answers.rows])
    return Analogy(
        a=names[0],
        b=names[1],
        c=names[2],
        given=frozen(given),
        target=frozen(target),
        answers=answers,
        raw=nearest(space, target, k=k, name=title),
        found=frozen(found),
        gap=float(scores[0] - scores[1]) if len(scores) > 1 else 0.0,
        miss=float(np.linalg.norm(found[0] - target)) if len(found) else 0.0,
        step=float(np.linalg.norm(given[1] - given[0])),
    )


@dataclass(frozen=True, eq=False)
class Plane:
    """Points on the plane of an analogy: `points` (n, 2) in true distances, `residuals` (n,) away from it.

    The inputs and the target lie in the plane exactly (residual 0); an answer stands above or below it.
    """

    items: tuple[str, ...]
    points: FloatArray
    residuals: FloatArray


def plane(result: Analogy, *, answers: int = 1) -> Plane:
    """Draw a, b, c, the target and the first answers in the plane through a, b and c.

    a is the origin, the step from a to b points right; distances between points of the plane are those of the
    original space. The answers are dropped onto the plane at a right angle; how far they fell is their
    residual.
    """
    a, b, c = (row.astype(np.float64) for row in result.given)
    axes: list[np.ndarray] = []
    for edge in (b - a, c - a):
        rest = edge - sum(((edge @ axis) * axis for axis in axes), np.zeros_like(edge))
        length = float(np.linalg.norm(rest))
        axes.append(rest / length if length > 1e-6 else np.zeros_like(rest))
    shown = result.found[:answers].astype(np.float64)
    everything = np.vstack([result.given, result.target, shown]) - a
    points = everything @ np.stack(axes, axis=1)
    residuals = np.sqrt(np.maximum((everything**2).sum(1) - (points**2).sum(1), 0.0))
    residuals[:4] = 0.0  # they span the plane; what is left there is rounding
    items = (result.a, result.b, result.c, result.name, *result.answers.items[:answers])
    return Plane(items, frozen(points), frozen(residuals))


def analogy_film(result: Analogy, *, answers: int = 3) -> tuple[tuple[str, ...], Projection]:
    """Show the arithmetic step by step: items, and a morph of four states in the true plane.

    The moving point (fourth item) starts at c, takes the step from a to b, then goes to the nearest answer.
    """
    flat = plane(result, answers=answers)
    rest = np.repeat(flat.points[None], 4, axis=0)
    rest[:2, 3] = flat.points[2]
    if len(flat.items) > 4:
        rest[3, 3] = flat.points[4]
    names = (
        f"{result.a}, {result.b} and {result.c} where they are",
        f"the step from {result.a} to {result.b}",
        f"the same step from {result.c}",
        f"the nearest word: {result.answer}" if result.answer else "nothing is near",
    )
    note = "drawn in the plane of the three words, in true distances; the answers are dropped onto it"
    return flat.items, Projection(rest, names, method="plane", kind="morph", note=note)


@dataclass(frozen=True, eq=False)
class Axis:
    """A direction of meaning from `low` to `high`: `direction` (d,) of length 1, `middle` between the poles.

    `reach` is half the distance between the poles along the direction.
    """

    low: str
    high: str
    direction: FloatArray
    middle: float
    reach: float

    @property
    def name(self) -> str:
        """How the axis came about."""
        return f"{self.low} to {self.high}"

    def place(self, vectors: ArrayLike) -> FloatArray:
        """Read off where vectors (n, d) stand on the axis: (n,), −1 at the low pole, +1 at the high pole."""
        return np.asarray((unit(vectors) @ self.direction - self.middle) / self.reach, dtype=np.float32)


def axis(
    space: EmbeddingSet,
    low: str | Sequence[str],
    high: str | Sequence[str],
    *,
    words: EmbeddingSet | None = None,
) -> Axis:
    """Draw an axis between two poles, each a word or the mean of several: (high − low), length 1.

    Raises BadInputError for unknown words, and where both poles are the same. Bolukbasi et al. 2016.
    """
    poles: list[tuple[str, np.ndarray]] = []
    for pole in (low, high):
        names = [pole] if isinstance(pole, str) else list(pole)
        if not names:
            raise BadInputError("Each end of an axis needs at least one word.")
        sets = [
            words if words is not None and row_or_none(words, name) is not None else space for name in names
        ]
        vectors = [unit(query_vector(inside, name)[1]) for inside, name in zip(sets, names, strict=True)]
        poles.append((" + ".join(names), np.asarray(np.mean(vectors, axis=0, dtype=np.float64))))
    (low_name, start), (high_name, end) = poles
    length = float(np.linalg.norm(end - start))
    if length < 1e-6:
        raise BadInputError(
            f'"{low_name[:80]}" and "{high_name[:80]}" have the same vector; choose two words.'
        )
    direction = (end - start) / length
    middle = float(np.dot(start + end, direction)) / 2.0
    return Axis(low_name, high_name, frozen(direction), middle, length / 2.0)
