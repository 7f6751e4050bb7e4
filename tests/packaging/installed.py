"""The product installed from its wheel: built once a test session, used without the checkout."""

import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PARTS = [
    "app.py",
    "pages",
    "assets",
    "embeddings_core",
    ".streamlit",
    "pyproject.toml",
    "setup.py",
    "README.md",
    "LICENSE",
]


def build(folder: Path) -> Path:
    """Build the wheel from a copy of the tree, so that no build folder is left in it; return its path."""
    tree = folder / "tree"
    tree.mkdir()
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, tree / part, ignore=shutil.ignore_patterns("__pycache__", "node_modules"))
        else:
            shutil.copy(source, tree)
    command = ["wheel", "--no-build-isolation", "--no-deps", "--no-index", "-w", str(folder), str(tree)]
    pip(*command)
    [wheel] = folder.glob("*.whl")
    return wheel


def pip(*arguments: str) -> None:
    """Run pip; what it says is shown when it fails."""
    command = [sys.executable, "-m", "pip", *arguments]
    done = subprocess.run(
        command, env=clean(), capture_output=True, text=True
    )  # or the checkout counts as installed
    assert done.returncode == 0, done.stdout + done.stderr


class Installed:
    """A virtual environment that holds the wheel; other packages are those of this interpreter."""

    def __init__(self, folder: Path, wheel: Path) -> None:
        self.folder = folder
        venv.create(folder, symlinks=os.name != "nt")
        pip("--python", str(folder), "install", "--no-deps", "--no-index", str(wheel))
        # a plain line in a .pth file: the .pth files of that folder, so the editable checkout, do not count
        (self.packages / "shared.pth").write_text(sysconfig.get_path("purelib") + "\n")

    @property
    def packages(self) -> Path:
        """The folder of installed packages."""
        [found] = [*self.folder.glob("lib/python*/site-packages"), *self.folder.glob("Lib/site-packages")]
        return found

    def program(self, name: str) -> str:
        """Return where a program of the environment lies."""
        return str(self.folder / ("Scripts" if os.name == "nt" else "bin") / name)

    def run(self, *arguments: str, cwd: Path) -> str:
        """Run its Python outside the checkout; return what was printed."""
        done = subprocess.run(
            [self.program("python"), *arguments], cwd=cwd, env=clean(), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def app(self, *, cwd: Path) -> Iterator[int]:
        """Start the app as a user does; yield its port once it answers, stop it afterwards."""
        with started([self.program("embeddings-visualizer")], cwd=cwd) as port:
            yield port


@contextmanager
def started(command: list[str], *, cwd: Path, log: Path | None = None) -> Iterator[int]:
    """Run a command that serves the app, which writes into app.log of `cwd`; yield the port, stop it afterwards."""
    port = free_port()
    options = ["--server.port", str(port), "--server.headless", "true"]
    with (log or cwd / "app.log").open("w") as said:
        process = subprocess.Popen([*command, *options], cwd=cwd, env=clean(), stdout=said, stderr=said)
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def clean() -> dict[str, str]:
    """Return this environment without what points into the checkout."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}


def free_port() -> int:
    """Return a port of this machine that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(address: str, process: subprocess.Popen[bytes], *, seconds: float = 60) -> None:
    """Return when the address answers; fails when the process ends or time runs out."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        assert process.poll() is None, "the server stopped"
        try:
            urllib.request.urlopen(address, timeout=2).read()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"{address} did not answer within {seconds:.0f} s")
