"""Still pictures of a training: its loss, the neighbours of a word epoch by epoch, what a text counts."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from embeddings_core.scenes.charts.basic import drawn, label
from embeddings_core.scenes.theme import OKABE_ITO, SEQUENTIAL, Theme
from embeddings_core.spaces.vectors import FloatArray, IntArray, unit
from embeddings_core.training.record import Training

RANKS = 12  # beyond, a neighbour is drawn as "12+"
NAME = 8.5  # pixels that a letter of a name takes at most, mean


def ranks_over_epochs(training: Training, word: str, *, k: int = 6) -> tuple[tuple[str, ...], IntArray]:
    """Rank the word's k final neighbours at every epoch, among the words whose way was kept.

    Returns their names, nearest first, and ranks (epochs + 1, k), 1 for the nearest.
    """
    own = training.words.index(word)
    k = min(k, len(training.words) - 1)
    places = []
    for snapshot in training.snapshots:
        units = unit(snapshot)
        scores = units @ units[own]
        scores[own] = -np.inf
        rank = np.empty(len(scores), dtype=np.int64)
        rank[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
        places.append(rank)
    table = np.stack(places)
    final = np.argsort(table[-1], kind="stable")[:k]
    return tuple(training.words[row] for row in final), table[:, final]


def nearest_at(training: Training, word: str, *, epoch: int, k: int = 5) -> tuple[str, ...]:
    """Name the k nearest words after an epoch, 0 for before training, among those whose way was kept."""
    own = training.words.index(word)
    units = unit(training.snapshots[epoch])
    scores = units @ units[own]
    scores[own] = -np.inf
    best = np.argsort(-scores, kind="stable")[: min(k, len(scores) - 1)]
    return tuple(training.words[row] for row in best)


def bump(names: Sequence[str], ranks: IntArray, *, theme: Theme) -> go.Figure:
    """Draw how neighbours climb: rank (1 on top, beyond 12 "12+") over epochs, names at the end.

    It stands in the narrow column beside the stage: nothing but the names takes room from the lines.
    """
    epochs = list(range(len(ranks)))
    shown = [label(name, characters=14) for name in names]
    lines = [
        go.Scatter(
            x=epochs, y=np.minimum(ranks[:, place], RANKS + 1), customdata=ranks[:, place], cliponaxis=False,
            mode="lines+markers+text", line={"color": colour, "width": 2.5}, marker={"size": 5},
            text=[""] * (len(ranks) - 1) + [f" {name}"],
            textposition="middle right", textfont={"size": 15, "color": theme.ink},
            hovertemplate=f"{name}: rank %{{customdata}} after epoch %{{x}}<extra></extra>",
        )
        for place, (name, colour) in enumerate(zip(shown, OKABE_ITO * 3, strict=False))
    ]  # fmt: skip
    ticks = {"tickvals": [1, 3, 6, 9, 12, RANKS + 1], "ticktext": ["1", "3", "6", "9", "12", "12+"]}
    longest = max(map(len, shown), default=0)
    return drawn(
        lines,
        theme=theme,
        x={"title": {"text": "epoch"}, "range": [-0.3, max(len(ranks) - 1, 1)], "nticks": 5},
        y={"range": [RANKS + 1.4, 0.4], **ticks},
        margin={"r": 12 + round(NAME * longest), "t": 8},
        showlegend=False,
    )


def loss_curve(training: Training, *, theme: Theme) -> go.Figure:
    """Draw the loss after each epoch."""
    line = go.Scatter(
        x=list(range(1, training.epochs + 1)), y=training.losses, mode="lines+markers",
        line={"color": theme.accent, "width": 3},
        hovertemplate="epoch %{x}: %{y:.4g}<extra></extra>",
    )  # fmt: skip
    y = {"title": {"text": "loss"}, "rangemode": "tozero"}
    return drawn([line], theme=theme, x={"title": {"text": "epoch"}}, y=y)


def count_table(words: Sequence[str], counts: FloatArray, *, theme: Theme) -> go.Figure:
    """Draw how often words stand together, near pairs counting more: (words, words)."""
    names = [label(word, characters=14) for word in words]
    n = len(names)
    heat = go.Heatmap(
        z=counts, xgap=1, ygap=1, colorscale=[[i / 4, colour] for i, colour in enumerate(SEQUENTIAL)],
        texttemplate="%{z:.3~g}" if n <= 10 else None, colorbar={"thickness": 10, "outlinewidth": 0, "len": 0.6},
        text=[[f"{a} · {b}" for b in names] for a in names],
        hovertemplate="%{text}: %{z:.3g}<extra></extra>",
    )  # fmt: skip
    named = {
        "tickmode": "array", "tickvals": list(range(n)), "ticktext": names, "tickfont": {"size": 14}, "showgrid": False,
    }  # fmt: skip
    return drawn([heat], theme=theme, x={"tickangle": -60, **named}, y={"autorange": "reversed", **named})
