"""The page of the ready talk, and the way to it."""

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core.talks import ready_vectors
from embeddings_core.talks.ready_talk import ready_talk, ready_talk_json
from pages._ui.present import stage as talk_stage
from pages._ui.shell import PAGES
from tests.pages.reading import fine, go_to, said


def open_page(root: Path, page: str = "present", **query: str) -> AppTest:
    return go_to(root, page, **query)


@pytest.fixture(scope="module")
def opened(root: Path) -> AppTest:
    return open_page(root)


def test_every_sentence_is_listed(opened: AppTest) -> None:
    assert fine(opened)
    for number, slide in enumerate(ready_talk(), start=1):
        assert f"{number}. {slide.sentence}" in said(opened)


def test_every_key_is_told(opened: AppTest) -> None:
    for key in ("Page Down", "Page Up", "full screen", "blank the screen", "speaker notes"):
        assert key in said(opened)


@pytest.mark.parametrize("slide", ["0", "11", "-3", "NaN", "<b>", "9" * 400])
def test_a_forged_url_is_harmless(root: Path, slide: str) -> None:
    assert fine(open_page(root, slide=slide))


def test_missing_vectors_are_told_in_a_sentence(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ready_vectors, "TALK", ready_vectors.TALK.with_name("lists.json"))
    for remembered in (ready_vectors.load_talk, ready_talk, ready_talk_json):
        remembered.cache_clear()
    try:
        at = open_page(root)
        assert "The bundled vectors of the talk are missing" in said(at) and not at.exception
    finally:
        for remembered in (ready_vectors.load_talk, ready_talk, ready_talk_json):
            remembered.cache_clear()


def test_each_scene_is_opened_live_in_a_page_that_exists() -> None:
    addresses = talk_stage.addresses()
    assert len(addresses) == len(PAGES) and "./" in addresses
    for slide in json.loads(ready_talk_json())["slides"]:
        assert slide["link"].split("?")[0] in addresses


@pytest.mark.parametrize("number", [1, 4, 5, 6, 10])
def test_the_live_page_shows_the_same_state(root: Path, number: int) -> None:
    from urllib.parse import parse_qsl

    page, _, query = ready_talk()[number - 1].page_link.partition("?")
    chosen = dict(parse_qsl(query))
    at = open_page(root, page, **chosen)
    assert fine(at)
    typed = {element.key: element.value for element in [*at.text_area, *at.text_input]}
    assert {key: typed[key] for key in chosen if key in typed} == {
        key: chosen[key] for key in chosen if key in typed
    }
    if number == 5:
        assert "man is to king as woman is to …" in said(at)


def test_home_offers_the_talk_first(root: Path) -> None:
    at = AppTest.from_file(str(root / "app.py"), default_timeout=90).run()
    assert fine(at) and f"A talk in {len(ready_talk())} moving pictures. Press an arrow key." in said(at)
