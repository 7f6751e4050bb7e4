"""What a decoded picture goes through before anything looks at it: turned upright, on white, 8 bits a
colour."""

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

DEPTHS = (255.0, 1_023.0, 4_095.0, 65_535.0)  # the largest values of 8, 10, 12 and 16 bits
ORIENTATION = 0x0112  # the EXIF tag


def orientation(picture: Any) -> int:
    """Return how the camera was held, 1 to 8 (EXIF tag 0x0112); 1 where the tag is missing or garbage."""
    try:
        number = int(picture.getexif().get(ORIENTATION, 1))
        return number if 1 <= number <= 8 else 1
    except (
        ValueError,
        TypeError,
        SyntaxError,
        OSError,
        KeyError,
    ):  # garbage in the tag is no fault of the picture
        return 1


def upright(picture: Any) -> Any:
    """Turn a picture as the camera was held."""
    from PIL.Image import Transpose

    turns = (
        None,
        Transpose.FLIP_LEFT_RIGHT,
        Transpose.ROTATE_180,
        Transpose.FLIP_TOP_BOTTOM,
        Transpose.TRANSPOSE,
        Transpose.ROTATE_270,
        Transpose.TRANSVERSE,
        Transpose.ROTATE_90,
    )
    turn = turns[orientation(picture) - 1]
    return picture if turn is None else picture.transpose(turn)


def rgb(picture: Any, *, note: str) -> "Image":
    """Convert any mode to 8-bit RGB, transparent parts on white; returns a new picture."""
    from PIL import Image as Pil

    if picture.mode.startswith("I") or picture.mode == "F":
        picture = Pil.fromarray(eight_bits(np.asarray(picture)))
    transparent = picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info
    if transparent:
        layer = picture.convert("RGBA")
        ground = Pil.new("RGBA", layer.size, (255, 255, 255, 255))
        opened = Pil.alpha_composite(ground, layer).convert("RGB")
    else:
        opened = picture.copy() if picture.mode == "RGB" else picture.convert("RGB")
    opened.info = {"note": note} if note else {}
    return opened


def eight_bits(values: np.ndarray) -> np.ndarray:
    """Scale grey to 0–255: 16 bits by 1/257, floats of 0–1 by 255 and of 0–255 not, others by range.

    Scanners and microscopes keep 8, 10 or 12 bits in files of 16: where no value needs more, those are all there are.
    """
    numbers = np.nan_to_num(values.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(numbers.min()), float(numbers.max())
    if values.dtype.kind == "f" and low >= 0 and high <= 1:
        low, high = 0.0, 1.0
    elif low >= 0 and high <= 65_535:
        low, high = 0.0, next(top for top in DEPTHS if high <= top)
    scaled = (numbers - low) * (255.0 / max(high - low, 1e-12))
    return np.asarray(np.rint(scaled), dtype=np.uint8)
