"""What the eye asks of every page's picture, measured in Chromium from the stage's own geometry, one visit a page.

The view fits the points at rest and through the film; no label lies on another or leaves the stage; what has room for its label
has it; nothing stands under the key to the colours; pictures are seen; and axe finds nothing serious in either theme.
The picture comes first: what the first screen holds is measured in the same visits, on a laptop and on a phone.
"""

import io
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest

from embeddings_core.pictures.samples import sample_photographs
from tests.browser.conftest import Tabs
from tests.browser.looking import OWN_BOX, STAGE, rested

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent
MEASURES = (HERE / "stage_measures.js").read_text("utf-8").split("\n", 1)[1]
AXE = HERE.parents[1] / "node_modules" / "axe-core" / "axe.min.js"
TOP, SHARE = 130, 0.60  # pixels; of the window right of the sidebar
TABS = 12  # from what is typed to the answer
SIZES = ((1280, 800), (1920, 1080), (390, 844))
CONTROLS = 18  # each button counts, also those of one choice
OWN = {
    "twelve words": "sushi, pizza, bread, rain, snow, sun, guitar, drum, piano, doctor, nurse, hospital",
    "names and things": "anna, berlin, tokyo, maria, google, river, happy, silver, chess, butter, engine, planet, lawyer, tennis, "
    "novel, castle, ocean, tiger",
    "writing systems": "bank, money, river, 銀行, 川, お金, مصرف, نهر, 🙂, 🚀 rocket",
}
SENTENCES = """The printer on the second floor is out of paper again.
Please send the invoice before Friday.
The coffee machine needs to be cleaned every week.
Our new colleague starts on the first of March and will sit next to the window in the large room.
The meeting was moved to Thursday afternoon.
Can somebody water the plants while I am away?
The lift is being repaired and will be back tomorrow.
Lunch is at noon in the garden if it does not rain."""
CROWD = (
    "router, switch, firewall, laptop, tablet, phone, keyboard, mouse, printer, scanner, server, cloud, database, python, "
    "java, browser, email, spam, password, backup, virus, patch, update, bug, test, deploy, branch, merge, code, review, "
    "design, user, screen, font, colour, icon, menu, button, link, page, run, walk, jump, swim, eat, drink, cook, bake, "
    "read, write, draw, paint, sing, dance, sleep, dream, buy, sell, pay, lend, pan, pot, knife, fork, spoon, oven, stove, "
    "fridge, plate, bowl, cup, kettle, France, Germany, Italy, Spain, Japan, China, India, Brazil, Peru, Chile, Kenya, "
    "Egypt, Ghana, Canada, Mexico, Cuba, Norway, Sweden, Finland, Poland, Iran, Iraq, Turkey, Greece"
)  # 96 words, more than there is room for
PAGES = {
    "home": "",
    "words": "words",
    "clusters": "words?lens=Clusters",
    "words in 3-D": "words?space=3-D",
    "sentences": "sentences",
    "context": "context",
    "images": "images",
    "images and text": "images_and_text",
    "learning": "learning",
    "one-hot": "one_hot",
    "present": "present",
    **{name: f"words?words={quote_plus(words)}" for name, words in OWN.items()},
    "twelve things": "words?words=violin,cello,flute,trumpet,Oslo,Lima,Cairo,Hanoi,anger,joy,pride,envy",
    "a crowd": f"words?words={quote_plus(CROWD)}",
    "data": "data",
    "similarity": "words?lens=Similarity",
    **{
        lens: f"words?lens={quote_plus(lens)}&words={quote_plus(OWN['writing systems'])}"
        for lens in ("Analogy", "Concept axis", "Models")
    },
    "distances": "one_hot?onehot=Distances",
    "retrieval": "images_and_text?match=Retrieval+matrix",
    "probe": "images?look=Probe",
    "attention": "context?view=Attention",
    "own sentences": f"sentences?sentences={quote_plus(SENTENCES)}",
}
FIRST_SCREEN = (
    "data",
    "similarity",
    "distances",
    "retrieval",
    "probe",
    "attention",
    "twelve things",
    "Analogy",
    "Concept axis",
    "Models",
)
EYE = tuple(name for name in PAGES if name not in FIRST_SCREEN)
FIRST_SCREEN += (
    "home",
    "words",
    "sentences",
    "images",
    "images and text",
    "context",
    "one-hot",
    "learning",
    "present",
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
    instructions: [...main.querySelectorAll("[data-testid=InputInstructions]")].filter(seen).length, // "Press Ctrl+Enter to apply"
    across: Math.max(main.scrollWidth - main.clientWidth, document.scrollingElement.scrollWidth - innerWidth),
  };
}"""
PHONE = """() => {
  const main = document.querySelector("[data-testid=stMain]"), stage = main.querySelector(".stage");
  const bars = ".stage-bar button, .st-key-menus button, .st-key-examples-menu button, .st-key-lenses button, .st-key-typed button";
  const boxes = [...main.querySelectorAll(bars)].filter((node) => node.checkVisibility({ visibilityProperty: true }))
    .map((node) => [node.ariaLabel || node.textContent, node.getBoundingClientRect(), node.closest(".st-key-lenses")])
    .filter(([, box]) => box.width > 2 && box.left < 390 && box.top < 844);
  const meet = (a, b) => a.left < b.right - 1 && a.right > b.left + 1 && a.top < b.bottom - 1 && a.bottom > b.top + 1;
  const area = stage.querySelector(".stage-area").getBoundingClientRect();
  const legend = stage.querySelector(".stage-legend").getBoundingClientRect();
  return {
    bars: boxes.length,
    small: boxes.filter(([, box]) => Math.min(box.width, box.height) < 40).map(([name]) => name),
    // the lens in force stays in sight while the row is swiped: it lies over the others, and they are not printed over it
    over: boxes.flatMap(([name, box, row], i) => boxes.slice(0, i).filter(([, other, its]) => meet(box, other) && !(row && its))
      .map(([other]) => [name, other])).concat(boxes.filter(([, box]) => meet(box, area)).map(([name]) => [name, "map"])),
    below: legend.height ? legend.top - area.bottom + 1 : 0,
  };
}"""
GROUND = """(theme) => {  // the page has taken the theme on
  const [r, g, b] = getComputedStyle(document.querySelector("[data-testid=stApp]")).backgroundColor.match(/[0-9.]+/g).map(Number);
  return (r + g + b < 384) === (theme === "dark");
}"""
READY = (
    f"(() => {{ const s = {STAGE}, v = s?.state();"
    " return v && v.n > 0 && !v.playing && !v.travelling && v.settled > 0 && !s.loop.request; })()"
)


@pytest.fixture(scope="module")
def address(serve: Callable[[str], str], playwright: Any) -> str:
    return serve("app.py")


@pytest.fixture(scope="module")
def visit(request: pytest.FixtureRequest, tabs: Tabs, address: str) -> Iterator[tuple[str, Any]]:
    """One page of the application without motion, opened once for all tests that look at it."""
    name = request.param
    page = tabs.open(f"{address}/{PAGES[name]}", reduced_motion="reduce")
    yield name, page
    if folder := os.environ.get("PICTURES"):
        photographed(page, name, Path(folder))
    tabs.give_back(page)


def photographed(page: Any, name: str, folder: Path) -> None:
    """Keep pictures of a page for people to look at: each size in both themes."""
    folder.mkdir(parents=True, exist_ok=True)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            page.wait_for_function(GROUND, arg=theme, timeout=30_000)
            page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
            page.wait_for_timeout(1_200)  # the picture has found its place in the new size
            page.screenshot(path=folder / f"{name.replace(' ', '-')}-{width}x{height}-{theme}.png")


def serious(page: Any) -> list[str]:
    """Return what axe finds that is serious or critical, in light and in dark, where only colours are others."""
    found = []
    for theme, rules in (("light", None), ("dark", ["color-contrast", "link-in-text-block"])):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.wait_for_function(GROUND, arg=theme, timeout=30_000)
        rested(page)  # the server draws the page again in these colours, and what is old is faint until then
        report = page.evaluate(
            # no style sheets are fetched again: the one rule that reads them is about turned phones, and off
            "(only) => axe.run(document, { resultTypes: ['violations'], preload: false, ...(only && { runOnly: only }) })",
            rules,
        )
        found += [
            f"{theme}: {each['id']} {node['html'][:120]}"
            for each in report["violations"] if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]  # fmt: skip
    return found


def first_screen(found: dict[str, Any]) -> None:
    """The whole stage with its player stands high on the first screen, is large, and has few controls round it."""
    assert found["top"] <= TOP and found["share"] >= SHARE, found
    assert found["bar"] <= 800 and found["bottom"] <= 800 and found["across"] <= 0, found
    assert found["controls"] <= CONTROLS and found["instructions"] == 0, found["buttons"]


def pleasant(seen: dict[str, Any]) -> None:
    """The picture fills its stage, what has room has its label, and nothing is covered, at rest and in motion."""
    rest, moments = seen["rest"], seen["moments"]
    assert (
        rest["fill"] >= 0.6 and rest["overlaps"] == rest["outside"] == rest["covered"] == rest["cut"] == 0
    ), rest
    assert rest["onPoints"] == [], rest  # a word gives way to points, unless it is asked about
    assert rest["roomy"] == [] and rest.get("pictures", 1) >= 0.9, rest
    for at, moment in enumerate(moments):
        assert moment["overlaps"] == moment["outside"] == moment["covered"] == moment["cut"] == 0, (
            at,
            moment,
        )
        assert moment["fill"] >= 0.5, (at, moment)
    assert seen["back"] <= 2, seen["back"]  # labels do not flicker


@pytest.mark.parametrize("visit", EYE, indirect=True)
def test_every_picture_is_easy_on_the_eye(visit: tuple[str, Any]) -> None:
    name, page = visit
    page.wait_for_function(READY, timeout=60_000)
    rested(page)  # the map that is meant has come, after the first one by PCA; pictures have parted
    page.wait_for_function(READY, timeout=60_000)
    seen = page.evaluate(MEASURES)
    pleasant(seen)
    if name in ("words", *OWN):
        assert seen["lines"] <= max(seen["n"] // 3, 1) and seen["rest"]["asked"] == seen["n"]
    if name != "present":  # it fills the window until it is left: `test_the_picture_comes_first`
        first_screen(page.evaluate(MEASURE))
    assert page.problems == []
    if not AXE.exists():
        pytest.skip("the rest holds; for axe: npm ci")
    page.evaluate(f"{AXE.read_text('utf-8')}; 0")
    assert serious(page) == []


@pytest.mark.parametrize("visit", FIRST_SCREEN, indirect=True)
def test_the_picture_comes_first(visit: tuple[str, Any]) -> None:
    name, page = visit
    page.wait_for_function(f"{STAGE}?.drawn > 0", timeout=120_000)
    if name == "present":
        page.keyboard.press("Escape")  # the talk fills the window until it is left
    page.wait_for_function("!document.querySelector('[data-testid=stMain] [data-testid=stSkeleton]')")
    if name == "data":
        rested(page)  # what stood there before the map is still to be taken away
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    first_screen(page.evaluate(MEASURE))
    if name in ("distances", "similarity"):  # a chart's own buttons are hidden until somebody points at it
        buttons = "[data-testid=stPlotlyChart] .modebar-btn"
        page.locator(buttons).first.wait_for(state="attached", timeout=60_000)
        seen = (
            "(buttons) => [...document.querySelectorAll(buttons)]"
            ".some((button) => button.checkVisibility({ opacityProperty: true, visibilityProperty: true }))"
        )
        page.mouse.move(3, 3)
        page.wait_for_function(f"(buttons) => !({seen})(buttons)", arg=buttons, timeout=10_000)
        page.locator("[data-testid=stPlotlyChart] .js-plotly-plot").last.hover()
        page.wait_for_function(seen, arg=buttons, timeout=10_000)
        page.mouse.move(3, 3)
    box = page.locator(".st-key-typed textarea, .st-key-home-line input")
    if box.count():
        box.first.focus()
        assert page.evaluate(MEASURE)["instructions"] == 0
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
    if name != "present":  # a talk on a phone: tests/browser/test_present.py
        hand = page.evaluate(PHONE)
        assert phone["left"] == 0 and phone["width"] == 390 and hand["below"] >= 0, (phone, hand)
        assert hand["bars"] >= 3 and hand["small"] == hand["over"] == [], hand
    if name == "Models":  # what is compared stands side by side on a phone, too
        rested(page)
        columns = page.locator("[class*=st-key-abreast-0] [data-testid=stColumn]")
        boxes = [columns.nth(each).bounding_box() for each in range(2)]
        assert boxes[0]["y"] == boxes[1]["y"] and min(box["width"] for box in boxes) > 150, boxes
    if name == "twelve things":
        rested(page)
        page.wait_for_function(READY, timeout=60_000)
        rest = page.evaluate(MEASURES)["rest"]
        assert rest["overlaps"] == rest["outside"] == rest["covered"] == rest["cut"] == 0, rest
        assert rest["fill"] >= 0.6, rest
    if name == "data":  # the other pages are asked in `test_every_picture_is_easy_on_the_eye`
        page.set_viewport_size({"width": 1280, "height": 800})
        rested(page)
        page.wait_for_function(READY, timeout=60_000)
        pleasant(page.evaluate(MEASURES))
        if AXE.exists():
            page.evaluate(f"{AXE.read_text('utf-8')}; 0")
            assert serious(page) == []


def own_pictures(folder: Path) -> list[str]:
    """Write twelve photographs that are no samples: four quarters each of three of them, so that many are alike."""
    from PIL import Image

    files = []
    for file in sample_photographs()[:3]:
        whole = Image.open(io.BytesIO(file.content)).convert("RGB")
        across, tall = whole.width // 2, whole.height // 2
        for quarter in range(4):
            left, top = quarter % 2 * across, quarter // 2 * tall
            path = folder / f"own {len(files)}.jpg"
            whole.crop((left, top, left + across, top + tall)).save(path)
            files.append(str(path))
    return files


def test_twelve_own_pictures_are_seen_and_make_few_groups(
    open_page: Callable[..., Any], address: str, tmp_path: Path
) -> None:
    page = open_page(f"{address}/images?look=Clusters", reduced_motion="reduce")
    page.wait_for_function(READY, timeout=60_000)
    page.locator(OWN_BOX).first.set_input_files(own_pictures(tmp_path))
    page.wait_for_function(
        f"{STAGE}.film.items.filter((item) => item.startsWith('own')).length === 12", timeout=60_000
    )
    page.wait_for_function(f"{STAGE}.film.groupNames.length > 1", timeout=60_000)
    rested(page)
    page.wait_for_function(READY, timeout=60_000)
    groups = page.evaluate(f"{STAGE}.film.groupNames.length")
    assert 2 <= groups <= 4
    first_screen(page.evaluate(MEASURE))
    page.get_by_text("Neighbours", exact=True).first.click()
    page.wait_for_function(f"!{STAGE}.film.items.some((item) => item.startsWith('centre'))", timeout=60_000)
    rested(page)
    page.wait_for_function(READY, timeout=60_000)
    first_screen(page.evaluate(MEASURE))
    rest = page.evaluate(MEASURES)["rest"]
    assert rest["pictures"] >= 0.9 and rest["fill"] >= 0.6 and rest["covered"] == rest["cut"] == 0, rest
    page.get_by_role("button", name="Forget them").click()  # the browser keeps them for others' visits too
    page.wait_for_function(f"!{STAGE}.film.items.some((item) => item.startsWith('own'))", timeout=60_000)


def test_sixteen_groups_are_named_on_the_map_and_in_letters_for_a_hall(
    open_page: Callable[..., Any], address: str
) -> None:
    page = open_page(address, width=1920, height=1080, reduced_motion="reduce")
    page.wait_for_function(READY, timeout=60_000)
    full = page.evaluate(
        f"(s => {{ s.root.style.cssText = 'position:fixed;inset:0;z-index:9;height:100vh'; s.resize();"
        " s.labels.next = 0; s.draw(performance.now(), 1);"
        " return { letters: s.textSize, names: s.labels.painted.filter(([id]) => id < 0).length,"
        " colours: new Set(s.theme.colours.map(String)).size,"
        " key: parseFloat(getComputedStyle(s.legend.element).fontSize) }; })"
        f"({STAGE})"
    )
    assert full["letters"] >= 24 and full["key"] >= 23 and full["colours"] == 16
    assert full["names"] >= 12
    button = page.locator(".stage-legend button").first
    button.focus()
    page.keyboard.press("Enter")  # reached and pressed by keys alone
    assert button.get_attribute("aria-pressed") == "true"
    assert page.locator("[role=img] button").count() == 0
