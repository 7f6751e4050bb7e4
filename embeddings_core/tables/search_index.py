"""An index for the search by meaning among very many vectors, kept on disk: lists of near rows, a byte a number.

An inverted file with scalar quantisation: k-means of a sample gives the centres of the lists, each row stands in the list of
its nearest centre, scaled to length 1 and rounded to 8 bits. A search looks through the lists whose centres are nearest and
computes the cosines of the best anew from the vectors themselves. The index is a folder of arrays, which are mapped, not read.
"""

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np

from embeddings_core.damage import DAMAGE
from embeddings_core.errors import BadInputError
from embeddings_core.folders import UNREADY, cache_folder, remove_folder
from embeddings_core.jobs.shared import unless_stopped
from embeddings_core.limits import INDEXES_BYTES
from embeddings_core.maps.knn_graph import coordinates
from embeddings_core.maps.large_map import Vectors, blocks, representative_rows
from embeddings_core.maps.neighbour_descent import moved_centres, nearest_centres
from embeddings_core.spaces.vectors import FloatArray, IntArray
from embeddings_core.tables.large_tables import Source, read_source

VERSION = 1  # of how an index is made; another one begins anew
MOST_LISTS, ROWS_A_LIST = 2_048, 128  # lists of an index, and the fewest rows that they hold on average
LEARNED = 16  # rows a list from which the centres are found
STEPS = 3  # of k-means: more find hardly better lists
PROBES, LOOKED_AT = 24, 16_384  # lists that a search looks through at least, and rows in them
CANDIDATES = 4  # rows a result whose cosines are computed anew
PIECES = 8  # of a block of rows, shared out among threads
STALE_SECONDS = 24 * 3_600.0  # after which a folder that was never finished goes
Progress = Callable[[int, int], object]


def index_folder(key: str) -> Path:
    """Return where the index of what is called so is kept."""
    name = hashlib.blake2b(f"{VERSION} {key}".encode(), digest_size=16).hexdigest()
    return cache_folder() / "search-indexes" / name


def open_index(folder: Path) -> "SearchIndex | None":
    """Open the index of a folder; None where there is none, or it is damaged. What was opened longest ago makes room."""
    try:
        found = SearchIndex(folder)
    except DAMAGE:
        return None
    with suppress(OSError):  # another process was quicker
        os.utime(folder)
        _make_room(folder)
    return found


class SearchIndex:
    """An index of n vectors (n, d) that `make_index` has made in a folder."""

    def __init__(self, folder: Path) -> None:
        self._codes = np.load(folder / "codes.npy", mmap_mode="r", allow_pickle=False)
        self._scales, self._rows, self._ends, self._centres = (
            np.load(folder / f"{name}.npy", allow_pickle=False)
            for name in ("scales", "rows", "ends", "centres")
        )
        n, lists = len(self._codes), len(self._centres)
        whole = len(self._rows) == len(self._scales) == n and len(self._ends) == lists + 1
        if (
            not whole
            or self._ends[-1] != n
            or np.any(np.diff(self._ends) < 0)
            or not 0 <= self._rows.min() <= self._rows.max() < n
        ):
            raise ValueError("lists that point outside")
        self._half = 0.5 * np.einsum("ij,ij->i", self._centres, self._centres)

    def __len__(self) -> int:
        return len(self._rows)

    def nearest(
        self, query: FloatArray, k: int, *, vectors: Callable[[IntArray], FloatArray]
    ) -> tuple[IntArray, FloatArray]:
        """Return nearly all of the k rows nearest to a vector (d,), best first, with their cosines.

        `vectors` gives the vectors of some rows; the cosines of the best candidates are theirs.
        """
        asked = coordinates(np.asarray(query, dtype=np.float32)[None])[0]
        if not np.any(asked):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        closeness = self._centres @ asked - self._half
        nearest = np.argsort(-closeness, kind="stable")
        held = np.cumsum(np.diff(self._ends)[nearest])
        count = max(PROBES, int(np.searchsorted(held, LOOKED_AT)) + 1)
        lists = np.sort(nearest[:count])
        spans = [slice(int(self._ends[at]), int(self._ends[at + 1])) for at in lists]
        # list by list: what one takes as numbers stays in the processor's cache
        parts = [self._codes[span].astype(np.float32) @ asked * self._scales[span] for span in spans]
        scores = np.concatenate(parts)
        rows = np.concatenate([self._rows[span] for span in spans])
        most = min(k * CANDIDATES, len(rows))
        rows = np.sort(rows[np.argpartition(-scores, most - 1)[:most]]).astype(np.int64) if most else rows[:0]
        exact = coordinates(np.asarray(vectors(rows), dtype=np.float32)) @ asked
        best = np.argsort(-exact, kind="stable")[:k]
        return rows[best], exact[best]


def make_index(
    source: Source,
    folder: str,
    *,
    progress: Progress = lambda done, total: None,
    should_stop: Callable[[], bool] = lambda: False,
) -> None:
    """Make the index of n vectors in a folder, which is there once it is whole; `progress` gets (done, total) in rows.

    Finding the centres counts as half as many rows as there are. Raises JobError where it was stopped, BadInputError where
    the disk has no room.
    """
    place = Path(folder)
    unready = place.with_name(f"{secrets.token_hex(6)}{UNREADY}")
    try:
        unready.mkdir(parents=True)
        _make(read_source(source), unready, progress, should_stop)
        if open_index(place) is None:  # else another process was first
            remove_folder(place)  # damaged: it would lie in the way for ever
            with suppress(OSError):
                unready.rename(place)
    except OSError as error:
        raise BadInputError(
            "The cache folder has no room for the index of the search; make room, or name another folder in "
            "EMBEDDINGS_VISUALIZER_CACHE. Searches look at every row until then."
        ) from error
    finally:
        shutil.rmtree(unready, ignore_errors=True)


def _make(vectors: Vectors, folder: Path, progress: Progress, should_stop: Callable[[], bool]) -> None:
    n, d = vectors.shape
    total = n + n // 2

    told = unless_stopped(progress, should_stop)
    told(0, total)
    count = max(1, min(MOST_LISTS, n // ROWS_A_LIST))
    sample = coordinates(np.asarray(vectors[representative_rows(n, count=count * LEARNED)], dtype=np.float32))
    centres = sample[np.random.default_rng(0).permutation(len(sample))[:count]].copy()
    for step in range(STEPS):
        centres = moved_centres(sample, centres)
        told(n // 2 * (step + 1) // STEPS, total)
    del sample
    labels, scales = np.empty(n, dtype=np.int32), np.empty(n, dtype=np.float32)
    unsorted = _with_room(folder / "unsorted.npy", (n, d))
    with ThreadPoolExecutor(max(1, min(2, os.cpu_count() or 1))) as pool:
        for part, block in blocks(vectors):
            own = coordinates(block)
            found = pool.map(partial(nearest_centres, centres=centres), np.array_split(own, PIECES))
            labels[part] = np.concatenate(list(found))
            largest = np.abs(own).max(axis=1)
            scales[part] = largest / 127
            unsorted[part] = np.rint(own * (127 / np.maximum(largest, 1e-12))[:, None]).astype(np.int8)
            told(n // 2 + part.stop, total)
    rows = np.argsort(labels, kind="stable").astype(np.int32)
    codes = _with_room(folder / "codes.npy", (n, d))
    for start in range(0, n, 2**16):
        codes[start : start + 2**16] = unsorted[rows[start : start + 2**16]]
    codes.flush()
    del codes, unsorted
    (folder / "unsorted.npy").unlink()
    ends = np.searchsorted(labels[rows], np.arange(count + 1))
    arrays: dict[str, np.ndarray] = {"scales": scales[rows], "rows": rows, "ends": ends, "centres": centres}
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)


def _with_room(file: Path, shape: tuple[int, int]) -> np.memmap:
    """Map a new file of bytes whose room is taken at once: on a full disk, writing to a map of less ends the process."""
    array = np.lib.format.open_memmap(file, mode="w+", dtype=np.int8, shape=shape)
    if hasattr(os, "posix_fallocate"):
        with file.open("r+b") as opened:
            os.posix_fallocate(opened.fileno(), 0, file.stat().st_size)
    return array


def _make_room(spared: Path) -> None:
    """Let the indexes go that were opened longest ago, until the others fit, and what was begun and never finished."""
    folders = sorted(
        (each for each in spared.parent.iterdir() if each.is_dir()), key=lambda each: each.stat().st_mtime
    )
    sizes = {folder: sum(file.stat().st_size for file in folder.iterdir()) for folder in folders}
    size = sum(sizes.values())
    for folder in folders:
        stale = "." in folder.name and time.time() - folder.stat().st_mtime > STALE_SECONDS
        if stale or (size > INDEXES_BYTES and folder != spared and "." not in folder.name):
            size -= sizes[folder]
            remove_folder(folder)
