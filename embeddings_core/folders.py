"""Where files lie: what is bundled, and what is computed once and kept; every path of the package starts here."""

import os
from functools import lru_cache
from pathlib import Path

_PARENT = (
    Path(__file__).resolve().parents[1]
)  # of the package: the checkout, or the folder of installed packages
INSTALLED = (_PARENT / "embeddings_visualizer").is_dir()  # from a wheel; setup.py puts the app there
ROOT = _PARENT / "embeddings_visualizer" if INSTALLED else _PARENT  # holds app.py, pages/ and assets/
ASSETS = ROOT / "assets"
STAGE = ASSETS / "stage"


@lru_cache(maxsize=1)
def cache_folder() -> Path:
    """Return the folder for what is computed once and may be deleted at any time; made on first use."""
    chosen = os.environ.get("EMBEDDINGS_VISUALIZER_CACHE")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(chosen) if chosen else home / "embeddings-visualizer"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def entries_of(variable: str) -> tuple[Path, ...]:
    """List what lies in the folder that this environment variable names, sorted; empty where it names none.

    Hidden entries are left out. Only who starts the server can name it: nothing that a visitor types becomes a path.
    """
    named = os.environ.get(variable, "")
    folder = Path(named).expanduser()
    if not named or not folder.is_dir():
        return ()
    return tuple(path for path in sorted(folder.iterdir()) if not path.name.startswith("."))
