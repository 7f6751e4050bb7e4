"""From the key to the first moved frame of the next scene, all ten slides: python tests/bench/bench_present.py

Plays the offline file in Chromium (the same player as in the application), so that only the browser is measured.
The reference in the same run is the browser itself: the time from a key to the next two animation frames.
"""

import shutil
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import sync_playwright

from embeddings_core.talks.html import talk_html
from embeddings_core.talks.ready_talk import TITLE, ready_talk

FLAGS = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
PRESS = """(key) => new Promise((done) => {
  const talk = document.querySelector('.talk').__talk, { stage } = talk, drawn = stage.drawn, start = performance.now();
  const frames = (left) => requestAnimationFrame(() => (left ? frames(left - 1) : done(performance.now() - start)));
  if (!key) return frames(1);
  talk.root.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, view: window }));
  const look = () => (stage.drawn > drawn + 1 ? done(performance.now() - start) : requestAnimationFrame(look));
  requestAnimationFrame(look);
})"""


def main() -> None:
    """Press the key until the end, and print the times."""
    file = Path(tempfile.mkdtemp()) / "talk.html"
    file.write_text(talk_html(TITLE, ready_talk()), "utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.goto(file.as_uri())
        page.wait_for_function("document.querySelector('.talk')?.__talk?.stage?.drawn > 0")
        steps = [
            f"{at + 1}.{step + 1}"
            for at, slide in enumerate(ready_talk())
            for step in range(len(slide.stops))
        ]
        times, bare = [], []
        for step in steps[1:]:
            page.wait_for_timeout(1_500)
            bare.append(page.evaluate(PRESS, ""))
            times.append(page.evaluate(PRESS, "ArrowRight"))
            print(f"slide {step:>5}: {times[-1]:6.0f} ms   two bare frames {bare[-1]:6.0f} ms")
        print(
            f"median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms; bare {statistics.median(bare):.0f} ms"
        )
        print(f"the file: {file.stat().st_size / 1e6:.1f} MB")
        browser.close()


if __name__ == "__main__":
    main()
