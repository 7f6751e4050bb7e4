"""The tables of the folder that whoever starts the server names: offered by name, read without a limit of size."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from embeddings_core.folders import entries_of
from embeddings_core.tables.lance_rows import ENDING as LANCE
from embeddings_core.tables.reading import ENDINGS

FOLDER = "EMBEDDINGS_VISUALIZER_TABLES"
ID = "disk-"  # how the ids of its tables begin in addresses
LISTED = 100
NEVER = (
    "png",
    "jpg",
    "jpeg",
    "webp",
    "zip",
)  # of the endings: sprites, and archives whose pictures a model looks at


@dataclass(frozen=True)
class FileOnDisk:
    """A table of the folder: its id, its path, and when it last changed (nanoseconds)."""

    id: str
    path: Path
    changed: int


def files_on_disk() -> tuple[FileOnDisk, ...]:
    """List the tables of the folder that `EMBEDDINGS_VISUALIZER_TABLES` names; empty where it names none."""
    paths = [path for path in entries_of(FOLDER) if _is_table(path)]
    return tuple(FileOnDisk(_id(path), path, _changed(path)) for path in paths[:LISTED])


def file_on_disk(id: str) -> FileOnDisk | None:
    """Return the table of the folder with this id; None where there is none (any more)."""
    if not id.startswith(ID):
        return None
    return next((file for file in files_on_disk() if file.id == id), None)


def _id(path: Path) -> str:
    return ID + hashlib.sha256(path.name.encode("utf-8", "surrogateescape")).hexdigest()[:12]


def _is_table(path: Path) -> bool:
    if path.suffix == LANCE:
        return (path / "_versions").is_dir()
    ending = path.suffix.lower().lstrip(".")
    return ending in ENDINGS and ending not in NEVER and path.is_file()


def _changed(path: Path) -> int:
    try:
        return (path / "_versions" if path.suffix == LANCE else path).stat().st_mtime_ns
    except OSError:
        return 0
