"""The operator's endpoint: a small server of the test's own answers well, badly, slowly, or sends elsewhere."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import numpy as np
import pytest

from embeddings_core.errors import ModelUnavailableError
from embeddings_core.limits import ENDPOINT_BATCH
from embeddings_core.models import endpoint as module
from embeddings_core.models.embed import embed
from embeddings_core.models.endpoint import (
    ADDRESS,
    HOSTS,
    MODEL,
    EndpointEncoder,
    endpoint_row,
    named_endpoint,
)
from embeddings_core.models.registry import find_model, load_encoder, loaded


def vector(text: str) -> list[float]:
    return [float(len(text)), 1.0, -0.5]


def listed(texts: list[str]) -> list[dict[str, Any]]:
    return [
        {"object": "embedding", "index": row, "embedding": vector(text)} for row, text in enumerate(texts)
    ]


class Server(BaseHTTPRequestHandler):
    """Answers as `kind` says, and notes what it was asked."""

    kind = "good"
    asked: ClassVar[list[dict[str, Any]]] = []
    away: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        Server.asked.append({"path": self.path, "headers": dict(self.headers), **body})
        data = listed(body["input"])
        kind = Server.kind
        if kind == "turned":
            data.reverse()
        elif kind == "fewer":
            data.pop()
        elif kind == "twice":
            data[0]["index"] = 1
        elif kind == "sizes":
            data[0]["embedding"] = [1.0]
        elif kind == "nan":
            data[0]["embedding"] = [float("nan"), 1.0, 1.0]
        elif kind == "large":
            data[0]["embedding"] = [1e300, 1.0, 1.0]
        elif kind == "words":
            data[0]["embedding"] = ["1.0", "2.0", "3.0"]
        elif kind == "base64":
            data[0]["embedding"] = "AACAPw=="
        elif kind == "slow":
            time.sleep(1.0)
        answer = json.dumps({"object": "list", "data": data}).encode()
        if kind == "html":
            answer = b"<html>"
        elif kind == "deep":
            answer = b"[" * 100_000
        elif kind == "other":
            answer = b'{"data": {"a": 1}}'
        elif kind == "huge":
            answer = b" " * 2**20 + answer
        self.send_response({"500": 500, "redirect": 307, "404": 404}.get(kind, 200))
        if kind == "redirect":
            self.send_header("Location", f"http://localhost:{self.server.server_address[1]}/away")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if kind == "drip":
            for byte in answer[:40]:
                self.wfile.write(bytes([byte]))
                self.wfile.flush()
                time.sleep(0.05)
        self.wfile.write(answer)

    def do_GET(self) -> None:
        Server.away.append(self.path)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class Quiet(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:  # whoever asked has gone
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Server]]:
    Server.kind, Server.asked, Server.away = "good", [], []
    running = Quiet(("127.0.0.1", 0), Server)
    threading.Thread(target=running.serve_forever, args=(0.02,), daemon=True).start()
    monkeypatch.setenv(ADDRESS, f"http://127.0.0.1:{running.server_address[1]}/v1/")
    monkeypatch.setenv(MODEL, "nomic-embed-text")
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):  # nothing listens there
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setattr("embeddings_core.models.registry.loaded", {})
    yield Server
    running.shutdown()
    running.server_close()


def test_texts_become_vectors_in_batches(server: type[Server]) -> None:
    row = endpoint_row()
    assert row is not None and row.title == "own endpoint: nomic-embed-text" and find_model(row.id) == row
    assert "on this computer" in row.note and not row.refused
    encoder = load_encoder(row.id)
    texts = [f"text{'a' * row}" for row in range(ENDPOINT_BATCH + 3)]
    vectors = embed(texts, encoder, model=row.id, role="query").vectors
    np.testing.assert_allclose(vectors, [vector(text) for text in texts])
    assert [len(each["input"]) for each in server.asked] == [ENDPOINT_BATCH, 3]
    first = server.asked[0]
    assert first["path"] == "/v1/embeddings" and first["model"] == "nomic-embed-text"
    assert "Authorization" not in first["headers"] and encoder([]).shape == (0, 0)
    server.kind = "turned"
    np.testing.assert_allclose(encoder(["a", "abc"]), [vector("a"), vector("abc")])


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("fewer", "2 texts were sent, and 1 vectors came back"), ("twice", "2 texts were sent"), ("sizes", "one size"),
        ("nan", "finite"), ("large", "finite"), ("words", "finite"), ("base64", "one size"), ("500", "status 500"),
        ("404", "status 404"), ("redirect", "redirect"), ("html", "no list of embeddings"), ("deep", "no list"),
        ("other", "no list"), ("slow", "within 0.4 seconds"), ("drip", "within 0.4 seconds"), ("huge", "more than"),
    ],
)  # fmt: skip
def test_a_bad_answer_is_told_in_a_sentence(
    server: type[Server], monkeypatch: pytest.MonkeyPatch, kind: str, why: str
) -> None:
    monkeypatch.setattr(module, "ENDPOINT_BYTES", 2**19)
    server.kind = kind
    endpoint = named_endpoint()
    assert endpoint is not None
    with pytest.raises(ModelUnavailableError, match=why) as told:
        EndpointEncoder(endpoint, seconds=0.4)(["a", "abc"])
    assert "on this computer" in str(told.value) and len(server.asked) == 1 and not server.away


def test_later_answers_have_the_size_of_the_first(
    server: type[Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = named_endpoint()
    assert endpoint is not None
    encoder = EndpointEncoder(endpoint)
    encoder(["a"])
    monkeypatch.setitem(globals(), "vector", lambda text: [1.0, 2.0])
    with pytest.raises(ModelUnavailableError, match=r"\(2, 3\)"):
        encoder(["a"])


def test_nobody_answers(server: type[Server], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS, "http://127.0.0.1:9/v1")
    row = endpoint_row()
    assert row is not None
    with pytest.raises(ModelUnavailableError, match="does not answer"):
        load_encoder(row)(["a"])


@pytest.mark.parametrize(
    "address",
    [
        "http://example.com/v1",
        "http://10.0.0.7:8080",
        "http://127.0.0.1.example.com/v1",
        "http://0.0.0.0:1/v1",
    ],
)
def test_another_host_is_refused_unless_it_is_listed(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS, address)
    monkeypatch.setenv(MODEL, "m")
    row = endpoint_row()
    assert row is not None and HOSTS in row.refused and "on this computer" not in row.note
    with pytest.raises(ModelUnavailableError, match="not offered"):
        load_encoder(row)
    with pytest.raises(ModelUnavailableError, match="not offered"):
        row.load(row)
    endpoint = named_endpoint()
    assert endpoint is not None
    monkeypatch.setenv(HOSTS, f"other.example, {endpoint.host.upper()}")
    listed_row = endpoint_row()
    assert listed_row is not None and not listed_row.refused and f"{endpoint.host}:" in listed_row.note


@pytest.mark.parametrize(
    ("address", "model"),
    [
        ("", "m"), ("http://127.0.0.1:11434/v1", ""), ("ftp://127.0.0.1/v1", "m"), ("127.0.0.1:11434", "m"), ("file:///etc", "m"),
        ("http://127.0.0.1:99999999", "m"), ("http://[::1", "m"), ("http://", "m"),
    ],
)  # fmt: skip
def test_it_is_off_where_nothing_usable_is_named(
    address: str, model: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS, address)
    monkeypatch.setenv(MODEL, model)
    assert endpoint_row() is None


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("http://localhost:11434", "/v1/embeddings"), ("http://localhost:11434/v1", "/v1/embeddings"),
        ("http://[::1]:8080/v1/embeddings", "/v1/embeddings"), ("https://127.0.0.1/api/v1/", "/api/v1/embeddings"),
    ],
)  # fmt: skip
def test_addresses_as_people_write_them(address: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ADDRESS, address)
    monkeypatch.setenv(MODEL, "m\n")
    endpoint = named_endpoint()
    assert endpoint is not None and endpoint.path == path and endpoint.model == "m"
    row = endpoint_row()
    assert row is not None and not row.refused and "on this computer" in row.note
    assert row.id not in loaded
