"""The lens that distils MiniLM, as a visitor sees it: a preview at once, the whole model where it was made, odd input."""

from pathlib import Path

import numpy as np
import pytest

from embeddings_core.models.recent import forget
from embeddings_core.models.registry import load_encoder, loaded
from embeddings_core.models.static_model import distilled_folder
from embeddings_core.spaces.datasets import SENTENCES
from embeddings_core.training import distillation as core
from tests.pages.reading import bars, fine, go_to, said, sent


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What this computer has distilled before is not part of a test."""
    monkeypatch.setattr("embeddings_core.models.static_model.cache_folder", lambda: tmp_path)
    loaded.pop("minilm-static", None)
    forget()


def kept(vectors: np.ndarray) -> list[int]:
    """Return the rows that keep the nearest neighbour that MiniLM gives them."""
    nearest = []
    for each in (load_encoder("minilm")(SENTENCES.items), vectors):
        units = each / np.linalg.norm(each, axis=1, keepdims=True)
        nearest.append((units @ units.T - 2 * np.eye(len(units))).argmax(axis=1))
    return np.flatnonzero(nearest[0] == nearest[1]).tolist()


def test_a_preview_is_there_at_once(root: Path) -> None:
    at = go_to(root, "sentences", study="Distil")
    rows = kept(core.preview(SENTENCES.items)(SENTENCES.items))
    n = len(SENTENCES.items)
    assert fine(at) and f"{len(rows)} of {n} sentences keep their nearest neighbour" in said(at)
    count = len(core.pieces_of(SENTENCES.items))
    assert f"A preview: only the {count} word pieces of these sentences were read" in said(at)
    assert [button.label for button in at.button if button.key == "distil-all"] == [
        "Distil all 29,525 pieces"
    ]
    speed = bars(at)
    assert [row["label"] for row in speed] == ["MiniLM", "Static model"] and speed[0]["length"] < speed[1][
        "length"
    ] == 1
    assert [row["note"] for row in speed] == ["91 MB of numbers", "15 MB of numbers"]
    scene = next(scene for scene in sent(at, "scene") if scene["id"].startswith("distilled"))
    assert scene["frameNames"][1] == f"Static model: 15 MB; {len(rows)} of {n} keep their nearest"
    assert scene["kind"] == "morph" and len(scene["links"]) == n


def test_the_whole_model_takes_its_place_and_can_be_taken_away(root: Path) -> None:
    core.distil(distilled_folder(), most=2_500)
    at = go_to(root, "sentences", study="Distil")
    rows = kept(load_encoder("minilm-static")(SENTENCES.items))
    assert fine(at) and f"{len(rows)} of {len(SENTENCES.items)} sentences keep" in said(at)
    assert "Made here of all 29,525 word pieces in " in said(at) and "A preview" not in said(at)
    assert any("Download (ZIP" in element.proto.label for element in at.get("download_button"))
    at = go_to(root, "sentences", study="Search", query="weather", model="MiniLM distilled")
    assert fine(at) and bars(at)
    loaded.pop("minilm-static", None)


def test_before_it_is_made_the_menu_says_how(root: Path) -> None:
    at = go_to(root, "sentences", study="Search", model="MiniLM distilled (not on this computer)")
    assert fine(at) and "was not made on this computer yet; Sentences, Distil, makes it" in said(at)


@pytest.mark.parametrize(
    "text, told",
    [
        ("", "3 sentences"),
        ("one\ntwo", "one more sentence"),
        ("one\ntwo\n🎉", "one more sentence"),
        ("one\ntwo\nthree", "of 3 sentences keep"),
        ("<b>a</b>\n$b$ `c`\n\u202eabc\n[x](y)", "of 4 sentences keep"),
        ("\n".join(f"sentence number {row}" for row in range(320)), "The first 300 of 320 sentences."),
    ],
)
def test_odd_and_long_lists(root: Path, text: str, told: str) -> None:
    at = go_to(root, "sentences", study="Distil", method="PCA", sentences=text)
    assert fine(at) and told in said(at), said(at)
