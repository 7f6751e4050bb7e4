"""Why a row is near another one: asked for in the panel of the row, worked out when it is opened."""

from collections.abc import Sequence

import streamlit as st

from embeddings_core.tables.embedding import TableSpace
from embeddings_core.tables.explanation import WORDS, columns_that_matter, words_that_matter
from embeddings_core.tables.table import Table
from pages._ui import panels
from pages._ui.panels import Bar, filled_when_opened, ranking

SHOWN = 6  # words or columns
TITLE = "Why is the first one near?"


def explanation(table: Table, space: TableSpace, row: int, other: int, *, names: Sequence[str]) -> None:
    """Say what brings two rows together: words of texts, columns of numbers; nothing of vectors that came with the table."""
    if space.basis.kind not in ("text", "numbers"):
        return
    box, opened = filled_when_opened(st.expander, TITLE, key="why-near")
    if not opened:
        return
    with box:
        if space.basis.kind == "text":
            _words(names[row], names[other], space.basis.model)
        else:
            _columns(table, space, row, other)


def _words(first: str, second: str, model: str) -> None:
    with st.spinner("Reading both without each word …", show_time=True):
        found = words_that_matter(first, second, model)
    cut = max(len(first.split()), len(second.split())) > WORDS
    panels.sentence(
        f"{found.sentence}{f' (The first {WORDS} words of each are read.)' if cut else ''}", key="why"
    )
    shares: dict[str, float] = {}
    for words, falls in zip(found.words, (found.first, found.second), strict=True):
        for word, fall in zip(words, falls.tolist(), strict=True):
            shares[word] = max(shares.get(word, fall), fall)
    best = sorted(((word, fall) for word, fall in shares.items() if fall > 0), key=lambda pair: -pair[1])[
        :SHOWN
    ]
    if best:
        st.caption("How much the cosine falls without the word")
        bars = [Bar(word, f"{fall:.2f}", fall / best[0][1], "brings them together") for word, fall in best]
        ranking(bars, key="why-words", film=f"{first} {second}", step=60)


def _columns(table: Table, space: TableSpace, row: int, other: int) -> None:
    found = columns_that_matter(table, space, row, other)
    if not found:
        return
    (nearest, least), (farthest, most) = found[0], found[-1]
    panels.sentence(
        f"They differ least in {nearest} ({least:.2f} standard deviations of all rows), most in {farthest} ({most:.2f}).",
        key="why",
    )
    st.caption("Difference in standard deviations")
    largest = most or 1.0
    ranking(
        [Bar(name, f"{size:.2f}", size / largest) for name, size in found[:SHOWN]],
        key="why-columns", film=f"{row} {other}", step=60, numbered=False,
    )  # fmt: skip
