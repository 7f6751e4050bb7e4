"""Back undoes the last step and Forward redoes it, with the visitor's own words, on every page and between pages."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image

from tests.browser.looking import STAGE, look

pytestmark = pytest.mark.browser
FOODS = ("apple", "pear", "plum", "bread", "wine", "cheese")
SPRINGS = ("The spring broke in the clock.", "A spring of clear water.", "In spring the birds sing.")
TYPED = {
    "words": (", ".join(FOODS), ", ".join(FOODS[:-1])),
    "one_hot": (", ".join(FOODS), ", ".join(FOODS[:-1])),
    "sentences": ("\n".join(SPRINGS), "\n".join(SPRINGS[:-1])),
    "context": ("\n".join(SPRINGS), "\n".join(SPRINGS[:-1])),
    "images_and_text": (
        "a photo of a coin\na sleeping cat\nthe night sky",
        "a photo of a coin\na sleeping cat",
    ),
}
TABLE = "meal,kind\n" + "".join(f"the soup number {n} was cold,kind {n % 2}\n" for n in range(12))


@pytest.fixture(scope="module")
def address(serve: Callable[[str], str], playwright: Any) -> str:
    return serve("app.py")


def rest(page: Any) -> None:
    """Wait until the page has answered."""
    page.wait_for_timeout(400)
    page.wait_for_function(
        "document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'",
        timeout=120_000,
    )
    page.wait_for_timeout(400)


def holds(page: Any, text: str) -> None:
    """The first text box holds this, and no message says that something is missing."""
    page.wait_for_function(
        "(text) => document.querySelector('textarea')?.value === text", arg=text, timeout=120_000
    )
    rest(page)
    assert page.locator("textarea").first.input_value() == text
    assert "needs at least 1 item" not in page.locator("body").inner_text()


@pytest.mark.parametrize("path", TYPED)
def test_back_and_forward_lose_nothing(path: str, open_page: Callable[..., Any], address: str) -> None:
    page = open_page(f"{address}/{path}", reduced_motion="reduce")
    box = page.locator("textarea").first
    box.wait_for(timeout=120_000)
    rest(page)
    first = box.input_value()
    texts = (first, *TYPED[path])
    for text, press in zip(texts[1:], ("Show", "Control+Enter"), strict=True):
        box.fill(text)
        if press == "Show":  # the box is left by the click: that is one step, not two
            page.get_by_role("button", name=press, exact=True).first.click()
        else:
            box.press(press)
        holds(page, text)
    for text in (texts[1], first):
        page.go_back()
        holds(page, text)
    for text in texts[1:]:
        page.go_forward()
        holds(page, text)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Learning", exact=True).click()
    page.get_by_role("heading", name="Learning").wait_for(timeout=120_000)
    rest(page)
    page.go_back()
    holds(page, texts[2])
    page.go_back()
    holds(page, texts[1])
    page.go_forward()
    page.go_forward()
    page.get_by_role("heading", name="Learning").wait_for(timeout=120_000)


def test_back_undoes_a_click_on_the_map_and_a_lens(open_page: Callable[..., Any], address: str) -> None:
    page = open_page(f"{address}/words?words={','.join(FOODS)}&method=PCA", reduced_motion="reduce")
    page.locator("textarea").first.wait_for(timeout=120_000)
    rest(page)
    page.get_by_title("Show cheese and its neighbours on the map").first.click()
    page.wait_for_function("location.search.includes('word=cheese')", timeout=30_000)
    rest(page)
    look(page, "Trust")
    page.wait_for_function("location.search.includes('lens=Trust')", timeout=30_000)
    rest(page)
    page.go_back()
    page.wait_for_function("!location.search.includes('lens=Trust')", timeout=30_000)
    rest(page)
    assert page.get_by_role("radio", name="Neighbours").is_checked() and "word=cheese" in page.url
    page.go_back()
    page.wait_for_function("!location.search.includes('word=cheese')", timeout=30_000)
    rest(page)
    assert page.locator("textarea").first.input_value().startswith("apple")


def test_back_and_forward_keep_an_own_table_and_what_was_asked_of_it(
    open_page: Callable[..., Any], address: str
) -> None:
    page = open_page("about:blank", reduced_motion="reduce").context.new_page()  # a history holds 50 entries
    page.goto(f"{address}/data?method=PCA")
    count = page.get_by_text("All 300 rows").first
    count.wait_for(timeout=120_000)
    rest(page)
    entries = page.evaluate("history.length")
    file = {"name": "meals.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    with page.expect_file_chooser() as chooser:
        page.locator("[data-testid=stFileUploaderDropzone]:visible button").first.click()
    chooser.value.set_files(file)
    own = page.get_by_text("All 12 rows of meals.csv").first
    own.wait_for(timeout=120_000)
    rest(page)
    assert page.evaluate("history.length") == entries + 1
    page.get_by_role("radio", name="Health").click()
    page.wait_for_function("location.search.includes('Health')", timeout=60_000)
    rest(page)
    page.go_back()
    own.wait_for(timeout=60_000)
    assert "Health" not in page.url
    page.go_back()
    count.wait_for(timeout=60_000)
    page.go_forward()
    own.wait_for(timeout=60_000)
    page.go_forward()
    page.wait_for_function("location.search.includes('Health')", timeout=60_000)
    rest(page)
    assert page.get_by_role("radio", name="Health").is_checked()
    page.close()


def drawings(*shades: int) -> list[dict[str, Any]]:
    found = []
    for shade in shades:
        out = io.BytesIO()
        Image.new("RGB", (60, 60), (shade, 255 - shade, 90)).save(out, "PNG")
        found.append({"name": f"shade {shade}.png", "mimeType": "image/png", "buffer": out.getvalue()})
    return found


def test_back_undoes_a_text_of_ones_own_to_learn_from(open_page: Callable[..., Any], address: str) -> None:
    page = open_page("about:blank", reduced_motion="reduce").context.new_page()
    page.goto(f"{address}/learning?text=my+own+text")
    page.locator("textarea").first.wait_for(timeout=120_000)
    rest(page)
    one = "The miller grinds the corn. The baker bakes the bread. " * 40
    for text in (one, one * 2):
        page.locator("textarea").first.fill(text)
        page.locator("textarea").first.press("Control+Enter")
        page.wait_for_function("location.search.includes('mytext=')", timeout=30_000)
        rest(page)
    for text in (one, ""):
        page.go_back()
        holds(page, text)
    for text in (one, one * 2):
        page.go_forward()
        holds(page, text)
    assert page.evaluate("location.href.length") < 200  # the text itself is not in the address
    page.close()


@pytest.mark.parametrize("path", ["images", "images_and_text"])
def test_back_undoes_each_upload_of_pictures_and_forward_redoes_it(
    path: str, open_page: Callable[..., Any], address: str
) -> None:
    page = open_page("about:blank", reduced_motion="reduce").context.new_page()
    page.context.clear_cookies(name="embeddings_visit")  # own pictures are found again by it
    page.goto(f"{address}/{path}?method=PCA")
    page.locator(".stage canvas").first.wait_for(timeout=120_000)
    rest(page)

    def own(*shades: int) -> None:
        """These own pictures are on the map, and no others."""
        page.wait_for_function(
            f"(names) => {STAGE}?.film.items.filter((item) => item.startsWith('shade ')).join() === names",
            arg=",".join(f"shade {shade}.png" for shade in shades),
            timeout=120_000,
        )
        rest(page)

    first, both = (10, 60, 110, 160), (10, 60, 110, 160, 200, 240)
    for files, shown in ((drawings(*first), first), (drawings(*both[4:]), both)):
        page.locator("[class*=st-key-uploads-] [data-testid=stPopover] button").first.click()
        with page.expect_file_chooser() as chooser:
            page.locator("[data-testid=stFileUploaderDropzone]:visible button").first.click()
        chooser.value.set_files(files)
        own(*shown)
    page.go_back()
    own(*first)
    page.go_back()
    own()
    assert "somebody's own" not in page.locator("body").inner_text()
    page.go_forward()
    own(*first)
    page.go_forward()
    own(*both)
    page.close()


@pytest.mark.parametrize("path", ["", "words", "sentences", "data", "images"])
def test_a_page_that_opens_is_one_entry_of_the_history(
    path: str, open_page: Callable[..., Any], address: str
) -> None:
    page = open_page("about:blank").context.new_page()
    page.goto(f"{address}/{path}")
    page.locator(".stage canvas").first.wait_for(timeout=120_000)
    rest(page)
    assert page.evaluate("history.length") == 2  # the empty one of a new window, and this
    page.close()
