"""Vectors of texts, kept on disk by content and model: what was embedded once is never embedded again.

A folder a model, in it files of records: the digest of a text, 16 bytes, and its vector. A process only ever appends to a file
of its own, so none waits for another one; what a stopped or killed run has written is there, a record cut short is passed over.
Files are mapped, not read. Of texts only digests are kept, so nobody reads a table out of them. A full or read-only disk is no
error: nothing is kept then, and `not_kept` says so. Beyond the budget the files go that were not used for longest.
"""

import hashlib
import os
import re
import secrets
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np

from embeddings_core.errors import is_full
from embeddings_core.folders import cache_folder, check_room, make_room
from embeddings_core.limits import STORED_BYTES, STORED_FILE_BYTES
from embeddings_core.spaces.vectors import FloatArray, IntArray

DIGEST = 16  # bytes
ENDING = ".vectors"  # dimensions, a dash and a random name stand before it
BEFORE = "table-vectors.sqlite"  # where they were kept in the first versions, at three times the bytes
UNWRITABLE = "The cache folder can not be written: these vectors are not kept, and the next time all texts are read again."


_one_at_a_time = threading.Lock()  # of this process: others have files of their own


def digest_of(text: str) -> bytes:
    """Return what a text is kept under."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=DIGEST).digest()


def recall(texts: Sequence[str], *, model: str) -> dict[str, FloatArray]:
    """Return the vectors that are kept of these texts by this model, mapped from their files."""
    wanted = np.array([digest_of(text) for text in texts], dtype=f"V{DIGEST}")
    found: dict[str, FloatArray] = {}
    for file, records in _files(model):
        rows = _places(wanted, np.ascontiguousarray(records["digest"]))
        hits = np.flatnonzero(rows >= 0)
        vectors = records["vector"][rows[hits]]
        found |= {texts[at]: vector for at, vector in zip(hits.tolist(), vectors, strict=True)}
        if len(hits):
            with suppress(OSError):
                os.utime(file)  # used now
    return found


def known(texts: Sequence[str], *, model: str) -> int:
    """Return how many of these different texts have a vector by this model; no vector is read."""
    wanted = np.array([digest_of(text) for text in texts], dtype=f"V{DIGEST}")
    there = np.zeros(len(wanted), dtype=bool)
    for _, records in _files(model):
        there |= _places(wanted, np.ascontiguousarray(records["digest"])) >= 0
    return int(there.sum())


def keep(texts: Sequence[str], vectors: FloatArray, *, model: str) -> bool:
    """Keep the vectors (n, d) of n texts; tell whether they were kept."""
    if not len(texts):
        return True
    records = np.empty(len(texts), dtype=_record(vectors.shape[1]))
    records["digest"] = [digest_of(text) for text in texts]
    records["vector"] = vectors
    try:
        file = _own(_folder(model), vectors.shape[1])
        file.parent.mkdir(parents=True, exist_ok=True)
        with _one_at_a_time, file.open("ab") as out:
            if out.tell() % records.itemsize:  # the disk was full in the middle of a record
                out.truncate(out.tell() // records.itemsize * records.itemsize)
            out.write(records.tobytes())
    except OSError:
        return False
    with suppress(OSError):
        (cache_folder() / BEFORE).unlink(missing_ok=True)
    make_room(_root(), STORED_BYTES, spared=file)
    return True


def not_kept(texts: Sequence[str], *, model: str) -> str:
    """Say in a sentence that vectors of these texts could not be kept, and why; "" where they were."""
    if not texts or known(list(dict.fromkeys(texts)), model=model) == len(set(texts)):
        return ""
    folder = _root() if _root().is_dir() else cache_folder()
    free = 0
    try:
        free = shutil.disk_usage(folder).free
        check_room(folder, 1)
    except OSError as error:
        if not is_full(error):
            return UNWRITABLE
    return (
        f"The disk has no room for these vectors ({free / 2**20:,.0f} MB free): they are not kept, and the next time texts are "
        "read again. Make room, or name another folder in EMBEDDINGS_VISUALIZER_CACHE."
    )


def _record(dimensions: int) -> np.dtype[np.void]:
    return np.dtype([("digest", f"V{DIGEST}"), ("vector", np.float32, (dimensions,))])


def record_bytes(file: Path) -> int:
    """Return how many bytes a record of a file has; 0 where its name does not say how many numbers its vectors have."""
    dimensions = file.name.partition("-")[0]
    return _record(int(dimensions)).itemsize if dimensions.isdecimal() and int(dimensions) else 0


def _root() -> Path:
    return cache_folder() / "table-vectors"


def _folder(model: str) -> Path:
    """Return the folder of a model; its name holds letters of the model's own, and a digest, as ids may hold slashes."""
    named = re.sub(r"[^A-Za-z0-9_.-]+", "-", model)[:60].strip(".") or "model"
    return _root() / f"{named}-{hashlib.blake2b(model.encode(), digest_size=6).hexdigest()}"


def _files(model: str) -> Iterator[tuple[Path, np.ndarray]]:
    """Yield the files of a model, the oldest first, with their whole records."""
    for _, _, file in _oldest_first(_folder(model).glob(f"*{ENDING}")):
        dimensions = file.name.partition("-")[0]
        if not dimensions.isdecimal() or not int(dimensions):
            continue
        record = _record(int(dimensions))
        with suppress(OSError, ValueError):
            count = file.stat().st_size // record.itemsize
            if count:
                yield file, np.memmap(file, dtype=record, mode="r", shape=(count,))


def _places(wanted: np.ndarray, digests: np.ndarray) -> IntArray:
    """Return where each wanted digest stands among the others, −1 where it does not."""
    ours, theirs = wanted.view("<u8").reshape(-1, 2), digests.view("<u8").reshape(-1, 2)
    order = np.argsort(theirs[:, 0], kind="stable")
    heads = theirs[order, 0]
    at = np.searchsorted(heads, ours[:, 0], side="right") - 1  # of equal ones the newest
    found = np.where(at >= 0, order[np.maximum(at, 0)], 0)
    same = (at >= 0) & (theirs[found] == ours).all(axis=1)
    return np.where(same, found, -1).astype(np.int64)


@cache
def _name(process: int, turn: int) -> str:
    return secrets.token_hex(6)


def _own(folder: Path, dimensions: int) -> Path:
    """Return the file that this process appends to: the first of its own that is not large yet."""
    turn = 0
    while True:
        file = folder / f"{dimensions}-{_name(os.getpid(), turn)}{ENDING}"
        if not file.exists() or file.stat().st_size < STORED_FILE_BYTES:
            return file
        turn += 1


def _oldest_first(files: Iterable[Path]) -> list[tuple[float, int, Path]]:
    """Return (time of use, bytes, file) of files that are still there: another server of this machine may remove some meanwhile."""
    found = []
    with suppress(OSError):
        for file in files:
            with suppress(OSError):
                told = file.stat()
                found.append((told.st_mtime, told.st_size, file))
    return sorted(found)
