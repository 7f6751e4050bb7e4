"""Shared outputs: rankings, numbers, notes, and what can be taken away."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from embeddings_core.analysis.neighbours import Neighbours, similarity_matrix
from embeddings_core.export.tables import csv_table, for_spreadsheets
from embeddings_core.maps.seriation import block_order
from embeddings_core.scenes.charts.basic import colour_row, similarity_heat_map
from embeddings_core.scenes.theme import Theme
from embeddings_core.scenes.theme import theme as named_theme
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.vectors import FloatArray, Metric, percentile, similarity
from embeddings_core.spaces.vocabulary import load_vocabulary, reference_scores
from pages._ui import shell
from pages._ui.ranking import Bar, ranking

LARGEST_HEAT_MAP = 60  # items: more would be too small to read


def numbers(words: Sequence[str]) -> None:
    """Show the real numbers of a few words, and which pair of them is nearer; the first word is compared."""
    space = load_vocabulary()
    vectors = space.take([space.row(word) for word in words]).vectors
    first, *others = words
    scores = similarity(vectors[:1], vectors[1:])[0]
    with st.container(key="sentence-home"):
        st.text(
            f"The model behind this map gives every word {space.dimensions} numbers. Those of {first} and {others[0]} agree "
            f"far more than those of {first} and {others[1]}."
        )
    limit = float(np.abs(vectors).max())
    for word, vector in zip(words, vectors, strict=True):
        vector_row(word, vector, limit=limit)
    bars = [
        Bar(
            f"{first} – {other}",
            f"{score:.2f}",
            float(score),
            f"closer than {share(score)} of random word pairs",
        )
        for other, score in zip(others, scores, strict=True)
    ]
    st.caption("Similarity (cosine: 1 is the same direction, 0 is unrelated)")
    ranking(bars, key="home-pairs", film="home", delay=200)


def vector_row(word: str, vector: FloatArray, *, limit: float) -> None:
    """Show one vector: its first values, and all of it as a row of colours."""
    values = "  ".join(f"{value:+.3f}" for value in vector[:5])
    with st.container(key=f"vector-row-{word}", gap=None):
        with st.container(key=f"number-{word}", horizontal=True, vertical_alignment="bottom"):
            st.text(f"{word} = [ {values}  … {len(vector) - 5} more ]")
        st.image(
            np.repeat(
                colour_row(vector, limit=limit), 8, axis=0
            ),  # st.image shrinks wide pictures: one row would vanish
            width="stretch",
            alt=f"The {len(vector)} numbers of {word} as a row of colours: brown below zero, green above.",
        )


def share(score: float, *, scale: FloatArray | None = None) -> str:
    """Say how a similarity compares with random pairs, as a percentage that never claims 100 %.

    `scale` is the sorted similarities of random pairs; by default those of the bundled word space.
    """
    return share_words(float(percentile([score], reference_scores() if scale is None else scale)[0]))


def share_words(value: float) -> str:
    """Write a percentile so that it never claims 100 %."""
    return f"{min(value, 99.9):.1f} %" if value >= 99 else f"{value:.0f} %"


def ranked(
    neighbours: Neighbours,
    *,
    key: str,
    scale: FloatArray,
    on_choose: Callable[[str], None],
    hint: str,
    pairs: str = "random word pairs",
) -> None:
    """Show neighbours as bars, each with its percentile among random pairs (`scale`, sorted), named `pairs`."""
    scores = np.asarray(neighbours.scores, dtype=float)
    if neighbours.metric == "euclidean":
        lengths, printed = 1 / (1 - scores), [f"{-score:.2f}" for score in scores]
    else:
        lengths, printed = (
            scores / max(float(np.abs(scores).max(initial=0.0)), 1.0),
            [f"{score:.2f}" for score in scores],
        )
    bars = [
        Bar(
            item,
            text,
            float(length),
            f"closer than {share_words(better)} of {pairs}",
            hint.format(item=item),
        )
        for item, text, length, better in zip(
            neighbours.items, printed, lengths, percentile(neighbours.scores, scale).tolist(), strict=True
        )
    ]
    film = f"{neighbours.query}|{neighbours.metric}|{'|'.join(neighbours.items)}"
    ranking(bars, key=key, film=film, on_choose=on_choose)


def ranking_download(neighbours: Neighbours, *, scale: FloatArray) -> None:
    """Offer a ranking as CSV; it is written when it is asked for."""

    def table() -> bytes:
        numbers, percentiles = neighbours.scores.tolist(), percentile(neighbours.scores, scale).tolist()
        rows = zip(range(1, len(numbers) + 1), neighbours.items, numbers, percentiles, strict=True)
        return for_spreadsheets(csv_table(header, list(rows)))

    header = ("rank", "item", neighbours.metric, "percentile among random pairs")
    st.download_button(
        "Ranking as CSV",
        table,
        "ranking.csv",
        "text/csv",
        on_click="ignore",
        type="tertiary",
    )


def heat_map(embeddings: EmbeddingSet, *, what: str, key: str, metric: Metric = "cosine") -> None:
    """Show the similarity of every pair, similar items side by side; at most 60 of them."""
    most = embeddings.take(range(min(len(embeddings), LARGEST_HEAT_MAP)))
    if len(most) < len(embeddings):
        sentence(
            f"The first {len(most)} of {len(embeddings):,} {what}; more would be too small to read.",
            key="cut",
        )
    most = most.take(block_order(similarity_matrix(most, metric=metric)).tolist())
    figure = similarity_heat_map(
        most.items, similarity_matrix(most, metric=metric), theme=theme(), metric=metric
    )
    alt = f"Similarity of every pair of {len(most)} {what} ({metric})."
    st.plotly_chart(figure, key=key, height=540, alt=alt)
    sentence(
        f"Bright is near, dark is far; similar {what} stand together, so groups show as bright blocks.",
        key="blocks",
    )


def theme() -> Theme:
    """Return the colours of the mode the visitor's page is in."""
    return named_theme(str(st.context.theme.type or "light"))


def sentence(text: str, *, key: str) -> None:
    """Show one sentence in readable size."""
    with st.container(key=f"sentence-{key}"):
        st.text(text)


def ways() -> None:
    """Show the way to every page."""
    for group, listed in shell.entries():
        listed = [entry for entry in listed if entry.path != "app.py"]
        if not listed:
            continue
        st.subheader(group, anchor=False)
        for columns, row in _rows(listed, width=3):
            for column, entry in zip(columns, row, strict=False):
                with column, st.container(border=True):
                    st.page_link(entry.path, label=f"**{entry.title}**")
                    st.text(entry.invitation)


def _rows(
    entries: list[shell.Entry], *, width: int
) -> list[tuple[Sequence[st.delta_generator.DeltaGenerator], list[shell.Entry]]]:
    return [(st.columns(width), entries[start : start + width]) for start in range(0, len(entries), width)]
