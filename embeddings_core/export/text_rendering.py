"""Words as pixels: measured, shaped and painted with a halo; every letter in the first font that has it.

Shaping (right-to-left scripts, joined letters) is Pillow's with HarfBuzz. No mark-up of any kind is read: `$`, `\\`
and `<` are letters like others. A letter that no font on this computer has is drawn as an empty box.
"""

import contextlib
import importlib.util
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

REGULAR, BOLD = 450, 650  # the weights of the stage's labels
FAMILIES = (
    "Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", "Arial", "Liberation Sans", "Noto Sans",
    "DejaVu Sans", "Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Thai", "Noto Sans CJK JP",
    "Noto Sans CJK SC", "Source Han Sans", "PingFang SC", "Hiragino Sans", "Microsoft YaHei", "Yu Gothic", "Malgun Gothic",
    "WenQuanYi Zen Hei", "Arial Unicode MS", "Segoe UI Symbol", "Apple Symbols", "Noto Sans Symbols", "Noto Emoji",
    "Segoe UI Emoji",
)  # fmt: skip
WEB_FAMILIES = "'Source Sans 3', 'Source Sans Pro', 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
FINER = 4
HALO = 2  # pixels of ground colour round a letter, at ratio 1


@cache
def font_files() -> tuple[tuple[str, str], ...]:
    """Return the files of the regular and the bold face of every family there is here, best first."""
    from matplotlib.font_manager import fontManager

    found: dict[str, dict[bool, str]] = {}
    for entry in fontManager.ttflist:
        if entry.style == "normal" and entry.stretch in ("normal", 400) and entry.name in FAMILIES:
            weight = entry.weight if isinstance(entry.weight, int) else 400
            if weight in (400, 700):
                found.setdefault(entry.name, {}).setdefault(weight == 700, entry.fname)
    listed = [found[name] for name in FAMILIES if name in found]
    files = [(faces.get(False) or faces[True], faces.get(True) or faces[False]) for faces in listed]
    own = _own_font()
    return tuple(pair for pair in [(own, own), *files] if all(map(_opens, pair)))


def _opens(file: str) -> bool:
    """Tell whether a font can be used here: pictures of letters in one size only, for one, can not."""
    from PIL import ImageFont

    try:
        ImageFont.truetype(file, 23)
    except OSError:
        return False
    return True


def _own_font() -> str:
    """Find the font of the application's pages, which its web server brings along; "" where it does not."""
    web = importlib.util.find_spec("streamlit")
    if web is None or web.origin is None:
        return ""
    media = Path(web.origin).parent / "static" / "static" / "media"
    return next((str(path) for path in sorted(media.glob("SourceSansVF-Upright*.woff2"))), "")


@lru_cache(maxsize=256)
def _font(face: int, size: float, weight: int) -> Any:
    from PIL import ImageFont

    font = ImageFont.truetype(font_files()[face][weight >= 600], size)
    with contextlib.suppress(OSError):  # a font of one weight
        font.set_variation_by_axes([weight])
    return font


@lru_cache(maxsize=8192)
def _has(face: int, letter: str) -> bool:
    if unicodedata.category(letter) in ("Mn", "Cf", "Zs", "Me"):
        return True  # marks and joiners go with the letter before them
    font = _font(face, 24, REGULAR)
    shape = font.getmask(letter)
    missing = font.getmask("\U0010fffe")
    return bool(shape.size != missing.size or bytes(shape) != bytes(missing))


@lru_cache(maxsize=8192)
def _face_of(letter: str) -> int:
    return next((face for face in range(len(font_files())) if _has(face, letter)), 0)


def _runs(text: str) -> Iterator[tuple[int, str]]:
    """Split text into parts of one font, in the order in which they stand on screen."""
    faces: list[int] = []
    for letter in text:
        joins = unicodedata.category(letter) in ("Mn", "Cf", "Zs", "Me") and faces
        faces.append(faces[-1] if joins else _face_of(letter))
    parts = [
        (face, "".join(letter for _, letter in pairs))
        for face, pairs in groupby(zip(faces, text, strict=True), lambda pair: pair[0])
    ]
    if _leftwards(text):
        yield from reversed(parts)
        return
    for at, (face, part) in enumerate(parts[:-1]):
        if _leftwards(part):  # its last blank would come to stand before it
            word = part.rstrip()
            parts[at], parts[at + 1] = (face, word), (parts[at + 1][0], part[len(word) :] + parts[at + 1][1])
    yield from parts


def _leftwards(text: str) -> bool:
    """Tell whether a text begins on the right."""
    directions = (unicodedata.bidirectional(letter) for letter in text)
    return next((direction for direction in directions if direction in ("L", "R", "AL")), "L") != "L"


@lru_cache(maxsize=4096)
def measure(text: str, size: float, weight: int = REGULAR) -> float:
    """Return the width of a text in pixels."""
    return float(sum(_font(face, size * FINER, weight).getlength(part) for face, part in _runs(text))) / FINER


def cut(text: str, size: float, most: float, *, weight: int = REGULAR) -> str:
    """Shorten a text to `most` pixels; an ellipsis says so."""
    if measure(text, size, weight) <= most:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (
            (middle, high) if measure(text[:middle] + "…", size, weight) <= most else (low, middle - 1)
        )
    return text[:low].rstrip() + "…" if low else ""


def lines(text: str, size: float, most: float, *, weight: int = REGULAR, count: int = 2) -> list[str]:
    """Break a text into at most `count` lines of `most` pixels; the last is cut where it does not fit."""
    broken: list[str] = []
    words = text.split()
    while words and len(broken) < count - 1:
        fitting = 1
        while fitting < len(words) and measure(" ".join(words[: fitting + 1]), size, weight) <= most:
            fitting += 1
        broken.append(cut(" ".join(words[:fitting]), size, most, weight=weight))
        words = words[fitting:]
    return [*broken, cut(" ".join(words), size, most, weight=weight)] if words else broken


def paint(
    text: str,
    size: float,
    weight: int,
    ink: tuple[float, float, float],
    halo: tuple[float, float, float] | None,
    rim: int,
) -> np.ndarray:
    """Paint a text once: (height, width, 4) bytes, with `rim` pixels round it, of ground colour where `halo` is given.

    The letters' middle line (half of a capital's height) lies in the middle of the picture.
    """
    from PIL import Image, ImageDraw, ImageFilter

    height = 2 * round(size * 0.8) + 2 * rim
    width = int(np.ceil(measure(text, size, weight))) + 2 * rim + 2
    # painted larger and shrunk: letters of a small size would stand on whole pixels, unevenly
    large = Image.new("L", (width * FINER, height * FINER))
    canvas, x = ImageDraw.Draw(large), float(rim * FINER)
    for face, part in _runs(text):
        font = _font(face, size * FINER, weight)
        canvas.text((x, (height / 2 + size * 0.34) * FINER), part, fill=255, font=font, anchor="ls")
        x += font.getlength(part)
    letters = large.reduce(FINER)
    shape = np.asarray(letters, dtype=np.float32) / 255
    if halo is None:
        return _bytes(np.broadcast_to(np.array(ink, np.float32), (*shape.shape, 3)), shape)
    wide = letters.filter(ImageFilter.MaxFilter(2 * max(rim - 1, 1) + 1)).filter(
        ImageFilter.GaussianBlur(rim / 4)
    )
    around = np.asarray(wide, dtype=np.float32) / 255 * 0.88
    alpha = shape + around * (1 - shape)
    share = (shape / np.maximum(alpha, 1e-6))[..., None]
    return _bytes(np.array(ink, np.float32) * share + np.array(halo, np.float32) * (1 - share), alpha)


def _bytes(colour: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray((np.dstack([colour, alpha]) * 255 + 0.5).astype(np.uint8))
