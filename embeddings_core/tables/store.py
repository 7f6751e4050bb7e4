"""Vectors of texts, kept on disk by content and model: what was embedded once is never embedded again.

One SQLite file in the cache folder. A text is kept as its digest only, so nobody reads a table out of it; what a stopped or
killed run has done is there, and the next run goes on from it. A full or read-only disk is no error: nothing is kept then.
"""

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import TypeVar

import numpy as np

from embeddings_core.folders import cache_folder
from embeddings_core.limits import STORED_BYTES
from embeddings_core.spaces.vectors import FloatArray

R = TypeVar("R")
AT_ONCE = 500  # digests a question: SQLite's limit is 999 in old versions
TABLE = "CREATE TABLE IF NOT EXISTS vectors (model TEXT, digest BLOB, vector BLOB, PRIMARY KEY (model, digest)) WITHOUT ROWID"


def digest_of(text: str) -> bytes:
    """Return what a text is kept under."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def recall(texts: Sequence[str], *, model: str) -> dict[str, FloatArray]:
    """Return the vectors that are kept of these texts by this model."""
    names = {digest_of(text): text for text in texts}

    def read(store: sqlite3.Connection) -> dict[str, FloatArray]:
        wanted, found = list(names), {}
        for start in range(0, len(wanted), AT_ONCE):
            part = wanted[start : start + AT_ONCE]
            marks = ",".join("?" * len(part))
            asked = f"SELECT digest, vector FROM vectors WHERE model = ? AND digest IN ({marks})"  # noqa: S608 - only question marks
            for digest, vector in store.execute(asked, (model, *part)):
                found[names[digest]] = np.frombuffer(vector, dtype=np.float32)
        return found

    return _use(read, {})


def keep(texts: Sequence[str], vectors: FloatArray, *, model: str) -> bool:
    """Keep the vectors (n, d) of n texts; tell whether they were kept."""
    rows = [
        (model, digest_of(text), np.ascontiguousarray(vector, dtype=np.float32).tobytes())
        for text, vector in zip(texts, vectors, strict=True)
    ]

    def write(store: sqlite3.Connection) -> bool:
        if _path().stat().st_size > STORED_BYTES:
            store.execute("DELETE FROM vectors")
            store.commit()
            store.execute("VACUUM")
        store.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)
        store.commit()
        return True

    return _use(write, False)


def _path() -> Path:
    return cache_folder() / "table-vectors.sqlite"


def _use(work: Callable[[sqlite3.Connection], R], otherwise: R) -> R:
    """Open the file and work with it; what goes wrong with it is no error, and a damaged file is begun anew."""
    try:
        with closing(sqlite3.connect(_path(), timeout=10.0)) as store:
            store.execute("PRAGMA journal_mode = WAL")
            store.execute(TABLE)
            return work(store)
    except sqlite3.DatabaseError as error:
        if "malformed" in str(error) or "not a database" in str(error):
            with suppress(OSError):
                _path().unlink(missing_ok=True)
    except OSError:
        pass
    return otherwise
