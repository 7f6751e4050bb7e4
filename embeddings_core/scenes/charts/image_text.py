"""Still charts of pictures against texts: the matrix of all scores, and how alike each kind of pair is."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.basedatatypes import BaseTraceType

from embeddings_core.pictures.modality_gap import PairScores
from embeddings_core.scenes.charts.basic import drawn, label
from embeddings_core.scenes.theme import OKABE_ITO, SEQUENTIAL, Theme
from embeddings_core.spaces.vectors import FloatArray

HEIGHT = 330  # pixels that the rows of a matrix share
SCALE = [[place / (len(SEQUENTIAL) - 1), colour] for place, colour in enumerate(SEQUENTIAL)]


def retrieval_matrix(
    scores: FloatArray,
    names: Sequence[str],
    thumbnails: Sequence[str],
    texts: Sequence[str],
    *,
    theme: Theme,
) -> go.Figure:
    """Draw the scores (pictures, texts); rows carry thumbnails, columns their text.

    A ring marks the best text of each picture, a square the best picture of each text; both together chose
    each other.
    """
    n, m = len(names), len(texts)
    shown = [label(name, characters=40) for name in names]
    said = [label(text, characters=60) for text in texts]
    traces: list[BaseTraceType] = [
        go.Heatmap(
            z=np.asarray(scores, dtype=np.float32), colorscale=SCALE, xgap=1, ygap=1,
            text=[[f"{a} · {b}" for b in said] for a in shown],
            hovertemplate="%{text}<br>cosine %{z:.3f}<extra></extra>",
            showscale=False,
        )
    ]  # fmt: skip
    cell = min(190 / max(m, 1), HEIGHT / max(n, 1))  # beside the map
    for rows, columns, symbol, grow, what in (
        (np.arange(n), scores.argmax(axis=1), "circle-open", 0.4, "best text of its picture"),
        (scores.argmax(axis=0), np.arange(m), "square-open", 0.72, "best picture of its text"),
    ):
        for colour, width in (
            ("#1B1F2A", 3.5),
            ("#FFFFFF", 1.6),
        ):  # a dark rim: it shows on bright and dark cells
            ring = go.Scatter(
                x=columns, y=rows, mode="markers", name=what, hoverinfo="skip", showlegend=False,
                marker={"symbol": symbol, "size": max(grow * cell, 5), "line": {"width": width}, "color": colour},
            )  # fmt: skip
            traces.append(ring)
    images = [
        {
            "source": source, "xref": "paper", "yref": "y", "x": -0.01, "y": row, "sizex": 0.16, "sizey": 0.94,
            "xanchor": "right", "yanchor": "middle", "sizing": "contain", "layer": "above",
        }
        for row, source in enumerate(thumbnails)
    ]  # fmt: skip
    x = {
        "tickmode": "array", "tickvals": list(range(m)), "ticktext": [label(text, characters=22) for text in texts],
        "tickangle": -90, "ticklabeloverflow": "allow", "side": "top", "showgrid": False, "ticks": "",
        "tickfont": {"size": 14 if m <= 14 else 11, "color": theme.ink}, "range": [-0.5, m - 0.5],
    }  # fmt: skip
    y = {"showticklabels": False, "showgrid": False, "range": [n - 0.5, -0.5]}
    margin = {"l": 36, "r": 6, "t": 8, "b": 8}
    return drawn(traces, theme=theme, x=x, y=y, margin=margin, images=images)


def pair_boxes(before: PairScores, after: PairScores, *, theme: Theme) -> go.Figure:
    """Draw the cosines of each kind of pair, as the model has them and with each cloud's mean taken off."""
    boxes = []
    kinds = ("two captions", "two pictures", "picture and caption")
    for name, scores, colour in (
        ("means taken off", after, theme.faint),
        ("as the model has them", before, OKABE_ITO[1]),
    ):
        values = [scores.texts, scores.images, scores.across]
        box = go.Box(
            x=np.concatenate(values), y=np.repeat(kinds, [len(part) for part in values]), name=name,
            orientation="h", boxpoints=False, line={"color": theme.ink, "width": 1.5}, fillcolor=colour,
        )  # fmt: skip
        boxes.append(box)
    text = {"size": 14, "color": theme.ink}
    return drawn(
        boxes,
        theme=theme,
        x={"title": {"text": "cosine (1 = same direction)", "font": text}, "tickfont": text},
        y={"tickfont": text},
        boxmode="group",
        legend={"orientation": "h", "y": 1.04, "yanchor": "bottom", "traceorder": "reversed", "font": text},
    )
