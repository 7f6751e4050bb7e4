"""What one visitor has chosen, beyond what widgets hold: the only place that touches the session's state.

Widgets keep their own value in the URL (`bind="query-params"`); this module holds what no widget shows, and the
callbacks that change a widget's value from outside (an example, a click on the map, a new word).
"""

from collections.abc import Callable
from typing import TypeVar, cast
from urllib.parse import parse_qsl, urlencode

import streamlit as st
from streamlit.runtime.state import get_session_state

from embeddings_core.maps.methods import method_of
from embeddings_core.maps.request import RECORDED, MapOptions, morph_from
from embeddings_core.maps.settings import best_method
from embeddings_core.spaces.texts import Texts, clean, joined, split_words
from pages._ui.history import came_back

WORDS = "words"  # the text box of the words page
WORD = "word"  # the word whose neighbours are shown
NEWCOMER = "newcomer"  # the box in which one more word is typed
FITTED = "fitted"  # the words the present map was computed from, when they are not the words on it
METHOD, SPACE, SEED, FILM = "method", "space", "seed", "film"  # how the map is made
_DRAWN = "drawn"  # the method and space of the map that was drawn last
_FIRST = "first"  # the map that was drawn last, and the query it was first drawn with (None once another was asked)
_PAGE = "page"  # the page on screen: its address and its claim
PICTURES_FITTED = "pictures-fitted"  # the same for pictures; uploads stay in the session, so never in the URL
_ANEW = "anew"  # the widgets that begin as on a first visit, because the items are others
_LISTED = "listed"  # the items of each text box when it was drawn last
VISIT = "visit"  # under which a later visit of this browser finds its own pictures
_BACK = "back"  # the widgets that took over what the address says, in the run of a step through the browser's history
_FIRST_VALUES = "first-values"  # and the first values of those of which it says nothing
_PLACE = "place"  # the scene whose map was clicked last, and where
FORMER_VALUES = {  # (parameter, former value) → what it is called now; links and talks of before keep working
    ("look", "Two eyes"): "Two models",
    ("onehot", "Dimension diet"): "Fewer dimensions",
    ("view", "Layer elevator"): "Layer by layer",
}
_NOTHING = object()  # what is under no key
V = TypeVar("V")


def text(key: str) -> str:
    """Return the text under a key, or nothing."""
    return str(st.session_state.get(key) or "")


def put(key: str, value: object) -> None:
    """Set a widget's value from a callback."""
    st.session_state[key] = value


def default(key: str, value: object) -> object:
    """Give a widget its first value (unless the URL or an earlier run did) and return the value in force.

    After Back or Forward that is what the address says, and where it says nothing, the first value again.
    """
    if returning(key):
        returned(key)
        if key in st.session_state:
            del st.session_state[key]
        if key not in st.query_params:
            _as_if_asked_for(key, value)
    if key not in st.session_state:
        if key in st.query_params:
            return st.query_params[key]
        st.session_state[key] = value
    return st.session_state[key]


def _as_if_asked_for(key: str, value: object) -> None:
    """Let the address say what a widget begins with: else Streamlit gives a bound widget its own empty default here."""
    first = {**kept(_FIRST_VALUES, dict), key: value}
    put(_FIRST_VALUES, first)
    with get_session_state().query_params() as held:
        held.set_initial_query_params("&".join(filter(None, (query(), urlencode(first, doseq=True)))))


def returning(key: str) -> bool:
    """Tell whether a widget has still to take over what the address says."""
    return came_back() and key not in kept(_BACK, frozenset)


def returned(key: str) -> None:
    """Note that a widget has taken over what the address says."""
    if came_back():
        put(_BACK, kept(_BACK, frozenset) | {key})


def kept(key: str, make: Callable[[], V]) -> V:
    """Return what this visit keeps under a key and no widget shows; made on first use."""
    value = st.session_state.get(key, _NOTHING)
    if value is _NOTHING:
        value = st.session_state[key] = make()
    return cast("V", value)


def held(key: str) -> object:
    """Return what is under a key, None where nothing is; unlike `kept` it makes nothing."""
    return st.session_state.get(key)


def ask_for(key: str) -> None:
    """Note a press of a button; its callback's arguments would be older than a change that comes with the click."""
    put(f"{key}-asked-for", True)


def asked_for(key: str) -> bool:
    """Tell once whether something was asked for."""
    return bool(st.session_state.pop(f"{key}-asked-for", False))


def include(key: str, title: str, *, most: int) -> None:
    """Put one more title first into a choice of several that was already made; the last gives way to it."""
    made = list(st.session_state.get(key) or st.query_params.get_all(key))
    if made and title not in made:
        st.query_params.pop(key, None)
        st.session_state[key] = [title, *made][:most]


def stand_on(address: str, claim: str) -> None:
    """Remember which page is on screen, and what it claims."""
    if page()[0] != address or came_back():
        put(_ANEW, frozenset())
    if came_back():
        put_all({_BACK: frozenset(), _FIRST_VALUES: {}})
        for key in (FITTED, PICTURES_FITTED):
            st.session_state.pop(key, None)
    put(_PAGE, (address, claim))


def page() -> tuple[str, str]:
    """Return the address of the page on screen, as a link from a talk names it, and its claim."""
    address, claim = st.session_state.get(_PAGE, ("./", ""))
    return str(address), str(claim)


def visit() -> str | None:
    """Return the token that the browser keeps for its next visit: "" where it is to let go of it, None where nothing is known."""
    token = held(VISIT)
    return token if isinstance(token, str) else None


def opened_live() -> bool:
    """Tell whether the page stands inside a talk, as a scene that was opened live."""
    return "live" in st.query_params


def query() -> str:
    """Return what the address of the page on screen says after its question mark: with it, the picture is rebuilt."""
    pairs = [(name, value) for name in st.query_params for value in st.query_params.get_all(name)]
    return urlencode(pairs)


def pairs(query: str) -> list[tuple[str, str]]:
    """Return the names and values of what stands after the question mark of an address."""
    return parse_qsl(query, keep_blank_values=True)


def pair(key: str) -> tuple[int, int]:
    """Return the two ends of a slider."""
    low, high = st.session_state[key]
    return int(low), int(high)


def put_all(values: dict[str, object]) -> None:
    """Set several widgets' values from a callback."""
    for key, value in values.items():
        put(key, value)


def placed(scene: str) -> Callable[[tuple[float, float]], None]:
    """Return a callback that remembers which place of a scene (its id) was clicked."""
    return lambda point: put(_PLACE, (scene, point))


def placed_on(scene: str) -> tuple[float, float] | None:
    """Return the place of this scene that was clicked last; None where the last click was elsewhere."""
    where, point = kept(_PLACE, lambda: ("", (0.0, 0.0)))
    return point if where == scene else None


def triggered(key: str, name: str) -> object:
    """Return what a component just reported under this name, or None."""
    return getattr(st.session_state.get(key), name, None)


def show(words: str, *, word: str | None = None) -> None:
    """Replace the typed words by an example and compute its map anew."""
    put(WORDS, words)
    begin_anew(WORD) if word is None else put(WORD, word)
    refit()


def listed(key: str, items: tuple[str, ...]) -> None:
    """Remember which items a text box holds: with them, its next change is told from a new list."""
    put(f"{_LISTED}-{key}", items)


def listed_before(key: str) -> tuple[str, ...]:
    """Return the items that a text box held when it was drawn last."""
    before: tuple[str, ...] = kept(f"{_LISTED}-{key}", tuple)
    return before


def begin_anew(*keys: str) -> None:
    """Let these widgets begin again with what suits the items, whatever they hold now."""
    put(_ANEW, kept(_ANEW, frozenset) | set(keys))


def begins_anew(key: str) -> bool:
    """Tell whether a widget is to begin again."""
    return key in kept(_ANEW, frozenset)


def begun(key: str) -> None:
    """Note that a widget has begun again."""
    put(_ANEW, kept(_ANEW, frozenset) - {key})


def forget(key: str) -> None:
    """Take what a widget that is not on screen holds out of the visit and out of the address."""
    st.session_state.pop(key, None)
    st.query_params.pop(key, None)


def refit() -> None:
    """Forget the old map: the next one is computed from the words on screen."""
    st.session_state.pop(FITTED, None)
    st.session_state.pop(PICTURES_FITTED, None)
    st.query_params.pop(FITTED, None)


def reroll() -> None:
    """Take the next seed and compute the map anew."""
    put(SEED, int(st.session_state.get(SEED) or 0) + 1)
    put(FILM, RECORDED)
    refit()


def drawn(options: MapOptions) -> None:
    """Remember which map is on screen now."""
    put(_DRAWN, options.title)


def morph_from_before() -> None:
    """Let the next film start from the map on screen, where that is another one of no more dimensions."""
    before, now = text(_DRAWN), morph_from(text(METHOD), text(SPACE))
    rises = before[-3:] <= now[-3:]  # "2-D" or "3-D"
    put(FILM, before if before and before != now and rises else RECORDED)
    refit()


def fitted(items: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words whose map stays while others come and go.

    That is the list in force (of this visit or of the URL) while at least half of it is still on screen; otherwise
    the words on screen themselves.
    """
    before = text(FITTED) or str(st.query_params.get(FITTED, ""))
    old = tuple(word for word in map(clean, before.split("\n")) if word)  # anybody can write an address
    kept = len(set(old) & set(items))
    if not old or 2 * kept < len(old) or kept == 0:
        old = items
    st.session_state[FITTED] = "\n".join(old)
    if old == items:
        st.query_params.pop(FITTED, None)
    else:
        st.query_params[FITTED] = "\n".join(old)
    return old


def first_with(picture: str, query: str) -> bool:
    """Tell whether this query is the one that a picture was first shown with: only then does its film play."""
    before, asked = st.session_state.get(_FIRST, ("", None))
    if before != picture:
        asked = query
    elif asked != query:
        asked = None
    st.session_state[_FIRST] = (picture, asked)
    return bool(asked == query)


def add(word: str) -> None:
    """Append a word to the typed ones and look at its neighbours."""
    word = clean(word)
    if not word:
        return
    before = text(WORDS)
    items = dict.fromkeys((*split_words(before).items, word))
    put(WORDS, joined(tuple(items), separator="\n" if "\n" in before.strip() else ", "))
    put(WORD, word)


def add_newcomer() -> None:
    """Take the word from the newcomer's box and empty the box."""
    add(text(NEWCOMER))
    put(NEWCOMER, "")


def remove(word: str) -> None:
    """Take the word that is asked about (else this one) off the map; the others stay where they are, and what was typed since."""
    items, asked = split_words(text(WORDS)).items, text(WORD)
    left = [item for item in items if item != (asked if asked in items else word)]
    put(WORDS, joined(left))
    put(WORD, left[0] if left else None)


def replace(word: str, by: str) -> None:
    """Put another spelling in a word's place."""
    put(WORDS, joined([by if item == word else item for item in split_words(text(WORDS)).items]))
    if text(WORD) == word:
        put(WORD, by)


def choose(items: tuple[str, ...], *, key: str = WORD) -> Callable[[int | None], None]:
    """Return a callback that puts the clicked row's item under a key: by default, looks at its neighbours."""

    def chosen(row: int | None) -> None:
        if row is not None and 0 <= row < len(items):
            put(key, items[row])

    return chosen


def choose_or_add(word: str, items: tuple[str, ...]) -> None:
    """Look at a word that is on the map; let one enter that is not."""
    if word in items:
        put(WORD, word)
    else:
        add(word)


_COUNTS = (
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


def new_list(
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
        before, now = listed_before(key), split(text(key)).items
        new = is_new(before, now)
        for ask in asks:
            held = text(ask)
            if held and held not in now and (new or held in before):
                begin_anew(ask)
        if not new:  # a list that grows or shrinks keeps its method: the words on the map stay where they are
            return
        suit_method(len(before), len(now))
        suit_counts()
        refit()
        box, ours = query
        if box and text(box) in (*ours, *before):
            put(box, "")

    return changed


def suit_method(before: int, now: int) -> None:
    """Let the method be what suits so many items, where it was what suited so many as before: a choice of another stays."""
    held = method_of(text(METHOD))
    if held is not None and held.id == best_method(before) != best_method(now):
        begin_anew(METHOD)
        put(FILM, RECORDED)


def suit_counts() -> None:
    """Let the numbers of neighbours and groups, and the film, be what suits the items that come now."""
    begin_anew(*_COUNTS)
    put(FILM, RECORDED)


def accept_former_values() -> None:
    """Let an address that names a choice as it was called before open what it is called now."""
    for (key, former), now in FORMER_VALUES.items():
        if st.query_params.get(key) == former:
            put(key, now)
