"""The app as a server: the one process of Streamlit that this command becomes."""

import os
import subprocess
import sys
from collections.abc import Sequence

from embeddings_core.folders import ROOT


def serve(options: Sequence[str]) -> None:
    """Become the server of the app; `options` go to Streamlit. Does not return, except on Windows."""
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    os.chdir(ROOT)  # where its settings are
    if os.name == "posix":  # a signal to stop then reaches the server itself
        os.execv(sys.executable, command)  # noqa: S606 # our own interpreter and our own file
    raise SystemExit(subprocess.run(command).returncode)  # noqa: S603
