"""Pictures as they come in: decoded within limits, upright, on white, 8 bits a colour.

Sizes are checked before anything is decoded, and a large photograph is decoded no larger than it is needed.
"""

import hashlib
import io
import math
import struct
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from embeddings_core.errors import BadInputError, requires
from embeddings_core.limits import FILE_BYTES, IMAGE_PIXELS, IMAGE_SIDE
from embeddings_core.spaces.image_pixels import (
    brightened,
    halved,
    is_dark,
    orientation,
    other_half,
    rgb,
    upright,
)
from embeddings_core.spaces.vectors import FloatArray

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = (
    "JPEG",
    "PNG",
    "WEBP",
    "GIF",
    "BMP",
    "TIFF",
    "AVIF",
)  # nothing else: no PostScript
READABLE = "JPEG, PNG, WebP, GIF, BMP, TIFF, AVIF or HEIC"
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis")
ANY_BRANDS = (b"mif1", b"msf1")  # a HEIC or an AVIF: the brands that follow tell
TOO_LARGE = f"The file has over {FILE_BYTES // 2**20} MB, which is the limit. Save the picture smaller."
ImageSource = str | Path | bytes


@dataclass(frozen=True, eq=False)
class ArchivePictures:
    """Pictures of an archive, in order: names, folders, thumbnails (data: URLs), vectors (n, d) by a model or None, and notes."""

    names: tuple[str, ...]
    folders: tuple[str, ...]
    thumbnails: tuple[str, ...]
    vectors: FloatArray | None
    notes: tuple[str, ...]


def open_image(source: "ImageSource | BinaryIO | Image", *, wanted: int | None = None) -> "Image":
    """Open a picture: upright, transparent parts on white, 8-bit RGB.

    Takes a path, the bytes of a file, a binary stream or a PIL image. With `wanted` (pixels of the shorter
    side) a larger JPEG is decoded at 1/2, 1/4 or 1/8 of its size, never smaller than wanted: a fraction of
    the time. `.info` holds "size", the (width, height) of the picture in the file, and "note" where something
    should be said (an animation: its first picture). Raises BadInputError: empty, no picture, incomplete,
    over 40 million pixels or 20,000 on one side.
    """
    requires("PIL")
    from PIL import Image as Pil

    if isinstance(source, Pil.Image):
        with _translated():
            return rgb(source, note="")
    content = _content(source)
    with _translated():
        picture = _recognise(content)
        size = picture.size
        check_size(*size)  # before anything that decodes; asking a PNG for its orientation does
        note = _note(picture)
        if wanted is not None and picture.format in ("JPEG", "MPO"):
            scale = wanted / min(picture.size)
            width, height = picture.size
            picture.draft(None, (math.ceil(width * scale), math.ceil(height * scale)))
        written = halved(picture)
        picture.load()  # here and nowhere later: a file that was cut short fails now
        if orientation(picture) >= 5:
            size = size[::-1]
        picture = upright(picture)
        if written and is_dark(picture):
            lower = _recognise(content)
            other_half(lower, written)
            picture, told = brightened(picture, upright(lower), written)
            note = f"{note} {told}".strip()
        opened = rgb(picture, note=note)
    opened.info["size"] = size
    return opened


def digest(source: "ImageSource | BinaryIO | Image") -> str:
    """Return 32 hex digits that name a file's content; of a PIL image, its pixels."""
    if isinstance(source, (str, Path, bytes)) or hasattr(source, "read"):
        return hashlib.blake2b(_content(source), digest_size=16).hexdigest()
    head = f"{source.mode}{source.size}".encode()
    return hashlib.blake2b(head + source.tobytes(), digest_size=16).hexdigest()


def thumbnail(image: "Image", *, side: int = 96, quality: int = 72) -> str:
    """Return a small copy as a data: URL (WebP), at most `side` pixels long: 200 of them take under 1 MB.

    A strip is not shrunk to nothing: its shorter side keeps at least one pixel.
    """
    scale = min(side / max(image.size), 1.0)
    size = (max(round(image.width * scale), 1), max(round(image.height * scale), 1))
    small = image.resize(size, reducing_gap=2.0) if size != image.size else image
    buffer = io.BytesIO()
    small.save(buffer, "WEBP", quality=quality, method=2)
    return "data:image/webp;base64," + b64encode(buffer.getvalue()).decode("ascii")


def check_size(width: int, height: int) -> None:
    """Raise BadInputError where a picture of this size is empty or over the limits."""
    if width < 1 or height < 1:
        raise BadInputError("The picture has no pixels; choose another one.")
    if max(width, height) > IMAGE_SIDE:
        raise BadInputError(
            f"The picture is {width:,} × {height:,} pixels; the limit is {IMAGE_SIDE:,} on one side. "
            "Cut it or scale it down."
        )
    if width * height > IMAGE_PIXELS:
        raise BadInputError(
            f"The picture is {width:,} × {height:,} pixels; the limit is {IMAGE_PIXELS // 10**6} million. "
            "Scale it down."
        )


def _content(source: "ImageSource | BinaryIO | Any") -> bytes:
    if isinstance(source, (str, Path)):
        path = Path(source)
        if not path.is_file():
            raise BadInputError("There is no such file; choose another one.")
        if path.stat().st_size > FILE_BYTES:
            raise BadInputError(TOO_LARGE)
        content = path.read_bytes()
    elif isinstance(source, bytes):
        content = source
    else:
        content = bytes(source.read(FILE_BYTES + 1))
    if not content:
        raise BadInputError("The file is empty; choose another one.")
    if len(content) > FILE_BYTES:
        raise BadInputError(TOO_LARGE)
    return content


def _recognise(content: bytes) -> Any:
    """Read the header with the first decoder that knows it; the pixels stay undecoded.

    Pillow's own `open` would do, but it warns about the size before we can look at it.
    """
    from PIL import Image as Pil

    Pil.init()
    head = content[:64]
    for name in (*_heif_formats(head), *FORMATS):
        factory, accept = Pil.OPEN[name]
        accepted = accept is None or accept(head)
        if accepted and not isinstance(accepted, str):
            return factory(io.BytesIO(content), "")
    raise BadInputError(f"This is not a {READABLE} picture; save it as one of these.")


def _heif_formats(head: bytes) -> tuple[str, ...]:
    brand = head[8:12]
    others = [head[start : start + 4] for start in range(16, min(head[3], len(head)), 4)]
    heic = brand in HEIC_BRANDS or (brand in ANY_BRANDS and any(other in HEIC_BRANDS for other in others))
    if head[4:8] != b"ftyp" or not heic:
        return ()
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        raise BadInputError(
            "This is a HEIC picture, and the optional package for it is not installed. Save it as JPEG, "
            "or install it: pip install -e '.[heic]'"
        ) from None
    register_heif_opener()
    return ("HEIF",)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn what decoders raise into a sentence."""
    try:
        yield
    except BadInputError:
        raise
    except MemoryError:
        raise BadInputError("The picture needs more memory than there is; scale it down.") from None
    except (
        OSError,
        ValueError,
        SyntaxError,
        TypeError,
        EOFError,
        IndexError,
        KeyError,
        struct.error,
        RuntimeError,  # the HEIC decoder's
    ) as error:
        raise BadInputError("The picture is incomplete or damaged; save or download it again.") from error


def _note(picture: Any) -> str:
    pages = (
        int(getattr(picture, "n_frames", 1)) if picture.format != "MPO" else 1
    )  # MPO: depth maps of phones
    if pages < 2:
        return ""
    notes = {
        "TIFF": "Several pages: the first one is used.",
        "HEIF": "Several pictures: the main one is used.",
    }
    return notes.get(picture.format, "Animated: its first picture is used.")
