"""Work on a table in the background: one job for all who wait for the same, which says what it does; what it finds is kept."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TypeVar

from embeddings_core import jobs
from embeddings_core.jobs.queue import Within
from embeddings_core.jobs.shared import SharedJob, SharedJobs
from embeddings_core.jobs.steps import Step, step_told
from embeddings_core.limits import LARGE_MAP_SECONDS
from embeddings_core.tables import large_tables
from embeddings_core.tables.opened import Work

R = TypeVar("R")


class TableJob(SharedJob[R]):
    """Work on a table that is under way for all who wait for it."""

    def told(self) -> str:
        """Say what is being done."""
        if self.stopping:
            return "Stopping …"
        return self.place("computation") if self.ahead else self._doing()

    def _doing(self) -> str:
        raise NotImplementedError

    def within(self, seconds: float, *, heavy: bool = False) -> Within:
        """Run a function in the worker so that this tells how far it is and can end it; see `jobs.within`."""
        return jobs.within(seconds, progress=self._progress, ahead=self._wait, stop=self._stop, heavy=heavy)

    def in_large_lane(self) -> Within:
        """Run a function so in the worker of large tables."""
        return large_tables.large_lane().within(
            LARGE_MAP_SECONDS, progress=self._progress, ahead=self._wait, stop=self._stop
        )


class Search(TableJob[R]):
    """Something that is looked for in a table, in these `steps`; what was found is kept by `work` under a key.

    `look` finds it with the help of this job: it runs functions in the worker by `within` or `in_large_lane`.
    """

    def __init__(
        self,
        look: "Callable[[Search[R]], R]",
        *,
        work: Work,
        key: str,
        what: str,
        steps: Sequence[Step],
    ) -> None:
        super().__init__(0)
        self._look, self._work, self._key, self._what, self._steps = look, work, key, what, tuple(steps)

    def begin(self) -> None:
        """Begin to look, in a thread of its own."""
        self._begin(self._found, name="search")

    def _found(self) -> R:
        found = self._look(self)
        self._work.found[self._key] = found
        return found

    def _doing(self) -> str:
        return f"{self._what}: {step_told(self._steps, self.done)} …"


@cache
def table_jobs() -> SharedJobs:
    """Return what is under way for all visitors."""
    return SharedJobs()
