"""The lens on hubs as its visitors use it."""

from pathlib import Path

import pytest

from embeddings_core.analysis.hubs import hubs
from embeddings_core.analysis.truncation import everyday_space
from tests.pages.reading import bars, fine, go_to, said, sent


def test_the_strongest_hubs_of_the_vocabulary(root: Path) -> None:
    found = hubs(everyday_space())
    at = go_to(root, "words", method="PCA", lens="Hubs")
    assert fine(at) and found.sentence in said(at) and "Of the words on your map" in said(at)
    assert [row["label"] for row in bars(at)] == [found.items[row] for row in found.largest(8)]
    scene = next(scene for scene in sent(at, "scene") if scene["id"].startswith("hubs"))
    assert len(scene["frameNames"]) == 2


@pytest.mark.parametrize("words", ["", "cat", "cat, dog, zzqx"])
def test_it_opens_on_few_words(root: Path, words: str) -> None:
    assert fine(go_to(root, "words", method="PCA", lens="Hubs", words=words))
