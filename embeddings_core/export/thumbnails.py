"""Thumbnails of a scene as pixels: only pictures that lie in a data: URL, never an address."""

import base64
import binascii
import io
import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from embeddings_core.errors import BadInputError
from embeddings_core.spaces.images import open_image

if TYPE_CHECKING:
    from PIL.Image import Image

RIMS = (
    (0.04, (255, 255, 255, 255), 230),
    (0.015, (27, 31, 42, 255), 153),
)  # of two, so that pictures stay apart on any ground
ALLOWED = re.compile(r"data:image/(png|jpeg|webp|gif|avif);base64,")


@lru_cache(maxsize=512)
def decoded(source: str) -> "Image | None":
    """Return the picture in a data: URL with its colours; None where it is none or cannot be read."""
    head = ALLOWED.match(source)
    if head is None:
        return None
    try:
        return open_image(io.BytesIO(base64.b64decode(source[head.end() :], validate=True))).convert("RGBA")
    except (BadInputError, binascii.Error):
        return None


def shape(source: str) -> tuple[float, float]:
    """Return width and height of the picture, of which the larger is 1; zeros where there is none."""
    picture = decoded(source)
    return (
        (0.0, 0.0)
        if picture is None
        else (picture.width / max(picture.size), picture.height / max(picture.size))
    )


@lru_cache(maxsize=1024)
def rounded(source: str, side: int) -> np.ndarray | None:
    """Return the picture as (height, width, 4) bytes, its longer edge `side` pixels, with round corners and a rim."""
    from PIL import Image, ImageDraw

    picture = decoded(source)
    if picture is None:
        return None
    factor = side / max(picture.size)
    size = max(round(picture.width * factor), 1), max(round(picture.height * factor), 1)
    small = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2)
    large = size[0] * 4, size[1] * 4
    mask = Image.new("L", large)
    edges, radius = (0, 0, large[0] - 1, large[1] - 1), side * 4 * 0.08
    ImageDraw.Draw(mask).rounded_rectangle(edges, radius, fill=255)
    for width, colour, strength in RIMS:
        rim = Image.new("L", large)
        ImageDraw.Draw(rim).rounded_rectangle(
            edges, radius, outline=strength, width=max(round(side * 4 * width), 1)
        )
        small.paste(colour, mask=rim.resize(size, Image.Resampling.BOX))
    small.putalpha(mask.resize(size, Image.Resampling.BOX))
    return np.array(small)
