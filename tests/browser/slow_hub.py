"""A model hub on this computer, as slow as a test wants it."""

import json
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

NAME = "test_resnet.r160_in1k"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
WEIGHTS = "model.safetensors"


class SlowHub(BaseHTTPRequestHandler):
    """As much of a model hub as a download needs; while `slow`, weights come in drops."""

    protocol_version = "HTTP/1.1"
    files: ClassVar[dict[str, bytes]] = {}  # filled by the test that fetches them
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


class Hub:
    """A running hub: its `address`, what it holds and how it sends in `handler`."""

    def __init__(self) -> None:
        self.handler = SlowHub
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), SlowHub)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
