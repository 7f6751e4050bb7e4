"""A talk as one readable JSON file, and back; `assets/talk.schema.json` describes it.

Each scene stands there twice: as the address of its page ("page" and "query"), and with its key states ("films"),
so that it plays at once, without a model, on another computer. Thumbnails are kept once, in "images"; the
visitor's own pictures travel in "uploads".
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from embeddings_core import jobs
from embeddings_core.errors import BadInputError, EmbeddingsError
from embeddings_core.limits import CAPTION_CHARACTERS, DRAFT_BYTES, PARSING_SECONDS, TALK_BYTES, TALK_SCENES
from embeddings_core.pictures.files import ImageFile
from embeddings_core.scenes.fields import image_name
from embeddings_core.scenes.reading import wrong
from embeddings_core.scenes.scene import Scene
from embeddings_core.spaces.texts import clean
from embeddings_core.talks.own_talk import TITLE, OwnScene, OwnTalk, added
from embeddings_core.talks.talk_file_images import data_url, missing_images, thumbnails, uploaded
from embeddings_core.talks.talk_file_types import Format, Version, read_slide, slide_record

(FORMAT,), (VERSION,) = get_args(Format), get_args(Version)
BRACKETS = 500_000  # a talk of 100 full scenes has 100,000; more only costs memory
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}  # from this version to the next


@dataclass(frozen=True)
class OpenedTalk:
    """The good scenes of a file, one sentence for each thing left out, and the uploaded pictures as (name, bytes)."""

    talk: OwnTalk
    problems: tuple[str, ...] = ()
    uploads: tuple[tuple[str, bytes], ...] = ()


def write_talk(talk: OwnTalk, *, uploads: Sequence[ImageFile] = ()) -> bytes:
    """Write a talk as a file of at most 20 MB; of the `uploads` those go in for which there is room (`left_out`).

    Raises BadInputError where the scenes alone are larger.
    """
    content = written(talk, fitting(talk, uploads))
    if len(content) > TALK_BYTES:
        raise BadInputError(
            f"The talk has {len(content) / 2**20:.0f} MB; the limit of a file is {TALK_BYTES // 2**20} MB. Take a large "
            "scene out first."
        )
    return content


def draft_of(talk: OwnTalk, *, uploads: Sequence[ImageFile] = ()) -> bytes | None:
    """Write a talk and these uploaded pictures as a file for the browser's own storage; None where it has over 4 MB."""
    if estimated_bytes(talk) > 3 * DRAFT_BYTES or sum(len(file.content) for file in uploads) > DRAFT_BYTES:
        return None  # sure without writing: the estimate is less than twice the size
    content = written(talk, uploads)
    return content if len(content) <= DRAFT_BYTES else None


def written(talk: OwnTalk, uploads: Sequence[ImageFile]) -> bytes:
    """Write a talk and these uploaded pictures, whatever their size."""
    images = {image_name(image): image for film in films(talk) for image in film.pictures.all}
    record: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "title": talk.title,
        "scenes": [slide_record(scene) for scene in talk.scenes],
        "images": images,
        "uploads": [
            {
                "name": f"{file.group}/{file.name}" if file.group else file.name,
                "image": data_url(file.content),
            }
            for file in uploads
        ],
    }
    return indented(record).encode("utf-8", "replace")


def shown_in(talk: OwnTalk, uploads: Iterable[ImageFile]) -> list[ImageFile]:
    """Return those of the uploaded pictures that stand in the talk: by their content, or by their name."""
    known = {
        name
        for film in films(talk)
        if film.pictures.images is not None
        for name in (*film.points.items, *(film.points.keys or ()))
    }
    return [file for file in uploads if {file.digest, file.name} & known]


def fitting(talk: OwnTalk, uploads: Sequence[ImageFile]) -> list[ImageFile]:
    """Return those of the uploaded pictures that fit into the talk's file beside its scenes."""
    size, kept = estimated_bytes(talk), []
    for file in uploads:
        cost = 4 * len(file.content) // 3 + 4 * len(file.name + file.group) + 100
        if size + cost <= TALK_BYTES:
            size += cost
            kept.append(file)
    return kept


def left_out(talk: OwnTalk, uploads: Sequence[ImageFile]) -> str:
    """Say which uploaded pictures have no room in the talk's file; "" where all have."""
    left = len(uploads) - len(fitting(talk, uploads))
    if not left:
        return ""
    return (
        f"{left} of {len(uploads)} uploaded pictures {'is' if left == 1 else 'are'} not in the file: it would be larger "
        f"than {TALK_BYTES // 2**20} MB. The scenes play all the same; to go on with these pictures, add them again on "
        "the Images page."
    )


def films(talk: OwnTalk) -> list[Scene]:
    """Return every scene of every slide."""
    return [film for scene in talk.scenes for film in scene.slide.scenes]


def estimated_bytes(talk: OwnTalk) -> int:
    """Return about how many bytes the scenes of a talk take in a file, rather too many than too few."""
    seen: set[int] = set()
    total = 0
    for film in films(talk):
        total += 11 * film.motion.frames.size + 400
        total += sum(
            len(text.encode("utf-8", "replace")) + 3
            for text in (*film.points.items, *(film.points.keys or ()))
        )
        for image in film.pictures.all:
            total += 25 + (len(image) if id(image) not in seen else 0)
            seen.add(id(image))
    return total


def indented(value: Any, depth: int = 0) -> str:
    """Write JSON for people: an object has a line for each name, a list of numbers or words is one line."""
    pad = " " * (depth + 1)
    if isinstance(value, dict) and value:
        inner = [
            f"{pad}{json.dumps(name, ensure_ascii=False)}: {indented(each, depth + 1)}"
            for name, each in value.items()
        ]
        return "{\n" + ",\n".join(inner) + "\n" + " " * depth + "}"
    if isinstance(value, list) and value and isinstance(value[0], dict | list):
        inner = [pad + indented(each, depth + 1) for each in value]
        return "[\n" + ",\n".join(inner) + "\n" + " " * depth + "]"
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def is_talk(content: bytes) -> bool:
    """Tell whether a file says that it is a talk, whole or not."""
    return f'"{FORMAT}"'.encode() in content


def open_talk(content: bytes) -> OpenedTalk:
    """Open a talk in the worker process, where hostile pictures stop nobody else; never raises for a bad file."""
    try:
        return jobs.within(PARSING_SECONDS, reading=True).run(read_talk, content)
    except EmbeddingsError as error:
        return OpenedTalk(OwnTalk(), (str(error),))


def read_talk(content: bytes) -> OpenedTalk:
    """Open a talk: the good scenes, and one sentence for each scene or picture that had to be left out.

    Raises BadInputError where nothing can be opened: too large, no talk, or one of a newer version.
    """
    record = upgraded(parsed(content))
    entries = record.get("scenes")
    if entries is not None and not isinstance(entries, list):
        raise wrong("The file", "scenes", "a list")
    if not entries:
        raise BadInputError("This talk has no scenes; there is nothing to open.")
    problems = []
    if len(entries) > TALK_SCENES:
        problems.append(
            f"The file has {len(entries):,} scenes; the limit is {TALK_SCENES}. The first {TALK_SCENES} were looked at."
        )
    images = thumbnails(record.get("images"))
    scenes: list[OwnScene] = []
    for number, entry in enumerate(entries[:TALK_SCENES], start=1):
        try:
            scene = read_slide(entry, images)
        except BadInputError as error:
            problems.append(f"Scene {number} was left out. {error}")
            continue
        scenes.append(scene)
        if missing := missing_images(entry, images):
            what = "1 picture is" if missing == 1 else f"{missing} pictures are"
            problems.append(
                f"Scene {number}: {what} missing or not what the file says; a point or the unchanged picture stands there."
            )
    uploads = uploaded(record.get("uploads"), problems)
    title = record.get("title") if isinstance(record.get("title"), str) else ""
    return OpenedTalk(
        added(OwnTalk(clean(str(title), limit=CAPTION_CHARACTERS) or TITLE), *scenes),
        tuple(problems),
        uploads,
    )


def parsed(content: bytes) -> dict[str, Any]:
    """Read JSON of a limited size and shape; raises BadInputError where it is no talk."""
    if len(content) > TALK_BYTES:
        raise BadInputError(
            f"The file has {len(content) / 2**20:.0f} MB; the limit of a talk is {TALK_BYTES // 2**20} MB."
        )
    if content.count(b"[") + content.count(b"{") > BRACKETS:
        raise BadInputError("This is no talk: it has far more parts than a talk can have.")
    try:
        record = json.loads(content)
    except (ValueError, RecursionError):  # of no known encoding, cut short, or nested without end
        raise BadInputError(
            "This is no talk: it is not JSON, or only a part of the file. Save it again."
        ) from None
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        raise BadInputError(
            f"This is no talk: it lacks the line “format”: “{FORMAT}”. Open a file saved on this page."
        )
    return record


def upgraded(record: dict[str, Any]) -> dict[str, Any]:
    """Bring a talk of an earlier version to this one, step by step; raises BadInputError for a later one."""
    version = record.get("version")
    if type(version) is not int or version < 1:
        raise BadInputError("This talk does not say its version; open a file saved on this page.")
    if version > VERSION:
        raise BadInputError(
            f"This talk is of version {version}, and this program reads up to version {VERSION}: it was saved by a newer one. "
            "Update the program to open it."
        )
    for step in range(version, VERSION):
        record = {**UPGRADES[step](record), "version": step + 1}
    return record
