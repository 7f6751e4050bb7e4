"""The ready talk "What is an embedding?": ten slides from a list of numbers to search, each drawn from a real model."""

from collections.abc import Callable
from functools import lru_cache

from embeddings_core.talks.slides import Slide, talk_json
from embeddings_core.talks.talk_more import bank_slide, joint_slide, order_slide, pictures_slide, search_slide
from embeddings_core.talks.talk_words import (
    analogy_slide,
    map_slide,
    neighbours_slide,
    numbers_slide,
    one_hot_slide,
)

TITLE = "What is an embedding?"
SLIDES: tuple[Callable[[], Slide], ...] = (
    numbers_slide, one_hot_slide, map_slide, neighbours_slide, analogy_slide,
    order_slide, bank_slide, pictures_slide, joint_slide, search_slide,
)  # fmt: skip


@lru_cache(maxsize=1)
def ready_talk() -> tuple[Slide, ...]:
    """Return the ten slides of the talk; raises ModelUnavailableError where a bundled file is missing."""
    return tuple(make() for make in SLIDES)


@lru_cache(maxsize=1)
def ready_talk_json() -> str:
    """Return the talk as the player in the application takes it."""
    return talk_json(TITLE, ready_talk())
