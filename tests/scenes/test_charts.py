"""Still charts: numbers on them are the numbers, typed words stay text."""

import numpy as np
import pytest
from plotly.basedatatypes import BaseFigure

from embeddings_core.scenes.charts.basic import colour_row, curve, label, one_point, similarity_heat_map
from embeddings_core.scenes.charts.image_text import retrieval_matrix
from embeddings_core.scenes.charts.learning import bump
from embeddings_core.scenes.charts.one_hot import vector_grids
from embeddings_core.scenes.theme import DARK, LIGHT, OKABE_ITO, Theme, theme


def test_labels_are_cut_and_escaped() -> None:
    assert label("<b>&$") == "&lt;b&gt;&amp;&#36;"
    assert len(label("x" * 500)) == 80
    assert label("猫") == "猫"


def test_the_heat_map_shows_the_scores_themselves() -> None:
    scores = np.array([[1, 0.25], [0.25, 1]], dtype=np.float32)
    figure = similarity_heat_map(("<i>cat</i>", "dog"), scores, theme=LIGHT)
    np.testing.assert_array_equal(figure.data[0].z, scores)
    assert figure.layout.yaxis.ticktext == ("&lt;i&gt;cat&lt;/i&gt;", "dog")
    assert figure.data[0].zmin == 0 and figure.data[0].zmax == 1 and figure.data[0].texttemplate
    many = similarity_heat_map(tuple("abcdefghi"), np.eye(9, dtype=np.float32), theme=LIGHT)
    assert many.data[0].texttemplate is None  # numbers of 6 pixels are noise; hovering tells them


def test_a_row_is_brown_below_zero_pale_at_zero_green_above() -> None:
    """−1, 0 and 1 are the two ends and the middle of the scale: #8C510A, #F5F5F5, #01665E."""
    pixels = colour_row(np.array([-1.0, 0.0, 1.0], dtype=np.float32))
    assert pixels.tolist() == [[[0x8C, 0x51, 0x0A], [0xF5, 0xF5, 0xF5], [0x01, 0x66, 0x5E]]]
    assert colour_row(np.zeros(4, dtype=np.float32)).shape == (1, 4, 3)


def test_a_curve_keeps_its_points_and_marks_a_place() -> None:
    figure = curve([2, 3, 4], {"silhouette": [0.1, 0.3, 0.2]}, theme=DARK, x_title="k", y_title="s", mark=3)
    assert tuple(figure.data[0].y) == (0.1, 0.3, 0.2)
    assert figure.layout.shapes[0].x0 == 3


def contrast(a: str, b: str) -> float:
    """WCAG 2 contrast ratio of two colours."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_type_is_readable_in_both_modes() -> None:
    for mode in (LIGHT, DARK):
        assert contrast(mode.ink, mode.ground) >= 7
        assert contrast(mode.accent, mode.ground) >= 4.5
    assert theme("dark") is DARK and theme("anything") is LIGHT
    assert len(set(OKABE_ITO)) == 8


@pytest.mark.parametrize("look", [LIGHT, DARK])
def test_charts_have_the_look_of_the_house_and_are_given_to_plotly_at_once(
    look: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each change of a finished figure costs a third of a millisecond: built by changes, one point cost ten."""

    def changed(*_arguments: object) -> None:
        raise AssertionError("a figure was changed")

    monkeypatch.setattr(BaseFigure, "_perform_update", staticmethod(changed))
    two = np.eye(2, dtype=np.float32)
    figures = [
        similarity_heat_map(("a", "b"), two, theme=look),
        one_point("bank", 2, theme=look),
        curve([0, 1], {"x": [0, 1], "y": [1, 0]}, theme=look, x_title="layer", y_title="cosine", mark=1),
        vector_grids(("a", "b"), two, two, theme=look),
        bump(("a",), np.ones((3, 1), dtype=np.int64), theme=look),
        retrieval_matrix(two, ["a", "b"], ["", ""], ["c", "d"], theme=look),
    ]
    for figure in figures:
        layout = figure.layout
        assert layout.font.color == look.ink and layout.paper_bgcolor == "rgba(0,0,0,0)"
        axes = [layout[name] for name in layout if name.startswith(("xaxis", "yaxis"))]
        assert {(axis.gridcolor, axis.zeroline, axis.automargin) for axis in axes} == {
            (look.faint, False, True)
        }
    _, point, curves, grids, *_ = figures
    assert point.layout.margin.t == 0 and (curves.layout.margin.t, curves.layout.margin.l) == (44, 8)
    assert curves.layout.shapes[0].x0 == 1 and grids.layout.xaxis2.gridcolor == look.faint
