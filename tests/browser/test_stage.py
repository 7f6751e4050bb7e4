"""The stage in a real browser: what it promises to the eye and the hand, and what it refuses."""

import base64
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from embeddings_core.export.html import film_html
from embeddings_core.scenes.scene import Motion, Points, Scene
from tests.browser.conftest import COARSE, NO_GL, launch, watched
from tests.browser.looking import STAGE, place, settle, state

pytestmark = pytest.mark.browser
APP = "tests/browser/stage_app.py"
SMALL = {"width": 1000, "height": 760}


@pytest.fixture(scope="module")
def address(serve: Callable[[str], str], playwright: Any) -> str:
    return serve(APP)


@pytest.fixture(scope="module")
def shared(browser: Any, address: str) -> Iterator[Any]:
    """One page for all tests that want nothing special of the browser: to load one takes longer than most of them."""
    page = browser.new_page(viewport=SMALL, **COARSE)
    watched(page)
    page.goto(f"{address}/?case=0")
    yield page
    page.close()


@pytest.fixture
def stage_page(open_page: Callable[..., Any], address: str, request: Any) -> Callable[..., Any]:
    """Show a scene on a fresh stage: on the shared page, or on a page of its own where `options` are asked for."""

    def opened(query: str, media: dict[str, str] | None = None, **options: Any) -> Any:
        if options:
            page = open_page(f"{address}/?{query}", **options)
        else:
            page = request.getfixturevalue("shared")
            page.emulate_media(**{"reduced_motion": "no-preference", "color_scheme": "light"} | (media or {}))
            page.wait_for_function(f"{STAGE}?.drawn >= 0", timeout=90_000)
            page.evaluate("document.querySelector('.stage').__stage.passed = true")
            page.mouse.move(0, 0)
            page.get_by_label("scene").fill(f"{query}&for={request.node.name}")
            page.get_by_label("scene").press("Enter")
            page.wait_for_function(f"{STAGE} && !{STAGE}.passed", timeout=90_000)
            page.get_by_label("scene").blur()
        page.wait_for_function(f"{STAGE}?.drawn > 0", timeout=90_000)
        return page

    return opened


def toggle(page: Any, name: str) -> None:
    page.get_by_text(name, exact=True).click()


def told(page: Any, pattern: str) -> re.Match[str]:
    page.wait_for_function(
        "p => [...document.querySelectorAll('[data-testid=stText]')].some(e => new RegExp(p).test(e.textContent))",
        arg=pattern,
        timeout=90_000,
    )
    text = " ".join(page.locator("[data-testid=stText]").all_text_contents())
    found = re.search(pattern, text)
    assert found
    return found


def test_a_film_plays_by_itself_and_points_move(stage_page: Callable[..., Any]) -> None:
    page = stage_page("case=digits&seconds=3")
    page.wait_for_function(f"{STAGE}.state().p > 0.3")
    first, then = place(page, 0), state(page)
    assert then["playing"] and then["gpu"]
    page.wait_for_function(f"{STAGE}.state().p > {then['p'] + 1}")
    second = place(page, 0)
    assert math.dist(first, second) > 3
    end = settle(page)
    assert end["p"] == end["last"] == 8
    assert "end" in page.locator(".stage-words").text_content()
    assert page.locator(".stage-kind").text_content() == "recorded"
    assert page.problems == []


@pytest.mark.parametrize("dimensions", [2, 3])
def test_plotly_holds_the_points_where_the_layer_draws_them(
    stage_page: Callable[..., Any], dimensions: int
) -> None:
    page = stage_page(f"case=digits&autoplay=0&n=60&d={dimensions}")
    settle(page)
    far = page.evaluate(
        f"""(() => {{
        const s = {STAGE}, gd = s.plotElement, t = gd.data[0], L = gd._fullLayout; let worst = 0;
        for (let i = 0; i < s.film.n; i++) {{
            const p = s.screen.at(i); let x, y;
            if (s.view.dim === 2) {{ x = L.xaxis._offset + L.xaxis.l2p(t.x[i]); y = L.yaxis._offset + L.yaxis.l2p(t.y[i]); }}
            else {{
                const scene = L.scene._scene, c = scene.glplot.cameraParams, ds = scene.dataScale;
                let v = [t.x[i] * ds[0], t.y[i] * ds[1], t.z[i] * ds[2], 1];
                for (const m of [c.model, c.view, c.projection])
                    v = [0, 1, 2, 3].map(r => m[r] * v[0] + m[4 + r] * v[1] + m[8 + r] * v[2] + m[12 + r] * v[3]);
                x = (v[0] / v[3] + 1) / 2 * s.width; y = (1 - v[1] / v[3]) / 2 * s.height;
            }}
            worst = Math.max(worst, Math.hypot(x - p[0], y - p[1]));
        }}
        return worst; }})()"""
    )
    assert far < 0.5


def drag(page: Any, right: float, down: float) -> None:
    """Take the middle of the map and move it by so many pixels, at once."""
    box = page.locator(".stage-area").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x - 40, y)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=5)
    page.mouse.up()


def test_a_hundred_thousand_points_are_drawn_found_and_encircled(stage_page: Callable[..., Any]) -> None:
    """Each of them has its place, its row and its colour; the browser says at once how many are within a line, and Python which."""
    page = stage_page("case=many&n=100000")
    page.wait_for_function(f"{STAGE}.points.density?.drawn === 100000 && {STAGE}.plot.ready", timeout=90_000)
    before = page.evaluate(f"{STAGE}.film.places.buffer.byteLength")
    assert before == 2 * 100_000 * 4
    found = page.evaluate(
        f"""(() => {{
        const s = {STAGE}, {{ film }} = s, shown = s.points.density.layer.pixels, {{ width, height }} = s.gpuCanvas;
        let missing = 0, off = 0;
        while (s.screen.prepare());
        for (let row = 0; row < film.n; row += 997) {{
            const [x, y] = s.screen.at(row);
            if (!(shown[Math.floor(y / s.height * height) * width + Math.floor(x / s.width * width)] >>> 24)) missing++;
            const [u, v] = s.screen.at(s.screen.pick(x, y));
            off = Math.max(off, Math.hypot(u - x, v - y));
        }}
        return [missing, off]; }})()"""
    )
    assert found == [0, pytest.approx(0, abs=0.05)]
    box = page.locator(".stage-area").bounding_box()
    spot = page.evaluate(f"[...{STAGE}.screen.at(4321)]")
    page.mouse.move(box["x"] + spot[0], box["y"] + spot[1])
    page.mouse.down()
    page.mouse.up()
    row = int(told(page, r"clicked (\d+)")[1])
    at = page.evaluate(f"[...{STAGE}.screen.at({row})]")
    assert math.dist(at[:2], spot[:2]) < 1
    left, top, right, bottom = (
        box["width"] * 0.3,
        box["height"] * 0.3,
        box["width"] * 0.6,
        box["height"] * 0.7,
    )
    inside = page.evaluate(
        f"""([left, top, right, bottom]) => {{ const s = {STAGE}; let count = 0, sum = 0;
        for (let row = 0; row < s.film.n; row++) {{
            const [x, y] = s.screen.at(row); if (x > left && x < right && y > top && y < bottom) {{ count++; sum += row; }} }}
        return [count, sum]; }}""",
        [left, top, right, bottom],
    )
    page.keyboard.down("Shift")
    page.mouse.move(box["x"] + left, box["y"] + top)
    page.mouse.down()
    page.mouse.move(box["x"] + right, box["y"] + bottom, steps=4)
    page.mouse.up()
    page.keyboard.up("Shift")
    said = told(page, r"encircled ([1-9]\d*), the rows sum up to (\d+)")
    assert (
        abs(int(said[1]) - inside[0]) <= 20 and abs(int(said[2]) - inside[1]) <= 20 * 100_000
    )  # on the line itself
    assert "of 100,000 points encircled" in page.locator(".stage-words").text_content()
    page.evaluate(f"{STAGE}.player.seek(0.5)")
    page.wait_for_function(f"{STAGE}.points.density.drawn === 100000 && !{STAGE}.loop.request")
    assert page.evaluate(f"{STAGE}.screen.pick(...{STAGE}.screen.at(77)) !== null")
    assert page.problems == []


@pytest.mark.parametrize("dimensions", [2, 3])
def test_film_and_camera_survive_a_rerun(stage_page: Callable[..., Any], dimensions: int) -> None:
    page = stage_page(f"case=digits&n=120&seconds=60&d={dimensions}")
    page.wait_for_function(f"{STAGE}.plot.ready", timeout=90_000)
    page.wait_for_timeout(600)  # for half a second after it is made, Plotly's cube does not heed a hand
    home = state(page)["view"]
    drag(page, 60, 30)
    page.wait_for_function(f"!{STAGE}.input.busy", timeout=90_000)
    before = state(page)
    assert not np.allclose(before["view"], home, rtol=1e-3)
    page.evaluate("document.querySelector('.stage').marked = true")
    reruns = int(told(page, r"reruns (\d+)")[1])
    page.get_by_role("button", name="rerun").click()
    told(page, rf"reruns {reruns + 1}\b")
    page.wait_for_function(f"{STAGE}.state().p > {before['p']}", timeout=90_000)
    after = state(page)
    assert page.evaluate("document.querySelector('.stage').marked")
    assert after["playing"] and after["p"] > before["p"] > 0
    np.testing.assert_allclose(after["view"], before["view"], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_click_reaches_python_once(stage_page: Callable[..., Any], dimensions: int) -> None:
    page = stage_page(f"case=words&d={dimensions}")
    settle(page)
    page.mouse.click(*place(page, 4))
    row = int(told(page, r"clicked (\d+) frame 0 clicks 1")[1])
    assert page.evaluate(f"{STAGE}.selected") == row
    x, y = place(page, 4)
    assert math.dist((x, y), place(page, row)) < 12  # the nearest point is chosen where two overlap
    page.get_by_role("button", name="rerun").click()
    told(page, "clicked None frame None clicks 1")  # a click is told once, never again


def test_a_click_counts_while_points_move(stage_page: Callable[..., Any]) -> None:
    page = stage_page("case=digits&n=12&seconds=90")
    page.wait_for_function(f"{STAGE}.state().p > 0.1")
    page.mouse.click(*place(page, 3))
    told(page, r"clicked \d+ frame \d clicks 1")
    assert state(page)["playing"]


def test_the_same_scene_only_restyles(stage_page: Callable[..., Any]) -> None:
    page = stage_page("case=words")
    before = settle(page)
    toggle(page, "links")
    page.wait_for_function(f"{STAGE}.film.links.length === 4")
    assert page.evaluate(f"{STAGE}.segment") is None
    after = settle(page)
    assert after["view"] == before["view"] and after["id"] == before["id"] and after["selected"] == 0


def test_a_word_enters_and_the_others_stay(stage_page: Callable[..., Any]) -> None:
    page = stage_page("case=words")
    before = settle(page)
    places = [place(page, row) for row in range(before["n"])]
    toggle(page, "add a word")
    page.wait_for_function(f"{STAGE}.state().travelling")
    newcomer = place(page, before["n"])
    while state(page)["travelling"]:
        assert math.dist(place(page, 5), places[5]) < 1
        page.wait_for_timeout(80)
    after = settle(page)
    assert after["n"] == before["n"] + 1
    assert max(math.dist(place(page, row), places[row]) for row in range(before["n"])) < 1
    assert math.dist(newcomer, place(page, before["n"])) > 30
    toggle(page, "another map")  # everything moves on from where it is, without a jump
    page.wait_for_function(f"{STAGE}.state().travelling")
    page.wait_for_function(f"!{STAGE}.state().travelling")
    assert max(math.dist(place(page, row), places[row]) for row in range(before["n"])) > 30


def test_a_flat_map_rises_to_space_and_comes_back(stage_page: Callable[..., Any]) -> None:
    page = stage_page("case=words")
    settle(page)
    flat = [place(page, row) for row in range(10)]
    toggle(page, "3-D")
    page.wait_for_function(f"{STAGE}.segment")
    starts = page.evaluate(
        f"(() => {{ const s = {STAGE}, g = s.segment, m = g.views[0].matrix(s.width, s.height),"
        " b = s.area.getBoundingClientRect();"
        " return [...Array(10).keys()].map(i => { const p = project(m, [...g.positions.slice(3*i, 3*i+3)], s.width,"
        " s.height, [0,0,0]); return [b.left + p[0], b.top + p[1]]; }); })()".replace(
            "project(", "embeddingStage.project("
        )
    )
    assert (
        max(math.dist(a, b) for a, b in zip(starts, flat, strict=True)) < 2
    )  # it starts as the flat picture
    assert settle(page)["dim"] == 3
    toggle(page, "3-D")
    page.wait_for_function(f"{STAGE}.film.dimensions === 2")
    assert settle(page)["dim"] == 2
    assert max(math.dist(place(page, row), flat[row]) for row in range(10)) < 1


def test_keys_and_buttons(stage_page: Callable[..., Any]) -> None:
    page = stage_page("case=digits&n=50&autoplay=0")
    settle(page)
    page.locator(".stage").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"{STAGE}.state().p === 7")
    page.keyboard.press("ArrowRight")
    page.wait_for_function(f"{STAGE}.state().p === 8")
    page.keyboard.press("Home")
    page.wait_for_function(f"{STAGE}.state().playing")
    page.keyboard.press(" ")
    assert not state(page)["playing"]
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="Speed ×1").click()
    assert page.evaluate(f"{STAGE}.clock.speed") == 2
    page.locator(".stage-slider").fill("3.5")
    assert state(page)["p"] == 3.5
    for name in (
        "Back to the start (Home)",
        "One key state back (←)",
        "Play (space)",
        "One key state on (→)",
        "Trails: where points came from",
        "Labels",
        "Full screen (F)",
    ):
        assert page.get_by_role("button", name=name, exact=True).count() == 1, name


def test_words_never_become_html_and_nothing_leaves(stage_page: Callable[..., Any]) -> None:
    page = stage_page("case=evil")
    settle(page)
    page.mouse.move(*place(page, 0))
    page.wait_for_timeout(300)
    assert page.locator(".stage-tip").text_content().startswith("<img src=x onerror=")
    assert page.evaluate("window.__x") is None
    assert page.locator(".stage img, .stage script").count() == 0
    shown = page.evaluate(f"{STAGE}.film.items.map(word => word.length)")
    assert max(shown) == 80
    outside = [
        url
        for url in page.asked
        if not url.startswith(("http://127.0.0.1", "data:", "blob:http://127.0.0.1"))
    ]
    assert page.asked and outside == []


def test_less_motion_means_no_travel(stage_page: Callable[..., Any]) -> None:
    page = stage_page("case=digits&n=50", media={"reduced_motion": "reduce"})
    seen = settle(page)
    assert seen["p"] == seen["last"] and not seen["playing"]
    page.locator(".stage").focus()
    page.keyboard.press("ArrowLeft")
    assert state(page)["p"] == 7
    page.keyboard.press(" ")  # asked to play, it goes from state to state without the way between
    page.wait_for_function(f"{STAGE}.state().p === 8")
    assert settle(page)["p"] == 8
    toggle(page, "3-D")
    page.wait_for_function(f"{STAGE}.film.dimensions === 3")
    assert not state(page)["travelling"] and not state(page)["playing"]


@pytest.fixture(scope="module")
def browser_without_gl(playwright: Any) -> Iterator[Any]:
    chromium = launch(playwright, NO_GL)
    yield chromium
    chromium.close()


def test_without_webgl_plotly_shows_the_map(browser_without_gl: Any, address: str) -> None:
    page = browser_without_gl.new_page()
    page.goto(f"{address}/?case=digits&n=50&autoplay=0")
    page.wait_for_function(f"{STAGE}?.plot.ready", timeout=90_000)
    page.wait_for_function("document.querySelectorAll('.stage-plotly .point').length === 50", timeout=90_000)
    seen = state(page)
    assert not seen["gpu"] and page.locator(".stage-plotly .scatterlayer").is_visible()
    first = page.locator(".stage-plotly .point").first.bounding_box()
    page.locator(".stage").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(f"{STAGE}.state().p === 7")
    page.wait_for_timeout(800)
    assert page.locator(".stage-plotly .point").first.bounding_box() != first
    page.goto(f"{address}/?case=digits&n=50&d=3")
    page.get_by_text("3-D needs WebGL, which this browser has switched off; choose 2-D.").wait_for(
        timeout=90_000
    )
    page.close()


def test_a_lost_graphics_context_comes_back(stage_page: Callable[..., Any]) -> None:
    page = stage_page("case=digits&n=60&seconds=30")
    page.wait_for_function(f"{STAGE}.state().p > 0.3 && {STAGE}.plot.ready")
    page.evaluate(
        f"(() => {{ window.context = {STAGE}.gpu.gl.getExtension('WEBGL_lose_context'); window.context.loseContext(); }})()"
    )
    page.wait_for_function(f"!{STAGE}.state().gpu")
    lost = state(page)["p"]
    page.wait_for_function(f"{STAGE}.state().p > {lost}")  # Plotly steps on
    assert page.evaluate(f"getComputedStyle({STAGE}.plotElement).opacity") != "0"
    page.evaluate("window.context.restoreContext()")
    page.wait_for_function(f"{STAGE}.state().gpu")
    page.wait_for_function(f"{STAGE}.state().p > {lost + 0.5}")
    ink = (
        f"(() => {{ const s = {STAGE}, gl = s.gpu.gl, [x, y] = s.screen.at(0); s.draw(performance.now(), 0);"
        " const pixel = new Uint8Array(4); gl.readPixels(x * s.ratio, (s.height - y) * s.ratio, 1, 1, gl.RGBA,"
        " gl.UNSIGNED_BYTE, pixel); return [...pixel]; })()"
    )
    assert page.evaluate(ink)[:3] != page.evaluate(f"{STAGE}.theme.ground")  # points are drawn again
    assert page.problems == []


def test_two_stages_on_one_page_keep_to_themselves(stage_page: Callable[..., Any]) -> None:
    page = stage_page("case=words&second=1")
    both = "[...document.querySelectorAll('.stage')].map(root => root.__stage)"
    page.wait_for_function(
        f"{both}.length === 2 && {both}.every(s => s.loop.settled > 0 && !s.loop.request)", timeout=90_000
    )
    first, second = page.evaluate(f"{both}.map(s => [s.state().id, s.state().size[1]])")
    assert second[0] == f"{first[0]} again" and second[1] < first[1]
    spot = page.evaluate(
        f"(() => {{ const s = {both}[1]; s.root.scrollIntoView(); const b = s.area.getBoundingClientRect(),"
        " p = s.screen.at(4); return [b.left + p[0], b.top + p[1]]; })()"
    )
    page.mouse.click(*spot)
    told(page, r"second clicked \d+")
    assert page.evaluate(f"{both}.map(s => s.selected === null)") == [True, False]
    told(page, "clicked None frame None clicks 0")


def test_groups_change_with_the_film(stage_page: Callable[..., Any]) -> None:
    page = stage_page("case=morph&fg=1&seconds=2&autoplay=0")
    settle(page)
    colours = (
        f"(k) => {{ const s = {STAGE}; s.player.seek(k); s.draw(performance.now(), 0);"
        " return new Set(Array.from({ length: s.film.n }, (_, i) => s.points.colours().slice(4 * i, 4 * i + 3).join())).size; }"
    )
    assert [page.evaluate(colours, k) for k in (0, 1, 2)] == [3, 2, 1]


@pytest.mark.parametrize("dimensions", [2, 3])
def test_many_points_look_the_same_without_a_graphics_card(
    open_page: Callable[..., Any], tmp_path: Path, dimensions: int
) -> None:
    n, rng = 1600, np.random.default_rng(1)
    scene = Scene(
        id="many",
        points=Points(
            tuple(f"w{i}" for i in range(n)),
            groups=np.arange(n) % 64,  # every colour with every symbol
            sizes=np.full(n, 2.0),
        ),
        motion=Motion(
            rng.normal(size=(4, n, dimensions)).clip(-3, 3), tuple("abcd"), kind="recorded", autoplay=False
        ),
    )
    file = tmp_path / "many.html"
    file.write_text(film_html(scene), "utf-8")
    page = open_page(f"file://{file}", device_scale_factor=1)
    settle(page)
    assert page.evaluate(f"{STAGE}.gpu.rasters")
    painted = (
        f"(shader) => {{ const s = {STAGE}, {{ gpu }} = s; s.labelsOn = false; s.clock.p = 1.4;"
        " if (shader) gpu.raster = null; s.points.reload(); s.draw(performance.now(), 0);"
        " const { width, height } = gpu.canvas, pixels = new Uint8Array(width * height * 4);"
        " gpu.gl.readPixels(0, 0, width, height, gpu.gl.RGBA, gpu.gl.UNSIGNED_BYTE, pixels);"
        " let text = ''; for (let i = 0; i < pixels.length; i += 32768)"
        " text += String.fromCharCode(...pixels.subarray(i, i + 32768)); return btoa(text); }"
    )
    filled, drawn = (
        np.frombuffer(base64.b64decode(page.evaluate(painted, shader)), np.uint8)
        .reshape(-1, 4)[:, :3]
        .astype(int)
        for shader in (False, True)
    )
    apart, ink = np.abs(filled - drawn).max(1), (drawn < 247).any(1)
    assert ink.sum() > 50_000
    assert apart[ink].mean() < 8 and (apart[ink] > 60).mean() < 0.005


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_few_items_are_fine(stage_page: Callable[..., Any], count: int) -> None:
    page = stage_page(f"case={count}")
    assert settle(page)["n"] == count
    assert page.locator(".stage-hint").is_visible() == (count == 0)
    assert page.problems == []


def test_pictures_are_marks_that_can_be_clicked(stage_page: Callable[..., Any]) -> None:
    page = stage_page("case=images")
    settle(page)
    page.wait_for_function(f"{STAGE}.atlas.ready.every(Boolean)")
    x, y = place(page, 10)  # tokyo stands alone
    page.mouse.click(x + 20, y + 15)
    assert told(page, r"clicked (\d+) frame 0")[1] == "10"


def test_a_group_is_singled_out_in_the_legend(stage_page: Callable[..., Any]) -> None:
    page = stage_page("case=digits&n=80&autoplay=0")
    settle(page)
    page.get_by_role("button", name="digit 3").click()
    assert page.evaluate(f"{STAGE}.group") == 3
    settle(page)
    groups = page.evaluate(
        f"(() => {{ const s = {STAGE}; return s.labels.boxes.map(([row]) => s.film.groups[row]); }})()"
    )
    assert groups and set(groups) == {3}


def test_the_theme_changes_while_it_lives(stage_page: Callable[..., Any]) -> None:
    page = stage_page("case=words")
    settle(page)
    assert not page.evaluate(f"{STAGE}.theme.dark")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{STAGE}.theme.dark", timeout=15_000)


def test_code_is_sent_once_and_a_gone_stage_is_tidied(open_page: Callable[..., Any], address: str) -> None:
    page = open_page("about:blank")
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    page.goto(f"{address}/?case=words")
    page.wait_for_function(f"{STAGE}?.drawn > 0", timeout=90_000)
    settle(page)
    assert sum(received) > 60_000  # the code came
    received.clear()
    page.get_by_role("button", name="rerun").click()
    page.wait_for_timeout(1500)
    assert 0 < sum(received) < 15_000  # and does not come again
    page.evaluate(f"window.kept = {STAGE}")
    toggle(page, "gone")
    page.wait_for_function("window.kept.gone === true", timeout=15_000)
    assert page.evaluate("!window.kept.loop.request && !document.querySelector('.stage')")


def test_an_exported_film_plays_from_a_file(open_page: Callable[..., Any], tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    scene = Scene(
        id="export",
        points=Points(
            (
                '<img src=x onerror="window.__x=1">',
                "</script><script>window.__x=2</script>",
                "\u2028",
                "dog",
            )
        ),
        motion=Motion(
            rng.normal(size=(4, 4, 2)), ("one", "two", "three", "four"), kind="recorded", seconds=3
        ),
        title="A film",
    )
    file = tmp_path / "film.html"
    file.write_text(film_html(scene), "utf-8")
    page = open_page(f"file://{file}")
    page.wait_for_function(f"{STAGE}?.state().p > 0.3", timeout=90_000)
    first = state(page)["p"]
    end = settle(page)
    assert end["p"] == 3 > first and end["gpu"]
    page.locator(".stage").focus()
    page.keyboard.press("Home")
    page.wait_for_function(f"{STAGE}.state().playing")
    assert page.evaluate("window.__x") is None
    assert [url for url in page.asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert (
        page.evaluate(  # the page itself refuses the network
            "fetch('http://127.0.0.1:9/').then(() => 'went', problem => 'refused')"
        )
        == "refused"
    )
    assert page.problems == []


def test_the_picture_can_be_saved(stage_page: Callable[..., Any], tmp_path: Path) -> None:
    from PIL import Image

    page = stage_page("case=words", device_scale_factor=1)
    settle(page)
    saved = {}
    for name in ("PNG", "SVG"):
        page.get_by_role("button", name="More").click()
        with page.expect_download() as download:
            page.get_by_role("button", name=f"Picture ({name})").click()
        saved[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(saved[name])
    with Image.open(saved["PNG"]) as image:
        assert image.width > 800 and len(image.convert("RGB").getcolors(100_000) or []) > 20
    drawing = saved["SVG"].read_text("utf-8")
    assert drawing.count("<circle") == 32 and ">tokyo</text>" in drawing


def test_the_film_can_be_saved_from_the_stage(stage_page: Callable[..., Any], tmp_path: Path) -> None:
    page = stage_page("case=morph&seconds=1")
    settle(page)
    page.get_by_role("button", name="More").click()
    with page.expect_download() as download:
        page.locator(".stage").get_by_role("button", name="Film (HTML").click()
    file = tmp_path / "film.html"
    download.value.save_as(file)
    assert "embeddingStage.mount" in file.read_text("utf-8")
