"""What a large file gave, kept as plain numbers in the cache folder: a second opening costs a tenth.

Only for files on disk; what a visitor uploads is never left on the server.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import IO

import numpy as np

from embeddings_core.damage import DAMAGE
from embeddings_core.folders import cache_folder, make_room, written_whole
from embeddings_core.limits import WORD_FILES_BYTES
from embeddings_core.spaces.files.fasttext import Layout, Subwords, open_subwords
from embeddings_core.spaces.files.source import Source, Words

VERSION = 6  # raise it when a reader changes
SMALLEST = 4 * 2**20  # bytes; smaller files open in a moment
GROUPS = ".groups"  # the vectors of letter groups, as numpy saves them


def recall(source: Source, *, limit: int) -> Words | None:
    """Return what this very file (path, size, time of change) gave before; None where it was not kept."""
    path = _path_of(source, limit)
    if path is None or source.path is None:
        return None
    try:
        stored = json.loads(path.with_suffix(".json").read_text("utf-8"))
        vectors = np.load(path, mmap_mode="r", allow_pickle=False)
        subwords = None
        if stored["subwords"]:
            layout = Layout(**stored["subwords"])
            if stored["groups"]:
                groups = np.load(path.with_suffix(GROUPS), mmap_mode="r", allow_pickle=False)
                if groups.shape != (layout.buckets, layout.dimensions):
                    return None
                subwords = (Subwords(groups, layout.shortest, layout.longest, layout.buckets), layout)
            else:
                subwords = (open_subwords(source.path, layout), layout)
        if len(vectors) != len(stored["items"]):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        kinds = stored["kinds"]
        return Words(
            tuple(stored["items"]), vectors, stored["layout"], tuple(stored["notes"]), subwords,
            None if kinds is None else tuple(kinds),
        )  # fmt: skip
    except DAMAGE:
        return None


def keep(source: Source, words: Words, *, limit: int) -> None:
    """Write what a file gave, for the next time; a full or read-only disk is no error."""
    path = _path_of(source, limit)
    if path is None:
        return
    subwords, layout = words.subwords or (None, None)
    if subwords is not None and layout is None:
        return  # the letter groups of a quantised file have no file to be mapped from
    mapped = source.readable and not source.packed  # a packed file's are kept beside its words
    stored = {
        "items": words.items, "layout": words.layout, "notes": words.notes, "groups": subwords is not None and not mapped,
        "subwords": None if layout is None else asdict(layout), "kinds": words.groups,
    }  # fmt: skip
    parts: list[tuple[Path, Callable[[IO[bytes]], object]]] = [
        (path, lambda file: np.save(file, np.asarray(words.vectors), allow_pickle=False)),
        (path.with_suffix(".json"), lambda file: file.write(json.dumps(stored).encode())),
    ]
    if subwords is not None and not mapped:
        groups = np.asarray(subwords.vectors)
        parts.insert(0, (path.with_suffix(GROUPS), lambda file: np.save(file, groups, allow_pickle=False)))
    with contextlib.suppress(OSError):
        for target, write in parts:
            with written_whole(target) as unready, unready.open("wb") as file:
                write(file)
        make_room(path.parent, WORD_FILES_BYTES, spared=path)


def is_kept(path: Path, *, limit: int) -> bool:
    """Tell whether a file opens from what was kept of it, so that it need not be read again."""
    return recall(Source(path), limit=limit) is not None


def _path_of(source: Source, limit: int) -> Path | None:
    if source.path is None or source.size < SMALLEST:
        return None
    place = source.path.resolve()
    identity = f"{VERSION}|{place}|{source.size}|{place.stat().st_mtime_ns}|{limit}"
    return cache_folder() / "word-vectors" / f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}.npy"
