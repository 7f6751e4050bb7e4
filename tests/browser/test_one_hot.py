"""The one-hot page in a real browser: the ring opens into the map, nothing typed runs, nobody outside is asked."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import still
from tests.browser.looking import STAGE, silent

pytestmark = pytest.mark.browser
HOSTILE = '<img src=x onerror="window.__x=1">, cat, dog, king, <script>window.__x=2</script>'


def test_the_ring_opens_into_the_map(
    open_page: Callable[..., Any], serve: Callable[[str], str], playwright: Any
) -> None:
    page = open_page(f"{serve('app.py')}/one_hot")
    page.wait_for_function(f"{STAGE}?.state().p > 0.3", timeout=90_000)
    assert page.locator(".stage-kind").text_content() == "morph"
    stage = page.locator(".stage").bounding_box()
    assert stage["y"] + stage["height"] <= 800  # on the first screen, whole
    page.get_by_role("radio", name="Fewer dimensions").click()
    page.wait_for_function(f"{STAGE}?.film.last === 9 && {STAGE}.state().p > 1", timeout=90_000)
    assert page.locator(".stage-kind").text_content() == "recorded"
    page.get_by_role("radio", name="Fewer bits").click()
    page.wait_for_function(
        f"{STAGE}?.state().id.includes('compression') && {STAGE}.state().p > 1", timeout=90_000
    )
    still(page)
    page.get_by_label("Your words").fill(HOSTILE)
    page.get_by_label("Your words").press("Control+Enter")
    page.wait_for_function(f"{STAGE}.film.n === 5", timeout=90_000)
    for lens in ("Distances", "Memory", "Vectors"):
        page.get_by_role("radio", name=lens).click()
        page.wait_for_timeout(700)
    silent(page)
