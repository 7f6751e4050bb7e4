"""Images and text in a real browser: pictures and captions on one stage, a search from the map, the gap's film."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.looking import STAGE, place, settle, silent

pytestmark = pytest.mark.browser
HOSTILE = '<img src=x onerror="window.__x=1"> & $\\href{javascript:window.__x=2}{x}$'


@pytest.fixture(scope="module")
def address(serve: Callable[[str], str], playwright: Any) -> str:
    return serve("app.py") + "/images_and_text"


def opened(open_page: Callable[..., Any], address: str, **options: Any) -> Any:
    page = open_page(address, **options)
    page.wait_for_function(f"{STAGE}?.drawn > 0", timeout=90_000)
    return page


def test_a_click_on_a_picture_asks_for_its_words(open_page: Callable[..., Any], address: str) -> None:
    page = opened(
        open_page,
        f"{address}?method=PCA&captions=a cat%0Aa rocket%0Aa cup of coffee",
        reduced_motion="reduce",
    )
    settle(page)
    film = page.evaluate(
        f"(() => {{ const f = {STAGE}.film; return [f.items, f.images.map((i) => i.slice(0, 15))]; }})()"
    )
    items, images = film
    assert (
        images.count("") == 3
        and images[0] == "data:image/webp"
        and items[-3:] == ["a cat", "a rocket", "a cup of coffee"]
    )
    assert (
        page.evaluate(f"{STAGE}.atlas.ready.reduce((a, b) => a + b, 0)") == len(items) - 3
    )  # every thumbnail is drawn
    assert page.locator(".choose.pictured img").count() == 7
    row = items.index("rocket launch")
    page.mouse.click(*place(page, row))
    page.get_by_text("Of its 1,000 things the network sees here").wait_for(timeout=90_000)
    page.wait_for_function(f"{STAGE}.state().selected === {row}", timeout=90_000)
    assert page.locator(".choose .label").first.text_content() == "a rocket"
    silent(page)


def test_the_gap_closes_as_a_film_and_what_is_typed_never_runs(
    open_page: Callable[..., Any], address: str
) -> None:
    page = opened(open_page, f"{address}?method=PCA")
    page.get_by_role("button", name="Captions", exact=True).click()
    page.get_by_label("One more caption").fill(HOSTILE)
    page.get_by_label("One more caption").press("Enter")
    page.wait_for_function(f"{STAGE}.film.items.some((item) => item.startsWith('<img'))", timeout=90_000)
    for lens, said in (
        ("Retrieval matrix", "the best caption of a picture"),
        ("What is it?", "Template and temperature"),
    ):
        page.get_by_role("radio", name=lens).click()
        page.get_by_text(said).first.wait_for(timeout=90_000)
    page.get_by_role("radio", name="Modality gap").click()
    page.wait_for_function(f"{STAGE}.film.last === 4 && {STAGE}.state().p > 0.3", timeout=90_000)
    assert page.locator(".stage-kind").text_content() == "morph"
    page.wait_for_function(f"{STAGE}.state().p === 4", timeout=90_000)
    assert page.get_by_text("The two centres lie").is_visible()
    silent(page)
