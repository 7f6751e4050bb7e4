"""Films and pictures as files: written, decoded again, and compared with the scene they show."""

import base64
import io
import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from embeddings_core.errors import BadInputError, JobError, MissingExtraError
from embeddings_core.export import film_files
from embeddings_core.export.contact_sheet import still_moments
from embeddings_core.export.film_files import render
from embeddings_core.export.film_frames import FilmFrames
from embeddings_core.export.options import KINDS, ExportOptions, Format, file_name, frame_count
from embeddings_core.export.raster_renderer import RasterRenderer
from embeddings_core.scenes.payload import scene_payload
from embeddings_core.scenes.scene import Link, Motion, Points, Scene
from tests.awkward import TEXTS
from tests.scene_fields import changed, scene_of

NAMES = ("start", "middle", "end")
SPACE = "{http://www.w3.org/2000/svg}"


def film(dimensions: int = 2, **look: object) -> Scene:
    """Six points on a lattice that trade places: far apart, so that each colour can be read from a pixel."""
    grid = np.array([[x, y, (x - y) / 2][:dimensions] for x in (0, 1, 2) for y in (0, 1)], dtype=float)
    frames = np.stack([grid, np.roll(grid, 1, axis=0), np.roll(grid, 3, axis=0)])
    given = {
        "groups": np.arange(6),
        "group_names": ("a", "b", "c", "d", "e", "f"),
        "kind": "recorded",
        **look,
    }
    return scene_of(
        id="x", items=("", " ", "  ", "\t", "\n", "   "), frames=frames, frame_names=NAMES, **given
    )


def expected(scene: Scene, moment: float, headline: str = "") -> list[tuple[int, int, np.ndarray]]:
    """Where the stage has each point at a moment, and in which colour: (x, y, rgb)."""
    painter = FilmFrames(scene, headline=headline)._map
    places = painter.view(moment).project(painter.states.positions(moment))[:, :2] + [
        painter.area.x,
        painter.area.y,
    ]
    colours = painter.states.colours(moment)
    ground = np.array(painter.ground)
    shown = ground + (colours[:, :3] - ground) * colours[:, 3:]
    return [(round(x), round(y), 255 * rgb) for (x, y), rgb in zip(places, shown, strict=True)]


def agrees(picture: np.ndarray, scene: Scene, moment: float, *, within: float, headline: str = "") -> None:
    scale = picture.shape[1] / 1280
    for x, y, rgb in expected(scene, moment, headline):
        seen = picture[round(y * scale), round(x * scale), :3].astype(float)
        assert np.abs(seen - rgb).max() <= within, (x, y, seen, rgb)


@pytest.mark.parametrize(("ratio", "size"), [(1.0, (1280, 720)), (1.5, (1920, 1080))])
def test_an_mp4_decoded_again_shows_the_states(ratio: float, size: tuple[int, int], tmp_path: Path) -> None:
    ffmpeg = pytest.importorskip("imageio_ffmpeg")
    scene, options = film(), ExportOptions("mp4", ratio=ratio, seconds=1.0, headline="Points trade places")
    told: list[tuple[int, int]] = []
    made = render(scene, options, progress=lambda done, total: told.append((done, total)))
    file = tmp_path / "film.mp4"
    file.write_bytes(made.content)
    command = [ffmpeg.get_ffmpeg_exe(), "-i", str(file), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    read = subprocess.run(command, capture_output=True, check=True)
    facts = read.stderr.decode()
    assert f"{size[0]}x{size[1]}" in facts and "30 fps" in facts and "yuv420p(tv, bt709" in facts
    assert "Points trade places" in facts and "axes mean nothing" in facts  # it says what it is
    frames = np.frombuffer(read.stdout, np.uint8).reshape(-1, size[1], size[0], 3)
    assert len(frames) == made.frames == frame_count(scene, options) == 30
    assert told == [(done, 30) for done in range(1, 31)]
    agrees(
        frames[0], scene, 0.0, within=14, headline=options.headline
    )  # colours at half the resolution, and quantised
    agrees(frames[-1], scene, 2.0, within=14, headline=options.headline)
    assert np.abs(frames[0].astype(int) - frames[14]).max() > 100  # it moves


@pytest.mark.parametrize(("format", "within"), [("gif", 12), ("webp", 24)])
def test_an_animation_decoded_again_shows_the_states(format: Format, within: float) -> None:
    scene, options = film(), ExportOptions(format, seconds=1.0)
    made = render(scene, options)
    with Image.open(io.BytesIO(made.content)) as picture:
        assert picture.size == (1280, 720) and picture.info["loop"] == 0
        lasts, shown = [], []
        for number in range(picture.n_frames):
            picture.seek(number)
            shown.append(np.asarray(picture.convert("RGB")))
            lasts.append(picture.info["duration"])
    count, step = frame_count(scene, options), round(1000 / KINDS[format].rate)
    assert sum(lasts) == count * step
    # frames that stand still at the end are one that lasts longer
    assert made.frames == len(shown) and 0.6 * count <= made.frames <= count
    agrees(shown[0], scene, 0.0, within=within)
    agrees(shown[-1], scene, 2.0, within=within)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("dimensions", [2, 3])
def test_a_png_shows_the_end_of_the_film(mode: str, dimensions: int) -> None:
    scene = film(dimensions)
    made = render(scene, ExportOptions("png", mode=mode, ratio=1.5))  # type: ignore[arg-type]
    with Image.open(io.BytesIO(made.content)) as picture:
        assert picture.size == (1920, 1080) and "axes mean nothing" in picture.text["Description"]
        pixels = np.asarray(picture.convert("RGB"))
    assert (pixels[2, 2].mean() < 60) == (mode == "dark")
    if mode == "light" and dimensions == 2:
        agrees(pixels, scene, 2.0, within=3)


def test_an_svg_keeps_words_as_words() -> None:
    nasty = (
        "$\\frac{a}{b}$",
        "</text><script>alert(1)</script>",
        "a & b < c",
        "漢字 🙂",
        "שלום",
        "tab\tand\x00nul",
    )
    scene = changed(
        film(),
        items=nasty,
        links=(Link(0, 1, "path"), Link(2, 3, "dashed"), Link(4, 5)),
        trails=(1,),
        selected=0,
    )
    root = ElementTree.fromstring(render(scene, ExportOptions("svg", headline="One & <two>")).content)
    words = [element.text for element in root.iter(f"{SPACE}text")]
    assert {element.tag.removeprefix(SPACE) for element in root.iter()} <= {
        "svg", "title", "desc", "rect", "line", "circle", "polygon", "text", "image",
    }  # fmt: skip
    assert "One & <two>" in words and "end" in words
    assert {"$\\frac{a}{b}$", "a & b < c", "tab and nul"} <= set(words)
    assert any(element.get("stroke-dasharray") for element in root.iter(f"{SPACE}line"))
    assert len([line for line in root.iter(f"{SPACE}line") if line.get("stroke-dasharray") is None]) > 3 + 12
    assert "real states of the computation" in str(root.find(f"{SPACE}desc").text)  # type: ignore[union-attr]


def test_five_stills_side_by_side() -> None:
    frames = np.random.default_rng(0).normal(size=(9, 5, 2))
    names = tuple(f"epoch {k}" for k in range(9))
    scene = Scene(id="x", points=Points(tuple("abcde")), motion=Motion(frames, names, kind="recorded"))
    root = ElementTree.fromstring(render(scene, ExportOptions("sheet-svg")).content)
    words = [element.text for element in root.iter(f"{SPACE}text")]
    assert [word for word in words if word and word.startswith("epoch")] == [
        f"epoch {k}" for k in (0, 2, 4, 6, 8)
    ]
    drawn = render(scene, ExportOptions("sheet-png")).content
    with Image.open(io.BytesIO(drawn)) as picture:
        width, height = (float(root.get(name, 0)) for name in ("width", "height"))
        assert abs(picture.width / picture.height - width / height) < 0.01 and picture.width > 3000
    assert still_moments(0) == [0] and still_moments(1) == [0, 1]


@pytest.mark.parametrize("name", [name for name in TEXTS if "megabyte" not in name and "lines" not in name])
def test_any_text_can_be_a_label(name: str) -> None:
    scene = changed(
        film(),
        items=(TEXTS[name], "b", "c", "d", "e", "f"),
        frame_names=(TEXTS[name], "b", "c"),
        title=TEXTS[name],
    )
    picture = Image.open(io.BytesIO(render(scene, ExportOptions("png", headline=TEXTS[name])).content))
    assert picture.size == (1280, 720)
    ElementTree.fromstring(render(scene, ExportOptions("svg", headline=TEXTS[name])).content)
    assert re.fullmatch(r"[\w \-]+\.png", file_name(scene, ExportOptions("png", headline=TEXTS[name])))


def test_no_words_and_very_long_ones() -> None:
    empty = Scene(id="x", points=Points(()), motion=Motion(np.zeros((1, 0, 2)), ("none",), kind="still"))
    assert render(empty, ExportOptions("png")).content[:4] == b"\x89PNG"
    long = changed(film(), items=("word " * 2000, *"bcdef"), group_names=("long " * 500, *"bcdef"))
    assert render(long, ExportOptions("png", headline="sentence " * 3000)).content[:4] == b"\x89PNG"


def test_pictures_are_marks_and_an_address_is_none() -> None:
    out = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(out, "PNG")
    red = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    lies = (
        "data:image/svg+xml;base64,AAAA",
        "data:image/png;base64,AAAA",
        "data:image/png;base64,%%%",
        "",
        red,
    )
    scene = film(images=(red, *lies), groups=None, group_names=())
    pixels = np.asarray(Image.open(io.BytesIO(render(scene, ExportOptions("png")).content)).convert("RGB"))
    x, y, _ = expected(scene, 2.0)[0]
    assert np.abs(pixels[y, x].astype(int) - (200, 30, 30)).max() < 8
    root = ElementTree.fromstring(render(scene, ExportOptions("svg")).content)
    assert [image.get("href") for image in root.iter(f"{SPACE}image")] == [red, red]


RED, BLUE, GREEN = (200, 30, 30), (30, 60, 200), (20, 160, 60)


def square(colour: tuple[int, int, int]) -> str:
    out = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()


def changing() -> Scene:
    """The first item is red, then blue, then green, as it travels; the last one stays red."""
    states = tuple(map(square, (RED, BLUE, GREEN)))
    own = (states[0], "", "", "", "", states[0])
    return film(images=own, frame_images=((0, states),), groups=None, group_names=(), selected=0)


def test_a_picture_that_changes_is_shown_as_it_is_at_each_moment() -> None:
    scene = changing()
    half = tuple(round((a + b) / 2) for a, b in zip(RED, BLUE, strict=True))
    painted = FilmFrames(scene)
    for moment, colour in (
        (0.0, RED),
        (0.3, RED),
        (0.5, half),
        (0.7, BLUE),
        (1.0, BLUE),
        (1.3, BLUE),
        (2.0, GREEN),
    ):
        pixels = painted.pixels(moment)
        x, y, _ = expected(scene, moment)[0]
        assert np.abs(pixels[y, x, :3].astype(int) - colour).max() < 8, (moment, pixels[y, x])
    page = ElementTree.fromstring(painted.svg(1.0))
    shown = [image.get("href") for image in page.iter(f"{SPACE}image")]
    assert square(BLUE) in shown and square(GREEN) not in shown


@pytest.mark.parametrize("format", ["png", "gif", "mp4"])
def test_files_show_the_changed_picture(format: Format, tmp_path: Path) -> None:
    scene = changing()
    content = render(scene, ExportOptions(format, seconds=1.0)).content
    if format == "mp4":
        ffmpeg = pytest.importorskip("imageio_ffmpeg")
        file = tmp_path / "film.mp4"
        file.write_bytes(content)
        command = [ffmpeg.get_ffmpeg_exe(), "-i", str(file), "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
        raw = subprocess.run(command, capture_output=True, check=True).stdout
        frames = list(np.frombuffer(raw, np.uint8).reshape(-1, 720, 1280, 3))
    else:
        with Image.open(io.BytesIO(content)) as picture:
            frames = []
            for frame in range(getattr(picture, "n_frames", 1)):
                picture.seek(frame)
                frames.append(np.asarray(picture.convert("RGB")))
    wanted = ((-1, 2.0, GREEN),) if format == "png" else ((0, 0.0, RED), (-1, 2.0, GREEN))
    for frame, moment, colour in wanted:
        x, y, _ = expected(scene, moment)[0]
        assert np.abs(frames[frame][y, x].astype(int) - colour).max() < 24


def test_words_fade_and_pictures_that_stand_back_are_greyed() -> None:
    renderer = RasterRenderer(60, 40)
    shades = []
    for alpha in (0.0, 0.25, 0.5, 1.0):
        renderer.clear((1.0, 1.0, 1.0))
        renderer.text("MMM", 30.25, 20.0, size=24, ink=(0.0, 0.0, 0.0), alpha=alpha, anchor="middle")
        shades.append(int(renderer.pixels[..., 0].min()))
    assert shades[0] == 255 and 180 < shades[1] < 200 and 120 < shades[2] < 136 and shades[3] < 8


@pytest.mark.parametrize("format", ["mp4", "gif", "webp"])
def test_what_is_too_long_is_refused_beforehand_with_its_limit(format: Format) -> None:
    kind = KINDS[format]
    longest = int(kind.most / kind.rate)
    assert frame_count(film(), ExportOptions(format, seconds=longest)) <= kind.most
    with pytest.raises(BadInputError, match=f"{kind.most}.*{longest} seconds or less"):
        frame_count(film(), ExportOptions(format, seconds=longest + 1.0))


def test_a_still_picture_is_no_film() -> None:
    still = changed(film(), frames=film().motion.frames[:1], frame_names=("now",), kind="still")
    with pytest.raises(BadInputError, match=r"does not move.*PNG or SVG"):
        render(still, ExportOptions("gif"))
    assert render(still, ExportOptions("sheet-svg")).frames == 1


def test_a_film_can_be_stopped() -> None:
    told: list[int] = []
    with pytest.raises(JobError, match="cancelled"):
        render(
            film(),
            ExportOptions("gif", seconds=2.0),
            progress=lambda done, _: told.append(done),
            should_stop=lambda: len(told) >= 3,
        )
    assert told == [1, 2, 3]


def test_without_the_extra_an_mp4_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film_files, "has_mp4", lambda: False)
    with pytest.raises(MissingExtraError, match=r"pip install -e '\.\[film\]'"):
        render(film(), ExportOptions("mp4", seconds=1.0))


def test_a_caption_takes_two_lines_where_it_needs_them_and_the_map_stays_where_it_is() -> None:
    names = ("exact words: " + "a long sentence " * 4, "TF-IDF: " + "another sentence " * 5, "model: short")
    films = [
        Scene(
            id="x",
            points=Points(("a", "b")),
            motion=Motion(np.random.default_rng(0).normal(size=(3, 2, 2)), told, kind="morph"),
        )
        for told in (names, ("one", "two", "three"))
    ]
    long, short = (FilmFrames(film) for film in films)
    assert long._map.area.y > short._map.area.y  # all of the film, also while a caption is short
    for frames, moment, lines in ((long, 0.0, 1), (long, 0.5, 2), (long, 2.0, 1), (short, 0.5, 1)):
        kind, told = frames._told(moment)
        assert kind == "morph" and len(told) == lines and not any("…" in line for line in told)
    between = " ".join(long._told(0.5)[1])
    assert between.split() == f"{names[0]} → {names[1]}".split()
    narrow = changed(films[0], series=(("a curve of this film", (1.0, 2.0, 3.0)),) * 2)
    assert " ".join(FilmFrames(narrow)._told(0.5)[1]).split() == f"→ {names[1]}".split()
    assert scene_payload(films[0])["scene"]["frameNames"][1] == names[1].strip()  # and on the stage
    words = "".join(ElementTree.fromstring(long.svg(0.5)).itertext()).replace(" ", "")
    assert names[1].replace(" ", "") in words
