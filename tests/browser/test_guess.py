"""The metadata and the guessing lens in a real browser: by button, key and click, hostile words inert."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings_core.export.html import film_html
from embeddings_core.scenes.labels import TEXT_LENGTH, label
from embeddings_core.scenes.metadata import full_metadata
from embeddings_core.scenes.scene import Motion, Points, Scene
from tests.browser.looking import STAGE

pytestmark = pytest.mark.browser
NASTY = '</script><script>window.__x=1</script><img src=x onerror="window.__x=2"> **x** $y$'


def test_the_card_opens_by_button_and_key_in_a_file_on_disk(
    open_page: Callable[..., Any], tmp_path: Path
) -> None:
    rows = (
        ("Model", NASTY),
        ("Picture", "UMAP, in 2-D"),
        ("Axes", "axes mean nothing; nearness does"),
        (NASTY, "!"),
    )
    frames = np.array([[[0, 0], [1, 1]], [[1, 0], [0, 1]]], np.float32)
    scene = Scene(
        id="x",
        points=Points((NASTY, "dog")),
        motion=Motion(frames, ("one", "two"), kind="morph"),
        alt="Two words",
        metadata=rows,
    )
    file = tmp_path / "film.html"
    file.write_text(film_html(scene), "utf-8")
    page = open_page(file.as_uri())
    page.wait_for_function(f"{STAGE}?.drawn > 0", timeout=90_000)
    more = page.get_by_role("button", name="More")
    button, panel = (
        page.locator(".stage-steps [aria-label^='About this picture']"),
        page.locator(".stage-card"),
    )
    assert not panel.is_visible() and button.get_attribute("aria-expanded") == "false"
    more.click()
    button.click()
    assert panel.is_visible() and button.get_attribute("aria-expanded") == "true"
    shown = list(
        zip(panel.locator("dt").all_text_contents(), panel.locator("dd").all_text_contents(), strict=True)
    )
    assert shown == [(label(name), label(value, length=TEXT_LENGTH)) for name, value in full_metadata(scene)]
    assert panel.evaluate("node => node.querySelectorAll('img, script').length") == 0
    page.keyboard.press("Escape")
    assert not panel.is_visible() and more.evaluate("node => node === document.activeElement")
    page.locator(".stage").focus()
    page.keyboard.press("i")
    assert panel.is_visible() and panel.evaluate("node => node === document.activeElement")
    page.keyboard.press("Tab")  # to the cross, the only thing to press in it
    page.keyboard.press("Enter")
    assert not panel.is_visible() and page.locator(".stage").evaluate(
        "node => node === document.activeElement"
    )
    described = page.locator(".stage-area").get_attribute("aria-label")
    assert (
        described.startswith("Two words. Items: 2 items:")
        and "axes mean nothing; nearness does." in described
    )
    assert "Film: morph" in described and page.evaluate("window.__x") is None and page.problems == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:", "blob:"))] == []


def test_one_guesses_on_the_words_page_by_key_and_by_click_on_the_map(
    open_page: Callable[..., Any], serve: Callable[[str], str]
) -> None:
    words = f"{NASTY.replace(',', '')}, cat, dog, horse, cow, car, truck, bus"
    page = open_page(
        f"{serve('app.py')}/words?method=PCA&lens=Guess+first&words={words}".replace("#", ""),
        reduced_motion="reduce",
    )
    page.locator(".option").first.wait_for(timeout=90_000)
    before = page.evaluate(f"{STAGE}.film.n")
    page.locator(".stage").focus()
    page.keyboard.press("1")
    page.locator(".right").wait_for(timeout=90_000)
    page.wait_for_function(f"{STAGE}.film.n === {before} + 1")  # the word that was asked about has come
    assert page.locator(".option").first.is_disabled()
    page.get_by_text("of 1 guessed right").wait_for(timeout=90_000)
    page.get_by_text("where it lands", exact=True).click()
    page.wait_for_function(f"{STAGE}.film.question && !{STAGE}.segment", timeout=90_000)
    *spot, x, y = page.evaluate(
        f"(() => {{ const s = {STAGE}, b = s.area.getBoundingClientRect();"
        " const [x, y] = s.view.invert(s.width / 2 + 40, s.height / 2, s.width, s.height);"
        " return [b.left + s.width / 2 + 40, b.top + s.height / 2, x, y]; })()"
    )
    page.mouse.click(*spot)
    page.get_by_text("nearer to it.").wait_for(timeout=90_000)
    page.wait_for_function(f"{STAGE}.film.items.at(-1) === 'your guess'")
    pin = page.evaluate(
        f"Array.from({STAGE}.film.frames.slice(-3, -1))"
    )  # where the click was, in the map's own measure
    assert pin == pytest.approx([x, y], abs=0.02 * page.evaluate(f"{STAGE}.film.box.radius"))
    page.get_by_text("of 2 guessed right").wait_for(timeout=90_000)
    page.get_by_role("button", name="Next question").click()
    page.wait_for_function(f"{STAGE}.film.question && !{STAGE}.segment", timeout=90_000)
    page.locator(".stage").focus()
    for key in (
        "ArrowUp",
        "ArrowRight",
        "ArrowRight",
        "Shift+ArrowDown",
    ):  # the first one only calls the cross-hair
        page.keyboard.press(key)
    x, y, aimed = page.evaluate(
        f"(() => {{ const s = {STAGE}, m = Math.min(s.width, s.height);"
        " const at = s.view.invert(s.width / 2 + m / 15, s.height / 2 + m / 200, s.width, s.height);"
        " return [at[0], at[1], s.aim.at !== null]; })()"
    )
    page.keyboard.press("Enter")
    page.get_by_text("of 3 guessed right").wait_for(timeout=90_000)
    page.wait_for_function(f"{STAGE}.film.items.at(-1) === 'your guess'")
    pin = page.evaluate(f"Array.from({STAGE}.film.frames.slice(-3, -1))")
    assert aimed and pin == pytest.approx([x, y], abs=0.02 * page.evaluate(f"{STAGE}.film.box.radius"))
    assert page.evaluate("window.__x") is None and page.problems == []
