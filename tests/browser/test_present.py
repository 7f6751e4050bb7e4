"""The ready talk in a real browser, led by keys alone: in the application, and as a file from disk."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings_core.analysis.questions import Question
from embeddings_core.export.contact_sheet import still_moments
from embeddings_core.scenes.labels import label
from embeddings_core.scenes.scene import Motion, Points, Scene
from embeddings_core.talks.html import talk_html
from embeddings_core.talks.ready_talk import TITLE, ready_talk
from embeddings_core.talks.slides import ASKING, Fact, Slide
from pages._ui.present.stage import typeface
from tests.browser.conftest import watched

pytestmark = pytest.mark.browser
TALK = "document.querySelector('.talk')?.__talk"
FILL = f"""(() => {{ const s = {TALK}.stage, rows = [...Array(s.film.n).keys()].filter((row) => s.film.items[row].trim()),
    at = rows.map((row) => [...s.screen.at(row)]),
    wide = [0, 1].map((axis) => Math.max(...at.map((p) => p[axis])) - Math.min(...at.map((p) => p[axis])));
    return Math.max(...wide) / Math.min(s.width, s.height); }})()"""
EDGES = """[".talk-sentence", ".talk-stage", ".talk-counter"]
    .map((name) => Math.round(document.querySelector(name).getBoundingClientRect().left))"""
NASTY = '</script><script>window.__x=1</script><img src=x onerror="window.__x=2">'


@pytest.fixture(scope="module")
def address(serve: Callable[[str], str], playwright: Any) -> str:
    return serve("app.py")


def ready(page: Any) -> None:
    page.wait_for_function(f"{TALK}?.stage?.drawn > 0", timeout=90_000)


def where(page: Any) -> list[int]:
    return page.evaluate(f"[{TALK}.at, {TALK}.step]")


def onward(page: Any, key: str) -> None:
    """Go one step on: while a film is on its way, the first press finishes it."""
    before = where(page)
    page.keyboard.press(key)
    if where(page) == before:
        assert page.evaluate(f"{TALK}.stage.clock.p >= {TALK}.film.target - 1e-3")
        page.keyboard.press(key)


def through(page: Any, keys: tuple[str, ...], pictures: Path | None = None) -> list[tuple[str, str, int]]:
    """Step through the whole talk by keys: the sentence, the kind of film and the frames drawn at each step.

    A picture of each step is kept in the folder `pictures`, for people to look at.
    """
    seen = []
    steps = [(at, step) for at, slide in enumerate(ready_talk()) for step in range(len(stops(slide)))]
    for number, (at, step) in enumerate(steps):
        if number:
            before = page.evaluate(f"{TALK}.stage.drawn")
            onward(page, keys[number % len(keys)])
            page.wait_for_function(f"{TALK}.stage.drawn > {before} + 2", timeout=10_000)
            drawn = page.evaluate(f"{TALK}.stage.drawn") - before
        else:
            page.wait_for_function(f"{TALK}.stage.state().p > 0.2 || {TALK}.stage.calm", timeout=90_000)
            drawn = page.evaluate(f"{TALK}.stage.drawn")
        assert where(page) == [at, step]
        kind = page.evaluate(f"{TALK}.stage.film.kind")
        seen.append((page.locator(".talk-sentence").text_content(), kind, drawn))
        if pictures:
            page.screenshot(path=pictures / f"slide-{at + 1:02}-{step + 1}.png")
    return seen


def stops(slide: Slide) -> list[str]:
    """The kinds of film that a slide shows, step by step; a question is a still picture in front."""
    return ["still"] * (slide.guess is not None) + [
        slide.scenes[scene].motion.kind for scene, _ in slide.stops
    ]


def check(seen: list[tuple[str, str, int]]) -> None:
    expected = [(slide.sentence, kind) for slide in ready_talk() for kind in stops(slide)]
    assert [told[:2] for told in seen] == expected and all(drawn > 0 for *_, drawn in seen)


def silent(page: Any, *here: str) -> None:
    assert [url for url in page.asked if not url.startswith((*here, "data:", "blob:"))] == []
    assert page.problems == []


def test_the_talk_from_end_to_end_by_keys(
    open_page: Callable[..., Any], address: str, tmp_path: Path
) -> None:
    page = open_page(f"{address}/present")
    ready(page)
    assert not page.locator("[data-testid=stSidebar]").is_visible()
    check(through(page, ("ArrowRight", "PageDown", " "), tmp_path))
    assert (
        len({file.read_bytes() for file in tmp_path.glob("slide-*.png")})
        == len(list(tmp_path.iterdir()))
        > 10
    )
    assert page.locator(".talk-counter").text_content() == "11 / 11" and "slide=11" in page.url
    page.keyboard.press("ArrowRight")
    assert where(page) == [10, 0]  # the end stays
    page.keyboard.press("PageUp")
    assert where(page) == [9, 2]
    assert not page.locator(".talk-score").is_visible()  # who does not guess keeps no score
    page.keyboard.press("Home")
    assert where(page) == [0, 0]
    # a film on its way is finished first; the words and the picture have one left edge, and the picture fills its stage
    page.evaluate(f"{TALK}.go(2, 0, 1)")
    page.wait_for_function(
        f"{TALK}.stage.clock.p > 0.2 && {TALK}.stage.clock.p < {TALK}.film.target - 0.5", timeout=30_000
    )
    page.keyboard.press("ArrowRight")
    assert where(page) == [2, 0] and page.evaluate(f"{TALK}.stage.clock.p >= {TALK}.film.target - 1e-3")
    page.keyboard.press("ArrowRight")
    assert where(page) == [3, 0]
    page.evaluate(f"{TALK}.go(4, 3, 1)")
    page.evaluate(f"{TALK}.film.finish()")
    page.wait_for_function(
        f"!{TALK}.stage.state().travelling && !{TALK}.stage.state().playing", timeout=30_000
    )
    assert page.evaluate(FILL) >= 0.6
    assert len(set(page.evaluate(EDGES))) == 1
    page.keyboard.press("Home")
    page.keyboard.press("b")
    assert page.locator(".talk-blank").is_visible()
    page.keyboard.press("ArrowRight")
    assert not page.locator(".talk-blank").is_visible() and where(page) == [0, 0]
    page.keyboard.press("Escape")
    page.wait_for_function(f"!{TALK}.on")
    page.get_by_text("Download the talk").wait_for(timeout=90_000)
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
    told, guess = notes.locator("p").text_content(), ready_talk()[3].guess
    assert ready_talk()[3].notes in told and guess is not None and guess.why in told
    notes.keyboard.press("ArrowRight")  # a clicker may belong to the speaker's window
    page.wait_for_function(f"{TALK}.step === 1")
    notes.keyboard.press("PageDown")
    page.wait_for_function(f"{TALK}.at === 4")
    assert notes.locator("h1").text_content() == ready_talk()[4].sentence
    notes.close()
    page.keyboard.press("l")
    frame = page.frame_locator(".talk-live iframe")
    frame.get_by_text("man is to king as woman is to").wait_for(timeout=90_000)
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('.talk-live iframe')")
    assert where(page) == [4, 0]


def test_who_wants_less_motion_gets_stills(open_page: Callable[..., Any], address: str) -> None:
    page = open_page(f"{address}/present?slide=3", reduced_motion="reduce")
    ready(page)
    page.wait_for_function("document.querySelectorAll('.talk-stills canvas').length === 5", timeout=90_000)
    assert page.evaluate(f"{TALK}.stage.state().p === {TALK}.stage.film.last && !{TALK}.stage.clock.playing")
    names = ready_talk()[2].scene.motion.frame_names
    told = page.locator(".talk-stills figcaption").all_text_contents()
    assert told == [names[moment] for moment in still_moments(len(names) - 1)]
    shown = page.evaluate("""[...document.querySelectorAll('.talk-stills canvas')].map((canvas) => {
        const bytes = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data, colours = new Set();
        let ink = 0;
        for (let i = 0; i < bytes.length; i += 4) {
            colours.add((bytes[i] >> 5) * 64 + (bytes[i + 1] >> 5) * 8 + (bytes[i + 2] >> 5));
            if (Math.abs(bytes[i] - bytes[0]) + Math.abs(bytes[i + 1] - bytes[1]) + Math.abs(bytes[i + 2] - bytes[2]) > 90) ink++;
        }
        return [colours.size, ink]; })""")
    assert all(colours > 20 and ink > 2_000 for colours, ink in shown), (
        shown
    )  # points in their colours, large enough
    assert len({ink for _, ink in shown}) == 5  # five moments, not five times the same


def test_the_file_plays_from_disk_without_a_network(browser: Any, tmp_path: Path) -> None:
    hostile = Slide(
        Scene(
            id="x",
            points=Points((NASTY, "b")),
            motion=Motion(np.array([[[0, 0], [1, 1]]], np.float32), (NASTY,), kind="still"),
            caption=NASTY,
            alt=NASTY,
        ),
        NASTY,
        NASTY,
        "javascript:window.__x=3",
        facts=(Fact(NASTY, NASTY, 0.5),),
        facts_title=NASTY,
        aside=NASTY,
        guess=Question("nearest", NASTY, (NASTY, "b"), 0, NASTY, (0, 1)),
    )
    file = tmp_path / "talk.html"
    file.write_text(talk_html(TITLE, (*ready_talk(), hostile), font=typeface()), "utf-8")
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    page = context.new_page()
    watched(page)
    page.goto(file.as_uri())
    ready(page)
    check(through(page, ("ArrowRight", " ", "PageDown")))
    assert page.evaluate("document.fonts.check('16px Page') && document.fonts.size === 1")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"{TALK}.at === 11")
    assert page.locator(".talk-sentence").text_content() == ASKING  # its sentence holds the answer
    page.keyboard.press("1")
    page.keyboard.press("ArrowRight")
    assert page.locator(".talk-sentence").text_content() == NASTY
    assert page.locator(".talk-verdict").text_content() == f"Right: {label(NASTY)}."
    assert page.locator(".talk-score").text_content() == "1 of 1 guessed right"
    assert page.evaluate("window.__x") is None
    page.keyboard.press("l")
    assert not page.locator(".talk-live").is_visible()
    silent(page, file.as_uri())
    context.close()


def guessing(page: Any, script: str) -> Any:
    return page.evaluate(
        f"(() => {{ const talk = {TALK}, ask = talk.slide.ask, stage = talk.stage; return {script}; }})()"
    )


def test_the_hall_guesses_by_keys_and_clicks_before_the_answer_is_told(
    open_page: Callable[..., Any], address: str
) -> None:
    page = open_page(f"{address}/present?slide=4")
    ready(page)
    nearest = ready_talk()[3].guess
    assert nearest is not None
    assert page.locator(".talk-option span").all_text_contents() == list(nearest.options)
    # nothing on screen tells: neither the word, nor lines, nor the ranking
    assert not guessing(page, f'stage.film.items.includes("{ready_talk()[3].scene.points.items[0]}")')
    assert guessing(page, "stage.film.links.length + stage.film.highlighted.length") == 0
    assert not page.locator(".talk-facts").is_visible()
    wrong = (nearest.answer + 1) % 4
    page.keyboard.press(str(wrong + 1))
    page.keyboard.press(str(nearest.answer + 1))  # a hall may change its mind
    assert page.locator(".talk-chosen span").text_content() == nearest.options[nearest.answer]
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"{TALK}.step === 1")
    assert page.locator(".talk-verdict").text_content() == f"Right: {nearest.options[nearest.answer]}."
    assert page.locator(".talk-score").text_content() == "1 of 1 guessed right"
    assert guessing(page, "stage.film.links.length") == 6
    page.keyboard.press("ArrowLeft")
    page.keyboard.press(str(wrong + 1))  # told is told: no second try, no second point
    page.keyboard.press("ArrowRight")
    assert page.locator(".talk-score").text_content() == "1 of 1 guessed right"

    page.evaluate(f"{TALK}.go(6, 0, 1)")
    odd = ready_talk()[6].guess
    assert odd is not None and guessing(page, "stage.film.n") == 4  # the four it is about are not there
    page.locator(".talk-option").nth((odd.answer + 1) % 4).click()
    page.keyboard.press(" ")  # goes on; it does not press the option again
    page.wait_for_function(f"{TALK}.step === 1")
    assert f"it is {odd.options[odd.answer]}" in page.locator(".talk-verdict").text_content()
    assert page.locator(".talk-score").text_content() == "1 of 2 guessed right"

    page.evaluate(f"{TALK}.go(9, 0, 1)")
    page.wait_for_function(  # the map of this slide stands still, at its own size
        f"(() => {{ const t = {TALK}, s = t.stage, v = s.state(); return s.film.question"
        " && !s.segment && !v.travelling && v.settled > 0 && !s.loop.settleAt && !s.loop.request; })()"
    )
    row = guessing(page, "ask.answer")
    spot = guessing(
        page,
        "(() => { const d = ask.data, at = (ask.last * d.scene.items.length + ask.answer) * 2, v = stage.view;"
        " const b = stage.area.getBoundingClientRect();"
        " return [b.left + stage.width / 2 + (d.frames[at] - v.cx) * v.k,"
        " b.top + stage.height / 2 - (d.frames[at + 1] - v.cy) * v.k]; })()",
    )
    page.mouse.click(spot[0] + 3, spot[1])
    page.wait_for_function(f"{TALK}.slide.ask.point")
    assert guessing(page, "stage.film.items.at(-1)") == "your guess"
    page.keyboard.press("PageDown")
    page.wait_for_function(f"{TALK}.step === 1")
    said = page.locator(".talk-verdict").text_content()
    assert said.startswith("Right: your click is") and "nothing else lies nearer to it" in said
    assert guessing(page, "stage.film.links.at(-1)") == [row + 1, row, "dashed"]
    assert page.locator(".talk-score").text_content() == "2 of 3 guessed right"

    page.keyboard.press("i")  # the metadata, from the keyboard
    assert "axes mean nothing; nearness does" in page.locator(".stage-card").text_content()
    page.keyboard.press("Escape")
    assert not page.locator(".stage-card").is_visible() and page.evaluate(f"{TALK}.on")
    page.reload()
    ready(page)
    assert (
        page.locator(".talk-score").text_content() == "2 of 3 guessed right"
    )  # the evening's, not the page's
    page.mouse.move(600, 300)
    page.locator(".talk-score").click()
    assert not page.locator(".talk-score").is_visible()
    page.wait_for_function(f"{TALK}.stage.film?.question && !{TALK}.stage.segment")
    page.keyboard.press("ArrowUp")  # calls the cross-hair; from then on all arrows lead it
    page.keyboard.press("ArrowRight")
    right, middle = guessing(page, "stage.aim.at")
    assert right > 0.5 and middle == 0.5 and guessing(page, "[talk.at, talk.step]") == [9, 0]
    page.keyboard.press("Enter")
    page.wait_for_function(f"{TALK}.slide.ask.point")
    assert (
        guessing(page, "stage.film.items.at(-1)") == "your guess" and guessing(page, "stage.aim.at") is None
    )
    page.keyboard.press("ArrowRight")  # without a cross-hair the arrows lead the talk
    page.wait_for_function(f"{TALK}.step === 1")
    silent(page, "http://127.0.0.1", "ws://127.0.0.1")


def test_on_a_phone_a_tap_goes_on_and_a_swipe_turns(open_page: Callable[..., Any], address: str) -> None:
    page = open_page(
        f"{address}/present", width=390, height=844, has_touch=True, is_mobile=True, reduced_motion="reduce"
    )
    ready(page)
    assert page.locator(".talk-hint").inner_text() == "tap or swipe: on"
    letters = page.evaluate(
        "['.talk-sentence', '.talk-button'].map((n) => parseFloat(getComputedStyle(document.querySelector(n)).fontSize))"
    )
    assert letters[0] >= 20 and letters[1] >= 16
    before = where(page)
    page.touchscreen.tap(300, 400)
    page.wait_for_function(f"{TALK}.at + {TALK}.step > {sum(before)}")
    swipe = """([from, to]) => { const t = document.querySelector(".talk-stage"), s = (type, x) => t.dispatchEvent(
      new PointerEvent(type, { pointerType: "touch", clientX: x, clientY: 400, bubbles: true }));
      s("pointerdown", from); s("pointerup", to); }"""
    page.evaluate(swipe, [80, 300])
    page.wait_for_function(f"{TALK}.at === {before[0]} && {TALK}.step === {before[1]}")
    page.evaluate(swipe, [300, 80])
    page.wait_for_function(f"{TALK}.at + {TALK}.step > {sum(before)}")
    # a question: letters that can be read, options for a thumb, all of them on the screen
    page.evaluate(f"{TALK}.go(3, 0, 1)")
    page.locator(".talk-option").nth(3).wait_for(timeout=20_000)
    options = page.evaluate("""[...document.querySelectorAll(".talk-option")].map((node) => {
      const box = node.getBoundingClientRect();
      return [parseFloat(getComputedStyle(node).fontSize), box.height, box.left, box.right, box.bottom]; })""")
    assert len(options) == 4 and all(
        size >= 16 and tall >= 44 and left >= 0 and right <= 390 and bottom <= 844
        for size, tall, left, right, bottom in options
    ), options
    assert page.problems == []
