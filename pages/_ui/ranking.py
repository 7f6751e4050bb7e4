"""Ranked bars that fill in rank order; a click on one is handed to the page."""

from collections.abc import Callable
from dataclasses import dataclass

from pages._ui import state
from pages._ui.components import component

_component = component("ranked_bars", "ranking")


@dataclass(frozen=True)
class Bar:
    """One row: what it is, its score as printed, the bar's length in 0–1, and what the score means.

    `image` is a data: URL shown before the row.
    """

    label: str
    score: str
    length: float
    note: str = ""
    hint: str = ""
    faint: bool = False
    image: str = ""


def ranking(
    bars: list[Bar],
    *,
    key: str,
    film: str,
    on_choose: Callable[[str], None] | None = None,
    delay: int = 500,
    step: int = 120,
    numbered: bool = True,
) -> None:
    """Show the bars; they fill anew when `film` changes. `on_choose` gets the label of a clicked row.

    `numbered` puts the rank in front: not where the order is no ranking. `delay` and `step` are milliseconds.
    """

    def chosen() -> None:
        label = state.triggered(key, "chosen")
        if on_choose is not None and label:
            on_choose(str(label))

    _component(
        key=key,
        data={
            "rows": [vars(bar) for bar in bars],
            "film": film,
            "delay": delay,
            "step": step,
            "numbered": numbered,
        },
        on_chosen_change=chosen,
    )
