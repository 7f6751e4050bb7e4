"""A long address becomes a short one that rebuilds the same picture, for a said time."""

import os
import time
from pathlib import Path
from urllib.parse import urlencode

import pytest

from embeddings_core.limits import ADDRESS_CHARACTERS, KEPT_ADDRESS_BYTES, KEPT_ADDRESS_DAYS
from pages._ui import kept_addresses
from tests.pages.reading import fine, go_to, opened, said, sent


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(kept_addresses, "cache_folder", lambda: tmp_path)
    return tmp_path / "addresses"


def test_a_long_address_rebuilds_its_picture_by_a_short_one(root: Path) -> None:
    words = ", ".join(f"{word}{number}" for number in range(120) for word in ("river", "garden"))
    at = opened(go_to(root, "words", words=words, method="PCA", lens="Similarity"), "Share")
    (kept,) = filter(None, sent(at, "kept"))
    assert len(urlencode({"words": words})) > ADDRESS_CHARACTERS and "so the link is a short one" in said_all(
        at
    )
    again = go_to(root, "words", kept=kept)
    assert fine(again) and again.text_area[0].value == words
    assert again.segmented_control(key="lens").value == "Similarity"
    assert sent(again, "scene")[0]["items"] == sent(at, "scene")[0]["items"]


def said_all(at: object) -> str:
    return "\n".join(element.value for element in at.caption)  # type: ignore[attr-defined]


def test_a_short_one_stays_as_it_is(root: Path) -> None:
    at = opened(go_to(root, "words", words="cat, dog, car", method="PCA"), "Share")
    assert sent(at, "kept") == [""]


def test_what_is_gone_or_forged_is_said(root: Path, own_folder: Path) -> None:
    name = kept_addresses.short("words=" + "cat," * 600)
    assert kept_addresses.find(name)
    past = time.time() - (KEPT_ADDRESS_DAYS + 1) * 86_400
    os.utime(own_folder / name, (past, past))
    assert kept_addresses.find(name) is None and not (own_folder / name).exists()
    for forged in ("../../etc/passwd", "", "0" * 18, "<b>"):
        assert kept_addresses.find(forged) is None
    at = go_to(root, "words", kept="0" * 18)
    assert fine(at) and "no longer kept" in said(at) and at.text_area[0].value.startswith("king")
    assert kept_addresses.short("x" * (KEPT_ADDRESS_BYTES + 1)) == ""


def test_what_is_too_long_for_any_link_is_offered_as_a_file(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_addresses, "KEPT_ADDRESS_BYTES", 300)
    words = ", ".join(["river", "garden", "house", "window"] * 20)
    at = opened(go_to(root, "words", words=words, method="PCA"), "Share")
    assert fine(at) and sent(at, "kept") == []
    assert "offered as a file" in said_all(at)
    assert any(button.label == "What you typed (text)" for button in at.get("download_button"))
    assert kept_addresses.typed(urlencode({"lens": "Trust", "words": words})) == words
