"""Still charts: heat maps and curves. Labels that people typed are escaped, so that they stay text."""

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.basedatatypes import BaseTraceType

from embeddings_core.limits import LABEL_CHARACTERS
from embeddings_core.scenes.theme import DIVERGING, OKABE_ITO, SEQUENTIAL, Theme
from embeddings_core.spaces.vectors import FloatArray

FONT = '"Source Sans", "Source Sans 3", sans-serif'  # that of the page
NUMBERED = 5  # items of a heat map whose cells have room for a number
NAMED = 32  # rows of a heat map that have room for a name
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;"})


def label(text: str, *, characters: int = LABEL_CHARACTERS) -> str:
    """Return text that Plotly shows as it is: cut, with its markup characters escaped."""
    cut = text if len(text) <= characters else text[: characters - 1] + "…"
    return cut.translate(_ESCAPES)


def similarity_heat_map(
    items: Sequence[str], scores: FloatArray, *, theme: Theme, metric: str = "cosine"
) -> go.Figure:
    """Draw the (n, n) scores of every pair; up to 5 items carry their numbers, of more they could not be read.

    Rows are named; columns have the same order, and their names would not fit beside the map.
    """
    n = len(items)
    names = [label(item, characters=18) for item in items]
    short = [label(item, characters=11) for item in items]
    every = max(1, -(-n // NAMED))
    ticks = list(range(0, n, every))
    heat = go.Heatmap(
        z=np.asarray(scores, dtype=np.float32),
        colorscale=[[i / (len(SEQUENTIAL) - 1), colour] for i, colour in enumerate(SEQUENTIAL)],
        zmin=min(0.0, float(np.min(scores, initial=0.0))),
        zmax=1.0 if metric == "cosine" else None,
        xgap=1,
        ygap=1,
        hovertemplate="%{text}<br>" + metric + " %{z:.3f}<extra></extra>",
        text=[[f"{a} · {b}" for b in names] for a in names] if n <= 200 else None,
        texttemplate="%{z:.2f}" if n <= NUMBERED else None,
        colorbar={
            "thickness": 8, "outlinewidth": 0, "orientation": "h", "y": 0, "yanchor": "top", "nticks": 4,
            "tickfont": {"size": 13},
        },
    )  # fmt: skip
    y = {
        "tickmode": "array", "tickvals": ticks, "ticktext": [short[row] for row in ticks], "tickfont": {"size": 14},
        "showgrid": False, "autorange": "reversed", "ticklabelstandoff": 4,
    }  # fmt: skip
    return drawn([heat], theme=theme, x={"showticklabels": False, "showgrid": False}, y=y)


def curve(
    x: Sequence[float],
    lines: dict[str, Sequence[float]],
    *,
    theme: Theme,
    x_title: str,
    y_title: str,
    mark: float | None = None,
) -> go.Figure:
    """Draw named lines over x; `mark` is a dashed line at one x."""
    colours = (theme.accent, "#D55E00", "#009E73", "#CC79A7")
    dashed = {"dash": "dash", "color": theme.ink, "width": 1}
    return drawn(
        [
            go.Scatter(
                x=list(x),
                y=list(values),
                name=label(name),
                mode="lines+markers",
                line={"color": colour, "width": 3},
            )
            for (name, values), colour in zip(lines.items(), colours, strict=False)
        ],
        theme=theme,
        x={"title": {"text": x_title, "font": {"size": 15}}},
        y={"title": {"text": y_title, "font": {"size": 15}}},
        margin={"t": 44} if len(lines) > 1 else {},
        showlegend=len(lines) > 1,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "font": {"size": 14}},
        shapes=[] if mark is None else [
            {"type": "line", "x0": mark, "x1": mark, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain", "line": dashed}
        ],
    )  # fmt: skip


def colour_row(vector: FloatArray, *, limit: float | None = None) -> NDArray[np.uint8]:
    """Paint a vector (d,) as one row of pixels (1, d, 3): brown below zero, white at zero, green above."""
    values = np.asarray(vector, dtype=np.float64)
    largest = limit or float(np.max(np.abs(values), initial=1e-12))
    stops = np.array(
        [[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in DIVERGING], dtype=np.float64
    )
    position = (np.clip(values / largest, -1, 1) + 1) / 2 * (len(stops) - 1)
    low = np.minimum(position.astype(int), len(stops) - 2)
    part = (position - low)[:, None]
    return np.asarray(np.round(stops[low] * (1 - part) + stops[low + 1] * part), dtype=np.uint8)[None]


def drawn(
    traces: Sequence[BaseTraceType],
    *,
    theme: Theme,
    x: Mapping[str, object] | None = None,
    y: Mapping[str, object] | None = None,
    margin: Mapping[str, float] | None = None,
    **layout: object,
) -> go.Figure:
    """Draw traces in the house look: no ground of its own, readable type, no needless lines.

    `x` and `y` say more of the axes, `margin` (pixels) and `layout` of the rest. All is given at once: each change of a finished
    figure costs Plotly a third of a millisecond, and a chart is drawn at every opening of its page.
    """
    return go.Figure(
        list(traces),
        {
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "font": {"color": theme.ink, "size": 15, "family": FONT},
            "margin": {"l": 8, "r": 8, "t": 24, "b": 8, **(margin or {})},
            "hoverlabel": {"font": {"size": 15}},
            "xaxis": axis(theme, **(x or {})),
            "yaxis": axis(theme, **(y or {})),
            **layout,
        },
    )


def axis(theme: Theme, **own: object) -> dict[str, object]:
    """Return what an axis has in the house look, besides its own."""
    return {"zeroline": False, "gridcolor": theme.faint, "automargin": True, **own}


def one_point(word: str, sentences: int, *, theme: Theme) -> go.Figure:
    """Draw what a static vector makes of a word: one point, whatever the sentences say."""
    point = go.Scatter(
        x=[0],
        y=[0],
        mode="markers+text",
        marker={"size": 16, "color": OKABE_ITO[7]},
        text=[f"{label(word, characters=24)} in {sentences} {'sentence' if sentences == 1 else 'sentences'}"],
        textposition="middle right",
        textfont={"size": 16},
        hoverinfo="skip",
        cliponaxis=False,
    )
    return drawn(
        [point],
        theme=theme,
        x={"visible": False, "range": [-0.3, 2]},
        y={"visible": False, "range": [-1, 1]},
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
    )
