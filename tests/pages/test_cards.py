"""Every page's picture says what it is: the metadata that its stage is given."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core.scenes.metadata import full_metadata
from embeddings_core.scenes.scene import Scene
from pages._ui import stage

ALWAYS = {"Items", "Picture", "Film", "Axes"}
MAP = {"Model", "Numbers", "Nearness"}
PAGES = {
    "app": {"Trust", "Seed", "Settings"} | MAP,
    "pages/words.py?method=UMAP": {"Trust", "Seed", "Settings", "Lines"} | MAP,
    "pages/words.py?method=PCA&lens=Clusters": {"Trust", "Groups"} | MAP,
    "pages/words.py?lens=Analogy": MAP,
    "pages/words.py?lens=Models": MAP,
    "pages/one_hot.py?": {"Trust"} | MAP,
    "pages/one_hot.py?onehot=Dimension diet": {"Trust"} | MAP,
    "pages/learning.py?": {"Settings"} | MAP,
    "pages/learning.py?learn=One sentence": set(),
    "pages/sentences.py?method=PCA": {"Trust", "Lines"} | MAP,
    "pages/sentences.py?study=Rank race": {"Model"},
    "pages/sentences.py?study=Word order": MAP,
    "pages/sentences.py?study=Why similar?": {"Model", "Nearness"},
    "pages/sentences.py?study=A sentence grows&method=PCA": {"Trust", "Lines"} | MAP,
    "pages/context.py?": {"Groups"} | MAP,
    "pages/context.py?view=All tokens": MAP,
    "pages/images.py?method=PCA": {"Trust", "Lines"} | MAP,
    "pages/images.py?method=PCA&look=Clusters": {"Trust", "Groups"} | MAP,
    "pages/images.py?method=PCA&look=Two eyes": {"Model", "Nearness"},
    "pages/images.py?method=PCA&look=Probe": {"Trust", "Lines"} | MAP,
    "pages/images.py?look=Depth&method=UMAP": {"Trust", "Seed", "Settings"} | MAP,
    "pages/images_and_text.py?method=PCA": {"Trust", "Lines"} | MAP,
    "pages/images_and_text.py?match=Modality gap": MAP,
}


@pytest.mark.parametrize("address", PAGES)
def test_a_page_says_what_its_picture_is(root: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    shown: list[Scene] = []
    send = stage.scene_payload
    monkeypatch.setattr(stage, "scene_payload", lambda scene: shown.append(scene) or send(scene))
    at = AppTest.from_file(str(root / "app.py"), default_timeout=90)
    page, _, query = address.partition("?")
    at.query_params.update(dict(part.split("=") for part in query.split("&") if part))
    if page != "app":
        at.switch_page(page)
    at.run()
    assert not at.exception and shown
    rows = dict(full_metadata(shown[-1]))
    assert rows.keys() >= ALWAYS | PAGES[address], rows
    if "UMAP" in rows["Picture"]:
        assert "axes mean nothing; nearness does" in rows["Axes"]
    assert all(value.strip() for value in rows.values())
