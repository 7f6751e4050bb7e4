"""How far a guessed place on a map is from the true one; the same arithmetic as the talk's player (talk_guess.js)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.vectors import FloatArray

NEAR = 0.1  # of the map's larger side: a guess that near counts as right


@dataclass(frozen=True)
class Landing:
    """A guess against the truth: `share` is their distance ÷ the map's larger side; `nearer` of `of` others lie nearer."""

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

        >>> Landing(0.07, 2, 20).sentence
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


def landing(positions: FloatArray, row: int, point: Sequence[float]) -> Landing:
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
    return Landing(own / side, int((others < own).sum()), len(others))
