"""Pictures in a real browser: thumbnails move before anyone uploads, an upload flies in, a click chooses."""

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.looking import OWN_BOX, STAGE, drawn, place, settle, silent

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(serve: Callable[[str], str], playwright: Any) -> str:
    return serve("app.py")


@pytest.fixture(scope="module")
def mirrored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the sample cat, mirrored, as a JPEG whose name is markup."""
    from PIL import Image

    from embeddings_core.pictures.samples import sample_photographs

    cat = next(file for file in sample_photographs() if file.name == "cat")
    path = tmp_path_factory.mktemp("pictures") / "<img src=x onerror=window.__x=1>.jpg"
    Image.open(io.BytesIO(cat.content)).transpose(Image.Transpose.FLIP_LEFT_RIGHT).convert("RGB").save(path)
    return path


def test_thumbnails_move_an_upload_flies_in_and_a_click_chooses(
    open_page: Callable[..., Any], address: str, mirrored: Path
) -> None:
    page = open_page(f"{address}/images?images-set=photographs")
    page.wait_for_function(f"{STAGE}?.state().p > 0.5", timeout=90_000)
    assert page.locator(".stage-kind").text_content() == "recorded"
    page.wait_for_function(f"{STAGE}.atlas.ready.every(Boolean)", timeout=90_000)
    top = page.locator(".stage").bounding_box()
    assert top["y"] + top["height"] <= 800  # the whole stage is on the first screen
    settle(page)
    before = drawn(page)
    page.locator(OWN_BOX).first.set_input_files(os.fspath(mirrored))
    page.wait_for_function(f"{STAGE}.film.items.length === {len(before) + 1}", timeout=90_000)
    settle(page)
    after = drawn(page)
    assert {item: after[item] for item in before} == before
    assert page.evaluate(f"{STAGE}.state().selected") == len(before)
    assert page.locator("button.choose").first.text_content().startswith("1 cat")
    assert page.evaluate("window.__x") is None
    row = page.evaluate(f"{STAGE}.film.items.indexOf('rocket launch')")
    page.mouse.click(*place(page, row))
    page.wait_for_function(f"{STAGE}.state().selected === {row}", timeout=90_000)
    page.get_by_text("Falcon 9, SpaceX").wait_for(timeout=90_000)
    silent(page)


def test_a_folder_and_the_camera(open_page: Callable[..., Any], address: str, mirrored: Path) -> None:
    page = open_page(
        f"{address}/images?images-set=only+mine&method=PCA", permissions=("camera",), reduced_motion="reduce"
    )
    page.get_by_text("There are no pictures yet").wait_for(timeout=90_000)
    page.get_by_role("button", name="Pictures").click()
    page.locator("input[type=file][webkitdirectory]").set_input_files(os.fspath(mirrored.parent))
    page.wait_for_function(f"{STAGE}?.film.items.length === 1", timeout=90_000)
    page.get_by_role("button", name="Take Photo").wait_for(
        state="hidden", timeout=90_000
    )  # nothing hides the stage
    page.get_by_role("button", name="Pictures").click()
    shutter = page.get_by_role("button", name="Take Photo")
    shutter.wait_for(timeout=90_000)
    page.wait_for_function(
        "document.querySelector('video')?.readyState >= 2", timeout=90_000
    )  # it sees something
    page.wait_for_function(  # the panel has found its place: whole, without scrolling
        "[...document.querySelectorAll('button')].find(b => b.textContent.includes('Take Photo'))"
        "?.getBoundingClientRect().bottom <= 800",
        timeout=90_000,
    )
    for _ in range(5):  # Streamlit's shutter does nothing before the camera has given its first picture
        if shutter.is_visible():
            shutter.click()
        page.wait_for_timeout(2500)
        if page.evaluate(f"{STAGE}.film.items.length") == 2:
            break
    page.wait_for_function(f"{STAGE}.film.items.length === 2", timeout=90_000)
    assert page.evaluate(f"{STAGE}.film.items[1]") == "camera.jpg"
    assert page.evaluate("window.__x") is None and page.problems == []


def test_the_probed_picture_is_seen_as_it_is_changed(open_page: Callable[..., Any], address: str) -> None:
    page = open_page(
        f"{address}/images?images-set=photographs&look=Probe&change=cover&picture=cat",
        reduced_motion="reduce",
    )
    page.wait_for_function(f"{STAGE}?.film.changing.size === 1 && {STAGE}.film.last === 6", timeout=90_000)
    page.wait_for_function(f"{STAGE}.atlas.ready.every(Boolean)", timeout=90_000)
    settle(page)
    row, steps = page.evaluate(f"[...{STAGE}.film.changing][0]")
    assert len(set(steps)) == 7 and all(step.startswith("data:image/") for step in steps)
    apart = f"""(p) => {{ const s = {STAGE}; s.player.seek(p); s.draw(performance.now(), 0);
        const [x, y, depth] = s.screen.at({row}), r = s.screen.radius({row}, depth) * s.ratio * 0.4;
        const layer = s.area.querySelector(".stage-over").getContext("2d");
        const {{ data }} = layer.getImageData(x * s.ratio - r, y * s.ratio - r, 2 * r, 2 * r);
        return Math.max(...data.filter((_, i) => i % 4 < 3).map((value) => Math.abs(value - 127))); }}"""
    open_, covered = page.evaluate(apart, 0), page.evaluate(apart, 6)
    assert open_ > 40 and covered < 8, (open_, covered)  # at the end a grey patch lies on the middle
    silent(page)
