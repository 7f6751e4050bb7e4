"""The warm-up of the worker: tried until it succeeds, and what to say meanwhile."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from embeddings_core.errors import EmbeddingsError
from embeddings_core.jobs.child import DeadWorkerError

LOG = logging.getLogger(__name__)
PAUSES = (0.0, 1.0, 5.0, 30.0, 300.0)  # seconds before each new try; the last is repeated
Stage = Literal["off", "warming", "ready", "failed"]


@dataclass(frozen=True)
class State:
    """How far the worker is: off, warming, ready, or failed (and tried again) with the reason in a sentence."""

    stage: Stage
    why: str = ""

    def __str__(self) -> str:
        return f"{self.stage}: {self.why}" if self.why else self.stage


class WarmUp:
    """Tries in the background until the worker is warm, each time with less trust in the compiled code on disk.

    `attempt(cancelled)` warms the worker or raises; `distrust(failures)` is called after a failure that the compiled code may
    be to blame for. `pauses` are seconds. After two failures the state is "failed", until a later try succeeds.
    """

    def __init__(
        self,
        attempt: Callable[[threading.Event], object],
        distrust: Callable[[int], object],
        *,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._attempt, self._distrust, self._pauses = attempt, distrust, pauses
        self._lock = threading.Lock()
        self._settled, self._cancelled = threading.Event(), threading.Event()
        self._running = False
        self.state = State("off")

    def start(self) -> None:
        """Begin to try, where nothing is under way."""
        with self._lock:
            if self._running or self._cancelled.is_set():
                return
            self._running = True
            self._settled.clear()
            self.state = State("warming")
        threading.Thread(target=self._work, name="warm-up", daemon=True).start()

    def wait(self) -> None:
        """Wait until it is ready or has failed."""
        self._settled.wait()

    def cancel(self) -> None:
        """Try no more."""
        self._cancelled.set()
        self._settled.set()

    def _work(self) -> None:
        failures = 0
        while not self._cancelled.is_set():
            try:
                self._attempt(self._cancelled)
            except Exception as error:
                if self._cancelled.is_set():
                    break
                failures += 1
                self._failed(error, failures)
                self._cancelled.wait(self._pauses[min(failures, len(self._pauses)) - 1])
            else:
                with self._lock:
                    self.state, self._running = State("ready"), False
                self._settled.set()
                return
        with self._lock:
            self.state, self._running = State("off"), False

    def _failed(self, error: Exception, failures: int) -> None:
        dead = isinstance(error, DeadWorkerError)
        why = "The worker ended unexpectedly." if dead else str(error).partition("\n")[0].rstrip(":.") + "."
        LOG.warning("The worker could not be made ready (try %d): %s", failures, why)
        if dead or not isinstance(error, EmbeddingsError):
            self._distrust(failures)
        if failures > 1:
            self.state = State("failed", why)
            self._settled.set()
