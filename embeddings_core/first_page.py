"""What the server adds to the page that it sends first: a script that must run before the page's own."""

from functools import cache

from embeddings_core.folders import ASSETS
from embeddings_core.headers import App, Message, Receive, Scope, Send

HEAD = b"<head>"
STALE = (b"etag", b"last-modified", b"content-length")  # of the page without the script
UNCHANGED = (b"accept-encoding", b"if-none-match", b"if-modified-since")


@cache
def script() -> bytes:
    """Return the script as an element of the page's head."""
    return b"<script>" + (ASSETS / "first.js").read_bytes() + b"</script>"


class FirstPage:
    """ASGI middleware: puts the script at the head of each page that a browser asks for by its address."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; where it is for a page, write the script into what comes back."""
        headers = dict(scope.get("headers", ()))
        if (
            scope["type"] != "http"
            or scope["method"] != "GET"
            or b"text/html" not in headers.get(b"accept", b"")
        ):
            await self.app(scope, receive, send)
            return
        plain = {**scope, "headers": [pair for pair in scope["headers"] if pair[0].lower() not in UNCHANGED]}
        begun: list[Message] = []
        body = bytearray()

        async def with_script(message: Message) -> None:
            if message["type"] == "http.response.start":
                begun.append(message)
                if not _is_page(message):
                    await send(message)
            elif message["type"] != "http.response.body" or not _is_page(begun[0]):
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    whole = bytes(body).replace(HEAD, HEAD + script(), 1)
                    kept = [pair for pair in begun[0]["headers"] if pair[0].lower() not in STALE]
                    length = (b"content-length", str(len(whole)).encode())
                    await send({**begun[0], "headers": [*kept, length]})
                    await send({"type": "http.response.body", "body": whole})

        await self.app(plain, receive, with_script)


def _is_page(start: Message) -> bool:
    kind = dict(start.get("headers", ())).get(b"content-type", b"")
    return start["status"] == 200 and bytes(kind).startswith(b"text/html")
