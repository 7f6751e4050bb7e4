"""The lens on late interaction as its visitors use it."""

from pathlib import Path

import pytest

from tests.pages.reading import bars, fine, go_to, said, sent


def test_tokens_find_tokens(root: Path) -> None:
    at = go_to(root, "sentences", method="PCA", study="Late interaction", query="a pet on the couch")
    assert fine(at) and "MiniLM's last layer" in said(at)
    scene = next(scene for scene in sent(at, "scene") if scene["id"].startswith("late"))
    assert any(item.startswith("couch · 0.") for item in scene["items"]) and len(scene["links"]) == 5
    assert "one vector: 0." in bars(at)[0]["note"]


def test_own_sentences_have_a_map_before_anything_is_asked(root: Path) -> None:
    own = "The kettle boils.\nA gull sits on the mast.\nThe harbour is frozen.\nTea is served at five."
    at = go_to(root, "sentences", method="PCA", study="Late interaction", sentences=own)
    (scene,) = sent(at, "scene")
    assert fine(at) and tuple(scene["items"]) == tuple(own.split("\n")) and "Type a query" in said(at)


@pytest.mark.parametrize("query", ["", "\u200b", "😀", "<b>", "a " * 100, "\ufffd"])
@pytest.mark.parametrize("text", ["", "One.", "😀\n\u0301\n山"])
def test_it_opens_on_anything(root: Path, text: str, query: str) -> None:
    assert fine(go_to(root, "sentences", method="PCA", study="Late interaction", sentences=text, query=query))
