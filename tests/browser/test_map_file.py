"""A map of a table as a file, and as a notebook shows it: explored in a real browser, by hand and by keys, without a server."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from embeddings_core.export.map_html import map_html, widget_script, widget_style
from embeddings_core.export.packed_map import packed_map
from embeddings_core.tables.frames import table_of
from tests.browser.looking import STAGE, state

pytestmark = pytest.mark.browser
SUBJECTS = ("soup", "bed", "waiter", "bill")
NOTEBOOK = """async ([code, style, bytes]) => {
  const { render } = (await import(URL.createObjectURL(new Blob([code], { type: "text/javascript" })))).default;
  const sheet = document.createElement("style"), el = document.createElement("div");
  const held = { height: 600, selection: [2, 5] }, heard = {};
  sheet.textContent = style;
  document.head.append(sheet);
  document.body.replaceChildren(el);
  held.content = new DataView(Uint8Array.from(bytes).buffer);
  window.model = { held, saved: 0, get: (name) => held[name],
    set: (name, value) => { held[name] = value; heard[`change:${name}`]?.(); },
    save_changes() { this.saved++; }, on: (event, run) => { heard[event] = run; }, off: (event) => { delete heard[event]; } };
  window.leave = await render({ model: window.model, el });
}"""


MARKUP = "<img src=x onerror=window.__x=1>"


def reviews() -> pd.DataFrame:
    rng = np.random.default_rng(0)
    middles = rng.normal(size=(4, 8)) * 4
    return pd.DataFrame({
        "review": [f"{'=' if n == 4 else ''}The {SUBJECTS[n % 4]} was number {n} {MARKUP}" for n in range(200)],
        "subject": [f"<b>{SUBJECTS[n % 4]}</b>" for n in range(200)],
        "price": np.arange(200) * 1.5,
        "vector": [list(middles[n % 4] + rng.normal(size=8)) for n in range(200)],
    })  # fmt: skip


def until(page: Any, holds: str) -> None:
    """Wait until an expression is true; `wait_for_function` would build it in the page, which the page's policy forbids."""
    for _ in range(600):
        if page.evaluate(f"Boolean({holds})"):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {holds}")


def test_a_map_in_one_file_is_explored_by_hand_and_by_keys(
    open_page: Callable[..., Any], tmp_path: Path
) -> None:
    packed = packed_map(table_of(reviews(), title="reviews"), text="", label="subject", method="pca")
    file = tmp_path / "map.html"
    file.write_text(map_html(packed), "utf-8")
    page = open_page(file.as_uri(), reduced_motion="reduce")
    until(page, f"{STAGE}?.film.n === 200 && {STAGE}.loop.settled && !{STAGE}.loop.request")
    start = state(page)
    page.keyboard.press("/")
    page.keyboard.type("SOUP")
    page.get_by_text("50 found", exact=True).first.wait_for()
    page.keyboard.press("Enter")
    page.get_by_text("1 of 50 found", exact=True).wait_for()
    card = page.get_by_role("complementary", name="The chosen row")
    assert "The soup was number 0 <img" in card.inner_text()
    assert card.get_by_role("listitem").count() == 8
    assert "soup" in card.get_by_role("listitem").first.inner_text()
    assert page.get_by_role("grid").get_attribute("aria-rowcount") == "51"

    page.get_by_role("searchbox").fill("no such soup")
    page.get_by_text("No row holds what you search for.").wait_for()
    page.get_by_role("searchbox").fill("soup")
    page.get_by_text("50 found", exact=True).first.wait_for()
    assert not page.locator(".map-none").is_visible()

    page.get_by_role("button", name="Select what is found").click()
    page.keyboard.press("/")
    page.keyboard.press("Escape")  # the search is over, the selection stays
    page.get_by_role("button", name="50 selected").wait_for()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Save 50 rows as CSV").click()
    saved = Path(taken.value.path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(saved)))
    assert len(rows) == 50 and rows[1]["review"].startswith("'=The soup") and rows[1]["price"] == "6"

    hidden = f"{STAGE}.presence ? [...{STAGE}.presence].filter((row) => !row).length : 0"
    key = page.get_by_role("button", name="<b>bed</b> 50")
    key.dblclick()
    assert page.evaluate(hidden) == 50
    page.get_by_role("button", name="<b>bed</b> 50").press("h")
    assert page.evaluate(hidden) == 0

    page.get_by_label("Colour by").select_option("price")
    assert page.locator(".stage-counted").count() == 1
    area = page.locator(".stage-area").bounding_box()
    middle = (area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.move(middle[0] + 20, middle[1])
    page.mouse.wheel(0, -400)
    until(page, f"{STAGE}.state().view[2] > {start['view'][2] * 1.5}")
    page.keyboard.press("0")
    page.locator(".stage").press("0")
    until(page, f"Math.abs({STAGE}.state().view[2] / {start['view'][2]} - 1) < 0.2")
    page.keyboard.down("Shift")
    page.mouse.move(area["x"] + 3, area["y"] + 3)
    page.mouse.down()
    page.mouse.move(area["x"] + area["width"] - 3, area["y"] + area["height"] - 3, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    page.get_by_role("button", name="200 selected").wait_for()

    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.evaluate("window.__x") is None and page.problems == []
    assert [url for url in page.asked if not url.startswith(("file:", "data:", "blob:"))] == []

    page.goto("about:blank")
    page.evaluate(NOTEBOOK, [widget_script(), widget_style(), list(packed.content)])
    page.get_by_role("button", name="2 selected").wait_for()  # as Python said before
    page.get_by_role("searchbox").fill("number 19")
    page.get_by_role("button", name="Select what is found").click()
    assert page.evaluate("[window.model.held.selection, window.model.saved]") == [[19, *range(190, 200)], 1]
    page.evaluate("window.model.set('selection', [7])")
    page.get_by_role("button", name="1 selected").wait_for()
    assert page.evaluate("window.model.saved") == 1  # what Python said is not told back
    page.evaluate("window.leave()")
    assert page.locator(".stage").count() == 0 and page.problems == []
