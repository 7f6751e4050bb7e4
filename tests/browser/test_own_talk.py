"""An own talk in a real browser: a picture is added on one page and played by keys on another; the file plays offline."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.test_layout import AXE, serious

pytestmark = pytest.mark.browser
TALK = "document.querySelector('.talk')?.__talk"
NASTY = "<img src=x onerror=window.__x=1>"


@pytest.fixture(scope="module")
def address(serve: Callable[[str], str], playwright: Any) -> str:
    return serve("app.py")


def add(page: Any, number: int) -> None:
    page.get_by_role("button", name="Share").click(timeout=90_000)
    page.get_by_role("button", name="Add to talk").click(timeout=90_000)
    page.get_by_text(f"Scene {number} of your talk").wait_for(timeout=90_000)


def shown(page: Any) -> list[Any]:
    return page.evaluate(f"[{TALK}.at, {TALK}.sentence.textContent, {TALK}.stage.film.items.slice(0, 3)]")


def test_what_was_added_on_a_page_plays_by_keys(
    open_page: Callable[..., Any], address: str, tmp_path: Path, browser: Any
) -> None:
    page = open_page(f"{address}/words?words=cat,+dog,+{NASTY}&method=PCA&word=cat")
    add(page, 1)
    menu = page.get_by_test_id("stSidebarUserContent")
    menu.get_by_role("link", name="Home", exact=True).click()
    page.get_by_text("Press an arrow key.").wait_for(timeout=90_000)
    page.wait_for_function("!document.querySelector('.st-key-words-add-to-talk')", timeout=90_000)
    add(page, 2)
    menu.get_by_role("link", name="Present", exact=True).click()
    page.wait_for_function(f"{TALK}?.stage?.drawn > 0", timeout=90_000)
    assert not page.evaluate(f"{TALK}.on") and page.locator(".choose").count() == 2
    assert shown(page)[0] == 1  # the one that was added last is open

    # the keys of the ready talk
    page.locator(".talk-leave").click()
    page.wait_for_function(f"{TALK}.on && document.querySelector('.talk').clientWidth === innerWidth")
    page.keyboard.press("Home")
    page.wait_for_function(f"{TALK}.at === 0 && !{TALK}.stage.state().travelling", timeout=90_000)
    assert shown(page)[1:] == ["Nearest to cat: dog", ["cat", "dog", NASTY]]
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"{TALK}.at === 1 && {TALK}.stage.clock.p > 0", timeout=90_000)
    assert page.evaluate(f"{TALK}.stage.film.kind") == "recorded"
    page.keyboard.press("PageUp")
    page.wait_for_function(f"{TALK}.at === 0")
    page.keyboard.press("b")
    assert page.locator(".talk-blank").is_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_function(f"!{TALK}.on")

    # the scene to which the keys have led is the one that is edited
    page.wait_for_function("document.activeElement.closest('.talk')")
    page.keyboard.press("End")
    page.get_by_text("Scene 2 of 2").wait_for(timeout=90_000)
    page.keyboard.press("Home")
    page.get_by_text("Scene 1 of 2").wait_for(timeout=90_000)

    # a new caption is on the stage at once, and the film is not disturbed
    page.locator(".choose").nth(1).click()
    page.wait_for_function(f"{TALK}.at === 1")
    page.get_by_text("Scene 2 of 2").wait_for(timeout=90_000)
    caption = page.get_by_label("Caption, in large type over the picture")
    page.wait_for_function(  # that of the scene before has gone
        "label => document.querySelectorAll(`[aria-label='${label}']`).length === 1",
        arg="Caption, in large type over the picture",
        timeout=90_000,
    )
    caption.fill(f"New {NASTY}")
    caption.press("Enter")
    page.wait_for_function(f"{TALK}.sentence.textContent.startsWith('New ')", timeout=90_000)
    page.locator(".choose").nth(1).press("Alt+ArrowUp")
    page.wait_for_function(f"{TALK}.slides[0].sentence.startsWith('New ')", timeout=90_000)
    page.locator("li").first.get_by_text("New ").wait_for(timeout=90_000)

    page.locator("li").first.drag_to(page.locator("li").nth(1), target_position={"x": 60, "y": 60})
    page.wait_for_function(f"{TALK}.slides[1].sentence.startsWith('New ')", timeout=90_000)
    page.get_by_role("button", name="Undo: moving a scene").click()
    page.wait_for_function(f"{TALK}.slides[0].sentence.startsWith('New ')", timeout=90_000)
    assert page.evaluate("typeof onbeforeunload") == "function"  # a reload would forget what is in no file

    # taken away as one file
    with page.expect_download(timeout=90_000) as saved:
        page.get_by_role("button", name="Download the talk").click()
    file = tmp_path / "talk.html"
    saved.value.save_as(file)
    assert page.evaluate("window.__x") is None and page.problems == []
    page.evaluate("localStorage.clear()")  # the next test's visitors were never here
    page.close()
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    alone = context.new_page()
    requests: list[str] = []
    alone.on("request", lambda request: requests.append(request.url))
    alone.goto(file.as_uri())
    alone.wait_for_function(f"{TALK}?.stage?.drawn > 0", timeout=90_000)
    assert shown(alone)[1] == f"New {NASTY}"
    alone.wait_for_function(f"{TALK}.stage.state().playing && {TALK}.stage.clock.p > 0", timeout=90_000)
    alone.keyboard.press(" ")  # a film that plays is finished first
    alone.wait_for_function(f"!{TALK}.stage.state().playing && {TALK}.at === 0", timeout=90_000)
    alone.keyboard.press(" ")
    alone.wait_for_function(f"{TALK}.at === 1", timeout=90_000)
    assert [url for url in requests if not url.startswith(("file:", "data:", "blob:"))] == []
    assert alone.evaluate("window.__x") is None
    context.close()


def test_a_draft_outlives_the_page(open_page: Callable[..., Any], address: str) -> None:
    page = open_page(f"{address}/words?words=sun,+moon&method=PCA", reduced_motion="reduce")
    page.evaluate("localStorage.clear()")
    add(page, 1)
    page.wait_for_function("localStorage.getItem('embeddings-talks')", timeout=90_000)
    name = page.evaluate("JSON.parse(localStorage.getItem('embeddings-talks'))[0].name")

    # another visit in the same browser; what somebody else put into its storage is words, or nothing
    page.evaluate(
        """([name, nasty]) => {
          const list = JSON.parse(localStorage.getItem("embeddings-talks"));
          const broken = { name: nasty, stamp: nasty, when: 1e12, scenes: 7 }; // "stamp": the digest, in earlier versions
          localStorage.setItem("embeddings-talk:" + nasty, `{"format": "embeddings talk", "title": "${nasty}"`);
          list.push(broken, { ...broken, scenes: nasty }, { ...broken, when: nasty }, { ...broken, name: {} }, null, nasty);
          localStorage.setItem("embeddings-talks", JSON.stringify(list));
        }""",
        [name, NASTY],
    )
    page.goto(f"{address}/present?which=Your+own+talk")
    offers = page.get_by_text("is still in this browser:")
    offers.first.wait_for(timeout=90_000)
    assert offers.count() == 2 and "with 1 scene," in offers.first.inner_text()
    page.get_by_role("button", name="Open it").nth(1).click()
    page.get_by_text("This is no talk: it is not JSON").wait_for(timeout=90_000)
    page.get_by_role("button", name="Forget it").nth(1).click()
    page.wait_for_function(
        "Object.keys(localStorage).filter((key) => key.startsWith('embeddings-talk')).length === 2"
    )
    page.get_by_role("button", name="Open it").click()
    page.get_by_text("Scene 1 of 1").wait_for(timeout=90_000)
    page.get_by_text("A draft of this talk is kept in this browser").wait_for(timeout=90_000)
    page.wait_for_function(f"{TALK}?.stage?.film.items.join() === 'sun,moon'", timeout=90_000)

    # the opened talk's draft takes the place of the one it came from
    kept = page.evaluate("JSON.parse(localStorage.getItem('embeddings-talks'))")
    assert [row["scenes"] for row in kept] == [1] and kept[0]["name"] != name
    page.get_by_role("button", name="Forget the draft").click()
    page.get_by_text("No draft is kept").wait_for(timeout=90_000)
    assert (
        page.evaluate("Object.keys(localStorage).some((key) => key.startsWith('embeddings-talk:'))") is False
    )
    assert page.evaluate("window.__x") is None and page.problems == []


def test_a_reload_stays_in_the_talk_and_two_drafts_are_told_apart(
    open_page: Callable[..., Any], address: str
) -> None:
    page = open_page(f"{address}/words?words=sun,+moon&method=PCA")
    page.evaluate("localStorage.clear()")
    add(page, 1)
    page.goto(
        f"{address}/words?words=cat,+dog,+car&method=PCA&word=cat"
    )  # another visit: its draft is another one
    add(page, 1)
    page.wait_for_function(
        "JSON.parse(localStorage.getItem('embeddings-talks') ?? '[]').length === 2", timeout=90_000
    )
    menu = page.get_by_test_id("stSidebarUserContent")
    menu.get_by_role("link", name="Present", exact=True).click()
    page.wait_for_function(f"{TALK}?.stage?.film.items.join() === 'cat,dog,car'", timeout=90_000)
    offered = page.get_by_text("is still in this browser:")
    page.get_by_role("button", name="Open a talk").click()
    offered.first.wait_for(timeout=90_000)
    assert offered.count() == 1 and "sun" in offered.first.inner_text()  # the other one, by how it begins
    page.reload()
    page.wait_for_function(f"{TALK}?.stage?.film.items.join() === 'cat,dog,car'", timeout=90_000)
    page.get_by_text("Scene 1 of 1").wait_for(timeout=90_000)
    page.get_by_role("button", name="Forget the draft").wait_for(timeout=90_000)
    if AXE.exists():
        page.evaluate(f"{AXE.read_text('utf-8')}; 0")
        assert serious(page) == []
    page.evaluate("localStorage.clear()")
    assert page.problems == []
