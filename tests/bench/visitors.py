"""Visitors without a browser: speak Streamlit's own websocket protocol, as its front end does."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

ROOT = Path(__file__).resolve().parents[2]
FAILED, REFUSED = (
    "Something went wrong on our side",
    "people are already waiting",
)  # answers that nobody should get
SILENCE = 240.0  # seconds without a word, after which a visit is given up: a large table is read meanwhile
UNFINISHED = {ForwardMsg.FINISHED_EARLY_FOR_RERUN}  # the answer is still to come


@contextmanager
def server(
    script: str | Path = "app.py", *, folder: Path = ROOT, log: Path | None = None
) -> Iterator[tuple[int, int]]:
    """Start the application on a free port of this machine; yield (port, process id); stop it afterwards.

    What it and its workers say goes into the file `log`.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(script),
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    with Path(log or os.devnull).open("wb") as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said)
    try:
        while True:
            assert process.poll() is None, "the server stopped"
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).read()
                break
            except OSError:
                time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds a process has used so far, its children not counted."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int, kind: str = "VmRSS") -> float:
    """Return the resident memory of a process in MB: now, at its highest (VmHWM), or without mapped files (RssAnon)."""
    line = next(row for row in Path(f"/proc/{pid}/status").read_text().splitlines() if row.startswith(kind))
    return int(line.split()[1]) / 1024


def cookies(address: str) -> dict[str, str]:
    """Fetch the page at an address, and return the header that sends its cookies back."""
    with urllib.request.urlopen(f"{address}/", timeout=60) as answer:
        kept = [line.partition(";")[0] for line in answer.headers.get_all("Set-Cookie") or ()]
    return {"Cookie": "; ".join(kept)} if kept else {}


class Visitor:
    """One visitor: opens a page, then changes its widgets; remembers what the server said of each."""

    def __init__(self, socket: ClientConnection, page: str, query: str = "") -> None:
        self.socket, self.page, self.query = socket, page, query
        self.widgets: dict[str, str] = {}  # user key → widget id
        self.fragments: dict[
            str, str
        ] = {}  # widget id → the part of the page that alone is drawn after a change
        self.values: dict[str, object] = {}
        self.hash = ""  # of the page, as the server names it
        self.errors: list[str] = []
        self.texts: list[str] = []  # the texts of the last run
        self.session = ""  # the id of the visit
        self.runs = 0  # how many runs of the page have begun
        self.held: set[str] = (
            set()
        )  # large messages that a browser keeps: the server then sends their hash alone
        self.bytes = 0

    @classmethod
    async def arrive(cls, at: int | str, page: str = "", query: str = "", *, visit: str = "") -> "Visitor":
        """Connect and run the page once; `at` is a port of this machine, or the address of a server or of a proxy.

        `visit` is the id of a visit whose connection broke: it goes on.

        At an address the page itself is fetched first, and what it asks to be remembered is sent along: a proxy before
        several processes knows a visit by such a cookie.
        """
        address = f"http://127.0.0.1:{at}" if isinstance(at, int) else at.rstrip("/")
        told = {} if isinstance(at, int) else await asyncio.to_thread(cookies, address)
        socket = await connect(
            f"ws{address.removeprefix('http')}/_stcore/stream",
            max_size=None,
            subprotocols=[
                Subprotocol(part) for part in (("streamlit", "none", visit) if visit else ("streamlit",))
            ],
            origin=address,
            ping_interval=None,
            open_timeout=60,
            additional_headers=told,
        )
        visitor = cls(socket, page, query)
        await visitor.run()
        return visitor

    async def ask(self, fragment: str = "") -> None:
        """Ask for a run of the page, or of a part of it, with the present values; wait for nothing."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = self.page
        message.rerun_script.page_script_hash = self.hash if fragment else ""
        message.rerun_script.fragment_id = fragment
        message.rerun_script.cached_message_hashes.extend(self.held)
        for widget, value in self.values.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id = widget
            if isinstance(value, bool):
                state.trigger_value = value
            else:
                state.string_value = str(value)
        await self.socket.send(message.SerializeToString())

    async def run(self, fragment: str = "") -> float:
        """Run the page, or a part of it, with the present values; return the seconds until the server had finished."""
        start = time.perf_counter()
        self.texts = []
        await self.ask(fragment)
        while not await self._hear(SILENCE):
            pass
        return time.perf_counter() - start

    async def quiet(self, seconds: float) -> None:
        """Listen until the server has said nothing for so long."""
        with suppress(TimeoutError):
            while True:
                await self._hear(seconds)

    async def _hear(self, seconds: float) -> bool:
        """Take in one message; tell whether it ends a run."""
        raw = await asyncio.wait_for(self.socket.recv(), seconds)
        self.bytes += len(raw)
        answer = ForwardMsg()
        answer.ParseFromString(raw)
        if answer.metadata.cacheable and answer.hash:
            self.held.add(answer.hash)
        self._learn(answer)
        return answer.WhichOneof("type") == "script_finished" and answer.script_finished not in UNFINISHED

    def _learn(self, answer: ForwardMsg) -> None:
        if answer.WhichOneof("type") == "new_session":
            self.session = answer.new_session.initialize.session_id
            self.runs += 1
        if answer.WhichOneof("type") == "navigation":
            # which page it is: a new session names the entry script alone
            self.hash = answer.navigation.page_script_hash
        if answer.WhichOneof("type") == "page_info_changed":
            self.query = answer.page_info_changed.query_string.removeprefix("?")
        if answer.WhichOneof("type") != "delta" or answer.delta.WhichOneof("type") != "new_element":
            return
        element = answer.delta.new_element
        kind = element.WhichOneof("type")
        if kind == "exception":
            self.errors.append(element.exception.message)
        if kind == "text":
            self.texts.append(element.text.body)
            if element.text.body.startswith(FAILED) or REFUSED in element.text.body:
                self.errors.append(element.text.body)
        identity = getattr(getattr(element, kind), "id", "") if kind else ""
        if identity:
            self.widgets[identity.split("-", 2)[-1]] = identity  # "$$ID-", a hash, the key
            self.fragments[identity] = answer.delta.fragment_id

    async def type(self, key: str, text: str) -> float:
        """Put text into the widget with this key; return the seconds until the server had finished."""
        widget = self.widgets[key]
        self.values[widget] = text
        return await self.run(self.fragments[widget])

    async def press(self, key: str) -> float:
        """Press the button with this key; return the seconds until the server had finished."""
        widget = self.widgets[key]
        self.values[widget] = True
        try:
            return await self.run(self.fragments[widget])
        finally:
            del self.values[widget]  # a press is one moment

    async def leave(self) -> None:
        """Close the connection."""
        await self.socket.close()
