"""The script at the head of the page that the server sends first."""

from typing import Any

import pytest

from embeddings_core.first_page import FirstPage, script
from embeddings_core.headers import Message, Receive, Scope, Send
from tests.apart import apart

PAGE = b"<!DOCTYPE html><html><head><title>x</title></head><body></body></html>"
BROWSER = b"text/html,application/xhtml+xml,*/*;q=0.8"


def answer(
    body: bytes, *, kind: bytes = b"text/html; charset=utf-8", accept: bytes = BROWSER, status: int = 200
) -> tuple[list[Message], Scope]:
    """What comes through for a body that the app sends in two parts, and what the app was asked."""
    said: list[Message] = []
    asked: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope)
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"etag", b'"1"')]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body[:30], "more_body": True})
        await send({"type": "http.response.body", "body": body[30:]})

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        said.append(message)

    request: dict[str, Any] = {
        "type": "http",
        "method": "GET",
        "headers": [(b"accept", accept), (b"accept-encoding", b"gzip"), (b"if-none-match", b'"1"')],
    }
    apart(FirstPage(app)(request, receive, send))
    return said, asked[0]


def test_a_page_gets_the_script_before_its_own() -> None:
    said, asked = answer(PAGE)
    start, body = said
    headers = dict(start["headers"])
    assert body["body"] == PAGE.replace(b"<head>", b"<head>" + script())
    assert headers[b"content-length"] == str(len(body["body"])).encode() and b"etag" not in headers
    assert dict(asked["headers"]) == {b"accept": BROWSER}  # whole, not packed, and never "not modified"


@pytest.mark.parametrize(
    "other",
    [{"kind": b"text/javascript"}, {"accept": b"*/*"}, {"status": 404}],
    ids=["script", "fetch", "missing"],
)
def test_all_else_passes_as_it_is(other: dict[str, Any]) -> None:
    said, _ = answer(PAGE, **other)
    assert b"".join(message.get("body", b"") for message in said) == PAGE
    assert (b"etag", b'"1"') in said[0]["headers"]
