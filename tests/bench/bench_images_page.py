"""The images page with 200 uploaded pictures in a real browser: bytes to the browser, server CPU of a click, memory.

Run: python tests/bench/bench_images_page.py [large]; "large" uploads photographs of 12 megapixels.
"""

import io
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bench"), str(ROOT / "tests" / "browser")]

from looking import OWN_BOX  # noqa: E402
from visitors import cpu_seconds, memory_mb, server  # noqa: E402

COUNT, CLICKS = 200, 10


def photographs(folder: Path) -> list[str]:
    """Write 200 different cuts of the sample photographs as JPEG files."""
    from PIL import Image

    from embeddings_core.pictures.samples import sample_photographs

    files = []
    sources = [Image.open(io.BytesIO(file.content)).convert("RGB") for file in sample_photographs()]
    for number in range(COUNT):
        source = sources[number % len(sources)]
        turned = source.rotate(7 * (number // len(sources)))
        path = folder / f"picture {number:03}.jpg"
        turned.resize((800, 600)).save(path, quality=90)
        files.append(str(path))
    return files


def large_photographs(folder: Path) -> list[str]:
    """Write 200 different files of photographs of 12 megapixels."""
    from bench_images import photographs as enlarged

    files, contents = [], enlarged()
    for number in range(COUNT):
        path = folder / f"picture {number:03}.jpg"
        path.write_bytes(contents[number % len(contents)] + number.to_bytes(2, "big"))
        files.append(str(path))
    print(
        f"{COUNT} photographs of 12 megapixels, {sum(map(len, contents)) / len(contents) / 1e6:.2f} MB each"
    )
    return files


class Highest:
    """Watches the memory of a process, and of its worker, ten times a second."""

    def __init__(self, pid: int) -> None:
        self.pid, self.server, self.both, self.on = pid, 0.0, 0.0, True
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        while self.on:
            own = memory_mb(self.pid)
            children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
            self.server = max(self.server, own)
            self.both = max(self.both, own + sum(memory_mb(int(child)) for child in children))
            time.sleep(0.1)


def settled(pid: int) -> float:
    """Wait until the server is idle; return its CPU seconds so far."""
    before = cpu_seconds(pid)
    while True:
        time.sleep(1.5)
        now = cpu_seconds(pid)
        if now - before < 0.02:
            return now
        before = now


def main() -> None:
    """Print the figures."""
    from conftest import launch  # type: ignore[import-not-found]
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, server() as (port, pid), sync_playwright() as playwright:
        large = sys.argv[1:] == ["large"]
        files = (large_photographs if large else photographs)(Path(folder))
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        received = [0]

        def count(payload: str | bytes) -> None:
            received[0] += len(payload)

        page.on("websocket", lambda socket: socket.on("framereceived", count))
        page.goto(f"http://127.0.0.1:{port}/images?images-set=only+mine")
        page.get_by_text("There are no pictures yet").wait_for(timeout=120_000)
        time.sleep(8)  # the warm-up waits until the first page is there
        settled(pid)
        idle = memory_mb(pid)
        highest = Highest(pid)
        time.sleep(1)
        both = highest.both
        before, start = received[0], cpu_seconds(pid)
        page.locator(OWN_BOX).first.set_input_files(files)
        page.locator(".stage-host canvas").first.wait_for(timeout=900_000)
        now = settled(pid)
        print(
            f"200 pictures uploaded, embedded, mapped: {now - start:.1f} CPU s in the server (the worker aside)"
        )
        print(f"bytes to the browser: {(received[0] - before) / 1e6:.2f} MB (5 MB allowed)")
        highest.on = False
        print(
            f"memory over the idle server ({idle:.0f} MB): {highest.server - idle:.0f} MB at the highest (400 allowed), "
            f"{memory_mb(pid) - idle:.0f} MB afterwards; with the worker {highest.both - both:.0f} MB at the highest"
        )
        cpu, traffic = [], []
        for number in range(CLICKS):
            now, before = settled(pid), received[0]
            page.locator("button.choose").nth(number % 6).click()
            cpu.append(settled(pid) - now)
            traffic.append(received[0] - before)
        print(
            f"a click: {1000 * median(cpu):.0f} ms of server CPU (100 ms allowed), {median(traffic) / 1e3:.0f} kB to the browser"
        )
        browser.close()


if __name__ == "__main__":
    main()
