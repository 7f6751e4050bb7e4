"""The options of a question as numbered buttons that a page can mark once the answer is told."""

from collections.abc import Callable

from embeddings_core.scenes.labels import label
from pages._ui import state
from pages._ui.panels import component

_component = component("question_options", "options")


def options(
    texts: tuple[str, ...],
    *,
    key: str,
    images: tuple[str, ...] = (),
    right: int | None = None,
    chosen: int | None = None,
    on_choose: Callable[[int], object] | None = None,
) -> None:
    """Show options; `on_choose` gets the number (from 0) of the one that was clicked or whose key was pressed.

    `images` are data: URLs, one an option. With `right` the question is closed: that option is marked, and the one that
    was `chosen`.
    """

    def picked() -> None:
        at = state.triggered(key, "chosen")
        if on_choose is not None and isinstance(at, int) and 0 <= at < len(texts):
            on_choose(at)

    _component(
        key=key,
        data={
            "options": [label(text) for text in texts],
            "images": list(images),
            "right": right,
            "chosen": chosen,
        },
        on_chosen_change=picked,
    )
