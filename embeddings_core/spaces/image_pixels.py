"""What a decoded picture goes through before anything looks at it: turned upright, on white, 8 bits a
colour."""

import math
import re
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

BITS = (8, 10, 12, 14, 16)  # that cameras, scanners and microscopes keep in files of 16
OUTLIERS = 0.001  # of the pixels, such as hot ones, do not say how bright a picture is
SAMPLED = 2**20  # pixels whose values tell the range of floating numbers
OTHER_HALF = {";16B": ";16L", ";16L": ";16B", ";16N": ";16B" if sys.byteorder == "little" else ";16L"}
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
        grey, told = eight_bits(np.asarray(picture))
        picture, note = Pil.fromarray(grey), f"{note} {told}".strip()
    transparent = picture.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in picture.info
    if transparent:
        layer = picture.convert("RGBA")
        ground = Pil.new("RGBA", layer.size, (255, 255, 255, 255))
        opened = Pil.alpha_composite(ground, layer).convert("RGB")
    else:
        opened = picture.copy() if picture.mode == "RGB" else picture.convert("RGB")
    opened.info = {"note": note} if note else {}
    return opened


def eight_bits(values: np.ndarray) -> tuple[np.ndarray, str]:
    """Scale brightness to 0–255, and say so where it was not 8 or 16 bits: 16 bits by 1/257, floats of 0–1 by 255 and of 0–255 not,
    others by range.

    Scanners and microscopes keep 8 to 14 bits in files of 16: where all but a few pixels need no more, those are all there are.
    """
    if values.dtype.kind in "iu" and int(values.min()) >= 0 and int(values.max()) <= 65_535:
        counts = np.zeros(65_536, dtype=np.int64)
        for rows in values.reshape(len(values), -1):
            counts += np.bincount(rows, minlength=65_536)
        bits = _bits(int(np.searchsorted(np.cumsum(counts), counts.sum() - int(OUTLIERS * counts.sum()))))
        top = 2**bits - 1
        scale = np.rint(np.minimum(np.arange(65_536) / top, 1.0) * 255).astype(np.uint8)
        return scale[
            values
        ], f"{bits} of 16 bits are used: shown at full brightness." if 8 < bits < 16 else ""
    numbers = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    sample = np.sort(numbers.reshape(-1)[:: max(numbers.size // SAMPLED, 1)])
    few = int(OUTLIERS * len(sample))
    low, high = float(sample[few]), float(sample[len(sample) - 1 - few])
    if low >= 0 and high <= 65_535:
        low, high = 0.0, 1.0 if high <= 1 and values.dtype.kind == "f" else 2.0 ** _bits(math.ceil(high)) - 1
    scaled = np.clip((numbers - low) * (255.0 / max(high - low, 1e-12)), 0, 255)
    return np.asarray(np.rint(scaled), dtype=np.uint8), ""


def _bits(highest: int) -> int:
    return next(bits for bits in BITS if highest < 2**bits)


def halved(picture: Any) -> str:
    """Return how an undecoded picture is written that has 16 bits a colour, of which the decoder keeps 8; "" for others."""
    written = str(picture.tile[0][3]) if len(getattr(picture, "tile", ())) == 1 else ""
    written = next((part for part in re.findall(r"[A-Za-z]+;16[BLN]", written)), "")
    return "" if picture.mode.startswith("I") else written


def other_half(picture: Any, written: str) -> None:
    """Let a picture that is not yet decoded, of 16 bits a colour, be decoded to the lower 8 of them instead of the upper."""
    tile = picture.tile[0]
    # brightness and transparency of 16 bits are four bytes, as are four colours of 8
    other = "RGBA" if written.startswith("LA") else written[:-4] + OTHER_HALF[written[-4:]]
    args = (
        other if isinstance(tile[3], str) else tuple(other if part == written else part for part in tile[3])
    )
    picture.tile = [tile._replace(args=args)]


def is_dark(upper: Any) -> bool:
    """Tell whether the upper 8 of 16 bits a colour are so little used that the lower ones matter."""
    colours = np.asarray(upper)[..., :3].reshape(-1)
    counts = np.bincount(colours[:: max(colours.size // SAMPLED, 1)], minlength=256)
    return bool(counts[64:].sum() <= OUTLIERS * counts.sum())


def brightened(upper: Any, lower: Any, written: str) -> tuple[Any, str]:
    """Put the two halves of 16 bits a colour together and scale them to 8; transparency keeps its upper half."""
    from PIL import Image as Pil

    high, low = np.asarray(upper).astype(np.uint16), np.asarray(lower)
    low = low[..., 1:2] if written.startswith("LA") else low[..., :3]
    colours, note = eight_bits(high[..., :3] * 256 + low)
    return Pil.fromarray(np.concatenate([colours, high[..., 3:].astype(np.uint8)], axis=-1)), note
