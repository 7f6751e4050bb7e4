"""A download that is stopped: by a real click, against a hub that is slow, and then fetched after all."""

import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from embeddings_core.models.runtime import ready_torch

NAME = "test_resnet.r160_in1k"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
WEIGHTS = "model.safetensors"


class SlowHub(BaseHTTPRequestHandler):
    """As much of a model hub as a download needs; while `slow`, weights come in drops."""

    protocol_version = "HTTP/1.1"
    files: dict[str, bytes]
    slow = True
    sending = 0  # downloads of weights that are under way

    def do_HEAD(self) -> None:
        self.answer(body=False)

    def do_GET(self) -> None:
        self.answer(body=True)

    def answer(self, *, body: bool) -> None:
        name, content, headers = self.path.rsplit("/", 1)[-1], b"", {}
        if self.path.startswith(f"/api/models/timm/{NAME}/tree/"):
            rows = [{"type": "file", "path": p, "size": len(c), "oid": p} for p, c in self.files.items()]
            content = json.dumps(rows).encode()
        elif self.path.startswith(f"/api/models/timm/{NAME}"):
            names = [{"rfilename": path} for path in self.files]
            content = json.dumps({"id": f"timm/{NAME}", "sha": COMMIT, "siblings": names}).encode()
        elif name in self.files:
            content, headers = self.files[name], {"ETag": f'"{name}"', "X-Repo-Commit": COMMIT}
        self.send_response(200 if content or self.path == "/" else 404)
        for header, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(header, value)
        self.end_headers()
        if body and name == WEIGHTS and type(self).slow:
            self.drip(content)
        elif body:
            self.wfile.write(content)

    def drip(self, content: bytes) -> None:
        type(self).sending += 1
        with suppress(OSError):  # who downloads has gone
            for start in range(0, len(content), 2_000):
                self.wfile.write(content[start : start + 2_000])
                time.sleep(0.2)
        type(self).sending -= 1

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def hub() -> Iterator[tuple[type[SlowHub], str]]:
    ready_torch()
    timm = pytest.importorskip("timm")
    from safetensors.torch import save

    own = {"input_size": [3, 160, 160], "interpolation": "bicubic", "crop_pct": 0.95, "mean": [0.5] * 3}
    own |= {"std": [0.5] * 3, "num_classes": 1000, "classifier": "fc", "first_conv": "conv1.0"}
    settings = {"architecture": "test_resnet", "num_classes": 1000, "pretrained_cfg": own}
    files = {
        "config.json": json.dumps(settings).encode(),
        WEIGHTS: save(timm.create_model(NAME).state_dict()),
    }
    handler = type("ThisHub", (SlowHub,), {"files": files})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield handler, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hub-home")


@pytest.fixture(scope="module")
def address(root: Path, hub: tuple[type[SlowHub], str], home: Path, playwright: Any) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    at = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "streamlit", "run", str(root / "app.py"), "--server.headless", "true"]
    given = {key: value for key, value in os.environ.items() if key != "HF_HUB_CACHE"}
    given |= {"PYTHONPATH": str(root), "HF_ENDPOINT": hub[1], "HF_HOME": str(home), "HF_HUB_DISABLE_XET": "1"}
    process = subprocess.Popen(
        [*command, "--server.port", str(port), "--server.address", "127.0.0.1"],
        env=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(240):
            with suppress(OSError):
                urllib.request.urlopen(f"{at}/_stcore/health", timeout=1).read()
                break
            time.sleep(0.25)
        yield at
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_stop_ends_a_download_and_it_can_be_fetched_later(
    open_page: Callable[..., Any], address: str, hub: tuple[type[SlowHub], str], home: Path
) -> None:
    handler, _ = hub
    page = open_page(f"{address}/images?images-set=photographs&method=PCA&eyes=timm:%20{NAME}")
    note = page.get_by_text(f"timm: {NAME} is not on this computer. It can be fetched once")
    note.wait_for(timeout=90_000)
    page.get_by_role("button", name=re.compile("^Download about")).click()
    stop = page.get_by_role("button", name="Stop", exact=True)
    stop.wait_for(timeout=60_000)
    end = time.monotonic() + 60
    while not handler.sending and time.monotonic() < end:
        time.sleep(0.1)
    assert handler.sending  # the weights are on their way
    stop.click()
    page.get_by_text("The download was stopped; nothing of it is used.").wait_for(timeout=30_000)
    end = time.monotonic() + 15
    while handler.sending and time.monotonic() < end:
        time.sleep(0.1)
    assert not handler.sending  # its process has ended
    assert not list(home.rglob(WEIGHTS))
    stop.wait_for(
        state="detached", timeout=60_000
    )  # what the ended run had drawn goes when the new one is through
    assert note.is_visible()
    page.get_by_text("Clusters", exact=True).click()  # the page goes on working
    page.get_by_text("Each group with the picture nearest its centre").wait_for(timeout=60_000)
    handler.slow = False
    page.get_by_role("button", name=re.compile("^Download about")).click()
    note.wait_for(state="detached", timeout=90_000)
    page.get_by_text("How it works").first.click()
    page.get_by_text(f"timm: {NAME}: 96 numbers a picture").wait_for(timeout=60_000)
    assert list(home.rglob(WEIGHTS)) and not page.problems
