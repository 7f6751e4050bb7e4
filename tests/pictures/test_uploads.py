"""A visitor's upload through the worker: good files arrive, bad ones are named, copies are counted, names differ."""

import io
import zipfile
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from embeddings_core import jobs
from embeddings_core.errors import JobError
from embeddings_core.pictures import uploads
from embeddings_core.pictures.uploads import read_uploads


def picture(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (24, 24, 3), dtype=np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def streams(**files: bytes) -> list[tuple[str, io.BytesIO]]:
    return [
        (name.replace("__", ".").replace("_", " "), io.BytesIO(content)) for name, content in files.items()
    ]


def test_files_are_read_and_bad_ones_named() -> None:
    done: list[int] = []
    batch = read_uploads(
        streams(a__png=picture(1), bad__jpg=b"nothing of the kind", b__png=picture(2)), progress=done.append
    )
    assert [file.name for file in batch.files] == ["a.png", "b.png"]
    assert len(batch.problems) == 1 and batch.problems[0].startswith('"bad.jpg": ')
    assert done == [1, 2, 3]


def test_the_same_content_is_counted_and_the_same_name_numbered() -> None:
    """a.png twice with other content: "a (2).png"; a third file repeats the first one: count 2."""
    first = read_uploads(streams(a__png=picture(1)))
    batch = read_uploads(
        [*streams(a__png=picture(2)), ("copy.png", io.BytesIO(picture(1)))],
        before=first.files,
        taken=("a (2).png",),
    )
    assert [(file.name, file.count) for file in batch.files] == [("a.png", 2), ("a (3).png", 1)]
    assert any("1 copy" in note for note in batch.notes)


def test_an_archive_counts_its_copies_and_keeps_its_folders() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name, seed in (("cats/a.png", 1), ("cats/b.png", 1), ("dogs/c.png", 2), ("../out.png", 3)):
            packed.writestr(name, picture(seed))
    batch = read_uploads([("pets.zip", io.BytesIO(buffer.getvalue()))])
    assert [(file.name, file.group, file.count) for file in batch.files] == [
        ("a.png", "cats", 2), ("c.png", "dogs", 1),
    ]  # fmt: skip
    assert len(batch.problems) == 1 and "out.png" in batch.problems[0]


def test_the_limit_holds_over_all_uploads() -> None:
    before = read_uploads(streams(a__png=picture(1), b__png=picture(2))).files
    batch = read_uploads(streams(c__png=picture(3), d__png=picture(4)), before=before, limit=3)
    assert [file.name for file in batch.files] == ["a.png", "b.png", "c.png"]
    assert batch.notes[0] == "4 pictures; the limit is 3. The first 3 are used."


def test_a_file_that_stops_the_worker_is_named_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(function: Callable[..., object], uploads: list[tuple[str, bytes]]) -> object:
        if uploads[0][0] == "evil.png":
            raise JobError("The computation stopped: this input was too much for it.")
        return jobs.run(function, uploads)

    monkeypatch.setattr(uploads.jobs, "within", lambda timeout, **_: SimpleNamespace(run=stopped))
    batch = read_uploads(streams(evil__png=picture(1), good__png=picture(2)))
    assert [file.name for file in batch.files] == ["good.png"]
    assert batch.problems == ('"evil.png": The computation stopped: this input was too much for it.',)


def test_a_file_over_the_limit_is_not_sent_to_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "FILE_BYTES", 100)
    batch = read_uploads(streams(large__png=picture(1)))
    assert not batch.files and "large.png" in batch.problems[0] and "limit" in batch.problems[0]
