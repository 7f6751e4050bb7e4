"""A second opening costs a tenth: what a large file gave is kept as plain numbers in the cache folder.

Only for files on disk; what a visitor uploads is never left on the server.
"""

import contextlib
import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path

import numpy as np

from embeddings_core.models.runtime import cache_folder
from embeddings_core.vector_files.fasttext import open_subwords
from embeddings_core.vector_files.fasttext_layout import Layout
from embeddings_core.vector_files.source import Source, Words

VERSION = 2  # raise it when a reader changes
SMALLEST = 4 * 2**20  # bytes; smaller files open in a moment
KEPT = 8  # files; the oldest go first


def recall(source: Source, *, limit: int) -> Words | None:
    """Return what this very file (place, size, time of change) gave before; None where it was not kept."""
    place = _place(source, limit)
    if place is None or source.path is None:
        return None
    try:
        told = json.loads(place.with_suffix(".json").read_text("utf-8"))
        vectors = np.load(place, mmap_mode="r", allow_pickle=False)
        subwords = None
        if told["subwords"]:
            layout = Layout(**told["subwords"])
            subwords = (open_subwords(source.path, layout), layout)
        if len(vectors) != len(told["items"]):
            return None
        os.utime(place)
        return Words(tuple(told["items"]), vectors, told["layout"], tuple(told["notes"]), subwords)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(source: Source, words: Words, *, limit: int) -> None:
    """Write what a file gave, for the next time; a full or read-only disk is no error."""
    place = _place(source, limit)
    if place is None:
        return
    layout = None
    if words.subwords and words.subwords[1] and source.readable and not source.packed:
        layout = asdict(words.subwords[1])
    if words.subwords and layout is None:
        return  # the letter groups of a packed or quantised file have no place to be mapped from
    told = {"items": words.items, "layout": words.layout, "notes": words.notes, "subwords": layout}
    with contextlib.suppress(OSError):
        half = place.with_suffix(f".{os.getpid()}")
        for target, write in (
            (place, lambda file: np.save(file, np.asarray(words.vectors), allow_pickle=False)),
            (place.with_suffix(".json"), lambda file: file.write(json.dumps(told).encode())),
        ):
            with half.open("wb") as file:
                write(file)
            half.replace(target)
        old = sorted(place.parent.glob("*.npy"), key=lambda path: path.stat().st_mtime)[:-KEPT]
        for path in old:
            path.unlink()
            path.with_suffix(".json").unlink(missing_ok=True)


def _place(source: Source, limit: int) -> Path | None:
    if source.path is None or source.size < SMALLEST:
        return None
    told = source.path.resolve()
    stamp = f"{VERSION}|{told}|{source.size}|{told.stat().st_mtime_ns}|{limit}"
    try:
        folder = cache_folder() / "word-vectors"
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder / f"{hashlib.sha256(stamp.encode()).hexdigest()[:32]}.npy"
