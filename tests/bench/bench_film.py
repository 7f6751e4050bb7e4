"""Frames a second of a film: the stage against Plotly's own animation of baked frames, in one Chromium with software GL.

Run `python tests/bench/bench_film.py`. The points are random: only their number matters here. Both films move every
point on every painted frame; the stage shows its labels, Plotly has none. Also: the bytes of a film on their way to the
browser.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from embeddings_core.export.html import film_html
from embeddings_core.scenes.payload import scene_payload
from embeddings_core.scenes.scene import Motion, Points, Scene
from tests.browser.conftest import FLAGS, launch

OURS = """async (seconds) => {
    const stage = document.querySelector('.stage').__stage;
    stage.clock.p = 0; stage.clock.playing = true; stage.wake();
    await new Promise(then => setTimeout(then, 500));
    const first = stage.drawn, start = performance.now();
    await new Promise(then => setTimeout(then, 1000 * seconds));
    return (stage.drawn - first) / (performance.now() - start) * 1000;
}"""
PLOTLYS = """async ([seconds, deep]) => {
    const film = document.querySelector('.stage').__stage.film, n = film.n, baked = 24, point = [0, 0, 0];
    document.body.replaceChildren();
    const element = document.createElement('div');
    document.body.append(element);
    const frames = [];
    for (let k = 0; k < baked; k++) {
        const axes = [new Float32Array(n), new Float32Array(n), new Float32Array(n)];
        for (let i = 0; i < n; i++) {
            film.at(i, film.last * k / (baked - 1), point); for (let a = 0; a < 3; a++) axes[a][i] = point[a];
        }
        frames.push({ name: String(k), data: [deep ? { x: axes[0], y: axes[1], z: axes[2] } : { x: axes[0], y: axes[1] }] });
    }
    const type = deep ? 'scatter3d' : n > 1000 ? 'scattergl' : 'scatter', range = { range: [-5, 5] };
    const layout = { width: innerWidth, height: innerHeight - 100, xaxis: range, yaxis: range, hovermode: false,
        scene: { xaxis: range, yaxis: range, zaxis: range, aspectmode: 'cube' } };
    await Plotly.newPlot(element, [{ type, mode: 'markers', marker: { size: deep ? 3 : 5 }, ...frames[0].data[0] }], layout);
    await Plotly.addFrames(element, frames);
    let shown = 0;
    element.on('plotly_animatingframe', () => shown++);
    const start = performance.now();
    while (performance.now() - start < 1000 * seconds)
        await Plotly.animate(element, null,
            { mode: 'immediate', frame: { duration: 0, redraw: true }, transition: { duration: 0 } });
    return shown / (performance.now() - start) * 1000;
}"""


def film(n: int, dimensions: int, states: int = 9) -> Scene:
    """Make a film of random points."""
    frames = np.random.default_rng(n).normal(size=(states, n, dimensions)).clip(-4, 4)
    items = tuple(f"word{i:05d}" for i in range(n))
    names = tuple(f"state {k}" for k in range(states))
    return Scene(
        id="bench",
        points=Points(items, groups=np.arange(n) % 8),
        motion=Motion(frames, names, kind="recorded", seconds=60),
    )


def frames_a_second(
    browser: Any, n: int, dimensions: int, folder: Path, seconds: float = 4
) -> tuple[float, float]:
    """Measure the stage, then Plotly, on the same page."""
    file = folder / f"{n}-{dimensions}.html"
    file.write_text(film_html(film(n, dimensions)), "utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"file://{file}")
    page.wait_for_function("document.querySelector('.stage')?.__stage?.drawn > 3", timeout=60_000)
    ours = page.evaluate(OURS, seconds)
    plotlys = page.evaluate(PLOTLYS, [seconds, dimensions == 3])
    page.close()
    return ours, plotlys


def main() -> None:
    """Print the table."""
    payload = scene_payload(film(2000, 2))
    arrays = sum(value.nbytes for name, value in payload.items() if name != "scene")
    print(
        f"film of 2,000 points x 9 key states, 2-D: {(arrays + len(json.dumps(payload['scene']))) / 1e6:.3f} MB (target 0.2)"
    )
    if not shutil.which("chromium"):
        print("no Chromium: frames a second not measured")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running, tempfile.TemporaryDirectory() as folder:
        browser = launch(running, FLAGS)
        print(f"{'points':>7} {'':3} {'stage':>6} {'Plotly':>7} {'ratio':>6}   frames a second")
        for dimensions in (2, 3):
            for n in (2000, 5000, 20000):
                ours, plotlys = frames_a_second(browser, n, dimensions, Path(folder))
                print(
                    f"{n:>7} {dimensions}-D {ours:>6.1f} {plotlys:>7.1f} {ours / max(plotlys, 1e-9):>5.1f}x"
                )
        browser.close()


if __name__ == "__main__":
    main()
