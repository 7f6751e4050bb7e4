"""New input: a list that is mostly another one asks its own question, by the method that suits it."""

from collections.abc import Callable

from embeddings_core.maps.methods import method_of
from embeddings_core.maps.request import RECORDED
from embeddings_core.maps.settings import best_method
from embeddings_core.spaces.texts import Texts
from pages._ui import state

COUNTS = (
    "k",
    "near",
    "clusters",
    "sentence-clusters",
    "near-pictures",
    "picture-groups-k",
)  # how many neighbours or groups


def is_new(before: tuple[str, ...], now: tuple[str, ...]) -> bool:
    """Tell whether fewer than half of the items before are still there: the rule by which a map is computed anew."""
    return 2 * len(set(before) & set(now)) < len(before) or not before


def typed(
    key: str,
    split: Callable[[str], Texts],
    *,
    asks: tuple[str, ...],
    query: tuple[str, tuple[str, ...]] = ("", ()),
) -> Callable[[], None]:
    """Return what a change of a text box calls: it renews the questions that are not about the items any more.

    `asks` are the widgets that ask about one of the items. `query` is the key of a box for any text and what we put into
    it ourselves: that goes with the old list, what a visitor typed there stays.
    """

    def changed() -> None:
        before, now = state.listed_before(key), split(state.text(key)).items
        new = is_new(before, now)
        for ask in asks:
            held = state.text(ask)
            if held and held not in now and (new or held in before):
                state.begin_anew(ask)
        method(len(before), len(now))
        if not new:
            return
        counts()
        state.refit()
        box, ours = query
        if box and state.text(box) in (*ours, *before):
            state.put(box, "")

    return changed


def method(before: int, now: int) -> None:
    """Let the method be what suits so many items, where it was what suited so many as before: a choice of another stays."""
    held = method_of(state.text(state.METHOD))
    if held is not None and held.id == best_method(before) != best_method(now):
        state.begin_anew(state.METHOD)
        state.put(state.FILM, RECORDED)


def counts() -> None:
    """Let the numbers of neighbours and groups, and the film, be what suits the items that come now."""
    state.begin_anew(*COUNTS)
    state.put(state.FILM, RECORDED)
