"""Files from the stage in a real browser: its SVG shows what the picture shows, and films from Python run as the stage does."""

import base64
import io
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from embeddings_core.analysis.attention import SentenceAttention
from embeddings_core.export.film_files import render
from embeddings_core.export.film_states import FilmStates
from embeddings_core.export.group_names import GroupNames
from embeddings_core.export.html import film_html
from embeddings_core.export.map_painter import arc
from embeddings_core.export.options import ExportOptions
from embeddings_core.export.view import home_view, widest_side
from embeddings_core.maps.projection import Kind
from embeddings_core.scenes.attention import attention_scene
from embeddings_core.scenes.payload import payload_json, scene_payload
from embeddings_core.scenes.scene import Link, Motion, Pictures, Points, Scene
from tests.browser.looking import STAGE, photograph

pytestmark = pytest.mark.browser
SPACE = "{http://www.w3.org/2000/svg}"
NASTY = '</text><script>window.__x=1</script><image href="x" onerror="window.__x=2"/>'


def scene(dimensions: int, kind: Kind = "recorded") -> Scene:
    items = tuple(f"word {i}" for i in range(20))
    return Scene(
        id=f"files {dimensions} {kind}",
        points=Points(
            (NASTY, *items[1:]),
            groups=np.arange(20) % 12,
            group_names=tuple(f"group {k}" for k in range(12)),
            selected=0,
        ),
        motion=Motion(
            np.random.default_rng(3).normal(size=(4, 20, dimensions)),
            ("first", "second", "third", "last"),
            kind=kind,
            trails=(0, 3),
            times=(0.0, 1.0, 2.0, 5.0),
            autoplay=False,
        ),
        links=(Link(0, 5, "path"), Link(0, 9, "dashed"), Link(0, 12)),
    )


@pytest.fixture
def shown(open_page: Callable[..., Any], tmp_path: Path) -> Callable[[Scene], Any]:
    def shown(given: Scene) -> Any:
        file = tmp_path / "film.html"
        file.write_text(film_html(given), "utf-8")
        page = open_page(file.as_uri(), device_scale_factor=1)
        page.wait_for_function(f"{STAGE}?.drawn > 0 && !{STAGE}.moving", timeout=90_000)
        page.wait_for_timeout(1200)  # links have grown, words are there
        return page

    return shown


def coarse(picture: Image.Image) -> np.ndarray:
    """Pixels of a picture a quarter as large: edges of letters differ between two ways to draw them, the rest must not."""
    return np.asarray(picture.convert("RGB").reduce(4)).astype(int)


def saved(page: Any, how: str) -> bytes:
    with page.expect_download() as download:
        page.evaluate(f"{STAGE}.{how}()")
    return Path(download.value.path()).read_bytes()


def test_a_picture_that_changes_is_seen_as_it_is_at_each_moment(shown: Callable[[Scene], Any]) -> None:
    """Red, then blue, then green: the pixel in its middle at the key states, and half of both half-way."""
    colours = np.array([(200, 30, 30), (30, 60, 200), (20, 160, 60)])

    def square(colour: Sequence[int]) -> str:
        out = io.BytesIO()
        Image.new("RGB", (40, 40), tuple(colour)).save(out, "PNG")
        return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()

    states = tuple(square(colour) for colour in colours.tolist())
    frames = np.array(
        [[[0, 0], [0, 4], [4, 0]], [[2, 2], [0, 4], [4, 0]], [[4, 4], [0, 4], [4, 0]]], np.float32
    )
    given = Scene(
        id="changing",
        points=Points(("", " ", "  "), selected=0),
        motion=Motion(frames, ("a", "b", "c"), kind="recorded", autoplay=False),
        pictures=Pictures((states[0], states[0], ""), frame_images=((0, states),)),
    )
    page = shown(given)
    page.wait_for_function(f"{STAGE}.atlas.ready[0] && {STAGE}.atlas.ready.slice(-3).every(Boolean)")
    pixel = f"""(p) => {{ const s = {STAGE}; s.player.seek(p); s.draw(performance.now(), 0);
        const [x, y] = s.screen.at(0), layer = s.area.querySelector(".stage-over").getContext("2d");
        return [...layer.getImageData(x * s.ratio, y * s.ratio, 1, 1).data].slice(0, 3); }}"""
    half = (colours[0] + colours[1]) / 2
    for p, colour in (
        (0, colours[0]),
        (0.3, colours[0]),
        (0.5, half),
        (0.7, colours[1]),
        (1, colours[1]),
        (2, colours[2]),
    ):
        assert np.abs(np.array(page.evaluate(pixel, p)) - colour).max() < 8, p
    page.evaluate(f"{STAGE}.player.seek(1)")
    shown_in = ElementTree.fromstring(saved(page, "saveSvg")).iter(f"{SPACE}image")
    assert sorted(image.get("href", "") for image in shown_in) == sorted((states[0], states[1]))
    assert page.problems == []


@pytest.mark.parametrize("dimensions", [2, 3])
def test_the_svg_is_the_picture(shown: Callable[[Scene], Any], dimensions: int, tmp_path: Path) -> None:
    page = shown(scene(dimensions))
    file = tmp_path / "picture.svg"
    file.write_bytes(saved(page, "saveSvg"))
    root = ElementTree.fromstring(file.read_bytes())
    lines = list(root.iter(f"{SPACE}line"))
    dashed = [line for line in lines if line.get("stroke-dasharray")]
    wide = [
        line
        for line in lines
        if float(line.get("stroke-width", 0)) > 2.4 and not line.get("stroke-dasharray")
    ]
    assert len(dashed) == 1
    text = page.evaluate(f"{STAGE}.theme.text.join()")
    assert (
        len([line for line in wide if line.get("stroke") == f"rgb({text})"]) == 3
    )  # the way and the two of its arrow head
    assert len([line for line in lines if line.get("stroke-width") == "1"]) >= (
        12 if dimensions == 3 else 0
    )  # the box
    assert len(lines) > 3 + 2 * 12  # trails
    words = [element.text for element in root.iter(f"{SPACE}text")]
    assert {"group 0", "group 11"} <= set(words) and any(
        word and word.startswith("</text><script>") for word in words
    )
    assert not list(root.iter(f"{SPACE}script")) and page.evaluate("window.__x") is None
    # the SVG, shown by itself, is the PNG
    with Image.open(io.BytesIO(saved(page, "savePng"))) as picture:
        png = coarse(picture)
        page.set_viewport_size({"width": picture.width, "height": picture.height})
    page.goto(file.as_uri())
    svg = coarse(photograph(page))
    assert svg.shape == png.shape
    different = (np.abs(svg - png).max(axis=-1) > 48).mean()
    drawn = (np.abs(png - png[0, 0]).max(axis=-1) > 48).mean()
    assert drawn > 0.01 and different < drawn / 8, (different, drawn)


@pytest.mark.parametrize(("dimensions", "kind"), [(2, "recorded"), (2, "morph"), (3, "recorded")])
def test_films_from_python_run_as_the_stage_does(
    shown: Callable[[Scene], Any], dimensions: int, kind: Kind
) -> None:
    given = scene(dimensions, kind)
    page, states = shown(given), FilmStates(given)
    width, height = page.evaluate(f"(s => [s.width, s.height])({STAGE})")
    ask = f"""(p) => {{ const s = {STAGE}, m = s.camera.home(s.film, p).matrix(s.width, s.height);
        return s.film.items.map((_, row) => [...s.film.at(row, p, [0, 0, 0]),
            ...embeddingStage.project(m, s.film.at(row, p, [0, 0, 0]), s.width, s.height, [0, 0, 0])]); }}"""
    for p in (0.0, 0.3, 1.0, 1.7, 2.5, 3.0):
        theirs = np.array(page.evaluate(ask, p))
        view = home_view(states.box_at(p), dimensions, width, height, side=widest_side(states.frames[-1]))
        assert np.allclose(theirs[:, :3], states.positions(p), atol=1e-4)
        assert np.allclose(theirs[:, 3:], view.project(states.positions(p)), atol=0.05, rtol=1e-3)
    painted = np.array(
        page.evaluate(f"[...{STAGE}.film.paint({STAGE}.theme, 0, {{ selected: 0 }})]")
    ).reshape(-1, 4)
    assert np.abs(painted - 255 * states.paint(0)).max() < 1.6
    where, named = page.evaluate(
        f"(s => [s.film.items.map((_, row) => [...s.screen.at(row)]),"
        f" [...s.names.places()].map(([g, {{ centre, box }}]) => [g, ...centre, ...box])])({STAGE})"
    )
    ours = GroupNames(states).places(np.array(where), page.evaluate(f"{STAGE}.frame"))
    assert named and list(ours) == [int(group) for group, *_ in named]
    assert np.allclose([[at.x, at.y, *at.box] for at in ours.values()], [at for _, *at in named], atol=0.01)
    clock = f"""() => {{
        const Clock = {STAGE}.clock.constructor, c = new Clock(), out = [];
        c.load({STAGE}.film, 0);
        c.playing = true;
        for (let i = 0; i <= 600 && c.playing; i++) {{ out.push(c.p); c.advance({given.motion.seconds} / 600); }} return out; }}"""
    theirs = np.array(page.evaluate(clock))
    ours = states.moments(len(theirs), rest=0.0)
    assert np.abs(theirs - ours).max() < 0.12


def test_arcs_grow_and_are_drawn_where_files_have_them(shown: Callable[[Scene], Any], tmp_path: Path) -> None:
    weights = np.eye(6, dtype=np.float32)[None, None].copy()
    weights[0, 0, 2] = (0.5, 0, 0.2, 0, 0, 0.3)
    tokens = ("[CLS]", "my", "bank", "is", "closed", "[SEP]")
    found = SentenceAttention("My bank is closed", tokens, (True, *(False,) * 4, True), (2,), weights)
    given = attention_scene(found, 1, 1, model="minilm", looker=2)
    page, states = shown(given), FilmStates(given)
    width, height = page.evaluate(f"(s => [s.width, s.height])({STAGE})")
    places = home_view(states.box, 2, width, height).project(states.positions(0))
    ask = f"""(at) => {{ const s = {STAGE}, strokes = [], renderer = s.renderer;
        s.loop.renderer = {{ line: (...stroke) => strokes.push(stroke) }};
        const growing = s.links.draw(s, Math.max(...s.links.born.values()) + at); s.loop.renderer = renderer;
        return {{ growing, strokes }}; }}"""
    drawn = page.evaluate(ask, 400)
    assert not drawn["growing"] and page.evaluate(f"[...{STAGE}.labels.shown.keys()].length") == 6
    last = 0
    for link in sorted(given.links, key=lambda link: -link.rank):  # the strongest comes last and lies on top
        ours = arc(link, places, 1.0)
        theirs = np.array([stroke[:4] for stroke in drawn["strokes"][last : last + len(ours)]])
        assert np.abs(theirs - ours).max() < 1.5
        rises = theirs[:, 1].min() < places[2, 1] - 20, theirs[:, 3].max() > places[2, 1] + 20
        assert rises == ((True, False) if link.end > link.start else (False, True))
        assert {tuple(stroke[4:5]) for stroke in drawn["strokes"][last : last + len(ours)]} == {
            (max(1, 14 * link.weight) * page.evaluate(f"{STAGE}.film.grow"),)
        }
        last += len(ours)
    assert last == len(drawn["strokes"]) and not np.array_equal(
        drawn["strokes"][0][5], drawn["strokes"][-1][5]
    )
    young = page.evaluate(ask, 100)
    assert young["growing"] and max(stroke[2] for stroke in young["strokes"]) < places[5, 0] - 20
    root = ElementTree.fromstring(saved(page, "saveSvg"))
    assert len(list(root.iter(f"{SPACE}line"))) == last
    # one colour alone: the ends of its arcs stay; a next look at the same map without that colour lets it go
    bright = f"""() => {{ const s = {STAGE}, shown = s.film.paint(s.theme, 0, s);
        return [...Array(s.film.n).keys()].filter((row) => shown[row * 4 + 3] > 200); }}"""
    page.evaluate(f"(s => {{ s.selected = null; s.single(0); }})({STAGE})")
    assert page.evaluate(bright) == [0, 2]
    valued = replace(
        given,
        links=(),
        points=replace(
            given.points, groups=None, group_names=(), selected=None, values=np.linspace(0, 1, 6, dtype="f4")
        ),
    )
    look = "(data) => embeddingStage.mount(document.getElementById('stage'), { ...JSON.parse(data), height: 600 })"
    page.evaluate(f"(data) => {{ ({look})(data); }}", payload_json(scene_payload(valued)))
    assert page.evaluate(f"{STAGE}.group") is None and page.evaluate(bright) == [0, 1, 2, 3, 4, 5]


def test_an_exported_svg_is_drawn_by_a_browser(open_page: Callable[..., Any], tmp_path: Path) -> None:
    file = tmp_path / "picture.svg"
    file.write_bytes(render(scene(2), ExportOptions("svg", headline="A & B")).content)
    page = open_page(file.as_uri(), width=1280, height=720, device_scale_factor=1)
    seen = np.asarray(photograph(page)).astype(int)
    drawn = np.asarray(
        Image.open(io.BytesIO(render(scene(2), ExportOptions("png", headline="A & B")).content)).convert(
            "RGB"
        )
    ).astype(int)
    assert (
        seen.shape == drawn.shape and (np.abs(seen - drawn).max(axis=-1) > 96).mean() < 0.03
    )  # letters differ, places do not
    assert page.evaluate("window.__x") is None
