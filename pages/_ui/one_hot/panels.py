"""What the one-hot page asks, and what it says below its map."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from embeddings_core.analysis.found_groups import FEWEST
from embeddings_core.analysis.neighbours import nearest
from embeddings_core.analysis.one_hot import OneHotCost, size_in_words
from embeddings_core.maps.request import MapOptions, MapRequest
from embeddings_core.models.bundled_words import BUNDLED_WORDS
from embeddings_core.spaces.datasets import groups_of
from embeddings_core.spaces.vectors import unit
from pages._ui import cache, panels, state, waiting
from pages._ui.below import groups_in

MOST = 120  # words: beyond, neither squares nor labels can be read
FOCUS, ALL = "follow", "all words"
MAPS = {"PCA": MapOptions("pca"), "UMAP": MapOptions("umap")}


def at_most(items: tuple[str, ...]) -> tuple[str, ...]:
    """Keep the first words, and say so."""
    if len(items) > MOST:
        panels.sentence(
            f"This page shows the first {MOST} of {len(items):,} words; more squares could not be told apart.",
            key="most",
        )
    return items[:MOST]


def options() -> MapOptions:
    """Ask how the dense map is made."""
    title = st.segmented_control(
        "Dense map", list(MAPS), default="PCA", required=True, key="densemap", bind="query-params",
        help="How the dense vectors are drawn: PCA takes the widest view, UMAP keeps neighbours.",
    )  # fmt: skip
    return MAPS[str(title)]


def request(items: tuple[str, ...], options: MapOptions) -> MapRequest:
    """Return what is on the dense map; PCA stands in where there are too few words or nothing is ready yet."""
    waiting.for_engine(options)
    return MapRequest(items, items, cache.possible(options, len(items)), BUNDLED_WORDS)


def groups(items: tuple[str, ...]) -> dict[str, str]:
    """Return what each word is one of: of a bundled list what that says, of other words the groups found among their vectors."""
    known = groups_of(items)
    if known is not None:
        return dict(zip(items, known, strict=True))
    found = groups_in(items, BUNDLED_WORDS, "word") if FEWEST <= len(items) <= MOST else None
    if found is None:
        return {}
    placed, called = cache.vectors_of(items, BUNDLED_WORDS).items, found.clustering
    return {item: called.names[label] for item, label in zip(placed, called.labels.tolist(), strict=True)}


def word(items: tuple[str, ...]) -> str:
    """Ask for one word to follow; nothing means all of them."""
    chosen = str(state.default(FOCUS, ALL) or "")
    if chosen not in items:
        state.put(FOCUS, ALL)
    picked = st.selectbox(
        "Follow", [ALL, *(item for item in items if item != ALL)], key=FOCUS, bind="query-params",
        help="Follow one word; a click on the map does the same.",
    )  # fmt: skip
    return str(picked) if picked in items and picked != ALL else ""


def two_kinds(shown: MapRequest, *, word: str) -> None:
    """Say what the two kinds of vectors know about one word."""
    items = shown.shown
    if len(items) < 2:
        panels.sentence("Type two words or more: distances need a pair.", key="below")
        return
    vectors = cache.view(shown).embeddings
    row = items.index(word) if word in items else 0
    ranked = nearest(vectors, row, k=len(items) - 1)
    units = unit(vectors.vectors)
    near, far = (float(np.linalg.norm(units[row] - units[ranked.rows[place]])) for place in (0, -1))
    panels.sentence(
        f"One-hot: {items[row]} is 1.41 from every other word. Dense: {near:.2f} from {ranked.items[0]}"
        + (f", {far:.2f} from {ranked.items[-1]}." if len(items) > 2 else "."),
        key="below",
    )


def costs(named: Sequence[tuple[str, OneHotCost]]) -> None:
    """Say in plain words what vocabularies of some sizes need."""
    for place, (name, cost) in enumerate(named):
        panels.sentence(
            f"{name}: one-hot takes {cost.words:,} numbers a word, {size_in_words(cost.bytes)} in all{like(cost.bytes)}; "
            f"dense {cost.dense_dimensions} numbers a word, {size_in_words(cost.dense_bytes)}{like(cost.dense_bytes)}.",
            key=f"cost-{place}",
        )


def like(count: int) -> str:
    """Compare a number of bytes with a thing people know, or say nothing."""
    things = ((10**12, "laptop disk"), (4 * 10**9, "film in HD"), (3 * 10**6, "photo"))
    for size, thing in things:
        number = round(count / size)
        if number:
            return f" (about {'one' if number == 1 else f'{number:,}'} {thing}{'' if number == 1 else 's'})"
    return ""


def how_it_works(n: int) -> None:
    """Explain both kinds of vectors in plain words; the formula follows."""
    with st.expander("How it works"):
        st.markdown(EXPLANATION.format(axes=max(n - 1, 1)))
        st.latex(FORMULA)


# line breaks inside a paragraph are blanks in Markdown
EXPLANATION = """
A **one-hot** vector has one number for every word of the list: a single 1 in the word's own place, 0
everywhere else. It names the word and says nothing about it: any two differ in exactly two places.

A **dense** vector has a fixed number of numbers, here 384 (all-MiniLM-L6-v2), whatever the list. All of them
are used, and words that are used alike get similar ones.

Points that are all equally far apart (a *simplex*) need one dimension less than there are points: {axes} here.
On paper only a shadow of it can be shown. The ring is one: every direction of the simplex is equally wide, so
PCA has no favourite, and this view treats all words alike. Their order on the ring is shuffled, and how far
apart two of them stand on it means nothing. The way from the ring to the map is interpolated (*morph*); both ends
are real.

With **fewer dimensions** (*truncation*) the vectors keep only their leading main axes (PCA of the 5,000 commonest words).
Each state shows the flat map that keeps the remaining distances best. With very many dimensions the distances
of random pairs crowd around one value.
"""
FORMULA = (
    r"\lVert e_i - e_j \rVert = \sqrt{1^2 + 1^2} = \sqrt{2}, \qquad \cos(e_i, e_j) = 0 \qquad (i \neq j)"
)
