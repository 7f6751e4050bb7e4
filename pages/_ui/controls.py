"""Shared inputs; each draws its widgets and returns a plain value.

Streamlit's own binding leaves out of the address what equals a widget's default. Where the default depends on the
items (the best number of groups, the first word), such an address rebuilds another picture once the items have
changed. So these widgets are not bound: each begins with `first` and is followed by `tell`.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar, cast

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from embeddings_core.maps.methods import Method, method_of
from embeddings_core.maps.request import DIMENSIONS, METHODS, RECORDED, MapOptions, MapRequest, morph_from
from embeddings_core.spaces.datasets import word_list, word_lists
from embeddings_core.spaces.space import Space
from embeddings_core.spaces.texts import Texts, clean, joined, split_words
from embeddings_core.spaces.vectors import Metric
from pages._ui import cache, panels, state

BALANCES = {"very local": 0.0, "local": 0.25, "balanced": 0.5, "global": 0.75, "very global": 1.0}
METRICS: dict[str, Metric] = {"cosine": "cosine", "dot product": "dot", "Euclidean": "euclidean"}
REROLL_HELP = "Start the optimiser from another random seed (now {seed}). What stays put is real; what moves was chance."
LENSES, MORE = (
    4,
    "more-lenses",
)  # buttons in the row of lenses (assets/app.css counts them), and the menu at its end
NONE = "-"  # the option that stands for none of the others
MENU = 400  # the width of what is in a menu, in pixels
V = TypeVar("V")


def words() -> Texts:
    """Ask for words: a text box with a live example in it."""
    if state.held(state.WORDS) is None or state.returning(state.WORDS):
        state.default(state.WORDS, joined(word_list().items))
    typed = text_box(
        "Your words, separated by commas, spaces or lines",
        key=state.WORDS,
        hint="king, queen, man, woman, cat, dog …",
        on_change=state.new_list(state.WORDS, split_words, asks=(state.WORD,)),
    )
    texts = split_words(typed)
    state.listed(state.WORDS, texts.items)
    return texts


def words_in_force() -> Texts:
    """Return the words that are in the text box, or will be once it is drawn."""
    typed = state.held(state.WORDS)
    if typed is None or state.returning(state.WORDS):
        typed = state.default(state.WORDS, joined(word_list().items))
    return split_words(str(typed or ""))


def examples() -> None:
    """Offer lists of words of one click each."""
    for title in word_lists():
        items = word_list(title).items
        text = joined(items)
        st.button(title, key=f"example-{title}", on_click=state.show, args=(text,), kwargs={"word": items[0]})


@contextmanager
def examples_menu(label: str = "Examples") -> Iterator[None]:
    """Open the menu of examples: what is drawn in it is one click away."""
    with st.popover(label, key="examples-menu"), st.container(key="examples", gap=None, width=MENU):
        yield


def text_box(label: str, *, key: str, hint: str, on_change: Callable[[], None] | None = None) -> str:
    """Ask for text, and offer to show it; the `label` is for those who hear it, the `hint` stands in the empty box.

    The box is one line high as long as nobody writes in it, then several (assets/app.css). A click on the button takes
    the text over because the box is left by it.
    """
    with st.container(key="typed", horizontal=True, vertical_alignment="center", gap="small", wrap=False):
        typed = st.text_area(
            label, key=key, height=68, bind="query-params", label_visibility="collapsed", placeholder=hint, on_change=on_change
        )  # fmt: skip
        st.button("Show", key="show", type="primary")
    return str(typed or "")


def noted(texts: Texts, *more: str) -> Texts:
    """Say what was changed in typed text, and what `more` there is to say of it; return it."""
    panels.one_line([*texts.notes, *more], key="typed")
    return texts


def newcomer() -> None:
    """Ask for one more word; it enters the map while the others stay."""
    st.text_input(
        "One more word",
        key=state.NEWCOMER,
        on_change=state.add_newcomer,
        placeholder="then Enter: it flies in",
        max_chars=200,
    )


def map_options(suits: str) -> MapOptions:
    """Ask how the map is made, at first by the method that `suits`; a change of method or of dimensions becomes a morph."""
    titles = list(METHODS)
    with st.container(key="map-options", width=MENU):
        usual = first(state.METHOD, "PCA" if suits == "pca" else titles[0], allowed=titles, read=method_title)
        title = st.segmented_control(
            "Method", titles, default=usual, required=True, key=state.METHOD,
            on_change=state.morph_from_before, width="content",
            help="Three ways to draw hundreds of dimensions on a flat page. PCA looks from the side where the items differ "
            "most; UMAP and t-SNE keep neighbours together.",
        )  # fmt: skip
        tell(state.METHOD, title)
        space = st.segmented_control(
            "Space", list(DIMENSIONS), default="2-D", required=True, key=state.SPACE, bind="query-params",
            on_change=state.morph_from_before, width="content",
        )  # fmt: skip
        method, dimensions = METHODS[str(title)], DIMENSIONS[str(space)]
        balance = st.select_slider(
            "From local to global", list(BALANCES), value="balanced", key="balance", bind="query-params",
            disabled=method == "pca", on_change=state.refit,
            help="Local keeps each item's closest neighbours together; global keeps the large groups in place.",
        )  # fmt: skip
        seed = seed_in_force(state.SEED)
        st.button(
            "Re-roll", on_click=state.reroll, disabled=method == "pca", help=REROLL_HELP.format(seed=seed)
        )
        film = _film(str(title), dimensions)
        with st.expander("Advanced"):
            chosen = _advanced(method)
    return MapOptions(method, dimensions, BALANCES[balance], seed, film=film, **chosen)


def method_title(text: str) -> str:
    """Return the title of a method that an address names by its title or its id, in any spelling.

    Raises ValueError where there is no such method.

    >>> method_title("pca"), method_title("tsne"), method_title("UMAP")
    ('PCA', 't-SNE', 'UMAP')
    """
    method = method_of(text)
    if method is None:
        raise ValueError(f"no method is called {text}")
    return method.title


def seed_in_force(key: str) -> int:
    """Return the random seed under a key, 0 to 10,000; 0 where the address holds none that can be used."""
    typed = str(state.default(key, 0) or 0)
    return int(typed) if typed.isdecimal() and int(typed) <= 10_000 else 0


def _advanced(method: Method) -> dict[str, Any]:
    """Ask for exact parameters; empty boxes follow the slider."""
    st.number_input("Random seed", 0, 10_000, key=state.SEED, bind="query-params", on_change=state.refit)
    if method == "pca":
        st.caption("PCA has no further parameters: it is exact.")
        return {}
    same: dict[str, Any] = {
        "value": None,
        "placeholder": "from the slider",
        "bind": "query-params",
        "on_change": state.refit,
    }
    if method == "tsne":
        return {
            "perplexity": st.number_input(
                "Perplexity (how many neighbours count)", 2.0, 100.0, key="perplexity", **same
            )
        }
    return {
        "neighbours": st.number_input("Neighbours (n_neighbors)", 2, 200, key="neighbours", **same),
        "min_dist": st.number_input(
            "Smallest distance (min_dist)", 0.0, 0.99, key="min_dist", step=0.05, **same
        ),
        "epochs": st.number_input("Epochs of the optimiser", 20, 1000, key="epochs", step=20, **same),
    }


def _film(title: str, dimensions: int) -> str:
    """Ask which film leads to the map: its own, or a morph from another map of no more dimensions."""
    starts = [morph_from(m, space) for m in METHODS for space, d in DIMENSIONS.items() if d <= dimensions]
    options = [RECORDED, *(start for start in starts if start != morph_from(title, f"{dimensions}-D"))]
    if state.default(state.FILM, RECORDED) not in options:
        state.put(state.FILM, RECORDED)
    return str(st.selectbox("Film", options, key=state.FILM, bind="query-params"))


def lens(names: Sequence[str], *, key: str = "lens") -> str:
    """Ask what to look at on the same map: the first few are buttons, the others are in a menu at their end.

    The style sheet hides the buttons of the others, but for the one that is chosen, which takes the last place.
    """
    chosen = str(
        st.segmented_control(
            "Look at", names, default=names[0], required=True, key=key, bind="query-params", label_visibility="collapsed",
            wrap=True,
        )
    )  # fmt: skip
    if len(names) > LENSES + 1:
        last = LENSES - (chosen in names[LENSES:])
        rest = [name for name in names[last:] if name != chosen]
        st.menu_button("More", rest, key=MORE, on_click=_look, args=(key,), width="content")
    return chosen


def _look(key: str) -> None:
    state.put(key, state.text(MORE))


def item(label: str, items: Sequence[str], *, key: str = state.WORD, usual: str = "") -> str:
    """Ask for one of the items, by default the first; the choice may also be a word that is not on the map."""
    current = clean(wanted(key))
    options = list(items) if not current or current in items else [*items, current]
    return one_of(label, options, key=key, usual=usual)


def one_of(
    label: str, options: Sequence[str], *, key: str, usual: str = "", widget: str = "", **look: Any
) -> str:
    """Ask for one of some options that depend on what is on screen; the usual one is the first where none is named.

    `key` is its name in the address; `widget` is its key where that is to change with what it is asked of.
    """
    if not options:
        return ""
    shown = first(key, usual or options[0], allowed=options, read=str, widget=widget)
    chosen = str(st.selectbox(label, options, list(options).index(shown), key=widget or key, **look))
    tell(key, chosen)
    return chosen


def one_or_none(label: str, options: Sequence[str], *, key: str, none: str, **look: Any) -> str:
    """Ask for one of some options, or for `none` of them, as at first: "" then, and nothing in the address."""
    written = look.pop("format_func", str)
    chosen = one_of(
        label,
        [NONE, *options],
        key=key,
        format_func=lambda option: none if option == NONE else written(option),
        **look,
    )
    if chosen != NONE:
        return chosen
    st.query_params.pop(key, None)
    return ""


def choice(label: str, options: Mapping[str, V], *, key: str, help: str | None = None, **look: Any) -> V:
    """Ask for one of a few titles; return what the chosen one stands for."""
    titles = list(options)
    chosen = st.segmented_control(
        label, titles, default=titles[0], required=True, key=key, bind="query-params", help=help, **look
    )
    return options[str(chosen)]


def menu(label: str, options: Mapping[str, V], *, key: str) -> V:
    """Ask for one of a few titles in a menu: one control on the screen, where `choice` has one for each title."""
    return options[str(st.selectbox(label, list(options), key=key, bind="query-params"))]


def how_many(label: str, most: int, *, value: int, key: str, least: int = 1) -> int:
    """Ask for a number up to `most`; nothing is asked where there is nothing to choose."""
    if most <= least:
        return max(most, 0)
    shown = first(
        key, min(value, most), allowed=range(least, most + 1), read=lambda typed: min(int(typed), most)
    )
    chosen = int(st.slider(label, least, most, shown, key=key))
    tell(key, chosen)
    return chosen


def wanted(key: str) -> str:
    """Return the text a widget holds, or what the address says of it; nothing where neither says anything or both are past."""
    if state.begins_anew(key):
        return ""
    held = "" if state.returning(key) else state.text(key)
    return held or str(st.query_params.get(key, ""))


def first(key: str, usual: V, *, allowed: Container[V], read: Callable[[str], V], widget: str = "") -> V:
    """Return the value a widget begins with: the one in force or in the address, where allowed, else the usual one.

    `read` makes a value of what stands in the address; a ValueError means that it is none.
    """
    held = state.held(widget or key)
    if state.begins_anew(key):
        state.begun(key)
        tell(key, usual)
        if held is not None:
            state.put(widget or key, usual)
        return usual
    if held is not None and held in allowed and not state.returning(key):
        return cast("V", held)
    state.returned(key)
    value = usual
    if key in st.query_params:
        with suppress(ValueError):
            value = read(st.query_params[key])
    if value not in allowed:
        value = usual
    if held is not None:
        state.put(widget or key, value)
    return value


def tell(key: str, value: object) -> None:
    """Write into the address what a widget holds."""
    if st.query_params.get(key) != str(value):
        st.query_params[key] = str(value)


def map_request(items: tuple[str, ...], options: MapOptions, space: Space) -> MapRequest:
    """Return what is to be on the map; items of an older map that this space has no vector for are forgotten."""
    fitted = cache.coverage(state.fitted(items), space).items or items
    return MapRequest(items, fitted, cache.possible(options, len(fitted)), space)


def free(upload: Any) -> None:
    """Let Streamlit forget an upload: it would keep the bytes until the visitor leaves, the widget until the next one."""
    context = get_script_run_ctx()
    remove = getattr(context and context.uploaded_file_mgr, "remove_file", None)
    if context is not None and remove is not None:
        remove(session_id=context.session_id, file_id=upload.file_id)
    upload.close()
