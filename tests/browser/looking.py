"""What browser tests look at: the stage of a page, its state at rest, and whom the page asked."""

import io
from contextlib import suppress
from typing import Any

from PIL import Image

STAGE = "document.querySelector('.stage')?.__stage"
OWN_BOX = "input[type=file]:not(.st-key-dropped *)"  # boxes for files that people see
HERE = ("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:http://127.0.0.1")


def state(page: Any) -> dict[str, Any]:
    """Return what the stage says of itself."""
    return page.evaluate(f"{STAGE}.state()")


def settle(page: Any) -> dict[str, Any]:
    """Wait until the film and every journey have ended and Plotly holds the picture; return the state."""
    page.wait_for_function(
        f"(() => {{ const s = {STAGE}, v = s?.state();"
        " return v && !v.playing && !v.travelling && v.settled > 0 && !s.loop.settleAt && !s.loop.request; })()",
        timeout=90_000,
    )
    return state(page)


def drawn(page: Any) -> dict[str, list[float]]:
    """Return item → coordinates as Plotly holds them."""
    return page.evaluate(
        f"(() => {{ const s = {STAGE}, t = s.plotElement.data[0];"
        " return Object.fromEntries(s.film.items.map((item, i) => [item, [t.x[i], t.y[i]]])); })()"
    )


def place(page: Any, row: int) -> list[float]:
    """Return the pixel of a row in the page."""
    return page.evaluate(
        f"(() => {{ const s = {STAGE}, b = s.area.getBoundingClientRect(), p = s.screen.at({row});"
        " return [b.left + p[0], b.top + p[1]]; })()"
    )


def silent(page: Any) -> None:
    """Nobody outside was asked, no script failed, and nothing typed was run (hostile words would set window.__x)."""
    assert page.asked and [url for url in page.asked if not url.startswith(HERE)] == []
    assert page.problems == [] and page.evaluate("window.__x") is None


def photograph(page: Any) -> Image.Image:
    """Return what a page looks like; where the processor is busy, Chromium refuses until a new document has been drawn."""
    from playwright.sync_api import Error

    for _ in range(20):
        with suppress(Error):
            return Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        page.wait_for_timeout(250)
    return Image.open(io.BytesIO(page.screenshot())).convert("RGB")


def look(page: Any, lens: str) -> None:
    """Choose a lens, by its button or in the menu of the others."""
    button = page.get_by_role("radio", name=lens, exact=True)
    page.get_by_role("radiogroup", name="Look at").first.wait_for(timeout=90_000)
    if button.is_visible():
        button.click()
        return
    page.locator(".st-key-more-lenses button").click()
    page.get_by_role("menuitem", name=lens, exact=True).click()


def rested(page: Any) -> None:
    """Wait until the server has drawn the page: what is measured is the picture that stays."""
    page.wait_for_timeout(1_000)
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'"
        " && !document.querySelector('[class*=st-key-awaited-]')",
        timeout=90_000,
    )
