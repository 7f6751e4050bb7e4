"""Rendering in a worker process of its own: gently, since the maps of others are computed beside it."""

import os
from collections.abc import Callable

from embeddings_core.export.film_files import Progress, RenderedFile, render
from embeddings_core.export.options import Wish
from embeddings_core.scenes.scene import Scene

GENTLE = (
    5  # of 19: beside a map, a film gets a quarter of the processor; at 10 it would stand still on a busy day
)


def render_gently(
    scene: Scene,
    wish: Wish,
    *,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> RenderedFile:
    """Render as `film_files.render` does, after lowering the priority of this process, and of what it starts, for good."""
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, 0, GENTLE)
    return render(scene, wish, progress=progress, should_stop=should_stop)
