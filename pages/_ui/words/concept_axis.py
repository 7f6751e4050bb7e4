"""The lens on concept axes: two words, or two lists, span an axis, and all words fall onto it."""

import streamlit as st

from embeddings_core.analysis.concept_axis import OnAxis, on_axis
from embeddings_core.maps.request import MapRequest
from embeddings_core.scenes.concept_axis import axis_scene
from embeddings_core.scenes.maps import map_scene
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.space import Space
from embeddings_core.spaces.texts import split_words
from pages._ui import cache, panels, state
from pages._ui.controls import MENU
from pages._ui.panels import Bar, ranking

FIRST = ("man", "woman")
PRESETS = (
    FIRST,
    ("cheap", "expensive"),
    ("small", "large"),
    ("cold", "hot"),
    ("bad, terrible, sad", "good, wonderful, happy"),
)
LOW, HIGH, LOW_2, HIGH_2 = KEYS = ("low", "high", "low-2", "high-2")
SHOWN = 8  # words of either end that are listed


def concept_axis(request: MapRequest) -> Scene:
    """Ask for the poles of one axis or two, and let the words of the map fall onto it."""
    shown = cache.view(request)
    state.default(LOW, FIRST[0])
    state.default(HIGH, FIRST[1])
    first = _poles("Axis from", LOW, HIGH)
    with st.popover("More axes", key="axes"):
        with st.container(key="presets", horizontal=True, gap="small", width=MENU):
            for low, high in PRESETS:
                label = f"{split_words(low).items[0]} – {split_words(high).items[0]}"
                st.button(label, key=f"axis-{low}", on_click=state.put_all, args=({LOW: low, HIGH: high},))
        second = _poles("Second axis, up and down, from", LOW_2, HIGH_2, placeholder="none")
    if not shown.items or not all(first):
        panels.sentence("An axis needs a word at each end, and words to stand on it.", key="poles")
        return map_scene(shown)
    asked = [first, second] if all(second) else [first]
    named = tuple(dict.fromkeys(word for poles in asked for pole in poles for word in pole))
    there = cache.vectors_of(named, request.space)
    if lost := [word for word in named if word not in there.items]:
        panels.sentence(f"This space has no vector for {', '.join(lost)}; choose other words.", key="lost")
        return map_scene(shown)
    results = [cache.once(fallen, shown.items, low, high, request.space) for low, high in asked]
    for place, result in enumerate(results):
        panels.sentence(result.sentence, key=f"axis-{place}")
    _ends(results[0])
    return axis_scene(shown, results[0], second=results[1] if len(results) > 1 else None)


def _poles(
    label: str, low: str, high: str, *, placeholder: str = ""
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ask for both ends of an axis, each a word or several, separated by commas."""
    ends = []
    for column, key, told in zip(st.columns(2), (low, high), (label, "to"), strict=True):
        with column:
            typed = st.text_input(told, key=key, bind="query-params", max_chars=400, placeholder=placeholder)
        ends.append(split_words(str(typed or ""), limit=20).items)
    return ends[0], ends[1]


def _ends(result: OnAxis) -> None:
    """List the words from the high end to the low one; of many, those of either end."""
    order = sorted(range(len(result.items)), key=lambda row: -float(result.places[row]))
    if len(order) > 2 * SHOWN:
        order = [*order[:SHOWN], *order[-SHOWN:]]
    bars = [
        Bar(
            result.items[row],
            f"{result.places[row]:+.2f}".replace("-", "−"),
            min(max((float(result.places[row]) + 1) / 2, 0), 1),
        )
        for row in order
    ]
    st.caption(f"From {result.axis.high} (+1) to {result.axis.low} (−1)")
    ranking(
        bars, key="axis-bars", film=f"{result.axis.name}|{'|'.join(result.items)}", numbered=False, step=60
    )


def fallen(items: tuple[str, ...], low: tuple[str, ...], high: tuple[str, ...], space: Space) -> OnAxis:
    """Read words off the axis between two poles."""
    shown = cache.vectors_of(items, space)
    words = space.words()
    return on_axis(
        shown,
        low,
        high,
        poles=cache.vectors_of((*low, *high), space),
        words=shown if words is None else words,
    )
