"""Who looks at whom: arcs over a line of tokens."""

import numpy as np
import plotly.graph_objects as go

from embeddings_core.figures.charts import dressed, label
from embeddings_core.figures.theme import OKABE_ITO, Theme
from embeddings_core.vectors import FloatArray

BACK, AHEAD = OKABE_ITO[0], OKABE_ITO[5]
SEEN, MOST = 0.04, 220  # thinner arcs cannot be seen, more of them not be told apart
THICKEST = 14.0  # pixels, for all of the attention


def arcs(
    tokens: tuple[str, ...], weights: FloatArray, *, theme: Theme, looker: int | None = None
) -> go.Figure:
    """Draw the weights (tokens, tokens) of one head as arcs over the token line; thickness is weight.

    Row i of `weights` is token i, the one who looks. Blue arcs look back to an earlier token, orange ones ahead;
    with `looker` only that token's arcs keep their strength. What a token gives to itself is a dot at its foot.
    """
    n = len(tokens)
    figure = go.Figure()
    shown = np.array(weights, dtype=np.float64)
    own = np.diag(shown).copy()
    np.fill_diagonal(shown, 0.0)
    if looker is not None:
        mask = np.zeros_like(shown)
        mask[looker] = 1.0
        shown, own = shown * mask, own * mask[looker, looker] * np.eye(n)[looker]
    starts, ends = np.nonzero(shown >= SEEN)
    order = np.argsort(shown[starts, ends])[-MOST:]  # the strongest are drawn last, on top
    top = max(0.55 * float(np.abs(starts - ends).max(initial=0)), 1.0)  # the highest arc fills the picture
    half = np.linspace(0, np.pi, 25)
    for start, end in zip(starts[order].tolist(), ends[order].tolist(), strict=True):
        weight, middle, radius = float(shown[start, end]), (start + end) / 2, abs(end - start) / 2
        figure.add_scatter(
            x=middle - radius * np.cos(half) * (1 if end > start else -1),
            y=radius * np.sin(half),
            mode="lines",
            line={"color": AHEAD if end > start else BACK, "width": max(1.0, THICKEST * weight)},
            opacity=0.25 + 0.7 * min(weight * 1.5, 1.0),
            hoverinfo="text",
            text=f"{label(tokens[start])} looks at {label(tokens[end])}: {weight:.2f}",
            showlegend=False,
        )
    figure.add_scatter(
        x=list(range(n)),
        y=[0.0] * n,
        mode="markers",
        marker={
            "size": 5 + 16 * np.sqrt(own),
            "color": [theme.accent if place == looker else theme.ink for place in range(n)],
        },
        text=[
            f"{label(token)} keeps {value:.2f} for itself" for token, value in zip(tokens, own, strict=True)
        ],
        hoverinfo="text",
        showlegend=False,
    )
    for colour, name in ((BACK, "looks back"), (AHEAD, "looks ahead")):
        figure.add_scatter(x=[None], y=[None], mode="lines", line={"color": colour, "width": 5}, name=name)
    size = 18 if n <= 14 else 16 if n <= 24 else 14 if n <= 44 else 11
    figure.update_xaxes(
        tickmode="array",
        tickvals=list(range(n)),
        ticktext=[label(token, characters=18) for token in tokens],
        tickangle=-55 if n > 9 else 0,
        tickfont={"size": size},
        showgrid=False,
        range=[-0.7, n - 0.3],
    )
    figure.update_yaxes(visible=False, range=[-0.06 * top, top])
    figure.update_layout(legend={"orientation": "h", "y": 1.08, "x": 0})
    return dressed(figure, theme=theme)


def one_point(word: str, sentences: int, *, theme: Theme) -> go.Figure:
    """Draw what a static vector makes of a word: one point, whatever the sentences say."""
    figure = go.Figure()
    figure.add_scatter(
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
    figure.update_xaxes(visible=False, range=[-0.3, 2])
    figure.update_yaxes(visible=False, range=[-1, 1])
    return dressed(figure, theme=theme).update_layout(
        margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False
    )
