"""48 frames of 500 points at 1280 × 720 as MP4: ours against bare matplotlib (Agg) and imageio-ffmpeg; CPU seconds.

Run `python tests/bench/bench_film_files.py`. The bare side moves one scatter in one figure and sends its pixels to
imageio-ffmpeg: the points alone on an empty ground, with the coding that comes with it and with ours, and with as many
words as our frames show, drawn by matplotlib. Ours draws points, words with halos, caption, legend and recipe. The points
are random: only their number matters here. Then: milliseconds a frame of every kind of file.
"""

import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from embeddings_core.export.film_files import CODING, COLOURS, render
from embeddings_core.export.film_frames import FilmFrames
from embeddings_core.export.film_states import FilmStates
from embeddings_core.export.options import KINDS, SIZES, ExportOptions, frame_count
from embeddings_core.scenes.scene import Motion, Points, Scene

POINTS, FRAMES, WORDS = 500, 48, 60
SECONDS = FRAMES / 30


def film() -> Scene:
    """Make a film of random points."""
    frames = np.random.default_rng(0).normal(size=(9, POINTS, 2)).cumsum(axis=0)
    return Scene(
        id="bench",
        points=Points(
            tuple(f"word{i:03d}" for i in range(POINTS)),
            groups=np.arange(POINTS) % 8,
            group_names=tuple(f"group {k}" for k in range(8)),
        ),
        motion=Motion(frames, tuple(f"epoch {k}" for k in range(9)), kind="recorded"),
    )


def bare(
    places: np.ndarray, colours: np.ndarray, path: Path, *, words: tuple[str, ...] = (), **coding: Any
) -> None:
    """Write a film as one would without us: places (frames, points, 2), colours (points, 4)."""
    from imageio_ffmpeg import write_frames
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12.8, 7.2), dpi=100)
    canvas: Any = FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    low, high = places.min(axis=(0, 1)), places.max(axis=(0, 1))
    axes.set(xlim=(low[0], high[0]), ylim=(low[1], high[1]))
    points = axes.scatter(*places[0].T, c=colours, s=60, edgecolors="white", linewidths=1)
    texts = [axes.text(*places[0][row], word, fontsize=12) for row, word in enumerate(words)]
    writer = write_frames(str(path), (1280, 720), pix_fmt_in="rgba", fps=30, **coding)
    writer.send(None)
    for frame in places:
        points.set_offsets(frame)
        for text, place in zip(texts, frame, strict=False):
            text.set_position(place)
        canvas.draw()
        writer.send(canvas.buffer_rgba())
    writer.close()


def cpu() -> float:
    """Return the processor seconds of this process and of what it started."""
    now = os.times()
    return now.user + now.system + now.children_user + now.children_system


def main() -> None:
    """Print the figures."""
    scene, options = film(), ExportOptions("mp4", seconds=SECONDS, headline="A film of five hundred points")
    states = FilmStates(scene)
    places = np.stack([states.positions(p)[:, :2] for p in states.moments(FRAMES, rest=0.25)])
    colours = states.paint(0)
    assert frame_count(scene, options) == FRAMES
    spent: dict[str, list[float]] = {
        "ours": [],
        "bare, points alone": [],
        "the same, our coding": [],
        "bare, with words": [],
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "film.mp4"
        ways = {
            "ours": lambda: render(scene, options),
            "bare, points alone": lambda: bare(places, colours, path),
            "the same, our coding": lambda: bare(
                places, colours, path, codec="libx264", quality=None, output_params=[*COLOURS, *CODING]
            ),
            "bare, with words": lambda: bare(places, colours, path, words=scene.points.items[:WORDS]),
        }
        FilmFrames(scene).pixels(0.0)  # imports and fonts
        for _ in range(5):
            for name, way in ways.items():
                before = cpu()
                way()
                spent[name].append(cpu() - before)
    ours = statistics.median(spent["ours"])
    print(f"{FRAMES} frames of {POINTS} points, 1280 × 720, MP4: ours {ours:.2f} CPU s (at most 1.3 ×)")
    for name in list(spent)[1:]:
        other = statistics.median(spent[name])
        print(f"  {name:20} {other:.2f} CPU s, ours is {ours / other:.2f} ×")
    print("CPU milliseconds a frame, and kilobytes, of 2 seconds:")
    for kind in KINDS:
        for size, ratio in SIZES.items():
            options = ExportOptions(kind, ratio=ratio, seconds=2.0)
            before = cpu()
            made = render(scene, options)
            each = 1000 * (cpu() - before) / frame_count(scene, options)
            print(f"  {kind:10} {size:12} {each:6.1f} ms {len(made.content) / 1000:7.0f} kB")


if __name__ == "__main__":
    main()
