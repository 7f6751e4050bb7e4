"""Several processes behind nginx: a visitor stays with one of them, and pages may do only what they need."""

import http.client
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from websockets.asyncio.client import connect

from embeddings_core.errors import BadInputError
from embeddings_core.serving import serve, write_proxy
from tests.apart import apart
from tests.bench.visitors import Visitor
from tests.packaging.installed import started

COOKIE = "visualizer_visitor"
needs_nginx = pytest.mark.skipif(
    shutil.which("nginx", path="/usr/sbin:/usr/local/bin:/opt/homebrew/bin") is None,
    reason="nginx is not installed (Debian: apt-get install nginx-light)",
)


@pytest.fixture(scope="module")
def port(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    command = [sys.executable, "-m", "embeddings_core", "app", "--processes", "2"]
    log = tmp_path_factory.mktemp("processes") / "app.log"
    with started(command, cwd=root, log=log) as found:
        yield found
    assert "Traceback" not in log.read_text()


@dataclass
class Reply:
    status: int
    headers: http.client.HTTPMessage
    text: str


def ask(port: int, path: str = "/", *, method: str = "GET", body: bytes = b"", **headers: str) -> Reply:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request(
            method, path, body, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return Reply(answer.status, answer.headers, answer.read().decode())


def cookies(reply: Reply) -> dict[str, str]:
    said = reply.headers.get_all("Set-Cookie") or []
    return dict(re.match(r"([^=]+)=([^;]*)", each).groups() for each in said)  # type: ignore[union-attr]


@dataclass
class Browser:
    """A browser, as far as the proxy sees it: it keeps cookies, opens a WebSocket and uploads files."""

    port: int
    jar: dict[str, str] = field(default_factory=dict)

    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.jar.items())

    def ask(self, path: str, **more: object) -> Reply:
        reply = ask(self.port, path, Cookie=self.cookie(), **more)  # type: ignore[arg-type]
        self.jar |= cookies(reply)
        return reply

    def upload(self, session: str) -> Reply:
        body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="words.txt"\r\n\r\ncat\r\n--x--\r\n'
        path = f"/_stcore/upload_file/{session}/{secrets.token_hex(8)}"
        kind, token = "multipart/form-data; boundary=x", self.jar.get("_streamlit_xsrf", "")
        return self.ask(path, method="PUT", body=body, Content_Type=kind, X_Xsrftoken=token)

    async def open(self, page: str, query: str = "") -> "Meeting":
        stream = await connect(
            f"ws://127.0.0.1:{self.port}/_stcore/stream",
            max_size=None,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            origin=f"http://127.0.0.1:{self.port}",  # type: ignore[arg-type]
            additional_headers={"Cookie": self.cookie()},
            ping_interval=None,
        )
        meeting = Meeting(stream, page, query)
        await meeting.run()
        return meeting


class Meeting(Visitor):
    """A visit that knows its session."""

    session = ""

    def _learn(self, answer: object) -> None:
        if answer.WhichOneof("type") == "new_session":  # type: ignore[attr-defined]
            self.session = answer.new_session.initialize.session_id  # type: ignore[attr-defined]
        super()._learn(answer)  # type: ignore[arg-type]


@needs_nginx
def test_a_visitor_is_known_by_a_cookie_and_pages_are_fenced_in(port: int) -> None:
    first = ask(port)
    assert first.status == 200 and re.fullmatch(r"[0-9a-f]{32}", cookies(first)[COOKIE])
    assert COOKIE not in cookies(ask(port, Cookie=f"{COOKIE}=abc"))
    policy = first.headers["Content-Security-Policy"]
    assert (
        "default-src 'self'" in policy
        and "object-src 'none'" in policy
        and "frame-ancestors 'self'" in policy
    )
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert first.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert ask(port, Host="evil.example").status == 421


@needs_nginx
def test_what_the_proxy_answers_itself_may_do_nothing_and_an_answer_has_one_policy(port: int) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.putrequest("PUT", "/_stcore/upload_file/a/b")
        connection.putheader("Content-Length", str(2**30))  # a gigabyte is announced, and nothing sent
        connection.endheaders()
        answer = connection.getresponse()
    assert answer.status == 413 and answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    for path in ("/", "/_stcore/health", "/_stcore/nothing"):
        assert len(ask(port, path).headers.get_all("Content-Security-Policy") or []) == 1
    assert len(ask(port, Host="evil.example").headers.get_all("Content-Security-Policy") or []) <= 1


@needs_nginx
def test_socket_and_uploads_of_a_visitor_meet_the_same_process(port: int) -> None:
    async def visit() -> tuple[list[int], list[int]]:
        at_home, elsewhere = [], []
        for _ in range(60):  # a process that starts late is left alone by the proxy for ten seconds
            if len(at_home) >= 8 and 400 in elsewhere:
                break
            browser = Browser(port)
            browser.ask("/")
            browser.ask("/_stcore/health")  # brings the token that uploads need
            meeting = await browser.open("words", "words=cat, dog, car")
            assert meeting.session and not meeting.errors
            at_home.append(browser.upload(meeting.session).status)
            stranger = Browser(port, {**browser.jar, COOKIE: secrets.token_hex(16)})
            elsewhere.append(stranger.upload(meeting.session).status)
            await meeting.leave()
        return at_home, elsewhere

    at_home, elsewhere = apart(visit())
    assert set(at_home) == {204}
    assert 400 in elsewhere, "both processes serve: under another cookie a session may be unknown"


def test_each_process_stands_in_the_settings_of_the_proxy(tmp_path: Path) -> None:
    write_proxy(tmp_path, listen="127.0.0.1:8501", ports=(9001, 9002, 9003))
    site = (tmp_path / "site.conf").read_text()
    assert re.findall(r"server 127\.0\.0\.1:(\d+)", site) == ["9001", "9002", "9003"]
    assert (
        "listen 127.0.0.1:8501;" in site
        and "$host" not in site.replace("$http_host", "")
        and "${" not in site.split("\n", 3)[3]
    )


def test_without_nginx_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("embeddings_core.serving.shutil.which", lambda *_, **__: None)
    with pytest.raises(BadInputError, match="apt-get install nginx-light, or leave --processes away"):
        serve([], processes=2)
    with pytest.raises(BadInputError, match="the limit is 64"):
        serve([], processes=65)
