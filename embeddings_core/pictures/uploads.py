"""A visitor's upload, read file by file in the worker process: what a bad file breaks is not the server."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from pathlib import PurePosixPath
from typing import BinaryIO

from embeddings_core import jobs
from embeddings_core.errors import EmbeddingsError
from embeddings_core.limits import ARCHIVE_SECONDS, FILE_BYTES, IMAGES, PARSING_SECONDS
from embeddings_core.memory import give_back
from embeddings_core.pictures.files import ImageBatch, ImageFile, open_images
from embeddings_core.spaces.images import TOO_LARGE
from embeddings_core.spaces.texts import clean_label, unlike

Progress = Callable[[int], object]  # files done


def read_uploads(
    uploads: Iterable[tuple[str, BinaryIO]],
    *,
    before: Iterable[ImageFile] = (),
    taken: Collection[str] = (),
    limit: int = IMAGES,
    progress: Progress | None = None,
) -> ImageBatch:
    """Read pictures and ZIP archives, one after the other, each in the worker; return old and new pictures.

    Takes pairs of (name, stream); `before` are the pictures that are there already: the same content raises
    their count. Every new picture gets a name that no other has and that is not `taken`: a second "cat.jpg"
    becomes "cat (2).jpg". `problems` has one sentence for each file left out, also where it stopped the
    worker. At most `limit` different pictures in all. `progress` is called with the files done.
    """
    found = {file.digest: file for file in before}
    names = {*taken, *(file.name for file in found.values())}
    problems: list[str] = []
    notes: list[str] = []
    doubles = over = 0
    for done, (name, stream) in enumerate(uploads, start=1):
        batch = _one(name, stream)
        problems += batch.problems
        notes += [
            note for note in batch.notes if not note.endswith("share a point.")
        ]  # copies are counted here
        for file in batch.files:
            if file.digest in found:
                doubles += file.count
                old = found[file.digest]
                found[file.digest] = replace(old, count=old.count + file.count)
            elif len(found) >= limit:
                over += 1
            else:
                doubles += file.count - 1
                fresh = replace(file, name=unlike(file.name, names))
                found[file.digest] = fresh
                names.add(fresh.name)
        if progress is not None:
            progress(done)
    if over:
        notes.insert(0, f"{len(found) + over} pictures; the limit is {limit}. The first {limit} are used.")
    if doubles:
        copies = "1 copy" if doubles == 1 else f"{doubles} copies"
        notes.append(f"{copies} of content that was there already: the same content shares a point.")
    give_back()
    return ImageBatch(tuple(found.values()), tuple(problems), tuple(notes))


def _one(name: str, stream: BinaryIO) -> ImageBatch:
    content = stream.read(FILE_BYTES + 1)
    if len(content) > FILE_BYTES:
        return ImageBatch((), (f'"{_shown(name)}": {TOO_LARGE}',))
    try:
        seconds = ARCHIVE_SECONDS if content[:2] == b"PK" else PARSING_SECONDS
        return jobs.within(seconds, reading=True).run(open_images, [(name, content)])
    except EmbeddingsError as error:  # stopped by time, memory or a crash: the other files go on
        return ImageBatch((), (f'"{_shown(name)}": {error}',))


def _shown(name: str) -> str:
    return clean_label(PurePosixPath(name.replace("\\", "/")).name)
