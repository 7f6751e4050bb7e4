"""The door of the server: headers on every answer, a foreign Host refused where only this computer is meant."""

import re
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest

from embeddings_core.headers import Door, is_loopback
from tests.apart import apart


def ask(door: Door, headers: dict[str, str], *, kind: str = "http") -> list[MutableMapping[str, Any]]:
    """Return what a request with these headers is answered."""
    sent: list[MutableMapping[str, Any]] = []

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect"}

    scope = {"type": kind, "headers": [(name.encode(), value.encode()) for name, value in headers.items()]}
    apart(door(scope, receive, send))
    return sent


async def page(scope: MutableMapping[str, Any], receive: object, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"X-Frame-Options", b"DENY")]})
    await send({"type": "http.response.body", "body": b"page"})


@pytest.mark.parametrize(
    "host",
    ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", "app.localhost", "127.0.0.1", "localhost.:8501"],
)
def test_this_computer_is_answered_with_headers(host: str) -> None:
    start, body = ask(Door(page, address=lambda: "127.0.0.1"), {"host": host})
    headers = dict(start["headers"])
    assert body["body"] == b"page" and b"frame-ancestors 'self'" in headers[b"content-security-policy"]
    assert headers[b"x-content-type-options"] == b"nosniff" and headers[b"referrer-policy"] == b"same-origin"
    assert (
        headers[b"X-Frame-Options"] == b"DENY" and b"x-frame-options" not in headers
    )  # the page's own stays


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8501", "localhost.evil.example", "[", "", "192.168.1.7", "evil.example@localhost", "localhost@evil.example",
        "localhost/evil.example", "localhost#.evil.example", "localhost?evil", "evil.example\\@localhost", "localhost:abc",
        "localhost,evil.example", "localhost evil.example", "//localhost", "evil.example:80:localhost", "127.1", "0x7f.0.0.1",
    ],
)  # fmt: skip
def test_a_foreign_name_is_refused(host: str) -> None:
    door = Door(page, address=lambda: "127.0.0.1")
    start, body = ask(door, {"host": host})
    assert start["status"] == 421 and b"localhost" in body["body"] and len(start["headers"]) == 5
    assert [message["type"] for message in ask(door, {"host": host}, kind="websocket")] == ["websocket.close"]


@pytest.mark.parametrize(
    ("origin", "refused"),
    [("http://localhost:8501", False), ("http://127.0.0.1:3000", False), ("https://allowed.example", False),
     ("http://evil.example", True), ("http://localhost.evil.example", True), ("null", True), ("http://[", True),
     ("http://6.6.6.6", True)],
)  # fmt: skip
def test_a_page_of_another_origin_is_refused_before_anybody_looks_it_up(origin: str, refused: bool) -> None:
    door = Door(page, address=lambda: "127.0.0.1", origins=lambda: ["https://allowed.example"])
    headers = {"host": "localhost:8501", "origin": origin}
    assert (ask(door, headers, kind="websocket")[0]["type"] == "websocket.close") == refused
    assert (ask(door, headers)[0].get("status") == 421) == (refused and origin != "null")
    hall = Door(page, address=lambda: "0.0.0.0", name=lambda: "lecture.example")
    through = {"host": "lecture.example", "x-forwarded-for": "10.0.0.3", "origin": "https://lecture.example"}
    assert ask(hall, through, kind="websocket")[0]["type"] == "websocket.accept"
    assert (
        ask(hall, {**through, "origin": "https://evil.example"}, kind="websocket")[0]["type"]
        == "websocket.close"
    )
    free = Door(page, address=lambda: "0.0.0.0")  # nobody said by which name: Streamlit decides
    assert (
        ask(free, {"host": "a.example", "origin": origin}, kind="websocket")[0]["type"] == "websocket.accept"
    )


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("0.0.0.0", {"host": "classroom.example"}),  # an operator's choice
        ("192.168.1.7", {"host": "192.168.1.7:8501"}),
        ("127.0.0.1", {"host": "app.example", "x-forwarded-for": "10.0.0.3"}),  # a proxy on the same machine
    ],
)
def test_servers_for_others_answer_to_their_names(address: str, headers: dict[str, str]) -> None:
    door = Door(page, address=lambda: address)
    assert ask(door, headers)[0]["status"] == 200
    assert ask(door, headers, kind="websocket") == [{"type": "websocket.accept"}]


@pytest.mark.parametrize(
    ("host", "refused"),
    [("lecture.example:8501", False), ("lecture.example.", False), ("LECTURE.example.:8501", False), ("x@lecture.example", True),
     ("LECTURE.example", False), ("localhost:8501", False), ("192.168.1.7", False),
     ("[::1]", False), ("evil.example:8501", True), ("lecture.example.evil.example", True), ("", True)],
)  # fmt: skip
@pytest.mark.parametrize("address", ["0.0.0.0", "127.0.0.1"])
def test_behind_a_proxy_an_app_whose_name_is_known_refuses_others(
    host: str, refused: bool, address: str
) -> None:
    """As compose.yaml names it by HOST, and `--processes` on this computer."""
    door = Door(page, address=lambda: address, name=lambda: "lecture.example")
    headers = {"host": host, "x-forwarded-for": "10.0.0.3"}
    assert ask(door, headers)[0]["status"] == (421 if refused else 200)
    assert (ask(door, headers, kind="websocket")[0]["type"] == "websocket.close") == refused


def test_the_proxy_of_the_hall_keeps_no_addresses_and_the_app_knows_its_name(root: Path) -> None:
    site = (root / "assets/proxy/site.conf").read_text()
    assert "access_log off;" in site and "error_log stderr crit;" in site
    assert "proxy_hide_header" not in site  # the app's own pass
    assert re.findall(r"add_header Content-Security-Policy (\S+)", site) == ["$own_policy"]
    own = re.search(r"\$own_policy \{\s*default\s+\"\";\s*(.*)", site)
    assert own is not None and own[1].startswith(
        '"~^[45].*:$"'
    )  # errors of the proxy, which no app has given a kind
    assert "STREAMLIT_BROWSER_SERVER_ADDRESS: ${HOST:-localhost}" in (root / "compose.yaml").read_text()


def test_names_of_this_computer() -> None:
    assert is_loopback("127.3.2.1") and is_loopback("LOCALHOST.") and not is_loopback("localhost.example")


def test_one_request_names_one_host() -> None:
    """Of two the next program might read the other one; another header about it is not asked at all."""
    door = Door(page, address=lambda: "127.0.0.1")

    def status(*headers: tuple[bytes, bytes]) -> object:
        sent: list[MutableMapping[str, Any]] = []

        async def send(message: MutableMapping[str, Any]) -> None:
            sent.append(message)

        async def receive() -> MutableMapping[str, Any]:
            return {"type": "http.request"}

        apart(door({"type": "http", "headers": list(headers)}, receive, send))
        return sent[0]["status"]

    ours, theirs = (b"host", b"localhost:8501"), (b"host", b"evil.example")
    assert status(ours) == status(ours, ours) == 200
    assert status(ours, theirs) == status(theirs, ours) == 421
    assert (
        status(theirs, (b"x-forwarded-host", b"localhost"))
        == status(theirs, (b"forwarded", b"host=localhost"))
        == 421
    )
    assert status(ours, (b"x-forwarded-host", b"evil.example")) == 200
