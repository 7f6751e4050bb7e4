"""Films that are being written: each in the background, watched by the visitor who asked for it.

They have a worker process of their own. A film takes up to minutes; in the one line of `jobs` every map of every
visitor would stand behind it. The worker gives way to others (`render_gently`), and films queue among themselves.
"""

import hashlib
import logging
import time
from functools import cache

import numpy as np

from embeddings_core.errors import EmbeddingsError
from embeddings_core.export.film_files import RenderedFile, render_gently
from embeddings_core.export.options import ExportOptions, frame_count
from embeddings_core.jobs import Jobs
from embeddings_core.jobs.background import BackgroundJob
from embeddings_core.limits import RENDER_QUEUE, RENDER_SECONDS
from embeddings_core.logs import told
from embeddings_core.scenes.scene import Scene

LOG = logging.getLogger("embeddings_visualizer")
GONE = 20.0  # seconds without a look: the visitor has left, and must not keep others waiting
MILLISECONDS = {
    "mp4": (10.0, 22.0),
    "gif": (20.0, 40.0),
    "webp": (27.0, 60.0),
}  # a frame at 1280 × 720, at 1920 × 1080
A_POINT = 0.012  # milliseconds
FEW = 12  # the first frames take longer: every word is painted once


def fingerprint(scene: Scene) -> str:
    """Name what a film of this scene would show: its id names the film, the rest how it looks now."""
    plain = (
        scene.id,
        scene.title,
        scene.caption,
        scene.points.selected,
        scene.points.highlighted,
        scene.links,
        scene.motion.trails,
        scene.points.group_names,
        scene.points.values_title,
        scene.metadata,
        scene.motion.seconds,
    )
    told = hashlib.blake2b(repr(plain).encode("utf-8", "replace"), digest_size=12)
    for values in (scene.points.groups, scene.points.values, scene.points.sizes, scene.motion.frame_groups):
        told.update(b"-" if values is None else np.ascontiguousarray(values).tobytes())
    return told.hexdigest()


class Render(BackgroundJob[RenderedFile]):
    """One film on its way to a file, counted in frames."""

    def __init__(self, scene: Scene, options: ExportOptions, renders: "Renders") -> None:
        super().__init__(frame_count(scene, options))
        self.picture, self.options = fingerprint(scene), options
        self._expected = renders.expected(scene, options)
        self._renders = renders
        self._begun, self._steady, self._seen = 0.0, 0.0, time.monotonic()
        self._start(renders.jobs, render_gently, scene, options, timeout=RENDER_SECONDS)

    def _ended(self, problem: BaseException | None) -> None:
        if problem is None:
            self._renders.learn(self._expected, time.monotonic() - self._begun)
        elif not isinstance(problem, EmbeddingsError):
            LOG.error("A film failed (%s): %s", self.options.format, told(problem))

    def _progress(self, done: int, total: int) -> None:
        super()._progress(done, total)
        now = time.monotonic()
        self._begun = self._begun or now
        if done == FEW:
            self._steady = now
        if self._renders.jobs.waiting() > 1 and now - self._seen > GONE:
            self._stop.set()

    def watch(self) -> None:
        """Note that the visitor is still there."""
        self._seen = time.monotonic()

    def stop(self) -> None:
        """End it; nothing is kept."""
        self._stop.set()

    def seconds_left(self) -> float:
        """Return how long it will still take, by the frames that are done; while these are few, by experience."""
        left = self.total - self.done
        if self.done < 2 * FEW:
            return self._expected * self._renders.pace * left / self.total
        return (time.monotonic() - self._steady) / (self.done - FEW) * left


class Renders:
    """The worker of all films, and how fast it is on this computer."""

    def __init__(self) -> None:
        self.jobs = Jobs(queue=RENDER_QUEUE, pace=60.0)
        self.pace = 2.0  # against an idle computer: begun carefully, then learnt

    def begin(self, scene: Scene, options: ExportOptions) -> Render:
        """Begin a film; raises BadInputError where it would be too long or does not move."""
        return Render(scene, options, self)

    def expected(self, scene: Scene, options: ExportOptions) -> float:
        """Return the seconds that a film takes on an idle computer."""
        small, large = MILLISECONDS.get(options.format, (0.0, 0.0))
        each = (small if options.ratio == 1 else large) + A_POINT * len(scene.points.items) * options.ratio
        return frame_count(scene, options) * each / 1000

    def learn(self, expected: float, took: float) -> None:
        """Take the next film to be as much slower as this one was."""
        if expected > 0 and took > 0:
            self.pace = min(max((self.pace + took / expected) / 2, 0.2), 20.0)


@cache
def renders() -> Renders:
    """Return the films of all visitors."""
    return Renders()
