"""Still pictures of one-hot vectors beside dense ones."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from embeddings_core.analysis.one_hot import OneHotCost, size_in_words
from embeddings_core.analysis.truncation import Truncation
from embeddings_core.scenes.charts.basic import NUMBERED, axis, drawn, label
from embeddings_core.scenes.theme import DIVERGING, SEQUENTIAL, Theme
from embeddings_core.spaces.vectors import FloatArray

EDGE = float(np.sqrt(2.0))
ORANGE = "#D55E00"
ROW, LETTERS = 16, 15.5  # pixels of a row, and the least that a name needs
ROUND = 80  # pixels above and below all rows
ABOVE = {
    "orientation": "h",
    "x": 0,
    "y": 1.02,
    "yanchor": "bottom",
    "font": {"size": 14},
}  # a key that lies on no line


def scale(colours: Sequence[str]) -> list[list[object]]:
    """Spread colours evenly over 0–1."""
    return [[i / (len(colours) - 1), colour] for i, colour in enumerate(colours)]


def grid_height(n: int) -> int:
    """Return how high, in pixels, a picture of n rows is: each as high as its name, from 400 up to 680."""
    return min(max(ROUND + ROW * n, 400), 680)


def row_names(names: Sequence[str]) -> dict[str, object]:
    """Return the axis that names rows, from the top; where they are lower than letters not every one is named."""
    pitch = (grid_height(len(names)) - ROUND) / max(len(names), 1)
    step = max(1, math.ceil(LETTERS / pitch))
    named = list(range(0, len(names), step))
    return {
        "tickmode": "array", "tickvals": named, "ticktext": [names[row] for row in named], "showgrid": False,
        "autorange": "reversed", "tickfont": {"size": 15 if pitch >= 19 else 14}, "ticklabelstandoff": 4,
    }  # fmt: skip


def vector_grids(items: Sequence[str], one_hot: FloatArray, dense: FloatArray, *, theme: Theme) -> go.Figure:
    """Draw the one-hot vectors (n, words) as squares and, in the same rows, the dense ones (n, d) as rows of colours."""
    names = [label(item, characters=14) for item in items]
    limit = float(np.quantile(np.abs(dense), 0.98)) if dense.size else 1.0
    squares = go.Heatmap(
        z=one_hot, xgap=1, ygap=1, showscale=False, zmin=0, zmax=1,
        colorscale=scale((theme.faint, theme.accent)),
        hovertemplate="%{y}: number %{x} is %{z:.0f}<extra></extra>",
    )  # fmt: skip
    colours = go.Heatmap(
        z=dense, ygap=1, showscale=False, zmin=-limit, zmax=limit, colorscale=scale(DIVERGING), xaxis="x2",
        hovertemplate="%{y}: number %{x} is %{z:.3f}<extra></extra>",
    )  # fmt: skip

    def beside(what: str, numbers: int, *domain: float) -> dict[str, object]:
        title = {"text": f"{what}:<br>{numbers} numbers", "font": {"size": 14}}
        return {"domain": domain, "title": title, "showticklabels": False, "showgrid": False}

    return drawn(
        [squares, colours],
        theme=theme,
        x=beside("one-hot", one_hot.shape[1], 0, 0.47),
        xaxis2=axis(theme, anchor="y", **beside("dense", dense.shape[1], 0.51, 1)),
        y=row_names(names),
    )


def two_triangles(items: Sequence[str], distances: FloatArray, *, theme: Theme) -> go.Figure:
    """Draw pairs (n, n) once as one-hot (above the diagonal, all √2) and once as dense vectors (below)."""
    n = len(items)
    names = [label(item, characters=11) for item in items]
    above = np.triu(np.ones((n, n), dtype=bool), 1)
    table = np.where(above, EDGE, distances).astype(np.float64)
    np.fill_diagonal(table, np.nan)
    kinds = np.where(above, "one-hot", "dense")
    heat = go.Heatmap(
        z=table, customdata=kinds, zmin=float(np.nanmin(table)) if n > 1 else 0.0, zmax=EDGE,
        colorscale=scale(SEQUENTIAL[::-1]), xgap=1, ygap=1, hoverongaps=False,
        texttemplate="%{z:.2f}" if n <= NUMBERED else None,
        text=[[f"{a} · {b}" for b in names] for a in names] if n <= 200 else None,
        hovertemplate="%{text}<br>%{customdata}: distance %{z:.3f}<extra></extra>",
        colorbar={
            "thickness": 8, "outlinewidth": 0, "orientation": "h", "y": 0, "yanchor": "top", "nticks": 4,
            "tickfont": {"size": 13},
        },
    )  # fmt: skip
    return drawn([heat], theme=theme, x={"showticklabels": False, "showgrid": False}, y=row_names(names))


def memory_bars(costs: Sequence[OneHotCost], *, theme: Theme) -> go.Figure:
    """Draw what word lists need as one-hot and as dense vectors, on a scale where a step is ten times more."""
    rows = [f"{cost.words:,} words" for cost in costs]
    bars = [
        go.Bar(
            y=rows, x=sizes, name=name, orientation="h", marker={"color": colour}, textposition="auto",
            text=[size_in_words(size) for size in sizes], insidetextanchor="start", hoverinfo="skip",
            textfont={"size": 15},
        )
        for name, colour, sizes in (
            ("dense", ORANGE, [cost.dense_bytes for cost in costs]),
            ("one-hot", theme.accent, [cost.bytes for cost in costs]),  # as the squares of the vectors are
        )
    ]  # fmt: skip
    x = {
        "type": "log", "range": [0, 13], "tickvals": [1, 10**3, 10**6, 10**9, 10**12],
        "ticktext": ["1 byte", "1 kB", "1 MB", "1 GB", "1 TB"],
        "title": {"text": "memory (logarithmic scale)"},
    }  # fmt: skip
    names = [  # over their bars, not beside them: in a narrow panel the numbers would be cut
        {
            "text": row, "y": row, "yref": "y", "yshift": 33, "x": 0, "xref": "paper", "xanchor": "left", "showarrow": False,
        }
        for row in rows
    ]  # fmt: skip
    return drawn(
        bars,
        theme=theme,
        x=x,
        y={"autorange": "reversed", "showticklabels": False},
        bargap=0.4,
        annotations=names,
        margin={"t": 56},
        legend=ABOVE | {"traceorder": "reversed", "y": 1.06},
    )


def truncation_curve(
    lines: Mapping[str, tuple[Sequence[int], Sequence[float]]], *, theme: Theme
) -> go.Figure:
    """Draw shares of true neighbours preserved over the number of dimensions: name → (dimensions, shares)."""
    curves = [
        go.Scatter(
            x=list(dimensions), y=[100 * share for share in shares], name=label(name), mode="lines+markers",
            line={"color": colour, "width": 3}, hovertemplate="%{x} dimensions: %{y:.0f} %<extra></extra>",
        )
        for (name, (dimensions, shares)), colour in zip(lines.items(), (theme.accent, ORANGE), strict=False)
    ]  # fmt: skip
    ticks = [2, 4, 8, 16, 32, 64, 128, 384]
    names = list(map(str, ticks))
    return drawn(
        curves,
        theme=theme,
        x={"type": "log", "tickvals": ticks, "ticktext": names, "title": {"text": "dimensions"}},
        y={"title": {"text": "neighbours preserved, %"}, "range": [0, 103]},
        margin={"t": 50},
        legend=ABOVE,
    )


def distance_histograms(
    truncation: Truncation, *, theme: Theme, shown: Sequence[int] = (2, 8, 32, 384)
) -> go.Figure:
    """Draw how the distances of random pairs spread, each divided by its mean, for a few numbers of dimensions."""
    middles = (truncation.edges[1:] + truncation.edges[:-1]) / 2
    colours = ("#E69F00", "#009E73", "#CC79A7", theme.accent)
    curves = [
        go.Scatter(
            x=middles[:-1],  # the last bin holds all that is further
            y=100 * truncation.histograms[truncation.dimensions.index(d)][:-1], name=str(d), mode="lines",
            fill="tozeroy", line={"color": colour, "width": 2},
            hovertemplate=f"{d} dimensions<br>%{{x:.2f}} × the mean: %{{y:.1f}} % of pairs<extra></extra>",
        )
        for d, colour in zip(shown, colours, strict=False)
        if d in truncation.dimensions
    ]  # fmt: skip
    return drawn(
        curves,
        theme=theme,
        x={"title": {"text": "distance (1 = the average)"}, "range": [0, 2]},
        y={"title": {"text": "% of pairs"}, "rangemode": "tozero"},
        margin={"t": 50},
        legend=ABOVE | {"title": {"text": "dimensions ", "side": "left"}},
    )
