"""The picture first: what the first screen holds, measured in the page, on a laptop and on a phone."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.looking import STAGE

pytestmark = pytest.mark.browser
TOP, SHARE = 130, 0.60  # pixels; of the window right of the sidebar
TABS = 12  # from what is typed to the answer
CONTROLS = 18  # each button counts, also those of one choice
PAGES = (
    "",
    "words",
    "sentences",
    "images",
    "images_and_text",
    "context",
    "one_hot",
    "learning",
    "data",
    "present",
    "words?lens=Similarity",
    "one_hot?onehot=Distances",
    "images_and_text?match=Retrieval+matrix",
    "words?words=violin,cello,flute,trumpet,Oslo,Lima,Cairo,Hanoi,anger,joy,pride,envy",
)
# a menu is one control with its arrow; the legend's entries and the answer's rows belong to what is shown, as points do
MEASURE = """() => {
  const main = document.querySelector("[data-testid=stMain]"), stage = main.querySelector(".talk, .stage");
  const sidebar = document.querySelector("[data-testid=stSidebar]")?.getBoundingClientRect();
  const left = Math.max(0, sidebar?.right ?? 0), box = stage.getBoundingClientRect();
  const seen = (node) => {
    const at = node.getBoundingClientRect(), x = at.left + at.width / 2, y = at.top + at.height / 2;
    if (at.width < 3 || at.height < 3 || x < 0 || y < 0 || x > innerWidth || y > innerHeight) return false;
    return node.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const wholes = "button, a[href], input, textarea, select, summary, [role=slider]";
  const parts = "[data-testid=stSelectbox] button, .stage-legend *, .talk-dots *";
  const controls = [...main.querySelectorAll(wholes)].filter((node) => seen(node) && !node.matches(parts));
  const bar = main.querySelector(".talk-foot, .stage-bar").getBoundingClientRect();
  return {
    left: box.left, top: box.top, bottom: box.bottom, width: box.width, bar: bar.bottom,
    share: (box.width * (Math.min(box.bottom, innerHeight) - box.top)) / ((innerWidth - left) * innerHeight),
    buttons: controls.map((node) => node.ariaLabel || node.textContent || node.type),
    controls: controls.length,
    across: Math.max(main.scrollWidth - main.clientWidth, document.scrollingElement.scrollWidth - innerWidth),
  };
}"""


@pytest.fixture(scope="module")
def address(serve: Callable[[str], str], playwright: Any) -> str:
    return serve("app.py")


@pytest.mark.parametrize("name", PAGES)
def test_the_picture_comes_first(name: str, open_page: Callable[..., Any], address: str) -> None:
    page = open_page(f"{address}/{name}", reduced_motion="reduce")
    page.wait_for_function(f"{STAGE}?.drawn > 0", timeout=120_000)
    if name == "present":
        page.keyboard.press("Escape")  # the talk fills the window until it is left
    page.wait_for_function("!document.querySelector('[data-testid=stMain] [data-testid=stSkeleton]')")
    found = page.evaluate(MEASURE)
    assert found["top"] <= TOP and found["share"] >= SHARE, found
    assert found["bar"] <= 800 and found["bottom"] <= 800 and found["across"] <= 0, found
    assert found["controls"] <= CONTROLS, found
    if page.locator(".st-key-typed textarea").count():
        page.locator(".st-key-typed textarea").focus()
        for _ in range(TABS):
            page.keyboard.press("Tab")
            if page.evaluate("!!document.activeElement.closest('.st-key-panel-side')"):
                break
        else:
            pytest.fail(f"the answer is not reached in {TABS} tabs")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function(
        "document.querySelector('.talk, .stage').getBoundingClientRect().width >= 380", timeout=20_000
    )
    page.wait_for_timeout(1_000)  # tables and charts take their new width a moment after the window's
    phone = page.evaluate(MEASURE)
    assert phone["across"] <= 0 and phone["left"] >= 0 and phone["left"] + phone["width"] <= 390, phone
    assert phone["bar"] <= 844, phone
