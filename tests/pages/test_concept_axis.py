"""The lens on concept axes as its visitors use it."""

from pathlib import Path

import pytest

from tests.pages.reading import bars, fine, go_to, said, sent


def test_words_fall_onto_an_axis_and_a_plane(root: Path) -> None:
    words = "king, queen, actor, actress, uncle, aunt"
    at = go_to(root, "words", method="PCA", lens="Concept axis", words=words)
    assert fine(at) and "stands furthest towards woman" in said(at)
    order = [row["label"] for row in bars(at)]
    assert all(
        order.index(female) < order.index(male) for male, female in (("king", "queen"), ("uncle", "aunt"))
    )
    at.button(key="axis-cheap").click().run()
    assert fine(at) and "towards expensive" in said(at)
    at.text_input(key="low-2").set_value("young")
    at.text_input(key="high-2").set_value("old, elderly").run()
    assert fine(at) and "towards old + elderly" in said(at)
    scene = next(scene for scene in sent(at, "scene") if scene["id"].startswith("axis"))
    assert scene["frameNames"][2] == "up and down is young to old + elderly"


@pytest.mark.parametrize(
    "query",
    [
        {"words": ""}, {"words": "cat"}, {"words": "cat, dog"}, {"low": "zzzqqx", "high": "<b>"}, {"low": ""},
        {"low": "same", "high": "same"}, {"low-2": "x"}, {"low": "a, b, c", "high": "d"},
    ],
    ids=str,
)  # fmt: skip
def test_awkward_poles_get_a_sentence_or_a_picture(root: Path, query: dict[str, str]) -> None:
    assert fine(go_to(root, "words", **({"method": "PCA", "lens": "Concept axis"} | query)))
