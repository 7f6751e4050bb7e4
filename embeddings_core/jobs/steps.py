"""How far a job of several steps is: each weighs about as much as it takes, and whoever waits reads which one runs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from embeddings_core.jobs.shared import unless_stopped


@dataclass(frozen=True)
class Step:
    """One step of a job, in words, and its weight: how much of the whole it is."""

    told: str
    weight: int


class Steps:
    """Tells `progress` how much of all steps is done, never less than before; ends the job by a JobError once it is to stop."""

    def __init__(
        self,
        steps: Sequence[Step],
        *,
        progress: Callable[[int, int], object] | None = None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self._tell = unless_stopped(progress, should_stop)
        self._weights = [step.weight for step in steps]
        self._total = sum(self._weights)
        self._at, self._done = 0, 0
        self._tell(0, self._total)

    def inside(self, done: int, total: int) -> None:
        """Tell how much of the present step is done: `done` of `total` parts."""
        self._reach(sum(self._weights[: self._at]) + self._weights[self._at] * done // max(total, 1))

    def next(self) -> None:
        """The present step is done."""
        self._at += 1
        self._reach(sum(self._weights[: self._at]))

    def finish(self) -> None:
        """Everything is done; steps that were not needed count as done."""
        self._at = len(self._weights)
        self._reach(self._total)

    def _reach(self, done: int) -> None:
        self._done = max(self._done, done)
        self._tell(self._done, self._total)


def step_told(steps: Sequence[Step], done: int) -> str:
    """Say which step runs when so much is done.

    >>> both = Step("looking", 30), Step("naming", 10)
    >>> [step_told(both, done) for done in (0, 29, 30, 40)]
    ['looking', 'looking', 'naming', 'naming']
    """
    until = 0
    for step in steps:
        until += step.weight
        if done < until:
            return step.told
    return steps[-1].told if steps else ""
