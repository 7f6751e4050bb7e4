"""A scene as a file for slides, mail and paper: MP4, GIF, animated WebP, PNG, SVG, and a contact sheet of five stills.

How many frames a film will have, and whether that is too many, is known before the first is drawn.
"""

import io
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from embeddings_core.errors import JobError, MissingExtraError
from embeddings_core.export.contact_sheet import contact_sheet_png, contact_sheet_svg
from embeddings_core.export.film_frames import HEIGHT, WIDTH, FilmFrames
from embeddings_core.export.film_states import Array
from embeddings_core.export.options import ExportOptions, Format, file_name, frame_count, has_mp4
from embeddings_core.scenes.labels import TEXT_LENGTH, label
from embeddings_core.scenes.metadata import metadata_line
from embeddings_core.scenes.scene import Scene

Progress = Callable[[int, int], object]
COLOURS = [  # players take high definition as BT.709; unsaid and unconverted, blues and greens shift
    "-vf", "scale=out_color_matrix=bt709:out_range=tv", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
]  # fmt: skip
CODING = ["-preset", "veryfast", "-crf", "19", "-threads", "2", "-movflags", "+faststart"]
GENTLE = 5  # of 19: beside a map, a film gets a quarter of the processor; at 10 none on a busy day
END = 1.5  # seconds that the last key state stays on screen, at most a quarter of the film


@dataclass(frozen=True)
class RenderedFile:
    """A finished file: `frames` are those a player counts (a GIF holds one that stands still only once)."""

    content: bytes
    name: str
    mime: str
    frames: int


def render(
    scene: Scene,
    options: ExportOptions,
    *,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> RenderedFile:
    """Draw a scene into a file.

    `progress(done, total)` is told of every frame, `should_stop` asked before each. Raises BadInputError as
    `frame_count` does, MissingExtraError where MP4 cannot be written here, JobError when stopped.
    """
    film = _Film(scene, options, frame_count(scene, options), progress, should_stop)
    content, frames = WRITERS[options.format](film)
    return RenderedFile(content, file_name(scene, options), options.kind.mime, frames)


def render_gently(
    scene: Scene,
    options: ExportOptions,
    *,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> RenderedFile:
    """Render in a worker process, gently: the maps of others are computed beside it.

    The priority of this process, and of what it starts, is lowered for good."""
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, 0, GENTLE)
    return render(scene, options, progress=progress, should_stop=should_stop)


class _Film:
    """The frames of one file, drawn one after the other."""

    def __init__(
        self,
        scene: Scene,
        options: ExportOptions,
        count: int,
        progress: Progress | None,
        should_stop: Callable[[], bool] | None,
    ) -> None:
        self.scene, self.options, self.count = scene, options, count
        self._progress, self._should_stop = progress, should_stop
        self.pages = FilmFrames(scene, headline=options.headline, mode=options.mode, ratio=options.ratio)
        rest = min(END / max(options.seconds, 1e-6), 0.25)
        self._moments = self.pages.moments(count, rest=rest)
        self.size = round(WIDTH * options.ratio), round(HEIGHT * options.ratio)

    def frame(self, number: int) -> Array:
        """Draw a frame: (height, width, 4) bytes, to be read before the next one."""
        if self._should_stop is not None and self._should_stop():
            raise JobError("The film was cancelled; nothing was kept.")
        step = 1 / self.options.kind.rate
        pixels = self.pages.pixels(float(self._moments[number]), moment=number * step, step=step)
        if self._progress is not None:
            self._progress(number + 1, self.count)
        return pixels

    def samples(self) -> list[Array]:
        """Draw a few stills from beginning to end."""
        return [self.pages.pixels(p).copy() for p in np.linspace(0, self.pages.last, 6)]


def _mp4(film: _Film) -> tuple[bytes, int]:
    if not has_mp4():
        raise MissingExtraError("A film as MP4", "film")
    from imageio_ffmpeg import write_frames

    about = {
        "title": label(film.options.headline or film.scene.title),
        "comment": label(metadata_line(film.scene), length=TEXT_LENGTH),
    }
    told = [part for name, words in about.items() for part in ("-metadata", f"{name}={words}")]
    with tempfile.TemporaryDirectory(prefix="embeddings-film-") as folder:
        path = Path(folder) / "film.mp4"
        writer = write_frames(
            str(path), film.size, pix_fmt_in="rgba", fps=film.options.kind.rate, codec="libx264", quality=None,
            macro_block_size=1, ffmpeg_log_level="error", output_params=[*COLOURS, *CODING, *told],
        )  # fmt: skip
        writer.send(None)
        try:
            for number in range(film.count):
                writer.send(film.frame(number))
        except OSError as error:
            raise JobError("The film could not be written; choose GIF or WebP.") from error
        finally:
            writer.close()
        return path.read_bytes(), film.count


def _gif(film: _Film) -> tuple[bytes, int]:
    from embeddings_core.export.gif import GifFile, Palette

    gif = GifFile(*film.size, Palette(film.samples()))
    for number in range(film.count):
        gif.add(film.frame(number), round(1000 / film.options.kind.rate))
    return gif.content(), gif.frames


def _webp(film: _Film) -> tuple[bytes, int]:
    from PIL import Image

    class Frames(Image.Image):
        """A picture that draws its next frame when it is asked to go there: never more than one is in memory."""

        n_frames, drawn_last = film.count, -1

        def seek(self, frame: int) -> None:
            if frame <= self.drawn_last:
                return  # the writer goes back to where it began
            self.drawn_last = frame
            drawn = Image.fromarray(film.frame(frame)[..., :3])
            self.im, self._mode, self._size = drawn.im, drawn.mode, drawn.size

        def tell(self) -> int:
            return 0

    frames, out = Frames(), io.BytesIO()
    first = Image.fromarray(film.pages.pixels(0.0)[..., :3])
    frames.im, frames._mode, frames._size = first.im, first.mode, first.size
    frames.save(
        out,
        "WEBP",
        save_all=True,
        duration=round(1000 / film.options.kind.rate),
        loop=0,
        quality=82,
        method=2,
    )
    with Image.open(io.BytesIO(out.getvalue())) as written:
        return out.getvalue(), int(getattr(written, "n_frames", 1))


def _png(film: _Film) -> tuple[bytes, int]:
    return png(film.pages.pixels(float(film.pages.last)), film.scene), 1


def _contact_sheet_png(film: _Film) -> tuple[bytes, int]:
    pixels = contact_sheet_png(film.scene, headline=film.options.headline, mode=film.options.mode)
    return png(pixels, film.scene), 1


def png(pixels: Array, scene: Scene) -> bytes:
    """Return pixels as a PNG that carries what it is."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    words, out = PngInfo(), io.BytesIO()
    words.add_itxt("Description", label(metadata_line(scene), length=TEXT_LENGTH))
    Image.fromarray(pixels[..., :3]).save(out, "PNG", pnginfo=words)
    return out.getvalue()


WRITERS: dict[Format, Callable[[_Film], tuple[bytes, int]]] = {
    "mp4": _mp4,
    "gif": _gif,
    "webp": _webp,
    "png": _png,
    "svg": lambda film: (film.pages.svg(float(film.pages.last)), 1),
    "sheet-svg": lambda film: (
        contact_sheet_svg(film.scene, headline=film.options.headline, mode=film.options.mode),
        1,
    ),
    "sheet-png": _contact_sheet_png,
}
