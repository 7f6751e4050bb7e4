"""A whole upload of pictures: files and ZIP archives, good ones through, bad ones named, doubles counted."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sized
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from embeddings_core.damage import DAMAGE
from embeddings_core.errors import BadInputError
from embeddings_core.limits import FILE_BYTES, IMAGES, UNPACKED_BYTES
from embeddings_core.spaces.images import TOO_LARGE, digest, open_image, thumbnail
from embeddings_core.spaces.texts import clean_label

if TYPE_CHECKING:
    from PIL.Image import Image


WORKING_SIDE = 360  # pixels of the shorter side that are kept: networks look at 224 to 256
KEPT_BYTES = 2**20  # smaller files stay as they are
MEMBERS = 1_000  # an archive may hold folders and other files beside 200 pictures
RATIO = 100  # pictures hardly shrink in a ZIP; a bomb shrinks a thousand times
Named = tuple[str, bytes | Path | BinaryIO]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ImageFile:
    """One picture of an upload, still encoded.

    `content` is the file, or a copy (JPEG, quality 95) scaled down while decoding where the file is large:
    200 photographs of 12 megapixels stay under 50 MB. `digest` names the uploaded file's content, `count`
    says how often that content was there. `size` is the (width, height) of the uploaded picture, upright.
    `thumbnail` is a data: URL. `group` is the folder it lay in. `source` says where a bundled picture is
    from.
    """

    name: str
    content: bytes
    digest: str
    size: tuple[int, int]
    thumbnail: str
    note: str = ""
    count: int = 1
    group: str = ""
    source: str = ""


@dataclass(frozen=True)
class ImageBatch:
    """What became of an upload: the pictures, one sentence for each file left out, and notes."""

    files: tuple[ImageFile, ...]
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def open_images(
    uploads: Iterable[Named],
    *,
    wanted: int = WORKING_SIDE,
    limit: int = IMAGES,
    progress: Progress | None = None,
) -> ImageBatch:
    """Open an upload: pairs of (name, bytes, path or stream), pictures or ZIP archives of pictures.

    One picture is decoded at a time. Files with the same content become one entry with a count. Never raises
    for a bad file: it is named in `problems`, and the others go through. At most `limit` different pictures.
    `progress` is called with (done, files in all, 0 where that is not known).
    """
    found: dict[str, ImageFile] = {}
    problems: list[str] = []
    over = 0
    total = len(uploads) if isinstance(uploads, Sized) else 0
    for done, (name, source) in enumerate(uploads):
        if progress is not None:
            progress(done, total)
        for inner, reader in _pictures(name, source, problems):
            try:
                content = reader()
                key = digest(content)
                if key in found:
                    found[key] = replace(found[key], count=found[key].count + 1)
                elif len(found) >= limit:
                    over += 1
                else:
                    found[key] = read_picture(inner, content, key=key, wanted=wanted)
            except BadInputError as error:
                problems.append(f'"{_label(inner)}"{_inside(name, inner)}: {error}')
    return ImageBatch(tuple(found.values()), tuple(problems), _notes(tuple(found.values()), over, limit))


def read_picture(name: str, content: bytes, *, key: str = "", wanted: int = WORKING_SIDE) -> ImageFile:
    """Check one picture and make its entry; raises BadInputError as `open_image` does."""
    image = open_image(content, wanted=wanted)
    size = image.info["size"]
    kept = content
    if len(content) > KEPT_BYTES or min(size) >= 3 * wanted:
        kept = _working_copy(image, wanted=wanted)
    parts = [clean_label(part) for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    return ImageFile(
        name=parts[-1] if parts else "picture",
        content=kept,
        digest=key or digest(content),
        size=size,
        thumbnail=thumbnail(image),
        note=str(image.info.get("note", "")),
        group=parts[-2] if len(parts) > 1 else "",
    )


def _working_copy(image: "Image", *, wanted: int) -> bytes:
    if min(image.size) > 3 * wanted:  # no JPEG, or a very long strip: it came at full size
        scale = 2 * wanted / min(image.size)
        size = (round(image.width * scale), round(image.height * scale))
        image = image.resize(size, reducing_gap=2.0)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=95, subsampling=0)
    return buffer.getvalue()


def _label(name: str) -> str:
    return clean_label(name.replace("\\", "/").rsplit("/", 1)[-1])


def _inside(name: str, inner: str) -> str:
    return "" if name == inner else f' in "{_label(name)}"'


def _pictures(
    name: str, source: bytes | Path | BinaryIO, problems: list[str]
) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """Name the pictures of one upload and how to read each; a bad archive goes to `problems`."""
    label = _label(name)
    try:
        content = _bytes(source)
        if content[:4] not in (b"PK\x03\x04", b"PK\x05\x06"):
            yield name, lambda: content
            return
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = _members(archive)
            for member in members:
                yield member.filename, lambda member=member: _unpack(archive, member)  # type: ignore[misc]
    except BadInputError as error:
        problems.append(f'"{label}": {error}')
    except DAMAGE:
        problems.append(f'"{label}": The archive is damaged; pack it again.')


def _bytes(source: bytes | Path | BinaryIO) -> bytes:
    if isinstance(source, bytes):
        content = source
    elif isinstance(source, Path):
        if not source.is_file():
            raise BadInputError("There is no such file; choose another one.")
        with source.open("rb") as stream:
            content = stream.read(FILE_BYTES + 1)
    else:
        content = source.read(FILE_BYTES + 1)
    if len(content) > FILE_BYTES:
        raise BadInputError(TOO_LARGE)
    return content


def _members(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """List an archive's files, folders and hidden ones aside; raise BadInputError where it is too much in
    all."""
    everything = archive.infolist()
    if len(everything) > MEMBERS:
        raise BadInputError(
            f"The archive holds {len(everything):,} files; the limit is {MEMBERS:,}. Pack it in parts."
        )
    total = sum(member.file_size for member in everything if not _explodes(member))
    if total > UNPACKED_BYTES:
        raise BadInputError(
            f"The archive unpacks to {total // 2**20:,} MB; the limit is {UNPACKED_BYTES // 2**20} MB. "
            "Pack it in parts."
        )
    hidden = ("__MACOSX", ".DS_Store", "._", "Thumbs.db")  # what a Mac or Windows adds
    return [
        member
        for member in everything
        if not member.is_dir() and not any(part.startswith(hidden) for part in member.filename.split("/"))
    ]


def _explodes(member: zipfile.ZipInfo) -> bool:
    return member.file_size > max(RATIO * member.compress_size, KEPT_BYTES)


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    """Read one file of an archive into memory; nothing is ever written to disk."""
    parts = member.filename.replace("\\", "/").split("/")
    if ".." in parts or not parts[0] or ":" in parts[0]:
        raise BadInputError("It lies outside the archive's own folder and was left out; pack it again.")
    if _explodes(member):
        raise BadInputError(f"It unpacks to more than {RATIO} times its size; pack the pictures themselves.")
    if member.flag_bits & 1:
        raise BadInputError("It asks for a password; pack it without one.")
    if parts[-1].lower().endswith(".zip"):
        raise BadInputError("It is an archive inside an archive; unpack it first.")
    most = min(member.file_size, FILE_BYTES)
    try:
        with archive.open(member) as stream:
            content = stream.read(most + 1)  # the size in the header may be a lie
    except DAMAGE:
        raise BadInputError("This file of the archive is damaged; pack it again.") from None
    if len(content) > most:
        raise BadInputError("It is larger than the archive says, or over the limit; pack it again.")
    return content


def _notes(files: tuple[ImageFile, ...], over: int, limit: int) -> tuple[str, ...]:
    notes = []
    if over:
        notes.append(f"{len(files) + over} pictures; the limit is {limit}. The first {limit} are used.")
    doubles = sum(file.count - 1 for file in files)
    if doubles:
        notes.append(f"{doubles} {'copy' if doubles == 1 else 'copies'} of the same content share a point.")
    notes += [f'"{file.name}": {file.note}' for file in files if file.note]
    return tuple(notes)
