"""A real browser and a real server; without Chromium or Playwright these tests skip and say why."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.slow_hub import Hub

FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",  # a camera that shows a green disc, and nobody to be asked for leave
    "--use-fake-ui-for-media-stream",
)
NO_GL = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-webgl",
    "--disable-webgl2",
    "--disable-3d-apis",
    "--no-first-run",
)


LIGHT = (
    *FLAGS,
    "--disable-gpu-compositing",
)  # WebGL as before; pages are put together at a third of the cost
COARSE = {"device_scale_factor": 0.5}  # the same layout in a quarter of the pixels: a program draws them all
FEWER_FRAMES = """
    window.requestAnimationFrame = (draw) => setTimeout(() => draw(performance.now()), 90);
    window.cancelAnimationFrame = clearTimeout;
"""  # films run in real time with a quarter of the pictures, for the same reason


OPEN: list[Any] = []


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Add what the open pages show to the report of a failure: the only witness where nobody can look."""
    outcome: Any = yield
    report = outcome.get_result()
    if report.failed and call.when == "call":
        for page in OPEN:
            report.sections.append(("What the browser showed", seen(page)))


def seen(page: Any) -> str:
    """Return a page's address, words, stages and script errors, as far as it still answers."""
    try:
        words = page.locator("body").inner_text(timeout=2000)
        stages = page.evaluate("[...document.querySelectorAll('.stage')].map((s) => s.__stage?.state())")
        return f"{page.url}\n{words[:4000]}\nstages: {stages}\nscript errors: {page.problems}"
    except Exception as problem:  # a page that has died is an answer too
        return f"{page.url}\n{problem}"


def launch(playwright: Any, flags: tuple[str, ...] = LIGHT) -> Any:
    return playwright.chromium.launch(
        executable_path=shutil.which("chromium"), args=list(flags), headless=True
    )


def watched(page: Any) -> None:
    """Keep what a page asks for in `page.asked`, and its script errors in `page.problems`; draw less often."""
    page.add_init_script(FEWER_FRAMES)
    page.asked, page.problems = [], []
    OPEN.append(page)
    page.on("close", lambda: page in OPEN and OPEN.remove(page))
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("pageerror", lambda error: page.problems.append(str(error)))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    if not shutil.which("chromium"):
        pytest.skip("needs Chromium (Debian's package `chromium`)")
    api = pytest.importorskip("playwright.sync_api", reason="needs the Python package playwright")
    with api.sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Any) -> Iterator[Any]:
    chromium = launch(playwright)
    yield chromium
    chromium.close()


class Tabs:
    """Tabs of one browser, used again: one that has shown Streamlit before costs half of a new one, which reads all scripts.

    There is one browser context for each set of options, since a second one would read all scripts again too; what
    a page can be told itself (motion, theme, size) is no option of it.
    """

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._contexts: dict[str, Any] = {}
        self._free: dict[str, list[Any]] = {}
        self._used: dict[Any, str] = {}

    def open(
        self,
        address: str,
        *,
        width: int = 1280,
        height: int = 800,
        reduced_motion: str = "no-preference",
        permissions: tuple[str, ...] = (),
        **options: Any,
    ) -> Any:
        """Open an address in an emptied tab; `page.asked` lists every request, `page.problems` every script error."""
        size = {"width": width, "height": height}
        options = COARSE | options
        name = repr(sorted(options.items()))
        if name not in self._contexts:
            self._contexts[name] = self._browser.new_context(viewport=size, **options)
            self._contexts[
                name
            ].new_page()  # holds the window open: Chromium prepares each new one for a second
        if permissions:
            self._contexts[name].grant_permissions(list(permissions))
        free = self._free.setdefault(name, [])
        if free:
            page = free.pop()
            page.asked, page.problems = [], []
            OPEN.append(page)
            page.bring_to_front()
        else:
            page = self._contexts[name].new_page()
            watched(page)
        self._used[page] = name
        page.emulate_media(reduced_motion=reduced_motion, color_scheme="light")
        page.set_viewport_size(size)
        page.goto(address)
        return page

    def give_back(self, page: Any) -> None:
        """Empty a tab for the next one who asks; it stays with its server, so that what it has compiled stays too."""
        name = self._used.pop(page)
        if page.is_closed():
            return
        served = page.url.startswith("http")
        if served:
            page.evaluate("sessionStorage.clear(), localStorage.clear()")
            page.context.clear_cookies(name="embeddings_visit")  # own pictures are found again by it
        page.goto("/".join(page.url.split("/")[:3]) + "/_stcore/health" if served else "about:blank")
        OPEN.remove(page)
        self._free[name].append(page)

    def close(self) -> None:
        """Close all of them."""
        for context in self._contexts.values():
            context.close()


@pytest.fixture(scope="session")
def tabs(browser: Any) -> Iterator[Tabs]:
    """Return what opens tabs for longer than one test."""
    made = Tabs(browser)
    yield made
    made.close()


@pytest.fixture
def open_page(tabs: Tabs) -> Iterator[Callable[..., Any]]:
    """Open an address for one test, as `Tabs.open` does."""
    used: list[Any] = []

    def opened(address: str, **options: Any) -> Any:
        used.append(tabs.open(address, **options))
        return used[-1]

    yield opened
    for page in used:
        tabs.give_back(page)


def still(page: Any) -> None:
    """Let no more films play: what is looked at next is not their way, and each of their pictures costs."""
    page.emulate_media(reduced_motion="reduce")


@pytest.fixture(scope="session")
def hub_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the served app keeps what it fetches from the hub."""
    return tmp_path_factory.mktemp("hub-home")


@pytest.fixture(scope="session")
def serve(root: Path, hub_home: Path) -> Iterator[Callable[[str], str]]:
    """Start `streamlit run` on a script, once each; return its address on a free port of this computer.

    The hub that the served app would ask is our own (`slow_hub.py`), on this computer too.
    """
    hub = Hub()
    on_hub = {"HF_ENDPOINT": hub.address, "HF_HOME": str(hub_home), "HF_HUB_DISABLE_XET": "1"}
    kept = {key: value for key, value in os.environ.items() if key != "HF_HUB_CACHE"} | on_hub
    running: dict[str, tuple[subprocess.Popen[bytes], str]] = {}

    def served(script: str) -> str:
        if script not in running:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            command = [
                sys.executable,
                "-m",
                "streamlit",
                "run",
                str(root / script),
                "--server.headless",
                "true",
            ]
            command += ["--server.port", str(port), "--server.address", "127.0.0.1"]
            environment = {**kept, "PYTHONPATH": str(root), "PYTHONWARNINGS": "default"}
            process = subprocess.Popen(
                command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            running[script] = (process, f"http://127.0.0.1:{port}")
            for _ in range(300):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
                    break
                except OSError:
                    time.sleep(0.1)
            else:
                pytest.fail(f"{script} did not start")
        return running[script][1]

    yield served
    for process, _ in running.values():
        process.terminate()
        process.wait(timeout=20)
    hub.close()
