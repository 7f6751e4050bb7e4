"""What the server says and refuses at its door, before any page: policy headers, and who may be asked by which name."""

import ipaddress
import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Streamlit starts its components with scripts in the page and from blob: addresses, and Plotly draws with inline styles
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src 'self' blob:; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws: wss: data: blob:; frame-src 'self' blob: data:; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'self'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"referrer-policy", b"same-origin"),
)
# a name or an address, and a port: nothing that one program reads as another host than the next
HOST = re.compile(r"(?P<name>[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?", re.ASCII)
REFUSED = b"This app is not reached by this name: open it by its own, on this computer as http://localhost with its port."


class Door:
    """ASGI middleware: adds the headers to every answer; refuses a foreign Host on a loopback address and where its name is known.

    A page of the internet can let its own name point to 127.0.0.1 and then read what listens there (DNS rebinding); its name
    gives it away. A proxy on the same machine passes on the name that its visitors use, and says so by `X-Forwarded-For`,
    which no page can add to a WebSocket; where the operator has said by which `name` the app is reached, only that one, this
    computer's and bare addresses are answered, behind a proxy as well. A page of another `Origin` is refused here, too, unless
    the operator allows it by `origins`: Streamlit would first ask the internet for this computer's own address, for up to two
    seconds in which it answers nobody.
    """

    def __init__(
        self,
        app: App,
        *,
        address: Callable[[], str | None],
        name: Callable[[], str | None] = lambda: None,
        origins: Callable[[], Sequence[str]] = lambda: (),
    ) -> None:
        self.app, self.address, self.name, self.origins = app, address, name, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        hosts = {value for key, value in scope["headers"] if key == b"host"}
        if self._foreign(scope["type"], dict(scope["headers"]), several=len(hosts) > 1):
            await _refuse(scope["type"], receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                names = {name.lower() for name, _ in given}
                message["headers"] = given + [pair for pair in HEADERS if pair[0] not in names]
            await send(message)

        await self.app(scope, receive, with_headers)

    def _foreign(self, kind: str, headers: MutableMapping[bytes, bytes], *, several: bool) -> bool:
        own, alone = self.name(), b"x-forwarded-for" not in headers and is_loopback(self.address())
        if not own and not alone:
            return False
        host = HOST.fullmatch(headers.get(b"host", b"").decode("latin-1"))
        if host is None or several:
            return True
        name: str | None = host["name"].strip("[]").lower()
        try:
            origin = headers.get(b"origin")
            if kind == "http" and origin == b"null":  # as a frame of our own may say
                origin = None
            asking = name if origin is None else urlsplit(origin.decode("latin-1")).hostname
        except ValueError:
            return True
        allowed = [urlsplit(each).hostname for each in self.origins()] if asking != name else []
        if asking != name and asking not in allowed and self._unknown(asking, own=own, alone=alone):
            return True
        return self._unknown(name, own=own, alone=alone)

    def _unknown(self, name: str | None, *, own: str | None, alone: bool) -> bool:
        if is_loopback(name) or (own and _plain(name or "") == _plain(own)):
            return False
        return alone or not _is_address(name)  # rebinding needs a name


def is_loopback(name: str | None) -> bool:
    """Tell whether a name or address means this computer only.

    >>> [is_loopback(name) for name in ("localhost", "127.0.0.1", "::1", "app.localhost", "0.0.0.0", "example.org", None)]
    [True, True, True, True, False, False, False]
    """
    if not name:
        return False
    if (
        name.rstrip(".").lower().rpartition(".")[2] == "localhost"
    ):  # RFC 6761: all of its names are this computer
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _plain(name: str) -> str:
    return name.lower().rstrip(".")  # with a full stop at its end it is the same name


def _is_address(name: str | None) -> bool:
    try:
        ipaddress.ip_address(name or "")
    except ValueError:
        return False
    return True


async def _refuse(kind: str, receive: Receive, send: Send) -> None:
    if kind == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": "foreign host"})
        return
    plain = [(b"content-type", b"text/plain; charset=utf-8"), *HEADERS]
    await send({"type": "http.response.start", "status": 421, "headers": plain})
    await send({"type": "http.response.body", "body": REFUSED})
