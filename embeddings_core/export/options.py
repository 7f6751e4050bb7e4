"""What a scene can be taken away as, and what that means: how many frames, how large, under which name."""

import importlib.util
from dataclasses import dataclass
from typing import Literal

from embeddings_core.errors import BadInputError
from embeddings_core.limits import ANIMATION_FRAMES, FILM_FRAMES
from embeddings_core.scenes.labels import label
from embeddings_core.scenes.scene import Scene

Mode = Literal["light", "dark"]
Format = Literal["mp4", "gif", "webp", "png", "svg", "sheet-svg", "sheet-png"]


@dataclass(frozen=True)
class FileKind:
    """One kind of file: `rate` is frames a second of a film (0: a still), `most` how many frames it may have."""

    title: str
    ending: str
    mime: str
    rate: float = 0.0
    most: int = 1


KINDS: dict[Format, FileKind] = {
    "mp4": FileKind("Film (MP4)", "mp4", "video/mp4", 30.0, FILM_FRAMES),
    "gif": FileKind("Film (GIF)", "gif", "image/gif", 50 / 3, ANIMATION_FRAMES),
    "webp": FileKind("Film (animated WebP)", "webp", "image/webp", 25.0, ANIMATION_FRAMES),
    "png": FileKind("Picture (PNG)", "png", "image/png"),
    "svg": FileKind("Picture (SVG, stays crisp)", "svg", "image/svg+xml"),
    "sheet-svg": FileKind("Five stills for paper (SVG)", "svg", "image/svg+xml"),
    "sheet-png": FileKind("Five stills for paper (PNG)", "png", "image/png"),
}
SIZES = {"1280 × 720": 1.0, "1920 × 1080": 1.5}


@dataclass(frozen=True)
class ExportOptions:
    """What a file shall be: its kind and mode, `ratio` of its size to 1280 × 720, `seconds` of a film, the sentence on top."""

    format: Format = "mp4"
    mode: Mode = "light"
    ratio: float = 1.0
    seconds: float = 6.0
    headline: str = ""

    @property
    def kind(self) -> FileKind:
        """The row of the table."""
        return KINDS[self.format]


def frame_count(scene: Scene, options: ExportOptions) -> int:
    """Return how many frames a file will have.

    Raises BadInputError where it would be too many, and where a still picture is asked to move.
    """
    kind = options.kind
    if not kind.rate:
        return 1
    if len(scene.motion.frames) < 2:
        raise BadInputError("This picture does not move, so there is no film of it; take it as PNG or SVG.")
    count = max(round(options.seconds * kind.rate), 2)
    if count > kind.most:
        raise BadInputError(
            f"{options.seconds:g} seconds are {count:,} frames; the limit of {kind.ending.upper()} is {kind.most:,}. "
            f"Choose {int(kind.most / kind.rate)} seconds or less."
        )
    return count


def has_mp4() -> bool:
    """Tell whether films can be written as MP4 here."""
    return importlib.util.find_spec("imageio_ffmpeg") is not None


def file_name(scene: Scene, options: ExportOptions) -> str:
    """Return a harmless name for the file, from the scene's title."""
    words = "".join(
        letter for letter in label(options.headline or scene.title) if letter.isalnum() or letter in " -_"
    )
    return f"{words.strip()[:60].strip() or 'embedding map'}.{options.kind.ending}"
