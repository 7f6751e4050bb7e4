"""The visitor's own talk: pictures come in from every page, are edited and undone, saved and opened again."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from embeddings_core.limits import TALK_SCENES
from embeddings_core.talks.own_talk import OwnTalk
from embeddings_core.talks.ready_talk import TITLE, ready_talk
from embeddings_core.talks.talk_file import read_talk, shown_in, write_talk
from pages._ui import own_talk
from tests.pages.reading import boxes, fine, said, sent

STORED = Path(__file__).resolve().parents[1] / "talks" / "talk_v1.json"
PAGES = ("one_hot", "learning", "sentences", "context", "images", "images_and_text")
WORDS = "cat, dog, car, king, queen"


def open_page(root: Path, page: str = "app.py", **query: str) -> AppTest:
    at = AppTest.from_file(str(root / "app.py"), default_timeout=90)
    at.query_params.update(query)
    if page != "app.py":
        at.switch_page(page)
    return at.run()


def go(at: AppTest, page: str, **query: str) -> AppTest:
    at.query_params.clear()
    at.query_params.update(query)
    return at.switch_page(page).run()


def talk(at: AppTest) -> OwnTalk:
    found: OwnTalk = at.session_state["own-talk"]
    return found


def captions(at: AppTest) -> list[str]:
    return [scene.slide.sentence for scene in talk(at).scenes]


def press(at: AppTest, key: str) -> AppTest:
    found = [button for button in at.button if button.key == key]
    assert found, f"no button {key}"
    at = found[0].click().run()
    assert fine(at)
    return at


def choose(at: AppTest, number: int) -> AppTest:
    """What a click in the list of scenes does."""
    at.session_state["own-talk-chosen"] = talk(at).scenes[number].key
    return at.run()


def box(at: AppTest, name: str) -> Any:
    return next(
        each for each in [*at.text_input, *at.text_area, *at.slider] if str(each.key).startswith(name)
    )


@pytest.fixture(scope="module")
def three(root: Path) -> Callable[[], AppTest]:
    """A visitor with three scenes, on the Present page."""

    def made() -> AppTest:
        at = press(open_page(root, "pages/words.py", words=WORDS, method="PCA"), "words-add-to-talk")
        at = press(go(at, "app.py"), "home-add-to-talk")
        at = press(go(at, "pages/words.py", words="red, green", method="PCA"), "words-add-to-talk")
        return go(at, "pages/present.py")

    return made


def test_a_picture_comes_into_the_talk_with_its_address(root: Path) -> None:
    at = open_page(root, "pages/words.py", words=WORDS, method="PCA", word="king")
    at = press(at, "words-add-to-talk")
    scene = talk(at).scenes[0]
    assert scene.slide.sentence.startswith("Nearest to king: ")
    page, _, query = scene.slide.page_link.partition("?")
    assert page == "words" and "words=cat%2C+dog%2C+car%2C+king%2C+queen" in query and "word=king" in query
    assert set(WORDS.split(", ")) <= set(scene.slide.scene.points.items)
    assert {guess.kind for guess in scene.questions} == {"nearest", "odd", "land"}
    assert scene.questions[0].question == "Which of these is nearest to king?"
    assert [toast.value for toast in at.toast] == ["Scene 1 of your talk. It is under Present."]
    assert not at.run().toast  # said once


@pytest.mark.parametrize("page", ["app.py", *(f"pages/{name}.py" for name in PAGES)])
def test_every_page_with_a_stage_offers_it(root: Path, page: str) -> None:
    at = open_page(root, page)
    at = press(at, next(str(button.key) for button in at.button if str(button.key).endswith("-add-to-talk")))
    slide = talk(at).scenes[0].slide
    assert bool(talk(at).scenes[0].questions) == (
        page != "pages/context.py"
    )  # its layers are no list of items
    assert slide.sentence and slide.page_link.split("?")[0] == ("./" if page == "app.py" else Path(page).stem)
    at = go(at, "pages/present.py")
    assert box(at, "caption").value == slide.sentence
    opened = read_talk(write_talk(talk(at)))
    assert opened.problems == () and len(opened.talk.scenes) == 1


def test_attention_comes_into_the_talk_with_its_arcs(root: Path) -> None:
    at = open_page(root, "pages/context.py", view="Attention", layer="6", head="6", looker="every token")
    at = press(at, "context-add-to-talk")
    slide = talk(at).scenes[0].slide
    assert len(slide.scene.links) > 10 and {link.style for link in slide.scene.links} == {"arc"}
    address = slide.page_link
    assert all(part in address for part in ("view=Attention", "layer=6", "head=6", "looker=every+token"))
    opened = read_talk(write_talk(talk(at)))
    assert opened.problems == () and opened.talk.scenes[0].slide.scene.links == slide.scene.links
    assert [button for button in at.button if button.key == "context-add-to-talk"] and at.get("popover")


def test_who_has_a_talk_begins_with_it(three: Callable[[], AppTest]) -> None:
    at = three()
    assert at.segmented_control(key="which").value == "Your own talk"
    assert "Scene 3 of 3" in said(at) and box(at, "caption").value == captions(at)[2]
    at.segmented_control(key="which").set_value("The ready talk").run()
    assert f"1. {ready_talk()[0].sentence}" in said(at)


def test_scenes_are_edited_moved_copied_deleted_and_brought_back(three: Callable[[], AppTest]) -> None:
    at = three()
    first, second, third = captions(at)
    at = press(at, "scene-up")
    assert captions(at) == [first, third, second] and "Scene 2 of 3" in said(at)
    at = press(press(at, "scene-up"), "scene-down")
    assert captions(at) == [first, third, second]
    box(at, "caption").set_value("**My** <b>caption</b>").run()
    box(at, "notes").set_value("Wait here.\nThen go on.").run()
    assert captions(at) == [first, "**My** <b>caption</b>", second]
    assert talk(at).scenes[1].slide.notes == "Wait here.\nThen go on."
    at = press(at, "scene-duplicate")
    assert captions(at).count("**My** <b>caption</b>") == 2 and "Scene 3 of 4" in said(at)
    at = press(at, "scene-delete")
    assert "Scene 3 of 3" in said(at) and captions(at)[2] == second
    at = press(at, "scene-delete")
    assert captions(at) == [first, "**My** <b>caption</b>"]
    for _ in range(4):  # both deletions, the copy, the notes
        at = press(at, "talk-undo")
    assert captions(at) == [first, "**My** <b>caption</b>", second] and talk(at).scenes[1].slide.notes == ""
    at = press(choose(at, 1), "talk-undo")
    assert captions(at) == [first, third, second] and box(at, "caption").value == third
    while talk(at).scenes:
        at = press(at, "talk-undo")
    assert "Your talk is empty" in said(at) and not at.exception


def test_a_part_of_the_film_is_chosen(three: Callable[[], AppTest]) -> None:
    at = choose(three(), 1)
    film = talk(at).scenes[1].slide.scene
    assert box(at, "range").value == (1, len(film.motion.frames))
    box(at, "range").set_value((2, 5)).run()
    scene = talk(at).scenes[1]
    assert (scene.first, scene.end) == (
        1,
        4,
    ) and scene.played.scene.motion.frame_names == film.motion.frame_names[1:5]
    assert f"from “{film.motion.frame_names[1]}” to “{film.motion.frame_names[4]}”" in said(at)
    at = press(at, "talk-undo")
    assert box(at, "range").value == (1, len(film.motion.frames))


def test_the_answer_can_be_hidden_first(three: Callable[[], AppTest]) -> None:
    at = choose(three(), 0)
    switch = next(each for each in at.segmented_control if str(each.key).startswith("guess"))
    assert switch.value == "No"
    switch.set_value("Which does not belong?").run()
    scene = talk(at).scenes[0]
    assert scene.played.guess is not None and scene.played.guess.kind == "odd"
    assert scene.played.guess.question in said(at)


def test_the_ready_talk_can_be_the_beginning(root: Path) -> None:
    at = open_page(root, "pages/present.py", which="Your own talk")
    assert "Your talk is empty" in said(at)
    at = press(at, "start-from-ready")
    assert captions(at) == [slide.sentence for slide in ready_talk()] and talk(at).title == TITLE
    scene = talk(at).scenes[3]
    assert scene.played.stops == ready_talk()[3].stops and scene.played.facts == ready_talk()[3].facts
    assert "Scene 1 of 11" in said(at)


def test_a_full_talk_says_so(root: Path) -> None:
    at = open_page(root, "pages/present.py", which="Your own talk")
    scenes = [own_talk.own_talk.as_own(slide) for slide in ready_talk()]
    for start in range(0, TALK_SCENES, len(scenes)):
        at.session_state["own-talk-chosen"] = ""
        at.session_state["own-talk"] = own_talk.own_talk.added(
            at.session_state["own-talk"], *scenes[: TALK_SCENES - start]
        )
    at = press(at.run(), "scene-duplicate")
    assert len(talk(at).scenes) == TALK_SCENES and f"at most {TALK_SCENES} scenes" in at.toast[0].value


def opened(at: AppTest, content: bytes) -> AppTest:
    boxes(at)[0].set_value(("talk.json", content, "application/json")).run()
    assert fine(at)
    return at


def test_a_talk_is_saved_opened_and_brought_back(three: Callable[[], AppTest]) -> None:
    at = three()
    before = captions(at)
    content = write_talk(talk(at))
    at = opened(at, STORED.read_bytes())
    assert captions(at) == ["Nearest to cat: dog, car", "Pictures find each other."]
    assert at.text_input[0].value == "Version one"
    assert [file.name for file in at.session_state["pictures-own"].files.values()] == ["red.png"]
    assert "was left out" not in said(at)
    at = press(at, "talk-undo")
    assert captions(at) == before
    at = opened(at, content)
    assert captions(at) == before


def test_a_file_that_is_no_talk_changes_nothing(three: Callable[[], AppTest]) -> None:
    at = three()
    before = captions(at)
    at = opened(at, b'{"cells": []}')
    assert captions(at) == before and "This is no talk" in said(at)
    values = json.loads(STORED.read_text("utf-8"))
    values["scenes"].insert(0, {"caption": "<script>"})
    at = opened(at, json.dumps(values).encode())
    assert len(captions(at)) == 2 and "Scene 1 was left out. Its picture is missing." in said(at)
    at = opened(at, STORED.read_bytes())
    assert "was left out" not in said(at)


def test_uploaded_pictures_travel_in_the_file(root: Path) -> None:
    at = open_page(root, "pages/images.py", method="PCA", **{"images-set": "only mine"})
    content = picture()
    boxes(at)[0].set_value([("my <b>cat</b>.png", content, "image/png")]).run()
    at = go(press(at, "images-add-to-talk"), "pages/present.py")
    own = list(at.session_state["pictures-own"].files.values())
    saved = write_talk(talk(at), uploads=shown_in(talk(at), own))
    assert read_talk(saved).uploads == (("my <b>cat</b>.png", content),)
    again = opened(at, saved)  # in the same visit nothing comes twice
    assert [file.count for file in again.session_state["pictures-own"].files.values()] == [1]
    other = opened(open_page(root, "pages/present.py", which="Your own talk"), saved)
    assert [file.digest for file in other.session_state["pictures-own"].files.values()] == [own[0].digest]
    assert talk(other).scenes[0].slide.scene.pictures.images == talk(at).scenes[0].slide.scene.pictures.images
    shown = go(other, "pages/images.py", **{"images-set": "only mine"})
    assert "1 of 200 pictures of your own" in said(shown)


def picture() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.effect_noise((40, 40), 90).convert("RGB").save(buffer, "PNG")
    return buffer.getvalue()


def test_the_browser_asks_before_it_forgets_what_is_in_no_file(three: Callable[[], AppTest]) -> None:
    at = three()
    assert sent(at, "unsaved") == [True]
    at.session_state["own-talk-saved"] = talk(at)
    assert sent(at.run(), "unsaved") == [False]
    assert sent(press(at, "scene-duplicate"), "unsaved") == [True]


def test_a_page_opened_live_inside_a_talk_adds_nothing(root: Path) -> None:
    at = open_page(root, "pages/words.py", words=WORDS, method="PCA", live="1")
    assert not [button for button in at.button if str(button.key).endswith("-add-to-talk")]
