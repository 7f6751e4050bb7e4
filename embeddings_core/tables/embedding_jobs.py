"""Texts of tables on their way to vectors, for all visitors: in turns, so that a short list never waits for a long one.

A job joins the line of its worker anew for every slice of a second or two. Models without a network have a worker of their own, as
they are done before a network has read its first slice. Those who ask for the same share one job, and it ends when the last
of them has left: what was read by then is on the disk.
"""

import time
from collections.abc import Callable, Hashable, Sequence
from functools import cache

import numpy as np

from embeddings_core.errors import EmbeddingsError, JobError
from embeddings_core.jobs import Jobs
from embeddings_core.jobs.shared import SharedJob, SharedJobs
from embeddings_core.limits import EMBED_SECONDS, EMBED_SLICE_SECONDS, IDLE_SECONDS, QUICK_QUEUE
from embeddings_core.models.registry import find_model
from embeddings_core.models.spec import STATIC
from embeddings_core.models.words import AVERAGED
from embeddings_core.spaces.vectors import FloatArray
from embeddings_core.tables import store
from embeddings_core.tables.embedding import embed_part, embed_picture

FIRST, MOST = 16, 2_048  # texts of the first slice, before the pace is known, and of the largest
SLICE = 2.0  # seconds of a slice: what others wait for at most


class Embedding(SharedJob[FloatArray]):
    """Different texts on their way to vectors (n, d), one for each text that was given; stopped, it keeps what it has done.

    `noun` says what they are, texts or pictures; `opened` whether the model is in memory; `ahead` how many others have their turn
    before this one's next.
    """

    def __init__(self, texts: Sequence[str], model: str) -> None:
        super().__init__(len(texts))
        spec = find_model(model)
        self.model, self.opened = spec.title, False
        self.noun = "pictures" if spec.modality == "image-text" else "texts"
        self._texts, self._id, self._since = tuple(texts), spec.id, 0.0
        self._lane = lane(static=spec.modality == "word" or spec.family in (STATIC, AVERAGED))

    def begin(self) -> None:
        """Begin to read, in a thread of its own."""
        self._begin(self._in_slices, name="embedding")

    def _turn(self, step: int, steps: int) -> None:
        self.ahead, self._since = 0, time.monotonic()
        self.opened = self.opened or step > 0

    def _in_slices(self) -> FloatArray:
        different = list(dict.fromkeys(self._texts))
        found = store.recall(different, model=self._id)
        left = sorted((text for text in different if text not in found), key=len, reverse=True)
        self.done, self.total = len(different) - len(left), len(different)
        size, spent = FIRST, 0.0
        while left:
            if self._deserted() or spent > EMBED_SECONDS:
                raise self._stopped()
            part, left = left[:size], left[size:]
            self._since = time.monotonic()
            turn = self._lane.within(
                EMBED_SLICE_SECONDS, progress=self._turn, ahead=self._wait, stop=self._stop
            )
            try:
                vectors = turn.run(embed_part, part, self._id)
            except JobError as error:
                raise (self._stopped() if self.stopping else error) from error
            found |= dict(zip(part, vectors, strict=True))
            took = time.monotonic() - self._since
            spent += took
            self.done, self.ahead, self.opened = self.done + len(part), 0, True
            size = min(max(int(size * min(SLICE / max(took, 1e-3), 2.0)), 1), MOST)
        return np.stack([found[text] for text in self._texts])

    def _stopped(self) -> JobError:
        return JobError(f"Stopped after {self.done:,} of {self.total:,} {self.noun}; they are kept.")


class Embeddings(SharedJobs):
    """What is being read at the moment, each under what was asked for."""

    def reading(
        self,
        asked: Hashable,
        texts: Sequence[str],
        *,
        model: str,
        visitor: str,
        here: Callable[[], bool] = lambda: False,
    ) -> Embedding:
        """Return the job of what is asked for, which equal texts and models have in common; begun now if nobody waits for it."""
        return self.of(asked, lambda: Embedding(texts, model), visitor=visitor, here=here)


@cache
def embeddings() -> Embeddings:
    """Return the jobs of all visitors."""
    return Embeddings()


@cache
def lane(*, static: bool) -> Jobs:
    """Return the worker of networks or that of static vectors: in the one of the maps everybody's map would wait behind them."""
    return Jobs(queue=QUICK_QUEUE, idle=IDLE_SECONDS)


def look_at(content: bytes, model: str) -> tuple[tuple[FloatArray, str] | None, str]:
    """Return the vector (d,) of a visitor's picture by an image-text model and a small copy, from the worker.

    None where it can not be looked at, and what is wrong in a sentence.
    """
    try:
        return lane(static=False).within(EMBED_SLICE_SECONDS).run(embed_picture, content, model), ""
    except EmbeddingsError as error:
        return None, str(error)
