"""A table in a real browser: dropped, drawn, searched, and a selection taken away."""

import csv
import io
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.looking import OWN_BOX, STAGE, look, rested, settle, silent

pytestmark = pytest.mark.browser
SUBJECTS = {"food": "soup", "rooms": "bed", "staff": "waiter", "price": "bill"}


@pytest.fixture(scope="module")
def address(serve: Callable[[str], str], playwright: Any) -> str:
    return serve("app.py")


@pytest.fixture(scope="module")
def reviews(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write 200 rows; the name of the file and one label are markup."""
    path = tmp_path_factory.mktemp("tables") / "<img src=x onerror=window.__x=1>.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["review", "label", "stars"])
        for n in range(200):
            label = list(SUBJECTS)[n % 4]
            writer.writerow(
                [
                    f"The {SUBJECTS[label]} was number {n} of the evening",
                    "<b>food</b>" if label == "food" else label,
                    n % 5 + 1,
                ]
            )
    return path


def test_a_table_from_the_drop_to_a_map_and_a_file(
    open_page: Callable[..., Any], address: str, reviews: Path
) -> None:
    page = open_page(f"{address}/data?table=wines", reduced_motion="reduce")
    page.wait_for_function(f"{STAGE}?.film.items.length === 178", timeout=90_000)
    page.locator(OWN_BOX).first.set_input_files(os.fspath(reviews))
    page.wait_for_function(f"{STAGE}?.film.items.length === 200", timeout=120_000)
    page.wait_for_function(f"{STAGE}.film.groupNames.includes('<b>food</b> · 50')", timeout=60_000)
    settle(page)
    page.get_by_label("Search the rows").fill("soup")
    page.get_by_label("Search the rows").press("Enter")
    page.get_by_text('50 of 200 rows: found with "soup".').wait_for(timeout=60_000)
    stage, rows = page.locator(".stage").bounding_box(), page.get_by_test_id("stDataFrame").bounding_box()
    panel = page.locator(".st-key-panel-side")
    assert panel.evaluate(
        "panel => panel.scrollHeight > panel.clientHeight"
    )  # what does not fit scrolls by itself
    assert (
        stage and rows and rows["y"] < stage["y"] + stage["height"] + 80
    )  # the rows stand right below the map
    page.locator("button", has_text=re.compile("^Save")).click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="CSV", exact=True).click()
    text = Path(taken.value.path()).read_text("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 50 and all("soup" in row["review"] for row in rows)
    assert "soup" not in page.url and "img" not in page.url
    assert page.evaluate("window.__x") is None
    silent(page)


def test_what_was_taken_away_stays_away_and_another_table_begins_anew(
    open_page: Callable[..., Any], address: str, reviews: Path, tmp_path: Path
) -> None:
    """The browser keeps what the menus held while they are closed."""
    page = open_page(f"{address}/data?table=wines", reduced_motion="reduce")
    page.wait_for_function(f"{STAGE}?.film.items.length === 178", timeout=90_000)
    page.locator(OWN_BOX).first.set_input_files(os.fspath(reviews))
    page.wait_for_function(f"{STAGE}?.film.items.length === 200", timeout=120_000)
    rested(page)
    page.get_by_role("button", name="Filter").click()
    page.get_by_test_id("stPopoverBody").get_by_label("label", exact=True).click()
    page.get_by_role("option", name="rooms", exact=True).click()
    page.get_by_text("50 of 200 rows: label is rooms.").wait_for(timeout=30_000)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_role("button", name=re.compile("label is rooms")).click()
    page.get_by_text("All 200 rows").wait_for(timeout=30_000)
    page.locator("button", has_text="Settings").click()
    page.get_by_label("Colour by", exact=True).click()
    page.get_by_role("option", name="colour: stars", exact=True).click()
    page.wait_for_url(re.compile("colour=2"))
    page.keyboard.press("Escape")
    rested(page)
    assert page.get_by_text("All 200 rows").count() == 1 and "filter" not in page.url
    other = tmp_path / "other.csv"
    other.write_text(reviews.read_text("utf-8").replace("evening", "long night"), "utf-8")
    page.locator(OWN_BOX).first.set_input_files(os.fspath(other))
    page.get_by_text("All 200 rows of other.csv").wait_for(timeout=60_000)
    page.wait_for_function(f"{STAGE}?.film.items.some(item => item.includes('night'))", timeout=60_000)
    look(page, "Health")
    page.get_by_text("Random pairs").wait_for(timeout=60_000)
    rested(page)
    assert "colour=1" in page.url  # the labels, not the stars of the table before


def drop(page: Any, file: Path, *, beside: str) -> None:
    """Drop a file on the middle of this element as a hand does: unless the page takes it, the browser leaves."""
    box = page.locator(beside).first.bounding_box()
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    dragged = {"items": [], "files": [os.fspath(file)], "dragOperationsMask": 1}
    browser = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        browser.send("Input.dispatchDragEvent", {"type": kind, **place, "data": dragged})


@pytest.mark.parametrize(
    ("name", "beside"),
    [("", ".stage"), ("words", ".stage"), ("images", ".stage"), ("present", "h1"), ("sentences", "textarea")],
)
def test_a_table_dropped_where_no_box_is_opens_here(
    open_page: Callable[..., Any], address: str, reviews: Path, name: str, beside: str
) -> None:
    page = open_page(f"{address}/{name}", reduced_motion="reduce")
    page.locator(beside).first.wait_for(timeout=90_000)
    rested(page)
    drop(page, reviews, beside=beside)
    page.get_by_text(f"All 200 rows of {reviews.name}").wait_for(timeout=60_000)
    assert "/data?" in page.url
    silent(page)


def test_what_is_too_large_to_be_dropped_or_a_folder_is_told(
    open_page: Callable[..., Any], address: str, reviews: Path
) -> None:
    page = open_page(f"{address}/one_hot", reduced_motion="reduce")
    page.locator(".stage").first.wait_for(timeout=90_000)
    rested(page)
    drop(page, reviews.parent, beside=".stage")
    page.get_by_text(f"A folder: {reviews.parent.name}. Pack it as a ZIP").wait_for(timeout=30_000)
    page.evaluate("embeddingDrops = { ...embeddingDrops, data: { most: 100 } }")  # bytes
    drop(page, reviews, beside=".stage")
    page.get_by_text(f"the most that can be uploaded: {reviews.name}.").wait_for(timeout=30_000)
    assert "/one_hot" in page.url
    silent(page)


def test_points_are_encircled_named_and_drawn_alone(open_page: Callable[..., Any], address: str) -> None:
    page = open_page(f"{address}/data?table=wines")
    page.wait_for_function(f"{STAGE}?.film.items.length === 178", timeout=90_000)
    settle(page)
    box = page.locator(".stage-area").bounding_box()
    page.get_by_role("button", name="Select by encircling points (L)").click()
    corners = [(0.02, 0.05), (0.55, 0.05), (0.55, 0.95), (0.02, 0.95)]
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]
    page.mouse.move(*at[0])
    page.mouse.down()
    for corner in at[1:]:
        page.mouse.move(*corner, steps=8)
    inside = page.evaluate(
        f"(() => {{ const s = {STAGE}; let n = 0; const a = s.screen.all(), w = s.width, h = s.height;"
        " for (let i = 0; i < a.length; i += 3) n += a[i] > .02 * w && a[i] < .55 * w && a[i + 1] > .05 * h && a[i + 1] < .95 * h;"
        " return n; })()"
    )
    view = page.evaluate(f"{STAGE}.state().view")
    page.mouse.up()
    assert 0 < inside < 178
    page.get_by_text(f"{inside} of 178 rows: encircled on the map.").wait_for(timeout=60_000)
    assert page.evaluate(f"{STAGE}.state().view") == view  # the map did not move under the hand
    page.get_by_role("button", name="Only these").click()
    page.get_by_role("button", name=f"only {inside} rows on the map").wait_for(timeout=60_000)
    page.wait_for_function(f"{STAGE}?.film.items.length === {inside}", timeout=120_000)
    page.get_by_placeholder("name it, to keep it").fill("<b>left</b>")
    page.get_by_placeholder("name it, to keep it").press("Enter")
    page.get_by_role("button", name=f"<b>left</b> · {inside}").wait_for(timeout=60_000)
    assert "left" not in page.url and page.evaluate("window.__x") is None
    silent(page)
