"""Charts beside the film of a word in its sentences."""

import plotly.graph_objects as go

from embeddings_core.scenes.charts.basic import dressed, label
from embeddings_core.scenes.theme import OKABE_ITO, Theme


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
