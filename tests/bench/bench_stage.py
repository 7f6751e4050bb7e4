"""Very many points on the stage: frames a second while they pan, zoom and play, and what a million cost; Chromium, software GL.

Run `python tests/bench/bench_stage.py [points …]`. The points are Gaussian groups of several widths, as maps have them. A
hand pans (the mouse is dragged for three seconds) and zooms (the wheel turns); a film of five states plays. Of each also: the
bytes to the browser, seconds of the page until the first picture, milliseconds from a change of the view to the first
picture and to the one that holds all points, and from the end of a line drawn round half of the points to what Python is told.
Pictures of both themes are kept in a folder with `--pictures folder`.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from embeddings_core.export.html import film_html
from embeddings_core.scenes.large import LargeScene
from embeddings_core.scenes.payload import scene_payload
from tests.browser.conftest import FLAGS, launch

STAGE = "document.querySelector('.stage').__stage"
COUNT = f"""async (seconds) => {{
    const stage = {STAGE}; stage.clock.p = 0; stage.clock.playing = true; stage.wake();
    await new Promise(then => setTimeout(then, 500));
    const first = stage.drawn, start = performance.now();
    await new Promise(then => setTimeout(then, 1000 * seconds));
    const rate = (stage.drawn - first) / (performance.now() - start) * 1000;
    stage.player.seek(stage.film.last);
    return rate;
}}"""
VIEW = f"""async () => {{
    const stage = {STAGE}, {{ view }} = stage, frame = () => new Promise(then => requestAnimationFrame(then));
    while (stage.loop.request) await frame();
    const start = performance.now(), before = stage.drawn;
    stage.camera.userView = true;
    stage.camera.view = view.toward(new view.constructor(view.cx + 1, view.cy, view.k * 1.2), 1);
    stage.wake();
    while (stage.drawn === before) await frame();
    const first = performance.now() - start;
    while (stage.points.density.drawn < stage.film.n) await frame();
    const all = performance.now() - start;
    stage.camera.view = view; stage.wake();
    return [first, all];
}}"""
LASSO = f"""async () => {{
    const stage = {STAGE}, told = [], {{ width, height }} = stage;
    stage.onSelect = (chosen) => told.push(chosen);
    stage.lasso.take("lasso");
    stage.lasso.begin([width / 2, 0]);
    const down = (i) => (i > 180 ? 360 - i : i) * height / 180, right = (i) => (i > 180 ? -width / 2 : width / 2);
    for (let i = 1; i < 360; i++) stage.lasso.path.push([right(i) + Math.sin(i / 20) * 20, down(i)]);
    const start = performance.now();
    stage.lasso.end();
    const took = performance.now() - start;
    stage.onSelect = undefined;
    return [took, told[0].count];
}}"""


def groups_of(n: int, states: int = 1, seed: int = 0) -> LargeScene:
    """Make a map of Gaussian groups; with several states, a film in which they part."""
    rng = np.random.default_rng(seed)
    centres, widths = rng.normal(0, 4, (12, 2)), rng.uniform(0.25, 1.2, 12)
    group = rng.choice(12, n, p=(shares := rng.uniform(0.3, 2, 12)) / shares.sum())
    end = centres[group] + rng.normal(0, 1, (n, 2)) * widths[group][:, None]
    start = rng.normal(0, 2.5, (n, 2))
    ways = np.linspace(0, 1, states) if states > 1 else np.ones(1)
    names = tuple(f"epoch {round(100 * way)}" for way in ways)
    return LargeScene(
        f"{n} {states}",
        np.stack([start * (1 - way) + end * way for way in ways]).astype(np.float32),
        frame_names=names, kind="recorded" if states > 1 else "still", groups=group.astype(np.int64),
        group_names=tuple(f"group {k}" for k in range(12)), seconds=60, autoplay=False, title=f"{n:,} points",
    )  # fmt: skip


def dragged(page: Any, seconds: float = 3) -> float:
    """Pan by hand; return frames a second."""
    box = page.locator(".stage-area").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 5, y)
    start = page.evaluate(f"[{STAGE}.drawn, performance.now()]")
    now, turn = start, 0
    while now[1] - start[1] < 1000 * seconds:
        turn += 1
        page.mouse.move(x + 200 * np.sin(turn / 25), y + 80 * np.cos(turn / 25))
        now = page.evaluate(
            f"new Promise(then => requestAnimationFrame(() => then([{STAGE}.drawn, performance.now()])))"
        )
    page.mouse.up()
    return float((now[0] - start[0]) / (now[1] - start[1]) * 1000)


def zoomed(page: Any, seconds: float = 3) -> float:
    """Zoom by the wheel; return frames a second."""
    box = page.locator(".stage-area").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 - 9, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    start = page.evaluate(f"[{STAGE}.drawn, performance.now()]")
    now, turn = start, 0
    while now[1] - start[1] < 1000 * seconds:
        turn += 1
        page.mouse.wheel(0, -40 if turn % 60 < 30 else 40)
        now = page.evaluate(
            f"new Promise(then => requestAnimationFrame(() => then([{STAGE}.drawn, performance.now()])))"
        )
    page.evaluate(f"{STAGE}.camera.goHome()")
    return float((now[0] - start[0]) / (now[1] - start[1]) * 1000)


def opened(browser: Any, scene: LargeScene, folder: Path, theme: str = "light") -> tuple[Any, float]:
    """Show a scene; return the page, and the milliseconds of the stage from the payload to the first picture."""
    file = folder / f"{scene.count}-{len(scene.frames)}.html"
    if not file.exists():
        file.write_text(film_html(scene), "utf-8")
    page = browser.new_page(viewport={"width": 1280, "height": 800}, color_scheme=theme)
    page.goto(f"file://{file}")
    page.wait_for_function(f"{STAGE}?.drawn > 2 && !{STAGE}.loop.request", timeout=120_000)
    took = page.evaluate(
        """() => { const data = JSON.parse(document.getElementById("scene").textContent), host = document.createElement("div");
        host.style.cssText = "position:fixed;inset:0"; document.body.append(host);
        const start = performance.now(), stage = embeddingStage.mount(host, data); stage.draw(performance.now(), 0);
        const took = performance.now() - start; embeddingStage.unmount(host); host.remove(); return took; }"""
    )
    return page, float(took)


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser()
    asked.add_argument("points", nargs="*", type=int, default=[30_000, 100_000, 300_000, 1_000_000])
    asked.add_argument("--pictures", type=Path)
    asked.add_argument("--flags", nargs="*", default=[])
    chosen = asked.parse_args()
    if not shutil.which("chromium"):
        print("no Chromium: nothing measured")
        return
    from playwright.sync_api import sync_playwright

    print(
        f"{'points':>9} {'MB':>5} {'open':>6} {'pan':>5} {'zoom':>5} {'film':>5} {'first':>6} {'all':>6} {'lasso':>6}"
    )
    with sync_playwright() as running, tempfile.TemporaryDirectory() as name:
        folder, browser = Path(name), launch(running, (*FLAGS, *chosen.flags))
        for n in chosen.points:
            payload = scene_payload(still := groups_of(n))
            size = len(json.dumps(payload["scene"])) + sum(
                value.nbytes for key, value in payload.items() if key != "scene"
            )
            page, took = opened(browser, still, folder)
            pan, zoom = dragged(page), zoomed(page)
            page.wait_for_timeout(1500)
            first, all_ = page.evaluate(VIEW)
            lasso, count = page.evaluate(LASSO)
            page.close()
            film = "–"
            if n <= 300_000:
                page, _ = opened(browser, groups_of(n, 5), folder)
                film = f"{page.evaluate(COUNT, 3):.0f}"
                page.close()
            print(
                f"{n:>9,} {size / 1e6:>5.1f} {took:>4.0f}ms {pan:>5.0f} {zoom:>5.0f} {film:>5} {first:>4.0f}ms {all_:>4.0f}ms "
                f"{lasso:>4.0f}ms ({count:,} encircled)"
            )
            for theme in ("light", "dark") if chosen.pictures else ():
                page, _ = opened(browser, still, folder, theme)
                page.wait_for_timeout(1500)
                page.screenshot(path=chosen.pictures / f"{n}-{theme}.png")
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
