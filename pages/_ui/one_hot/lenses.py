"""What can be looked at beside the one-hot film: each lens draws its panel and returns the scene for the stage."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import streamlit as st

from embeddings_core.analysis import claims
from embeddings_core.analysis.neighbours import similarity_matrix
from embeddings_core.analysis.one_hot import one_hot_cost
from embeddings_core.analysis.truncation import (
    TruncationFilm,
    everyday_space,
    everyday_truncation,
    truncation_film,
)
from embeddings_core.maps.request import MapRequest
from embeddings_core.maps.seriation import block_order
from embeddings_core.models.bundled_words import BUNDLED_WORDS
from embeddings_core.models.one_hot import one_hot
from embeddings_core.scenes.charts import one_hot as charts
from embeddings_core.scenes.maps import empty_scene
from embeddings_core.scenes.one_hot import one_hot_scene, truncation_scene
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.vectors import unit
from pages._ui import cache, panels
from pages._ui.one_hot import panels as one_hot_panels
from pages._ui.one_hot.compression import fewer_bits

ROWS = 60  # of a picture that has one line a word


@dataclass(frozen=True)
class Lens:
    """One way to look: what draws its panel."""

    look: Callable[[MapRequest, str], Scene]


def film(request: MapRequest, word: str) -> Scene:
    """Return the film from the ring to the dense map."""
    if not request.shown:
        return empty_scene("no words yet", alt="No words.")
    return one_hot_scene(
        cache.view(request), word=word, groups=cache.once(one_hot_panels.groups, request.shown)
    )


def cut(items: tuple[str, ...]) -> int:
    """Return how many words a picture shows, and say so where that is not all."""
    if len(items) > ROWS:
        panels.sentence(f"The first {ROWS} of {len(items)} words.", key="cut")
    return min(len(items), ROWS)


def vectors(request: MapRequest, word: str) -> Scene:
    """Show the one-hot vectors as squares beside the dense ones as rows of colours."""
    items = request.shown
    if not items:
        panels.sentence("Type some words to see their vectors.", key="empty")
        return film(request, word)
    n = cut(items)
    units = unit(cache.view(request).embeddings.vectors[:n]).astype(np.float64)
    table = np.linalg.norm(units[:, None] - units[None], axis=2)
    panels.sentence(claims.one_hot_contrast(items[:n], table), key="claim")
    figure = charts.vector_grids(
        items[:n], one_hot(items)[:n], cache.view(request).embeddings.vectors[:n], theme=panels.theme()
    )
    st.plotly_chart(
        figure, key="grids", height=charts.grid_height(n), theme=None,
        alt=f"{n} words: one square each as one-hot vectors, a full row of colours each as dense ones.",
    )  # fmt: skip
    panels.sentence(
        f"One-hot: {len(items)} numbers a word, one of them 1, the others 0; one more word makes every vector "
        "longer. Dense: always 384, and similar words show similar rows.",
        key="grids",
    )
    return film(request, word)


def distances(request: MapRequest, word: str) -> Scene:
    """Show every pair twice: as one-hot vectors and as dense ones, on one scale."""
    items = request.shown
    if len(items) < 2:
        panels.sentence("Type two words or more: distances need a pair.", key="few")
        return film(request, word)
    shown = cache.view(request).embeddings.take(range(cut(items)))
    shown = shown.take(block_order(similarity_matrix(shown)).tolist())
    units = unit(shown.vectors).astype(np.float64)
    table = np.linalg.norm(units[:, None] - units[None], axis=2)
    figure = charts.two_triangles(shown.items, table, theme=panels.theme())
    st.plotly_chart(
        figure, key="triangles", height=charts.grid_height(len(shown)), theme=None,
        alt="Distances of all pairs: above the diagonal all 1.41 as one-hot vectors, below different as dense ones.",
    )  # fmt: skip
    below = table[np.tril_indices(len(table), -1)]
    panels.sentence(
        f"Above the diagonal, one-hot: every pair 1.414 (√2), one colour, nothing to learn. Below it, dense: from "
        f"{below.min():.2f} to {below.max():.2f}, and similar words form bright blocks.",
        key="triangles",
    )
    return film(request, word)


def memory(request: MapRequest, word: str) -> Scene:
    """Compare what lists of growing size need in memory."""
    items = request.shown
    sizes = [(f"These {len(items)} words", len(items))] if len(items) > 1 else []
    sizes += [
        ("10,000 words, a beginner's dictionary", 10_000),
        ("1,000,000 words, a large vocabulary", 1_000_000),
    ]
    named = [(name, one_hot_cost(size)) for name, size in sizes]
    figure = charts.memory_bars([cost for _, cost in named], theme=panels.theme())
    st.plotly_chart(
        figure, key="memory", height=140 + 76 * len(named),
        alt="Memory of one-hot vectors grows with the square of the words, that of dense ones in step with them.",
    )  # fmt: skip
    one_hot_panels.costs(named)
    panels.sentence(
        "The scale is logarithmic: each mark is 1,000 times the one before. Twice the words: one-hot needs four times the "
        "memory, dense twice. "
        "Programs therefore store one-hot vectors as the place of the 1 alone, but all the zeros come back in the first "
        "layer of weights.",
        key="growth",
    )
    return film(request, word)


def truncation_of(items: tuple[str, ...]) -> TruncationFilm:
    """Return the truncation of some words, along the main axes of everyday English."""
    return truncation_film(cache.vectors_of(items, BUNDLED_WORDS), everyday_space())


def truncation(request: MapRequest, word: str) -> Scene:
    """Take dimensions away, on the stage for these words and as a curve for the whole vocabulary."""
    items = request.shown
    whole = cache.once(everyday_truncation)
    own = cache.once(truncation_of, items) if len(items) >= 3 else None
    lines = {"5,000 common words": (whole.dimensions, whole.recall.tolist())}
    if own is not None:
        lines["these words"] = (own.dimensions, own.recall.tolist())
    else:
        panels.sentence(
            "The film needs at least 3 words; the curves are those of 5,000 common words.", key="few"
        )
    st.plotly_chart(
        charts.truncation_curve(lines, theme=panels.theme()), key="truncation", height=240,
        alt="Share of true neighbours preserved by number of dimensions: it falls to nearly nothing at 2.",
    )  # fmt: skip
    st.plotly_chart(
        charts.distance_histograms(whole, theme=panels.theme()), key="spread", height=240,
        alt="Distances of random pairs: wide at 2 dimensions, ever narrower with more.",
    )  # fmt: skip
    at = {d: round(100 * share) for d, share in zip(whole.dimensions, whole.recall.tolist(), strict=True)}
    panels.sentence(
        f"Of a word's {whole.k} nearest among 5,000, {at[64]} in 100 are kept with 64 numbers and {at[2]} with 2: "
        "a map is a shadow. The more dimensions, the narrower the hill: random pairs all become equally far.",
        key="truncation",
    )
    if own is None:
        return film(request, word)
    return truncation_scene(items, own, word=word, groups=cache.once(one_hot_panels.groups, items))


LENSES: dict[str, Lens] = {
    "Vectors": Lens(vectors),
    "Distances": Lens(distances),
    "Memory": Lens(memory),
    "Fewer dimensions": Lens(truncation),
    "Fewer bits": Lens(fewer_bits),
}
