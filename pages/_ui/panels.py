"""Shared outputs: rankings, numbers, notes, and what can be taken away."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer
from streamlit.elements.lib.mutable_popover_container import PopoverContainer

from embeddings_core.analysis.claims import most_alike
from embeddings_core.analysis.closeness import closeness, nothing_close
from embeddings_core.analysis.clustering import Clustering
from embeddings_core.analysis.neighbours import Neighbours, similarity_matrix
from embeddings_core.export.tables import csv_table, for_spreadsheets
from embeddings_core.folders import ASSETS
from embeddings_core.maps.seriation import block_order
from embeddings_core.models.bundled_words import BUNDLED_WORDS
from embeddings_core.models.registry import load_encoder
from embeddings_core.models.unread import unread
from embeddings_core.scenes.charts.basic import colour_row, similarity_heat_map
from embeddings_core.scenes.theme import Theme
from embeddings_core.scenes.theme import theme as named_theme
from embeddings_core.spaces.datasets import Dataset
from embeddings_core.spaces.embedding_set import EmbeddingSet
from embeddings_core.spaces.space import Reference
from embeddings_core.spaces.vectors import FloatArray, Metric, similarity
from embeddings_core.spaces.vocabulary import load_vocabulary, word_reference
from pages._ui import cache, shell, state


def lines(listed: Dataset) -> str:
    """Write a list one item a line."""
    return "\n".join(listed.items)


def plain_label(text: str) -> str:
    """Return text of a visitor's own as the label of a widget, which would else be read as Markdown, its pictures fetched.

    >>> plain_label("![x](http://a) 5 $")
    '\\\\!\\\\[x\\\\]\\\\(http\\\\://a\\\\) 5 \\\\$'
    """
    return re.sub(r"([\\`*_\[\]()!<>$:~#|&])", r"\\\1", text)


def short(text: str, *, characters: int = 60) -> str:
    """Cut a text for a sentence about it."""
    return text if len(text) <= characters else text[: characters - 1] + "…"


def describe_density(found: Clustering, *, noun: str = "word") -> str:
    """Say what the density method found on the map."""
    count, alone = found.k, int((found.labels < 0).sum())
    groups = f"{count} dense group{'' if count == 1 else 's'}" if count else "No dense group"
    rest = f"{alone} {noun} belongs" if alone == 1 else f"{alone or 'no'} {noun}s belong"
    return f"{groups} on this map; {rest} to none."


def silhouette_words(value: float, *, noun: str) -> str:
    """Say what a silhouette is, with the number."""
    told = f"how much nearer a {noun} is to its own group than to the next; 0 is no nearer, 1 perfectly apart"
    return f"silhouette {value:.2f} ({told})"


def filled_when_opened(
    kind: Callable[..., PopoverContainer | ExpanderContainer], label: str, *, key: str
) -> tuple[DeltaGenerator, bool]:
    """Draw a popover or an expander (`kind`), and tell whether to fill it: not before it was opened for the first time.

    From then on it stays filled, so that what was chosen in it stays chosen.
    """
    box = kind(label, key=key, on_change="rerun")
    opened = f"{key}-opened"
    if box.open:
        state.put(opened, True)
    return box, bool(state.held(opened))


def component(name: str, asset: str, *, html: str = "<ol></ol>", isolated: bool = True) -> Callable[..., Any]:
    """Register what assets/`asset`.js fills and assets/`asset`.css dresses; not `isolated`, the page's own style does."""
    return st.components.v2.component(
        name,
        html=html,
        css=(ASSETS / f"{asset}.css").read_text("utf-8") if isolated else None,
        js=(ASSETS / f"{asset}.js").read_text("utf-8"),
        isolate_styles=isolated,
    )


LINE = 110  # letters that fit a line


@dataclass(frozen=True)
class Offer:
    """What a line of notes offers: it is `said`, a menu called `label` follows, and `fill` draws what is in it."""

    said: str
    label: str
    fill: Callable[[], object]


def one_line(texts: Sequence[str], *, key: str, offer: Offer | None = None) -> None:
    """Say the first of some notes in one line, or make an offer there; all that is not whole there is in one menu."""
    if not texts and offer is None:
        return
    with st.container(
        key=f"note-line-{key}",
        horizontal=True,
        vertical_alignment="center",
        gap="small",
        border=offer is None,
        wrap=offer is None,
    ):
        if offer is not None:
            st.text(offer.said)
            with st.popover(offer.label):
                offer.fill()
                for text in texts:
                    st.text(text)
            return
        st.text(short(texts[0], characters=LINE))
        said = int(len(texts[0]) <= LINE)
        if rest := texts[said:]:
            with st.popover(
                f"{len(rest)} more {'note' if len(rest) == 1 else 'notes'}" if said else "All of it"
            ):
                for text in rest:
                    st.text(text)


def not_read(items: tuple[str, ...], model: str, cut: bool = True) -> tuple[str, ...]:
    """Say what a model does not read of the items, one sentence a kind; without what is too long where that is said elsewhere."""
    found = unread(items, load_encoder(model))
    return (found if cut else replace(found, cut=())).sentences()


_bars = component("ranked_bars", "ranking")


@dataclass(frozen=True)
class Bar:
    """One row: what it is, its score as printed, the bar's length in 0–1, and what the score means; no `length`, no bar.

    `image` is a data: URL shown before the row.
    """

    label: str
    score: str
    length: float | None
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

    _bars(
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


LARGEST_HEAT_MAP = 60  # items: more would be too small to read
NARROW = 0.4  # a median cosine of random pairs from which a cosine by itself misleads


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
    ranks = cache.word_scores(first, BUNDLED_WORDS)
    told = [each.sentence for each in closeness(scores, word_reference(), vocabulary=ranks)]
    limit = float(np.abs(vectors).max())
    for word, vector in zip(words, vectors, strict=True):
        vector_row(word, vector, limit=limit)
    bars = [
        Bar(
            f"{first} – {other}",
            f"{score:.2f}",
            float(score),
            said,
        )
        for other, score, said in zip(others, scores, told, strict=True)
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


def ranked(
    neighbours: Neighbours,
    *,
    key: str,
    reference: Reference,
    on_choose: Callable[[str], None],
    hint: str,
    vocabulary: FloatArray | None = None,
) -> None:
    """Show neighbours as bars, each with what its score is worth among nearest neighbours of this space.

    `vocabulary` are the sorted scores of the query with all words: each row then says its rank among them.
    """
    scores = np.asarray(neighbours.scores, dtype=float)
    if neighbours.metric == "euclidean":
        lengths, printed = 1 / (1 - scores), [f"{-score:.2f}" for score in scores]
    else:
        lengths, printed = (
            scores / max(float(np.abs(scores).max(initial=0.0)), 1.0),
            [f"{score:.2f}" for score in scores],
        )
    judged = closeness(neighbours.scores, reference, vocabulary=vocabulary, metric=neighbours.metric)
    if nothing := nothing_close(judged, neighbours.query):
        sentence(nothing, key=f"{key}-nothing")
    bars = [
        Bar(item, text, float(length), said, hint.format(item=item))
        for item, text, length, said in zip(
            neighbours.items,
            printed,
            lengths,
            [each.sentence for each in judged] or [""] * len(printed),
            strict=True,
        )
    ]
    film = f"{neighbours.query}|{neighbours.metric}|{'|'.join(neighbours.items)}"
    ranking(bars, key=key, film=film, on_choose=on_choose)
    middle = (
        float(np.median(reference.scores[_middle(len(reference.scores))])) if len(reference.scores) else 0.0
    )
    if neighbours.metric == "cosine" and middle > NARROW and bars:
        st.caption(
            f"Random pairs lie around {middle:.2f} in this space: what a score is worth stands beside it."
        )


def _middle(n: int) -> slice:
    """Where the one or two middle values of n sorted ones stand: a median need not look at the others."""
    return slice((n - 1) // 2, n // 2 + 1)


def share_words(value: float) -> str:
    """Write a percentile so that it never claims 100 %."""
    return f"{min(value, 99.9):.1f} %" if value >= 99 else f"{value:.0f} %"


def worth(score: float, reference: Reference) -> str:
    """Say what one similarity is worth among nearest neighbours of its space."""
    return "".join(each.sentence for each in closeness([score], reference))


def ranking_download(
    neighbours: Neighbours, *, reference: Reference, vocabulary: FloatArray | None = None
) -> None:
    """Offer a ranking as CSV; it is written when it is asked for."""

    def table() -> bytes:
        judged = closeness(neighbours.scores, reference, vocabulary=vocabulary, metric=neighbours.metric)
        told: list[tuple[object, ...]] = [
            (each.rank or "", round(each.share, 1), each.judgement) for each in judged
        ]
        rows = zip(
            neighbours.items, neighbours.scores.tolist(), told or len(neighbours.items) * [()], strict=True
        )
        return for_spreadsheets(
            csv_table(
                header, [(place, item, score, *more) for place, (item, score, more) in enumerate(rows, 1)]
            )
        )

    noun = reference.noun
    header = (
        "rank", "item", neighbours.metric, "rank in the vocabulary", f"{noun}s in 100 whose own nearest is farther", "judgement",
    )  # fmt: skip
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
    told = [
        f"“{short(item.rstrip('.'), characters=32)}”" if " " in item else short(item) for item in most.items
    ]
    sentence(most_alike(told, similarity_matrix(most, metric="cosine")), key="claim")
    st.plotly_chart(figure, key=key, height=min(max(90 + 16 * len(most), 240), 540), alt=alt)
    st.caption(
        f"Bright is near, dark is far; similar {what} stand together, so groups show as bright blocks."
    )


def theme() -> Theme:
    """Return the colours of the mode the visitor's page is in."""
    return named_theme(str(st.context.theme.type or "light"))


def sentence(text: str, *, key: str) -> None:
    """Show one sentence in readable size; nothing where there is none."""
    if not text:
        return
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
