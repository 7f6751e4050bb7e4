"""What is made ready in the background before anybody asks for it: the only place that knows what the pages need first."""

import gc
import logging
import os
import threading
import time
from collections.abc import Callable

from embeddings_core import jobs
from embeddings_core.analysis.layer_trajectory import layer_trajectory
from embeddings_core.analysis.warm_up import warm_up_kernels
from embeddings_core.logs import told
from embeddings_core.memory import keep_tidy, large_blocks_apart
from embeddings_core.models.bundled_words import BUNDLED_WORDS
from embeddings_core.models.graph_engines import give_back_arena
from embeddings_core.models.registry import load_encoder
from embeddings_core.pictures.collection import sample_set
from embeddings_core.pictures.picture_space import PictureSpace
from embeddings_core.remember import forget
from embeddings_core.spaces.datasets import BANK
from embeddings_core.talks.ready_talk import ready_talk_json
from pages._ui import cache, waiting
from pages._ui.own_pictures import USUAL_MODEL
from pages._ui.unsent import let_go_whole

LOG = logging.getLogger("embeddings_visualizer")
KEPT = 0.05  # of what may be remembered, when nobody is there
HEAD_START = 3.0  # seconds: the first page and its browser need the same cores
_begun = threading.Lock()  # taken once, for good


def _pictures() -> object:
    return PictureSpace(USUAL_MODEL).vectors([file.digest for file in sample_set("a mix")[:8]])


TASKS: tuple[Callable[[], object], ...] = (
    BUNDLED_WORDS.reference,
    lambda: BUNDLED_WORDS.coverage(("a",)),
    lambda: jobs.warm_up(warm_up_kernels),
    lambda: BUNDLED_WORDS.vectors(("a phrase that the vocabulary lacks",)),
    ready_talk_json,
    _pictures,
    lambda: load_encoder("bridge"),
    lambda: cache.once(layer_trajectory, BANK.items, "bank", "minilm", 2, "", ()),
)


def begin() -> None:
    """Begin, once a process, in a thread of its own."""
    import pandas  # noqa: F401 # every visitor waits until it is whole: a chart drawn while another thread loads it fails

    jobs.introduce(waiting.visit_here)
    if not _begun.acquire(blocking=False):
        return
    let_go_whole()
    large_blocks_apart()
    _one_thread_each()
    # no daemon: to end in the middle of native code would be a crash
    threading.Thread(target=_work, name="warm-up").start()


def _one_thread_each() -> None:
    """Let a product of matrices take one processor: visitors' threads work side by side, and OpenBLAS lets its threads spin.

    A word's scores with the vocabulary take 1.5 ms of one, and 13 ms of two that others want. What a user has set stays.
    """
    import numpy  # noqa: F401 # what is not loaded yet is not found
    from threadpoolctl import threadpool_limits

    if "OPENBLAS_NUM_THREADS" not in os.environ:
        os.environ["OPENBLAS_NUM_THREADS"] = "1"  # for a copy of OpenBLAS that comes later, as SciPy's
        threadpool_limits(1, user_api="blas")


def _let_go() -> None:
    """Let go of what only made the next visit faster."""
    forget(KEPT)
    give_back_arena()


def _work() -> None:
    time.sleep(HEAD_START)
    try:
        for task in TASKS:
            task()
    except Exception as error:  # a page that needs it will say so; the server must live
        LOG.error("Warming up failed: %s", told(error))
    gc.collect()
    gc.freeze()
    keep_tidy(_let_go)
