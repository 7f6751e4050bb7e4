"""The app as a server: one process of Streamlit, or several behind nginx, where each visitor stays with one of them."""

import argparse
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from string import Template
from typing import NoReturn

from embeddings_core.errors import BadInputError
from embeddings_core.folders import ASSETS, ROOT
from embeddings_core.headers import is_loopback

SETTINGS = ROOT / ".streamlit" / "config.toml"
PROXY = ASSETS / "proxy"
START, STOP = 60.0, 15.0  # seconds that a process has to answer, and to end
MOST = 64  # processes


def serve(options: Sequence[str], *, processes: int = 1) -> NoReturn:
    """Serve the app until the process is stopped; `options` go to Streamlit.

    Raises BadInputError where several processes are asked for and nginx is not installed, or cannot start.
    """
    if processes > 1:
        _serve_many(options, processes)
    os.chdir(ROOT)  # where its settings are
    command = _streamlit(options)
    if os.name == "posix":  # this process becomes the server, so that a signal to stop reaches it
        os.execv(sys.executable, command)  # noqa: S606 # our own interpreter and our own file
    raise SystemExit(subprocess.run(command).returncode)  # noqa: S603


def _streamlit(options: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "streamlit", "run", "app.py", *options]


def _address(options: Sequence[str]) -> tuple[str, int, list[str]]:
    """Return (host, port, other options): what Streamlit would have listened on."""
    settings = tomllib.loads(SETTINGS.read_text("utf-8"))["server"]
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    environment = os.environ.get
    parser.add_argument(
        "--server.address",
        dest="host",
        default=environment("STREAMLIT_SERVER_ADDRESS", settings["address"]),
    )
    parser.add_argument(
        "--server.port", dest="port", type=int, default=int(environment("STREAMLIT_SERVER_PORT", "8501"))
    )
    parser.add_argument("--server.headless", dest="headless")  # no browser is opened here
    found, others = parser.parse_known_args(options)
    return found.host, found.port, others


def _serve_many(options: Sequence[str], processes: int) -> NoReturn:
    nginx = shutil.which("nginx", path=os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin")))
    if processes > MOST:
        raise BadInputError(
            f"{processes} processes are asked for; the limit is {MOST}, one a core is enough."
        )
    if nginx is None or os.name != "posix":
        raise BadInputError(
            "Several processes need nginx in front of them, and it is not installed: apt-get install nginx-light, "
            "or leave --processes away."
        )
    host, port, others = _address(options)
    ports = _free_ports(processes)
    signal.signal(signal.SIGTERM, _stop)
    with ExitStack() as running:  # everything that is started is stopped, last the folder goes
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="embeddings-visualizer-")))
        folder.chmod(0o711)  # started by root, nginx works as another user
        if is_loopback(
            host
        ):  # for this computer alone: its processes refuse other names behind the proxy, too
            os.environ.setdefault("STREAMLIT_BROWSER_SERVER_ADDRESS", "localhost")
        servers = {each: _start(_app(each, others), running) for each in ports}
        for each in ports:
            _wait(each, servers[each])
        write_proxy(folder, listen=f"{host}:{port}", ports=ports)
        proxy = _start([nginx, "-p", str(folder), "-c", "nginx.conf", "-g", "daemon off;"], running)
        _wait(port, proxy, host="127.0.0.1" if host == "0.0.0.0" else host)  # noqa: S104 # compared, not bound
        running.callback(_terminate, proxy, servers)  # at once; then each is waited for
        print(f"{processes} processes serve http://{host}:{port}", flush=True)  # noqa: T201
        while proxy.poll() is None:
            for each in ports:
                if (
                    servers[each].poll() is not None
                ):  # one that fell is started again; its visitors begin anew
                    servers[each] = _start(_app(each, others), running)
            time.sleep(1)
        raise BadInputError("nginx ended; what it said stands above.")


def write_proxy(folder: Path, *, listen: str, ports: Sequence[int]) -> None:
    """Write nginx's settings into a folder: it listens on `listen` and passes on to these ports of this machine."""
    servers = " ".join(f"server 127.0.0.1:{port} max_fails=0;" for port in ports)
    site = Template((PROXY / "site.conf").read_text("utf-8"))
    (folder / "site.conf").write_text(site.safe_substitute(SERVERS=servers, LISTEN=listen), "utf-8")
    shutil.copy(PROXY / "nginx.conf", folder)


def _app(port: int, options: Sequence[str]) -> list[str]:
    ours = ("--server.address", "127.0.0.1", "--server.port", str(port), "--server.headless", "true")
    return _streamlit([*options, *ours])


def _start(command: Sequence[str], running: ExitStack) -> subprocess.Popen[bytes]:
    """Start a process that ends with the stack."""
    # one secret for all, so that what one process signed another one reads
    secret = {
        "STREAMLIT_SERVER_COOKIE_SECRET": os.environ.setdefault(
            "STREAMLIT_SERVER_COOKIE_SECRET", secrets.token_hex()
        )
    }
    quiet = subprocess.DEVNULL  # Streamlit tells where each process listens, and nobody should go there
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **secret}, stdout=quiet)  # noqa: S603
    running.callback(_end, process)
    return process


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _terminate(proxy: subprocess.Popen[bytes], servers: Mapping[int, subprocess.Popen[bytes]]) -> None:
    for process in (proxy, *servers.values()):
        process.terminate()


def _stop(number: int, frame: object) -> NoReturn:
    raise SystemExit(0)


def _free_ports(count: int) -> list[int]:
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]


def _wait(port: int, process: subprocess.Popen[bytes], *, host: str = "127.0.0.1") -> None:
    """Return once somebody listens."""
    end = time.monotonic() + START
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection((host, port), 1.0).close()
            return
        except OSError:
            time.sleep(0.1)
    raise BadInputError(f"Nothing answers on port {port}; is it in use? What the server said stands above.")
