"""The ready talk in a real browser, led by keys alone: in the application, and as a file from disk."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings_core.figures.scene import Scene
from embeddings_core.figures.slides import Fact, Slide
from embeddings_core.figures.talk_export import talk_html
from embeddings_core.figures.talk_scenes import TITLE, ready_talk

pytestmark = pytest.mark.browser
TALK = "document.querySelector('.talk')?.__talk"
NASTY = '</script><script>window.__x=1</script><img src=x onerror="window.__x=2">'


@pytest.fixture(scope="module")
def address(serve: Callable[[str], str], playwright: Any) -> str:
    return serve("app.py")


def ready(page: Any) -> None:
    page.wait_for_function(f"{TALK}?.stage?.drawn > 1", timeout=60_000)


def where(page: Any) -> list[int]:
    return page.evaluate(f"[{TALK}.at, {TALK}.step]")


def through(page: Any, keys: tuple[str, ...]) -> list[tuple[str, str, int]]:
    """Step through the whole talk by keys: the sentence, the kind of film and the frames drawn at each step."""
    seen = []
    steps = [(at, step) for at, slide in enumerate(ready_talk()) for step in range(len(slide.stops))]
    for number, (at, step) in enumerate(steps):
        if number:
            before = page.evaluate(f"{TALK}.stage.drawn")
            page.keyboard.press(keys[number % len(keys)])
            page.wait_for_function(f"{TALK}.stage.drawn > {before} + 2", timeout=10_000)
            drawn = page.evaluate(f"{TALK}.stage.drawn") - before
        else:
            page.wait_for_function(f"{TALK}.stage.state().p > 0.2 || {TALK}.stage.calm", timeout=20_000)
            drawn = page.evaluate(f"{TALK}.stage.drawn")
        assert where(page) == [at, step]
        kind = page.evaluate(f"{TALK}.stage.film.kind")
        seen.append((page.locator(".talk-sentence").text_content(), kind, drawn))
    return seen


def check(seen: list[tuple[str, str, int]]) -> None:
    expected = [(slide, stop) for slide in ready_talk() for stop in slide.stops]
    assert len(seen) == len(expected)
    for (sentence, kind, drawn), (slide, (scene, _)) in zip(seen, expected, strict=True):
        assert sentence == slide.sentence and kind == slide.scenes[scene].kind and drawn > 0


def silent(page: Any, *here: str) -> None:
    assert [url for url in page.asked if not url.startswith((*here, "data:", "blob:"))] == []
    assert page.problems == []


def test_the_talk_from_end_to_end_by_keys(open_page: Callable[..., Any], address: str) -> None:
    page = open_page(f"{address}/present")
    ready(page)
    assert not page.locator("[data-testid=stSidebar]").is_visible()
    check(through(page, ("ArrowRight", "PageDown", " ")))
    assert page.locator(".talk-counter").text_content() == "10 / 10" and "slide=10" in page.url
    page.keyboard.press("ArrowRight")
    assert where(page) == [9, 1]  # the end stays
    page.keyboard.press("PageUp")
    assert where(page) == [9, 0]
    page.keyboard.press("Home")
    assert where(page) == [0, 0]
    page.keyboard.press("b")
    assert page.locator(".talk-blank").is_visible()
    page.keyboard.press("ArrowRight")
    assert not page.locator(".talk-blank").is_visible() and where(page) == [0, 0]
    page.keyboard.press("Escape")
    page.wait_for_function(f"!{TALK}.on")
    page.get_by_text("The whole talk as one file").wait_for(timeout=20_000)
    assert page.locator("[data-testid=stSidebar]").is_visible()
    silent(page, "http://127.0.0.1", "ws://127.0.0.1")


def test_a_key_moves_points_at_once(open_page: Callable[..., Any], address: str) -> None:
    """From the key to the first moved frame: no server is asked."""
    page = open_page(f"{address}/present?slide=2")
    ready(page)
    assert where(page) == [1, 0]
    page.wait_for_function(f"!{TALK}.stage.state().travelling")
    asked = len(page.asked)
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"{TALK}.stage.state().p > 0", timeout=5_000)
    assert len(page.asked) == asked


def test_notes_follow_in_a_second_window_and_a_page_opens_live(
    open_page: Callable[..., Any], address: str
) -> None:
    page = open_page(f"{address}/present?slide=4")
    ready(page)
    with page.expect_popup() as popup:
        page.keyboard.press("n")
    notes = popup.value
    assert ready_talk()[3].notes in notes.locator("p").text_content()
    notes.keyboard.press("ArrowRight")  # a clicker may belong to the speaker's window
    page.wait_for_function(f"{TALK}.step === 1")
    notes.keyboard.press("PageDown")
    page.wait_for_function(f"{TALK}.at === 4")
    assert notes.locator("h1").text_content() == ready_talk()[4].sentence
    notes.close()
    page.keyboard.press("l")
    frame = page.frame_locator(".talk-live iframe")
    frame.get_by_text("man is to king as woman is to").wait_for(timeout=60_000)
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('.talk-live iframe')")
    assert where(page) == [4, 0]


def test_who_wants_less_motion_gets_stills(open_page: Callable[..., Any], address: str) -> None:
    page = open_page(f"{address}/present?slide=3", reduced_motion="reduce")
    ready(page)
    page.wait_for_function("document.querySelectorAll('.talk-strip canvas').length === 5", timeout=20_000)
    assert page.evaluate(f"{TALK}.stage.state().p === {TALK}.stage.film.last && !{TALK}.stage.clock.playing")


def test_the_file_plays_from_disk_without_a_network(browser: Any, tmp_path: Path) -> None:
    hostile = Slide(
        Scene(
            "x",
            (NASTY, "b"),
            np.array([[[0, 0], [1, 1]]], np.float32),
            (NASTY,),
            "still",
            caption=NASTY,
            alt=NASTY,
        ),
        NASTY,
        NASTY,
        "javascript:window.__x=3",
        facts=(Fact(NASTY, NASTY, 0.5),),
        facts_title=NASTY,
        aside=NASTY,
    )
    file = tmp_path / "talk.html"
    file.write_text(talk_html(TITLE, (*ready_talk(), hostile)), "utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    page = context.new_page()
    page.asked, page.problems = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.problems.append(str(error)))
    page.goto(file.as_uri())
    ready(page)
    check(through(page, ("ArrowRight", " ", "PageDown")))
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"{TALK}.at === 10")
    assert page.locator(".talk-sentence").text_content() == NASTY
    assert page.evaluate("window.__x") is None
    page.keyboard.press("l")
    assert not page.locator(".talk-live").is_visible()
    silent(page, file.as_uri())
    context.close()
