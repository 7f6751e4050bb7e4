"""The learning page in a real browser: a recorded run plays at once, a real one follows the button."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import still
from tests.browser.looking import STAGE, silent

pytestmark = pytest.mark.browser
HOSTILE = (
    "the <img src=x onerror='window.__x=1'> king and <script>window.__x=2</script> queen. the king and queen."
)


def test_words_find_their_places(
    open_page: Callable[..., Any], serve: Callable[[str], str], playwright: Any
) -> None:
    page = open_page(f"{serve('app.py')}/learning")
    page.wait_for_function(f"{STAGE}?.state().p > 1", timeout=90_000)
    assert page.locator(".stage-kind").text_content() == "recorded"
    still(page)
    stage = page.locator(".stage").bounding_box()
    assert stage["y"] + stage["height"] <= 800  # on the first screen, whole
    page.get_by_role("radio", name="One sentence").click()
    page.wait_for_function(f"{STAGE}.film.items.includes('all words of the text')", timeout=90_000)
    page.get_by_role("radio", name="my own text").click()
    page.get_by_label("Your text").fill(HOSTILE)
    page.get_by_label("Your text").press("Control+Enter")
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_role("button", name="Train again").wait_for(timeout=90_000)
    page.get_by_role("radio", name="Neighbours").click()
    page.wait_for_function(f"{STAGE}.film.items.includes('script')", timeout=90_000)
    page.get_by_role("link", name="Ask this space").click()
    page.get_by_text("one vector a word").first.wait_for(timeout=90_000)
    page.wait_for_function(f"{STAGE}?.film?.items.includes('script')", timeout=90_000)
    silent(page)
