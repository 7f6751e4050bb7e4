"""Shared inputs; each draws its widgets and returns a plain value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from embeddings_core.projection import Method
from embeddings_core.texts import Cleaned, split_words
from embeddings_core.vectors import Metric
from pages._ui import shell, state

METHODS: dict[Method, str] = {"umap": "UMAP", "tsne": "t-SNE", "pca": "PCA"}
BALANCES = {"very local": 0.0, "local": 0.25, "balanced": 0.5, "global": 0.75, "very global": 1.0}
METRICS: dict[Metric, str] = {"cosine": "cosine", "dot": "dot product", "euclidean": "Euclidean"}
RECORDED = "recorded"


@dataclass(frozen=True)
class Recipe:
    """How a map is made, and which film leads to it: enough to make it again.

    `film` is "recorded", or the map that the film starts from, such as "pca 2" (method and dimensions).
    """

    method: Method
    dimensions: int = 2
    balance: float = 0.5
    seed: int = 0
    neighbours: int | None = None
    min_dist: float | None = None
    perplexity: float | None = None
    epochs: int | None = None
    film: str = RECORDED

    @property
    def start(self) -> "Recipe | None":
        """The recipe of the map that a morph starts from; None for a recorded film."""
        if self.film == RECORDED:
            return None
        method, dimensions = self.film.split()
        return replace(self, method=method, dimensions=int(dimensions), film=RECORDED)  # type: ignore[arg-type]


def words(examples: Sequence[tuple[str, str]]) -> Cleaned:
    """Ask for words: a text box with a live example in it, and further examples of one click each."""
    state.default(state.WORDS, examples[0][1])
    typed = st.text_area(
        "Your words, separated by commas, spaces or lines",
        key=state.WORDS,
        height=76,
        bind="query-params",
        placeholder="king, queen, man, woman, cat, dog …",
    )
    with st.container(key="examples", horizontal=True, gap="small", vertical_alignment="center"):
        for title, text in examples:
            st.button(title, key=f"example-{title}", on_click=state.show, args=(text,))
    cleaned = split_words(str(typed or ""))
    for note in cleaned.notes:
        shell.message(note, kind="note")
    return cleaned


def newcomer() -> None:
    """Ask for one more word; it enters the map while the others stay."""
    st.text_input(
        "A word enters the room",
        key=state.NEWCOMER,
        on_change=state.add_newcomer,
        placeholder="type one more word and press Enter",
        max_chars=200,
    )


def recipe(first: Method) -> Recipe:
    """Ask how the map is made; a change of method or of dimensions becomes a morph from the map before."""
    with st.container(key="recipe", horizontal=True, vertical_alignment="bottom", gap="medium"):
        method: Method = st.segmented_control(
            "Method", list(METHODS), default=first, required=True, format_func=lambda m: METHODS[m], key="method",
            bind="query-params", on_change=state.morph_from_before, width="content",
            help="Three ways to draw 384 dimensions on a flat page. PCA looks from the side where the words differ "
            "most; UMAP and t-SNE keep neighbours together.",
        )  # fmt: skip
        dimensions = st.segmented_control(
            "Space", ["2-D", "3-D"], default="2-D", required=True, key="space", bind="query-params",
            on_change=state.morph_from_before, width="content",
        )  # fmt: skip
        balance = st.select_slider(
            "From local to global", list(BALANCES), value="balanced", key="balance", bind="query-params",
            disabled=method == "pca", on_change=state.refit, width=230,
            help="Local keeps each word's closest neighbours together; global keeps the large groups in place.",
        )  # fmt: skip
        seed = int(state.default(state.SEED, 0) or 0)  # type: ignore[call-overload]
        st.button("Re-roll", on_click=state.reroll, disabled=method == "pca", help=REROLL_HELP.format(seed=seed))
        with st.popover("Advanced"):
            chosen = _advanced(method)
        film = _film(method, 3 if dimensions == "3-D" else 2)
    return Recipe(method, 3 if dimensions == "3-D" else 2, BALANCES[balance], seed, film=film, **chosen)


REROLL_HELP = "Start the optimiser from another random seed (now {seed}). What stays put is real; what moves was chance."


def _advanced(method: Method) -> dict[str, float | int | None]:
    """Ask for exact parameters; empty boxes follow the slider."""
    st.number_input("Random seed", 0, 10_000, key=state.SEED, bind="query-params", on_change=state.refit)
    if method == "pca":
        st.caption("PCA has no further parameters: it is exact.")
        return {}
    same = {"value": None, "placeholder": "from the slider", "bind": "query-params", "on_change": state.refit}
    if method == "tsne":
        return {"perplexity": st.number_input("Perplexity (how many neighbours count)", 2.0, 100.0, key="perplexity", **same)}
    return {
        "neighbours": st.number_input("Neighbours (n_neighbors)", 2, 200, key="neighbours", **same),
        "min_dist": st.number_input("Smallest distance (min_dist)", 0.0, 0.99, key="min_dist", step=0.05, **same),
        "epochs": st.number_input("Epochs of the optimiser", 20, 1000, key="epochs", step=20, **same),
    }


def _film(method: Method, dimensions: int) -> str:
    """Ask which film leads to the map."""
    starts = [f"{m} {d}" for m in METHODS for d in (2, 3) if (m, d) != (method, dimensions)]
    titles = {f"{m} {d}": f"morph from {METHODS[m]} {d}-D" for m in METHODS for d in (2, 3)}
    titles[RECORDED] = "how it was computed" if method != "pca" else "none: PCA is one step"
    options = [RECORDED, *(start for start in starts if int(start[-1]) <= dimensions)]
    if state.default(state.FILM, RECORDED) not in options:
        state.put(state.FILM, RECORDED)
    return str(
        st.selectbox("Film", options, format_func=lambda f: titles[f], key=state.FILM, bind="query-params", width=230)
    )


def lens(names: Sequence[str]) -> str:
    """Ask what to look at on the same map."""
    return str(
        st.segmented_control(
            "Look at", names, default=names[0], required=True, key="lens", bind="query-params", label_visibility="collapsed",
            wrap=True,
        )
    )  # fmt: skip


def item(label: str, items: Sequence[str], *, key: str = state.WORD) -> str:
    """Ask for one of the items; the choice may also be a word that is not on the map."""
    current = str(state.default(key, items[0] if items else "") or "")
    options = list(items) if not current or current in items else [*items, current]
    return str(st.selectbox(label, options, key=key, bind="query-params") or "")


def choice(label: str, options: Mapping[str, str], *, key: str, help: str | None = None) -> str:
    """Ask for one of a few named options."""
    return str(
        st.segmented_control(
            label, list(options), default=next(iter(options)), required=True, format_func=lambda o: options[o], key=key,
            bind="query-params", help=help,
        )
    )  # fmt: skip


def how_many(label: str, most: int, *, value: int, key: str, least: int = 1) -> int:
    """Ask for a number up to `most`; nothing is asked where there is nothing to choose."""
    if most <= least:
        return max(most, 0)
    return int(st.slider(label, least, most, min(value, most), key=key, bind="query-params"))
