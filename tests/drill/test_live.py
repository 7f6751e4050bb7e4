"""Faults of visits, against a real server through Streamlit's own protocol: it lives on, and nobody else notices."""

import asyncio
import http.client
import os
import re
import secrets
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, quote

import pytest

from embeddings_core.spaces.vocabulary import load_vocabulary
from tests.apart import apart

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))  # the visitors of the benches

from visitors import Visitor, cpu_seconds, server

EIGHT = "king, queen, man, woman, cat, dog, car, truck"
COMMON = [word for word in load_vocabulary().items[:600] if word.isalpha() and len(word) > 4][:100]
NINE = "red, green, blue, one, two, three, sun, moon, star"


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server and its workers write what they say."""
    return tmp_path_factory.mktemp("live") / "app.log"


@pytest.fixture(scope="module")
def port(log: Path) -> Iterator[int]:
    """A server of its own; it must still live at the end, and all that these faults made it say is plain."""
    with server(log=log) as (port, pid):
        apart(until_warm(port))
        yield port
        os.kill(pid, 0)
        assert cpu_seconds(pid) > 0


async def until_warm(port: int) -> None:
    """Come until the engine of maps is ready."""
    visitor = await Visitor.arrive(port, "words", "method=UMAP")
    deadline = time.monotonic() + 120
    while any("warming up" in text for text in visitor.texts) and time.monotonic() < deadline:
        await asyncio.sleep(0.5)
        await visitor.run()
    assert not any("warming up" in text for text in visitor.texts)
    await visitor.leave()


async def fine(port: int) -> None:
    """A visitor who comes now gets what they ask for."""
    visitor = await Visitor.arrive(port, "words", "method=PCA")
    await visitor.type("words", NINE)
    assert not visitor.errors
    await visitor.leave()


def test_forged_values_of_widgets_do_no_harm(port: int) -> None:
    """Where Streamlit itself cannot read one, the forger alone is told so, without a trace, and the server goes on."""

    async def forged() -> None:
        visitor = await Visitor.arrive(port, "words", "method=PCA")
        for widget in list(visitor.widgets.values()):
            visitor.values[widget] = "<script>\x00\ud7ff" * 50
        await visitor.run()
        assert all("redacted" in error and "/" not in error.split("(")[0] for error in visitor.errors)
        assert visitor.errors  # so that the log had something to say
        await visitor.leave()
        await fine(port)

    apart(forged())


def test_a_short_list_typed_after_a_long_one_gets_its_map(port: int) -> None:
    """A short list has one menu more, in a part of the page that a typed word does not draw; so have maps of a warm engine."""
    long = quote(", ".join(COMMON))

    async def shortened() -> None:
        visitor = await Visitor.arrive(port, "words", f"method=PCA&words={long}")
        assert not any("Nearest neighbour kept" in text for text in visitor.texts)
        await visitor.type("words", NINE)
        assert not visitor.errors and any("Nearest neighbour kept" in text for text in visitor.texts)
        await visitor.leave()

    apart(shortened())


def test_a_file_over_the_limit_is_refused_while_it_arrives(port: int) -> None:
    """The head says 1 GB: the answer comes before a byte of it; so it does where the token is missing."""

    async def refused() -> None:
        visitor = await Visitor.arrive(port, "words", "method=PCA")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=30) as answer:
            true = re.search(r"_streamlit_xsrf=([^;]+)", str(answer.headers.get_all("Set-Cookie")))
        assert true is not None
        for token, expected in (("", {403}), ("forged", {403}), (true[1], {413})):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            connection.putrequest("PUT", f"/_stcore/upload_file/{visitor.session}/1")
            connection.putheader("Content-Length", str(2**30))
            if token:
                connection.putheader("X-Xsrftoken", token)
                connection.putheader("Cookie", f"_streamlit_xsrf={token}")
            connection.endheaders()
            answer = await asyncio.to_thread(connection.getresponse)
            assert answer.status in expected
            connection.close()
        await visitor.leave()
        await fine(port)

    apart(refused())


def test_three_visitors_ask_for_umap_together(port: int) -> None:
    async def together() -> None:
        visitors = [await Visitor.arrive(port, "words", "method=UMAP") for _ in range(3)]
        await asyncio.gather(
            *(
                visitor.type("words", f"{EIGHT}, {word}")
                for visitor, word in zip(visitors, ("ship", "sun", "red"), strict=True)
            )
        )
        for visitor in visitors:
            assert not visitor.errors
            await visitor.leave()

    apart(together())


def test_who_leaves_during_a_map_keeps_nobody_waiting(port: int) -> None:
    async def leave() -> None:
        leavers = [await Visitor.arrive(port, "words", "method=UMAP") for _ in range(3)]
        going = [
            asyncio.ensure_future(visitor.type("words", f"{EIGHT}, {NINE}, {number}"))
            for number, visitor in enumerate(leavers)
        ]
        await asyncio.sleep(0.2)
        for visitor, task in zip(leavers, going, strict=True):
            await visitor.leave()
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)
        stays = await Visitor.arrive(port, "words", "method=UMAP")
        assert await stays.type("words", NINE) < 30 and not stays.errors
        await stays.leave()

    apart(leave())


def test_of_twenty_changes_at_once_the_last_one_counts(port: int) -> None:
    async def hurry() -> None:
        visitor = await Visitor.arrive(port, "words", "method=PCA")
        widget = visitor.widgets["words"]
        for number in range(20):
            visitor.values[widget] = f"{EIGHT}, {NINE.split(', ')[number % 9]}, word{number}"
            await visitor.ask(visitor.fragments[widget])
        await visitor.quiet(2.0)
        visitor.values[widget] = EIGHT
        await visitor.run(visitor.fragments[widget])
        assert not visitor.errors and visitor.runs < 22  # runs that nobody waits for any more are not begun
        await visitor.leave()
        await fine(port)

    apart(hurry())


def test_who_comes_back_finds_what_was_typed(port: int) -> None:
    """A connection that breaks and returns with the id of its visit goes on where it was."""

    async def back() -> None:
        visitor = await Visitor.arrive(port, "words", "method=PCA")
        await visitor.type("words", f"{NINE}, violin")
        await visitor.leave()
        again = await Visitor.arrive(port, "words", visit=visitor.session)
        assert again.session == visitor.session and not again.errors
        assert "violin" in parse_qs(again.query).get("words", [""])[0]
        await again.leave()
        other = await Visitor.arrive(port, "words", "method=PCA", visit="of-nobody")
        assert other.session not in {"of-nobody", visitor.session} and not other.errors
        await other.leave()

    apart(back())


def test_a_visitor_who_never_reads_slows_nobody(port: int) -> None:
    async def deaf() -> None:
        visitor = await Visitor.arrive(port, "words", "method=PCA")
        widget = visitor.widgets["words"]
        for number in range(60):
            visitor.values[widget] = f"{EIGHT}, word{number}"
            await visitor.ask(visitor.fragments[widget])
        other = await Visitor.arrive(port, "words", "method=PCA")
        assert await other.type("words", NINE) < 20 and not other.errors
        await other.leave()
        visitor.socket.transport.abort()
        await visitor.socket.wait_closed()

    apart(deaf())


def test_the_first_answer_has_its_headers_and_a_foreign_name_gets_none(port: int) -> None:
    def asked(host: str, path: str = "/") -> http.client.HTTPResponse:
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            answer.read()
            return answer

    first = asked(f"localhost:{port}")
    assert first.status == 200 and "frame-ancestors 'self'" in first.headers["Content-Security-Policy"]
    assert first.headers["X-Content-Type-Options"] == "nosniff"
    assert asked("evil.example").status == 421 and asked("evil.example", "/_stcore/stream").status == 421


def test_nothing_in_the_log_shows_a_path_a_trace_or_what_a_visitor_typed(port: int, log: Path) -> None:
    """Typed into boxes, addresses and forged values; the log of all faults above, too."""
    canary = f"canary{secrets.token_hex(4)}"

    async def typed() -> None:
        for page, key in (
            ("words", "words"),
            ("sentences", "sentences"),
            ("context", "sentences"),
            ("learning", "text"),
        ):
            visitor = await Visitor.arrive(
                port, page, f"{key}={quote(f'{canary} /etc/{canary}')}&lens={canary}&kept={canary}"
            )
            for name, widget in list(visitor.widgets.items()):
                if name == key:
                    await visitor.type(name, f"{canary}, =cmd|{canary}, \x00{canary}\n{canary} sat.")
                visitor.values[widget] = f"{canary}\ud7ff"
            await visitor.run()
            await visitor.leave()
        with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
            for path in (
                f"/{canary}?words={canary}",
                f"/media/{canary}",
                f"/component/{canary}/../../{canary}",
            ):
                connection.request("GET", path)
                connection.getresponse().read()

    apart(typed())
    said = log.read_text("utf-8", "replace")
    lines = [
        line for line in said.splitlines() if "http://" not in line
    ]  # where Streamlit says that it listens
    assert len(said) > 100 and "Uncaught app execution" in said  # the forged values above
    assert canary not in said and "script>" not in said
    for word in ("Traceback", 'File "', ".py", "/work", "/home", "site-packages"):
        assert not any(word in line for line in lines), word
