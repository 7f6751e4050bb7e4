"""The pages in a real browser: alive before anyone types, steady while they do, silent towards the network."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PIL import Image

from tests.browser.conftest import COARSE, still, watched
from tests.browser.looking import STAGE, drawn, look, place, rested, settle, silent

pytestmark = pytest.mark.browser
EIGHT = "king, queen, man, woman, cat, dog, car, truck"
HOSTILE = '<img src=x onerror="window.__x=1">, cat, dog, king, queen, <script>window.__x=2</script>'


@pytest.fixture(scope="module")
def address(serve: Callable[[str], str], playwright: Any) -> str:
    return serve("app.py")


@pytest.fixture(scope="module")
def words_page(browser: Any, address: str) -> Iterator[Any]:
    """One page of words, without travel, for tests that ask nothing special of it: to load one takes longer than they."""
    page = browser.new_page(viewport={"width": 1280, "height": 800}, reduced_motion="reduce", **COARSE)
    watched(page)
    page.goto(f"{address}/words?method=PCA")
    page.wait_for_function(f"{STAGE}?.drawn > 0", timeout=90_000)
    yield page
    page.close()


def typed(page: Any, words: str, items: int) -> None:
    page.get_by_label("Your words").fill(words)
    page.get_by_label("Your words").press("Control+Enter")
    page.wait_for_function(f"{STAGE}.film.n === {items}", timeout=90_000)
    settle(page)


def one_more(page: Any, word: str) -> None:
    page.get_by_role("button", name="Examples").click()
    box = page.get_by_label("One more word")
    box.fill(word)
    box.press("Enter")


def test_home_moves_before_anybody_types(open_page: Callable[..., Any], address: str) -> None:
    page = open_page(address)
    page.wait_for_function(f"{STAGE}?.state().p > 1", timeout=90_000)
    assert page.locator(".stage-kind").text_content() == "recorded"
    assert page.get_by_text("379 more").count() == 3
    still(page)
    settle(page)
    word, *spot = (
        page.evaluate(  # a click on a word that is named asks for its neighbours, and Back undoes it
            f"(() => {{ const s = {STAGE}, [row, b] = s.labels.boxes[0], a = s.area.getBoundingClientRect();"
            " return [s.film.items[row], a.left + (b[0] + b[2]) / 2, a.top + (b[1] + b[3]) / 2]; })()"
        )
    )
    page.mouse.click(*spot)
    page.wait_for_url(f"**ask={word}**", timeout=30_000)
    page.get_by_role("heading", name=f"Nearest to {word}").wait_for(timeout=30_000)
    page.wait_for_function(f"{STAGE}.film.items[{STAGE}.selected] === '{word}'", timeout=30_000)
    page.go_back()
    page.wait_for_function("!location.search.includes('ask=')", timeout=30_000)
    page.get_by_role("heading", name=f"Nearest to {word}").wait_for(state="detached", timeout=30_000)
    rested(page)
    page.get_by_role("link", name="Words").first.click()
    page.wait_for_url(re.compile(r"/words(\?|$)"))  # its address names what it shows
    silent(page)


def test_a_typed_word_enters_while_the_others_stay(words_page: Any) -> None:
    page = words_page
    typed(page, EIGHT, 8)
    before = drawn(page)
    one_more(page, "lion")
    page.wait_for_function(f"{STAGE}.film.items.includes('lion')", timeout=90_000)
    settle(page)
    after = drawn(page)
    assert {item: after[item] for item in before} == before
    assert page.evaluate(f"{STAGE}.state().selected") == 8
    assert "lion" in page.url
    page.get_by_role("button", name="Options").click()
    page.get_by_role("button", name="Take this word off the map").wait_for(timeout=90_000)
    page.get_by_role("button", name="Take this word off the map").click()
    page.wait_for_function(f"!{STAGE}.film.items.includes('lion')", timeout=90_000)
    settle(page)
    assert drawn(page) == before
    silent(page)


def test_looking_through_another_lens_keeps_the_camera(words_page: Any) -> None:
    typed(words_page, EIGHT, 8)
    words_page.evaluate("document.querySelector('.stage').dataset.mine = 'yes'")
    look(words_page, "Trust")
    words_page.get_by_text("Missing neighbours (dashed)").wait_for(timeout=90_000)
    assert words_page.evaluate("document.querySelector('.stage').dataset.mine") == "yes"
    silent(words_page)


def test_a_click_on_the_map_chooses_the_word(words_page: Any) -> None:
    typed(words_page, EIGHT, 8)
    words_page.get_by_role("radio", name="Neighbours").click()
    words_page.get_by_role("button", name="Settings").click()
    words_page.get_by_role("radio", name="3-D").click()
    words_page.wait_for_function(f"{STAGE}.film.dimensions === 3", timeout=90_000)
    words_page.keyboard.press("Escape")  # the menu lies on a part of the map
    rested(words_page)
    settle(words_page)
    words_page.mouse.click(*place(words_page, 5))
    words_page.wait_for_function(f"{STAGE}.state().selected === 5", timeout=90_000)
    words_page.wait_for_url("**word=dog**", timeout=90_000)
    silent(words_page)


def test_what_is_typed_never_runs(words_page: Any) -> None:
    typed(words_page, HOSTILE, 6)
    for lens in ("Similarity", "Clusters", "Trust", "Neighbours"):
        look(words_page, lens)
        words_page.wait_for_timeout(1000)
    settle(words_page)
    silent(words_page)


def test_two_visitors_press_umap_together(open_page: Callable[..., Any], address: str) -> None:
    words = ["king,queen,man,woman,cat,dog,car,truck,ship", "red,green,blue,one,two,three,four,cat,dog,car"]
    pages = [open_page(f"{address}/words?words={text}", reduced_motion="reduce") for text in words]
    for page in pages:
        page.wait_for_function(f"{STAGE}?.film?.last > 0", timeout=120_000)
        assert "went wrong" not in page.content()


def test_the_picture_survives_in_its_url(open_page: Callable[..., Any], words_page: Any) -> None:
    first = words_page
    typed(
        first, "cat, dog, king", 3
    )  # so few are drawn by PCA; the choice stays in the address when they are more
    typed(first, EIGHT, 8)
    one_more(first, "lion")
    first.wait_for_function(f"{STAGE}.film.items.includes('lion')", timeout=90_000)
    settle(first)
    first.wait_for_function("decodeURIComponent(location.search).includes('lion')", timeout=90_000)
    first.wait_for_timeout(500)
    second = open_page(first.url, reduced_motion="reduce")
    second.wait_for_function(f"{STAGE}?.drawn > 0 && {STAGE}.film.n === 9", timeout=90_000)
    settle(second)
    assert drawn(second) == drawn(first)


def test_a_film_from_options_to_file(open_page: Callable[..., Any], address: str) -> None:
    """The whole way in a browser: share, choose, make, watch it grow, save; the file is the film."""
    page = open_page(f"{address}/one_hot", reduced_motion="reduce")
    page.get_by_role("button", name="Share").click(timeout=90_000)
    page.get_by_role("combobox", name="File").click(timeout=90_000)
    page.get_by_role("option", name="Film (GIF)").click()
    page.get_by_text("frames, 17 a second").wait_for(timeout=90_000)
    for _ in range(6):
        page.get_by_role("slider", name="Seconds").press("ArrowLeft")
    page.get_by_role("button", name="Make the film").click()
    with page.expect_download(timeout=180_000) as download:
        page.get_by_role("button", name="Save the film").click(timeout=180_000)
    with Image.open(download.value.path()) as film:
        assert film.format == "GIF" and film.size == (1280, 720) and film.n_frames > 15
    assert download.value.suggested_filename.endswith(".gif") and not page.problems
